//! What comes from the log of a space: in order, without gaps, each entry checked against the chain and opened before it
//! is folded into the confirmed state.
//!
//! Nothing that is out of order is kept: a gap is healed by asking again, so that an edge that sends the future costs no
//! memory. What does not follow, does not open, or stands where something else stood is a [`FaultKind`], and the
//! connection that it came by is given up.
//!
//! The chain alone does not stop an edge from making up a log of true entries in another order, since anybody can
//! compute hashes. What does is [`Inbox::compare`]: with each session the record names its head, out of the edge's
//! reach, and a log that does not lead through it is not the record's.

use std::collections::VecDeque;

use rand_core::CryptoRng;

use super::outbox::Seen;
use super::{Action, Ask, FaultKind, Kept, Space, Store, Sync};
use crate::chain::{ChainError, ChainHash, Entry, Head, Seq};
use crate::id::{OpId, SpaceId};
use crate::op::Op;
use crate::seal::{Content, Epoch, OpenError};
use crate::state::{Change, SpaceState, Stamp};
use crate::time::At;

/// What is known of the log of one space besides its fold.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    pub(super) base: Base,
    /// Chain hashes of the newest entries; the last one is that of the confirmed head.
    recent: VecDeque<ChainHash>,
    /// What is held at the place that the record named, once it is passed: a frame may go on for longer than `recent` does.
    passed: Option<Head>,
    /// The highest place that was named and not reached.
    pub(super) ahead: Seq,
    /// Times that something did not follow since something last did.
    broken: u8,
    /// A head that the record named and that is not reached.
    pub(super) target: Option<Target>,
    /// When the record is said to have appended the entry at the head; `None` after a snapshot or a restart.
    head_at: Option<At>,
    /// An epoch whose key is missing.
    pub(super) missing: Option<Missing>,
}

/// What the fold starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Base {
    /// It is there: a snapshot, or the empty state.
    #[default]
    Held,
    /// A snapshot is to be asked for.
    Wanted,
}

/// A head that the record named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) head: Head,
    /// When something last moved towards it.
    pub(super) since: At,
    /// Connections that were given up in silence since then.
    pub(super) silences: u8,
}

/// An epoch whose key is missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missing {
    pub(super) epoch: Epoch,
    /// Times that keys came without it.
    pub(super) answers: u8,
}

/// What a head that the record named says of the log that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// It is further than what is held.
    Ahead,
    /// The log that is held is not the record's.
    Forked,
    /// What is held up to here is the record's.
    Same(Seq),
    /// Too long ago to be compared.
    Unknown,
}

/// What some entries changed.
#[derive(Default)]
struct Folded {
    changes: Vec<Change>,
    /// The last place at which somebody else did something.
    of_others: Seq,
    /// Entries that are about an earlier operation, and about which.
    about: Vec<(Seq, OpId)>,
    /// Somebody sent what they were shown to be writing.
    has_stopped: bool,
    /// What the log shows to have been refused.
    refused: Vec<Kept>,
}

/// Entries of a space after which there are more, which are asked for already and are on their way while these are folded.
#[derive(Debug)]
pub(super) struct Page {
    space: SpaceId,
    entries: Vec<Entry>,
    /// When it came.
    pub(super) came: At,
}

/// Why an entry was not folded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop {
    Fault(FaultKind),
    Gap,
    NoKey(Epoch),
}

impl Inbox {
    fn extend(&mut self, head: Head) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(head.chain);
        if self.target.is_some_and(|target| target.head.seq == head.seq) {
            self.passed = Some(head);
        }
        self.broken = 0;
    }

    /// Whether a log that the record at `now` says to reach up to `named` ends before something that it appended earlier. The
    /// answer may have been long on its way: what was appended meanwhile says nothing.
    pub(super) fn has_shrunk(&self, named: Seq, held: Seq, now: At) -> bool {
        named < held && self.head_at.is_some_and(|at| at.plus(CLOCKS_APART) < now)
    }

    /// When what the record has, and did not come, is held to be withheld.
    pub(super) fn withheld_at(&self) -> Option<At> {
        self.target.map(|target| target.since.plus(super::WITHHELD_AFTER))
    }

    /// The chain hash at a place, if it is of the newest.
    fn chain_at(&self, seq: Seq, head: Head) -> Option<ChainHash> {
        if seq == head.seq {
            return Some(head.chain);
        }
        if let Some(passed) = self.passed.filter(|passed| passed.seq == seq) {
            return Some(passed.chain);
        }
        let back = usize::try_from(head.seq.value().checked_sub(seq.value())?).ok()?;
        self.recent.get(self.recent.len().checked_sub(back + 1)?).copied()
    }

    /// Compares the log that is held up to `held` with a head that the record named.
    pub(super) fn compare(&self, named: Head, held: Head) -> Compared {
        if named.seq > held.seq {
            return Compared::Ahead;
        }
        match self.chain_at(named.seq, held) {
            Some(chain) if chain == named.chain => Compared::Same(named.seq),
            Some(_) => Compared::Forked,
            None => Compared::Unknown,
        }
    }
}

impl Space {
    /// Starts the fold from a snapshot's state.
    pub(super) fn start_from(&mut self, state: SpaceState) {
        self.history = super::history::History::of_snapshot(&state);
        self.inbox.recent.clear();
        self.inbox.passed = None;
        self.inbox.head_at = None;
        self.inbox.base = Base::Held;
        self.outbox.lose_sight(|_| true);
        self.confirmed = state;
    }

    /// Takes one entry into the confirmed state, if it is the next one and is what it says.
    fn take(&mut self, entry: &Entry, folded: &mut Folded) -> Result<Seen, Stop> {
        let held = self.confirmed.head;
        let head = match held.extend(entry) {
            Ok(head) => head,
            Err(ChainError::Replayed { seq }) => {
                return match self.inbox.chain_at(seq, held) {
                    Some(chain) if chain != entry.chain => {
                        Err(Stop::Fault(FaultKind::ConflictingReplay(seq)))
                    }
                    Some(_) | None => Ok(Seen::Elsewhere),
                };
            }
            Err(ChainError::Gap { found, .. }) => {
                self.inbox.ahead = self.inbox.ahead.max(found);
                return Err(Stop::Gap);
            }
            Err(ChainError::Broken { seq }) => return Err(Stop::Fault(FaultKind::BrokenChain(seq))),
        };
        let opened = self.open(entry)?;
        self.inbox.extend(head);
        self.inbox.head_at = Some(entry.at);
        let refused = self.outbox.pass_over(entry.op_id, head.seq, &self.confirmed);
        folded.refused.extend(refused);
        let Some(op) = opened else {
            let stamp = Stamp {
                op: entry.op_id,
                by: crate::id::UserId::RECORD,
                at: entry.at,
                recorded: Some(entry.at),
            };
            folded.changes.extend(self.confirmed.fold_unreadable(head, stamp));
            return Ok(self.outbox.seen(entry.op_id, head.seq));
        };
        let changes = self.confirmed.fold(head, entry.at, &op);
        if op.by != self.me {
            folded.of_others = head.seq;
            folded.has_stopped |= self.typists.stop(op.by);
        }
        folded.about.extend(op.amends().map(|target| (head.seq, target)));
        let is_orphan = changes.is_empty() && op.amends().is_some();
        folded.changes.extend(changes);
        if is_orphan && !self.history.keep_orphan(head.seq, entry.at, op) {
            // The page that is on its way is stale by more than what is kept: it is asked for again.
            self.history.answered();
        }
        Ok(self.outbox.seen(entry.op_id, head.seq))
    }

    /// Opens an entry; `None` when what was sealed is not for this version of the app.
    pub(super) fn open_entry(&mut self, entry: &Entry) -> Result<Option<Op>, OpenError> {
        match self.keys.open_entry(entry) {
            Ok(opened) => Ok(Some(opened.op)),
            Err(OpenError::Malformed) => self
                .keys
                .open(Content::Op, Some(entry.op_id), Some(entry.device), &entry.sealed)
                .map(|_| None),
            Err(error) => Err(error),
        }
    }

    fn open(&mut self, entry: &Entry) -> Result<Option<Op>, Stop> {
        self.open_entry(entry).map_err(|error| match error {
            OpenError::NoKey { epoch } => Stop::NoKey(epoch),
            OpenError::Relabelled => Stop::Fault(FaultKind::Relabelled),
            OpenError::BadSignature | OpenError::Forged | OpenError::Malformed | OpenError::TooLarge => {
                Stop::Fault(FaultKind::Forged)
            }
        })
    }
}

impl Sync {
    /// Takes entries of a space.
    pub(super) fn take_entries(
        &mut self,
        id: SpaceId,
        entries: Vec<Entry>,
        more: bool,
        tick: At,
        rng: &mut impl CryptoRng,
    ) {
        let Some(space) = self.spaces.get(&id).filter(|space| space.subscription.is_on()) else {
            return;
        };
        let follows = |first: &Entry| first.seq == space.confirmed.head.seq.next();
        let last = entries
            .last()
            .filter(|_| more && entries.first().is_some_and(follows));
        if let Some(last) = last.map(|last| last.seq) {
            self.subscribe_after(id, last, tick);
            self.page = Some(Page {
                space: id,
                entries,
                came: tick,
            });
            return;
        }
        let (has_moved, stop) = self.fold_entries(id, &entries, tick);
        self.check_target(id, tick);
        match stop {
            None if !more => self.caught_up(id, tick, rng),
            None if has_moved => self.subscribe(id, tick),
            None => self.rest(id, None, tick, rng),
            Some(stop) => self.stopped(id, stop, more, tick, rng),
        }
    }

    /// Folds in the page whose successor is on its way, if there is one.
    pub(super) fn fold_page(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let Some(Page { space, entries, .. }) = self.page.take() else {
            return;
        };
        let (_, stop) = self.fold_entries(space, &entries, tick);
        self.check_target(space, tick);
        if let Some(stop) = stop {
            self.stopped(space, stop, true, tick, rng);
        }
    }

    fn stopped(&mut self, id: SpaceId, stop: Stop, more: bool, tick: At, rng: &mut impl CryptoRng) {
        match stop {
            Stop::Fault(kind) => self.broken(id, kind, tick, rng),
            Stop::Gap => self.heal_gap(id, more, tick, rng),
            Stop::NoKey(epoch) => self.want_epoch(id, epoch, tick),
        }
    }

    /// Folds in entries of a space, as far as they follow. Gives whether the head moved, and why it stopped.
    pub(super) fn fold_entries(&mut self, id: SpaceId, entries: &[Entry], tick: At) -> (bool, Option<Stop>) {
        let now = self.clock.told();
        let Some(space) = self.spaces.get_mut(&id) else {
            return (false, None);
        };
        let mut folded = Folded::default();
        let before = space.confirmed.head.seq;
        let mut stop = None;
        let mut has_left = false;
        for entry in entries {
            match space.take(entry, &mut folded) {
                Ok(Seen::Elsewhere) => {}
                Ok(Seen::Left) => has_left = true,
                Ok(Seen::Reordered) => {
                    has_left = true;
                    self.faults.add(Some(id), FaultKind::Reordered(entry.seq));
                }
                Err(reason) => {
                    stop = Some(reason);
                    break;
                }
            }
        }
        let head = space.confirmed.head.seq;
        if head > before {
            if let Some(target) = &mut space.inbox.target {
                target.since = tick;
                target.silences = 0;
            }
            space.inbox.missing = None;
            if folded.of_others > Seq::ZERO {
                space.cursors.delivered(folded.of_others, now, tick);
            }
            if folded.has_stopped {
                self.screen.typing(id);
            }
            self.screen.space(id, folded.changes);
            self.screen.cursors(id);
            let taken = entries
                .iter()
                .filter(|entry| entry.seq > before && entry.seq <= head);
            self.keep_entries(id, taken, folded.about);
            for kept in folded.refused {
                self.screen.outbox(id);
                self.store_put(kept);
            }
        }
        if has_left {
            self.screen.outbox(id);
        }
        (head > before, stop)
    }

    /// Asks again for what is missing, unless an answer is on its way.
    fn heal_gap(&mut self, id: SpaceId, more: bool, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        if space.subscription.is_live() {
            self.subscribe(id, tick);
        } else if more {
            self.rest(id, None, tick, rng);
        }
    }

    /// Asks for the key of an epoch, and then for the entries again.
    fn want_epoch(&mut self, id: SpaceId, epoch: Epoch, tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        space.subscription = super::subscription::Subscription::Resting {
            until: tick.plus(KEYS_WITHIN),
            tries: 0,
        };
        if space.inbox.missing.is_none_or(|missing| missing.epoch != epoch) {
            space.inbox.missing = Some(Missing { epoch, answers: 0 });
        }
        self.asks.want(Ask::Keys(id), tick);
    }

    /// Something did not follow or did not open: gives the connection up. At the second time in a row it may be that
    /// what is held is at fault, so it is read anew.
    fn broken(&mut self, id: SpaceId, kind: FaultKind, tick: At, rng: &mut impl CryptoRng) {
        self.fault(Some(id), kind);
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        space.inbox.broken = space.inbox.broken.saturating_add(1);
        let does_not_follow = matches!(kind, FaultKind::BrokenChain(_) | FaultKind::ConflictingReplay(_));
        if does_not_follow && space.inbox.broken >= 2 {
            self.read_anew(id);
        }
        self.asks.want(Ask::Session, tick);
        self.hang_up(tick, None, rng);
    }

    /// Forgets the fold of a space and starts over. What this device saw only in that log is sent again.
    pub(super) fn read_anew(&mut self, id: SpaceId) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let target = space.inbox.target;
        let is_gone = |change| match change {
            Change::Added(seq) => Change::Amended(seq),
            Change::About
            | Change::Amended(_)
            | Change::Duty(_)
            | Change::Handover(_)
            | Change::List(_)
            | Change::Members
            | Change::Patient(_)
            | Change::Role(_)
            | Change::Sheet(_)
            | Change::Task(_)
            | Change::Templates => change,
        };
        let changes = space.confirmed.everything().into_iter().map(is_gone).collect();
        space.start_from(SpaceState::new(id));
        self.keeping.space(id);
        space.inbox = Inbox {
            base: Base::Wanted,
            target,
            ..Inbox::default()
        };
        space.subscription = super::subscription::Subscription::Off;
        for (order, op) in space.outbox.unsee() {
            let kept = Kept {
                space: id,
                order,
                op,
                refused: None,
            };
            self.actions.push_back(Action::Store(Store::Put(kept)));
        }
        self.asks.forget(id);
        self.screen.space(id, changes);
        self.screen.outbox(id);
        self.screen.history(id);
    }

    /// Compares what is held with a head that the record named.
    pub(super) fn take_named_head(&mut self, id: SpaceId, named: Head, tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        match space.inbox.compare(named, space.confirmed.head) {
            Compared::Ahead => {
                let known = space.inbox.target;
                if known.is_none_or(|target| target.head.seq < named.seq) {
                    space.inbox.target = Some(Target {
                        head: named,
                        since: tick,
                        silences: known.map_or(0, |target| target.silences),
                    });
                }
            }
            Compared::Forked => self.forked(id, named.seq),
            Compared::Same(seq) => self.proven(id, seq),
            Compared::Unknown => {}
        }
    }

    /// Compares what is held with the head that the record named, once it is reached.
    pub(super) fn check_target(&mut self, id: SpaceId, tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let Some(target) = space
            .inbox
            .target
            .filter(|target| target.head.seq <= space.confirmed.head.seq)
        else {
            return;
        };
        space.inbox.target = None;
        self.take_named_head(id, target.head, tick);
    }

    /// The record has named a head of the very log that is held.
    fn proven(&mut self, id: SpaceId, seq: Seq) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        for op in space.outbox.prove(seq) {
            self.store_remove(id, op);
        }
    }

    /// The log that is held is not the record's.
    pub(super) fn forked(&mut self, id: SpaceId, seq: Seq) {
        self.fault(Some(id), FaultKind::ForkedLog(seq));
        self.read_anew(id);
        self.suspect = true;
    }
}

/// Chain hashes that are kept for comparing, 32 bytes each.
const RECENT: usize = 1024;

/// Keys that are missing come within this, or the entries are asked for all the same.
const KEYS_WITHIN: std::time::Duration = std::time::Duration::from_secs(20);

/// By how much the clocks of the record's replicas differ at most.
const CLOCKS_APART: std::time::Duration = std::time::Duration::from_secs(5);
