//! One space as the machine holds it.

use super::cursor::Cursors;
use super::history::History;
use super::inbox::Inbox;
use super::outbox::{Outbox, Pending, PendingState};
use super::show::{HistoryState, Status};
use super::subscription::Subscription;
use super::typing::Typists;
use crate::chain::Seq;
use crate::id::{SpaceId, UserId};
use crate::op::space::SpaceKind;
use crate::seal::Keyring;
use crate::signal::Cursor;
use crate::state::{Change, Item, Message, Place, SpaceState};
use crate::time::At;

/// One space: its confirmed state, what is shown, what waits, how far everybody has read.
#[derive(Debug)]
pub struct Space {
    pub(super) me: UserId,
    pub(super) kind: SpaceKind,
    pub(super) is_open: bool,
    pub(super) keys: Keyring,
    /// The fold of the log. Nothing but entries, a snapshot and pages of history ever change it.
    pub(super) confirmed: SpaceState,
    /// `confirmed` and on top of it what is only on this device; `None` when there is no such.
    pub(super) shown: Option<Box<SpaceState>>,
    /// What the replay of the outbox last changed, to be taken back at the next.
    replayed: Vec<Change>,
    pub(super) outbox: Outbox,
    pub(super) inbox: Inbox,
    pub(super) subscription: Subscription,
    /// When `Subscribe` was last sent.
    pub(super) subscribed: Option<At>,
    pub(super) cursors: Cursors,
    pub(super) typists: Typists,
    pub(super) history: History,
    /// The steady clock's reading of a grant outside a session, which an older session does not know of.
    pub(super) granted: Option<At>,
    /// Its place among the spaces of the last session, latest activity first.
    pub(super) place: usize,
}

impl Space {
    pub(super) fn new(id: SpaceId, kind: SpaceKind, me: UserId) -> Self {
        Self {
            me,
            kind,
            is_open: true,
            keys: Keyring::new(id),
            confirmed: SpaceState::new(id),
            shown: None,
            replayed: Vec::new(),
            outbox: Outbox::default(),
            inbox: Inbox::default(),
            subscription: Subscription::default(),
            subscribed: None,
            cursors: Cursors::new(me),
            typists: Typists::default(),
            history: History::new(),
            granted: None,
            place: 0,
        }
    }

    /// Which space.
    pub fn id(&self) -> SpaceId {
        self.confirmed.space
    }

    /// What kind of space.
    pub fn kind(&self) -> SpaceKind {
        self.kind
    }

    /// The fold of the log.
    pub fn confirmed(&self) -> &SpaceState {
        &self.confirmed
    }

    /// The confirmed state and on top of it what is only on this device. Refused messages are there; refused changes
    /// of something else are not.
    pub fn shown(&self) -> &SpaceState {
        self.shown.as_deref().unwrap_or(&self.confirmed)
    }

    /// How far a message of this space has come.
    pub fn status(&self, message: &Message) -> Status {
        match self.outbox.find(message.id()).map(|pending| pending.state) {
            Some(PendingState::Refused(reason)) => return Status::Refused { reason },
            Some(PendingState::Acked) => return Status::Sent,
            Some(PendingState::HeldBy(_) | PendingState::InFlight | PendingState::Waiting) => {
                return Status::OnThisDevice;
            }
            None => {}
        }
        let author = message.stamp.by;
        let others = || {
            self.confirmed
                .members
                .iter()
                .filter(move |(user, _)| *user != author)
        };
        let of = others().count();
        let count = |reached: fn(&Cursor) -> Seq| {
            others()
                .filter(|(user, _)| {
                    self.cursor(*user)
                        .is_some_and(|cursor| reached(cursor) >= message.seq)
                })
                .count()
        };
        let read = count(|cursor| cursor.read);
        if read > 0 {
            return Status::Read { by: read, of };
        }
        match count(|cursor| cursor.delivered) {
            0 => Status::Sent,
            by => Status::Delivered { by, of },
        }
    }

    /// Who has read up to a place, besides this person.
    pub fn readers(&self, seq: Seq) -> Vec<UserId> {
        let has_read =
            |cursor: &&Cursor| cursor.user != self.me && cursor.read >= seq && self.is_member(cursor.user);
        self.cursors
            .iter()
            .filter(has_read)
            .map(|cursor| cursor.user)
            .collect()
    }

    fn is_member(&self, user: UserId) -> bool {
        self.confirmed.members.contains(user)
    }

    /// How far somebody has received and read; `None` when nothing is known.
    pub fn cursor(&self, user: UserId) -> Option<&Cursor> {
        self.cursors.of(user)
    }

    /// How many messages of others this person has not read, of those that are held.
    pub fn unread(&self) -> usize {
        self.unread_messages().count()
    }

    /// Whether there may be more unread messages than [`Self::unread`], before what is held.
    pub fn has_unread_before(&self) -> bool {
        self.history.from() > self.cursors.read().next()
    }

    /// The first message of others that this person has not read, of those that are held.
    pub fn first_unread(&self) -> Option<Seq> {
        self.unread_messages().next().map(|message| message.seq)
    }

    fn unread_messages(&self) -> impl Iterator<Item = &Message> {
        self.confirmed
            .timeline
            .after(self.cursors.read())
            .filter_map(|item| match item {
                Item::Message(message) if message.stamp.by != self.me && message.withdrawn.is_none() => {
                    Some(message)
                }
                Item::Event(_) | Item::Message(_) => None,
            })
    }

    /// Who is writing now, besides this person. [`super::Shown::Typing`] tells when that changes.
    pub fn typing(&self, now: At) -> Vec<UserId> {
        self.typists.writing(now)
    }

    /// What waits, in the order in which it was done.
    pub fn outbox(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.pending()
    }

    /// How much of the history is held.
    pub fn history(&self) -> HistoryState {
        self.history.state()
    }

    /// From here on the timeline is held without gaps; of what is older, urgent messages that wait.
    pub fn history_from(&self) -> Seq {
        self.history.from()
    }

    /// Whether everything that the edge has was received, on the connection that is live.
    pub fn is_caught_up(&self) -> bool {
        self.subscription.is_live()
    }

    /// Whether anything of it is held.
    pub(super) fn is_begun(&self) -> bool {
        self.confirmed.head.seq > Seq::ZERO
    }

    /// False once this person no longer belongs to the space; what they wrote and was not taken is still in the
    /// outbox, until it is discarded.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Replays the outbox on what is confirmed. Gives what that changed on the screen, also what it took back.
    pub(super) fn replay(&mut self) -> Vec<Change> {
        let mut changes: Vec<Change> = std::mem::take(&mut self.replayed)
            .into_iter()
            .map(|change| match change {
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
            })
            .collect();
        // The copy of before shares with what is confirmed.
        self.shown = None;
        if self.outbox.is_empty() {
            return changes;
        }
        self.confirmed.gather();
        let mut shown = Box::new(self.confirmed.clone());
        let mut place = shown.head.seq;
        for pending in self.outbox.pending() {
            place = place.next();
            let is_shown = !matches!(pending.state, PendingState::Refused(_)) || pending.op.shows_refused();
            if is_shown {
                self.replayed.extend(shown.apply(
                    Place {
                        seq: place,
                        recorded: None,
                    },
                    &pending.op,
                ));
            }
        }
        self.shown = Some(shown);
        for change in &self.replayed {
            if !changes.contains(change) {
                changes.push(*change);
            }
        }
        changes
    }

    /// Replays the newest operation of the outbox alone, on top of what is shown already.
    pub(super) fn replay_newest(&mut self) -> Vec<Change> {
        let Some(newest) = self.outbox.pending().last() else {
            return Vec::new();
        };
        let shown = self.shown.get_or_insert_with(|| Box::new(self.confirmed.clone()));
        let ahead = u64::try_from(self.outbox.len()).unwrap_or(u64::MAX);
        let seq = Seq::new(self.confirmed.head.seq.value().saturating_add(ahead));
        let changes = shown.apply(Place { seq, recorded: None }, &newest.op);
        self.replayed.extend(&changes);
        changes
    }
}
