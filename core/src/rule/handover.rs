//! Rules for handovers. Whoever belongs to a team writes on its sheets and may take responsibility; patients are offered by who
//! is responsible for them, and accepted by nobody but who was offered them.

use super::Author;
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::offer::{
    OFFER_NOTE_BYTES, PATIENTS, PLACE_BYTES, PRESENT, RESPONSIBILITIES, ROLES, SAID_BYTES as SAID, TASKS,
    UNSENT, WAITING,
};
use crate::op::handover::section::{SECTIONS, SECTIONS_EVER};
use crate::op::handover::{
    CareEnded, Closed, HandoverOp, NOTE_BYTES, NoteSet, Offered, ResponsibilityTaken, Side, TemplateSet, To,
    Which,
};
use crate::op::space::SpaceKind;
use crate::ordered::SortedSet;
use crate::refusal::Refusal;
use crate::state::handover::talk::{EACH_BYTES, SAID_BYTES};
use crate::state::handover::{DOCUMENT_BYTES, Handover, Sheet};
use crate::state::{Handovers, SpaceState};
use crate::text::AFTER;

pub(super) fn may(author: Author, op: &HandoverOp, state: &SpaceState) -> Result<(), Refusal> {
    match state.kind {
        Some(SpaceKind::Team) => {}
        Some(SpaceKind::Direct | SpaceKind::Group | SpaceKind::Own | SpaceKind::Patient) | None => {
            return Err(Refusal::TeamsOnly);
        }
    }
    let Author::Person(user) = author else {
        return Err(Refusal::Malformed);
    };
    let held = &state.handovers;
    match op {
        HandoverOp::Accepted(op) => decide(user, op.handover, &op.patients, state),
        HandoverOp::Answered(op) => {
            super::text_fits(op.text.as_str(), SAID)?;
            let handover = held.asked_in(op.question).ok_or(Refusal::NoQuestion)?;
            has_room(handover, op.text.as_str())
        }
        HandoverOp::Asked(op) => {
            super::text_fits(op.text.as_str(), SAID)?;
            let handover = find(op.handover, held)?;
            if op.patient.is_some_and(|patient| handover.part(patient).is_none()) {
                return Err(Refusal::NotWaiting);
            }
            has_room(handover, op.text.as_str())
        }
        HandoverOp::CareEnded(op) => end_care(user, op, state),
        HandoverOp::Closed(op) => sign_off(user, op, state),
        HandoverOp::NoteSet(op) => write(op, state),
        HandoverOp::Offered(op) => offer(user, op, state),
        HandoverOp::PrioritySet(_) => Ok(()),
        HandoverOp::ReadBack(op) => {
            super::text_fits(op.text.as_str(), SAID)?;
            let handover = find(op.handover, held)?;
            let is_theirs =
                handover.may_receive(user, &state.roles) || handover.is_receiver(user, &state.roles);
            if !is_theirs {
                return Err(Refusal::NotYours);
            }
            if handover.part(op.patient).is_none() {
                return Err(Refusal::NotWaiting);
            }
            has_room(handover, op.text.as_str())
        }
        HandoverOp::Refused(op) => {
            super::text_fits(op.reason.as_str(), SAID)?;
            decide(user, op.handover, &op.patients, state)
        }
        HandoverOp::ResponsibilityTaken(op) => take(user, op, held),
        HandoverOp::TemplateSet(op) => set_template(user, op, state),
        HandoverOp::Withdrawn(op) => {
            let handover = find(op.handover, held)?;
            giver(user, handover)?;
            somebody_waits(handover, &Which::All)
        }
    }
}

/// An empty text clears the section. Where something stands in a section that left the template, it may still be written.
fn write(op: &NoteSet, state: &SpaceState) -> Result<(), Refusal> {
    let field = state
        .handovers
        .sheet(op.patient)
        .and_then(|sheet| sheet.note(&op.section));
    if field.is_none() && !state.handovers.template.includes(&op.section) {
        return Err(Refusal::NoSection);
    }
    if op.text.as_str().len() > NOTE_BYTES {
        return Err(Refusal::TooLong);
    }
    super::edit_fits(op.base, &op.after, field, state)
}

/// Patients are offered by who is responsible for them. Those whom nobody has yet become theirs by the offer.
fn offer(user: UserId, op: &Offered, state: &SpaceState) -> Result<(), Refusal> {
    let held = &state.handovers;
    each_once(&op.patients)?;
    let is_too_long = op.place.as_str().len() > PLACE_BYTES
        || op.note.as_str().len() > OFFER_NOTE_BYTES
        || op.tasks.len() > TASKS
        || op.roles.len() > ROLES
        || op.present.len() > PRESENT
        || op.unsent.len() > UNSENT;
    if is_too_long {
        return Err(Refusal::TooLong);
    }
    if op.list.is_some_and(|list| state.lists.find(list).is_none()) {
        return Err(Refusal::NoList);
    }
    match op.to {
        To::Person(person) if person == user => return Err(Refusal::Malformed),
        To::Person(person) => super::member::member(person, state)?,
        To::Role(role) => super::role::open(role, state).map(drop)?,
    }
    let mut bytes = op.note.as_str().len();
    let mut first = 0;
    for patient in &op.patients {
        match held.responsible(*patient) {
            Some(responsible) if responsible.user != user => return Err(Refusal::NotResponsible),
            Some(_) => {}
            None => first += 1,
        }
        if held.waiting(*patient).is_some() {
            return Err(Refusal::AlreadyOffered);
        }
        bytes += held.sheet(*patient).map_or(0, Sheet::bytes);
    }
    may_have(first, held)?;
    if held.iter().filter(|handover| handover.is_waiting()).count() >= WAITING {
        return Err(Refusal::TooManyHandovers);
    }
    if bytes > DOCUMENT_BYTES {
        Err(Refusal::HandoverFull)
    } else {
        Ok(())
    }
}

/// Who was offered patients, or holds or answers for the role that was, accepts or refuses those who wait. At least one of those whom they name does; what was decided
/// of the others stays, so that one who was taken over meanwhile does not hold up the rest.
fn decide(user: UserId, id: OpId, which: &Which, state: &SpaceState) -> Result<(), Refusal> {
    let handover = find(id, &state.handovers)?;
    if !handover.may_receive(user, &state.roles) {
        return Err(Refusal::NotYours);
    }
    if let Which::Some(patients) = which {
        each_once(patients)?;
        if patients.iter().any(|patient| handover.part(*patient).is_none()) {
            return Err(Refusal::NotWaiting);
        }
    }
    somebody_waits(handover, which)
}

fn take(user: UserId, op: &ResponsibilityTaken, held: &Handovers) -> Result<(), Refusal> {
    each_once(&op.patients)?;
    if op.from == Some(user) {
        return Err(Refusal::Malformed);
    }
    let has_moved = |patient: &PatientId| held.responsible(*patient).map(|known| known.user) != op.from;
    if op.patients.iter().any(has_moved) {
        return Err(Refusal::ResponsibilityMoved);
    }
    match op.from {
        Some(_) => Ok(()),
        None => may_have(op.patients.len(), held),
    }
}

/// Who is responsible says that the team does not look after somebody any more, once they are on no list and wait nowhere.
fn end_care(user: UserId, op: &CareEnded, state: &SpaceState) -> Result<(), Refusal> {
    each_once(&op.patients)?;
    for patient in &op.patients {
        let responsible = state.handovers.responsible(*patient);
        if responsible.is_none_or(|known| known.user != user) {
            return Err(Refusal::NotResponsible);
        }
        if state.lists.include(*patient) || state.handovers.waiting(*patient).is_some() {
            return Err(Refusal::StillHere);
        }
    }
    Ok(())
}

/// Who offered may sign off and go home; who receives signs when they have decided on everybody.
fn sign_off(user: UserId, op: &Closed, state: &SpaceState) -> Result<(), Refusal> {
    let handover = find(op.handover, &state.handovers)?;
    if op.text.as_str().len() > SAID || op.present.len() > PRESENT {
        return Err(Refusal::TooLong);
    }
    match op.side {
        Side::Giving => giver(user, handover)?,
        Side::Receiving => {
            if !handover.is_receiver(user, &state.roles) {
                return Err(Refusal::NotYours);
            }
            if handover.is_waiting() {
                return Err(Refusal::StillWaiting);
            }
        }
    }
    has_room(handover, op.text.as_str())
}

fn set_template(user: UserId, op: &TemplateSet, state: &SpaceState) -> Result<(), Refusal> {
    if !state.members.is_admin(user) {
        return Err(Refusal::NotAdmin);
    }
    if op.base > state.head.seq || op.after.len() > AFTER || op.sections.is_empty() {
        return Err(Refusal::Malformed);
    }
    let mut known = SortedSet::new();
    for section in &op.sections {
        super::title_fits(section.title.as_str())?;
        if !section.id.is_sound() || !known.insert(&section.id) {
            return Err(Refusal::Malformed);
        }
    }
    let template = &state.handovers.template;
    if op.sections.len() > SECTIONS || template.ever_with(&op.sections) > SECTIONS_EVER {
        return Err(Refusal::TooManySections);
    }
    if template.is_seen_by(op) {
        Ok(())
    } else {
        Err(Refusal::ChangedMeanwhile)
    }
}

fn find(id: OpId, held: &Handovers) -> Result<&Handover, Refusal> {
    held.find(id).ok_or(Refusal::NoHandover)
}

fn giver(user: UserId, handover: &Handover) -> Result<(), Refusal> {
    if handover.from() == user {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

fn somebody_waits(handover: &Handover, which: &Which) -> Result<(), Refusal> {
    let first = handover.waiting_of(which).next();
    first.map(drop).ok_or(Refusal::NotWaiting)
}

fn has_room(handover: &Handover, text: &str) -> Result<(), Refusal> {
    if handover.said_bytes() + text.len() + EACH_BYTES > SAID_BYTES {
        Err(Refusal::HandoverFull)
    } else {
        Ok(())
    }
}

fn may_have(more: usize, held: &Handovers) -> Result<(), Refusal> {
    if more > 0 && held.responsibilities() + more > RESPONSIBILITIES {
        Err(Refusal::TooManyPatients)
    } else {
        Ok(())
    }
}

/// Some patients, not too many, and nobody twice.
fn each_once(patients: &[PatientId]) -> Result<(), Refusal> {
    let distinct: SortedSet<PatientId> = patients.iter().copied().collect();
    if patients.is_empty() || distinct.len() != patients.len() {
        Err(Refusal::Malformed)
    } else if patients.len() > PATIENTS {
        Err(Refusal::TooManyPatients)
    } else {
        Ok(())
    }
}
