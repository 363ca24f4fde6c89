//! The FHIR door: who may, what becomes of patients, visits and bundles, and what of the examples of UK Core.

#![expect(
    clippy::items_after_statements,
    clippy::needless_pass_by_value,
    clippy::type_complexity,
    clippy::unnecessary_wraps,
    reason = "tables of cases stand where they are read"
)]

#[path = "fhir/auth.rs"]
mod auth;
#[path = "fhir/bundles.rs"]
mod bundles;
#[path = "fhir/client.rs"]
mod client;
#[path = "fhir/compositions.rs"]
mod compositions;
#[path = "fhir/encounters.rs"]
mod encounters;
#[path = "fhir/examples.rs"]
mod examples;
#[path = "fhir/merges.rs"]
mod merges;
#[path = "fhir/patients.rs"]
mod patients;
#[path = "fhir/stage.rs"]
mod stage;
#[path = "fhir/tasks.rs"]
mod tasks;
