//! What resources are made of: identifiers, references, codings, periods. Read strictly: what is there has to be right.

use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{Identifier, PatientNhsNumber};
use baton_core::secret::Personal;
use baton_core::time::At;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::clock::DateTime;
use super::node::{Issues, Node};
use super::outcome::Issue;
use super::systems::Systems;

/// The system of NHS numbers.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// The system of organisations.
pub const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

const NHS_STATUS: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
const NHS_STATUS_CODES: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";

/// How everything is read: whose numbers are whose, and when.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Names of assigners.
    pub systems: &'a Systems,
    /// The moment: what ended before it counts as old.
    pub now: At,
}

/// A number of a patient or visit.
pub enum Number {
    /// An NHS number.
    Nhs(PatientNhsNumber),
    /// A service's own.
    Own(Identifier),
}

/// An `Identifier`.
pub struct Identified {
    /// The number.
    pub number: Number,
    /// It counts no more.
    pub is_old: bool,
    /// Where it stands.
    pub place: String,
}

impl Reading<'_> {
    /// Reads `identifier`. One without a value names nobody and is left out.
    pub fn identifiers(self, of: &Node<'_>, issues: &Issues) -> Vec<Identified> {
        let nodes = of.objects("identifier", issues);
        nodes
            .iter()
            .filter_map(|node| self.identifier(node, issues))
            .collect()
    }

    /// Reads one identifier.
    pub fn identifier(self, node: &Node<'_>, issues: &Issues) -> Option<Identified> {
        node.refuse_modifiers(issues);
        let usage = node.code("use", identifier_use, issues);
        let is_old = usage == Some(true) || self.has_ended(node, issues);
        let system = node.text("system", issues);
        let value = node.text("value", issues)?;
        let number = if system == Some(NHS_NUMBER) {
            let is_verified = is_verified(node, issues);
            let Ok(number) = NhsNumber::parse(value) else {
                issues.add(Issue::rule(
                    "value",
                    "This is not an NHS number: ten digits of which the last is the check digit.",
                    node.place_of("value"),
                ));
                return None;
            };
            Number::Nhs(PatientNhsNumber { number, is_verified })
        } else {
            let assigner = node.object("assigner", issues);
            let assigner = assigner.and_then(|assigner| assigner.text("display", issues));
            let Some(assigner) = system.map(|system| self.systems.assigner(system)).or(assigner) else {
                issues.add(Issue::rule(
                    "required",
                    "A number needs its system: without one it may be anybody's.",
                    node.place_of("system"),
                ));
                return None;
            };
            Number::Own(Identifier {
                assigner: assigner.to_owned(),
                value: Personal::from(value),
            })
        };
        Some(Identified {
            number,
            is_old,
            place: node.place().to_owned(),
        })
    }

    /// Whether a `period` is over.
    pub fn has_ended(self, of: &Node<'_>, issues: &Issues) -> bool {
        let Some(period) = of.object("period", issues) else {
            return false;
        };
        let _ = date_time(&period, "start", issues);
        date_time(&period, "end", issues).is_some_and(|end| end.is_before(self.now))
    }
}

/// Whether `use` says that it is old.
fn identifier_use(code: &str) -> Option<bool> {
    match code {
        "old" => Some(true),
        "official" | "secondary" | "temp" | "usual" => Some(false),
        _ => None,
    }
}

fn is_verified(node: &Node<'_>, issues: &Issues) -> bool {
    let statuses = node.extensions(NHS_STATUS, issues);
    let codes: Vec<&str> = statuses
        .iter()
        .filter_map(|status| status.object("valueCodeableConcept", issues))
        .flat_map(|concept| concept.objects("coding", issues))
        .filter_map(|coding| coding.text("code", issues))
        .collect();
    !codes.is_empty()
        && codes
            .iter()
            .all(|code| matches!(*code, "01" | "number-present-and-verified"))
}

/// Reads an element that is a `dateTime`.
pub fn date_time(of: &Node<'_>, name: &str, issues: &Issues) -> Option<DateTime> {
    let text = of.text(name, issues)?;
    let read = DateTime::parse(text);
    if read.is_none() {
        issues.add(Issue::basic(
            "value",
            "This is not a date or a time with its zone, such as 2026-06-01T12:00:00+01:00.",
            of.place_of(name),
        ));
    }
    read
}

/// To whom or what a `Reference` points.
#[derive(Clone)]
pub struct Reference<'a> {
    /// The literal reference.
    pub literal: Option<&'a str>,
    /// The logical one.
    pub logical: Option<Node<'a>>,
    /// As it is called.
    pub display: Option<&'a str>,
    /// Where it stands.
    pub place: String,
}

/// Reads a `Reference`.
pub fn reference<'a>(of: &Node<'a>, name: &str, issues: &Issues) -> Option<Reference<'a>> {
    let node = of.object(name, issues)?;
    Some(Reference {
        literal: node.text("reference", issues),
        logical: node.object("identifier", issues),
        display: node.text("display", issues),
        place: node.place().to_owned(),
    })
}

/// A resource inside a resource, by its `#id`.
pub fn contained<'a>(root: &Node<'a>, literal: Option<&str>, issues: &Issues) -> Option<Node<'a>> {
    let id = literal?.strip_prefix('#')?;
    let nodes = root.objects("contained", issues);
    nodes.into_iter().find(|node| node.text("id", issues) == Some(id))
}

/// A `Coding`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// Of which system.
    #[serde(rename = "s", default)]
    pub system: Option<String>,
    /// The code.
    #[serde(rename = "c", default)]
    pub code: String,
    /// What it says to people.
    #[serde(rename = "d", default)]
    pub display: Option<String>,
}

impl Coding {
    /// Reads one; without a code there is none.
    pub fn read(node: &Node<'_>, issues: &Issues) -> Option<Self> {
        let owned = |text: &str| text.to_owned();
        Some(Self {
            system: node.text("system", issues).map(owned),
            display: node.text("display", issues).map(owned),
            code: node.text("code", issues)?.to_owned(),
        })
    }

    /// As a resource has it.
    pub fn value(&self) -> Value {
        let mut value = json!({ "code": self.code });
        if let Some(members) = value.as_object_mut() {
            for (name, text) in [("system", &self.system), ("display", &self.display)] {
                if let Some(text) = text {
                    members.insert(name.to_owned(), json!(text));
                }
            }
        }
        value
    }
}

/// What a `CodeableConcept` says to people.
pub fn concept_text<'a>(concept: &Node<'a>, issues: &Issues) -> Option<&'a str> {
    let text = concept.text("text", issues);
    let codings = concept.objects("coding", issues);
    let of = |name: &str| codings.iter().find_map(|coding| coding.text(name, issues));
    let display = of("display");
    let code = of("code");
    text.or(display).or(code)
}

/// The codes of a `CodeableConcept`.
pub fn concept_codes<'a>(concept: &Node<'a>, issues: &Issues) -> Vec<&'a str> {
    let codings = concept.objects("coding", issues);
    codings
        .iter()
        .filter_map(|coding| coding.text("code", issues))
        .collect()
}

/// An NHS number as a resource has it.
pub fn nhs_value(nhs: PatientNhsNumber) -> Value {
    let (code, display) = if nhs.is_verified {
        ("01", "Number present and verified")
    } else {
        ("02", "Number present but not traced")
    };
    json!({
        "extension": [{
            "url": NHS_STATUS,
            "valueCodeableConcept": {
                "coding": [{ "system": NHS_STATUS_CODES, "code": code, "display": display }],
            },
        }],
        "system": NHS_NUMBER,
        "value": nhs.number.digits(),
    })
}

/// A service's number as a resource has it.
pub fn own_value(systems: &Systems, number: &Identifier) -> Value {
    let value = number.value.as_str();
    match systems.system(&number.assigner) {
        Some(system) => json!({ "system": system, "value": value }),
        None => json!({ "value": value, "assigner": { "display": number.assigner } }),
    }
}
