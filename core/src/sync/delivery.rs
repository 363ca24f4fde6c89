//! Getting what waits in outboxes into the log: sealing and sending it, and what the edge answers.

use std::sync::Arc;
use std::time::Duration;

use rand_core::CryptoRng;

use super::backoff::{self, Backoff};
use super::history::{Asked, PAGE};
use super::outbox::Late;
use super::{Ask, FaultKind, Kept, Store, Sync};
use crate::device_api::HistoryAnswer;
use crate::frame::{Appended, SealedOp, ToEdge};
use crate::id::{OpId, SpaceId};
use crate::op::Op;
use crate::photo::PhotoId;
use crate::refusal::Refusal;
use crate::seal::OpenError;
use crate::signal;
use crate::state::Change;
use crate::time::At;

impl Sync {
    /// Sends what may go now, from each outbox of a space that is caught up.
    pub(super) fn send_waiting(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let mut frames = Vec::new();
        for (id, space) in &mut self.spaces {
            if !space.subscription.is_live() || !space.is_open || space.outbox.is_empty() {
                continue;
            }
            if space.keys.newest().is_none() {
                self.asks.want(Ask::Keys(*id), tick);
                continue;
            }
            if let Some(photo) = space.outbox.next_photo() {
                self.asks.want_once(Ask::Deposit(*id, photo), tick);
            }
            let ops: Vec<SealedOp> = space
                .outbox
                .cut_frame(tick)
                .iter()
                .filter_map(|op| {
                    let sealed = space
                        .keys
                        .seal_op(op, self.setup.device, &self.signer, rng)
                        .ok()?;
                    Some(SealedOp { op_id: op.id, sealed })
                })
                .collect();
            if !ops.is_empty() {
                self.screen.outbox(*id);
                frames.push(ToEdge::Append { space: *id, ops });
            }
        }
        for frame in &frames {
            self.send(frame);
        }
    }

    /// The record has a photo: what shows it may go.
    pub(super) fn take_deposited(&mut self, id: SpaceId, photo: PhotoId, tick: At) {
        self.asks.answer(&Ask::Deposit(id, photo), tick);
        if let Some(space) = self.spaces.get_mut(&id) {
            space.outbox.deposited(photo);
        }
    }

    /// A photo is nowhere: what shows it is its author's to take again, and nothing waits for it.
    pub(super) fn take_no_photo(&mut self, id: SpaceId, photo: PhotoId, tick: At) {
        self.asks.answer(&Ask::Deposit(id, photo), tick);
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        for (order, op) in space.outbox.showing(photo) {
            self.refuse(id, order, op, Refusal::NoPhoto);
        }
    }

    /// The edge says that the record has these.
    pub(super) fn take_appended(&mut self, id: SpaceId, appended: &[Appended], tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        for Appended { op_id, seq, .. } in appended {
            if !space.outbox.acked(*op_id, *seq, tick) {
                continue;
            }
            self.screen.outbox(id);
            let is_from_before = *seq <= space.confirmed.head.seq;
            if is_from_before && space.confirmed.timeline.message(*op_id).is_some() {
                space.outbox.settle(*op_id);
                self.screen.replay(id);
                self.actions.push_back(super::Action::Store(Store::Remove {
                    space: id,
                    op: *op_id,
                }));
            }
        }
        self.look_up(id, tick);
    }

    /// Asks the record for the part of the log in which the edge says that something of this device stands: it was
    /// folded before this device came, so that its entry is not seen any more.
    fn look_up(&mut self, id: SpaceId, tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let Some(seq) = space.outbox.acked_unseen(space.confirmed.head.seq) else {
            return;
        };
        if space.history.want_place(seq) {
            self.asks.want(
                Ask::History {
                    space: id,
                    before: seq.next(),
                    limit: PAGE,
                },
                tick,
            );
        }
    }

    /// The record shows the part of the log in which something of this device is said to stand.
    fn take_looked_up(&mut self, id: SpaceId, answer: &HistoryAnswer, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        for entry in &answer.entries {
            if space.outbox.settle(entry.op_id) {
                self.actions.push_back(super::Action::Store(Store::Remove {
                    space: id,
                    op: entry.op_id,
                }));
            }
        }
        let range = answer.entries.first().zip(answer.entries.last());
        if range.is_none_or(|(first, last)| space.outbox.is_acked_within(first.seq, last.seq)) {
            self.unseen(id, tick, rng);
        }
        self.screen.replay(id);
        self.look_up(id, tick);
    }

    /// The record refused an operation, if the reason is the record's.
    pub(super) fn take_refused(&mut self, id: SpaceId, op: OpId, sealed: &[u8], tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let Some(pending) = space.outbox.find(op) else {
            return;
        };
        let (order, kept) = (pending.order, Arc::clone(&pending.op));
        match signal::open_refusal(op, &mut space.keys, sealed) {
            Ok(reason) => {
                // The record is given it anew when its author sends it anew.
                if reason == Refusal::NoPhoto {
                    kept.photos().iter().for_each(|photo| space.outbox.lost(photo.id));
                }
                self.refuse(id, order, kept, reason);
            }
            Err(OpenError::NoKey { .. }) => self.asks.want(Ask::Keys(id), tick),
            Err(_) => self.fault(Some(id), FaultKind::ForgedRefusal),
        }
    }

    fn refuse(&mut self, id: SpaceId, order: u64, op: Arc<Op>, reason: Refusal) {
        if let Some(space) = self.spaces.get_mut(&id) {
            space.outbox.refuse(op.id, reason);
        }
        self.screen.replay(id);
        self.store_put(Kept {
            space: id,
            order,
            op,
            refused: Some(reason),
        });
    }

    /// Operations were sealed under an epoch that has ended.
    pub(super) fn take_stale(&mut self, id: SpaceId, ops: &[OpId], tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let attempt = space.outbox.count_failure();
        let wait = if attempt > 1 {
            BACKOFF.wait(attempt, rng)
        } else {
            Duration::ZERO
        };
        if space.outbox.stale(ops, tick.plus(KEYS_WITHIN + wait)) {
            self.screen.outbox(id);
            self.asks.want(Ask::Keys(id), tick);
        }
    }

    /// The edge does not take what was sent for a space now.
    pub(super) fn take_busy(&mut self, id: SpaceId, wait: Duration, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let until = tick.plus(backoff::at_least(wait, rng));
        space.outbox.send_again(Some(until));
        self.screen.outbox(id);
        self.busy_with(id, wait, tick, rng);
    }

    /// Looks again for what was not answered or not seen in time, and then sends it again.
    pub(super) fn advance_deliveries(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let mut late = Vec::new();
        let mut looked_up = Vec::new();
        for (id, space) in &mut self.spaces {
            if !space.subscription.is_live() {
                continue;
            }
            if space.outbox.acked_unseen(space.confirmed.head.seq).is_some() {
                // The record itself is being asked, which may take its time.
                if space.outbox.defer(tick) {
                    looked_up.push(*id);
                }
            } else if let Some(what) = space.outbox.late(tick) {
                late.push((*id, what));
            }
        }
        for id in looked_up {
            self.look_up(id, tick);
        }
        for (id, what) in late {
            match what {
                Late::LookAgain => self.subscribe(id, tick),
                Late::SendAgain { was_acked: true } => self.unseen(id, tick, rng),
                Late::SendAgain { was_acked: false } => self.send_later(id, tick, rng),
            }
        }
    }

    /// Something was said to be appended and is not there.
    fn unseen(&mut self, id: SpaceId, tick: At, rng: &mut impl CryptoRng) {
        self.fault(Some(id), FaultKind::UnseenAppend);
        self.send_later(id, tick, rng);
    }

    fn send_later(&mut self, id: SpaceId, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let attempt = space.outbox.count_failure();
        space
            .outbox
            .send_again(Some(tick.plus(BACKOFF.wait(attempt, rng))));
        self.screen.outbox(id);
    }

    /// Takes a page of history, or the part of the log that was looked up.
    pub(super) fn take_history(
        &mut self,
        id: SpaceId,
        answer: &HistoryAnswer,
        tick: At,
        rng: &mut impl CryptoRng,
    ) {
        let Some(ask) = self.asks.history(id) else { return };
        self.asks.answer(&ask, tick);
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let asked = space.history.asked();
        let orphans = space.history.answered();
        match asked {
            Some(Asked::Place(_)) => self.take_looked_up(id, answer, tick, rng),
            Some(Asked::Page(before)) => {
                let is_whole = answer.entries.last().is_none_or(|last| last.seq.next() == before);
                let follows = answer.entries.windows(2).all(|pair| {
                    let [first, second] = pair else { return true };
                    let head = crate::chain::Head {
                        seq: first.seq,
                        chain: first.chain,
                    };
                    head.extend(second).is_ok()
                });
                if !is_whole || !follows {
                    self.fault(Some(id), FaultKind::Forged);
                    self.screen.history(id);
                    return;
                }
                let mut changes: Vec<Change> = Vec::new();
                let mut about = Vec::new();
                let head = space.confirmed.head.seq;
                for entry in answer
                    .entries
                    .iter()
                    .chain(answer.later.iter().filter(|entry| entry.seq <= head))
                {
                    match space.open_entry(entry) {
                        Ok(Some(op)) => {
                            about.extend(op.amends().map(|target| (entry.seq, target)));
                            changes.extend(space.confirmed.fold_older(entry.seq, entry.at, &op));
                        }
                        Ok(None) => {}
                        Err(OpenError::NoKey { .. }) => self.asks.want(Ask::Keys(id), tick),
                        Err(_) => self.faults.add(Some(id), FaultKind::Forged),
                    }
                }
                for (seq, at, op) in orphans {
                    changes.extend(space.confirmed.fold_older(seq, at, &op));
                }
                let start = crate::chain::Seq::new(1);
                let is_end = answer.is_start || answer.entries.is_empty();
                let reached = answer
                    .entries
                    .first()
                    .filter(|_| !is_end)
                    .map_or(start, |first| first.seq);
                space.history.reaches(reached);
                self.keep_entries(id, answer.entries.iter(), about);
                self.screen.space(id, changes);
                self.screen.history(id);
                self.look_up(id, tick);
            }
            None => {}
        }
    }
}

/// Keys that are missing come within this, or what waits for them is sent all the same.
const KEYS_WITHIN: Duration = Duration::from_secs(20);

const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_mins(1),
};
