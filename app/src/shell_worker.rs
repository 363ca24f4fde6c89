//! The service worker beside the app (`public/service-worker.js`): it starts the app with no network, brings new releases,
//! and holds for a moment what a tab carries over when it reloads.
//!
//! It is never in the way: a browser without service workers, or one that refuses ours, costs the start with no network
//! and the carry-over, nothing more.

use std::cell::RefCell;
use std::pin::Pin;

use crate::part::derived::RwSignal;
use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    File, MessageChannel, MessageEvent, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
};

use crate::web;

/// Where the worker is.
const SCRIPT: &str = "/service-worker.js";
/// How often an open page has the worker look for a new release, in milliseconds.
const LOOK_MILLIS: i32 = 60 * 60 * 1000;
/// How long the next release may take to come into use before the page is loaded anew all the same, in milliseconds.
const UPDATE_MILLIS: i32 = 2_000;
/// How long [`take`] waits, in milliseconds.
const TAKE_MILLIS: i32 = 300;
/// How long the worker may take to say what it keeps, in milliseconds: it may have to be started for that.
const KEPT_MILLIS: i32 = 5_000;

thread_local! {
    /// What registering gave, for those who cannot wait.
    static REGISTRATION: RefCell<Option<ServiceWorkerRegistration>> = const { RefCell::new(None) };
}

/// New releases, as the app knows of them; given by context once.
#[derive(Clone, Copy)]
pub struct ShellWorker {
    /// Another release is to be used than the one that this page runs. It stays so until the page is loaded anew.
    pub update_ready: RwSignal<bool>,
}

impl ShellWorker {
    /// Registers the worker, after the first paint. To be called once, under the root owner.
    pub fn start() -> Self {
        let update_ready = RwSignal::new(false);
        let begin = move || {
            spawn_local(async move {
                _ = register(update_ready).await;
            });
        };
        web::next_frame(move || web::next_frame(begin));
        Self { update_ready }
    }

    /// Loads the app anew, in its newest release. The browser still asks the person when something would be lost.
    pub fn update_now(self) {
        spawn_local(async {
            _ = web::within(UPDATE_MILLIS, Box::pin(replace())).await;
            web::reload();
        });
    }
}

/// Has the worker hold bytes for the tab of this name (at most 1 KiB), for 15 seconds at most and in memory alone. Meant
/// for the moment at which a page goes away, so it waits for nothing.
pub fn hold(tab: &str, bytes: &[u8]) {
    let copy = Uint8Array::from(bytes);
    let message = message("hold");
    set(&message, "tab", &tab.into());
    set(&message, "data", &copy.buffer());
    tell_all(&message);
    copy.fill(0, 0, copy.length());
}

/// Takes back what was held for the tab of this name, once; `None` when nothing is, or the worker does not answer
/// within 300 ms.
pub async fn take(tab: &str) -> Option<Vec<u8>> {
    web::within(TAKE_MILLIS, Box::pin(ask(tab))).await?
}

/// Takes photos that another app shared, once; `None` when the worker does not answer.
pub async fn take_shared() -> Option<Vec<File>> {
    let taken = async {
        let active = registration().await?.active()?;
        let files: Array = answer(&active, &message("shared")).await?.dyn_into().ok()?;
        Some(files.iter().filter_map(|file| file.dyn_into().ok()).collect())
    };
    web::within(KEPT_MILLIS, Box::pin(taken)).await?
}

/// Whether the app itself is on this device, so that it starts with no network. A worker alone does not tell: its release
/// may have been withdrawn, or thrown away by the browser.
pub async fn is_installed() -> bool {
    let is_kept = async {
        let active = registration().await?.active()?;
        answer(&active, &message("kept")).await?.as_bool()
    };
    web::within(KEPT_MILLIS, Box::pin(is_kept)).await.flatten() == Some(true)
}

/// Has the worker forget everything that it holds, for whichever tab.
pub fn forget() {
    tell_all(&message("forget"));
}

/// Registers the worker, hears of new releases, and has it look for them as long as the page lives. `None` when the
/// browser does not let us.
async fn register(update_ready: RwSignal<bool>) -> Option<()> {
    let container = container()?;
    // Its only word.
    let hear = Closure::<dyn Fn()>::new(move || {
        update_ready.try_set(true);
    });
    container.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    let registration = JsFuture::from(container.register(SCRIPT)).await.ok()?;
    let registration: ServiceWorkerRegistration = registration.unchecked_into();
    REGISTRATION.set(Some(registration.clone()));
    // The first one waits for a moment as well, for no other.
    if registration.waiting().is_some() && registration.active().is_some() {
        update_ready.try_set(true);
    }
    loop {
        if let Some(active) = registration.active() {
            _ = active.post_message(&message("look"));
        }
        web::wait(LOOK_MILLIS).await;
    }
}

/// Brings the next release into use, if one is waiting.
async fn replace() -> Option<()> {
    let waiting = registration().await?.waiting()?;
    let container = container()?;
    let changed = Promise::new(&mut |resolve, _| container.set_oncontrollerchange(Some(&resolve)));
    _ = waiting.post_message(&message("update"));
    _ = JsFuture::from(changed).await;
    Some(())
}

/// Asks each worker: the one that comes next may have been told as well.
async fn ask(tab: &str) -> Option<Vec<u8>> {
    let registration = registration().await?;
    let message = message("take");
    set(&message, "tab", &tab.into());
    let mut taken = None;
    for worker in workers(&registration) {
        if let Ok(data) = answer(&worker, &message).await?.dyn_into::<ArrayBuffer>() {
            let data = Uint8Array::new(&data);
            taken = Some(data.to_vec());
            data.fill(0, 0, data.length());
        }
    }
    taken
}

/// Asks one worker something that it answers. Boxed, so that it is compiled once.
fn answer<'a>(
    worker: &'a ServiceWorker,
    message: &'a JsValue,
) -> Pin<Box<dyn Future<Output = Option<JsValue>> + 'a>> {
    Box::pin(async move {
        let channel = MessageChannel::new().ok()?;
        let port = channel.port1();
        let answer = Promise::new(&mut |resolve, _| port.set_onmessage(Some(&resolve)));
        _ = worker.post_message_with_transferable(message, &Array::of1(&channel.port2()));
        let answer: MessageEvent = JsFuture::from(answer).await.ok()?.unchecked_into();
        port.close();
        Some(answer.data())
    })
}

/// The worker's registration, as soon as the browser tells; it asks no network.
async fn registration() -> Option<ServiceWorkerRegistration> {
    JsFuture::from(container()?.get_registration())
        .await
        .ok()?
        .dyn_into()
        .ok()
}

/// The worker in use, and the one that comes next.
fn workers(registration: &ServiceWorkerRegistration) -> impl Iterator<Item = ServiceWorker> + use<> {
    [registration.active(), registration.waiting()]
        .into_iter()
        .flatten()
}

fn tell_all(message: &JsValue) {
    let registration = REGISTRATION.with_borrow(Clone::clone);
    if let Some(registration) = registration {
        for worker in workers(&registration) {
            _ = worker.post_message(message);
        }
    } else if let Some(worker) = container().and_then(|container| container.controller()) {
        _ = worker.post_message(message);
    }
}

/// Where this browser has service workers; `None` when it has none, or not for this page.
fn container() -> Option<ServiceWorkerContainer> {
    let container = web::window().navigator().service_worker();
    container.is_object().then_some(container)
}

fn message(kind: &str) -> Object {
    let message = Object::new();
    set(&message, "type", &kind.into());
    message
}

fn set(message: &Object, name: &str, value: &JsValue) {
    // It fails only for a frozen object.
    _ = Reflect::set(message, &name.into(), value);
}
