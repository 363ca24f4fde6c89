//! Reading a `Patient`.

use baton_core::date::PartialDate;
use baton_core::patient::{Died, Gender};
use baton_core::secret::Personal;

use super::reach;
use crate::fhir::datatype::{Number, Reading, Reference, concept_codes, date_time, reference};
use crate::fhir::json::Json;
use crate::fhir::node::{Issues, Node};
use crate::fhir::outcome::{Issue, Refusal};
use crate::patients::change::{Details, Update};

/// What a `Patient` says.
pub struct Said<'a> {
    /// Its id, if it has one.
    pub id: Option<&'a str>,
    /// Of the patient. Of what a resource replaces (names people use, addresses, telecoms, practice) absence is `Clear`.
    pub details: Details,
    /// Where each of `details.identifiers` stands.
    pub places: Vec<String>,
    /// `active` is false.
    pub is_inactive: bool,
    /// `link`.
    pub links: Vec<Link<'a>>,
}

/// One `link`.
pub struct Link<'a> {
    /// What it says.
    pub kind: LinkKind,
    /// The other patient.
    pub other: Reference<'a>,
}

/// How two patients are linked (<http://hl7.org/fhir/R4/valueset-link-type.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// This one was merged into the other.
    ReplacedBy,
    /// The other was merged into this one.
    Replaces,
    /// They are one person, without being merged (`seealso`, `refer`).
    SeeAlso,
}

/// Reads a `Patient`.
pub fn read<'a>(json: &'a Json, reading: Reading<'_>) -> Result<Said<'a>, Refusal> {
    let issues = Issues::default();
    let node = Node::root(json, "Patient");
    node.refuse_modifiers(&issues);
    let mut said = Said {
        id: node.text("id", &issues),
        details: reach::read(&node, reading, &issues),
        places: Vec::new(),
        is_inactive: node.flag("active", &issues) == Some(false),
        links: links(&node, &issues),
    };
    numbers(&node, reading, &mut said, &issues);
    said.details.born = born(&node, &issues);
    said.details.died = died(&node, &issues);
    said.details.gender = node.code("gender", gender, &issues).into();
    said.details.restricted = restricted(&node, &issues);
    issues.settle(Some(said))
}

fn numbers(node: &Node<'_>, reading: Reading<'_>, said: &mut Said<'_>, issues: &Issues) {
    for identified in reading.identifiers(node, issues) {
        match identified.number {
            Number::Nhs(nhs) if identified.is_old => said.details.superseded.push(nhs.number),
            Number::Nhs(nhs) => match said.details.nhs.set() {
                Some(known) if known.number != nhs.number => issues.add(Issue::rule(
                    "business-rule",
                    "A patient has one NHS number; one that holds no more has the use old.",
                    identified.place,
                )),
                Some(_) | None => said.details.nhs = Update::Set(nhs),
            },
            Number::Own(number) => {
                said.details.identifiers.push(number);
                said.places.push(identified.place);
            }
        }
    }
}

fn gender(code: &str) -> Option<Gender> {
    match code {
        "female" => Some(Gender::Female),
        "male" => Some(Gender::Male),
        "other" => Some(Gender::NotSpecified),
        "unknown" => Some(Gender::NotKnown),
        _ => None,
    }
}

/// `birthDate` with its time of birth; that it is not known is said by `data-absent-reason`.
fn born(node: &Node<'_>, issues: &Issues) -> Update<Personal<PartialDate>> {
    let beside = node.beside("birthDate", issues);
    let Some(text) = node.text("birthDate", issues) else {
        let is_unknown = beside.is_some_and(|beside| !beside.extensions(ABSENT, issues).is_empty());
        return if is_unknown { Update::Clear } else { Update::Keep };
    };
    let date = text.parse::<PartialDate>().ok();
    let Some(date) = date.filter(|date| !matches!(date, PartialDate::Minute(..))) else {
        issues.add(Issue::basic(
            "value",
            "This is not a date, such as 1945-07-14.",
            node.place_of("birthDate"),
        ));
        return Update::Keep;
    };
    let times = beside.map_or_else(Vec::new, |beside| beside.extensions(BIRTH_TIME, issues));
    let time = times
        .first()
        .and_then(|time| date_time(time, "valueDateTime", issues));
    let Some(time) = time else {
        return Update::Set(Personal::new(date));
    };
    // The day of birth counts, and the zone may put the time on the day before or after.
    let same_day = [time.written, time.here]
        .into_iter()
        .find(|time| time.day().is_some() && time.day() == date.day());
    if same_day.is_none() {
        issues.add(Issue::basic(
            "invariant",
            "The time of birth is on another day than the birth date.",
            node.place_of("birthDate"),
        ));
    }
    Update::Set(Personal::new(same_day.unwrap_or(date)))
}

/// `deceased[x]`; without it, what a notification of death says (UK Core).
fn died(node: &Node<'_>, issues: &Issues) -> Update<Died> {
    let notified = notified(node, issues);
    let flag = node.flag("deceasedBoolean", issues);
    let time = date_time(node, "deceasedDateTime", issues);
    let said = match (flag, time) {
        (Some(_), Some(_)) => {
            issues.add(Issue::basic(
                "structure",
                "There is one deceased[x] at most.",
                node.place_of("deceased"),
            ));
            Update::Keep
        }
        (None, Some(time)) => Update::Set(Died {
            at: Some(Personal::new(time.here)),
        }),
        (Some(true), None) => Update::Set(Died { at: None }),
        (Some(false), None) => Update::Clear,
        (None, None) => return notified,
    };
    let (lives, died) = (Update::Clear, Update::Set(Died { at: None }));
    if (said == lives && notified == died) || (said.set().is_some() && notified == lives) {
        issues.add(Issue::rule(
            "business-rule",
            "deceased[x] and the notification of death contradict each other.",
            node.place_of("deceased"),
        ));
    }
    said
}

fn notified(node: &Node<'_>, issues: &Issues) -> Update<Died> {
    let parts: Vec<Node<'_>> = node
        .extensions(DEATH_NOTIFICATION, issues)
        .iter()
        .flat_map(|extension| extension.extensions("deathNotificationStatus", issues))
        .collect();
    let codes: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.object("valueCodeableConcept", issues))
        .flat_map(|concept| concept_codes(&concept, issues))
        .collect();
    match codes.first() {
        Some(&("1" | "2")) => Update::Set(Died { at: None }),
        Some(&"U") => Update::Clear,
        Some(_) | None => Update::Keep,
    }
}

/// `meta.security` (<http://hl7.org/fhir/R4/v3/ConfidentialityClassification/vs.html>): without a label nothing is said.
fn restricted(node: &Node<'_>, issues: &Issues) -> Update<bool> {
    let labels = node
        .object("meta", issues)
        .map_or_else(Vec::new, |meta| meta.objects("security", issues));
    let levels: Vec<bool> = labels
        .iter()
        .filter(|label| label.text("system", issues) == Some(CONFIDENTIALITY))
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(|label| match label.text("code", issues)? {
            "R" | "V" => Some(true),
            "L" | "M" | "N" | "U" => Some(false),
            _ => None,
        })
        .collect();
    if levels.is_empty() {
        Update::Keep
    } else {
        Update::Set(levels.contains(&true))
    }
}

fn links<'a>(node: &Node<'a>, issues: &Issues) -> Vec<Link<'a>> {
    let mut links = Vec::new();
    for link in node.objects("link", issues) {
        link.refuse_modifiers(issues);
        let kind = link.code("type", link_kind, issues);
        let other = reference(&link, "other", issues);
        for (name, is_there) in [("type", link.has("type")), ("other", other.is_some())] {
            if !is_there {
                issues.add(Issue::basic(
                    "required",
                    "A link needs this.",
                    link.place_of(name),
                ));
            }
        }
        links.extend(kind.zip(other).map(|(kind, other)| Link { kind, other }));
    }
    links
}

fn link_kind(code: &str) -> Option<LinkKind> {
    match code {
        "refer" | "seealso" => Some(LinkKind::SeeAlso),
        "replaced-by" => Some(LinkKind::ReplacedBy),
        "replaces" => Some(LinkKind::Replaces),
        _ => None,
    }
}

/// Labels of confidentiality.
pub const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// When somebody was born, to the minute.
pub const BIRTH_TIME: &str = "http://hl7.org/fhir/StructureDefinition/patient-birthTime";

const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const DEATH_NOTIFICATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus";
