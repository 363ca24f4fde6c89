//! Listening to spaces: snapshots first where there is much to catch up with, then entries in pages, then live.

use std::time::Duration;

use rand_core::CryptoRng;

use super::backoff::{self, Backoff};
use super::inbox::Base;
use super::{Ask, FaultKind, Sync};
use crate::chain::Seq;
use crate::device_api::SnapshotsAnswer;
use crate::frame::ToEdge;
use crate::id::SpaceId;
use crate::ordered::sort;
use crate::seal::OpenError;
use crate::snapshot;
use crate::time::At;

/// How a device listens to one space, on the connection that is live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Subscription {
    /// It was asked for; it is asked again when no answer comes.
    Asked { until: At, tries: u32 },
    /// Everything up to now has come, and what is new comes by itself.
    Live,
    /// It is asked for at the next occasion.
    #[default]
    Off,
    /// It is asked for after a while.
    Resting { until: At, tries: u32 },
}

impl Subscription {
    pub(super) fn is_live(self) -> bool {
        self == Self::Live
    }

    /// Whether entries are expected.
    pub(super) fn is_on(self) -> bool {
        matches!(self, Self::Asked { .. } | Self::Live)
    }

    fn tries(self) -> u32 {
        match self {
            Self::Asked { tries, .. } | Self::Resting { tries, .. } => tries,
            Self::Live | Self::Off => 0,
        }
    }

    pub(super) fn next(self) -> Option<At> {
        match self {
            Self::Asked { until, .. } | Self::Resting { until, .. } => Some(until),
            Self::Live | Self::Off => None,
        }
    }
}

impl Sync {
    /// Asks for what comes after what is held, now.
    pub(super) fn subscribe(&mut self, id: SpaceId, tick: At) {
        if let Some(space) = self.spaces.get(&id) {
            self.subscribe_after(id, space.confirmed.head.seq, tick);
        }
    }

    /// Asks for what comes after a place, now.
    pub(super) fn subscribe_after(&mut self, id: SpaceId, after: Seq, tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let tries = space.subscription.tries();
        space.subscription = Subscription::Asked {
            until: tick.plus(ANSWER_WITHIN),
            tries,
        };
        space.subscribed = Some(tick);
        self.send(&ToEdge::Subscribe { space: id, after });
    }

    /// Asks for what comes after what is held, after a while.
    pub(super) fn rest(&mut self, id: SpaceId, wait: Option<Duration>, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let tries = space.subscription.tries().saturating_add(1);
        let wait = match wait {
            Some(wait) => backoff::at_least(wait, rng),
            None => BACKOFF.wait(tries, rng),
        };
        space.subscription = Subscription::Resting {
            until: tick.plus(wait),
            tries,
        };
    }

    /// The edge is busy with something of a space: with `Subscribe`, perhaps, and then it no longer passes on what is new.
    /// Something live that was on its way looks just like the answer, so being live proves nothing so soon after asking.
    pub(super) fn busy_with(&mut self, id: SpaceId, wait: Duration, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let asked_lately = space
            .subscribed
            .is_some_and(|asked| tick < asked.plus(ANSWERED_AT_LAST));
        match space.subscription {
            Subscription::Asked { .. } => self.rest(id, Some(wait), tick, rng),
            Subscription::Live if asked_lately => self.subscribe(id, tick),
            Subscription::Live | Subscription::Off | Subscription::Resting { .. } => {}
        }
    }

    /// Asks for the subscriptions that are due, those with something to send first.
    pub(super) fn advance_subscriptions(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let mut asked = 0;
        let mut due: Vec<(bool, SpaceId)> = Vec::new();
        let mut unanswered = false;
        for (id, space) in &mut self.spaces {
            match space.subscription {
                Subscription::Asked { until, tries } if until <= tick => {
                    unanswered |= tries > 1;
                    space.subscription = Subscription::Resting {
                        until: tick,
                        tries: tries.saturating_add(1),
                    };
                }
                Subscription::Asked { .. } => asked += 1,
                Subscription::Live | Subscription::Off | Subscription::Resting { .. } => {}
            }
            let is_due = match space.subscription {
                Subscription::Off => true,
                Subscription::Resting { until, .. } => until <= tick,
                Subscription::Asked { .. } | Subscription::Live => false,
            };
            if is_due && space.is_open && space.inbox.base == Base::Held {
                due.push((space.outbox.is_empty(), *id));
            }
        }
        if unanswered {
            self.hang_up(tick, None, rng);
            return;
        }
        sort(&mut due);
        for (_, id) in due.into_iter().take(AT_ONCE.saturating_sub(asked)) {
            self.subscribe(id, tick);
        }
    }

    /// Asks for snapshots of those spaces that wait for one, in parts: one is opened while the next is on its way. The record has
    /// them; so that is not put off until there is a connection to the edge.
    pub(super) fn want_snapshots(&mut self, tick: At) {
        let asked = self.asks.snapshots();
        let free = PARTS_AT_ONCE.saturating_sub(asked.len());
        let wanted: Vec<SpaceId> = self
            .spaces
            .iter()
            .filter(|(_, space)| space.is_open && space.inbox.base == Base::Wanted)
            .map(|(id, _)| *id)
            .filter(|id| !asked.iter().any(|part| part.contains(id)))
            .take(free.saturating_mul(SNAPSHOTS_IN_A_PART))
            .collect();
        for part in wanted.chunks(SNAPSHOTS_IN_A_PART) {
            self.asks.want(Ask::Snapshots(part.to_vec()), tick);
        }
    }

    /// Takes snapshots; of the spaces that have none, the log is read from its first entry.
    pub(super) fn take_snapshots(&mut self, asked: Vec<SpaceId>, answer: SnapshotsAnswer, tick: At) {
        let ask = Ask::Snapshots(asked);
        if !self.asks.answer(&ask, tick) {
            return;
        }
        let Ask::Snapshots(asked) = ask else { return };
        for sealed in answer.snapshots {
            let Some(space) = self
                .spaces
                .get_mut(&sealed.space)
                .filter(|_| asked.contains(&sealed.space))
            else {
                continue;
            };
            if space.inbox.base != Base::Wanted {
                continue;
            }
            match snapshot::open(
                &sealed.sealed,
                &sealed.checkpoint,
                &mut space.keys,
                &self.setup.record,
            ) {
                Ok(state) => {
                    space.start_from(state);
                    self.keeping.space(sealed.space);
                    let changes = space.confirmed.everything();
                    self.screen.space(sealed.space, changes);
                    self.screen.history(sealed.space);
                    self.check_target(sealed.space, tick);
                }
                // Made in an epoch that began since: the log is read from its entries, which need those keys too.
                Err(OpenError::NoKey { .. }) => self.asks.want(Ask::Keys(sealed.space), tick),
                Err(_) => self.fault(Some(sealed.space), FaultKind::ForgedSnapshot),
            }
        }
        self.do_without_snapshots(&asked);
    }

    /// Reads these logs from their first entry, where no snapshot came.
    pub(super) fn do_without_snapshots(&mut self, spaces: &[SpaceId]) {
        for id in spaces {
            if let Some(space) = self.spaces.get_mut(id) {
                space.inbox.base = Base::Held;
                // Not before now could its row be made.
                self.keeping.space(*id);
            }
        }
    }

    /// The answer to a subscription has come in full, or something live that follows without a gap.
    pub(super) fn caught_up(&mut self, id: SpaceId, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        if space.inbox.ahead > space.confirmed.head.seq {
            space.inbox.ahead = Seq::ZERO;
            self.rest(id, None, tick, rng);
            return;
        }
        if !space.subscription.is_live() {
            space.subscription = Subscription::Live;
            if let Some(target) = &mut space.inbox.target {
                target.since = tick;
            }
            space.cursors.connected(tick, backoff::random(SPREAD, rng));
            self.screen.space(id, Vec::new());
        }
    }
}

/// Subscriptions that are asked for at one time.
const AT_ONCE: usize = 32;

/// Snapshots in one question; the record gives at most 100.
const SNAPSHOTS_IN_A_PART: usize = 10;

/// Questions for snapshots that are out at one time.
const PARTS_AT_ONCE: usize = 6;

/// A subscription is answered within this, by entries, a refusal or a request to wait.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// A subscription's own answer has come within this, whatever came before it.
const ANSWERED_AT_LAST: Duration = Duration::from_mins(1);

/// Cursors of all spaces are told within this after a connection.
const SPREAD: Duration = Duration::from_secs(3);

const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(30),
};
