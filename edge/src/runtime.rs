//! What the Workers runtime gives: the clock, randomness for jitter, settings, calls to other objects, tasks, answers.
//!
//! The pure parts of this crate take all of this as arguments; only the shells come here.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use baton_core::time::At;
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use worker::js_sys::{Math, Uint8Array};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::worker_sys::DurableObject;
use worker::{Date, Delay, Env, ObjectNamespace, Request, Response, ResponseBuilder, console_error, web_sys};

use crate::refuse::{Refusal, count, problem};
use crate::settings::Settings;

/// Reads the clock.
pub(crate) fn now() -> At {
    At::from_millis(Date::now().as_millis())
}

/// Draws a number from 0 to below `below`, for jitter; never for anything secret.
pub(crate) fn jitter(below: u32) -> u32 {
    let drawn = Math::random() * f64::from(below);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and a u32"
    )]
    let drawn = drawn as u32;
    drawn
}

/// Waits.
pub(crate) async fn sleep(millis: u32) {
    Delay::from(Duration::from_millis(u64::from(millis))).await;
}

/// Runs `work` for at most `limit`; `None` when it took longer, and then it is dropped.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let work = work.fuse();
    futures_util::pin_mut!(work);
    match select(work, Delay::from(limit)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}

thread_local! {
    static SETTINGS: RefCell<Option<Rc<Settings>>> = const { RefCell::new(None) };
}

/// Gives the settings, parsed once per isolate.
pub(crate) fn settings(env: &Env) -> Result<Rc<Settings>, Refusal> {
    if let Some(settings) = SETTINGS.with_borrow(Clone::clone) {
        return Ok(settings);
    }
    let text = |name: &str| {
        let value = worker::js_sys::Reflect::get(env, &JsValue::from_str(name)).ok()?;
        value.as_string()
    };
    match Settings::parse(text) {
        Ok(settings) => {
            let settings = Rc::new(settings);
            SETTINGS.set(Some(settings.clone()));
            Ok(settings)
        }
        Err(error) => {
            console_error!("The edge cannot serve: {error}");
            Err(Refusal::Settings)
        }
    }
}

/// The objects of one namespace that were called lately. Their stubs are kept, since deriving an object's id from its
/// name and making a stub costs more than most calls.
pub(crate) struct Peers {
    namespace: ObjectNamespace,
    stubs: RefCell<BTreeMap<String, DurableObject>>,
}

impl Peers {
    /// The objects of the binding `name`.
    pub(crate) fn new(env: &Env, name: &str) -> Result<Self, Refusal> {
        let namespace = env.durable_object(name).map_err(|_| {
            console_error!("The edge cannot serve: the binding {name} is missing");
            Refusal::Settings
        })?;
        Ok(Self {
            namespace,
            stubs: RefCell::new(BTreeMap::new()),
        })
    }

    /// Sends a typed call to the object `name` and gives its status and body.
    pub(crate) async fn call(&self, name: &str, body: &[u8]) -> worker::Result<(u16, Vec<u8>)> {
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_body(&Uint8Array::from(body));
        let request = web_sys::Request::new_with_str_and_init("http://object/", &init)?;
        let answered = async {
            let promise = self.stub(name)?.fetch_with_request(&request)?;
            let response: web_sys::Response = JsFuture::from(promise).await?.dyn_into()?;
            let status = response.status();
            if status == 204 || status == 410 {
                return Ok((status, Vec::new()));
            }
            let body = JsFuture::from(response.array_buffer()?).await?;
            Ok((status, Uint8Array::new(&body).to_vec()))
        };
        let answered: worker::Result<_> = answered.await;
        if answered.is_err() {
            // A stub that has thrown may be broken for good.
            self.stubs.borrow_mut().remove(name);
            count("object-unreachable");
        }
        answered
    }

    /// Passes a request on to the object `name` as it is (an upgrade to a WebSocket).
    pub(crate) async fn pass(&self, name: &str, request: Request) -> worker::Result<Response> {
        self.namespace
            .id_from_name(name)?
            .get_stub()?
            .fetch_with_request(request)
            .await
    }

    fn stub(&self, name: &str) -> worker::Result<DurableObject> {
        if let Some(stub) = self.stubs.borrow().get(name) {
            return Ok(stub.clone());
        }
        let stub: DurableObject = self.namespace.id_from_name(name)?.get_stub()?.into_rpc();
        let mut stubs = self.stubs.borrow_mut();
        if stubs.len() >= STUBS {
            stubs.clear();
        }
        stubs.insert(name.to_owned(), stub.clone());
        Ok(stub)
    }
}

/// Stubs that one object keeps.
const STUBS: usize = 4096;

/// Names the gateway object of a shard.
pub(crate) fn gateway_name(shard: u16) -> String {
    format!("gateway-{shard}")
}

/// An answer without a body.
pub(crate) fn empty(status: u16) -> Response {
    ResponseBuilder::new().with_status(status).empty()
}

/// An answer of bytes between objects.
pub(crate) fn bytes(body: Vec<u8>) -> Response {
    ResponseBuilder::new().fixed(body)
}

/// A refusal as a problem document, counted; `wait` in milliseconds becomes `Retry-After`.
pub(crate) fn refuse(refusal: Refusal, wait: Option<u32>) -> Response {
    count(refusal.name());
    let mut headers = vec![("content-type", "application/problem+json".to_owned())];
    if let Some(wait) = wait {
        headers.push(("retry-after", wait.div_ceil(1000).to_string()));
    }
    if refusal == Refusal::UpgradeExpected {
        headers.push(("upgrade", "websocket".to_owned()));
    }
    let answer = ResponseBuilder::new()
        .with_status(refusal.status())
        .fixed(problem(refusal).into_bytes());
    with_headers(answer, headers)
}

/// Sets headers; names and values are our own, so one that cannot be set is left out.
pub(crate) fn with_headers(mut answer: Response, headers: Vec<(&'static str, String)>) -> Response {
    for (name, value) in headers {
        let _ = answer.headers_mut().set(name, &value);
    }
    answer
}
