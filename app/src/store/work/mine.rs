//! What concerns the reader on every screen: the roles that they hold, what is offered to them or was not taken from them, urgent
//! tasks that nobody has taken on, and what is told once.

use std::time::Duration;

use baton_core::id::OpId;
use baton_core::op::message::Priority;
use baton_core::op::task::Assignee;
use baton_core::state::{Role, Task};
use baton_core::sync::{Space, Sync};

use super::line::{again, by, moment, title_of, who};
use super::role::RoleKey;
use super::tell::News;
use super::{TaskKey, has_done, name, open_spaces, title};
use crate::store::Viewer;
use crate::store::handover::given::{self, HandoverKey};

/// What concerns the reader on every screen.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mine {
    /// The titles of the roles that they hold.
    pub holds: Vec<String>,
    /// Roles that are offered to them: which, the offer, its title, by whom.
    pub offers: Vec<(RoleKey, OpId, String, String)>,
    /// Urgent tasks that nobody has taken on, theirs or for anybody.
    pub urgent: Vec<Urgent>,
    /// Roles that somebody did not take from them, or that are to be handed on by the rota, in sentences.
    pub keeps: Vec<String>,
    /// Patients whom somebody did not take from them: in which handover, in a sentence.
    pub refused: Vec<(HandoverKey, String)>,
    /// Tasks that the reader and another did, until somebody signs them off: which, and who did it first.
    pub again: Vec<(TaskKey, String)>,
    /// Patients that are offered to them: which handover, and by whom.
    pub handovers: Vec<(HandoverKey, String)>,
    /// What is told once.
    pub news: Vec<News>,
    /// Whether the reader is off duty: what is not urgent does not interrupt.
    pub is_away: bool,
}

/// An urgent task that nobody has taken on.
#[derive(Clone, PartialEq, Eq)]
pub struct Urgent {
    /// Which.
    pub key: TaskKey,
    /// What.
    pub title: String,
    /// For whom: the reader, anybody, or a role for which nobody answers.
    pub words: String,
    /// Whether the reader may take it on.
    pub may_accept: bool,
    /// Whether it is for the reader, and interrupts them also off duty.
    pub is_mine: bool,
}

/// What concerns the reader on every screen.
pub fn mine(sync: &Sync, viewer: &Viewer) -> Mine {
    let mut mine = Mine {
        handovers: given::call(sync, viewer),
        is_away: viewer.people.away_now(viewer.me).is_some(),
        ..Mine::default()
    };
    for space in open_spaces(sync) {
        of_roles(space, viewer, &mut mine);
        of_tasks(space, viewer, &mut mine);
        mine.refused.extend(given::refused(space, viewer));
    }
    mine
}

fn of_roles(space: &Space, viewer: &Viewer, mine: &mut Mine) {
    let state = space.shown();
    for (_, role) in state.roles.held_by(viewer.me) {
        let title = role.title.newest();
        mine.holds.push(title.to_owned());
        let refused = role
            .refused
            .last()
            .filter(|refused| refused.by.seq == role.changed);
        mine.keeps.extend(refused.map(|refused| {
            let by = by(refused.by.stamp.by, refused.by.stamp.at, viewer);
            format!(
                "You still hold {title}. Not taken by {by}: {}",
                refused.reason.as_str()
            )
        }));
        mine.keeps.extend(due_to_hand_on(role, viewer));
    }
    for (role, offered) in state.roles.offered_to(viewer.me) {
        let Some(offer) = offered.offer else { continue };
        let key = RoleKey {
            space: space.id(),
            role,
        };
        let by = name(offer.made.stamp.by, viewer);
        let title = offered.title.newest().to_owned();
        mine.offers.push((key, offer.made.stamp.op, title, by));
    }
}

/// That a role which the reader holds is another's by the rota, or that their own shift is over or will be in a moment.
fn due_to_hand_on(role: &Role, viewer: &Viewer) -> Option<String> {
    let title = role.title.newest();
    let shift = role.to_hand_on(viewer.now.plus(SOON))?;
    Some(if shift.who == viewer.me {
        let word = if shift.until > viewer.now { "ends" } else { "ended" };
        format!(
            "Hand on {title}: your shift {word} {}",
            moment(shift.until, viewer)
        )
    } else {
        let (from, who) = (moment(shift.from, viewer), name(shift.who, viewer));
        format!("Hand on {title}: {who} has it by the rota from {from}")
    })
}

fn of_tasks(space: &Space, viewer: &Viewer, mine: &mut Mine) {
    let state = space.shown();
    let key = |task: &Task| TaskKey {
        space: space.id(),
        task: task.id(),
    };
    for task in state.tasks.unaccepted(&state.roles) {
        let (has, made_by_me) = (task.who(&state.roles), task.hold.by.stamp.by == viewer.me);
        let is_mine = has == Some(viewer.me);
        let is_anybodys = has.is_none() && !made_by_me;
        if task.priority != Priority::Urgent || !is_mine && !is_anybodys {
            continue;
        }
        let is_of_role = matches!(task.hold.to, Assignee::Role(_));
        let to = match (is_mine, is_of_role) {
            (true, _) => "you".to_owned(),
            (false, false) => format!("anybody in {}", title(space, viewer)),
            (false, true) => who(task.hold.to, state, viewer),
        };
        mine.urgent.push(Urgent {
            key: key(task),
            title: title_of(task),
            words: format!("Urgent task for {to}"),
            may_accept: is_mine || !is_of_role,
            is_mine,
        });
    }
    for task in state.tasks.to_sign_off() {
        if let Some(again) = again(task, viewer).filter(|_| has_done(task, viewer.me)) {
            let words = format!("{} was done twice. {again}", title_of(task));
            mine.again.push((key(task), words));
        }
    }
}

/// So long before a shift ends it is said that it does.
const SOON: Duration = Duration::from_mins(15);
