//! The client's sans-I/O state machine: one [`Sync`] per signed-in device.
//!
//! It owns the keys, the confirmed state, the outbox and the cursors of all spaces of a person. It is told what happens
//! ([`Sync::handle_event`], with the moment and randomness), and is then asked until it has no more to say what is to be
//! done ([`Sync::poll_action`]) and when to be called again ([`Sync::poll_timeout`]).
//!
//! | part | what it is about |
//! | --- | --- |
//! | `connection`, `backoff`, `steady` | dialling, greeting, keep-alive, trying again; a clock that never goes back |
//! | `session`, `asks` | token, spaces and keys; questions to the record |
//! | `subscription`, `inbox`, `history` | what comes: snapshots, entries, pages; the chain, and the record's word on it |
//! | `outbox`, `delivery` | what goes: in order, one frame at a time, until it is seen in the log |
//! | `cursor`, `typing` | who has received and read what; who is writing |
//! | `space`, `show`, `screen` | what is shown, in words, and what of it changed |
//! | `keep` | what a restart needs, and what tabs of one device tell each other |
//!
//! **Trust.** The edge carries everything and is believed nothing that matters: an entry must follow the chain and open
//! under keys that the record sealed to this device; a refusal, a snapshot, an order to wipe must be the record's own (a
//! refusal whose word was lost may also follow from the log, by the rules); an acknowledgement changes nothing but a status;
//! and with each session the record names the head of each log, which what the edge showed must lead through. What an
//! honest edge never does is a [`Fault`].
//!
//! ```
//! use baton_core::{device::DeviceSecret, id::*, sync::*, time::At};
//! # use rand_core::SeedableRng;
//! # let mut rng = rand_chacha::ChaCha20Rng::from_seed([1; 32]);
//! # let record = ed25519_dalek::SigningKey::from_bytes(&[2; 32]).verifying_key();
//! let secret = DeviceSecret::make(&mut rng);
//! let (device, user) = (DeviceId::from_bytes([3; 16]), UserId::from_bytes([4; 16]));
//! let mut sync = Sync::new(Setup { device, user, secret, record });
//! sync.handle_event(Event::Online, At::from_millis(0), &mut rng);
//! assert_eq!(sync.connection(), &Connection::SignInNeeded);
//! assert_eq!(sync.poll_action(), None);
//! ```

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_core::CryptoRng;

use crate::chain::Seq;
use crate::device::DeviceSecret;
use crate::frame::{self, ToEdge};
use crate::id::{DeviceId, OpId, SpaceId, UserId};
use crate::op::{Body, Op};
use crate::ordered::SortedMap;
use crate::refusal::Refusal;
use crate::rule::{self, Author};
use crate::time::At;

mod action;
mod asks;
mod backoff;
mod connection;
mod cursor;
mod delivery;
mod event;
mod fault;
mod history;
mod inbox;
mod indexing;
mod keep;
mod outbox;
mod receive;
mod screen;
mod session;
mod show;
mod space;
mod steady;
mod subscription;
mod typing;

pub use action::{Action, Kept, Row, Shown, Store};
pub use event::{Ask, CloseReason, Event, Failure};
pub use fault::{Fault, FaultKind};
pub use history::Past;
pub use keep::{Restored, RestoredSpace, kept_head};
pub use outbox::{Pending, PendingState};
pub use show::{Connection, HistoryState, Skew, Status};
pub use space::Space;

/// What a machine is made of.
#[derive(Debug)]
pub struct Setup {
    /// This device.
    pub device: DeviceId,
    /// Whose it is.
    pub user: UserId,
    /// Its keys.
    pub secret: DeviceSecret,
    /// The record's key, as the app's deployment pins it.
    pub record: VerifyingKey,
}

/// Why [`Sync::poll_timeout`] wants to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timeout {
    /// A question is asked (again).
    Ask,
    /// A cursor is to be sent.
    Cursor,
    /// It is time to connect again.
    Dial,
    /// The edge has been silent for too long.
    DeadPeer,
    /// Entries that came are to be folded in, now that those after them are asked for.
    Fold,
    /// A keep-alive is due.
    KeepAlive,
    /// The relay token ends soon.
    Renew,
    /// What was sent was not answered.
    Resend,
    /// Somebody stopped writing.
    Typing,
    /// Entries that the record has did not come.
    Withheld,
}

/// The state machine of one signed-in device.
#[derive(Debug)]
pub struct Sync {
    setup: Setup,
    signer: SigningKey,
    clock: steady::Steady,
    connection: Connection,
    link: connection::Link,
    token: Option<session::Token>,
    skew: Option<Skew>,
    asks: asks::Asks,
    /// When the session was asked for that has not come yet.
    session_asked: Option<At>,
    /// When the record gave the last session, by its clock.
    session_said: Option<At>,
    spaces: SortedMap<SpaceId, Space>,
    /// What of its spaces is to be kept anew.
    keeping: keep::Keeping,
    /// What a restart kept, until a session says what this person still belongs to.
    restored: SortedMap<SpaceId, Vec<Kept>>,
    /// The order of the last operation ([`Kept::order`]).
    last_order: u64,
    actions: VecDeque<Action>,
    /// What came and is not folded in yet.
    page: Option<inbox::Page>,
    screen: screen::Screen,
    faults: fault::Faults,
    /// Something was detected that makes the connection that is open not worth keeping.
    suspect: bool,
    /// The edge asked for silence until then.
    quiet: Option<At>,
}

impl Sync {
    /// Makes a machine that waits for its first session.
    pub fn new(setup: Setup) -> Self {
        Self {
            signer: setup.secret.signing_key(),
            setup,
            clock: steady::Steady::default(),
            connection: Connection::SignInNeeded,
            link: connection::Link::new(),
            token: None,
            skew: None,
            asks: asks::Asks::default(),
            session_asked: None,
            session_said: None,
            spaces: SortedMap::new(),
            keeping: keep::Keeping::default(),
            restored: SortedMap::new(),
            last_order: 0,
            actions: VecDeque::new(),
            page: None,
            screen: screen::Screen::default(),
            faults: fault::Faults::default(),
            suspect: false,
            quiet: None,
        }
    }

    /// Takes something that happened.
    pub fn handle_event(&mut self, event: Event, now: At, rng: &mut impl CryptoRng) {
        let tick = self.clock.tick(now);
        self.fold_page(tick, rng);
        match event {
            Event::AskFailed(ask, failure) => self.ask_failed(&ask, failure, tick, rng),
            Event::Deposited(space, photo) => self.take_deposited(space, photo, tick),
            Event::Frame(bytes) => self.take_frame(&bytes, tick, rng),
            Event::Granted(grant) => {
                self.take_grant(&grant, None, tick);
                if let Some(space) = self.spaces.get_mut(&grant.space) {
                    space.granted = Some(tick);
                }
            }
            Event::History(space, answer) => self.take_history(space, &answer, tick, rng),
            Event::Keys(space, answer) => {
                self.asks.answer(&Ask::Keys(space), tick);
                self.take_keys(space, &answer.keys, tick);
            }
            Event::NoPhoto(space, photo) => self.take_no_photo(space, photo, tick),
            Event::Offline => self.offline(tick, rng),
            Event::Online => self.online(tick, rng),
            Event::Pong => self.heard(tick),
            Event::Session(session) => self.take_session(*session, tick, rng),
            Event::Snapshots(spaces, answer) => self.take_snapshots(spaces, answer, tick),
            Event::SocketClosed(reason) => self.closed(reason, tick, rng),
            Event::SocketOpened => self.opened(tick),
            Event::TimeReached => {}
        }
        self.advance(tick, rng);
    }

    /// Does what is due, whatever happened.
    fn advance(&mut self, tick: At, rng: &mut impl CryptoRng) {
        self.advance_link(tick, rng);
        self.advance_session(tick);
        if std::mem::take(&mut self.suspect) {
            self.hang_up(tick, None, rng);
        }
        if self.link.is_live() {
            self.advance_inboxes(tick, rng);
            self.advance_deliveries(tick, rng);
        }
        if self.token.is_some() {
            self.want_snapshots(tick);
        }
        self.quiet = self.quiet.filter(|until| *until > tick);
        if self.link.is_live() && self.quiet.is_none() {
            self.advance_subscriptions(tick, rng);
        }
        if self.link.is_live() && self.quiet.is_none() {
            self.send_waiting(tick, rng);
            self.send_cursors(tick, rng);
        }
        self.expire_typists(tick);
        self.ask(tick, rng);
        self.reveal();
    }

    fn ask(&mut self, tick: At, rng: &mut impl CryptoRng) {
        for ask in self.asks.take_due(tick, rng) {
            if ask == Ask::Session {
                self.session_asked.get_or_insert(tick);
            }
            self.actions.push_back(Action::Ask(ask));
        }
    }

    /// Makes the shown state of touched spaces again, and tells what changed.
    fn reveal(&mut self) {
        for id in self.screen.touched() {
            if let Some(space) = self.spaces.get_mut(&id) {
                let changes = space.replay();
                self.screen.space(id, changes);
            }
        }
        self.keeping.cursors(self.screen.moved_cursors());
        self.actions.extend(self.screen.take());
    }

    fn send(&mut self, frame: &ToEdge) {
        self.actions.push_back(Action::Send(frame::encode(frame)));
    }

    fn fault(&mut self, space: Option<SpaceId>, kind: FaultKind) {
        self.faults.add(space, kind);
    }

    fn store_put(&mut self, kept: Kept) {
        self.actions.push_back(Action::Store(Store::Put(kept)));
    }

    fn store_remove(&mut self, space: SpaceId, op: OpId) {
        self.actions.push_back(Action::Store(Store::Remove { space, op }));
    }

    /// Gives the next thing to be done; `None` when there is no more for now.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// How long from `now` on [`Event::TimeReached`] is to be told, and why; `None` when nothing is due by itself. The wait
    /// is right even when the device's clock was set since the machine last heard of it.
    pub fn poll_timeout(&self, now: At) -> Option<(Duration, Timeout)> {
        let is_live = self.link.is_live();
        let of_space = |space: &Space| {
            let is_caught_up = is_live && space.subscription.is_live();
            let listening = [
                (space.outbox.next(), Timeout::Resend),
                (space.cursors.next(), Timeout::Cursor),
                (space.inbox.withheld_at(), Timeout::Withheld),
            ];
            let subscribing = [(
                space.subscription.next().filter(|_| space.is_open),
                Timeout::Resend,
            )];
            let live = listening
                .into_iter()
                .filter(|_| is_caught_up)
                .chain(subscribing.into_iter().filter(|_| is_live));
            let live = live.map(|(at, why)| (at.map(|at| at.max(self.quiet.unwrap_or_default())), why));
            let always = [(space.typists.next(), Timeout::Typing)];
            live.chain(always).filter_map(|(at, why)| Some((at?, why))).min()
        };
        let timers = [
            self.page.as_ref().map(|page| (page.came, Timeout::Fold)),
            self.link.next(),
            self.renewal().map(|at| (at, Timeout::Renew)),
            self.asks.next().map(|at| (at, Timeout::Ask)),
            self.spaces.values().filter_map(of_space).min(),
        ];
        let (at, why) = timers.into_iter().flatten().min()?;
        Some((self.clock.wait(at, now), why))
    }

    /// A person does something: it is checked against what is shown, put into the outbox and shown at once.
    pub fn act(
        &mut self,
        space: SpaceId,
        body: Body,
        now: At,
        rng: &mut impl CryptoRng,
    ) -> Result<OpId, Refusal> {
        let tick = self.clock.tick(now);
        let by = self.setup.user;
        let held = self
            .spaces
            .get_mut(&space)
            .filter(|space| space.is_open)
            .ok_or(Refusal::NotMember)?;
        let mut random = [0; 10];
        rng.fill_bytes(&mut random);
        let op = Op {
            id: OpId::make(now, random),
            by,
            at: now,
            body,
        };
        rule::may(Author::Person(by), &op, held.shown())?;
        let id = op.id;
        self.last_order = now
            .millis()
            .saturating_mul(1000)
            .max(self.last_order.saturating_add(1));
        let kept = Kept {
            space,
            order: self.last_order,
            op: Arc::new(op),
            refused: None,
        };
        held.outbox.push(kept.clone());
        let changes = held.replay_newest();
        self.actions.push_back(Action::Show(Shown::Space(space, changes)));
        self.screen.outbox(space);
        self.store_put(kept);
        self.advance(tick, rng);
        Ok(id)
    }

    /// The person had everything of a space up to a place on the screen.
    pub fn read_up_to(&mut self, space: SpaceId, seq: Seq, now: At) {
        let tick = self.clock.tick(now);
        if let Some(held) = self.spaces.get_mut(&space)
            && held
                .cursors
                .read_up_to(seq.min(held.confirmed.head.seq), now, tick)
        {
            self.screen.cursors(space);
            self.reveal();
        }
    }

    /// The person is writing; told to the others once in three seconds.
    pub fn typing(&mut self, space: SpaceId, now: At, rng: &mut impl CryptoRng) {
        let tick = self.clock.tick(now);
        self.tell_typing(space, tick, rng);
    }

    /// The author gives a refused operation up; false when there is no such. What was held by it is refused in turn, so
    /// that each text is seen before it is gone.
    pub fn discard_refused(&mut self, space: SpaceId, op: OpId) -> bool {
        let Some(held) = self.spaces.get_mut(&space) else {
            return false;
        };
        let Some(gone) = held.outbox.discard(op) else {
            return false;
        };
        if !held.is_open && held.outbox.is_empty() {
            self.spaces.remove(&space);
            self.screen.spaces();
        }
        for (order, op, refused) in gone {
            match refused {
                None => self.store_remove(space, op.id),
                Some(_) => self.store_put(Kept {
                    space,
                    order,
                    op,
                    refused,
                }),
            }
        }
        self.screen.replay(space);
        self.reveal();
        true
    }

    /// Asks for a page of older history, unless one is being fetched or nothing is missing.
    pub fn load_older(&mut self, space: SpaceId) {
        let tick = self.clock.last();
        let Some(before) = self
            .spaces
            .get_mut(&space)
            .and_then(|held| held.history.want_page())
        else {
            return;
        };
        let ask = Ask::History {
            space,
            before,
            limit: history::PAGE,
        };
        self.asks.want(ask.clone(), tick);
        if self.asks.take_one(&ask, tick) {
            self.actions.push_back(Action::Ask(ask));
        }
        self.screen.history(space);
        self.reveal();
    }

    /// How the device stands with the record.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether everything that the edge has was received, of all spaces that this person belongs to.
    pub fn is_caught_up(&self) -> bool {
        self.spaces()
            .all(|space| space.is_caught_up() || !space.is_open())
    }

    /// When something last came from the edge; `None` before the first.
    pub fn last_contact(&self) -> Option<At> {
        self.link.last_contact
    }

    /// How this device's clock differs from the record's, when by more than is harmless.
    pub fn clock_skew(&self) -> Option<Skew> {
        self.skew
    }

    /// The spaces, by id.
    pub fn spaces(&self) -> impl Iterator<Item = &Space> {
        self.spaces.values()
    }

    /// A space, if this person belongs to it or something of theirs still waits for it.
    pub fn space(&self, id: SpaceId) -> Option<&Space> {
        self.spaces.get(&id)
    }

    /// Operations in outboxes that were not seen in a log yet.
    pub fn waiting(&self) -> usize {
        let restored: usize = self.restored.values().map(Vec::len).sum();
        self.spaces
            .values()
            .map(|space| space.outbox.len())
            .sum::<usize>()
            + restored
    }

    /// Those of them that are to be sent.
    pub fn unsent(&self) -> usize {
        self.waiting().saturating_sub(self.refused())
    }

    /// Those of them that the record did not take: they wait for their author.
    pub fn refused(&self) -> usize {
        let outboxes = self.spaces.values().flat_map(Space::outbox);
        let is_refused = |pending: &&Pending| matches!(pending.state, PendingState::Refused(_));
        outboxes.filter(is_refused).count()
    }

    /// What was detected since the last call.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        self.faults.take()
    }

    /// This device.
    pub fn device(&self) -> DeviceId {
        self.setup.device
    }

    /// Whose it is.
    pub fn user(&self) -> UserId {
        self.setup.user
    }
}

/// Entries that the record has come within this, while the connection is live.
const WITHHELD_AFTER: Duration = Duration::from_secs(30);
