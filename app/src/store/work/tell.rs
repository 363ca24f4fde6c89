//! What is told once: what became overdue, by time that passes and with nothing that arrives; that nobody has a task any more;
//! how one ended that the reader watches; who has a role that was the reader's. What was told is kept in the vault and by the
//! other tabs, with the time for which it was told; due at another time, or come back to the reader, it is told anew.

use std::time::Duration;

use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::message::Priority;
use baton_core::op::task::Assignee;
use baton_core::ordered::{SortedMap, sort_by_key};
use baton_core::state::tasks::{Ending, Way};
use baton_core::state::{Mark, Role, SpaceState, Task};
use baton_core::sync::{Space, Sync};
use baton_core::time::At;

use super::line::{again, by, moment, status, title_of, who};
use super::{TaskKey, name, open_spaces, when};
use crate::route::Route;
use crate::store::Viewer;

/// By task, the time that it was due when it was told; by what else happened, when that was.
pub type Told = SortedMap<TaskKey, At>;

/// So many are remembered; of more the ones that were first are forgotten.
pub const REMEMBERED: usize = 500;

/// What happened so long ago is not told any more to who opens Baton: about a shift.
const NEWS: Duration = Duration::from_hours(12);

/// Something that is told.
#[derive(Clone, PartialEq, Eq)]
pub struct News {
    /// Which.
    pub key: TaskKey,
    /// Where it is.
    pub to: Route,
    /// What, and since when.
    pub words: String,
    /// Whether it interrupts also who is off duty.
    pub is_urgent: bool,
}

/// What there is to tell.
#[derive(Clone, Copy)]
enum What<'a> {
    Overdue(&'a Task, At),
    /// Nobody has it any more, how it ended, or that it was done twice.
    Task(&'a Task, Mark),
    /// Who has it now.
    Role(&'a Role, Mark),
}

impl What<'_> {
    /// By what it is named, and for which time.
    fn name(&self) -> (OpId, At) {
        match self {
            Self::Overdue(task, due) => (task.id(), *due),
            Self::Task(_, mark) | Self::Role(_, mark) => (mark.stamp.op, mark.stamp.kept_at()),
        }
    }

    fn say(&self, space: SpaceId, state: &SpaceState, viewer: &Viewer) -> News {
        let (id, _) = self.name();
        let (task, words) = match self {
            Self::Overdue(task, due) => {
                let nobody = if task.who(&state.roles).is_some() {
                    ""
                } else {
                    ". Nobody has taken it on"
                };
                let due = moment(*due, viewer);
                (
                    Some(task),
                    format!("Overdue: {}, was due {due}{nobody}", title_of(task)),
                )
            }
            Self::Task(task, mark) => {
                let twice = task.echoes.iter().any(|echo| echo.by == *mark);
                let says = again(task, viewer).filter(|_| twice);
                let by = by(mark.stamp.by, mark.stamp.at, viewer);
                let says = says.unwrap_or_else(|| {
                    if task.raised == Some(*mark) {
                        format!("made urgent by {by}")
                    } else if reopened(task) == Some(*mark) {
                        format!("to be done after all, says {by}")
                    } else if *mark == task.hold.by && is_taken_away(task, state, viewer.me) {
                        let whom = who(task.hold.to, state, viewer);
                        format!("not yours any more. Given to {whom} by {by}")
                    } else {
                        status(task, state, viewer)
                    }
                });
                (Some(task), format!("{}: {says}", title_of(task)))
            }
            Self::Role(role, mark) => {
                let holder = role.holder.map_or_else(
                    || "Nobody holds".to_owned(),
                    |holder| format!("{} has", name(holder.user, viewer)),
                );
                let since = when(mark.stamp.at, viewer);
                (
                    None,
                    format!("{holder} {} now, since {since}", role.title.newest()),
                )
            }
        };
        News {
            key: TaskKey { space, task: id },
            to: task.map_or(Route::Roles, |task| Route::Task(space, task.id())),
            words,
            is_urgent: task.is_some_and(|task| task.priority == Priority::Urgent),
        }
    }
}

/// Finds all that there is to tell the reader now.
fn each<'a>(sync: &'a Sync, viewer: &Viewer, found: &mut dyn FnMut(&'a Space, What<'a>)) {
    for space in open_spaces(sync) {
        let state = space.shown();
        for task in state.tasks.iter() {
            of_task(task, state, viewer, &mut |what| found(space, what));
        }
        for (_, role) in state.roles.iter() {
            let mark = role.past.last().filter(|held| held.holder.user == viewer.me);
            let mark = mark
                .map(|held| held.until)
                .filter(|mark| mark.stamp.by != viewer.me);
            if let Some(mark) = mark.filter(|mark| is_news(*mark, viewer)) {
                found(space, What::Role(role, mark));
            }
        }
    }
}

fn of_task<'a>(task: &'a Task, state: &SpaceState, viewer: &Viewer, found: &mut dyn FnMut(What<'a>)) {
    let (me, who) = (viewer.me, task.who(&state.roles));
    let is_watched = task.watchers.contains(&me);
    let hears = is_watched || task.created.stamp.by == me;
    if let Some(due) = task.due.filter(|_| task.is_overdue(viewer.now))
        && (who == Some(me) || who.is_none() && hears)
    {
        found(What::Overdue(task, due));
    }
    let is_lost = match task.hold.way {
        Way::Declined | Way::Left(_) | Way::RoleArchived(_) => who.is_none(),
        Way::Given | Way::HandedOver(_) => false,
    };
    // Of one that is urgent all others are told on every page until somebody takes it on.
    let is_lost = is_lost && hears || is_taken_away(task, state, me);
    let lost = Some(task.hold.by).filter(|_| is_lost && task.is_open());
    let ended = task.closed.as_ref();
    let ended =
        ended.filter(|closed| is_watched || who == Some(me) || hears && closed.how == Ending::Cancelled);
    let ended = ended.map(|closed| closed.said.by);
    // One that nobody has taken on yet is told on every page.
    let is_on_it = who == Some(me) && task.is_accepted(&state.roles) && task.is_open();
    let raised = task.raised.filter(|_| is_on_it);
    let reopened = reopened(task).filter(|_| is_on_it);
    // Until somebody signs it off it is told on every page; whoever signed it off may not have been one of the two.
    let mine = |user: UserId| user == me;
    let twice = task.echoes.iter().rev().find(|echo| mine(echo.by.stamp.by));
    let signed = task.signed_off.is_some_and(|signed| !mine(signed.stamp.by));
    let twice = twice.filter(|_| signed).map(|echo| echo.by);
    for mark in [lost, ended, raised, reopened]
        .into_iter()
        .flatten()
        .filter(|mark| !mine(mark.stamp.by))
        .chain(twice)
    {
        if is_news(mark, viewer) {
            found(What::Task(task, mark));
        }
    }
}

/// Whether somebody else gave away what this person had, themselves or by a role that they answer for.
fn is_taken_away(task: &Task, state: &SpaceState, user: UserId) -> bool {
    let hold = task.hold;
    let had_it = || match hold.from {
        Some(Assignee::Person(had)) => had == user,
        Some(Assignee::Role(role)) => state.roles.answers(role) == Some(user),
        Some(Assignee::Team) | None => false,
    };
    let is_anothers_doing = hold.way == Way::Given && hold.by.stamp.by != user;
    is_anothers_doing && had_it() && task.who(&state.roles) != Some(user)
}

/// What made it to be done again, the last time.
fn reopened(task: &Task) -> Option<Mark> {
    task.reopened.last().map(|reopening| reopening.said.by)
}

/// What others did, not long ago.
fn is_news(mark: Mark, viewer: &Viewer) -> bool {
    viewer.now.since(mark.stamp.kept_at()) < NEWS
}

fn now(sync: &Sync, viewer: &Viewer) -> Told {
    let mut now = Told::new();
    each(sync, viewer, &mut |space, what| {
        let (task, at) = what.name();
        now.insert(
            TaskKey {
                space: space.id(),
                task,
            },
            at,
        );
    });
    now
}

/// Forgets what is known not to be to tell any more; gives what is to be told.
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

/// Those of what is being told that stand still.
pub fn lines(telling: &[TaskKey], sync: &Sync, viewer: &Viewer) -> Vec<News> {
    let mut lines = Vec::new();
    if telling.is_empty() {
        return lines;
    }
    each(sync, viewer, &mut |space, what| {
        let (task, _) = what.name();
        let key = TaskKey {
            space: space.id(),
            task,
        };
        if telling.contains(&key) {
            lines.push(what.say(key.space, space.shown(), viewer));
        }
    });
    lines
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
