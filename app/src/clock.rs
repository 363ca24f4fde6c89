//! The one place that reads a clock, a time zone and the browser's randomness. Everything else takes them as arguments.

use baton_core::time::At;
use getrandom::SysRng;
use rand_core::{Rng, UnwrapErr};

/// The moment by this device's clock.
pub fn now() -> At {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds since 1970 fit 53 bits, and are positive"
    )]
    At::from_millis(js_sys::Date::now() as u64)
}

/// Minutes to add to UTC for this device's time zone at a moment (60 in British Summer Time).
pub fn zone(at: At) -> i32 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit 53 bits")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.millis() as f64));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an offset is a whole number of minutes within a day"
    )]
    let behind = date.get_timezone_offset() as i32;
    -behind
}

/// The browser's cryptographic randomness.
pub fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// Draws random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rng().fill_bytes(&mut bytes);
    bytes
}
