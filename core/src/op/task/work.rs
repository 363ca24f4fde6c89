//! What becomes of a task: who has it, how far it is, how it ended.

use serde::{Deserialize, Serialize};

use super::Assignee;
use crate::id::OpId;
use crate::secret::Personal;

/// `task.assigned`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// Who is to do it.
    #[serde(rename = "o")]
    pub to: Assignee,
    /// The operation by which it came to who had it, as the author of this saw it: so two who give it away at once do not
    /// undo each other unseen.
    #[serde(rename = "s")]
    pub seen: OpId,
}

/// `task.accepted`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
}

/// `task.started`. Whoever starts has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
}

/// `task.completed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// What is to be known of it; may be empty.
    #[serde(rename = "t", default, skip_serializing_if = "no_note")]
    pub note: Personal<String>,
    /// The last reopening that its author had before them; `None` if there was none. What was done before a task was
    /// reopened does not close it again.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub round: Option<OpId>,
}

fn no_note(note: &Personal<String>) -> bool {
    note.as_str().is_empty()
}

/// `task.declined`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// Why.
    #[serde(rename = "t")]
    pub reason: Personal<String>,
}

/// `task.cancelled`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// Why.
    #[serde(rename = "t")]
    pub reason: Personal<String>,
}

/// `task.reopened`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// Why.
    #[serde(rename = "t")]
    pub reason: Personal<String>,
}

/// `task.removed`: signed off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Which task.
    #[serde(rename = "j")]
    pub task: OpId,
    /// The newest operation that closed it, or did it again, as the author of this saw it: so nobody signs off unseen that
    /// it was done twice.
    #[serde(rename = "s")]
    pub seen: OpId,
}
