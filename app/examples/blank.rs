//! A page of Leptos' with one button and nothing else: what a tap costs before there is an app, and what opening costs with
//! nothing around it (`cargo xtask bench browser` measures the app against both).

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    mount_to_body(|| {
        let (taps, set_taps) = signal(0);
        view! { <button on:click=move |_| set_taps.update(|taps| *taps += 1)>{taps}</button> }
    });
}

/// Opens texts of these sizes with AES-256-GCM; gives how long that took by a clock of the page's, in milliseconds, and NaN if
/// one does not open.
#[wasm_bindgen]
pub fn open_alone(sizes: &[u32], clock: &js_sys::Function) -> f64 {
    let key: Key<Aes256Gcm> = [7; 32].into();
    let cipher = Aes256Gcm::new(&key);
    let nonce: Nonce<_> = [8; 12].into();
    let text = |size: &u32| vec![9; usize::try_from(*size).unwrap_or_default()];
    let seal = |size| cipher.encrypt(&nonce, text(size).as_slice()).ok();
    let sealed: Vec<Vec<u8>> = sizes.iter().filter_map(seal).collect();
    let now = || clock.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64());
    let begun = now();
    let opened = sealed
        .iter()
        .filter_map(|sealed| cipher.decrypt(&nonce, sealed.as_slice()).ok())
        .filter(|text| std::hint::black_box(!text.is_empty()))
        .count();
    match (begun, now()) {
        (Some(begun), Some(now)) if opened == sizes.len() => now - begun,
        _ => f64::NAN,
    }
}
