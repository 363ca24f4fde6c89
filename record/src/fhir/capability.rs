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

/// A resource of which one can do what `can` adds to reading and searching.
fn resource(
    kind: &str,
    profile: &str,
    documentation: &str,
    parameters: &[(&str, &str)],
    (changes, can): (&[&str], Value),
) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|(name, kind)| json!({ "name": name, "type": kind }))
        .collect();
    let mut interactions = vec![
        json!({ "code": "read" }),
        json!({ "code": "vread", "documentation": "The current version only." }),
    ];
    interactions.extend(
        changes
            .iter()
            .chain(&["search-type"])
            .map(|code| json!({ "code": code })),
    );
    let mut told = json!({
        "type": kind,
        "supportedProfile": [profile],
        "documentation": documentation,
        "interaction": interactions,
        "readHistory": false,
        "conditionalRead": "not-match",
        "searchParam": parameters,
    });
    if let (Some(told), Value::Object(can)) = (told.as_object_mut(), can) {
        told.extend(can);
    }
    told
}

/// What systems change.
fn changed() -> (&'static [&'static str], Value) {
    let can = json!({
        "versioning": "versioned-update",
        "updateCreate": false,
        "conditionalCreate": true,
        "conditionalUpdate": true,
        "conditionalDelete": "not-supported",
    });
    (&["update", "create"], can)
}

/// What is only read.
fn read_only() -> (&'static [&'static str], Value) {
    (&[], json!({ "versioning": "versioned" }))
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
        changed(),
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
        changed(),
    )
}

fn task() -> Value {
    resource(
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
        read_only(),
    )
}

fn composition() -> Value {
    resource(
        "Composition",
        composition_view::PROFILE,
        "What was handed over of a patient, as it was, to read: final when it was accepted, preliminary before and when it never was. A search needs patient or _id.",
        &[
            ("_id", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
        ],
        read_only(),
    )
}
