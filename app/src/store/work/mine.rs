//! What concerns the reader on every screen: the roles that they hold, and what calls for them: what is offered to them or was not
//! taken from them, urgent tasks that nobody has taken on, urgent messages, a shift that is over; and what is told once.

use std::sync::Arc;
use std::time::Duration;

use baton_core::id::OpId;
use baton_core::op::message::Priority;
use baton_core::op::space::SpaceKind;
use baton_core::op::task::Assignee;
use baton_core::ordered::sort_by;
use baton_core::state::{Role, Task};
use baton_core::sync::{Space, Sync};

use super::line::{again, by, moment, title_of, who};
use super::role::{self, RoleKey};
use super::tell::News;
use super::{TaskKey, has_done, name, open_spaces, title};
use crate::part::rows::RowKey;
use crate::route::Route;
use crate::store::handover::given;
use crate::store::{Viewer, inbox};

/// What concerns the reader on every screen.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mine {
    /// The titles of the roles that they hold.
    pub holds: Vec<String>,
    /// What calls for them.
    pub calls: Vec<Call>,
    /// What is told once.
    pub news: Vec<News>,
    /// Whether the reader is off duty: what is not pressing does not interrupt.
    pub is_away: bool,
}

/// What calls for the reader, until it is dealt with.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// What it is.
    pub says: String,
    /// What may be taken on at once, and what that is called.
    pub accept: Option<(Accept, String)>,
    /// Where it is.
    pub to: Route,
    /// Whether it interrupts also who is off duty.
    pub is_pressing: bool,
    /// What is no longer told once the reader says that they have seen it.
    pub seen: Vec<TaskKey>,
}

/// What is taken on by one tap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// A role, as this offer has it.
    Role(RoleKey, OpId),
    /// A task.
    Task(TaskKey),
}

impl Accept {
    fn op(self) -> OpId {
        match self {
            Self::Role(_, offer) => offer,
            Self::Task(key) => key.task,
        }
    }
}

impl Call {
    /// What interrupts, and is only looked at.
    pub fn pressing(says: String, to: Route) -> Self {
        Self {
            says,
            accept: None,
            to,
            is_pressing: true,
            seen: Vec::new(),
        }
    }

    /// What is told until it was seen.
    pub fn told(says: String, to: Route, seen: Vec<TaskKey>) -> Self {
        Self {
            seen,
            ..Self::pressing(says, to)
        }
    }

    /// What it is: where it is, what may be taken on or is no longer told, and what it says.
    fn is(&self) -> Arc<str> {
        let accept = self.accept.as_ref().map(|(accept, _)| accept.op());
        let ops = accept.into_iter().chain(self.seen.iter().map(|key| key.task));
        let ops: Vec<_> = ops.map(OpId::uuid).collect();
        format!("{}{ops:?}{}", self.to.path(), self.says).into()
    }
}

/// Names each among these. Those that are the same in everything, as of two roles of one title, are counted.
pub fn keys(calls: &[Call]) -> Vec<RowKey> {
    let mut keys = Vec::new();
    for call in calls {
        let is = call.is();
        let mut key = RowKey::Heading(0, is.clone());
        let mut count = 0;
        while keys.contains(&key) {
            count += 1;
            key = RowKey::Heading(count, is.clone());
        }
        keys.push(key);
    }
    keys
}

/// Gathers it.
pub fn mine(sync: &Sync, viewer: &Viewer) -> Mine {
    let mut mine = Mine {
        is_away: viewer.people.away_now(viewer.me).is_some(),
        ..Mine::default()
    };
    let (mut routine, mut urgent, mut twice, mut messages) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for space in open_spaces(sync) {
        of_roles(space, viewer, &mut mine, &mut routine);
        of_tasks(space, viewer, &mut urgent, &mut twice);
        mine.calls.extend(given::refused(space, viewer));
        messages.extend(inbox::urgent_for_me(space, viewer).next_back().map(|message| {
            let word = if space.kind() == SpaceKind::Direct {
                "from"
            } else {
                "in"
            };
            let says = format!("Urgent message {word} {}", title(space, viewer));
            (
                message.stamp.kept_at(),
                Call::pressing(says, Route::Thread(space.id())),
            )
        }));
    }
    // The newest are shown: who is in many teams sees what has just come.
    sort_by(&mut messages, |(one, _), (other, _)| other.cmp(one));
    let mut messages = messages.into_iter().map(|(_, call)| call).collect();
    shorten(&mut messages, "conversations with urgent messages", Route::Inbox);
    mine.calls.extend(messages);
    routine.extend(given::call(sync, viewer));
    shorten(&mut urgent, "urgent tasks", Route::Tasks);
    mine.calls.splice(..0, routine.into_iter().chain(urgent));
    mine.calls.extend(twice);
    mine
}

/// The first [`SHOWN`], and how many more there are.
fn shorten(calls: &mut Vec<Call>, what: &str, to: Route) {
    let more = calls.len().saturating_sub(SHOWN);
    calls.truncate(SHOWN);
    if more > 0 {
        calls.push(Call::pressing(format!("{more} more {what}"), to));
    }
}

fn of_roles(space: &Space, viewer: &Viewer, mine: &mut Mine, routine: &mut Vec<Call>) {
    let state = space.shown();
    for (id, role) in state.roles.held_by(viewer.me) {
        let title = role.title.newest();
        // Somebody else may have taken it by the time that the record hears of it.
        let sent = role::sent(space, id).map_or_else(String::new, |sent| format!(" · {sent}"));
        mine.holds.push(format!("{title}{sent}"));
        let refused = role.refused.last();
        let refused = refused.filter(|refused| refused.by.seq == role.changed);
        let refused = refused.map(|refused| {
            let by = by(refused.by.stamp.by, refused.by.stamp.at, viewer);
            let why = refused.reason.as_str();
            format!("You still hold {title}. Not taken by {by}: {why}")
        });
        let says = refused.into_iter().chain(due_to_hand_on(role, viewer));
        mine.calls
            .extend(says.map(|says| Call::pressing(says, Route::Roles)));
    }
    for (role, offered) in state.roles.offered_to(viewer.me) {
        let Some(offer) = offered.offer else { continue };
        let key = RoleKey {
            space: space.id(),
            role,
        };
        let title = offered.title.newest();
        let says = format!("{} offers you {title}", name(offer.made.stamp.by, viewer));
        routine.push(Call {
            accept: Some((Accept::Role(key, offer.made.stamp.op), title.to_owned())),
            is_pressing: false,
            ..Call::pressing(says, Route::Roles)
        });
    }
}

/// That a role which the reader holds is another's by the rota, or that their own shift is over or will be in a moment.
fn due_to_hand_on(role: &Role, viewer: &Viewer) -> Option<String> {
    let title = role.title.newest();
    let shift = role.to_hand_on(viewer.now.plus(SOON))?;
    Some(if shift.who == viewer.me {
        let word = if shift.until > viewer.now { "ends" } else { "ended" };
        let until = moment(shift.until, viewer);
        format!("Hand on {title}: your shift {word} {until}")
    } else {
        let (from, who) = (moment(shift.from, viewer), name(shift.who, viewer));
        format!("Hand on {title}: {who} has it by the rota from {from}")
    })
}

/// Of one that nobody has, all are told but who brought it there; who is off duty only of their own.
fn of_tasks(space: &Space, viewer: &Viewer, urgent: &mut Vec<Call>, twice: &mut Vec<Call>) {
    let state = space.shown();
    let to = |task: &Task| Route::Task(space.id(), task.id());
    for task in state.tasks.unaccepted(&state.roles) {
        let has = task.who(&state.roles);
        let is_mine = has == Some(viewer.me);
        let is_anybodys = has.is_none() && task.hold.by.stamp.by != viewer.me;
        if task.priority != Priority::Urgent || !is_mine && !is_anybodys {
            continue;
        }
        let is_of_role = matches!(task.hold.to, Assignee::Role(_));
        let whom = match (is_mine, is_of_role) {
            (true, _) => "you".to_owned(),
            (false, false) => format!("anybody in {}", title(space, viewer)),
            (false, true) => who(task.hold.to, state, viewer),
        };
        let key = TaskKey {
            space: space.id(),
            task: task.id(),
        };
        let what = title_of(task);
        let says = format!("Urgent task for {whom}: {what}");
        urgent.push(Call {
            // Who answers for a role takes it on, and nobody does.
            accept: (is_mine || !is_of_role).then_some((Accept::Task(key), what)),
            is_pressing: is_mine,
            ..Call::pressing(says, to(task))
        });
    }
    for task in state.tasks.to_sign_off() {
        if let Some(again) = again(task, viewer).filter(|_| has_done(task, viewer.me)) {
            let says = format!("{} was done twice. {again}", title_of(task));
            twice.push(Call::pressing(says, to(task)));
        }
    }
}

/// So many of a kind are shown at a time: the others follow as these are dealt with.
const SHOWN: usize = 3;

/// So long before a shift ends it is said that it does.
const SOON: Duration = Duration::from_mins(15);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_in_everything_is_told_apart() {
        let hold = || Call::pressing("You still hold Registrar".to_owned(), Route::Roles);
        let [first, second] = <[RowKey; 2]>::try_from(keys(&[hold(), hold()])).unwrap();
        assert_ne!(first, second);
        assert_eq!(keys(&[hold()]), [first]);
    }

    #[test]
    fn what_is_no_longer_told_by_one_is_not_by_another_of_the_same_words() {
        let told = |task: u8| {
            let key = TaskKey {
                space: baton_core::id::SpaceId::from_bytes([1; 16]),
                task: OpId::from_bytes([task; 16]),
            };
            Call::told("2 more about tasks and roles".to_owned(), Route::Tasks, vec![key])
        };
        assert_ne!(keys(&[told(1)]), keys(&[told(2)]));
    }
}
