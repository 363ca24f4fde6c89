//! Tasks: what is to be done, who has it, how far it is.
//!
//! A task is never nobody's: declined, or its person gone, it is for all of the space, and marked so. What does not fit what
//! is there changes nothing, here too and not only by the rules, so that what waits on a device never shows a task as had
//! by who does not have it.
//!
//! All tasks are held until somebody signs them off, of those the newest [`SIGNED_OFF`]; of a text the two versions before
//! the one that holds. The record gives the entries about a task ([`crate::device_api::HistoryOf`]), and with them everything.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Mark;
use super::handover::Went;
use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::task::{TaskOp, TemplateItem, TemplateSet};
use crate::ordered::{SortedMap, SortedSet, sort};
use crate::secret::Personal;

mod change;
mod ended;
mod news;
mod select;
mod task;

pub use ended::{Closed, Ending, Reopening, Said};
pub use news::TaskNews;
pub use select::{Load, order};
pub use task::{CheckItem, Hold, Task, Way};

/// Of the tasks that were signed off, so many are held.
pub const SIGNED_OFF: usize = 200;

/// The tasks of a space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tasks {
    /// By the operation that created each.
    #[serde(rename = "t", default, skip_serializing_if = "SortedMap::is_empty")]
    tasks: SortedMap<OpId, Arc<Task>>,
    /// By the operation that set each last.
    #[serde(rename = "m", default, skip_serializing_if = "SortedMap::is_empty")]
    templates: SortedMap<OpId, Arc<Template>>,
}

/// Tasks that a team makes together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Who set it last.
    #[serde(rename = "s")]
    pub set: Mark,
    /// What it is for.
    #[serde(rename = "n")]
    pub name: Personal<String>,
    /// Its tasks, in order.
    #[serde(rename = "i")]
    pub items: Vec<TemplateItem>,
}

/// What an operation about tasks changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    Task(OpId),
    Templates,
}

impl Tasks {
    /// A task, if it is held.
    pub fn find(&self, id: OpId) -> Option<&Task> {
        self.tasks.get(&id).map(AsRef::as_ref)
    }

    /// All that are held, also closed and signed-off ones, in the order of their ids, which is about that in which they were
    /// made.
    pub fn iter(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().map(AsRef::as_ref)
    }

    /// How many are open, or closed and not signed off.
    pub fn standing(&self) -> usize {
        let stands = |task: &&Task| task.signed_off.is_none();
        self.iter().filter(stands).count()
    }

    /// True when there is neither task nor template.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.templates.is_empty()
    }

    /// A template, by the operation that set it last.
    pub fn template(&self, id: OpId) -> Option<&Template> {
        self.templates.get(&id).map(AsRef::as_ref)
    }

    /// The templates, by the operation that set each last.
    pub fn templates(&self) -> impl ExactSizeIterator<Item = (OpId, &Template)> {
        self.templates
            .iter()
            .map(|(id, template)| (*id, template.as_ref()))
    }

    /// Everybody whom a task that is held is about.
    pub(super) fn patients(&self) -> SortedSet<PatientId> {
        self.iter().filter_map(|task| task.about).collect()
    }

    /// Applies an operation; gives what it changed.
    pub(super) fn apply(&mut self, mark: Mark, op: &TaskOp) -> Option<Changed> {
        let id = mark.stamp.op;
        match op {
            TaskOp::Created(created) => {
                let is_new = self.find(id).is_none();
                self.tasks
                    .or_insert_with(id, || Arc::new(Task::new(mark, created)));
                return is_new.then_some(Changed::Task(id));
            }
            TaskOp::TemplateRemoved(removed) => {
                let gone = self.templates.remove(&removed.template);
                return gone.map(|_| Changed::Templates);
            }
            TaskOp::TemplateSet(set) => return self.set_template(mark, set),
            TaskOp::Accepted(_)
            | TaskOp::Assigned(_)
            | TaskOp::Cancelled(_)
            | TaskOp::Commented(_)
            | TaskOp::Completed(_)
            | TaskOp::Declined(_)
            | TaskOp::DueSet(_)
            | TaskOp::Edited(_)
            | TaskOp::ItemAdded(_)
            | TaskOp::PrioritySet(_)
            | TaskOp::Removed(_)
            | TaskOp::Reopened(_)
            | TaskOp::Started(_)
            | TaskOp::Ticked(_)
            | TaskOp::Unwatched(_)
            | TaskOp::Watched(_) => {}
        }
        let id = op.target()?;
        let task = Arc::make_mut(self.tasks.get_mut(&id)?);
        let has_changed = task.apply(mark, op);
        if has_changed {
            task.changed = mark.seq;
        }
        if has_changed && matches!(op, TaskOp::Removed(_)) {
            self.let_go();
        }
        has_changed.then_some(Changed::Task(id))
    }

    fn set_template(&mut self, mark: Mark, set: &TemplateSet) -> Option<Changed> {
        if let Some(before) = set.replaces {
            self.templates.remove(&before)?;
        }
        let template = Template {
            set: mark,
            name: set.name.clone(),
            items: set.items.clone(),
        };
        self.templates.insert(mark.stamp.op, Arc::new(template));
        Some(Changed::Templates)
    }

    /// Somebody no longer belongs to the space: what they had is for all of it. Gives the tasks that changed.
    pub(super) fn leave(&mut self, mark: Mark, user: UserId) -> Vec<OpId> {
        self.change_all(mark, |task| task.concerns(user), |task| task.leave(mark, user))
    }

    /// A task goes along with patients to who accepted them, if it is with who offered.
    pub(super) fn hand_over(&mut self, mark: Mark, id: OpId, from: UserId, handover: OpId) -> Went {
        let Some(task) = self.tasks.get_mut(&id) else {
            return Went::Ended;
        };
        let went = task.would_go(from);
        if went == Went::Passed {
            Arc::make_mut(task).hand_over(mark, handover);
        }
        went
    }

    /// A role is no more: what it had is for all of the space. Gives the tasks that changed.
    pub(super) fn lose_role(&mut self, mark: Mark, role: OpId) -> Vec<OpId> {
        self.change_all(
            mark,
            |task| task.is_of_role(role),
            |task| task.lose_role(mark, role),
        )
    }

    fn change_all(
        &mut self,
        mark: Mark,
        is_it: impl Fn(&Task) -> bool,
        change: impl Fn(&mut Task),
    ) -> Vec<OpId> {
        let mut changed = Vec::new();
        for (id, task) in &mut self.tasks {
            if is_it(task) {
                let task = Arc::make_mut(task);
                change(task);
                task.changed = mark.seq;
                changed.push(*id);
            }
        }
        changed
    }

    /// Lets those go that were signed off longest ago.
    fn let_go(&mut self) {
        let signed = |(id, task): (&OpId, &Arc<Task>)| Some((task.signed_off?.seq, *id));
        let mut signed: Vec<(Seq, OpId)> = self.tasks.iter().filter_map(signed).collect();
        let excess = signed.len().saturating_sub(SIGNED_OFF);
        if excess == 0 {
            return;
        }
        sort(&mut signed);
        let gone: SortedSet<OpId> = signed.iter().take(excess).map(|(_, id)| *id).collect();
        self.tasks.retain(|id, _| !gone.contains(id));
    }
}

#[cfg(test)]
mod tests;
