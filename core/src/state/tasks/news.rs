//! What of tasks is told in the timeline.

use serde::{Deserialize, Serialize};

use crate::id::{OpId, PatientId};
use crate::op::message::Priority;
use crate::op::task::{Assignee, Created, TaskOp};
use crate::secret::Personal;

/// What happened to a task. Who did it is the event's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskNews {
    /// Not needed any more.
    #[serde(rename = "x")]
    Cancelled,
    /// Done. Whether it was the first time, the task says ([`super::Task::closed`]).
    #[serde(rename = "d")]
    Completed,
    /// Made.
    #[serde(rename = "c")]
    Created {
        /// What is to be done, as it was written first.
        #[serde(rename = "t")]
        title: Personal<String>,
        /// How pressing it was then.
        #[serde(rename = "p", default, skip_serializing_if = "Priority::is_routine")]
        priority: Priority,
        /// For whom it was then.
        #[serde(rename = "o")]
        to: Assignee,
        /// The patient that it is about.
        #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
        about: Option<PatientId>,
        /// The message that it was made from.
        #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
        from: Option<OpId>,
    },
    /// Declined: for all of the space.
    #[serde(rename = "n")]
    Declined,
    /// To be done after all, or again.
    #[serde(rename = "r")]
    Reopened,
    /// Urgent from here on.
    #[serde(rename = "u")]
    Urgent,
}

impl TaskNews {
    /// What an operation means for the timeline, and of which task; `None` for what is seen in the task alone. `op` is the
    /// id of the operation.
    pub(in crate::state) fn of(op: OpId, task: &TaskOp) -> Option<(OpId, Self)> {
        let news = match task {
            TaskOp::Cancelled(_) => Self::Cancelled,
            TaskOp::Completed(_) => Self::Completed,
            TaskOp::Created(created) => return Some((op, Self::created(created))),
            TaskOp::Declined(_) => Self::Declined,
            TaskOp::PrioritySet(set) if set.priority == Priority::Urgent => Self::Urgent,
            TaskOp::Reopened(_) => Self::Reopened,
            TaskOp::Accepted(_)
            | TaskOp::Assigned(_)
            | TaskOp::Commented(_)
            | TaskOp::DueSet(_)
            | TaskOp::Edited(_)
            | TaskOp::ItemAdded(_)
            | TaskOp::PrioritySet(_)
            | TaskOp::Removed(_)
            | TaskOp::Started(_)
            | TaskOp::TemplateRemoved(_)
            | TaskOp::TemplateSet(_)
            | TaskOp::Ticked(_)
            | TaskOp::Unwatched(_)
            | TaskOp::Watched(_) => return None,
        };
        task.target().map(|task| (task, news))
    }

    fn created(created: &Created) -> Self {
        Self::Created {
            title: created.title.clone(),
            priority: created.priority,
            to: created.to,
            about: created.about,
            from: created.from,
        }
    }
}
