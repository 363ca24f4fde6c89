//! Writing what a `Patient` says into the index, and reading it back.

use baton_core::id::PatientId;
use sqlx::PgConnection;

use super::link::{Linking, Resolved, named};
use super::plan::{Target, plan};
use super::read::Said;
use super::view;
use crate::fhir::act::{Door, Written};
use crate::fhir::outcome::{Failure, Issue, Refusal};
use crate::fhir::refs::Refs;
use crate::fhir::request::IfMatch;
use crate::patients;
use crate::patients::change::Subject;
use crate::patients::decide::{Effect, EventRefusal};
use crate::patients::whole::{self, Whole};

/// Takes what is said of a patient, without links.
pub async fn tell(
    door: &Door<'_>,
    conn: &mut PgConnection,
    target: Target,
    said: &Said<'_>,
    if_match: Option<&IfMatch>,
) -> Result<Written<PatientId>, Failure> {
    let subject = Subject {
        patient: match target {
            Target::Known(patient) => Some(patient),
            Target::New | Target::NewOrKnown => None,
        },
        details: said.details.clone(),
    };
    let (keys, now) = (&door.cx.keys, door.cx.now());
    let planned = |index: &_| plan(index, target, said, if_match, (keys, now));
    let applied = patients::apply_planned(door.cx, conn, &[&subject], planned).await??;
    let mut written = None;
    for outcome in applied.outcomes {
        let outcome = outcome.map_err(refused)?;
        let is_made = outcome.effect == Effect::Made;
        if let Some(patient) = outcome.patient {
            written = written.or(Some(if is_made {
                Written::Made(patient)
            } else {
                Written::Changed(patient)
            }));
        }
    }
    written.ok_or_else(|| Refusal::not_found().into())
}

/// Takes what is said of links. `has_seen` is whether the sender has seen how things stand.
pub async fn link(
    door: &Door<'_>,
    conn: &mut PgConnection,
    refs: &Refs,
    patient: PatientId,
    said: &Said<'_>,
    has_seen: bool,
) -> Result<(), Failure> {
    let mut links = Vec::new();
    for link in &said.links {
        links.push(Resolved {
            kind: link.kind,
            other: refs.patient(door, conn, &link.other).await?,
            place: link.other.place.clone(),
        });
    }
    let before = whole::read(door.cx, conn, &[patient]).await?;
    let Some(before) = before.first() else {
        return Err(Refusal::not_found().into());
    };
    let linked = before.held.history.links.iter().map(|(other, _)| *other);
    let mut others: Vec<PatientId> = links.iter().map(|link| link.other).collect();
    others.extend(
        before
            .took_in
            .iter()
            .copied()
            .chain(linked)
            .chain(before.held.shown.merged_into),
    );
    if others.is_empty() {
        return Ok(());
    }
    let subjects: Vec<Subject> = others.into_iter().chain([patient]).map(named).collect();
    let linking = Linking {
        patient,
        took_in: &before.took_in,
        links: &links,
        has_seen,
        now: door.cx.now(),
    };
    let subjects: Vec<&Subject> = subjects.iter().collect();
    let planned = |index: &_| linking.plan(index);
    let applied = patients::apply_planned(door.cx, conn, &subjects, planned).await??;
    for outcome in applied.outcomes {
        outcome.map_err(refused)?;
    }
    Ok(())
}

/// Reads a patient.
pub async fn read(
    door: &Door<'_>,
    conn: &mut PgConnection,
    patient: PatientId,
) -> Result<Option<Whole>, Failure> {
    Ok(whole::read(door.cx, conn, &[patient]).await?.pop())
}

/// The resource of a patient.
pub fn resource(door: &Door<'_>, whole: &Whole) -> serde_json::Value {
    view::view(&door.config.systems, &door.cx.keys, whole)
}

/// Why the index does not take it.
pub fn refused(refusal: EventRefusal) -> Refusal {
    let (code, text, place) = match refusal {
        EventRefusal::NoNumber => (
            "required",
            "Nothing says who this is: a number of a service (identifier with system and value) is needed, or an NHS number with birth date and family name.",
            "Patient.identifier",
        ),
        EventRefusal::NoSuchPatient => ("not-found", "There is no such patient.", ""),
        EventRefusal::SamePatient => (
            "business-rule",
            "Two different patients are needed.",
            "Patient.link",
        ),
        EventRefusal::TooMuch => (
            "too-costly",
            "This is more than is kept of one patient.",
            "Patient",
        ),
    };
    Refusal::of(vec![Issue::rule(code, text, place)])
}
