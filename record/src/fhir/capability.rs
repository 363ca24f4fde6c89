//! What this door can (<http://hl7.org/fhir/R4/capabilitystatement.html>), told to everybody.

use serde_json::{Value, json};

use super::composition::view as composition_view;
use super::encounter;
use super::patient::view;
use super::task::view as task_view;
use crate::config::FhirConfig;

/// The statement.
pub fn statement(config: &FhirConfig) -> Value {
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-10-01",
        "kind": "instance",
        "software": { "name": "Baton record", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "The patient index of a Baton record", "url": config.base },
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [{
            "mode": "server",
            "documentation": "Patients and their visits, as feeds say them. Demographics come from here; of what staff write to each other, tasks and handovers can be read.",
            "security": {
                "service": [{
                    "coding": [{
                        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                        "code": "SMART-on-FHIR",
                    }],
                }],
                "description": "Each request has a token of its own (JWT) that the system signs with its registered key: iss and sub the system, aud this base, exp at most five minutes ahead, a jti never used before.",
            },
            "resource": [patient(), encounter(), task(), composition()],
            "interaction": [{ "code": "transaction" }, { "code": "batch" }],
        }],
    })
}

fn resource(kind: &str, profile: &str, documentation: &str, parameters: &[(&str, &str)]) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|(name, kind)| json!({ "name": name, "type": kind }))
        .collect();
    json!({
        "type": kind,
        "supportedProfile": [profile],
        "documentation": documentation,
        "interaction": [
            { "code": "read" },
            { "code": "vread", "documentation": "The current version only." },
            { "code": "update" },
            { "code": "create" },
            { "code": "search-type" },
        ],
        "versioning": "versioned-update",
        "readHistory": false,
        "updateCreate": false,
        "conditionalCreate": true,
        "conditionalRead": "not-match",
        "conditionalUpdate": true,
        "conditionalDelete": "not-supported",
        "searchParam": parameters,
    })
}

fn patient() -> Value {
    resource(
        "Patient",
        view::PROFILE,
        "A patient needs a number with its system, or an NHS number with birth date and family name. An update replaces nickname, address, telecom and generalPractitioner; what says who somebody is stays until it is said otherwise. link replaced-by or replaces merges; taking it away with If-Match parts again.",
        &[
            ("_id", "token"),
            ("identifier", "token"),
            ("family", "string"),
            ("given", "string"),
            ("name", "string"),
            ("birthdate", "date"),
        ],
    )
}

fn encounter() -> Value {
    resource(
        "Encounter",
        encounter::view::PROFILE,
        "An encounter needs a number of its own (identifier) and a patient (subject). Its status becomes what happened: admitted, moved, on leave, left.",
        &[
            ("_id", "token"),
            ("identifier", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
        ],
    )
}

/// What is only read.
fn read_only(kind: &str, profile: &str, documentation: &str, parameters: &[(&str, &str)]) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|(name, kind)| json!({ "name": name, "type": kind }))
        .collect();
    json!({
        "type": kind,
        "supportedProfile": [profile],
        "documentation": documentation,
        "interaction": [
            { "code": "read" },
            { "code": "vread", "documentation": "The current version only." },
            { "code": "search-type" },
        ],
        "versioning": "versioned",
        "readHistory": false,
        "conditionalRead": "not-match",
        "searchParam": parameters,
    })
}

fn task() -> Value {
    read_only(
        "Task",
        task_view::PROFILE,
        "Tasks of staff, to read. A search needs patient, owner:identifier or _id. People are named by identifier, owner:identifier=urn:ietf:rfc:3986|urn:uuid:...",
        &[
            ("_id", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
            ("owner", "reference"),
            ("status", "token"),
        ],
    )
}

fn composition() -> Value {
    read_only(
        "Composition",
        composition_view::PROFILE,
        "What was handed over of a patient, as it was, to read: final when it was accepted, preliminary before and when it never was. A search needs patient or _id.",
        &[
            ("_id", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
        ],
    )
}
