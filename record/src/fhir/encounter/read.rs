//! Reading an `Encounter`.

use baton_core::patient::Identifier;

use super::place;
use super::status::{Class, Status};
use crate::fhir::datatype::{Coding, Number, Reading, Reference, concept_text, date_time, reference};
use crate::fhir::json::Json;
use crate::fhir::node::{Issues, Node};
use crate::fhir::outcome::{Issue, Refusal};
use crate::patients::change::{Update, VisitDetails};

/// What an `Encounter` says.
pub struct Said<'a> {
    /// Its id, if it has one.
    pub id: Option<&'a str>,
    /// Its numbers; the first is the visit's.
    pub numbers: Vec<Identifier>,
    /// How it stands.
    pub status: Status,
    /// Its class as it was sent.
    pub coding: Coding,
    /// What the class means.
    pub class: Class,
    /// Whose it is.
    pub subject: Reference<'a>,
    /// What is said of the visit.
    pub details: VisitDetails,
}

/// Reads an `Encounter`.
pub fn read<'a>(json: &'a Json, reading: Reading<'_>) -> Result<Said<'a>, Refusal> {
    let issues = Issues::default();
    let node = Node::root(json, "Encounter");
    node.refuse_modifiers(&issues);
    let status = node.code("status", Status::of, &issues);
    let coding = node
        .object("class", &issues)
        .and_then(|class| Coding::read(&class, &issues));
    for (name, is_there) in [("status", node.has("status")), ("class", coding.is_some())] {
        if !is_there {
            issues.add(Issue::basic(
                "required",
                "An encounter needs this.",
                node.place_of(name),
            ));
        }
    }
    let subject = reference(&node, "subject", &issues)
        .filter(|subject| subject.literal.is_some() || subject.logical.is_some());
    if subject.is_none() {
        issues.add(Issue::rule(
            "required",
            "An encounter is kept of a patient only: say who.",
            node.place_of("subject"),
        ));
    }
    let numbers = numbers(&node, reading, &issues);
    if numbers.is_empty() {
        issues.add(Issue::rule(
            "required",
            "An encounter needs a number of its own: without one nobody could end it who sends it again.",
            node.place_of("identifier"),
        ));
    }
    let details = details(&node, reading, status, &issues);
    let has_bed = details.place.set().is_some_and(|place| !place.bed.is_empty());
    let id = node.text("id", &issues);
    let read = status
        .zip(coding)
        .zip(subject)
        .map(|((status, coding), subject)| Said {
            id,
            numbers,
            status,
            class: Class::of(&coding, has_bed),
            coding,
            subject,
            details,
        });
    issues.settle(read)
}

fn numbers(node: &Node<'_>, reading: Reading<'_>, issues: &Issues) -> Vec<Identifier> {
    let mut found = Vec::new();
    for identified in reading.identifiers(node, issues) {
        match identified.number {
            Number::Own(number) if !identified.is_old => found.push(number),
            Number::Own(_) => {}
            Number::Nhs(_) => issues.add(Issue::rule(
                "value",
                "An NHS number is a patient's, not an encounter's.",
                identified.place,
            )),
        }
    }
    found
}

/// A resource is all that is known of a visit, so what it leaves out is empty; but where somebody was stays known when they
/// have left.
fn details(node: &Node<'_>, reading: Reading<'_>, status: Option<Status>, issues: &Issues) -> VisitDetails {
    let is_over = matches!(status, Some(Status::Finished));
    let period = node.object("period", issues);
    let start = period
        .as_ref()
        .and_then(|period| date_time(period, "start", issues));
    let end = period
        .as_ref()
        .and_then(|period| date_time(period, "end", issues));
    if let (Some(start), Some(end), Some(period)) = (start, end, &period)
        && end.latest < start.earliest
    {
        issues.add(Issue::basic(
            "invariant",
            "A period ends after it begins (per-1).",
            period.place().to_owned(),
        ));
    }
    let place = place::place(node, reading, is_over, issues);
    let consultant = place::consultant(node, reading, issues);
    let service = node.object("serviceType", issues);
    let specialty = service.and_then(|service| concept_text(&service, issues));
    let planned = node.extensions(PLANNED_END, issues);
    let planned = planned
        .first()
        .and_then(|planned| date_time(planned, "valueDateTime", issues));
    let here = matches!(
        status,
        Some(Status::Arrived | Status::InProgress | Status::Planned | Status::Triaged)
    );
    let nowhere = if here { Update::Clear } else { Update::Keep };
    VisitDetails {
        number: None,
        status: None,
        place: place.map_or(nowhere, Update::Set),
        consultant: consultant.map_or(Update::Clear, Update::Set),
        specialty: specialty.map_or(Update::Clear, |text| Update::Set(text.to_owned())),
        from: start.map_or(Update::Clear, |start| Update::Set(start.here)),
        until: if is_over {
            end.map(|end| end.here).into()
        } else {
            Update::Keep
        },
        expected_discharge: planned.map_or(Update::Clear, |planned| Update::Set(planned.here)),
    }
}

/// `Encounter.plannedEndDate` of R5, as R4 carries it.
pub const PLANNED_END: &str =
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate";
