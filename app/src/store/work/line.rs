//! A task in a row: what, about whom, by when, who has it, how far it is.

use baton_core::id::{OpId, UserId};
use baton_core::op::message::Priority;
use baton_core::op::task::Assignee;
use baton_core::op::{Body, Op};
use baton_core::state::tasks::{Ending, Way};
use baton_core::state::{Mark, SpaceState, Task};
use baton_core::sync::{PendingState, Space, Sync};
use baton_core::time::At;

use super::{TaskKey, lasting, name, title, when};
use crate::moment;
use crate::store::patients::Chip;
use crate::store::{Viewer, duty};

/// A task, in words.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is shown on its own")]
pub struct Line {
    /// Which.
    pub key: TaskKey,
    /// What is to be done; all of it where several versions wait to be settled.
    pub title: String,
    /// The patient that it is about.
    pub about: Option<Chip>,
    /// Whether it is urgent.
    pub is_urgent: bool,
    /// Whether it is to be done.
    pub is_open: bool,
    /// Whether it is past its time.
    pub is_overdue: bool,
    /// Whether the reader has it.
    pub is_mine: bool,
    /// By when; empty for when there is time.
    pub due: String,
    /// Who has it.
    pub who: String,
    /// How far it is.
    pub status: String,
    /// Where, in which team, and what is ticked off.
    pub facts: Vec<String>,
    /// That it was done more than once.
    pub again: Option<String>,
    /// Where what the reader did is on its way.
    pub sent: Option<&'static str>,
    /// Whether nobody has taken it on, and since when that is so.
    pub waits: Option<String>,
    /// The last reopening: what to name when one completes it.
    pub round: Option<OpId>,
    /// By which operation it came to who has it: what to name when one gives it to others.
    pub hand: OpId,
}

/// Describes a task; `None` when it is not held.
pub fn line(sync: &Sync, key: TaskKey, viewer: &Viewer) -> Option<Line> {
    let space = sync.space(key.space)?;
    let state = space.shown();
    let task = state.tasks.find(key.task)?;
    let is_accepted = task.is_accepted(&state.roles);
    let ticked = task.checklist.iter().filter(|item| item.done.is_some()).count();
    let steps = format!("{ticked} of {} steps done", task.checklist.len());
    let facts = [
        task.place.newest().to_owned(),
        title(space, viewer),
        if task.checklist.is_empty() {
            String::new()
        } else {
            steps
        },
        if task.comments.is_empty() {
            String::new()
        } else {
            format!("{} comments", task.comments.len())
        },
    ];
    Some(Line {
        key,
        title: title_of(task),
        about: task.about.map(|about| Chip::of(about, viewer)),
        is_urgent: task.priority == Priority::Urgent,
        is_open: task.is_open(),
        is_overdue: task.is_overdue(viewer.now),
        is_mine: task.who(&state.roles) == Some(viewer.me),
        due: task
            .due
            .map_or_else(String::new, |due| due_words(due, task, viewer)),
        who: who(task.hold.to, state, viewer),
        status: status(task, state, viewer),
        facts: facts.into_iter().filter(|fact| !fact.is_empty()).collect(),
        again: again(task, viewer),
        sent: sent(space, key.task),
        waits: (task.is_open() && !is_accepted).then(|| lasting(task.hold.by.stamp.at, viewer.now)),
        round: task.round(),
        hand: task.hand(),
    })
}

/// What is to be done, with all versions that wait for somebody to settle them.
pub(in crate::store) fn title_of(task: &Task) -> String {
    let versions = task.title.current().iter().map(|version| version.text.as_str());
    versions.collect::<Vec<_>>().join(" / ")
}

fn due_words(due: At, task: &Task, viewer: &Viewer) -> String {
    let at = moment(due, viewer);
    if task.is_overdue(viewer.now) {
        format!("Overdue by {}, was due {at}", lasting(due, viewer.now))
    } else {
        format!("Due {at}")
    }
}

/// A moment that may be to come: `18:00`, `tomorrow 08:00`, `05-Jan-2027 14:05`.
pub fn moment(at: At, viewer: &Viewer) -> String {
    let clock = moment::clock(at, viewer.zone);
    let tomorrow = viewer.now.plus(std::time::Duration::from_hours(24));
    if moment::is_same_day(at, viewer.now, viewer.zone) {
        clock
    } else if moment::is_same_day(at, tomorrow, viewer.zone) {
        format!("tomorrow {clock}")
    } else {
        moment::full(at, viewer.now, viewer.zone)
    }
}

/// Who has it: a person, a role with whoever answers for it, or all.
pub fn who(to: Assignee, state: &SpaceState, viewer: &Viewer) -> String {
    match to {
        Assignee::Person(user) => format!("{}{}", name(user, viewer), duty::after_name(user, viewer)),
        Assignee::Role(role) => {
            let title = super::role::title(role, state);
            format!("{title}: {}", super::role::answers(role, state, viewer))
        }
        Assignee::Team => "Anybody here".to_owned(),
    }
}

pub(super) fn status(task: &Task, state: &SpaceState, viewer: &Viewer) -> String {
    if let Some(closed) = &task.closed {
        let by = by(closed.said.by.stamp.by, closed.said.by.stamp.at, viewer);
        return match closed.how {
            Ending::Cancelled => format!("Cancelled by {by}"),
            Ending::Completed => format!("Done by {by}"),
        };
    }
    if task.is_accepted(&state.roles) {
        let said = |verb, mark: Mark| format!("{verb} by {}", by(mark.stamp.by, mark.stamp.at, viewer));
        let accepted = task.accepted.map(|mark| said("Accepted", mark));
        let started = task.started.map(|mark| said("Started", mark));
        return started.or(accepted).unwrap_or_default();
    }
    let since = by(task.hold.by.stamp.by, task.hold.by.stamp.at, viewer);
    match task.hold.way {
        Way::Declined => format!("Declined by {since}: nobody has it yet"),
        Way::Given if task.round().is_some() => "Reopened, not accepted yet".to_owned(),
        Way::Given => "Not accepted yet".to_owned(),
        Way::HandedOver(_) => format!("Handed over by {since}, not accepted yet"),
        Way::Left(user) => format!("{} left: nobody has it yet", name(user, viewer)),
        Way::RoleArchived(role) => {
            let title = super::role::title(role, state);
            format!("{title} is in the archive: nobody has it yet")
        }
    }
}

/// By whom and when.
pub(in crate::store) fn by(user: UserId, at: At, viewer: &Viewer) -> String {
    let who = crate::store::event::name(user, viewer, false);
    format!("{who}, {}", when(at, viewer))
}

/// That it was done again: the first stands, and all must see it.
pub(super) fn again(task: &Task, viewer: &Viewer) -> Option<String> {
    if task.echoes.is_empty() {
        return None;
    }
    let others: Vec<String> = task
        .echoes
        .iter()
        .map(|said| by(said.by.stamp.by, said.by.stamp.at, viewer))
        .collect();
    let others = others.join("; ");
    let first = task.closed.as_ref().map(|closed| {
        let how = match closed.how {
            Ending::Cancelled => "Cancelled",
            Ending::Completed => "Done first",
        };
        let by = by(closed.said.by.stamp.by, closed.said.by.stamp.at, viewer);
        format!("{how} by {by}. ")
    });
    Some(format!("{}Also done by {others}", first.unwrap_or_default()))
}

/// Where what was done last about a task is, while it is not in the record.
fn sent(space: &Space, task: OpId) -> Option<&'static str> {
    sent_about(space, task, |body| matches!(body, Body::Task(_)))
}

/// Where the last of what was done here with one thing is, while it is not in the record: what made it, and what is about it, of
/// its kind of operation.
pub(in crate::store) fn sent_about(
    space: &Space,
    thing: OpId,
    is_its_kind: fn(&Body) -> bool,
) -> Option<&'static str> {
    sent_of(space, &|op| {
        is_its_kind(&op.body) && (op.id == thing || op.target() == Some(thing))
    })
}

/// Where the last of what was done here is, of what is meant, while it is not in the record.
pub(in crate::store) fn sent_of(space: &Space, is_meant: &dyn Fn(&Op) -> bool) -> Option<&'static str> {
    let last = space.outbox().filter(|pending| is_meant(&pending.op)).last()?;
    Some(match last.state {
        PendingState::Refused(_) => "Not taken by the record",
        PendingState::Acked => "Sent",
        PendingState::HeldBy(_) | PendingState::InFlight | PendingState::Waiting => "On this device",
    })
}
