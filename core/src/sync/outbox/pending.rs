//! One operation that waits, and how it stands.

use std::sync::Arc;

use crate::chain::Seq;
use crate::id::OpId;
use crate::op::Op;
use crate::refusal::Refusal;

/// An operation that waits in an outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The operation.
    pub op: Arc<Op>,
    /// How it stands.
    pub state: PendingState,
    /// Smaller for what was done earlier.
    pub(in crate::sync) order: u64,
    /// An operation that was done after this one stands in the log at this place.
    pub(super) overtaken: Option<Seq>,
    /// The place at which the edge says the record has it.
    pub(super) acked_at: Option<Seq>,
    /// Every entry since it was done was seen here: if it were in the log, it would have left.
    pub(super) is_watched: bool,
    /// It was refused, or held, for a while: what was done later may have gone before it.
    pub(super) gave_way: bool,
    /// That it was refused is the word of the log, not of the record.
    pub(super) is_inferred: bool,
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
    /// The record refused it, as it said or as the log shows; its author corrects or discards it.
    Refused(Refusal),
    /// Not sent yet, or to be sent again.
    Waiting,
}

impl Pending {
    pub(super) fn new(op: Arc<Op>, order: u64, refused: Option<Refusal>) -> Self {
        Self {
            op,
            state: refused.map_or(PendingState::Waiting, PendingState::Refused),
            order,
            overtaken: None,
            acked_at: None,
            is_watched: true,
            gave_way: refused.is_some(),
            is_inferred: false,
        }
    }
}
