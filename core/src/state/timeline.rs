//! What was said in a space and what happened to it, in the order of the log.

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
use crate::photo::Photo;
use crate::secret::Personal;

mod items;

use items::Items;

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
    /// The roles that it is to.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<OpId>,
    /// The patient that it is about, by the id that its author named: [`super::Patients::resolve`] says who that is now.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// The photos that it shows.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
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
            roles: posted.roles.clone(),
            about: posted.about,
            photos: posted.photos.clone(),
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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Item>", into = "Vec<Item>")]
pub struct Timeline {
    /// Shared with copies, such as that with what waits to be sent: a copy costs the same however long the history is.
    older: Arc<Items>,
    /// Invariant: after all that are older.
    recent: Items,
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
        let older = Arc::unwrap_or_clone(timeline.older).by_place.into_values();
        let items = older.chain(timeline.recent.by_place.into_values());
        items.map(Arc::unwrap_or_clone).collect()
    }
}

/// The same items, whichever of them are shared.
impl PartialEq for Timeline {
    fn eq(&self, other: &Self) -> bool {
        self.items().eq(other.items())
    }
}

impl Eq for Timeline {}

impl Timeline {
    /// The items, oldest first.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.older.values().chain(self.recent.values())
    }

    /// The items after a place, oldest first.
    pub fn after(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &Item> {
        self.older.after(seq).chain(self.recent.after(seq))
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.items().filter_map(Item::message)
    }

    /// The urgent messages, oldest first, at the cost of these alone.
    pub fn urgent(&self) -> impl DoubleEndedIterator<Item = &Message> {
        let all = self.older.urgent.iter().chain(&self.recent.urgent);
        all.filter_map(|seq| self.at(*seq)?.message())
    }

    /// The item at a place, if it is held.
    pub fn at(&self, seq: Seq) -> Option<&Item> {
        let recent = self.recent.by_place.get(&seq);
        recent.or_else(|| self.older.by_place.get(&seq)).map(Arc::as_ref)
    }

    /// A message by its id, if it is held.
    pub fn message(&self, id: OpId) -> Option<&Message> {
        self.at(self.place_of(id)?)?.message()
    }

    /// Those among which the item at a place is, if it is held, to be changed.
    fn holding(&mut self, seq: Seq) -> &mut Items {
        if self.recent.by_place.contains_key(&seq) {
            &mut self.recent
        } else {
            Arc::make_mut(&mut self.older)
        }
    }

    fn place_of(&self, id: OpId) -> Option<Seq> {
        let recent = self.recent.messages.get(&id);
        recent.or_else(|| self.older.messages.get(&id)).copied()
    }

    /// How many items are held.
    pub fn len(&self) -> usize {
        self.older.by_place.len() + self.recent.by_place.len()
    }

    /// True when none are held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn insert(&mut self, item: Item) {
        let seq = item.seq();
        let is_older = self.older.by_place.last().is_some_and(|(last, _)| seq <= *last)
            || self
                .recent
                .by_place
                .first()
                .is_some_and(|(first, _)| seq < *first);
        let item = Arc::new(item);
        if is_older {
            Arc::make_mut(&mut self.older).insert(item);
            return;
        }
        self.recent.insert(item);
        self.gather();
    }

    /// Puts the recent items with those that copies share, once they are many. While a copy shares those this waits until it
    /// is gone: whoever makes copies of one that grows calls it before each.
    pub(in crate::state) fn gather(&mut self) {
        if self.recent.by_place.len() >= RECENT
            && let Some(older) = Arc::get_mut(&mut self.older)
        {
            older.take_all(&mut self.recent);
        }
    }

    pub(super) fn add_event(&mut self, seq: Seq, stamp: Stamp, what: What) -> Vec<Change> {
        if self.at(seq).is_some() {
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
                if self.place_of(stamp.op).is_some() {
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
        let Some(seq) = self.place_of(id) else {
            return Vec::new();
        };
        let Some(Item::Message(message)) = self.holding(seq).by_place.get_mut(&seq).map(Arc::make_mut) else {
            return Vec::new();
        };
        if message.amend(stamp, op) {
            vec![Change::Amended(seq)]
        } else {
            Vec::new()
        }
    }

    /// At the cost of what is kept, and of urgent messages, however many there are.
    pub(super) fn trim(&mut self, keep: usize) {
        if self.len() <= keep {
            return;
        }
        let newest: Vec<Seq> = self.items().rev().take(keep).map(Item::seq).collect();
        let first = newest.last().copied();
        let older = self
            .urgent()
            .filter(|message| first.is_none_or(|first| message.seq < first));
        let waiting = older.filter(|message| message.waits_for_acknowledgement());
        let kept: Vec<Seq> = waiting.map(|message| message.seq).chain(newest).collect();
        let mut trimmed = Items::default();
        for item in kept.into_iter().filter_map(|seq| self.shared(seq)) {
            trimmed.insert(item);
        }
        *self = Self {
            older: Arc::new(trimmed),
            recent: Items::default(),
        };
    }

    fn shared(&self, seq: Seq) -> Option<Arc<Item>> {
        let recent = self.recent.by_place.get(&seq);
        recent.or_else(|| self.older.by_place.get(&seq)).cloned()
    }

    /// How many items a copy copies.
    #[cfg(test)]
    pub(crate) fn unshared(&self) -> usize {
        self.recent.by_place.len()
    }
}

/// So many items are copied with a timeline at the most, while no copy is kept.
const RECENT: usize = 128;

#[cfg(test)]
mod tests;
