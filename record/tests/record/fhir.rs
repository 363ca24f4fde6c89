//! The FHIR door: who may, what becomes of patients, visits and bundles, and what of the examples of UK Core.

#[path = "fhir/auth.rs"]
mod auth;
#[path = "fhir/bundles.rs"]
mod bundles;
#[path = "fhir/client.rs"]
mod client;
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
