//! Rules for tasks. Whoever belongs to the space makes them, does them and writes about them; only who has one accepts or
//! declines it.

use super::Author;
use crate::id::{OpId, UserId};
use crate::op::space::SpaceKind;
use crate::op::task::{
    Assignee, COMMENTS, Created, DETAILS_BYTES, ECHOES, Edited, Field, ITEM_BYTES, ITEMS, PLACE_BYTES,
    REOPENED, SAID_BYTES, TASKS, TEMPLATE_ITEMS, TEMPLATES, TaskOp, TemplateSet,
};
use crate::refusal::Refusal;
use crate::state::{SpaceState, Task};

pub(super) fn may(author: Author, op: &TaskOp, state: &SpaceState) -> Result<(), Refusal> {
    let Author::Person(user) = author else {
        return Err(Refusal::Malformed);
    };
    match op {
        TaskOp::Accepted(op) => accept(user, open(op.task, state)?, state),
        TaskOp::Assigned(op) => {
            let task = open(op.task, state)?;
            if task.hand() != op.seen {
                return Err(Refusal::TaskMoved);
            }
            assignee(op.to, state)
        }
        TaskOp::Cancelled(op) => {
            super::text_fits(op.reason.as_str(), SAID_BYTES)?;
            open(op.task, state).map(drop)
        }
        TaskOp::Commented(op) => {
            super::text_fits(op.text.as_str(), SAID_BYTES)?;
            fits(task(op.task, state)?.comments.len(), COMMENTS)
        }
        TaskOp::Completed(op) => {
            fits_in(op.note.as_str(), SAID_BYTES)?;
            fits(task(op.task, state)?.echoes.len(), ECHOES)
        }
        TaskOp::Created(op) => create(op, state),
        TaskOp::Declined(op) => {
            super::text_fits(op.reason.as_str(), SAID_BYTES)?;
            decline(user, open(op.task, state)?, state)
        }
        TaskOp::DueSet(op) => open(op.task, state).map(drop),
        TaskOp::Edited(op) => edit(op, state),
        TaskOp::ItemAdded(op) => {
            super::text_fits(op.text.as_str(), ITEM_BYTES)?;
            fits(open(op.task, state)?.checklist.len(), ITEMS)
        }
        TaskOp::PrioritySet(op) => open(op.task, state).map(drop),
        TaskOp::Removed(op) => match task(op.task, state)?.end() {
            None => Err(Refusal::TaskOpen),
            Some(end) if end == op.seen => Ok(()),
            Some(_) => Err(Refusal::TaskEndedAgain),
        },
        TaskOp::Reopened(op) => {
            super::text_fits(op.reason.as_str(), SAID_BYTES)?;
            reopen(task(op.task, state)?, state)
        }
        TaskOp::Started(op) => accept(user, open(op.task, state)?, state),
        TaskOp::TemplateRemoved(op) => {
            administers(user, state)?;
            template(op.template, state)
        }
        TaskOp::TemplateSet(op) => {
            administers(user, state)?;
            set_template(op, state)
        }
        TaskOp::Ticked(op) => {
            let mut items = open(op.task, state)?.checklist.iter();
            let item = items.find(|item| item.id == op.item);
            item.map(drop).ok_or(Refusal::NoItem)
        }
        TaskOp::Unwatched(op) => task(op.task, state).map(drop),
        TaskOp::Watched(op) => task(op.task, state).map(drop),
    }
}

fn create(op: &Created, state: &SpaceState) -> Result<(), Refusal> {
    super::title_fits(op.title.as_str())?;
    fits_in(op.details.as_str(), DETAILS_BYTES)?;
    fits_in(op.place.as_str(), PLACE_BYTES)?;
    for item in &op.checklist {
        super::text_fits(item.as_str(), ITEM_BYTES)?;
    }
    if op.checklist.len() > ITEMS {
        return Err(Refusal::TaskFull);
    }
    assignee(op.to, state)?;
    if state.tasks.standing() >= TASKS {
        Err(Refusal::TooManyTasks)
    } else {
        Ok(())
    }
}

/// Whom a task may be given to.
fn assignee(to: Assignee, state: &SpaceState) -> Result<(), Refusal> {
    match to {
        Assignee::Person(user) => super::member::member(user, state),
        Assignee::Role(role) => super::role::open(role, state).map(drop),
        Assignee::Team => Ok(()),
    }
}

/// A person's own, a role's by who holds it or answers for it, and what is for all by anybody until somebody took it on.
/// Accepting twice is harmless.
fn accept(user: UserId, task: &Task, state: &SpaceState) -> Result<(), Refusal> {
    let who = task.who(&state.roles);
    match task.hold.to {
        Assignee::Team if who.is_some_and(|who| who != user) => Err(Refusal::TaskTaken),
        Assignee::Person(_) | Assignee::Role(_) if who != Some(user) => Err(Refusal::NotForYou),
        Assignee::Person(_) | Assignee::Role(_) | Assignee::Team => Ok(()),
    }
}

/// Only who has it: what is for all and nobody took on is nobody's to decline.
fn decline(user: UserId, task: &Task, state: &SpaceState) -> Result<(), Refusal> {
    if task.who(&state.roles) == Some(user) {
        Ok(())
    } else {
        Err(Refusal::NotForYou)
    }
}

/// What was signed off counts again when it is opened.
fn reopen(task: &Task, state: &SpaceState) -> Result<(), Refusal> {
    if task.is_open() {
        return Err(Refusal::TaskOpen);
    }
    fits(task.reopened.len(), REOPENED)?;
    if task.signed_off.is_some() && state.tasks.standing() >= TASKS {
        Err(Refusal::TooManyTasks)
    } else {
        Ok(())
    }
}

/// An empty text clears the field, but for the title.
fn edit(op: &Edited, state: &SpaceState) -> Result<(), Refusal> {
    let task = open(op.task, state)?;
    let text = op.text.as_str();
    match op.field {
        Field::Details => fits_in(text, DETAILS_BYTES)?,
        Field::Place => fits_in(text, PLACE_BYTES)?,
        Field::Title => super::title_fits(text)?,
    }
    super::edit_fits(op.base, &op.after, Some(task.field(op.field)), state)
}

fn set_template(op: &TemplateSet, state: &SpaceState) -> Result<(), Refusal> {
    super::title_fits(op.name.as_str())?;
    if op.items.is_empty() {
        return Err(Refusal::Empty);
    }
    if op.items.len() > TEMPLATE_ITEMS {
        return Err(Refusal::TooLong);
    }
    for item in &op.items {
        super::title_fits(item.title.as_str())?;
        assignee(item.to, state)?;
    }
    match op.replaces {
        Some(before) => template(before, state),
        None if state.tasks.templates().len() >= TEMPLATES => Err(Refusal::TooManyTemplates),
        None => Ok(()),
    }
}

fn administers(user: UserId, state: &SpaceState) -> Result<(), Refusal> {
    if state.kind != Some(SpaceKind::Team) {
        Err(Refusal::TeamsOnly)
    } else if state.members.is_admin(user) {
        Ok(())
    } else {
        Err(Refusal::NotAdmin)
    }
}

fn template(id: OpId, state: &SpaceState) -> Result<(), Refusal> {
    state.tasks.template(id).map(drop).ok_or(Refusal::NoTemplate)
}

fn task(id: OpId, state: &SpaceState) -> Result<&Task, Refusal> {
    state.tasks.find(id).ok_or(Refusal::NoTask)
}

/// A task that is to be done.
fn open(id: OpId, state: &SpaceState) -> Result<&Task, Refusal> {
    let task = task(id, state)?;
    if task.is_open() {
        Ok(task)
    } else {
        Err(Refusal::TaskClosed)
    }
}

/// A text that may be empty is not past its limit.
fn fits_in(text: &str, bytes: usize) -> Result<(), Refusal> {
    if text.len() > bytes {
        Err(Refusal::TooLong)
    } else {
        Ok(())
    }
}

/// There is room for one more.
fn fits(len: usize, most: usize) -> Result<(), Refusal> {
    if len >= most {
        Err(Refusal::TaskFull)
    } else {
        Ok(())
    }
}
