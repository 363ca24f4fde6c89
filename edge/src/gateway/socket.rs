//! A socket of the runtime.

use baton_core::time::At;
use worker::js_sys::{ArrayBuffer, Date, Function, Reflect, Uint8Array};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::{State, WebSocket};

use super::fan_out::Socket;
use crate::refuse::{Refusal, count};

/// A hibernating WebSocket.
pub(super) struct Wire(pub(super) WebSocket);

impl Socket for Wire {
    /// The runtime sends from the buffer later, so it is never changed; that lets many sockets share it.
    type Packed = ArrayBuffer;

    fn pack(frame: &[u8]) -> ArrayBuffer {
        Uint8Array::from(frame).buffer()
    }

    fn packed_bytes(packed: &ArrayBuffer) -> usize {
        usize::try_from(packed.byte_length()).unwrap_or(usize::MAX)
    }

    fn write(&self, packed: &ArrayBuffer) -> bool {
        self.0.as_ref().send_with_array_buffer(packed).is_ok()
    }

    fn close(&self, refusal: Refusal) {
        count(refusal.name());
        // Already closed is closed.
        let _ = self.0.close(Some(refusal.close_code()), Some(refusal.name()));
    }

    fn attach(&self, attachment: &[u8]) {
        if self
            .0
            .serialize_attachment(serde_bytes::Bytes::new(attachment))
            .is_err()
        {
            count("attachment-failed");
        }
    }
}

/// When the last keep-alive of a socket was answered; `None` when there was none.
pub(super) fn last_keep_alive(state: &State, socket: &Wire) -> Option<At> {
    let state: &JsValue = state.as_raw().as_ref();
    let ask = Reflect::get(state, &JsValue::from_str("getWebSocketAutoResponseTimestamp")).ok()?;
    let answer = ask
        .dyn_into::<Function>()
        .ok()?
        .call1(state, socket.0.as_ref())
        .ok()?;
    let millis = answer.dyn_into::<Date>().ok()?.get_time();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds since 1970"
    )]
    let millis = millis as u64;
    Some(At::from_millis(millis))
}
