//! A worker that stretches a passphrase into a key by Argon2id (RFC 9106), off the screen's thread. It is loaded when
//! somebody types a passphrase, asked once, and ended, so that its 64 MiB go.
//!
//! It says `ready` (a string) when it can be asked. It is asked with an object `{ passphrase, salt, memory, passes }`
//! (bytes, bytes, KiB, count) and answers with 32 bytes, or with `null` when that is no question.

use argon2::{Algorithm, Argon2, Params, Version};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

fn main() {
    let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let answers = worker.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let answer =
            answer(&event.data()).map_or(JsValue::NULL, |key| Uint8Array::from(key.as_slice()).into());
        _ = answers.post_message(&answer);
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
    _ = worker.post_message(&"ready".into());
}

fn answer(asked: &JsValue) -> Option<Zeroizing<[u8; 32]>> {
    let passphrase = Zeroizing::new(bytes(asked, "passphrase")?);
    let salt = bytes(asked, "salt")?;
    stretch(
        &passphrase,
        &salt,
        number(asked, "memory")?,
        number(asked, "passes")?,
    )
}

fn stretch(passphrase: &[u8], salt: &[u8], memory: u32, passes: u32) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(memory, passes, 1, Some(32)).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, key.as_mut())
        .ok()?;
    Some(key)
}

fn bytes(asked: &JsValue, name: &str) -> Option<Vec<u8>> {
    let value: Uint8Array = Reflect::get(asked, &name.into()).ok()?.dyn_into().ok()?;
    Some(value.to_vec())
}

fn number(asked: &JsValue, name: &str) -> Option<u32> {
    let value = Reflect::get(asked, &name.into()).ok()?.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number out of range is cut to the nearest, which Argon2 refuses or bears"
    )]
    let whole = value as u32;
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_passphrase_and_salt_give_the_same_key_and_others_another() {
        let one = stretch(b"correct horse", b"batonbatonbaton!", 8 * 1024, 1).unwrap();
        assert_eq!(
            one,
            stretch(b"correct horse", b"batonbatonbaton!", 8 * 1024, 1).unwrap()
        );
        assert_ne!(
            one,
            stretch(b"correct horsf", b"batonbatonbaton!", 8 * 1024, 1).unwrap()
        );
        assert_ne!(
            one,
            stretch(b"correct horse", b"batonbatonbaton?", 8 * 1024, 1).unwrap()
        );
        assert_ne!(
            one,
            stretch(b"correct horse", b"batonbatonbaton!", 8 * 1024, 2).unwrap()
        );
    }

    #[test]
    fn a_cost_that_cannot_be_is_refused() {
        assert!(stretch(b"a", b"batonbatonbaton!", 0, 1).is_none());
        assert!(stretch(b"a", b"batonbatonbaton!", 1024, 0).is_none());
        assert!(stretch(b"a", b"short", 1024, 1).is_none());
    }
}
