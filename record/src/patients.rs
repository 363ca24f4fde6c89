//! The index of patients. Feeds, files and other systems say what they know ([`change`]), [`decide`] says what becomes of it,
//! [`apply()`] reads and writes. It is the only author of [`baton_core::patient::Patient`].
//!
//! Everything personal is sealed in the database and found by keyed hashes (ADR 10).

pub mod change;
pub mod decide;
pub mod group;
pub mod history;
pub mod lists;
pub mod stay;

mod apply;
mod keys;
mod row;

pub use apply::{Applied, apply};
pub use row::{Read, hold, is_held, known, read};

/// Wakes the refresher, after the commit of whatever it has to tell spaces of. Without it they hear a little later.
pub fn wake(cx: &crate::context::Context) {
    cx.patients_due.notify_one();
}
