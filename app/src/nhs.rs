//! NHS.UK frontend's components, as thin as its markup.

pub mod input;
pub mod tag;
