//! Carries out what the router decided: the only place where a request's body is read.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread::LocalKey;

use baton_core::cbor;
use baton_core::service::{Publish, Revoke, derive_gateway};
use worker::js_sys::Reflect;
use worker::wasm_bindgen::JsValue;
use worker::{Env, Request, Response, web_sys};

use crate::limit::{Addresses, CONNECTS, OBLIVIOUS, PUBLISH_BYTES, Rate, derive_address};
use crate::record::Record;
use crate::refuse::{Refusal, metrics};
use crate::router::{Head, Route, route};
use crate::runtime::{Peers, empty, gateway_name, now, refuse, settings, with_headers};
use crate::settings::Settings;
use crate::space::command::{Command, ToGateway};
use crate::{asset, gateway, oblivious, token};

thread_local! {
    static CONNECTING: RefCell<Option<Addresses>> = const { RefCell::new(None) };
    static ASKING: RefCell<Option<Addresses>> = const { RefCell::new(None) };
}

/// Answers a request.
pub(crate) async fn serve(request: Request, env: &Env) -> worker::Result<Response> {
    let settings = match settings(env) {
        Ok(settings) => settings,
        Err(refusal) => return Ok(refuse(refusal, None)),
    };
    let url = request.url()?;
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    };
    let decided = {
        let method = request.method();
        let header = |name| request.headers().get(name).ok().flatten();
        let (upgrade, origin) = (header("upgrade"), header("origin"));
        let (content_type, content_length) = (header("content-type"), header("content-length"));
        route(&Head {
            method: method.as_ref(),
            path: url.path(),
            query: url.query().unwrap_or_default(),
            host: &host,
            upgrade: upgrade.as_deref(),
            origin: origin.as_deref(),
            content_type: content_type.as_deref(),
            content_length: content_length.as_deref(),
        })
    };
    let answer = match decided {
        Ok(Route::Socket { gateway }) => connect(&request, env, &settings, gateway).await,
        Ok(route) => answer(request, env, &settings, url.path(), route).await,
        Err(refusal) => Ok(refuse(refusal, None)),
    };
    // An answer that upgrades has no page to protect, and its headers are the runtime's.
    match answer {
        Ok(upgrade) if upgrade.status_code() == 101 => Ok(upgrade),
        Ok(answer) => Ok(with_headers(
            answer,
            asset::security_headers(&host, &settings.connect_src),
        )),
        Err(error) => {
            worker::console_error!("A request could not be answered: {error}");
            Ok(with_headers(
                refuse(Refusal::Fault, None),
                asset::security_headers(&host, &settings.connect_src),
            ))
        }
    }
}

async fn answer(
    request: Request,
    env: &Env,
    settings: &Rc<Settings>,
    path: &str,
    route: Route,
) -> worker::Result<Response> {
    let only_record = || {
        let header = request.headers().get("authorization").ok().flatten();
        token::open_service(header.as_deref(), &settings.record_key, now()).is_ok()
    };
    Ok(match route {
        Route::Asset { head } => {
            let accepted = request.headers().get("accept-encoding")?.unwrap_or_default();
            asset::serve(env, path, asset::takes_brotli(&accepted), head).await
        }
        Route::Health => json(r#"{"status":"ok"}"#)?,
        Route::Metrics | Route::Publish | Route::Revoke if !only_record() => {
            refuse(Refusal::ServiceToken, None)
        }
        Route::Metrics => Response::ok(metrics())?,
        Route::Oblivious => match within_rate(&ASKING, OBLIVIOUS, address(&request, settings)) {
            Ok(()) => oblivious::relay(&Record::new(settings.clone()), &body(request).await?).await,
            Err(wait) => refuse(Refusal::TooFast, Some(wait)),
        },
        Route::Publish => publish(env, body(request).await?).await?,
        Route::Revoke => revoke(env, settings, &body(request).await?).await?,
        Route::Socket { .. } => refuse(Refusal::UpgradeExpected, None),
    })
}

/// Hands a new socket to its gateway.
async fn connect(request: &Request, env: &Env, settings: &Settings, gateway: u8) -> worker::Result<Response> {
    let address = address(request, settings);
    if let Err(wait) = within_rate(&CONNECTING, CONNECTS, address) {
        return Ok(refuse(Refusal::TooFast, Some(wait)));
    }
    let gateways = match Peers::new(env, "GATEWAY") {
        Ok(gateways) => gateways,
        Err(refusal) => return Ok(refuse(refusal, None)),
    };
    let headers = web_sys::Headers::new()?;
    headers.set("upgrade", "websocket")?;
    let init = web_sys::RequestInit::new();
    init.set_headers(&headers);
    let url = format!("http://object{}", gateway::entry(gateway, address));
    let request = web_sys::Request::new_with_str_and_init(&url, &init)?;
    gateways
        .pass(&gateway_name(settings.shard(gateway)), request.into())
        .await
}

/// Hands what the record made to its space.
async fn publish(env: &Env, body: Vec<u8>) -> worker::Result<Response> {
    if body.len() > PUBLISH_BYTES {
        return Ok(refuse(Refusal::BodyTooLarge, None));
    }
    let Ok(publish) = cbor::from_bytes::<Publish>(&body) else {
        return Ok(refuse(Refusal::BodyMalformed, None));
    };
    let name = publish.space.to_string();
    hand_over(env, "SPACE", &name, &cbor::to_bytes(&Command::Publish(publish))).await
}

/// Hands an order to end a device to its user's gateway.
async fn revoke(env: &Env, settings: &Settings, body: &[u8]) -> worker::Result<Response> {
    let Ok(Revoke { user, device, signed }) = cbor::from_bytes::<Revoke>(body) else {
        return Ok(refuse(Refusal::BodyMalformed, None));
    };
    let name = gateway_name(settings.shard(derive_gateway(user)));
    hand_over(
        env,
        "GATEWAY",
        &name,
        &cbor::to_bytes(&ToGateway::Revoke { user, device, signed }),
    )
    .await
}

async fn hand_over(env: &Env, binding: &str, name: &str, body: &[u8]) -> worker::Result<Response> {
    let peers = match Peers::new(env, binding) {
        Ok(peers) => peers,
        Err(refusal) => return Ok(refuse(refusal, None)),
    };
    let (status, _) = peers.call(name, body).await?;
    Ok(if status == 204 {
        empty(204)
    } else {
        refuse(Refusal::Fault, Some(1_000))
    })
}

/// Reads a body whose size the router has not refused. The runtime bounds what comes without a length.
async fn body(mut request: Request) -> worker::Result<Vec<u8>> {
    request.bytes().await
}

fn json(text: &str) -> worker::Result<Response> {
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ];
    Ok(with_headers(Response::ok(text)?, headers))
}

fn within_rate(
    addresses: &'static LocalKey<RefCell<Option<Addresses>>>,
    rate: Rate,
    address: u64,
) -> Result<(), u32> {
    let now = now();
    addresses.with_borrow_mut(|addresses| {
        addresses
            .get_or_insert_with(|| Addresses::new(rate, now))
            .take(address, now)
    })
}

/// The client's address as a short name: from the header that a trusted proxy sets, else from the connection.
fn address(request: &Request, settings: &Settings) -> u64 {
    let of_header = settings
        .address_header
        .as_ref()
        .and_then(|name| request.headers().get(name).ok().flatten());
    let text = of_header.or_else(|| {
        let cf = Reflect::get(request.inner(), &JsValue::from_str("cf")).ok()?;
        Reflect::get(&cf, &JsValue::from_str("clientIp"))
            .ok()?
            .as_string()
    });
    derive_address(&text.unwrap_or_default())
}
