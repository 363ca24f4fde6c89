//! Searching (<http://hl7.org/fhir/R4/search.html>): what is found comes whole, or the search is refused as too wide. There are
//! no pages.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use serde_json::{Value, json};

use super::act::Door;
use super::outcome::{Issue, Refusal, outcome};
use super::request::{Criteria, Kind};

pub mod composition;
pub mod encounter;
pub mod patient;
pub mod task;
mod within;

/// What was found.
#[derive(Default)]
pub struct Found {
    /// Resources with their ids.
    pub resources: Vec<(String, Value)>,
    /// Who was shown.
    pub patients: Vec<PatientId>,
    /// What was looked for: without what was passed over.
    pub used: Criteria,
    /// What was passed over.
    pub issues: Vec<Issue>,
    /// `_count`.
    pub count: Option<usize>,
}

impl Found {
    /// As a `Bundle`.
    pub fn bundle(self, door: &Door<'_>, kind: Kind) -> Value {
        let base = &door.config.base;
        let total = self.resources.len();
        let mut entries: Vec<Value> = self
            .resources
            .into_iter()
            .take(self.count.unwrap_or(usize::MAX))
            .map(|(id, resource)| {
                json!({
                    "fullUrl": format!("{base}/{}/{id}", kind.name()),
                    "resource": resource,
                    "search": { "mode": "match" },
                })
            })
            .collect();
        if !self.issues.is_empty() {
            entries.push(json!({ "resource": outcome(&self.issues), "search": { "mode": "outcome" } }));
        }
        let link = format!("{base}/{}?{}", kind.name(), self.used.written());
        let mut bundle = json!({
            "resourceType": "Bundle",
            "type": "searchset",
            "total": total,
            "link": [{ "relation": "self", "url": link }],
        });
        if let Some(members) = bundle.as_object_mut().filter(|_| !entries.is_empty()) {
            members.insert("entry".to_owned(), Value::Array(entries));
        }
        bundle
    }
}

/// A parameter that is not known: refused by who is strict, else passed over and told (FHIR R4 §3.1.1.3.1.4).
fn unknown(found: &mut Found, is_strict: bool) -> Result<(), Refusal> {
    let text = "A search parameter is not supported here: see the CapabilityStatement (metadata).";
    if is_strict {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "not-supported", text));
    }
    found.issues.push(Issue::warning("not-supported", text, ""));
    Ok(())
}

fn count(value: &str) -> Result<usize, Refusal> {
    value.parse().map_err(|_| malformed("_count is a number."))
}

fn malformed(text: &'static str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "value", text)
}

/// The patient whom a reference names: relative, or under this door's own address.
fn patient_of(door: &Door<'_>, value: &str) -> Option<PatientId> {
    let local = door.local(value)?;
    local.strip_prefix("Patient/").unwrap_or(local).parse().ok()
}

/// More than an answer has.
fn too_wide() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "too-costly",
        "Too many may match: say more, such as a birth date or an identifier.",
    )
}

/// Whether a parameter is about the answer only, and nothing is lost when it is passed over.
fn is_about_answer(name: &str) -> bool {
    matches!(
        name,
        "_elements" | "_format" | "_pretty" | "_sort" | "_summary" | "_total"
    )
}

/// Resources in an answer.
const MOST: usize = 50;
