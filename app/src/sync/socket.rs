//! One WebSocket of the browser.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::web;

/// What a socket tells.
pub(super) enum Heard {
    /// It closed, or could not be opened.
    Closed(u16),
    /// A binary frame.
    Frame(Vec<u8>),
    /// It is open.
    Opened,
    /// A text frame: the answer to a keep-alive.
    Text,
}

/// A socket; dropping it closes it, after which it tells nothing more.
pub(super) struct Socket {
    handle: WebSocket,
    _on_open: Closure<dyn Fn()>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_close: Closure<dyn Fn(CloseEvent)>,
}

impl Socket {
    /// Opens a socket to the relay; `None` when the browser refuses to try.
    pub(super) fn open(gateway: u8, hear: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        let location = web::window().location();
        let scheme = if location.protocol().ok()? == "https:" {
            "wss"
        } else {
            "ws"
        };
        let address = format!("{scheme}://{}/socket?g={gateway}", location.host().ok()?);
        let handle = WebSocket::new(&address).ok()?;
        handle.set_binary_type(BinaryType::Arraybuffer);
        let on_open = {
            let hear = hear.clone();
            Closure::<dyn Fn()>::new(move || hear(Heard::Opened))
        };
        let on_message = {
            let hear = hear.clone();
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                hear(match event.data().dyn_into::<ArrayBuffer>() {
                    Ok(buffer) => Heard::Frame(Uint8Array::new(&buffer).to_vec()),
                    Err(_) => Heard::Text,
                });
            })
        };
        let on_close = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| {
            hear(Heard::Closed(event.code()));
        });
        handle.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        handle.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        handle.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self {
            handle,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        })
    }

    /// Sends a binary frame. What a closing socket drops is sent again by the machine.
    pub(super) fn send(&self, frame: &[u8]) {
        _ = self.handle.send_with_u8_array(frame);
    }

    /// Sends a text frame.
    pub(super) fn send_text(&self, text: &str) {
        _ = self.handle.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.handle.set_onopen(None);
        self.handle.set_onmessage(None);
        self.handle.set_onclose(None);
        _ = self.handle.close();
    }
}
