//! NHS.UK frontend's components, as thin as its markup.

pub mod button;
pub mod input;
pub mod tag;
