//! Tasks: what somebody is to do. A task is named by the id of the operation that created it.
//!
//! Whoever belongs to the space may do a task, and it is recorded who did. The first completion stands; what somebody else
//! did without having seen it stays beside it, since a dose that was given twice must show.

use super::variant;
use crate::cbor::{self, CborError};
use crate::id::OpId;

mod content;
mod template;
mod work;

pub use content::{
    Assignee, Commented, Created, DueSet, Edited, Field, ItemAdded, ItemId, PrioritySet, Ticked, Unwatched,
    Watched,
};
pub use template::{TemplateItem, TemplateRemoved, TemplateSet};
pub use work::{Accepted, Assigned, Cancelled, Completed, Declined, Removed, Reopened, Started};

/// Details longer than this (in bytes of UTF-8) are refused.
pub const DETAILS_BYTES: usize = 8 * 1024;

/// A place longer than this (in bytes of UTF-8) is refused.
pub const PLACE_BYTES: usize = 400;

/// A comment, note or reason longer than this (in bytes of UTF-8) is refused.
pub const SAID_BYTES: usize = 2 * 1024;

/// An item of a checklist longer than this (in bytes of UTF-8) is refused.
pub const ITEM_BYTES: usize = 400;

/// More items than this on one checklist are refused.
pub const ITEMS: usize = 50;

/// More comments than this on one task are refused.
pub const COMMENTS: usize = 100;

/// More completions than this besides the first are refused.
pub const ECHOES: usize = 20;

/// A task that was reopened so often is not reopened again.
pub const REOPENED: usize = 20;

/// More tasks than this in one space, open or not yet signed off, are refused. A busy ward has some hundreds; each takes
/// about 400 bytes, so that so many are 2 MB.
pub const TASKS: usize = 5_000;

/// More templates than this in one team are refused.
pub const TEMPLATES: usize = 50;

/// More tasks than this in one template are refused.
pub const TEMPLATE_ITEMS: usize = 50;

/// What is done with tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskOp {
    /// Somebody whom it is for has taken it on.
    Accepted(Accepted),
    /// Given to a person, a role or the team.
    Assigned(Assigned),
    /// No longer needed.
    Cancelled(Cancelled),
    /// Somebody wrote something about it.
    Commented(Commented),
    /// Done.
    Completed(Completed),
    /// Made.
    Created(Created),
    /// Whom it was for does not do it: it is for all of the space now, and shown as declined.
    Declined(Declined),
    /// When it is due is another time.
    DueSet(DueSet),
    /// Title, details or place were written.
    Edited(Edited),
    /// Its checklist got longer.
    ItemAdded(ItemAdded),
    /// It is as pressing as this now.
    PrioritySet(PrioritySet),
    /// Signed off: a task that is closed goes from the list only when somebody says so.
    Removed(Removed),
    /// To be done after all, or again.
    Reopened(Reopened),
    /// Somebody has begun.
    Started(Started),
    /// A template is no more.
    TemplateRemoved(TemplateRemoved),
    /// A template was made, or takes the place of an earlier one.
    TemplateSet(TemplateSet),
    /// An item of its checklist is done, or not after all.
    Ticked(Ticked),
    /// Somebody no longer wants to hear of it.
    Unwatched(Unwatched),
    /// Somebody wants to hear of it.
    Watched(Watched),
}

impl TaskOp {
    pub(crate) fn target(&self) -> Option<OpId> {
        match self {
            Self::Accepted(op) => Some(op.task),
            Self::Assigned(op) => Some(op.task),
            Self::Cancelled(op) => Some(op.task),
            Self::Commented(op) => Some(op.task),
            Self::Completed(op) => Some(op.task),
            Self::Created(_) => None,
            Self::Declined(op) => Some(op.task),
            Self::DueSet(op) => Some(op.task),
            Self::Edited(op) => Some(op.task),
            Self::ItemAdded(op) => Some(op.task),
            Self::PrioritySet(op) => Some(op.task),
            Self::Removed(op) => Some(op.task),
            Self::Reopened(op) => Some(op.task),
            Self::Started(op) => Some(op.task),
            Self::TemplateRemoved(op) => Some(op.template),
            Self::TemplateSet(op) => op.replaces,
            Self::Ticked(op) => Some(op.task),
            Self::Unwatched(op) => Some(op.task),
            Self::Watched(op) => Some(op.task),
        }
    }

    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::Cancelled(_)
            | Self::Commented(_)
            | Self::Created(_)
            | Self::Declined(_)
            | Self::ItemAdded(_)
            | Self::Reopened(_)
            | Self::TemplateSet(_) => true,
            Self::Completed(op) => !op.note.as_str().is_empty(),
            Self::Edited(op) => !op.text.as_str().is_empty(),
            Self::Accepted(_)
            | Self::Assigned(_)
            | Self::DueSet(_)
            | Self::PrioritySet(_)
            | Self::Removed(_)
            | Self::Started(_)
            | Self::TemplateRemoved(_)
            | Self::Ticked(_)
            | Self::Unwatched(_)
            | Self::Watched(_) => false,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "task.accepted",
            Self::Assigned(_) => "task.assigned",
            Self::Cancelled(_) => "task.cancelled",
            Self::Commented(_) => "task.commented",
            Self::Completed(_) => "task.completed",
            Self::Created(_) => "task.created",
            Self::Declined(_) => "task.declined",
            Self::DueSet(_) => "task.due_set",
            Self::Edited(_) => "task.edited",
            Self::ItemAdded(_) => "task.item_added",
            Self::PrioritySet(_) => "task.priority_set",
            Self::Removed(_) => "task.removed",
            Self::Reopened(_) => "task.reopened",
            Self::Started(_) => "task.started",
            Self::TemplateRemoved(_) => "task.template_removed",
            Self::TemplateSet(_) => "task.template_set",
            Self::Ticked(_) => "task.ticked",
            Self::Unwatched(_) => "task.unwatched",
            Self::Watched(_) => "task.watched",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Accepted(payload) => cbor::to_bytes(payload),
            Self::Assigned(payload) => cbor::to_bytes(payload),
            Self::Cancelled(payload) => cbor::to_bytes(payload),
            Self::Commented(payload) => cbor::to_bytes(payload),
            Self::Completed(payload) => cbor::to_bytes(payload),
            Self::Created(payload) => cbor::to_bytes(payload),
            Self::Declined(payload) => cbor::to_bytes(payload),
            Self::DueSet(payload) => cbor::to_bytes(payload),
            Self::Edited(payload) => cbor::to_bytes(payload),
            Self::ItemAdded(payload) => cbor::to_bytes(payload),
            Self::PrioritySet(payload) => cbor::to_bytes(payload),
            Self::Removed(payload) => cbor::to_bytes(payload),
            Self::Reopened(payload) => cbor::to_bytes(payload),
            Self::Started(payload) => cbor::to_bytes(payload),
            Self::TemplateRemoved(payload) => cbor::to_bytes(payload),
            Self::TemplateSet(payload) => cbor::to_bytes(payload),
            Self::Ticked(payload) => cbor::to_bytes(payload),
            Self::Unwatched(payload) => cbor::to_bytes(payload),
            Self::Watched(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "task.accepted" => variant(payload, Self::Accepted),
            "task.assigned" => variant(payload, Self::Assigned),
            "task.cancelled" => variant(payload, Self::Cancelled),
            "task.commented" => variant(payload, Self::Commented),
            "task.completed" => variant(payload, Self::Completed),
            "task.created" => variant(payload, Self::Created),
            "task.declined" => variant(payload, Self::Declined),
            "task.due_set" => variant(payload, Self::DueSet),
            "task.edited" => variant(payload, Self::Edited),
            "task.item_added" => variant(payload, Self::ItemAdded),
            "task.priority_set" => variant(payload, Self::PrioritySet),
            "task.removed" => variant(payload, Self::Removed),
            "task.reopened" => variant(payload, Self::Reopened),
            "task.started" => variant(payload, Self::Started),
            "task.template_removed" => variant(payload, Self::TemplateRemoved),
            "task.template_set" => variant(payload, Self::TemplateSet),
            "task.ticked" => variant(payload, Self::Ticked),
            "task.unwatched" => variant(payload, Self::Unwatched),
            "task.watched" => variant(payload, Self::Watched),
            _ => Ok(None),
        }
    }
}
