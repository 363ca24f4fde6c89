//! What is allowed: the same rules on the device, for the person, and on the record, for the truth. No rule reads a
//! clock; the state is the space as it was just before.

use crate::chain::Seq;
use crate::id::OpId;
use crate::op::space::TITLE_CHARS;
use crate::op::{Body, Op};
use crate::refusal::Refusal;
use crate::state::SpaceState;
use crate::text::{AFTER, Basis, TextField, UNSETTLED};

mod handover;
mod list;
mod member;
mod message;
mod patient;
mod role;
mod space;
mod task;

/// Who asks, as the seal and the record's directory prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A member of staff, by one of their devices.
    Person(crate::id::UserId),
    /// The record itself.
    Record,
}

/// Says whether `author` may do `op` in a space that is in `state`.
///
/// ```
/// use baton_core::{id::*, op::*, op::message::*, refusal::Refusal, rule::{may, Author}, state::SpaceState, time::At};
///
/// let (user, space) = (UserId::from_bytes([1; 16]), SpaceId::from_bytes([2; 16]));
/// let posted = Posted { text: "Bed 4 is ready".into(), priority: Priority::Routine, reply_to: None, mentions: vec![], roles: vec![], about: None, photos: vec![] };
/// let op = Op { id: OpId::from_bytes([3; 16]), by: user, at: At::default(), body: Body::Message(MessageOp::Posted(posted)) };
/// assert_eq!(may(Author::Person(user), &op, &SpaceState::new(space)), Err(Refusal::NotMember));
/// ```
pub fn may(author: Author, op: &Op, state: &SpaceState) -> Result<(), Refusal> {
    let by = match author {
        Author::Person(user) => user,
        Author::Record => crate::id::UserId::RECORD,
    };
    if op.by != by {
        return Err(Refusal::Malformed);
    }
    if let Author::Person(user) = author
        && !state.members.contains(user)
    {
        return Err(Refusal::NotMember);
    }
    match &op.body {
        Body::Handover(handover) => handover::may(author, handover, state),
        Body::List(list) => list::may(author, list, state),
        Body::Member(member) => member::may(author, member, state),
        Body::Message(message) => message::may(author, message, state),
        Body::Patient(patient) => patient::may(author, patient),
        Body::Role(role) => role::may(author, role, state),
        Body::Space(space) => space::may(author, space, state),
        Body::Task(task) => task::may(author, task, state),
        Body::Unknown { .. } => Err(Refusal::UnknownKind),
    }
}

/// A text that people wrote is neither empty nor past its limit.
fn text_fits(text: &str, bytes: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if text.len() > bytes {
        Err(Refusal::TooLong)
    } else {
        Ok(())
    }
}

/// A title is neither empty nor past its limit.
fn title_fits(title: &str) -> Result<(), Refusal> {
    text_fits(title, TITLE_CHARS * 4)?;
    if title.chars().count() > TITLE_CHARS {
        Err(Refusal::TooLong)
    } else {
        Ok(())
    }
}

/// An edit of a text names no place that is not there yet, names few that had none, and leaves few beside it.
fn edit_fits(
    base: Seq,
    after: &[OpId],
    field: Option<&TextField>,
    state: &SpaceState,
) -> Result<(), Refusal> {
    if base > state.head.seq || after.len() > AFTER {
        return Err(Refusal::Malformed);
    }
    let basis = Basis {
        base,
        after: after.to_vec(),
    };
    if field.is_some_and(|field| field.unseen(&basis) >= UNSETTLED) {
        Err(Refusal::Unsettled)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
