//! Which tasks a screen shows, and in which order. No list hides one silently: what is chosen is said in each function's
//! name.

use super::{Task, Tasks};
use crate::id::{OpId, PatientId, UserId};
use crate::op::message::Priority;
use crate::op::task::Assignee;
use crate::ordered::{SortedMap, sort_by_key};
use crate::state::{Patients, Roles};
use crate::time::At;

/// How much one person has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Tasks that they have.
    pub open: usize,
    /// Of those, urgent ones.
    pub urgent: usize,
    /// Of those, ones that are past their time.
    pub overdue: usize,
    /// Of those, ones that they have not taken on yet.
    pub waiting: usize,
}

impl Tasks {
    /// The tasks that are to be done.
    pub fn open(&self) -> impl Iterator<Item = &Task> {
        self.iter().filter(|task| task.is_open())
    }

    /// Those that ended and that nobody has signed off.
    pub fn to_sign_off(&self) -> impl Iterator<Item = &Task> {
        let ended = |task: &&Task| !task.is_open() && task.signed_off.is_none();
        self.iter().filter(ended)
    }

    /// The open tasks that somebody has: given to them, taken on by them, or for a role that they hold or answer for.
    pub fn mine(&self, user: UserId, roles: &Roles) -> impl Iterator<Item = &Task> {
        self.open().filter(move |task| task.who(roles) == Some(user))
    }

    /// The open tasks that are for a role.
    pub fn of_role(&self, role: OpId) -> impl Iterator<Item = &Task> {
        self.open().filter(move |task| task.is_of_role(role))
    }

    /// The open tasks that are for all of the space, whether somebody took them on or not.
    pub fn of_team(&self) -> impl Iterator<Item = &Task> {
        self.open().filter(|task| task.hold.to == Assignee::Team)
    }

    /// The open tasks that nobody has taken on yet, whoever they are for.
    pub fn unaccepted(&self, roles: &Roles) -> impl Iterator<Item = &Task> {
        self.open().filter(move |task| !task.is_accepted(roles))
    }

    /// The open tasks about a patient, also by the ids of those who were merged into them.
    pub fn about(&self, patient: PatientId, patients: &Patients) -> impl Iterator<Item = &Task> {
        let patient = patients.resolve(patient);
        let is_theirs = move |about: PatientId| patients.resolve(about) == patient;
        self.open().filter(move |task| task.about.is_some_and(&is_theirs))
    }

    /// The tasks that were made from a message, as far as they are held.
    pub fn from_message(&self, message: OpId) -> impl Iterator<Item = &Task> {
        self.iter().filter(move |task| task.from == Some(message))
    }

    /// The open tasks that were to be done before a moment.
    pub fn overdue(&self, at: At) -> impl Iterator<Item = &Task> {
        self.open().filter(move |task| task.is_overdue(at))
    }

    /// What each person has to do. Whoever has nothing is not in it.
    pub fn load(&self, roles: &Roles, at: At) -> SortedMap<UserId, Load> {
        let mut loads = SortedMap::<UserId, Load>::new();
        for task in self.open() {
            let Some(user) = task.who(roles) else { continue };
            let load = loads.or_default(user);
            load.open += 1;
            load.urgent += usize::from(task.priority == Priority::Urgent);
            load.overdue += usize::from(task.is_overdue(at));
            load.waiting += usize::from(!task.is_accepted(roles));
        }
        loads
    }
}

/// Puts tasks in the order in which they are to be done at a moment: urgent first, then what is past its time, then by when
/// it is due, then by age. Whatever is sorted, `task` gives the task of it.
pub fn order<T>(all: &mut [T], task: fn(&T) -> &Task, at: At) {
    sort_by_key(all, |it| {
        let task = task(it);
        let is_routine = task.priority == Priority::Routine;
        let due = task.due.unwrap_or(At::from_millis(u64::MAX));
        (is_routine, !task.is_overdue(at), due, task.created.seq)
    });
}
