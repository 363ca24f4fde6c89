//! What was seen in the log and is not yet proven: kept on until the record itself has named a head that includes it.

use std::sync::Arc;

use super::{Outbox, Pending, PendingState};
use crate::chain::Seq;
use crate::id::OpId;
use crate::op::Op;
use crate::ordered::sort_by_key;
use crate::refusal::Refusal;
use crate::sync::Kept;

impl Outbox {
    /// Adds an operation that was seen in the log before a restart.
    pub(in crate::sync) fn saw_before(&mut self, seq: Seq, kept: Kept) {
        self.unproven.push((seq, kept.order, kept.op));
    }

    /// What was seen in the log and is not proven, by place.
    pub(in crate::sync) fn unproven(&self) -> impl Iterator<Item = (Seq, OpId)> {
        self.unproven.iter().map(|(seq, _, op)| (*seq, op.id))
    }

    /// The record has named a head of this very log at `seq`. Gives what no longer needs to be kept.
    pub(in crate::sync) fn prove(&mut self, seq: Seq) -> Vec<OpId> {
        let (proven, unproven) = std::mem::take(&mut self.unproven)
            .into_iter()
            .partition(|(at, ..)| *at <= seq);
        self.unproven = unproven;
        proven
            .into_iter()
            .map(|(.., op): (Seq, u64, Arc<Op>)| op.id)
            .collect()
    }

    /// The log was not the record's: what was seen only there waits again, where it stood among what was done, and so does
    /// what was refused only by what that log said. Gives what is no longer refused.
    pub(in crate::sync) fn unsee(&mut self) -> Vec<(u64, Arc<Op>)> {
        let unproven = std::mem::take(&mut self.unproven);
        let restored: Vec<OpId> = unproven.iter().map(|(.., op)| op.id).collect();
        let waiting = unproven
            .into_iter()
            .map(|(_, order, op)| Pending::new(op, order, None));
        self.pending.extend(waiting);
        sort_by_key(self.pending.make_contiguous(), |pending| pending.order);
        let mut unrefused = Vec::new();
        for pending in &mut self.pending {
            let lost_its_target = matches!(
                pending.state,
                PendingState::Refused(
                    Refusal::NoList
                        | Refusal::NoMessage
                        | Refusal::NoRole
                        | Refusal::NoTask
                        | Refusal::NoTemplate
                )
            ) && pending
                .op
                .target()
                .is_some_and(|target| restored.contains(&target));
            if lost_its_target || std::mem::take(&mut pending.is_inferred) {
                pending.state = PendingState::Waiting;
                unrefused.push((pending.order, Arc::clone(&pending.op)));
            }
            pending.overtaken = None;
        }
        self.lose_sight(|_| true);
        self.send_again(None);
        self.settle_holds();
        unrefused
    }
}
