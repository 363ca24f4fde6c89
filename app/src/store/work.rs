//! Tasks and roles on the screen: which are shown in which order, each in words. Worked out from core's state when a screen
//! asks, of a task only when its row is in view; [`Work::revision`] tells when to ask again.

use crate::part::derived::RwSignal;
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use baton_core::op::task::Assignee;
use baton_core::ordered::{SortedMap, sort_by_key};
use baton_core::patient::three_identifiers;
use baton_core::state::tasks::order;
use baton_core::state::{SpaceState, Task};
use baton_core::sync::{Shown, Space, Sync};
use baton_core::time::At;
use serde::{Deserialize, Serialize};

use super::patients::news;
use super::{Viewer, event, inbox};
use crate::prelude::*;
use crate::{moment, web};

pub mod around;
pub mod board;
pub mod elsewhere;
pub mod full;
pub mod line;
pub mod mine;
pub mod refused;
pub mod role;
pub mod tell;

use tell::{News, Told};

/// What screens of tasks and roles share.
#[derive(Clone, Copy)]
pub struct Work {
    /// Counts up when a task or a role may be another, or with the time of day.
    pub revision: RwSignal<u32>,
    /// How the reader looks at tasks.
    pub view: RwSignal<View>,
    /// The team that was chosen last.
    pub team: RwSignal<Option<SpaceId>>,
    /// The order in which one goes through a team’s patients, since one began.
    pub walk: RwSignal<Option<(SpaceId, Vec<PatientId>)>>,
    /// What is being told here.
    pub telling: RwSignal<Vec<TaskKey>>,
    /// What was told, here or in another tab.
    told: StoredValue<Told>,
    is_told_kept: StoredValue<bool>,
}

impl Work {
    pub(super) fn new() -> Self {
        Self {
            revision: RwSignal::new(0),
            view: RwSignal::new(View::default()),
            team: RwSignal::new(None),
            walk: RwSignal::new(None),
            telling: RwSignal::new(Vec::new()),
            told: StoredValue::new(Told::new()),
            is_told_kept: StoredValue::new(true),
        }
    }

    pub(super) fn refresh(&self, shown: &[Shown]) {
        if is_news(shown) {
            self.revision
                .update(|revision| *revision = revision.wrapping_add(1));
        }
    }

    /// Tells what became overdue or happened, unless nobody looks at this tab; gives what is new.
    pub(super) fn tell(&self, sync: &Sync, viewer: &Viewer) -> Vec<News> {
        if web::document().hidden() {
            return Vec::new();
        }
        let told = self.told.with_value(Clone::clone);
        let mut now = told.clone();
        let new = tell::news(&mut now, sync, viewer);
        if now != told {
            self.told.set_value(now);
            self.is_told_kept.set_value(false);
        }
        let lines = tell::lines(&new, sync, viewer);
        if !new.is_empty() {
            self.telling.update(|telling| {
                telling.retain(|key| !new.contains(key));
                telling.extend(new);
            });
        }
        lines
    }

    /// What was told, if that is to be kept.
    pub fn take_told(&self) -> Option<Told> {
        let is_kept = self
            .is_told_kept
            .try_update_value(|is_kept| std::mem::replace(is_kept, true))
            .unwrap_or(true);
        (!is_kept).then(|| self.told.with_value(Clone::clone))
    }

    /// What was told before, or in another tab.
    pub fn put_back_told(&self, told: Told) {
        self.told.set_value(told);
    }

    pub(super) fn clear(&self) {
        self.telling.set(Vec::new());
        self.told.set_value(Told::new());
        self.is_told_kept.set_value(true);
        self.view.set(View::default());
        self.team.set(None);
        self.walk.set(None);
        self.revision.set(0);
    }
}

/// Whether a task, a role, or who is on duty may be another.
pub(super) fn is_news(shown: &[Shown]) -> bool {
    shown.iter().any(|change| match change {
        Shown::Outbox(_) | Shown::Space(..) | Shown::Spaces => true,
        Shown::Connection | Shown::Cursors(_) | Shown::History(_) | Shown::Typing(_) => false,
    })
}

/// Names a task: the space that has it, and its id there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskKey {
    /// Which space.
    pub space: SpaceId,
    /// Which task.
    pub task: OpId,
}

/// How one looks at tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Whose.
    pub whose: Whose,
    /// Of those, which.
    pub only: Only,
    /// What stands together.
    pub group: Group,
}

/// Whose tasks are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// What the reader has, by themselves or by a role.
    #[default]
    Mine,
    /// Of roles that the reader holds or answers for.
    Roles,
    /// All of the teams and conversations that the reader belongs to.
    Teams,
    /// All about a patient.
    Patient(PatientId),
}

/// Which of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// Those that are to be done.
    #[default]
    Open,
    /// Those past their time.
    Overdue,
    /// Those that ended and that nobody has signed off.
    Ended,
}

/// What stands together under a heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// All in one order.
    #[default]
    Nothing,
    /// By patient.
    Patient,
    /// By place.
    Place,
}

/// A row, or the heading above rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A heading.
    Heading(String),
    /// A task.
    Task(TaskKey),
}

/// How many tasks each choice would show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What the reader has.
    pub mine: usize,
    /// Of those, past their time.
    pub overdue: usize,
    /// Of those that are not, given by others and not accepted.
    pub new: usize,
    /// Of roles of theirs.
    pub roles: usize,
    /// Of all.
    pub teams: usize,
}

/// Where tasks may be made, and what that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Which space.
    pub id: SpaceId,
    /// What it is called.
    pub title: String,
    /// Of which kind.
    pub kind: SpaceKind,
}

/// The keys of what is shown, in order.
pub fn keys(sync: &Sync, view: View, viewer: &Viewer) -> Vec<Key> {
    let mut tasks: Vec<(&Task, SpaceId)> = Vec::new();
    for space in open_spaces(sync) {
        let shown = chosen(space, view, viewer).into_iter();
        tasks.extend(shown.map(|task| (task, space.id())));
    }
    order(&mut tasks, |(task, _)| task, viewer.now);
    let mut groups: Vec<(String, Vec<Key>)> = Vec::new();
    let mut places: SortedMap<(Option<PatientId>, String), usize> = SortedMap::new();
    for (task, space) in tasks {
        let (about, place) = match view.group {
            Group::Nothing => (None, String::new()),
            Group::Patient => (
                task.about.map(|about| viewer.patients.resolve_now(about)),
                String::new(),
            ),
            Group::Place => (None, place(task, viewer)),
        };
        let next = groups.len();
        let at = *places.or_insert_with((about, place.clone()), || next);
        if at == next {
            groups.push((heading(view.group, about, place, viewer), Vec::new()));
        }
        if let Some((_, rows)) = groups.get_mut(at) {
            let task = task.id();
            rows.push(Key::Task(TaskKey { space, task }));
        }
    }
    let rows = groups.into_iter().flat_map(|(heading, rows)| {
        let heading = (!heading.is_empty()).then_some(Key::Heading(heading));
        heading.into_iter().chain(rows)
    });
    rows.collect()
}

fn heading(group: Group, about: Option<PatientId>, place: String, viewer: &Viewer) -> String {
    match (group, about) {
        (Group::Nothing, _) => String::new(),
        (Group::Patient, Some(about)) => viewer.patients.find_now(about).map_or_else(
            || super::patients::face::ON_THEIR_WAY.to_owned(),
            |patient| three_identifiers(&patient),
        ),
        (Group::Patient, None) => "About no patient".to_owned(),
        (Group::Place, _) if place.is_empty() => "No place given".to_owned(),
        (Group::Place, _) => place,
    }
}

/// Where a task is to be done: where it says, or where the patient is that it is about.
fn place(task: &Task, viewer: &Viewer) -> String {
    let said = task.place.newest().trim();
    let about = task.about.filter(|_| said.is_empty());
    let known = about.and_then(|about| viewer.patients.standing_now(about));
    let visit = known.as_ref().and_then(|known| known.visit.as_ref());
    let ward = visit.and_then(|visit| visit.place.as_ref()).map(news::ward_words);
    ward.unwrap_or_else(|| said.to_owned())
}

fn chosen<'a>(space: &'a Space, view: View, viewer: &Viewer) -> Vec<&'a Task> {
    let state = space.shown();
    let (tasks, roles) = (&state.tasks, &state.roles);
    let is_whose = |task: &&Task| match view.whose {
        Whose::Mine => is_of(task, viewer.me, state),
        Whose::Patient(patient) => is_about(task, patient, viewer),
        Whose::Roles => match task.hold.to {
            Assignee::Role(role) => roles.answers(role) == Some(viewer.me),
            Assignee::Person(_) | Assignee::Team => false,
        },
        Whose::Teams => true,
    };
    match view.only {
        Only::Ended => tasks.to_sign_off().filter(is_whose).collect(),
        Only::Open => tasks.open().filter(is_whose).collect(),
        Only::Overdue => tasks.overdue(viewer.now).filter(is_whose).collect(),
    }
}

/// Whether somebody has a task; of one that ended, whether they had it or ended it.
fn is_of(task: &Task, user: UserId, state: &SpaceState) -> bool {
    task.who(&state.roles) == Some(user) || !task.is_open() && has_done(task, user)
}

/// Whether somebody ended a task, or did it again.
fn has_done(task: &Task, user: UserId) -> bool {
    let ended = task.closed.iter().map(|closed| &closed.said);
    let mut ended = ended.chain(&task.echoes);
    ended.any(|said| said.by.stamp.by == user)
}

fn is_about(task: &Task, patient: PatientId, viewer: &Viewer) -> bool {
    let stands = viewer.patients.resolve_now(patient);
    task.about
        .is_some_and(|about| viewer.patients.resolve_now(about) == stands)
}

/// How many tasks each choice would show.
pub fn counts(sync: &Sync, viewer: &Viewer) -> Counts {
    let mut counts = Counts::default();
    for space in open_spaces(sync) {
        let state = space.shown();
        for task in state.tasks.open() {
            let is_mine = task.who(&state.roles) == Some(viewer.me);
            let is_of_role = matches!(task.hold.to, Assignee::Role(_));
            counts.teams += 1;
            counts.mine += usize::from(is_mine);
            counts.roles += usize::from(is_mine && is_of_role);
            if is_mine && task.is_overdue(viewer.now) {
                counts.overdue += 1;
            } else if is_mine && task.hold.by.stamp.by != viewer.me && !task.is_accepted(&state.roles) {
                counts.new += 1;
            }
        }
    }
    counts
}

/// Where tasks may be made: teams first, then conversations, by title.
pub fn teams(sync: &Sync, viewer: &Viewer) -> Vec<Team> {
    let spaces = open_spaces(sync).filter(|space| space.shown().kind.is_some());
    let mut teams: Vec<Team> = spaces.map(|space| team(space, viewer)).collect();
    sort_by_key(&mut teams, |team| {
        (team.kind != SpaceKind::Team, team.title.clone(), team.id)
    });
    teams
}

fn team(space: &Space, viewer: &Viewer) -> Team {
    Team {
        id: space.id(),
        title: title(space, viewer),
        kind: space.kind(),
    }
}

pub(super) fn title(space: &Space, viewer: &Viewer) -> String {
    if space.kind() == SpaceKind::Own {
        "Only for me".to_owned()
    } else {
        inbox::face(space, viewer).title
    }
}

pub(super) fn open_spaces(sync: &Sync) -> impl Iterator<Item = &Space> {
    sync.spaces().filter(|space| space.is_open())
}

/// A person as they are named in a sentence.
pub(super) fn name(user: UserId, viewer: &Viewer) -> String {
    event::name(user, viewer, true)
}

/// When something was, as it stands behind a name.
pub(crate) fn when(at: At, viewer: &Viewer) -> String {
    moment::full(at, viewer.now, viewer.zone)
}

/// How long something is or was: `25 min`, `3 h`, `2 days`.
fn lasting(from: At, until: At) -> String {
    let minutes = until.since(from).as_secs() / 60;
    match (minutes, minutes / 60, minutes / (24 * 60)) {
        (..60, ..) => format!("{minutes} min"),
        (_, hours @ ..48, _) => format!("{hours} h"),
        (_, _, days) => format!("{days} days"),
    }
}
