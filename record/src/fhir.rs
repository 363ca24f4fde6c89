//! The door for systems that speak FHIR R4 (UK Core): `Patient` and `Encounter`, one by one or in bundles, and `Task` and `Composition` to
//! read. What they say goes into the
//! index of patients like what HL7 v2 feeds say; what they read comes out of it.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`auth`] | who asks |
//! | [`request`] | what a request's address and headers ask for |
//! | [`act`] | one interaction, alone or in a bundle |
//! | [`single`], [`bundle`] | one by itself, several at once |
//! | [`conditional`] | the one resource for which something holds |
//! | [`search`] | resources for which something holds |
//! | [`patient`], [`encounter`] | the two resources |
//! | [`task`], [`composition`] | two that are only read |
//! | [`refs`] | whom references mean |
//! | [`answer`] | what is answered |
//! | [`outcome`] | refusals |
//! | [`capability`] | what this door can |
//! | [`access`] | who did and asked what |
//! | [`json`], [`node`], [`datatype`], [`clock`], [`systems`] | reading and writing |

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::config::FhirConfig;
use crate::context::Context;

pub mod access;
pub mod act;
pub mod answer;
pub mod auth;
pub mod bundle;
pub mod capability;
pub mod clock;
pub mod composition;
pub mod conditional;
pub mod datatype;
pub mod encounter;
pub mod json;
pub mod node;
pub mod outcome;
pub mod patient;
pub mod refs;
pub mod request;
pub mod search;
pub mod shown;
pub mod single;
pub mod systems;
pub mod task;

use act::{Door, Where, Write};
use json::Json;
use outcome::{Failure, Refusal};
use request::{Criteria, IfMatch, Kind, Prefer, Route};
use single::{Single, condition_of, single};

/// Where the door's base is.
pub const BASE: &str = "/fhir/r4";

/// The routes. Without settings ([`FhirConfig`]) everything is answered as if it were not there.
pub fn router(cx: Context) -> Router {
    Router::new().fallback(handle).with_state(cx)
}

async fn handle(State(cx): State<Context>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let prefer = Prefer::read(&parts.headers);
    let Some(config) = &cx.config.fhir else {
        return answer::refused(&Refusal::not_found());
    };
    let asked = Asked {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
    };
    match answer(&cx, config, &asked, prefer, body).await {
        Ok(response) => response,
        Err(failure) => failed(&cx, failure),
    }
}

struct Asked {
    method: Method,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        request::header(&self.headers, name)
    }
}

fn failed(cx: &Context, failure: Failure) -> Response {
    let refusal = match failure {
        Failure::Again => unavailable(),
        Failure::Fault(error) => {
            let problem = error.answer(&cx.metrics);
            if problem.status == StatusCode::SERVICE_UNAVAILABLE {
                unavailable()
            } else {
                Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "exception",
                    "The record has a fault, which its operators were told of.",
                )
            }
        }
        Failure::Refused(refusal) => {
            let code = refusal.issues.first().map_or("unknown", |issue| issue.code);
            cx.metrics.reject("fhir", code);
            refusal
        }
    };
    answer::refused(&refusal)
}

fn unavailable() -> Refusal {
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "transient",
        "The record cannot answer now. Nothing was done: try again.",
    )
}

async fn answer(
    cx: &Context,
    config: &FhirConfig,
    asked: &Asked,
    prefer: Prefer,
    body: Body,
) -> Result<Response, Failure> {
    request::accepts_json(&asked.headers, asked.query.as_deref())?;
    let below = asked.path.strip_prefix(BASE);
    let path = below.and_then(|path| {
        if path.is_empty() {
            Some(path)
        } else {
            path.strip_prefix('/')
        }
    });
    let path = path.ok_or_else(Refusal::not_found)?;
    if path == "metadata" {
        // What a server can is told to everybody (FHIR R4 §3.1.0.11).
        Route::read(&asked.method, path, asked.query.as_deref())?;
        return Ok(answer::resource(StatusCode::OK, &capability::statement(config)));
    }
    let (caller, token) =
        auth::open(config, asked.header("authorization"), cx.now()).map_err(auth_refused)?;
    let mut conn = cx.pool.acquire().await?;
    auth::use_once(cx, &mut conn, &caller, &token)
        .await?
        .map_err(auth_refused)?;
    drop(conn);
    let route = Route::read(&asked.method, path, asked.query.as_deref())?;
    let door = Door {
        cx,
        config,
        caller: &caller,
    };
    let json = body_of(asked, &route, body).await?;
    carry_out(&door, asked, &route, json, prefer).await
}

fn auth_refused(error: auth::AuthError) -> Refusal {
    error.refusal()
}

/// What a request brings.
enum Brought {
    Form(Criteria),
    Nothing,
    Resource(Json),
}

async fn body_of(asked: &Asked, route: &Route, body: Body) -> Result<Brought, Refusal> {
    let is_form = matches!(route, Route::Search(..)) && asked.method == Method::POST;
    let limit = match route {
        Route::Bundle => BUNDLE_BYTES,
        Route::Create(_) | Route::Update(..) | Route::UpdateWhere(..) => RESOURCE_BYTES,
        Route::Search(..) if is_form => FORM_BYTES,
        Route::Capabilities | Route::Read(..) | Route::Search(..) => return Ok(Brought::Nothing),
    };
    request::has_type(
        &asked.headers,
        if is_form {
            &request::FORM
        } else {
            &request::RESOURCE
        },
    )?;
    let reading = tokio::time::timeout(BODY_TIME, Limited::new(body, limit).collect());
    let bytes = match reading.await {
        Ok(Ok(read)) => read.to_bytes(),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            return Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-long",
                "The body is larger than this server takes.",
            ));
        }
        Ok(Err(_)) => {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "incomplete",
                "The body did not arrive whole.",
            ));
        }
        Err(_) => {
            return Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                "timeout",
                "The body did not arrive in time.",
            ));
        }
    };
    if is_form {
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "structure", "The form is not UTF-8."))?;
        return Ok(Brought::Form(Criteria::read(text).without_form()));
    }
    Json::parse(&bytes)
        .map(Brought::Resource)
        .map_err(|error| match error {
            json::JsonError::Depth => Refusal::new(
                StatusCode::BAD_REQUEST,
                "structure",
                "The JSON is nested too deeply.",
            ),
            json::JsonError::Duplicate => Refusal::new(
                StatusCode::BAD_REQUEST,
                "structure",
                "An object has the same name twice.",
            ),
            json::JsonError::Syntax => Refusal::new(
                StatusCode::BAD_REQUEST,
                "structure",
                "The body is not JSON in UTF-8.",
            ),
            json::JsonError::TooMany => Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-long",
                "The JSON has too many values.",
            ),
        })
}

async fn carry_out(
    door: &Door<'_>,
    asked: &Asked,
    route: &Route,
    brought: Brought,
    prefer: Prefer,
) -> Result<Response, Failure> {
    let done = match (route, &brought) {
        (Route::Bundle, Brought::Resource(json)) => {
            let bundle = bundle::carry_out(door, json, prefer).await?;
            return Ok(answer::resource(StatusCode::OK, &bundle));
        }
        (Route::Read(kind, id, version), _) => {
            let asked_for = Single::Read(*kind, id, version.as_deref());
            single(door, &asked_for).await?
        }
        (Route::Search(kind, criteria), brought) => {
            let mut criteria = criteria.clone();
            if let Brought::Form(form) = brought {
                criteria.0.extend(form.0.iter().cloned());
            }
            single(door, &Single::Search(*kind, criteria, prefer.is_strict)).await?
        }
        (Route::Create(kind), Brought::Resource(json)) => {
            let condition = asked.header("if-none-exist").map(condition_of);
            let place = condition.map_or(Where::New, Where::NewUnless);
            single(door, &Single::Write(write(*kind, json, place, asked)?)).await?
        }
        (Route::Update(kind, id), Brought::Resource(json)) => {
            single(door, &Single::Write(write(*kind, json, Where::Id(id), asked)?)).await?
        }
        (Route::UpdateWhere(kind, criteria), Brought::Resource(json)) => {
            let place = Where::TheOne(criteria.clone());
            single(door, &Single::Write(write(*kind, json, place, asked)?)).await?
        }
        (
            Route::Bundle
            | Route::Capabilities
            | Route::Create(_)
            | Route::Update(..)
            | Route::UpdateWhere(..),
            _,
        ) => return Err(Refusal::not_found().into()),
    };
    Ok(answer::done(
        door,
        asked.header("if-none-match"),
        prefer.result,
        &done,
    ))
}

fn write<'a>(kind: Kind, json: &'a Json, place: Where<'a>, asked: &Asked) -> Result<Write<'a>, Refusal> {
    Ok(Write {
        kind,
        json,
        place,
        if_match: asked.header("if-match").map(IfMatch::read).transpose()?,
    })
}

/// Opens the door, if there is to be one; the task ends when `handle` says so.
pub async fn listen(
    cx: &Context,
    handle: axum_server::Handle<std::net::SocketAddr>,
) -> anyhow::Result<Option<tokio::task::JoinHandle<std::io::Result<()>>>> {
    use anyhow::Context as _;
    let Some(config) = &cx.config.fhir else {
        return Ok(None);
    };
    let app = router(cx.clone()).into_make_service();
    let listener = std::net::TcpListener::bind(config.listen)
        .context("the FHIR listener failed (is BATON_FHIR_LISTEN in use?)")?;
    let Some(tls) = &cx.config.listen.tls else {
        if !config.listen.ip().is_loopback() {
            tracing::warn!("FHIR comes unencrypted: BATON_TLS_CERTIFICATE is not set.");
        }
        let server = axum_server::from_tcp(listener)?.handle(handle);
        return Ok(Some(tokio::spawn(server.serve(app))));
    };
    let tls = axum_server::tls_rustls::RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
        .await
        .context("BATON_TLS_CERTIFICATE or BATON_TLS_KEY cannot be used")?;
    let server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
    Ok(Some(tokio::spawn(server.serve(app))))
}

/// Bytes of one resource: an index keeps 32 KiB of one patient, and what it does not keep (photographs) comes along.
pub const RESOURCE_BYTES: usize = 2 * 1024 * 1024;

/// Bytes of a bundle.
pub const BUNDLE_BYTES: usize = 8 * 1024 * 1024;

const FORM_BYTES: usize = 16 * 1024;
const BODY_TIME: Duration = Duration::from_secs(30);
