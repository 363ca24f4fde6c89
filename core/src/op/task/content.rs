//! What a task says: what is to be done, about whom, where, by when, for whom.

use serde::{Deserialize, Serialize};

use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::message::Priority;
use crate::secret::Personal;
use crate::time::At;

/// `task.created`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// What is to be done, in a line.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// What else is to be known for it; may be empty.
    #[serde(rename = "d", default, skip_serializing_if = "is_empty")]
    pub details: Personal<String>,
    /// The patient that it is about.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// Where it is to be done, as people there say it; may be empty.
    #[serde(rename = "w", default, skip_serializing_if = "is_empty")]
    pub place: Personal<String>,
    /// How pressing it is.
    #[serde(rename = "p", default, skip_serializing_if = "Priority::is_routine")]
    pub priority: Priority,
    /// By when; `None` for when there is time.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub due: Option<At>,
    /// Who is to do it.
    #[serde(rename = "o")]
    pub to: Assignee,
    /// Its steps, each to be ticked off.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Personal<String>>,
    /// The message that it was made from.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<OpId>,
}

fn is_empty(text: &Personal<String>) -> bool {
    text.as_str().is_empty()
}

/// Who is to do a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Assignee {
    /// A member.
    #[serde(rename = "p")]
    Person(UserId),
    /// Whoever holds a role, or answers for it while nobody does.
    #[serde(rename = "r")]
    Role(OpId),
    /// Anybody of the space.
    #[serde(rename = "t")]
    Team,
}

/// `task.edited`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// Which text of it.
    #[serde(rename = "f")]
    pub field: Field,
    /// The text; empty when it was cleared, which a title never is.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// The place of the version that its author had before them; zero when it was empty.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had written there before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}

/// A text of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    /// What else is to be known.
    #[serde(rename = "d")]
    Details,
    /// Where.
    #[serde(rename = "w")]
    Place,
    /// What is to be done.
    #[serde(rename = "t")]
    Title,
}

/// `task.due_set`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueSet {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// By when; `None` for when there is time.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub due: Option<At>,
}

/// `task.priority_set`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrioritySet {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// How pressing it is.
    #[serde(rename = "p")]
    pub priority: Priority,
}

/// Names an item of a checklist: the operation that brought it, and which of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemId(pub OpId, pub u16);

/// `task.ticked`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticked {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// Which item of its checklist.
    #[serde(rename = "i")]
    pub item: ItemId,
    /// Whether it is done.
    #[serde(rename = "d")]
    pub done: bool,
}

/// `task.item_added`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAdded {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// What is to be ticked off.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `task.commented`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commented {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// What was written.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `task.watched`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
}

/// `task.unwatched`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwatched {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
}
