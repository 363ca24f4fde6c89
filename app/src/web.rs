//! The few things that the app asks of the browser: fetch, addresses, session storage, the clipboard. Each is a plain
//! function over plain types, so that nothing else names the browser for them.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response, Storage, Window};

pub mod camera;
pub mod channel;
pub mod lock;

/// The answer to a fetch.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type, empty when there is none.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The network gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer from the network")]
pub struct NoAnswer;

/// Fetches from this origin, never from a cache and never with cookies.
pub async fn fetch(
    method: &str,
    path: &str,
    content_type: Option<&str>,
    body: Option<&[u8]>,
) -> Result<Answer, NoAnswer> {
    fetch_js(method, path, content_type, body)
        .await
        .map_err(|_| NoAnswer)
}

async fn fetch_js(
    method: &str,
    path: &str,
    content_type: Option<&str>,
    body: Option<&[u8]>,
) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_credentials(web_sys::RequestCredentials::Omit);
    init.set_cache(web_sys::RequestCache::NoStore);
    let headers = Headers::new()?;
    if let Some(content_type) = content_type {
        headers.set("content-type", content_type)?;
    }
    init.set_headers(&headers);
    if let Some(body) = body {
        init.set_body(&Uint8Array::from(body));
    }
    let request = Request::new_with_str_and_init(path, &init)?;
    let response: Response = JsFuture::from(window().fetch_with_request(&request))
        .await?
        .unchecked_into();
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Answer {
        status: response.status(),
        content_type: response.headers().get("content-type")?.unwrap_or_default(),
        body: Uint8Array::new(&body).to_vec(),
    })
}

/// A JSON object, read by the browser's own parser.
pub struct Json(JsValue);

impl Json {
    /// Reads a JSON text (RFC 8259); `None` when it is none, or not an object.
    pub fn parse(json: &[u8]) -> Option<Self> {
        let value = js_sys::JSON::parse(std::str::from_utf8(json).ok()?).ok()?;
        value.is_object().then_some(Self(value))
    }

    /// A member that is a string.
    pub fn text(&self, member: &str) -> Option<String> {
        js_sys::Reflect::get(&self.0, &member.into()).ok()?.as_string()
    }
}

/// The window.
pub fn window() -> Window {
    web_sys::window().expect("the app runs in a window")
}

/// The document.
pub fn document() -> web_sys::Document {
    window().document().expect("a window of a browser has a document")
}

/// The path and query of the address bar.
pub fn location() -> (String, String) {
    let location = window().location();
    (
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
    )
}

/// Leaves the app for another address.
pub fn go_to(address: &str) {
    // It fails only for an address that is no URL: the deployment's configuration is then at fault, and nothing happens.
    _ = window().location().assign(address);
}

/// Loads the app anew.
pub fn reload() {
    _ = window().location().reload();
}

/// Asks the browser not to give up what this site keeps when space is short; true when it promises that.
pub async fn persist() -> bool {
    let promise = window().navigator().storage().persist();
    match promise {
        Ok(promise) => JsFuture::from(promise)
            .await
            .is_ok_and(|promised| promised.is_truthy()),
        Err(_) => false,
    }
}

/// Whether the browser has promised not to give up what this site keeps.
pub async fn persists() -> bool {
    let promise = window().navigator().storage().persisted();
    match promise {
        Ok(promise) => JsFuture::from(promise)
            .await
            .is_ok_and(|promised| promised.is_truthy()),
        Err(_) => false,
    }
}

/// How many bytes this site keeps, and may keep, as the browser estimates; `None` when it does not say.
pub async fn storage_used() -> Option<(f64, f64)> {
    let promise = window().navigator().storage().estimate().ok()?;
    let estimate = JsFuture::from(promise).await.ok()?;
    let number = |name: &str| js_sys::Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some((number("usage")?, number("quota")?))
}

/// Base64 (RFC 4648 §4), by the browser.
pub fn to_base64(bytes: &[u8]) -> String {
    // Of a binary string, in which each letter is a byte.
    let binary: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    window().btoa(&binary).unwrap_or_default()
}

/// Reads base64; `None` when it is none.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let binary = window().atob(text).ok()?;
    binary.chars().map(|byte| u8::try_from(byte).ok()).collect()
}

/// Base64 for addresses, without padding (RFC 4648 §5).
pub fn to_base64url(bytes: &[u8]) -> String {
    let letters = to_base64(bytes);
    let letters = letters.chars().filter(|letter| *letter != '=');
    letters
        .map(|letter| match letter {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect()
}

/// Reads base64 for addresses; `None` when it is none.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let letters = text.chars().map(|letter| match letter {
        '-' => '+',
        '_' => '/',
        other => other,
    });
    from_base64(&letters.collect::<String>())
}

/// Percent-encodes a value of a query.
pub fn encode(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}

/// A value of a query such as `?code=...&state=...`.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    web_sys::UrlSearchParams::new_with_str(query).ok()?.get(name)
}

/// Reads what this tab keeps until it is closed.
pub fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps something in this tab until it is closed; false when the browser does not let us.
pub fn keep(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Forgets one thing that this tab keeps.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        _ = storage.remove_item(key);
    }
}

/// Forgets everything that this tab keeps.
pub fn forget_all() {
    if let Some(storage) = storage() {
        _ = storage.clear();
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

/// Puts text on the clipboard.
pub fn copy(text: &str) {
    drop(window().navigator().clipboard().write_text(text));
}

/// Whether the browser believes that it has a network.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Whether the main pointer is a finger, so that Enter makes a new line as phones have it.
pub fn is_touch() -> bool {
    window()
        .match_media("(pointer: coarse)")
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Calls `then` when the browser is about to paint the next frame.
pub fn next_frame(then: impl FnOnce() + 'static) {
    let callback = wasm_bindgen::closure::Closure::once_into_js(then);
    _ = window().request_animation_frame(callback.unchecked_ref());
}

/// Opens what was sealed with AES-GCM and no additional data, by the browser's own cipher; `None` when it does not open.
pub async fn open_aes_gcm(key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = window().crypto().ok()?.subtle();
    let (key, sealed) = (Uint8Array::from(key), Uint8Array::from(sealed));
    let uses = js_sys::Array::of1(&"decrypt".into());
    let key = cipher
        .import_key_with_str("raw", &key, "AES-GCM", false, &uses)
        .ok()?;
    let key = JsFuture::from(key).await.ok()?;
    let how = js_sys::Object::new();
    js_sys::Reflect::set(&how, &"name".into(), &"AES-GCM".into()).ok()?;
    js_sys::Reflect::set(&how, &"iv".into(), &Uint8Array::from(iv)).ok()?;
    let opened = cipher
        .decrypt_with_object_and_buffer_source(&how, key.unchecked_ref(), &sealed)
        .ok()?;
    Some(Uint8Array::new(&JsFuture::from(opened).await.ok()?).to_vec())
}

/// Gives the focus to what has this id in the page, once the page has been drawn: what had it before may be gone.
pub fn focus(id: impl Into<String>) {
    let id: String = id.into();
    next_frame(move || {
        let found = document().get_element_by_id(&id);
        if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = found.focus();
        }
    });
}

/// Once the page has been drawn: where nothing has the focus any more, gives it to what had it before, or to the page where that is
/// gone and nothing else asks for it.
pub fn keep_focus(before: Option<web_sys::Element>) {
    next_frame(move || {
        let stays = before.filter(|before| before.is_connected());
        if stays.is_some() {
            return focus_the_lost(stays);
        }
        next_frame(|| focus_the_lost(document().get_element_by_id("main")));
    });
}

fn focus_the_lost(to: Option<web_sys::Element>) {
    let is_lost = document()
        .active_element()
        .is_none_or(|now| now.tag_name() == "BODY");
    if let Some(to) = to.filter(|_| is_lost) {
        // It had it before: nothing moves under a finger by it.
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        _ = to
            .unchecked_into::<web_sys::HtmlElement>()
            .focus_with_options(&options);
    }
}

/// Waits.
pub async fn wait(millis: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    _ = JsFuture::from(promise).await;
}

/// Waits for something, but no longer than so many milliseconds; `None` when that was not enough. Boxed, so that it is compiled
/// once.
pub async fn within<T>(millis: i32, mut what: Pin<Box<dyn Future<Output = T> + '_>>) -> Option<T> {
    let mut late: Pin<Box<dyn Future<Output = ()>>> = Box::pin(wait(millis));
    poll_fn(|context| {
        if let Poll::Ready(done) = what.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        late.as_mut().poll(context).map(|()| None)
    })
    .await
}
