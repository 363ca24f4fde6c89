//! The outbox of one space.

use crate::id::OpId;
use crate::op::Op;
use crate::refusal::Refusal;

/// An operation that waits in an outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The operation.
    pub op: Op,
    /// How it stands.
    pub state: PendingState,
}

/// How an operation in an outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingState {
    /// The edge says that the record has it; it stays here until it is seen in the log.
    Acked,
    /// What it is about was refused: it waits for the author's decision on that.
    HeldBy(OpId),
    /// On its way.
    InFlight,
    /// The record refused it; its author corrects or discards it.
    Refused(Refusal),
    /// Not sent yet, or to be sent again.
    Waiting,
}
