//! The vault's storage in a real browser, on a real disk, with real faults.
//!
//! `cargo xtask test browser` opens the page of these tests in Chromium; `tests/browser/vault.test.mjs` stands outside of the
//! page and does what no page can: cut the browser's connections, bound its storage, kill it, lose a file of its profile.
//! Tests that are ignored are halves of such cases, and run when it is their turn.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod erase;
mod faults;
mod kill;
mod log;
mod names;
mod page;
mod rows;
mod shape;
mod stage;
mod unreadable;
mod used;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
