//! The client's sans-I/O state machine: one [`Sync`] per signed-in device.
//!
//! It owns the keys, the confirmed state, the outbox and the cursors of all spaces of a person. It is told what happens
//! ([`Sync::handle_event`], with the moment and randomness), and is then asked until it has no more to say what is to be
//! done ([`Sync::poll_action`]) and when to be called again ([`Sync::poll_timeout`]).

use std::collections::{BTreeMap, VecDeque};

use ed25519_dalek::VerifyingKey;
use rand_core::CryptoRng;

use crate::chain::Seq;
use crate::device::DeviceSecret;
use crate::id::{DeviceId, OpId, SpaceId, UserId};
use crate::op::Body;
use crate::refusal::Refusal;
use crate::time::At;

mod action;
mod event;
mod fault;
mod outbox;
mod show;
mod space;

pub use action::{Action, Kept, Shown, Store};
pub use event::{Ask, CloseReason, Event, Failure};
pub use fault::{Fault, FaultKind};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// A question is asked (again).
    Ask,
    /// A cursor is to be sent.
    Cursor,
    /// It is time to connect again.
    Dial,
    /// The edge has been silent for too long.
    DeadPeer,
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
    connection: Connection,
    spaces: BTreeMap<SpaceId, Space>,
    actions: VecDeque<Action>,
    faults: Vec<Fault>,
}

impl Sync {
    /// Makes a machine that waits for its first session.
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            connection: Connection::SignInNeeded,
            spaces: BTreeMap::new(),
            actions: VecDeque::new(),
            faults: Vec::new(),
        }
    }

    /// Puts back what a device kept over a restart, before its first session.
    pub fn restore(&mut self, kept: Vec<Kept>) {
        let _ = kept;
    }

    /// Takes something that happened.
    pub fn handle_event(&mut self, event: Event, now: At, rng: &mut impl CryptoRng) {
        let _ = (event, now, rng);
    }

    /// Gives the next thing to be done; `None` when there is no more for now.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The moment at which [`Event::TimeReached`] is to be told, and why.
    pub fn poll_timeout(&self) -> Option<(At, Timeout)> {
        None
    }

    /// A person does something: it is checked against what is shown, put into the outbox and shown at once.
    pub fn act(
        &mut self,
        space: SpaceId,
        body: Body,
        now: At,
        rng: &mut impl CryptoRng,
    ) -> Result<OpId, Refusal> {
        let _ = (space, body, now, rng);
        Err(Refusal::NotMember)
    }

    /// The person had everything of a space up to a place on the screen.
    pub fn read_up_to(&mut self, space: SpaceId, seq: Seq, now: At) {
        let _ = (space, seq, now);
    }

    /// The person is writing.
    pub fn typing(&mut self, space: SpaceId, now: At, rng: &mut impl CryptoRng) {
        let _ = (space, now, rng);
    }

    /// The author gives a refused operation up; false when there is no such.
    pub fn discard_refused(&mut self, space: SpaceId, op: OpId) -> bool {
        let _ = (space, op);
        false
    }

    /// Asks for a page of older history, unless one is being fetched or there is none.
    pub fn load_older(&mut self, space: SpaceId) {
        let _ = space;
    }

    /// How the device stands with the record.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// When something last came from the edge; `None` before the first.
    pub fn last_contact(&self) -> Option<At> {
        None
    }

    /// How this device's clock differs from the record's, when by more than is harmless.
    pub fn clock_skew(&self) -> Option<Skew> {
        None
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
        0
    }

    /// What was detected since the last call.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
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
