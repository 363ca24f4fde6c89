//! The index of patients. Feeds, files and other systems say what they know ([`change`]), [`decide`] says what becomes of it,
//! [`apply()`] reads and writes. It is the only author of [`baton_core::patient::Patient`].
//!
//! Everything personal is sealed in the database and found by keyed hashes (ADR 10).

pub mod access;
pub mod change;
pub mod decide;
pub mod group;
pub mod history;
pub mod import;
pub mod lists;
pub mod measure;
pub mod refresh;
pub mod reindex;
pub mod search;
pub mod space;
pub mod stay;
pub mod whole;

mod access_row;
mod apply;
mod keys;
mod refresh_row;
mod row;

pub use apply::{Applied, apply, apply_planned};
pub use row::{Read, read};

/// Wakes the refresher, after the commit of whatever it has to tell spaces of. Without it they hear a little later.
pub fn wake(cx: &crate::context::Context) {
    cx.patients_due.notify_one();
}
