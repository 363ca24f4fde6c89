//! Nothing that the record took is lost: each text is in the state, but for what somebody wrote another text over, on it.

use std::collections::BTreeSet;

use baton_core::chain::Seq;
use baton_core::id::OpId;
use baton_core::op::Body;
use baton_core::op::role::RoleOp;
use baton_core::op::task::{Field, TaskOp};
use baton_core::state::roles::REFUSED;
use baton_core::state::{Role, Task};
use baton_core::text::{Basis, TextField};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::world::World;

impl World {
    pub(super) fn check_texts(&self) -> Result<(), TestCaseError> {
        for (_, op) in &self.log {
            match &op.body {
                Body::Task(task) => self.check_said(op.id, task)?,
                Body::Role(RoleOp::OfferRefused(refused)) => {
                    let held = &self.state.roles.find(refused.role).unwrap().refused;
                    let is_held = held.iter().any(|held| held.by.stamp.op == op.id);
                    prop_assert!(is_held || held.len() == REFUSED);
                }
                _ => {}
            }
        }
        for task in self.state.tasks.iter() {
            for field in [Field::Details, Field::Place, Field::Title] {
                self.check_task_field(task, field)?;
            }
        }
        for (id, role) in self.state.roles.iter() {
            self.check_role_title(id, role)?;
        }
        Ok(())
    }

    /// What is said about a task is kept with it, whole.
    fn check_said(&self, id: OpId, op: &TaskOp) -> Result<(), TestCaseError> {
        let task = |id: OpId| self.state.tasks.find(id).unwrap();
        let is = |said: &baton_core::state::tasks::Said, text: &str| {
            said.by.stamp.op == id && said.text.as_str() == text
        };
        let endings = |task: &Task| {
            let earlier = task.reopened.iter().map(|reopening| reopening.closed.clone());
            earlier.chain(task.closed.clone()).collect::<Vec<_>>()
        };
        let is_kept = match op {
            TaskOp::Cancelled(op) => {
                let text = op.reason.as_str();
                endings(task(op.task)).iter().any(|closed| is(&closed.said, text))
            }
            TaskOp::Commented(op) => {
                let text = op.text.as_str();
                task(op.task).comments.iter().any(|said| is(said, text))
            }
            TaskOp::Completed(op) if !op.note.as_str().is_empty() => {
                let (task, text) = (task(op.task), op.note.as_str());
                let is_first = endings(task).iter().any(|closed| is(&closed.said, text));
                is_first || task.echoes.iter().any(|said| is(said, text))
            }
            TaskOp::Declined(op) => {
                let text = op.reason.as_str();
                task(op.task).declined.iter().any(|said| is(said, text))
            }
            TaskOp::ItemAdded(op) => {
                let text = op.text.as_str();
                let mut items = task(op.task).checklist.iter();
                items.any(|item| item.id.0 == id && item.text.as_str() == text)
            }
            TaskOp::Reopened(op) => {
                let text = op.reason.as_str();
                let mut reopened = task(op.task).reopened.iter();
                reopened.any(|reopening| is(&reopening.said, text))
            }
            _ => true,
        };
        prop_assert!(is_kept, "a text is lost");
        Ok(())
    }

    fn check_task_field(&self, task: &Task, field: Field) -> Result<(), TestCaseError> {
        let mut held = Vec::new();
        for (head, op) in &self.log {
            let Body::Task(body) = &op.body else { continue };
            match body {
                TaskOp::Created(created) if op.id == task.id() => {
                    let text = match field {
                        Field::Details => &created.details,
                        Field::Place => &created.place,
                        Field::Title => &created.title,
                    };
                    if !text.as_str().is_empty() {
                        held.push((head.seq, op.id));
                    }
                }
                TaskOp::Edited(edited) if edited.task == task.id() && edited.field == field => {
                    write(&mut held, head.seq, op.id, edited.base, &edited.after);
                }
                _ => {}
            }
        }
        check_field(task.field(field), &held)
    }

    fn check_role_title(&self, id: OpId, role: &Role) -> Result<(), TestCaseError> {
        let mut held = Vec::new();
        for (head, op) in &self.log {
            match &op.body {
                Body::Role(RoleOp::Defined(_)) if op.id == id => held.push((head.seq, op.id)),
                Body::Role(RoleOp::Retitled(retitled)) if retitled.role == id => {
                    write(&mut held, head.seq, op.id, retitled.base, &retitled.after);
                }
                _ => {}
            }
        }
        check_field(&role.title, &held)
    }
}

/// A text takes the place of those on which it was written, and of no other.
fn write(held: &mut Vec<(Seq, OpId)>, seq: Seq, op: OpId, base: Seq, after: &[OpId]) {
    held.retain(|(at, known)| *at > base && !after.contains(known));
    held.push((seq, op));
}

fn check_field(field: &TextField, held: &[(Seq, OpId)]) -> Result<(), TestCaseError> {
    let current: BTreeSet<OpId> = field.current().iter().map(|version| version.stamp.op).collect();
    let expected: BTreeSet<OpId> = held.iter().map(|(_, op)| *op).collect();
    prop_assert_eq!(current, expected);
    prop_assert!(field.basis() != Basis::default() || held.is_empty());
    Ok(())
}
