//! What all doors share: problems, CBOR bodies, limits.

pub mod cbor;
pub mod problem;
