//! Templates: tasks that a team makes together, such as those of an admission. A template is named by the operation that
//! set it last.

use serde::{Deserialize, Serialize};

use super::Assignee;
use crate::id::OpId;
use crate::op::message::Priority;
use crate::secret::Personal;

/// `task.template_set`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSet {
    /// The template whose place it takes, as its author saw it; `None` for a new one.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OpId>,
    /// What it is for.
    #[serde(rename = "n")]
    pub name: Personal<String>,
    /// Its tasks, in order.
    #[serde(rename = "i")]
    pub items: Vec<TemplateItem>,
}

/// A task of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateItem {
    /// What is to be done.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// How pressing it is.
    #[serde(rename = "p", default, skip_serializing_if = "Priority::is_routine")]
    pub priority: Priority,
    /// Due so many minutes after it is made; `None` for when there is time.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub due_in: Option<u32>,
    /// Who is to do it.
    #[serde(rename = "o")]
    pub to: Assignee,
}

/// `task.template_removed`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRemoved {
    /// Which template.
    #[serde(rename = "s")]
    pub template: OpId,
}
