//! From what a `Patient` says, and how things stand, to events: pure.
//!
//! - A resource replaces what people are called by, where they live and how they are reached. Who somebody *is* never becomes
//!   blank because something was left out: names, numbers, birth date, gender, death and restriction stay until the
//!   resource says otherwise.
//! - What is withheld of a restricted patient cannot be sent back, so that its absence says nothing.
//! - A number of a service that is another patient's refuses the whole.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use baton_core::time::At;

use super::read::Said;
use super::view::version;
use crate::fhir::act::no_such_id;
use crate::fhir::outcome::Refusal;
use crate::fhir::request::IfMatch;
use crate::keys::KeyEncryption;
use crate::patients::change::{Change, Details, Event, Subject, Update};
use crate::patients::decide::Index;
use crate::patients::history::Held;

/// Who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Somebody new; who is known by a number of a service refuses it.
    New,
    /// Somebody new, or whom the index knows them to be.
    NewOrKnown,
    /// This one.
    Known(PatientId),
}

/// What happens.
pub fn plan(
    index: &Index,
    target: Target,
    said: &Said<'_>,
    if_match: Option<&IfMatch>,
    (keys, now): (&KeyEncryption, At),
) -> Result<Vec<Event>, Refusal> {
    let known = match target {
        Target::Known(patient) => Some(patient),
        Target::New | Target::NewOrKnown => recognised(index, target, said)?,
    };
    let held = known.and_then(|known| index.patient(known));
    if held.is_none() && matches!(target, Target::Known(_)) {
        return Err(no_such_id());
    }
    if let Some(wanted) = if_match {
        let has = held.map(|held| version(keys, held));
        wanted.holds(has.as_deref())?;
    }
    refuse_others_numbers(index, known, said)?;
    let mut details = said.details.clone();
    if let Some(held) = held {
        keep(&mut details, held, matches!(target, Target::Known(_)));
    }
    let subject = Subject {
        patient: known,
        details,
    };
    let mut events = vec![Event {
        at: now,
        change: Change::Tell(subject.clone(), None),
    }];
    let is_merged = held.is_some_and(|held| held.shown.merged_into.is_some());
    let becomes_merged = said
        .links
        .iter()
        .any(|link| link.kind == super::read::LinkKind::ReplacedBy);
    if said.is_inactive && !is_merged && !becomes_merged {
        events.push(Event {
            at: now,
            change: Change::Remove(subject),
        });
    }
    Ok(events)
}

/// Whom the index knows them to be: by a number of a service, or by NHS number with birth date and given name.
fn recognised(index: &Index, target: Target, said: &Said<'_>) -> Result<Option<PatientId>, Refusal> {
    let by_number = said
        .details
        .identifiers
        .iter()
        .position(|number| index.owner(number).is_some());
    if let (Target::New, Some(at)) = (target, by_number) {
        return Err(Refusal::at(
            StatusCode::CONFLICT,
            "duplicate",
            "A patient with this number is known: update them, or create on condition (If-None-Exist).",
            said.places.get(at).cloned().unwrap_or_default(),
        ));
    }
    index.find(&said.details, None).map_err(|_| Refusal::not_found())
}

fn refuse_others_numbers(index: &Index, known: Option<PatientId>, said: &Said<'_>) -> Result<(), Refusal> {
    let stands_for = known.map(|known| index.stands_for(known));
    let mut owners = said.details.identifiers.iter().map(|number| index.owner(number));
    let at = owners.position(|owner| owner.is_some_and(|owner| Some(index.stands_for(owner)) != stands_for));
    match at {
        None => Ok(()),
        Some(at) => Err(Refusal::at(
            StatusCode::CONFLICT,
            "duplicate",
            "This number is another patient's. If the two are one, link them (replaced-by).",
            said.places.get(at).cloned().unwrap_or_default(),
        )),
    }
}

/// What absence does not take away. A sender who did not know that the patient is known (`is_meant` is false) takes nothing away.
fn keep(details: &mut Details, held: &Held, is_meant: bool) {
    if !is_meant || held.shown.restricted {
        keep_one(&mut details.addresses);
        keep_one(&mut details.contacts);
        keep_one(&mut details.gp);
    }
    if !is_meant {
        keep_one(&mut details.preferred);
    }
    // That somebody died says no less than when.
    let is_known_when = held.shown.died.as_ref().is_some_and(|died| died.at.is_some());
    if is_known_when && details.died.set().is_some_and(|died| died.at.is_none()) {
        details.died = Update::Keep;
    }
    // Their own NHS number, said to be old, and no other in its place.
    let current = held.history.facts.nhs.value.map(|nhs| nhs.number);
    if details.nhs.is_keep() && current.is_some_and(|current| details.superseded.contains(&current)) {
        details.nhs = Update::Clear;
    }
}

fn keep_one<T>(update: &mut Update<T>) {
    if matches!(update, Update::Clear) {
        *update = Update::Keep;
    }
}
