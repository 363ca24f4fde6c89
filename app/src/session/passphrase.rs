//! Passphrases: whether one is strong enough, and stretching it into a key in a worker of its own.

use std::cell::RefCell;
use std::rc::Rc;

use baton_core::letter;
use baton_core::ordered::sort;
use baton_core::secret::{Personal, Secret};
use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

/// Why a passphrase is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It repeats one thing, or goes along the keyboard.
    #[error("too easy to guess")]
    Obvious,
    /// Shorter than [`LEAST`] characters.
    #[error("too short")]
    Short,
}

/// Looks whether a passphrase withstands guessing at 64 MiB a guess: the NCSC's advice is three random words.
pub fn look(passphrase: &str) -> Result<(), Weak> {
    let plain: Vec<char> = passphrase.trim().chars().map(letter::lower).collect();
    if plain.len() < LEAST {
        return Err(Weak::Short);
    }
    let mut different = plain.clone();
    sort(&mut different);
    different.dedup();
    let steps = plain.windows(2).filter(|pair| {
        let [first, second] = pair else { return false };
        u32::from(*first).abs_diff(u32::from(*second)) <= 1
    });
    let is_row = steps.count() * 2 > plain.len();
    let text: String = plain.iter().collect();
    let is_common = COMMON.iter().any(|common| text.contains(common));
    if different.len() < 6 || is_row || is_common {
        return Err(Weak::Obvious);
    }
    Ok(())
}

/// Stretches a passphrase by Argon2id in a worker; `None` when the browser cannot.
pub async fn stretch(
    passphrase: &Personal<String>,
    salt: &[u8; 16],
    memory: u32,
    passes: u32,
) -> Option<Secret<32>> {
    let worker = Ended(Worker::new(WORKER).ok()?);
    if next(&worker.0).await?.as_string().as_deref() != Some("ready") {
        return None;
    }
    let question = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&question, &name.into(), value).ok();
    set(
        "passphrase",
        &Uint8Array::from(passphrase.as_str().trim().as_bytes()),
    )?;
    set("salt", &Uint8Array::from(salt.as_slice()))?;
    set("memory", &memory.into())?;
    set("passes", &passes.into())?;
    let answer = Rc::new(RefCell::new(None));
    let heard = next(&worker.0);
    worker.0.post_message(&question).ok()?;
    *answer.borrow_mut() = heard.await;
    let key: Uint8Array = answer.borrow_mut().take()?.dyn_into().ok()?;
    let bytes = zeroize::Zeroizing::new(key.to_vec());
    Some(Secret::new(bytes.as_slice().try_into().ok()?))
}

/// A worker that is ended, with its memory, when this is dropped.
struct Ended(Worker);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

/// What the worker says next; `None` when it fails.
fn next(worker: &Worker) -> impl Future<Output = Option<JsValue>> + use<> {
    let said = Promise::new(&mut |resolve, reject| {
        let on_message = Closure::once_into_js(move |event: MessageEvent| {
            _ = resolve.call1(&JsValue::UNDEFINED, &event.data());
        });
        worker.set_onmessage(Some(on_message.unchecked_ref()));
        worker.set_onerror(Some(&reject));
    });
    async move { JsFuture::from(said).await.ok() }
}

/// The worker's script, as the build names it.
const WORKER: &str = "/baton-passphrase_loader.js";

/// Characters of the shortest passphrase.
pub const LEAST: usize = 12;

/// What everybody tries first.
const COMMON: [&str; 12] = [
    "password",
    "passphrase",
    "letmein",
    "qwerty",
    "welcome",
    "baton",
    "hospital",
    "nhs",
    "admin",
    "iloveyou",
    "monkey",
    "correct horse",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_words_are_taken_and_what_everybody_tries_is_not() {
        for good in ["kettle mango drawer", "Siân's 3 red gates", "blau-turnip-4-otter"] {
            assert_eq!(look(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("short", Weak::Short),
            ("   kettle   ", Weak::Short),
            ("aaaaaaaaaaaaaaaa", Weak::Obvious),
            ("abcdefghijklmno", Weak::Obvious),
            ("0123456789012345", Weak::Obvious),
            ("MyPassword2026!", Weak::Obvious),
            ("correct horse battery", Weak::Obvious),
        ] {
            assert_eq!(look(bad), Err(why), "{bad}");
        }
    }
}
