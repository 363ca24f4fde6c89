//! What the tabs of this browser say to each other (`BroadcastChannel`): bytes, in memory alone.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel to the other tabs; dropping it closes it.
pub struct Channel {
    handle: BroadcastChannel,
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of this name; `None` when the browser has none, and then there are no other tabs to talk to.
    pub fn open(name: &str, hear: impl Fn(Vec<u8>) + 'static) -> Option<Self> {
        let handle = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(bytes) = event.data().dyn_into::<Uint8Array>() {
                hear(bytes.to_vec());
            }
        });
        handle.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self {
            handle,
            _on_message: on_message,
        })
    }

    /// Says something to all other tabs.
    pub fn say(&self, bytes: &[u8]) {
        _ = self.handle.post_message(&Uint8Array::from(bytes));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.handle.set_onmessage(None);
        self.handle.close();
    }
}
