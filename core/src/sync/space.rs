//! One space as the machine holds it.

use super::outbox::Pending;
use super::show::{HistoryState, Status};
use crate::chain::Seq;
use crate::id::{SpaceId, UserId};
use crate::op::space::SpaceKind;
use crate::signal::Cursor;
use crate::state::{Message, SpaceState};
use crate::time::At;

/// One space: its confirmed state, what is shown, what waits, how far everybody has read.
#[derive(Debug)]
pub struct Space {
    kind: SpaceKind,
    confirmed: SpaceState,
}

impl Space {
    /// Which space.
    pub fn id(&self) -> SpaceId {
        self.confirmed.space
    }

    /// What kind of space.
    pub fn kind(&self) -> SpaceKind {
        self.kind
    }

    /// The fold of the log.
    pub fn confirmed(&self) -> &SpaceState {
        &self.confirmed
    }

    /// The confirmed state and on top of it what is only on this device.
    pub fn shown(&self) -> &SpaceState {
        &self.confirmed
    }

    /// How far a message of this space has come.
    pub fn status(&self, message: &Message) -> Status {
        let _ = message;
        Status::Sent
    }

    /// Who has read up to a place, besides this person.
    pub fn readers(&self, seq: Seq) -> Vec<UserId> {
        let _ = seq;
        Vec::new()
    }

    /// How far somebody has received and read; `None` when nothing is known.
    pub fn cursor(&self, user: UserId) -> Option<&Cursor> {
        let _ = user;
        None
    }

    /// How many messages of others this person has not read, of those that are held.
    pub fn unread(&self) -> usize {
        0
    }

    /// The first message of others that this person has not read, of those that are held.
    pub fn first_unread(&self) -> Option<Seq> {
        None
    }

    /// Who is writing.
    pub fn typing(&self, now: At) -> Vec<UserId> {
        let _ = now;
        Vec::new()
    }

    /// What waits, in the order in which it was done.
    pub fn outbox(&self) -> impl Iterator<Item = &Pending> {
        std::iter::empty()
    }

    /// How much of the history is held.
    pub fn history(&self) -> HistoryState {
        HistoryState::Complete
    }

    /// Whether everything that the edge has was received, on the connection that is live.
    pub fn is_caught_up(&self) -> bool {
        false
    }

    /// False once this person no longer belongs to the space; what they wrote and was not taken is still in the
    /// outbox, until it is discarded.
    pub fn is_open(&self) -> bool {
        true
    }
}
