//! The record through its doors, on a real PostgreSQL (`BATON_TEST_DATABASE_URL`); each test has a database of its own.
//! Without one the tests say so and pass, unless `BATON_REQUIRE_DATABASE` or `CI` is set.

#![expect(
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that is wrong about what it meets ends there"
)]

#[path = "record/append.rs"]
mod append;
#[path = "record/device_api.rs"]
mod device_api;
#[path = "record/devices.rs"]
mod devices;
#[path = "record/edge_api.rs"]
mod edge_api;
#[path = "record/fhir.rs"]
mod fhir;
#[path = "record/handover.rs"]
mod handover;
#[path = "record/hl7.rs"]
mod hl7;
#[path = "record/issuer.rs"]
mod issuer;
#[path = "record/kept.rs"]
mod kept;
#[path = "record/lists.rs"]
mod lists;
#[path = "record/notice.rs"]
mod notice;
#[path = "record/ops.rs"]
mod ops;
#[path = "record/own_and_patient.rs"]
mod own_and_patient;
#[path = "record/patients.rs"]
mod patients;
#[path = "record/photos.rs"]
mod photos;
#[path = "record/place.rs"]
mod place;
#[path = "record/replicas.rs"]
mod replicas;
#[path = "record/roles.rs"]
mod roles;
#[path = "record/sign_in.rs"]
mod sign_in;
#[path = "record/vault.rs"]
mod vault;
