//! `Patient` (UK Core): what is read of it, what becomes of it in the index, and how the index' patients are written.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`read`] | a resource into what is said of a patient |
//! | [`reach`] | its names, addresses, telecoms and practice |
//! | [`plan`] | what is said, and how things stand, into events |
//! | [`store`] | writing and reading
//! | [`link`] | `Patient.link` into merges and their undoing |
//! | [`view`] | a patient of the index into a resource |

pub mod link;
pub mod plan;
pub mod reach;
pub mod read;
pub mod store;
pub mod view;
