//! What a request's address asks for (<http://hl7.org/fhir/R4/http.html>).

use axum::http::{Method, StatusCode};
use url::form_urlencoded;

use super::outcome::Refusal;

mod headers;

pub use headers::{FORM, IfMatch, Prefer, RESOURCE, Return, accepts_json, has_type, header, tag_of};

/// Which resources there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `Composition`, which is only read.
    Composition,
    /// `Encounter`.
    Encounter,
    /// `Patient`.
    Patient,
    /// `Task`, which is only read.
    Task,
}

impl Kind {
    /// By its name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "Composition" => Some(Self::Composition),
            "Encounter" => Some(Self::Encounter),
            "Patient" => Some(Self::Patient),
            "Task" => Some(Self::Task),
            _ => None,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Composition => "Composition",
            Self::Encounter => "Encounter",
            Self::Patient => "Patient",
            Self::Task => "Task",
        }
    }

    /// Whether it is of the index of patients. What people wrote is not: who may see all of the index does not see that.
    pub const fn is_of_index(self) -> bool {
        match self {
            Self::Encounter | Self::Patient => true,
            Self::Composition | Self::Task => false,
        }
    }
}

/// An interaction, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// What this server can.
    Capabilities,
    /// Several at once.
    Bundle,
    /// A new resource.
    Create(Kind),
    /// One resource; with its version if that is asked for.
    Read(Kind, String, Option<String>),
    /// Resources by what they say; the criteria are in the address, or in the body.
    Search(Kind, Criteria),
    /// One resource, anew.
    Update(Kind, String),
    /// The one resource of which something holds, anew.
    UpdateWhere(Kind, Criteria),
}

/// Names and values of a search, decoded.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Criteria(pub Vec<(String, String)>);

impl std::fmt::Debug for Criteria {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Criteria(…)")
    }
}

impl Criteria {
    /// Reads a query, or a form.
    pub fn read(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes());
        Self(
            pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// Without what is about the answer's form.
    #[must_use]
    pub fn without_form(self) -> Self {
        let is_form = |name: &str| matches!(name, "_format" | "_pretty");
        Self(self.0.into_iter().filter(|(name, _)| !is_form(name)).collect())
    }

    /// As an address writes them.
    pub fn written(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

impl Route {
    /// Reads method, path below the base (without a slash before it) and query.
    pub fn read(method: &Method, path: &str, query: Option<&str>) -> Result<Self, Refusal> {
        let criteria = Criteria::read(query.unwrap_or_default()).without_form();
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let is_reading = matches!(*method, Method::GET | Method::HEAD);
        if let ["metadata"] = parts.as_slice() {
            return if is_reading {
                Ok(Self::Capabilities)
            } else {
                Err(not_allowed())
            };
        }
        if let [""] = parts.as_slice() {
            return if method == Method::POST {
                Ok(Self::Bundle)
            } else {
                Err(not_allowed())
            };
        }
        let kind = parts
            .first()
            .and_then(|name| Kind::of(name))
            .ok_or_else(no_such_type)?;
        match parts.get(1..).unwrap_or_default() {
            [] if is_reading => Ok(Self::Search(kind, criteria)),
            [] if *method == Method::POST && kind.is_of_index() => Ok(Self::Create(kind)),
            [] if *method == Method::PUT && kind.is_of_index() => Ok(Self::UpdateWhere(kind, criteria)),
            ["_search"] if *method == Method::POST => Ok(Self::Search(kind, criteria)),
            [id] if is_reading && !id.starts_with(['_', '$']) => Ok(Self::Read(kind, (*id).to_owned(), None)),
            [id] if *method == Method::PUT && kind.is_of_index() && !id.starts_with(['_', '$']) => {
                Ok(Self::Update(kind, (*id).to_owned()))
            }
            [id, "_history", version] if is_reading => {
                Ok(Self::Read(kind, (*id).to_owned(), Some((*version).to_owned())))
            }
            [id] if id.starts_with(['_', '$']) => Err(not_there()),
            [] | [_] | [_, "_history", _] => Err(not_allowed()),
            _ => Err(not_there()),
        }
    }
}

/// Not with this method.
pub fn not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "not-supported",
        "Not with this method: see the CapabilityStatement (metadata).",
    )
}

fn no_such_type() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "not-supported",
        "Only Composition, Encounter, Patient and Task are here: see the CapabilityStatement (metadata).",
    )
}

fn not_there() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "not-supported",
        "This interaction is not supported: see the CapabilityStatement (metadata).",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(method: &Method, path: &str) -> Result<Route, u16> {
        Route::read(method, path, Some("identifier=a%7Cb&_format=json"))
            .map_err(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn each_address_is_one_interaction_or_none() {
        let where_ = || Criteria(vec![("identifier".into(), "a|b".into())]);
        assert_eq!(route(&Method::GET, "metadata"), Ok(Route::Capabilities));
        assert_eq!(route(&Method::POST, ""), Ok(Route::Bundle));
        assert_eq!(route(&Method::POST, "Patient"), Ok(Route::Create(Kind::Patient)));
        assert_eq!(
            route(&Method::PUT, "Patient"),
            Ok(Route::UpdateWhere(Kind::Patient, where_()))
        );
        assert_eq!(
            route(&Method::GET, "Encounter/"),
            Ok(Route::Search(Kind::Encounter, where_()))
        );
        assert_eq!(
            route(&Method::POST, "Patient/_search"),
            Ok(Route::Search(Kind::Patient, where_()))
        );
        assert_eq!(
            route(&Method::GET, "Patient/1"),
            Ok(Route::Read(Kind::Patient, "1".into(), None))
        );
        assert_eq!(
            route(&Method::GET, "Patient/1/_history/2"),
            Ok(Route::Read(Kind::Patient, "1".into(), Some("2".into())))
        );
        assert_eq!(
            route(&Method::POST, "Task/_search"),
            Ok(Route::Search(Kind::Task, where_()))
        );
        assert_eq!(
            route(&Method::GET, "Task/1"),
            Ok(Route::Read(Kind::Task, "1".into(), None))
        );
        for (method, path, status) in [
            (Method::GET, "Observation", 404),
            (Method::POST, "Observation", 404),
            (Method::GET, "", 405),
            (Method::POST, "metadata", 405),
            (Method::DELETE, "Patient/1", 405),
            (Method::PATCH, "Patient/1", 405),
            (Method::POST, "Patient/1", 405),
            (Method::POST, "Task", 405),
            (Method::PUT, "Task", 405),
            (Method::PUT, "Task/1", 405),
            (Method::GET, "Patient/1/_history", 404),
            (Method::GET, "Patient/$everything", 404),
            (Method::GET, "Patient/1/$everything", 404),
            (Method::GET, "_history", 404),
        ] {
            assert_eq!(route(&method, path), Err(status), "{method} {path}");
        }
    }
}
