//! What a request's headers ask for.

use axum::http::{HeaderMap, StatusCode, header};

use super::Criteria;
use crate::fhir::outcome::{Issue, Refusal};

/// What `Prefer: return` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Return {
    /// No body.
    Minimal,
    /// What was noticed.
    Outcome,
    /// The resource.
    #[default]
    Representation,
}

/// `Prefer`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefer {
    /// `return`.
    pub result: Return,
    /// `handling=strict`: what is not known in a search is refused.
    pub is_strict: bool,
}

impl Prefer {
    /// Reads it; what is not known is passed over (RFC 7240 §2).
    pub fn read(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        let values = headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok());
        for token in values.flat_map(|value| value.split([',', ';'])).map(str::trim) {
            match token {
                "handling=strict" => prefer.is_strict = true,
                "return=OperationOutcome" => prefer.result = Return::Outcome,
                "return=minimal" => prefer.result = Return::Minimal,
                "return=representation" => prefer.result = Return::Representation,
                _ => {}
            }
        }
        prefer
    }
}

/// `If-Match`: versions, of which one has to be the current one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Any, as long as there is one.
    Any,
    /// One of these.
    One(Vec<String>),
}

impl IfMatch {
    /// Reads the header's value.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let versions: Option<Vec<String>> =
            text.split(',').map(|tag| Some(tag_of(tag)?.to_owned())).collect();
        versions.map(Self::One).ok_or_else(|| {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                "value",
                "If-Match is not an entity tag such as W/\"3\".",
            )
        })
    }

    /// That the version is one of these.
    pub fn holds(&self, version: Option<&str>) -> Result<(), Refusal> {
        let holds = match (self, version) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::One(wanted), Some(version)) => wanted.iter().any(|wanted| wanted == version),
        };
        if holds {
            Ok(())
        } else {
            Err(Refusal::precondition(
                "conflict",
                "The resource has changed since: read it again, then decide.",
            ))
        }
    }
}

/// What is inside of `W/"…"`.
pub fn tag_of(tag: &str) -> Option<&str> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"')?.strip_suffix('"')
}

/// A header's text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// That JSON is asked for: by `_format`, which counts more, or by `Accept`.
pub fn accepts_json(headers: &HeaderMap, query: Option<&str>) -> Result<(), Refusal> {
    let criteria = Criteria::read(query.unwrap_or_default());
    let format = criteria
        .0
        .iter()
        .find(|(name, _)| name == "_format")
        .map(|(_, value)| value.as_str());
    // A plus that was not written as %2B has become a space.
    let is_json = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        matches!(
            kind.to_ascii_lowercase().as_str(),
            "json" | "application/json" | "application/fhir+json" | "application/fhir json" | "text/json"
        )
    };
    let accepts = match (format, header(headers, header::ACCEPT.as_str())) {
        (Some(format), _) => is_json(format),
        (None, None) => true,
        (None, Some(accept)) => accept.split(',').any(|kind| {
            let range = kind.split(';').next().unwrap_or_default().trim();
            is_json(kind) || matches!(range, "*/*" | "application/*")
        }),
    };
    if accepts {
        Ok(())
    } else {
        Err(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            "not-supported",
            "Answers are application/fhir+json only.",
        ))
    }
}

/// That a body is JSON of FHIR R4 in UTF-8, or a form.
pub fn has_type(headers: &HeaderMap, wanted: &[&str]) -> Result<(), Refusal> {
    let kind = header(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    let are_known = parts.all(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "charset" => value.eq_ignore_ascii_case("utf-8"),
            "fhirversion" => matches!(value, "4.0" | "4.0.1"),
            _ => true,
        }
    });
    if are_known && wanted.contains(&media.as_str()) {
        Ok(())
    } else {
        Err(Refusal {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            issues: vec![Issue::basic(
                "not-supported",
                "The body has to be application/fhir+json in UTF-8, FHIR version 4.0.",
                "",
            )],
        })
    }
}

/// Media types of resources.
pub const RESOURCE: [&str; 3] = ["application/fhir+json", "application/json", "text/json"];

/// Media type of a search's form.
pub const FORM: [&str; 1] = ["application/x-www-form-urlencoded"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_only_form_of_answers() {
        let accepts = |accept: Option<&str>, query: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert("accept", accept.parse().unwrap());
            }
            accepts_json(&headers, query).is_ok()
        };
        assert!(
            accepts(None, None)
                && accepts(Some("*/*"), None)
                && accepts(Some("application/fhir+json;q=0.9"), None)
        );
        assert!(accepts(Some("application/fhir+xml, application/json"), None));
        assert!(accepts(
            Some("application/fhir+xml"),
            Some("_format=application/fhir+json")
        ));
        assert!(!accepts(Some("application/fhir+xml"), None) && !accepts(None, Some("_format=xml")));
    }

    #[test]
    fn bodies_are_json_of_r4_in_utf_8() {
        let takes = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", kind.parse().unwrap());
            has_type(&headers, &RESOURCE).is_ok()
        };
        assert!(takes("application/fhir+json") && takes("application/json; charset=UTF-8"));
        assert!(takes("application/fhir+json; fhirVersion=4.0"));
        for kind in [
            "application/fhir+xml",
            "text/plain",
            "application/fhir+json; fhirVersion=5.0",
            "application/json;charset=latin1",
        ] {
            assert!(!takes(kind), "{kind}");
        }
        assert!(has_type(&HeaderMap::new(), &RESOURCE).is_err());
    }

    #[test]
    fn entity_tags_are_read_weak_or_not() {
        assert_eq!(IfMatch::read("W/\"3\"").unwrap(), IfMatch::One(vec!["3".into()]));
        assert_eq!(
            IfMatch::read("\"3\", W/\"4\"").unwrap(),
            IfMatch::One(vec!["3".into(), "4".into()])
        );
        assert_eq!(IfMatch::read("*").unwrap(), IfMatch::Any);
        assert!(IfMatch::read("3").is_err());
        assert!(IfMatch::Any.holds(None).is_err() && IfMatch::Any.holds(Some("1")).is_ok());
    }
}
