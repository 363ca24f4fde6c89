//! What the machine wants done: everything it tells the outside.

use super::Ask;
use crate::id::{OpId, SpaceId};
use crate::op::Op;
use crate::refusal::Refusal;
use crate::state::Change;

/// Something to be done, from [`super::Sync::poll_action`], in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask the record; the answer comes back as the event of the same name, or as [`super::Event::AskFailed`].
    Ask(Ask),
    /// Open a socket at the edge's `/socket?g=<gateway>`. There is none open at this moment.
    Dial {
        /// The number of the user's gateway ([`crate::service::derive_gateway`]).
        gateway: u8,
    },
    /// This device was revoked, by an order that the record signed: wipe everything.
    Erase,
    /// This person no longer belongs to the space: wipe what is kept of it, but for its outbox.
    Forget(SpaceId),
    /// Close the socket and drop what still comes from it.
    HangUp,
    /// Send the text frame [`crate::frame::PING`].
    Ping,
    /// Send a binary frame.
    Send(Vec<u8>),
    /// Something that screens show has changed.
    Show(Shown),
    /// Keep, or no longer keep, what a restart needs.
    Store(Store),
}

/// What changed, so that screens redraw no more than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// [`super::Sync::connection`], or [`super::Sync::clock_skew`].
    Connection,
    /// Cursors of a space: unread counts, and the statuses of its messages.
    Cursors(SpaceId),
    /// [`super::Space::history`] of a space.
    History(SpaceId),
    /// What waits in a space's outbox: the statuses of those messages.
    Outbox(SpaceId),
    /// The shown state of a space. A place that is named and no longer holds an item lost it: what is only on this
    /// device moves back when something else takes its place.
    Space(SpaceId, Vec<Change>),
    /// The list of spaces.
    Spaces,
    /// Who is writing in a space.
    Typing(SpaceId),
}

/// What a restart needs: operations that the record is not yet proven to have, in the order of their being put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// Keep this operation, or keep it with its refusal.
    Put(Kept),
    /// The record is proven to have it, or its author gave it up.
    Remove {
        /// In which space.
        space: SpaceId,
        /// Which operation.
        op: OpId,
    },
}

/// An operation as it is kept for a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// In which space.
    pub space: SpaceId,
    /// The operation, not sealed for the wire: it is sealed anew when it is sent.
    pub op: Op,
    /// Why the record refused it; `None` while it has not.
    pub refused: Option<Refusal>,
}
