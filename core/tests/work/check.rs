//! What must hold when everything has reached the record and everybody has heard of it.

use std::collections::BTreeSet;

use baton_core::cbor;
use baton_core::id::{OpId, UserId};
use baton_core::op::Body;
use baton_core::op::task::TaskOp;
use baton_core::state::tasks::{Ending, Said};
use baton_core::state::{SNAPSHOT_ITEMS, SpaceState, Task};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::world::World;

impl World {
    /// All devices show the same, also one that was given a snapshot of somewhere in the log.
    pub(super) fn check_agreement(&self, cut: usize) -> Result<(), TestCaseError> {
        for device in &self.devices {
            prop_assert!(device.waiting.is_empty());
            prop_assert_eq!(&device.confirmed, &self.state);
        }
        let cut = cut.min(self.log.len());
        let mut late = SpaceState::new(self.state.space);
        for (n, (head, op)) in self.log.iter().enumerate() {
            if n == cut {
                late.trim(SNAPSHOT_ITEMS);
                late = cbor::from_bytes(&cbor::to_bytes(&late)).unwrap();
            }
            late.fold(*head, baton_core::time::At::from_millis(head.seq.value()), op);
        }
        prop_assert_eq!(late.hash(), self.state.hash());
        prop_assert_eq!(&late.roles, &self.state.roles);
        prop_assert_eq!(&late.tasks, &self.state.tasks);
        prop_assert_eq!(&late.members, &self.state.members);
        Ok(())
    }

    /// Each task ended once at most since it was last reopened, and everybody who did it shows.
    pub(super) fn check_completions(&self) -> Result<(), TestCaseError> {
        for (_, op) in &self.log {
            let Body::Task(TaskOp::Completed(completed)) = &op.body else {
                continue;
            };
            let task = self.state.tasks.find(completed.task).unwrap();
            let times = done(task).filter(|said| said.by.stamp.op == op.id).count();
            let is_silent = completed.note.as_str().is_empty();
            prop_assert!(times == 1 || (times == 0 && is_silent), "{} times", times);
            let who: BTreeSet<UserId> = done(task).map(|said| said.by.stamp.by).collect();
            prop_assert!(who.contains(&op.by), "nobody sees that they did it");
        }
        for task in self.state.tasks.iter() {
            let distinct: BTreeSet<OpId> = done(task).map(|said| said.by.stamp.op).collect();
            prop_assert_eq!(distinct.len(), done(task).count());
        }
        Ok(())
    }
}

/// Everything that says that a task was done.
fn done(task: &Task) -> impl Iterator<Item = &Said> {
    let earlier = task.reopened.iter().map(|reopening| &reopening.closed);
    let endings = earlier.chain(&task.closed);
    let completed = endings.filter(|closed| closed.how == Ending::Completed);
    completed.map(|closed| &closed.said).chain(&task.echoes)
}
