//! What the machine wants done: everything it tells the outside.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::Ask;
use crate::chain::{Entry, Seq};
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

/// What is kept over a restart. Operations are always told; the rest once [`super::Sync::keep_all`] was asked for. All tabs of
/// a device tell each other the same ([`super::Sync::take_stored`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Store {
    /// How far everybody has received and read in a space; in place of what was kept.
    Cursors {
        /// In which space.
        space: SpaceId,
        /// To be sealed and kept.
        row: Row,
    },
    /// Entries of a log, as they came, in order and without gaps among themselves.
    Entries {
        /// Of which space.
        space: SpaceId,
        /// Checked against the chain, and opened.
        entries: Vec<Entry>,
        /// Which of them are about an earlier operation (corrections, say), and about which.
        about: Vec<(Seq, OpId)>,
    },
    /// This person no longer belongs to the space: wipe what is kept of it, but for its outbox.
    Forget(SpaceId),
    /// Keep this operation, or keep it with its refusal, in place of what is kept of it.
    Put(Kept),
    /// The record is proven to have it, or its author gave it up.
    Remove {
        /// In which space.
        space: SpaceId,
        /// Which operation.
        op: OpId,
    },
    /// A space's keys and folded state; in place of what was kept.
    Space {
        /// Which space.
        space: SpaceId,
        /// Up to where its log is folded in: what follows is to be had from its entries.
        head: Seq,
        /// To be sealed and kept.
        row: Row,
    },
}

/// What is kept of a space, as bytes to be sealed: it holds keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Row(#[serde(with = "serde_bytes")] Vec<u8>);

impl Row {
    /// Takes bytes that were kept.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Shows the bytes, to be sealed.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({} bytes)", self.0.len())
    }
}

/// An operation as it is kept for a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// In which space.
    pub space: SpaceId,
    /// Smaller for what was done earlier on this device, in any tab.
    pub order: u64,
    /// The operation, not sealed for the wire: it is sealed anew when it is sent.
    #[serde(with = "op_bytes")]
    pub op: Arc<Op>,
    /// Why the record refused it; `None` while it has not.
    pub refused: Option<Refusal>,
}

/// An operation in what is kept is in its own encoding, which keeps what this version does not know.
mod op_bytes {
    use std::sync::Arc;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::op::Op;

    pub(super) fn serialize<S: Serializer>(op: &Op, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bytes::Bytes::new(&op.to_bytes()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Op>, D::Error> {
        let bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
        Op::from_bytes(&bytes).map(Arc::new).map_err(D::Error::custom)
    }
}
