//! `Encounter` (UK Core): what is read of it, what becomes of it in the index, and how a visit is written.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`read`] | a resource into what is said of a visit |
//! | [`place`] | its locations and who has charge |
//! | [`status`] | its status and class |
//! | [`plan`] | what is said, and how the visit stands, into events |
//! | [`store`] | where it is remembered |
//! | [`view`] | a visit of the index into a resource |

pub mod place;
pub mod plan;
pub mod read;
pub mod status;
pub mod store;
pub mod view;
