//! What was said in a space and what happened to it, in the order of the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::handover::HandoverEvent;
use super::{Change, RoleNews, Stamp, TaskNews};
use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::Body;
use crate::op::member::MemberOp;
use crate::op::message::{MessageOp, Posted, Priority};
use crate::op::patient::{News, PatientOp};
use crate::op::space::SpaceOp;
use crate::secret::Personal;

/// One item of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// Something happened to the space.
    #[serde(rename = "e")]
    Event(Event),
    /// Somebody wrote something.
    #[serde(rename = "m")]
    Message(Message),
}

/// Something that happened to the space, shown between the messages so that nobody joins or leaves unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// Who did it, when.
    #[serde(rename = "s")]
    pub stamp: Stamp,
    /// What happened.
    #[serde(rename = "w")]
    pub what: What,
}

/// What happened to a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Somebody joined.
    #[serde(rename = "a")]
    Added(UserId),
    /// Only administrators write from here on, or everybody again.
    #[serde(rename = "o")]
    AnnouncementsOnly(bool),
    /// The space was made.
    #[serde(rename = "c")]
    Created,
    /// Patients were offered, or changed hands.
    #[serde(rename = "h")]
    Handover(HandoverEvent),
    /// Somebody became an administrator.
    #[serde(rename = "d")]
    MadeAdmin(UserId),
    /// Something that only a newer version of the app can show.
    #[serde(rename = "n")]
    Newer,
    /// Something happened to a patient that this space speaks about: told by the record.
    #[serde(rename = "p")]
    Patient {
        /// To whom.
        #[serde(rename = "p")]
        patient: PatientId,
        /// What, in the order in which it did; never empty.
        #[serde(rename = "n")]
        news: Vec<News>,
    },
    /// A note was pinned for everybody.
    #[serde(rename = "i")]
    Pinned(Personal<String>),
    /// What the team is for was written; empty when that was cleared.
    #[serde(rename = "u")]
    Purpose(Personal<String>),
    /// Somebody left (themselves) or was removed.
    #[serde(rename = "x")]
    Removed(UserId),
    /// The title changed to this.
    #[serde(rename = "t")]
    Renamed(Personal<String>),
    /// A pinned note was taken down.
    #[serde(rename = "w")]
    Unpinned,
    /// Something happened to a role.
    #[serde(rename = "r")]
    Role {
        /// To which.
        #[serde(rename = "r")]
        role: OpId,
        /// What.
        #[serde(rename = "n")]
        news: RoleNews,
    },
    /// Something happened to a task.
    #[serde(rename = "j")]
    Task {
        /// To which.
        #[serde(rename = "j")]
        task: OpId,
        /// What.
        #[serde(rename = "n")]
        news: TaskNews,
    },
}

/// A message with everything that ever happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its place.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// Who posted it, when; the id of the message is that of this operation.
    #[serde(rename = "s")]
    pub stamp: Stamp,
    /// How pressing it is.
    #[serde(rename = "p")]
    pub priority: Priority,
    /// The message that it answers.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<OpId>,
    /// Whom it names.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<UserId>,
    /// The patient that it is about, by the id that its author named: [`super::Patients::resolve`] says who that is now.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// What was written first.
    #[serde(rename = "t")]
    pub posted: Personal<String>,
    /// Each correction, in the order of the log; the last one holds.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Who acknowledged it, in the order of the log, each once.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<Stamp>,
    /// Its withdrawal.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Stamp>,
}

/// A later version of a message's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Who, when.
    #[serde(rename = "s")]
    pub stamp: Stamp,
    /// The text as it should be.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

impl Message {
    fn new(seq: Seq, stamp: Stamp, posted: &Posted) -> Self {
        Self {
            seq,
            stamp,
            priority: posted.priority,
            reply_to: posted.reply_to,
            mentions: posted.mentions.clone(),
            about: posted.about,
            posted: posted.text.clone(),
            corrections: Vec::new(),
            acknowledged: Vec::new(),
            withdrawn: None,
        }
    }

    /// The message's id.
    pub fn id(&self) -> OpId {
        self.stamp.op
    }

    /// The text as it is now, also of a withdrawn message (which a screen does not show).
    pub fn text(&self) -> &str {
        self.corrections
            .last()
            .map_or(self.posted.as_str(), |correction| correction.text.as_str())
    }

    /// Whether somebody acknowledged it.
    pub fn is_acknowledged_by(&self, user: UserId) -> bool {
        self.acknowledged.iter().any(|stamp| stamp.by == user)
    }

    /// Urgent, still standing, and acknowledged by nobody.
    pub fn waits_for_acknowledgement(&self) -> bool {
        self.priority == Priority::Urgent && self.acknowledged.is_empty() && self.withdrawn.is_none()
    }

    /// Takes an operation about this message; true when something changed. Each is taken once.
    fn amend(&mut self, stamp: Stamp, op: &MessageOp) -> bool {
        match op {
            MessageOp::Acknowledged(_) => {
                if self.is_acknowledged_by(stamp.by) {
                    return false;
                }
                self.acknowledged.push(stamp);
                true
            }
            MessageOp::Corrected(corrected) => {
                if self.corrections.iter().any(|known| known.stamp.op == stamp.op) {
                    return false;
                }
                self.corrections.push(Correction {
                    stamp,
                    text: corrected.text.clone(),
                });
                true
            }
            MessageOp::Posted(_) => false,
            MessageOp::Withdrawn(_) => {
                if self.withdrawn.is_some() {
                    return false;
                }
                self.withdrawn = Some(stamp);
                true
            }
        }
    }
}

impl Item {
    /// Its place.
    pub fn seq(&self) -> Seq {
        match self {
            Self::Event(event) => event.seq,
            Self::Message(message) => message.seq,
        }
    }

    /// The message, if it is one.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Event(_) => None,
            Self::Message(message) => Some(message),
        }
    }

    /// Who did it, when.
    pub fn stamp(&self) -> Stamp {
        match self {
            Self::Event(event) => event.stamp,
            Self::Message(message) => message.stamp,
        }
    }
}

/// The items that are held, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Item>", into = "Vec<Item>")]
pub struct Timeline {
    /// A copy of a timeline, such as that with what waits to be sent, shares its items.
    items: BTreeMap<Seq, Arc<Item>>,
    /// Invariant: the place of every message in `items`.
    messages: BTreeMap<OpId, Seq>,
    /// Invariant: the place of every urgent message in `items`.
    urgent: BTreeSet<Seq>,
}

impl From<Vec<Item>> for Timeline {
    fn from(items: Vec<Item>) -> Self {
        let mut timeline = Self::default();
        for item in items {
            timeline.insert(item);
        }
        timeline
    }
}

impl From<Timeline> for Vec<Item> {
    fn from(timeline: Timeline) -> Self {
        let items = timeline.items.into_values();
        items.map(Arc::unwrap_or_clone).collect()
    }
}

impl Timeline {
    /// The items, oldest first.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.values().map(Arc::as_ref)
    }

    /// The items after a place, oldest first.
    pub fn after(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.range(seq.next()..).map(|(_, item)| &**item)
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.items.values().filter_map(|item| item.message())
    }

    /// The urgent messages, oldest first, at the cost of these alone.
    pub fn urgent(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.urgent.iter().filter_map(|seq| self.at(*seq)?.message())
    }

    /// The item at a place, if it is held.
    pub fn at(&self, seq: Seq) -> Option<&Item> {
        self.items.get(&seq).map(Arc::as_ref)
    }

    /// A message by its id, if it is held.
    pub fn message(&self, id: OpId) -> Option<&Message> {
        self.at(*self.messages.get(&id)?)?.message()
    }

    /// How many items are held.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True when none are held.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn insert(&mut self, item: Item) {
        if let Item::Message(message) = &item {
            self.messages.insert(message.id(), message.seq);
            if message.priority == Priority::Urgent {
                self.urgent.insert(message.seq);
            }
        }
        self.items.insert(item.seq(), Arc::new(item));
    }

    pub(super) fn add_event(&mut self, seq: Seq, stamp: Stamp, what: What) -> Vec<Change> {
        if self.items.contains_key(&seq) {
            return Vec::new();
        }
        self.insert(Item::Event(Event { seq, stamp, what }));
        vec![Change::Added(seq)]
    }

    /// Applies what an operation means for the timeline. One that is about a message that is not held changes
    /// nothing: that message comes with its later history when it is fetched.
    pub(super) fn apply(&mut self, seq: Seq, stamp: Stamp, body: &Body) -> Vec<Change> {
        let what = match body {
            Body::Message(MessageOp::Posted(posted)) => {
                if self.messages.contains_key(&stamp.op) {
                    return Vec::new();
                }
                self.insert(Item::Message(Message::new(seq, stamp, posted)));
                return vec![Change::Added(seq)];
            }
            Body::Message(op) => return op.target().map_or_else(Vec::new, |id| self.amend(id, stamp, op)),
            Body::Handover(op) => match HandoverEvent::of(op) {
                Some(event) => What::Handover(event),
                None => return Vec::new(),
            },
            Body::List(_) | Body::Member(MemberOp::CameOnDuty(_) | MemberOp::WentOffDuty(_)) => {
                return Vec::new();
            }
            Body::Patient(PatientOp::Refreshed(refreshed)) if refreshed.news.is_empty() => return Vec::new(),
            Body::Patient(PatientOp::Refreshed(refreshed)) => What::Patient {
                patient: refreshed.patient.id,
                news: refreshed.news.clone(),
            },
            Body::Member(MemberOp::Added(added)) => What::Added(added.user),
            Body::Member(MemberOp::Left(_)) => What::Removed(stamp.by),
            Body::Member(MemberOp::MadeAdmin(made)) => What::MadeAdmin(made.user),
            Body::Member(MemberOp::Removed(removed)) => What::Removed(removed.user),
            Body::Role(op) => match RoleNews::of(op) {
                Some(news) => What::Role {
                    role: op.target().unwrap_or(stamp.op),
                    news,
                },
                None => return Vec::new(),
            },
            Body::Task(op) => match TaskNews::of(stamp.op, op) {
                Some((task, news)) => What::Task { task, news },
                None => return Vec::new(),
            },
            Body::Space(SpaceOp::AnnouncementsOnly(op)) => What::AnnouncementsOnly(op.on),
            Body::Space(SpaceOp::Created(_)) => What::Created,
            Body::Space(SpaceOp::NotePinned(op)) => What::Pinned(op.text.clone()),
            Body::Space(SpaceOp::NoteUnpinned(_)) => What::Unpinned,
            Body::Space(SpaceOp::PurposeSet(op)) => What::Purpose(op.text.clone()),
            Body::Space(SpaceOp::Renamed(renamed)) => What::Renamed(renamed.title.clone()),
            Body::Unknown { .. } => What::Newer,
        };
        self.add_event(seq, stamp, what)
    }

    fn amend(&mut self, id: OpId, stamp: Stamp, op: &MessageOp) -> Vec<Change> {
        let Some(seq) = self.messages.get(&id) else {
            return Vec::new();
        };
        let Some(Item::Message(message)) = self.items.get_mut(seq).map(Arc::make_mut) else {
            return Vec::new();
        };
        if message.amend(stamp, op) {
            vec![Change::Amended(*seq)]
        } else {
            Vec::new()
        }
    }

    pub(super) fn trim(&mut self, keep: usize) {
        let excess = self.items.len().saturating_sub(keep);
        let oldest: Vec<Seq> = self
            .items
            .values()
            .take(excess)
            .filter(|item| !item.message().is_some_and(Message::waits_for_acknowledgement))
            .map(|item| item.seq())
            .collect();
        for seq in oldest {
            let item = self.items.remove(&seq);
            if let Some(message) = item.as_deref().and_then(Item::message) {
                self.messages.remove(&message.id());
                self.urgent.remove(&seq);
            }
        }
    }
}
