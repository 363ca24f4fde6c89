//! What goes along with the patients of a handover: tasks and roles pass to who accepts, by the same operation.
//!
//! A task about one of its patients passes when that patient is accepted. Roles, and tasks about nobody in it, pass with the
//! receiver's decision after which nobody waits, if they accepted anybody. Whatever is no longer with who offered stays where
//! it is, and the handover says so.

use serde::{Deserialize, Serialize};

use super::{Handover, Handovers};
use crate::id::{OpId, PatientId, UserId};
use crate::state::{Change, Mark, Roles, Tasks};

/// What became of a task or role that was to go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Along {
    /// The task or role.
    #[serde(rename = "w")]
    pub what: OpId,
    /// Whose acceptance it was, when.
    #[serde(rename = "s")]
    pub by: Mark,
    /// What became of it.
    #[serde(rename = "h")]
    pub went: Went,
}

/// How it went with a task or role that was to go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Went {
    /// It is no longer with who offered, and stayed: with this person, or while `None` with nobody in particular.
    #[serde(rename = "e")]
    Elsewhere(Option<UserId>),
    /// The task was closed, or the role put into the archive.
    #[serde(rename = "x")]
    Ended,
    /// It passed to who accepted.
    #[serde(rename = "p")]
    Passed,
    /// The task is a role's: whoever holds that has it.
    #[serde(rename = "r")]
    WithRole(OpId),
}

/// What people have besides patients.
pub(in crate::state) struct Duties<'a> {
    pub(in crate::state) roles: &'a mut Roles,
    pub(in crate::state) tasks: &'a mut Tasks,
}

impl Handover {
    /// What became of a task or role that was to go along; `None` while it has not gone along. It stays with who offered then.
    pub fn went(&self, what: OpId) -> Option<&Along> {
        self.along.iter().find(|along| along.what == what)
    }

    /// What did not go along though it was to, and why.
    pub fn left_behind(&self) -> impl Iterator<Item = &Along> {
        self.along.iter().filter(|along| along.went != Went::Passed)
    }
}

impl Handovers {
    /// Somebody has decided on patients of a handover, and accepted these.
    pub(super) fn pass_along(
        &mut self,
        mark: Mark,
        id: OpId,
        accepted: &[PatientId],
        duties: &mut Duties<'_>,
    ) -> Vec<Change> {
        let Some(handover) = self.find(id) else {
            return Vec::new();
        };
        let from = handover.from();
        let is_through = !handover.is_waiting() && handover.has_accepted(mark.stamp.by);
        let is_due = |task: &OpId| {
            let about = duties.tasks.find(*task).and_then(|task| task.about);
            match about.filter(|patient| handover.part(*patient).is_some()) {
                Some(patient) => accepted.contains(&patient),
                None => is_through,
            }
        };
        let is_new = |what: &OpId| handover.went(*what).is_none();
        let due = |all: &[OpId], is_due: &dyn Fn(&OpId) -> bool| -> Vec<OpId> {
            let due = all.iter().filter(|what| is_new(what) && is_due(what));
            due.copied().collect()
        };
        let tasks = due(&handover.tasks, &is_due);
        let roles = due(&handover.roles, &|_| is_through);
        let mut changes = Vec::new();
        let mut along = Vec::new();
        for what in tasks {
            let went = duties.tasks.hand_over(mark, what, from, id);
            along.push(Along { what, by: mark, went });
            changes.extend((went == Went::Passed).then_some(Change::Task(what)));
        }
        for what in roles {
            let went = duties.roles.hand_over(mark, what, from);
            along.push(Along { what, by: mark, went });
            changes.extend((went == Went::Passed).then_some(Change::Role(what)));
        }
        self.change(id, |handover| handover.along.extend(along));
        changes
    }
}
