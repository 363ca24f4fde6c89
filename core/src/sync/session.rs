//! Sessions: the token that lets this device in, the spaces of the person and their keys, and the record's word on where
//! each log stands.

use std::time::Duration;

use rand_core::CryptoRng;

use super::backoff;
use super::connection::Phase;
use super::inbox::Base;
use super::subscription::Subscription;
use super::{Action, Ask, Connection, Failure, FaultKind, Kept, Skew, Space, Sync};
use crate::cbor;
use crate::chain::Seq;
use crate::device::{Revocation, SealedToDevice};
use crate::device_api::{EpochKeys, Session, SpaceGrant};
use crate::frame::ToEdge;
use crate::id::SpaceId;
use crate::op::space::SpaceKind;
use crate::ordered::SortedSet;
use crate::seal::Epoch;
use crate::secret::Personal;
use crate::time::{self, At};

/// What lets this device in at the edge, on the steady clock.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: Personal<String>,
    pub(super) until: At,
    renew_at: At,
    /// A connection was opened with it before.
    is_seasoned: bool,
}

impl Sync {
    /// Takes a session of this device.
    pub(super) fn take_session(&mut self, session: Session, tick: At, rng: &mut impl CryptoRng) {
        if session.device != self.setup.device || session.me.id != self.setup.user {
            self.fault(None, FaultKind::ForgedKeys);
            return;
        }
        if self.connection == Connection::Revoked {
            return;
        }
        let was_asked = self.asks.answer(&Ask::Session, tick);
        if !was_asked && self.session_said.is_some_and(|last| session.now < last) {
            // The answer to a question that was given up, after that to the next one: it knows less.
            return;
        }
        self.session_said = Some(session.now);
        self.take_time(session.now);
        let life = session.relay_until.since(session.now);
        let early = life / 4 + backoff::random(life / 10, rng);
        self.token = Some(Token {
            text: session.relay_token,
            until: tick.plus(life),
            renew_at: tick.plus(life.saturating_sub(early)),
            is_seasoned: self.link.is_live(),
        });
        let mut left: SortedSet<SpaceId> = self
            .spaces
            .iter()
            .filter(|(_, space)| space.is_open && !self.is_newer_than_session(space))
            .map(|(id, _)| *id)
            .collect();
        for (place, grant) in session.spaces.iter().enumerate() {
            left.remove(&grant.space);
            self.take_grant(grant, Some(session.now), tick);
            if let Some(space) = self.spaces.get_mut(&grant.space) {
                space.place = place;
            }
        }
        for space in left {
            self.lose(space);
        }
        for (space, kept) in std::mem::take(&mut self.restored) {
            self.take_restored(space, kept);
        }
        self.session_asked = None;
        if std::mem::take(&mut self.suspect) {
            self.hang_up(tick, None, rng);
        }
        self.begin(tick);
    }

    /// Whether a space may have been granted after the session was asked for that says nothing of it.
    fn is_newer_than_session(&self, space: &Space) -> bool {
        match (space.granted, self.session_asked) {
            (Some(granted), Some(asked)) => granted >= asked,
            (granted, None) => granted.is_some(),
            (None, Some(_)) => false,
        }
    }

    fn take_time(&mut self, record: At) {
        let now = self.clock.told();
        let skew = time::is_skewed(now, record).then(|| {
            if now > record {
                Skew::Ahead(now.since(record))
            } else {
                Skew::Behind(record.since(now))
            }
        });
        if self.skew != skew {
            self.skew = skew;
            self.screen.connection();
        }
    }

    /// Takes a space of this person: its keys, and where its log stands; `now` is when the record said so, if it is known.
    pub(super) fn take_grant(&mut self, grant: &SpaceGrant, now: Option<At>, tick: At) {
        let id = grant.space;
        let me = self.setup.user;
        let is_new = self.spaces.get(&id).is_none_or(|space| !space.is_open);
        if is_new {
            let mut space = Space::new(id, grant.kind, me);
            if let Some(closed) = self.spaces.remove(&id) {
                space.outbox = closed.outbox;
            }
            if grant.head.seq > Seq::new(WORTH_A_SNAPSHOT) {
                space.inbox.base = Base::Wanted;
            }
            self.spaces.insert(id, space);
            self.screen.spaces();
            self.screen.space(id, Vec::new());
        }
        if let Some(kept) = self.restored.remove(&id) {
            self.take_restored(id, kept);
        }
        self.take_keys(id, &grant.keys, tick);
        let has_shrunk = self.spaces.get(&id).is_some_and(|space| {
            let held = space.confirmed.head.seq;
            now.is_some_and(|now| space.inbox.has_shrunk(grant.head.seq, held, now))
        });
        if has_shrunk {
            self.forked(id, grant.head.seq);
        } else {
            self.take_named_head(id, grant.head, tick);
        }
    }

    /// Puts what a restart kept back into its outbox; into one that is closed if this person no longer belongs there.
    pub(super) fn take_restored(&mut self, id: SpaceId, kept: Vec<Kept>) {
        let me = self.setup.user;
        let space = self.spaces.or_insert_with(id, || {
            let mut space = Space::new(id, SpaceKind::Group, me);
            space.is_open = false;
            space
        });
        for kept in kept {
            space.outbox.push(kept);
        }
        if space.is_begun() {
            space.outbox.lose_sight(|_| true);
            self.keeping.space(id);
        }
        if !space.is_open {
            for (order, op) in space.outbox.close().0 {
                let refused = Some(crate::refusal::Refusal::NotMember);
                self.actions.push_back(Action::Store(super::Store::Put(Kept {
                    space: id,
                    order,
                    op,
                    refused,
                })));
            }
        }
        self.screen.spaces();
        self.screen.replay(id);
    }

    /// Takes the keys of a space.
    pub(super) fn take_keys(&mut self, id: SpaceId, sealed: &SealedToDevice, tick: At) {
        let opened = self
            .setup
            .secret
            .open(sealed)
            .ok()
            .and_then(|bytes| cbor::from_bytes::<EpochKeys>(&bytes).ok());
        let Some(keys) = opened.filter(|keys| keys.space == id) else {
            self.fault(Some(id), FaultKind::ForgedKeys);
            return;
        };
        let Some(space) = self.spaces.get_mut(&id).filter(|space| space.is_open) else {
            return;
        };
        for (epoch, key) in keys.keys {
            if space.keys.insert(epoch, key) {
                self.keeping.space(id);
            }
        }
        let has = |epoch: Epoch| space.keys.iter().any(|(held, _)| held == epoch);
        if let Some(missing) = space.inbox.missing {
            if has(missing.epoch) {
                space.inbox.missing = None;
                space.subscription = Subscription::Off;
            } else if missing.answers == 0 {
                space.inbox.missing = Some(super::inbox::Missing {
                    answers: 1,
                    ..missing
                });
                self.asks.want(Ask::Keys(id), tick);
            } else {
                // The record does not know of that epoch: the entry that named it is nobody's.
                space.inbox.missing = None;
                self.fault(Some(id), FaultKind::Forged);
                self.suspect = true;
            }
        }
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        if space.outbox.keys_came() {
            self.screen.outbox(id);
        }
        for sealed in space.cursors.take_unopened() {
            self.take_cursor(id, sealed);
        }
    }

    /// This person no longer belongs to a space.
    pub(super) fn lose(&mut self, id: SpaceId) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let (refused, unproven) = space.outbox.close();
        let keeps_something = !space.outbox.is_empty();
        let was_on = space.subscription.is_on();
        if keeps_something {
            let mut closed = Space::new(id, space.kind, space.me);
            closed.is_open = false;
            closed.confirmed = space.confirmed.clone();
            closed.confirmed.timeline = crate::state::Timeline::default();
            closed.outbox = std::mem::take(&mut space.outbox);
            self.spaces.insert(id, closed);
        } else {
            self.spaces.remove(&id);
        }
        for (order, op) in refused {
            self.store_put(Kept {
                space: id,
                order,
                op,
                refused: Some(crate::refusal::Refusal::NotMember),
            });
        }
        for op in unproven {
            self.store_remove(id, op);
        }
        self.asks.forget(id);
        if was_on && self.link.is_live() {
            self.send(&ToEdge::Unsubscribe { space: id });
        }
        self.keeping.forget(id);
        self.actions.push_back(Action::Store(super::Store::Forget(id)));
        self.screen.spaces();
        self.screen.replay(id);
    }

    /// A question to the record was not answered.
    pub(super) fn ask_failed(&mut self, ask: &Ask, failure: Failure, tick: At, rng: &mut impl CryptoRng) {
        match failure {
            Failure::Revoked => self.erase(),
            Failure::SignInNeeded => {
                self.asks = super::asks::Asks::default();
                self.stop();
                self.say(Connection::SignInNeeded);
            }
            Failure::Retry => {
                self.asks.fail(ask, tick, rng);
                if *ask == Ask::Session {
                    self.no_token_yet();
                }
            }
            Failure::NotAllowed => match ask {
                Ask::Session => self.asks.fail(ask, tick, rng),
                Ask::Snapshots(spaces) => {
                    self.asks.give_up(ask);
                    self.do_without_snapshots(spaces);
                }
                Ask::History { space: id, .. } => {
                    self.asks.give_up(ask);
                    if let Some(space) = self.spaces.get_mut(id) {
                        space.history.answered();
                        self.screen.history(*id);
                    }
                    self.asks.want(Ask::Session, tick);
                }
                // What shows the photo waits on, and asks again.
                Ask::Deposit(..) => {
                    self.asks.fail(ask, tick, rng);
                    self.asks.want(Ask::Session, tick);
                }
                Ask::Keys(_) => {
                    self.asks.give_up(ask);
                    self.asks.want(Ask::Session, tick);
                }
            },
        }
    }

    /// The edge says that this person may not listen or write: the record knows.
    pub(super) fn not_allowed(&mut self, id: SpaceId, tick: At, rng: &mut impl CryptoRng) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        space.outbox.send_again(None);
        self.rest(id, Some(NOT_ALLOWED_REST), tick, rng);
        self.screen.outbox(id);
        self.asks.want(Ask::Session, tick);
    }

    /// An order to wipe this device, if it is the record's.
    pub(super) fn revoked(&mut self, signed: &[u8]) {
        if Revocation::open(self.setup.device, signed, &self.setup.record).is_ok() {
            self.erase();
        } else {
            self.fault(None, FaultKind::ForgedRevocation);
        }
    }

    fn erase(&mut self) {
        self.stop();
        self.asks = super::asks::Asks::default();
        self.spaces.clear();
        self.restored.clear();
        self.keeping.clear();
        self.screen = super::screen::Screen::default();
        self.screen.spaces();
        self.actions.push_back(Action::Erase);
        self.say(Connection::Revoked);
    }

    /// A connection is live again: what the edge told of spaces meanwhile was not heard, so the record is asked, within
    /// a few seconds, for not all devices of a ward are to ask at once. First comes what was missed, which is what is waited for.
    pub(super) fn refresh_session(&mut self, tick: At, rng: &mut impl CryptoRng) {
        if let Some(token) = &mut self.token
            && token.is_seasoned
        {
            token.renew_at = token
                .renew_at
                .min(tick.plus(REFRESHED_AFTER + backoff::random(REFRESHED_WITHIN, rng)));
        }
        if let Some(token) = &mut self.token {
            token.is_seasoned = true;
        }
    }

    /// Asks for a fresh token before the one that is held ends, while it is in use.
    pub(super) fn advance_session(&mut self, tick: At) {
        if let Some(due) = self.renewal().filter(|due| *due <= tick) {
            if let Some(token) = &mut self.token {
                token.renew_at = due.plus(RENEWED_WITHIN);
            }
            self.asks.want(Ask::Session, tick);
        }
    }

    /// When a fresh token is to be asked for.
    pub(super) fn renewal(&self) -> Option<At> {
        match self.link.phase {
            Phase::Greeting { .. } | Phase::Live { .. } | Phase::Opening { .. } => {
                self.token.as_ref().map(|token| token.renew_at)
            }
            Phase::Idle | Phase::NeedToken { .. } | Phase::Waiting { .. } => None,
        }
    }
}

/// A log longer than this is started from a snapshot.
const WORTH_A_SNAPSHOT: u64 = 60;

/// A subscription that was not allowed is not asked for again before the record has said something.
const NOT_ALLOWED_REST: Duration = Duration::from_secs(5);

/// After a connection is back the record is asked no sooner than this.
const REFRESHED_AFTER: Duration = Duration::from_secs(2);

/// And then within this.
const REFRESHED_WITHIN: Duration = Duration::from_secs(3);

/// A token that was to be renewed is renewed within this, or asked for anew.
const RENEWED_WITHIN: Duration = Duration::from_hours(1);
