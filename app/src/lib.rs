//! Baton in the browser.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`app`], [`route`] | the phases of a visit and the shell; places and the browser's history |
//! | [`page`], [`part`], [`nhs`] | screens; parts that several screens use; NHS.UK frontend's markup |
//! | [`store`] | core's state as signals, in words |
//! | [`command`] | the one way to change anything |
//! | [`visit`] | from opening the app to leaving it: signing in, carrying on, locking, unlocking, signing out |
//! | [`shell_worker`] | the service worker beside the app: starts with no network, new releases, what a reload carries over |
//! | [`session`], [`config`] | signing in, Oblivious HTTP, the signed requests of a device; the deployed configuration |
//! | [`sync`] | carries out what core's sync machine wants done; the tabs of one vault |
//! | [`vault`] | what one person keeps on this device, sealed |
//! | [`clock`], [`moment`], [`web`] | the one clock; moments in words; what is asked of the browser |
//!
//! Direction: page → part → nhs; page → store (to read) and command (to change); only command, session and sync reach
//! the machine and the network.

#![expect(
    unreachable_pub,
    reason = "what leptos's `component` adds to a function is public"
)]

pub mod app;
pub mod clock;
pub mod command;
pub mod config;
pub mod moment;
pub mod nhs;
pub mod page;
pub mod part;
pub mod prelude;
pub mod route;
pub mod session;
pub mod shell_worker;
pub mod store;
pub mod sync;
pub mod vault;
pub mod visit;
pub mod web;

/// Starts the app in the page that loaded it. Should it ever stop, the page says so (`xtask/src/app_build/broken.js`).
pub fn start() {
    part::press::guard();
    leptos::mount::mount_to_body(app::App);
}
