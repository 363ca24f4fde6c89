//! What became overdue, told once: by time that passes, and with nothing that arrives. What was told is kept in the vault and by
//! the other tabs, with the time for which it was told; due at another time, or come back to the reader, it is told anew.

use baton_core::op::message::Priority;
use baton_core::ordered::{SortedMap, sort_by_key};
use baton_core::sync::Sync;
use baton_core::time::At;

use super::line::{moment, title_of};
use super::{TaskKey, open_spaces};
use crate::store::Viewer;

/// By task, the time that it was due when it was told.
pub type Told = SortedMap<TaskKey, At>;

/// So many are remembered; of more the ones that were due first are forgotten.
pub const REMEMBERED: usize = 500;

/// A task that is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Overdue {
    /// Which.
    pub key: TaskKey,
    /// What, and since when.
    pub words: String,
    /// Whether it interrupts also who is off duty.
    pub is_urgent: bool,
}

/// What the reader has that is past its time now.
fn now(sync: &Sync, viewer: &Viewer) -> Told {
    let mut now = Told::new();
    for space in open_spaces(sync) {
        let state = space.shown();
        let overdue = state.tasks.overdue(viewer.now);
        for task in overdue.filter(|task| task.who(&state.roles) == Some(viewer.me)) {
            let key = TaskKey {
                space: space.id(),
                task: task.id(),
            };
            now.extend(task.due.map(|due| (key, due)));
        }
    }
    now
}

/// Forgets what is known not to be overdue any more, or not the reader's; gives what is to be told.
pub fn news(told: &mut Told, sync: &Sync, viewer: &Viewer) -> Vec<TaskKey> {
    let is_held = |key: &TaskKey| {
        let space = sync.space(key.space);
        space.is_some_and(|space| space.shown().tasks.find(key.task).is_some())
    };
    take(told, &now(sync, viewer), &is_held)
}

fn take(told: &mut Told, now: &Told, is_held: &dyn Fn(&TaskKey) -> bool) -> Vec<TaskKey> {
    // One that is not held is on its way, as far as anybody knows here.
    told.retain(|key, due| now.get(key) == Some(due) || !is_held(key));
    let new = now.iter().filter(|(key, due)| told.get(key) != Some(due));
    let new: Vec<TaskKey> = new.map(|(key, _)| *key).collect();
    told.extend(now.iter().map(|(key, due)| (*key, *due)));
    forget(told);
    new
}

fn forget(told: &mut Told) {
    let excess = told.len().saturating_sub(REMEMBERED);
    let mut oldest: Vec<(TaskKey, At)> = told.iter().map(|(key, due)| (*key, *due)).collect();
    sort_by_key(&mut oldest, |(_, due)| *due);
    for (key, _) in oldest.into_iter().take(excess) {
        told.remove(&key);
    }
}

/// Those of what is being told that are overdue still, and the reader's.
pub fn lines(telling: &[TaskKey], sync: &Sync, viewer: &Viewer) -> Vec<Overdue> {
    if telling.is_empty() {
        return Vec::new();
    }
    let now = now(sync, viewer);
    let lines = telling.iter().filter_map(|key| {
        let due = now.get(key)?;
        let task = sync.space(key.space)?.shown().tasks.find(key.task)?;
        Some(Overdue {
            key: *key,
            words: format!("Overdue: {}, was due {}", title_of(task), moment(*due, viewer)),
            is_urgent: task.priority == Priority::Urgent,
        })
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::id::{OpId, SpaceId};

    fn key(n: u8) -> TaskKey {
        TaskKey {
            space: SpaceId::from_bytes([1; 16]),
            task: OpId::from_bytes([n; 16]),
        }
    }

    fn at(millis: u64) -> At {
        At::from_millis(millis)
    }

    #[test]
    fn each_is_told_once_and_again_when_it_is_due_at_another_time_or_comes_back() {
        let mut told = Told::new();
        let late = Told::from([(key(1), at(10)), (key(2), at(20))]);
        assert_eq!(take(&mut told, &late, &|_| true), [key(1), key(2)]);
        assert_eq!(take(&mut told, &late, &|_| true), []);
        let put_off = Told::from([(key(1), at(15)), (key(2), at(20))]);
        assert_eq!(take(&mut told, &put_off, &|_| true), [key(1)]);
        let given_away = Told::from([(key(1), at(15))]);
        assert_eq!(take(&mut told, &given_away, &|_| true), []);
        assert_eq!(take(&mut told, &put_off, &|_| true), [key(2)], "it came back");
    }

    #[test]
    fn what_this_device_does_not_have_for_a_moment_is_not_told_again_after_it() {
        let mut told = Told::new();
        let late = Told::from([(key(1), at(10))]);
        take(&mut told, &late, &|_| true);
        assert_eq!(take(&mut told, &Told::new(), &|_| false), []);
        assert_eq!(take(&mut told, &late, &|_| true), []);
    }

    #[test]
    fn what_was_told_does_not_grow_without_end_and_the_newest_is_remembered() {
        let key = |n: u64| TaskKey {
            task: OpId::from_bytes(u128::from(n).to_be_bytes()),
            ..key(0)
        };
        let most = u64::try_from(REMEMBERED).unwrap();
        let mut told: Told = (0..most + 7).map(|n| (key(n), at(n))).collect();
        forget(&mut told);
        assert_eq!(told.len(), REMEMBERED);
        assert!(told.get(&key(6)).is_none());
        assert!(told.get(&key(most + 6)).is_some());
    }
}
