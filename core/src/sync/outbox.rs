//! The outbox of one space: what a person did and the record is not yet proven to have.
//!
//! Strictly first in, first out. It keeps the plain operation, which is sealed anew whenever it is sent. One frame is in
//! flight at a time, and the next one goes when everything of it was *seen in the log* or refused: an acknowledgement is
//! the edge's word, and the edge is not trusted with the order of what people write.
//!
//! An operation that was seen in the log is kept on for a while ([`Outbox::prove`]), until the record itself has named a
//! head of the log that includes it: an edge that made the log up cannot make a device lose what was written.
//!
//! What the record refused and did not get to say is found out from the log ([`Outbox::pass_over`]), and is not sent again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::Kept;
use crate::chain::Seq;
use crate::frame::limit;
use crate::id::{OpId, SpaceId};
use crate::op::handover::HandoverOp;
use crate::op::task::TaskOp;
use crate::op::{Body, Op};
use crate::ordered::SortedSet;
use crate::photo::PhotoId;
use crate::refusal::Refusal;
use crate::time::At;

mod passed_over;
mod pending;
mod proof;

pub use pending::{Pending, PendingState};

/// The outbox of one space.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pending: VecDeque<Pending>,
    /// Seen in the log, by place, and not yet proven.
    unproven: Vec<(Seq, u64, Arc<Op>)>,
    flight: Option<Flight>,
    /// Nothing is sent before this.
    hold_until: Option<At>,
    /// Something was sealed under an epoch that has ended.
    awaits_keys: bool,
    /// Photos that the record has.
    deposited: SortedSet<PhotoId>,
    attempt: u32,
}

/// An operation with its order, and why it is kept as refused; `None` when it is gone.
type Discarded = (u64, Arc<Op>, Option<Refusal>);

#[derive(Debug)]
struct Flight {
    ops: Vec<OpId>,
    deadline: At,
    /// The log was asked again after the first deadline.
    is_late: bool,
}

/// What an operation that was seen in the log meant for the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It was not from here.
    Elsewhere,
    /// It has left the outbox.
    Left,
    /// It has left the outbox, and somebody put what was done after it before it.
    Reordered,
}

/// What a deadline that passed asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// Ask for the log again: it may be there.
    LookAgain,
    /// It is sent again; true when the edge had said that the record has it.
    SendAgain {
        /// Whether the edge said so.
        was_acked: bool,
    },
}

impl Outbox {
    pub(super) fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter()
    }

    pub(super) fn find(&self, id: OpId) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.op.id == id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Adds an operation at the end.
    pub(super) fn push(&mut self, kept: Kept) {
        self.pending
            .push_back(Pending::new(kept.op, kept.order, kept.refused));
        self.settle_holds();
    }

    /// Entries were passed over: these may stand among them.
    pub(super) fn lose_sight(&mut self, of: impl Fn(OpId) -> bool) {
        for pending in self.pending.iter_mut().filter(|pending| of(pending.op.id)) {
            pending.is_watched = false;
        }
    }

    /// What may stand among entries that were not seen.
    pub(super) fn unwatched(&self) -> impl Iterator<Item = OpId> {
        self.pending
            .iter()
            .filter(|pending| !pending.is_watched)
            .map(|pending| pending.op.id)
    }

    /// Another tab no longer keeps this.
    pub(super) fn drop_kept(&mut self, id: OpId) {
        self.unproven.retain(|(.., op)| op.id != id);
        self.settle(id);
    }

    /// Everything in it, as it is kept.
    pub(super) fn into_kept(self, space: SpaceId) -> Vec<Kept> {
        let unproven = self.unproven.into_iter().map(|(_, order, op)| (order, op, None));
        let pending = self.pending.into_iter().map(|pending| {
            let refused = match pending.state {
                PendingState::Refused(reason) => Some(reason),
                PendingState::Acked
                | PendingState::HeldBy(_)
                | PendingState::InFlight
                | PendingState::Waiting => None,
            };
            (pending.order, pending.op, refused)
        });
        unproven
            .chain(pending)
            .map(|(order, op, refused)| Kept {
                space,
                order,
                op,
                refused,
            })
            .collect()
    }

    /// Cuts the next frame, when one may go now. Whatever is returned is in flight from here on.
    pub(super) fn cut_frame(&mut self, tick: At) -> Vec<Arc<Op>> {
        let must_wait = self.flight.is_some() || self.hold_until.is_some_and(|until| until > tick);
        if must_wait || self.pending.is_empty() {
            return Vec::new();
        }
        self.hold_until = None;
        let mut ops = Vec::new();
        for index in 0..self.pending.len() {
            let Some(pending) = self.pending.get(index) else {
                break;
            };
            if matches!(pending.state, PendingState::Refused(_) | PendingState::HeldBy(_)) {
                continue;
            }
            let waits_for_another = pending
                .op
                .target()
                .is_some_and(|target| self.find(target).is_some());
            let waits_for_photos = self.undeposited(&pending.op).is_some();
            if waits_for_another || waits_for_photos || ops.len() == limit::OPS_PER_APPEND {
                break;
            }
            ops.push(Arc::clone(&pending.op));
        }
        if !ops.is_empty() {
            let ids: Vec<OpId> = ops.iter().map(|op| op.id).collect();
            for pending in &mut self.pending {
                if pending.state == PendingState::Waiting && ids.contains(&pending.op.id) {
                    pending.state = PendingState::InFlight;
                }
            }
            self.flight = Some(Flight {
                ops: ids,
                deadline: tick.plus(ANSWER_WITHIN),
                is_late: false,
            });
        }
        ops
    }

    /// The photo that the record needs before anything more is sent: one at a time, in the order of what shows them.
    pub(super) fn next_photo(&self) -> Option<PhotoId> {
        let is_to_go = |pending: &&Pending| pending.state == PendingState::Waiting;
        self.pending
            .iter()
            .filter(is_to_go)
            .find_map(|pending| self.undeposited(&pending.op))
    }

    fn undeposited(&self, op: &Op) -> Option<PhotoId> {
        let mut photos = op.photos().iter().map(|photo| photo.id);
        photos.find(|photo| !self.deposited.contains(photo))
    }

    /// The record has a photo.
    pub(super) fn deposited(&mut self, photo: PhotoId) {
        self.deposited.insert(photo);
    }

    /// The record does not have a photo after all.
    pub(super) fn lost(&mut self, photo: PhotoId) {
        self.deposited.remove(&photo);
    }

    /// What waits and shows a photo.
    pub(super) fn showing(&self, photo: PhotoId) -> Vec<(u64, Arc<Op>)> {
        let shows = |pending: &&Pending| {
            pending.state == PendingState::Waiting
                && pending.op.photos().iter().any(|shown| shown.id == photo)
        };
        self.pending
            .iter()
            .filter(shows)
            .map(|pending| (pending.order, Arc::clone(&pending.op)))
            .collect()
    }

    /// The edge says that the record has this; false when it is not in flight.
    pub(super) fn acked(&mut self, id: OpId, seq: Seq, tick: At) -> bool {
        let Some(flight) = self.flight.as_mut().filter(|flight| flight.ops.contains(&id)) else {
            return false;
        };
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.op.id == id) {
            // From the first word of it on, however late that came, and then it is looked for once: saying it again wins no
            // time.
            if pending.state != PendingState::Acked {
                flight.deadline = tick.plus(SEEN_WITHIN);
                flight.is_late = false;
            }
            pending.state = PendingState::Acked;
            pending.acked_at = Some(seq);
        }
        true
    }

    /// The highest place up to `head` at which the edge says that the record has something that was not seen there.
    pub(super) fn acked_unseen(&self, head: Seq) -> Option<Seq> {
        let places = self
            .pending
            .iter()
            .filter(|pending| pending.state == PendingState::Acked);
        places
            .filter_map(|pending| pending.acked_at)
            .filter(|seq| *seq <= head)
            .max()
    }

    /// Whether the edge says that something is at a place from `from` to `to`.
    pub(super) fn is_acked_within(&self, from: Seq, to: Seq) -> bool {
        self.acked_unseen(to).is_some_and(|seq| seq >= from)
    }

    /// These were sealed under an epoch that has ended: they go again once keys have come.
    pub(super) fn stale(&mut self, ids: &[OpId], until: At) -> bool {
        let mut is_news = false;
        for id in ids {
            let is_stale = self.flight.as_ref().is_some_and(|flight| flight.ops.contains(id));
            if let Some(pending) = self
                .pending
                .iter_mut()
                .find(|pending| is_stale && pending.op.id == *id)
            {
                pending.state = PendingState::Waiting;
                is_news = true;
                self.land(*id);
            }
        }
        if is_news {
            self.hold(until);
            self.awaits_keys = true;
        }
        is_news
    }

    /// Keys have come; true when something waited for them.
    pub(super) fn keys_came(&mut self) -> bool {
        let has_waited = std::mem::take(&mut self.awaits_keys);
        if has_waited {
            self.hold_until = None;
        }
        has_waited
    }

    /// The record itself showed that it has this; false when it does not wait here.
    pub(super) fn settle(&mut self, id: OpId) -> bool {
        let before = self.pending.len();
        self.pending.retain(|pending| pending.op.id != id);
        self.land(id);
        self.settle_holds();
        before != self.pending.len()
    }

    /// The operation of an entry of the log.
    pub(super) fn seen(&mut self, id: OpId, seq: Seq) -> Seen {
        let Some(index) = self.pending.iter().position(|pending| pending.op.id == id) else {
            return Seen::Elsewhere;
        };
        let Some(left) = self.pending.remove(index) else {
            return Seen::Elsewhere;
        };
        let was_reordered = left.overtaken.is_some_and(|by| by < seq);
        self.unproven.push((seq, left.order, left.op));
        self.land(id);
        self.settle_holds();
        self.attempt = 0;
        if was_reordered {
            Seen::Reordered
        } else {
            Seen::Left
        }
    }

    /// The record refused it, by a reason that opened. False when it does not wait here.
    pub(super) fn refuse(&mut self, id: OpId, reason: Refusal) -> bool {
        let Some(pending) = self.pending.iter_mut().find(|pending| pending.op.id == id) else {
            return false;
        };
        pending.state = PendingState::Refused(reason);
        pending.gave_way = true;
        pending.is_inferred = false;
        self.land(id);
        self.settle_holds();
        true
    }

    /// Another tab sends this after all, though it was refused.
    pub(super) fn wait_again(&mut self, id: OpId) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.op.id == id)
            && matches!(pending.state, PendingState::Refused(_))
        {
            pending.state = PendingState::Waiting;
            pending.is_inferred = false;
        }
        self.settle_holds();
    }

    /// Takes an operation off the flight; the flight is over when none is left.
    fn land(&mut self, id: OpId) {
        if let Some(flight) = &mut self.flight {
            flight.ops.retain(|op| *op != id);
            if flight.ops.is_empty() {
                self.flight = None;
            }
        }
    }

    /// What is in flight goes again, not before `until`.
    pub(super) fn send_again(&mut self, until: Option<At>) {
        self.flight = None;
        self.hold_until = until.max(self.hold_until);
        for pending in &mut self.pending {
            if matches!(pending.state, PendingState::InFlight | PendingState::Acked) {
                pending.state = PendingState::Waiting;
            }
        }
    }

    /// The connection ended: what is in flight goes again on the next. What the edge said it has keeps that word until
    /// it is sent again.
    pub(super) fn disconnected(&mut self) {
        self.flight = None;
        self.hold_until = None;
        for pending in &mut self.pending {
            if pending.state == PendingState::InFlight {
                pending.state = PendingState::Waiting;
            }
        }
    }

    /// What a deadline that has passed asks for.
    pub(super) fn late(&mut self, tick: At) -> Option<Late> {
        let flight = self.flight.as_mut()?;
        if flight.deadline > tick {
            return None;
        }
        if !flight.is_late {
            flight.is_late = true;
            flight.deadline = tick.plus(SEEN_WITHIN);
            return Some(Late::LookAgain);
        }
        let was_acked = self
            .pending
            .iter()
            .any(|pending| pending.state == PendingState::Acked);
        self.send_again(None);
        Some(Late::SendAgain { was_acked })
    }

    /// Gives what is in flight more time, if its deadline has passed.
    pub(super) fn defer(&mut self, tick: At) -> bool {
        let Some(flight) = self.flight.as_mut().filter(|flight| flight.deadline <= tick) else {
            return false;
        };
        flight.deadline = tick.plus(SEEN_WITHIN);
        true
    }

    /// Counts a failure and gives how many there were since something last succeeded.
    pub(super) fn count_failure(&mut self) -> u32 {
        self.attempt = self.attempt.saturating_add(1);
        self.attempt
    }

    /// Holds everything back until a moment.
    pub(super) fn hold(&mut self, until: At) {
        self.hold_until = self.hold_until.max(Some(until));
    }

    /// When something is due here by itself.
    pub(super) fn next(&self) -> Option<At> {
        match &self.flight {
            Some(flight) => Some(flight.deadline),
            None if self.pending.is_empty() => None,
            None => self.hold_until,
        }
    }

    /// The author gives a refused operation up. What was held by it is refused in turn, so that its author sees each
    /// text before it is gone; what has no text (a withdrawal, a patient on a list that never was) goes with it.
    pub(super) fn discard(&mut self, id: OpId) -> Option<Vec<Discarded>> {
        let index = self
            .pending
            .iter()
            .position(|pending| pending.op.id == id && matches!(pending.state, PendingState::Refused(_)))?;
        let first = self.pending.remove(index)?;
        let reason = missing(&first.op.body);
        let mut gone = vec![(first.order, first.op, None)];
        for pending in &mut self.pending {
            if pending.op.target() == Some(id) {
                pending.state = PendingState::Refused(reason);
                pending.gave_way = true;
                gone.push((pending.order, Arc::clone(&pending.op), Some(reason)));
            }
        }
        let is_void = |op: &Op| op.target() == Some(id) && !op.body.has_text();
        self.pending.retain(|pending| !is_void(&pending.op));
        for (_, op, refused) in &mut gone {
            if is_void(op) {
                *refused = None;
            }
        }
        self.settle_holds();
        Some(gone)
    }

    /// The person no longer belongs to the space: nothing more is sent, and nothing more is proven. Gives what is
    /// refused by that, and what need not be kept.
    pub(super) fn close(&mut self) -> (Vec<(u64, Arc<Op>)>, Vec<OpId>) {
        self.flight = None;
        let unproven = std::mem::take(&mut self.unproven)
            .into_iter()
            .map(|(.., op)| op.id)
            .collect();
        let mut refused = Vec::new();
        for pending in &mut self.pending {
            if !matches!(pending.state, PendingState::Refused(_)) {
                pending.state = PendingState::Refused(Refusal::NotMember);
                pending.gave_way = true;
                refused.push((pending.order, Arc::clone(&pending.op)));
            }
        }
        (refused, unproven)
    }

    /// Holds what is about something refused or held, and lets go what no longer is.
    fn settle_holds(&mut self) {
        for index in 0..self.pending.len() {
            let Some(pending) = self.pending.get(index) else {
                break;
            };
            if !matches!(pending.state, PendingState::Waiting | PendingState::HeldBy(_)) {
                continue;
            }
            let held_by = pending.op.target().filter(|target| {
                self.find(*target).is_some_and(|target| {
                    matches!(target.state, PendingState::Refused(_) | PendingState::HeldBy(_))
                })
            });
            if let Some(pending) = self.pending.get_mut(index) {
                pending.gave_way |= held_by.is_some();
                pending.state = held_by.map_or(PendingState::Waiting, PendingState::HeldBy);
            }
        }
    }
}

/// What is said of something whose target was never there.
fn missing(target: &Body) -> Refusal {
    match target {
        Body::Handover(HandoverOp::Asked(_)) => Refusal::NoQuestion,
        Body::Handover(_) => Refusal::NoHandover,
        Body::List(_) => Refusal::NoList,
        Body::Role(_) => Refusal::NoRole,
        Body::Task(TaskOp::TemplateSet(_)) => Refusal::NoTemplate,
        Body::Space(_) => Refusal::NoPinned,
        Body::Task(_) => Refusal::NoTask,
        Body::Member(_) | Body::Message(_) | Body::Patient(_) | Body::Unknown { .. } => Refusal::NoMessage,
    }
}

/// The edge answers a frame within this, or it is looked for in the log, and then sent again.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// What the edge says the record has is seen in the log within this, or it is looked for, and then sent again.
const SEEN_WITHIN: Duration = Duration::from_secs(8);

#[cfg(test)]
mod tests;
