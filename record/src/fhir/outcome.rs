//! Refusals and faults as `OperationOutcome`, with the codes of the standard (issue-type) and the place in `FHIRPath`. None
//! holds anything of what was sent: texts are fixed, places are names of elements and positions.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::log::LogError;

/// One thing that is wrong, or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// `error`, `warning` or `information`.
    pub severity: &'static str,
    /// Of <http://hl7.org/fhir/R4/valueset-issue-type.html>.
    pub code: &'static str,
    /// What a person reads.
    pub text: &'static str,
    /// Where, in `FHIRPath`; empty when it is about all of it.
    pub place: String,
    /// A rule of ours (422), not of the standard (400).
    pub is_rule: bool,
}

impl Issue {
    /// What breaks the standard.
    pub fn basic(code: &'static str, text: &'static str, place: impl Into<String>) -> Self {
        Self {
            severity: "error",
            code,
            text,
            place: place.into(),
            is_rule: false,
        }
    }

    /// What breaks a rule of the index.
    pub fn rule(code: &'static str, text: &'static str, place: impl Into<String>) -> Self {
        Self {
            is_rule: true,
            ..Self::basic(code, text, place)
        }
    }

    /// What is worth knowing.
    pub fn warning(code: &'static str, text: &'static str, place: impl Into<String>) -> Self {
        Self {
            severity: "warning",
            ..Self::basic(code, text, place)
        }
    }

    fn value(&self) -> Value {
        let mut value = json!({
            "severity": self.severity,
            "code": self.code,
            "details": { "text": self.text },
        });
        if !self.place.is_empty()
            && let Some(members) = value.as_object_mut()
        {
            members.insert("expression".to_owned(), json!([self.place]));
        }
        value
    }
}

/// An `OperationOutcome`.
pub fn outcome<'a>(issues: impl IntoIterator<Item = &'a Issue>) -> Value {
    let issues: Vec<Value> = issues.into_iter().map(Issue::value).collect();
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// What is wrong, at least one.
    pub issues: Vec<Issue>,
}

impl Refusal {
    /// One that is about all of it.
    pub fn new(status: StatusCode, code: &'static str, text: &'static str) -> Self {
        Self::at(status, code, text, String::new())
    }

    /// One with its place.
    pub fn at(status: StatusCode, code: &'static str, text: &'static str, place: impl Into<String>) -> Self {
        Self {
            status,
            issues: vec![Issue::basic(code, text, place)],
        }
    }

    /// What is wrong with a resource: 400 when the standard is broken, 422 when only rules of the index are.
    pub fn of(issues: Vec<Issue>) -> Self {
        let is_rule = issues.iter().all(|issue| issue.is_rule);
        Self {
            status: if is_rule {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::BAD_REQUEST
            },
            issues,
        }
    }

    /// There is no such resource.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such resource.")
    }

    /// A precondition does not hold.
    pub fn precondition(code: &'static str, text: &'static str) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, code, text)
    }

    /// Puts where a resource stands before each place.
    #[must_use]
    pub fn within(mut self, entry: usize) -> Self {
        for issue in &mut self.issues {
            let place = if issue.place.is_empty() {
                format!("Bundle.entry[{entry}]")
            } else if issue.place.starts_with("Bundle.") {
                continue;
            } else {
                let rest = issue.place.split_once('.').map_or("", |(_, rest)| rest);
                let dot = if rest.is_empty() { "" } else { "." };
                format!("Bundle.entry[{entry}].resource{dot}{rest}")
            };
            issue.place = place;
        }
        self
    }

    /// As a resource.
    pub fn outcome(&self) -> Value {
        outcome(&self.issues)
    }
}

/// Why something is not done, or not yet.
#[derive(Debug)]
pub enum Failure {
    /// Two met crosswise, or another was a moment earlier: the whole is to be tried again.
    Again,
    /// A fault.
    Fault(LogError),
    /// A refusal, which stays one.
    Refused(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        match code.as_deref() {
            // Deadlock, serialisation, and a key that somebody else wrote a moment ago.
            Some("40P01" | "40001" | "23505") => Self::Again,
            _ => Self::Fault(error.into()),
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        if let LogError::Database(error) = error {
            error.into()
        } else {
            Self::Fault(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_an_entry_is_told_from_the_bundle_on() {
        let place = |place: &str| {
            Refusal::of(vec![Issue::rule("value", "Wrong.", place)])
                .within(2)
                .issues[0]
                .place
                .clone()
        };
        assert_eq!(
            place("Patient.name[0].family"),
            "Bundle.entry[2].resource.name[0].family"
        );
        assert_eq!(place("Patient"), "Bundle.entry[2].resource");
        assert_eq!(place(""), "Bundle.entry[2]");
        assert_eq!(
            place("Bundle.entry[2].request.url"),
            "Bundle.entry[2].request.url"
        );
    }

    #[test]
    fn what_breaks_the_standard_weighs_more_than_our_rules() {
        let rule = Issue::rule("business-rule", "Ours.", "Patient");
        let basic = Issue::basic("structure", "Theirs.", "Patient.name");
        assert_eq!(
            Refusal::of(vec![rule.clone()]).status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(Refusal::of(vec![rule, basic]).status, StatusCode::BAD_REQUEST);
    }
}
