//! Gathers operations while a batch is at the record, and takes the record's answer apart again.
//!
//! One batch per space is at the record at any time, so the log's order is the order in which operations came here. A
//! device's frame is never split over batches.

use std::collections::VecDeque;

use baton_core::chain::{Entry, Seq};
use baton_core::frame::limit::{BATCH_BYTES, OPS_PER_BATCH};
use baton_core::frame::{Appended, FromEdge, SealedOp, encode};
use baton_core::id::{DeviceId, SpaceId};
use baton_core::service::{Append, AppendResult, DeviceOp};

use crate::limit::{WAITING_BYTES, WAITING_OPS};

/// The operations of one frame, and where its answer goes.
#[derive(Debug)]
pub(crate) struct Group<T> {
    /// Whose frame.
    pub(crate) device: DeviceId,
    /// In their order.
    pub(crate) ops: Vec<SealedOp>,
    /// Where the answer goes.
    pub(crate) slot: T,
}

impl<T> Group<T> {
    fn bytes(&self) -> usize {
        self.ops.iter().map(|op| op.sealed.len()).sum()
    }
}

/// What waits for the record.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    waiting: VecDeque<Group<T>>,
    /// Invariant: the operations in `waiting`, and their bytes.
    ops: usize,
    bytes: usize,
    running: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            ops: 0,
            bytes: 0,
            running: false,
        }
    }
}

/// What goes to the record in one request.
#[derive(Debug)]
pub(crate) struct Batch<T> {
    /// The request.
    pub(crate) request: Append,
    /// Where the answers go, and to how many operations each.
    slots: Vec<(T, usize)>,
}

impl<T> Queue<T> {
    /// Adds a group; true when nobody is sending yet, and the caller must start. Gives the slot back when full.
    pub(crate) fn push(&mut self, group: Group<T>) -> Result<bool, T> {
        let (ops, bytes) = (self.ops + group.ops.len(), self.bytes + group.bytes());
        if ops > WAITING_OPS || bytes > WAITING_BYTES {
            return Err(group.slot);
        }
        (self.ops, self.bytes) = (ops, bytes);
        self.waiting.push_back(group);
        Ok(!std::mem::replace(&mut self.running, true))
    }

    /// Takes the next batch; `None` when nothing waits, and then the caller stops.
    pub(crate) fn next(&mut self, space: SpaceId) -> Option<Batch<T>> {
        let mut batch = Batch {
            request: Append {
                space,
                ops: Vec::new(),
            },
            slots: Vec::new(),
        };
        let mut bytes = 0;
        while let Some(group) = self.waiting.front() {
            let more = group.bytes();
            let full =
                batch.request.ops.len() + group.ops.len() > OPS_PER_BATCH || bytes + more > BATCH_BYTES;
            if full && !batch.slots.is_empty() {
                break;
            }
            let Some(group) = self.waiting.pop_front() else {
                break;
            };
            bytes += more;
            self.ops = self.ops.saturating_sub(group.ops.len());
            self.bytes = self.bytes.saturating_sub(more);
            batch.slots.push((group.slot, group.ops.len()));
            let device = group.device;
            batch
                .request
                .ops
                .extend(group.ops.into_iter().map(|op| DeviceOp { device, op }));
        }
        self.running = !batch.slots.is_empty();
        self.running.then_some(batch)
    }
}

/// What a batch led to.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    /// For each frame: where its answer goes, the answer's frames, and whether the device was told that it may not.
    pub(crate) answers: Vec<(T, Vec<Vec<u8>>, Option<DeviceId>)>,
    /// New entries of the log.
    pub(crate) entries: Vec<Entry>,
    /// The last place that any of these operations has, also those that were there before.
    pub(crate) reaches: Seq,
}

impl<T> Batch<T> {
    /// Takes a batch apart by the record's results; gives the slots back when they are not one for each operation.
    pub(crate) fn settle(self, results: Vec<AppendResult>) -> Result<Outcome<T>, Vec<T>> {
        if results.len() != self.request.ops.len() {
            return Err(self.into_slots());
        }
        let space = self.request.space;
        let mut outcome = Outcome {
            answers: Vec::new(),
            entries: Vec::new(),
            reaches: Seq::ZERO,
        };
        let mut sent = self.request.ops.into_iter().zip(results);
        for (slot, count) in self.slots {
            let mut told = Told::default();
            for (op, result) in sent.by_ref().take(count) {
                told.take(space, op, result, &mut outcome);
            }
            let not_allowed = told.not_allowed;
            outcome.answers.push((slot, told.frames(space), not_allowed));
        }
        Ok(outcome)
    }

    /// Gives up: where all the answers go.
    pub(crate) fn into_slots(self) -> Vec<T> {
        self.slots.into_iter().map(|(slot, _)| slot).collect()
    }
}

/// What one device is told about one frame.
#[derive(Default)]
struct Told {
    appended: Vec<Appended>,
    refused: Vec<Vec<u8>>,
    stale: Vec<baton_core::id::OpId>,
    not_allowed: Option<DeviceId>,
}

impl Told {
    fn take<T>(&mut self, space: SpaceId, sent: DeviceOp, result: AppendResult, outcome: &mut Outcome<T>) {
        let DeviceOp {
            device,
            op: SealedOp { op_id, sealed },
        } = sent;
        match result {
            AppendResult::Appended {
                seq,
                at,
                chain,
                again,
            } => {
                self.appended.push(Appended { op_id, seq, at });
                outcome.reaches = outcome.reaches.max(seq);
                // What was there before may have been sealed anew since; the record has the bytes that count.
                if !again {
                    outcome.entries.push(Entry {
                        seq,
                        op_id,
                        device,
                        at,
                        sealed,
                        chain,
                    });
                }
            }
            AppendResult::Refused { sealed } => {
                self.refused
                    .push(encode(&FromEdge::Refused { space, op_id, sealed }));
            }
            AppendResult::StaleEpoch => self.stale.push(op_id),
            AppendResult::NotAllowed => self.not_allowed = Some(device),
        }
    }

    fn frames(self, space: SpaceId) -> Vec<Vec<u8>> {
        let mut frames = Vec::with_capacity(1);
        if !self.appended.is_empty() {
            frames.push(encode(&FromEdge::Appended {
                space,
                appended: self.appended,
            }));
        }
        frames.extend(self.refused);
        if !self.stale.is_empty() {
            frames.push(encode(&FromEdge::StaleEpoch {
                space,
                op_ids: self.stale,
            }));
        }
        if self.not_allowed.is_some() {
            frames.push(encode(&FromEdge::NotAllowed { space }));
        }
        frames
    }
}

#[cfg(test)]
mod tests;
