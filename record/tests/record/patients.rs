//! The index of patients: what feeds say, and who is told of it.

#[path = "patients/decided.rs"]
mod decided;
#[path = "patients/found.rs"]
mod found;
#[path = "patients/imported.rs"]
mod imported;
#[path = "patients/kept.rs"]
mod kept;
#[path = "patients/model.rs"]
mod model;
#[path = "patients/told.rs"]
mod told;
