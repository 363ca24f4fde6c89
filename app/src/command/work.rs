//! What a person can do about tasks.

use std::sync::Arc;

use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::Body;
use baton_core::op::message::Priority;
use baton_core::op::task::{self, Assignee, Created, Field, ItemId, TaskOp, TemplateItem, TemplateSet};
use baton_core::patient::Patient;
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::state::SpaceState;
use baton_core::sync::Sync;
use baton_core::text::Basis;
use baton_core::time::At;

use super::Command;
use crate::clock;
use crate::store::Viewer;
use crate::store::work::board::{self, Board};
use crate::store::work::full::{self, Full, Target};
use crate::store::work::line::{self, Line};
use crate::store::work::refused::{self, Refused};
use crate::store::work::{self, Counts, Key, TaskKey, Team, View};

/// What is done with a task.
pub enum Deed {
    /// Takes it on.
    Accept,
    /// Adds a step.
    AddStep(String),
    /// Not needed any more, and why.
    Cancel(String),
    /// Says something about it.
    Comment(String),
    /// Done, with a note that may be empty; the last reopening that was seen.
    Complete(String, Option<OpId>),
    /// Does not do it, and why.
    Decline(String),
    /// Due then.
    Due(Option<At>),
    /// Writes a text, on what was there.
    Edit(Field, String, Basis),
    /// Gives it to others; by which operation it had come to who had it.
    Give(Assignee, OpId),
    /// To be done after all, and why.
    Reopen(String),
    /// Signs off how it ended.
    SignOff(OpId),
    /// Has begun.
    Start,
    /// Ticks a step off, or not after all.
    Tick(ItemId, bool),
    /// Urgent or not.
    Urgent(bool),
    /// Wants to hear of it, or no longer.
    Watch(bool),
}

/// What a new task says.
#[derive(Clone)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// The patient that it is about.
    pub about: Option<PatientId>,
    /// How pressing it is.
    pub is_urgent: bool,
    /// By when.
    pub due: Option<At>,
    /// For whom.
    pub to: Assignee,
    /// The message that it is made from.
    pub from: Option<OpId>,
    /// Where it is to be done, what else is to be known, and its steps, a line for each.
    pub more: [String; 3],
}

impl Command {
    /// Makes a task.
    pub fn make_task(self, space: SpaceId, new: NewTask) -> Result<OpId, Refusal> {
        let [place, details, steps] = new.more;
        let steps = steps.lines().map(str::trim).filter(|step| !step.is_empty());
        let created = Created {
            title: Personal::new(new.title),
            details: Personal::from(details.trim()),
            about: new.about,
            place: Personal::from(place.trim()),
            priority: priority(new.is_urgent),
            due: new.due,
            to: new.to,
            checklist: steps.map(Personal::from).collect(),
            from: new.from,
        };
        self.act(space, Body::Task(TaskOp::Created(created)))
    }

    /// Does something with a task.
    pub fn do_task(self, key: TaskKey, deed: Deed) -> Result<OpId, Refusal> {
        let task = key.task;
        let text = |text: String| Personal::new(text.trim().to_owned());
        let op = match deed {
            Deed::Accept => TaskOp::Accepted(task::Accepted { task }),
            Deed::AddStep(step) => TaskOp::ItemAdded(task::ItemAdded {
                task,
                text: text(step),
            }),
            Deed::Cancel(reason) => TaskOp::Cancelled(task::Cancelled {
                task,
                reason: text(reason),
            }),
            Deed::Comment(comment) => TaskOp::Commented(task::Commented {
                task,
                text: text(comment),
            }),
            Deed::Complete(note, round) => TaskOp::Completed(task::Completed {
                task,
                note: text(note),
                round,
            }),
            Deed::Decline(reason) => TaskOp::Declined(task::Declined {
                task,
                reason: text(reason),
            }),
            Deed::Due(due) => TaskOp::DueSet(task::DueSet { task, due }),
            Deed::Edit(field, words, basis) => TaskOp::Edited(task::Edited {
                task,
                field,
                text: text(words),
                base: basis.base,
                after: basis.after,
            }),
            Deed::Give(to, seen) => TaskOp::Assigned(task::Assigned { task, to, seen }),
            Deed::Reopen(reason) => TaskOp::Reopened(task::Reopened {
                task,
                reason: text(reason),
            }),
            Deed::SignOff(seen) => TaskOp::Removed(task::Removed { task, seen }),
            Deed::Start => TaskOp::Started(task::Started { task }),
            Deed::Tick(item, done) => TaskOp::Ticked(task::Ticked { task, item, done }),
            Deed::Urgent(is_urgent) => TaskOp::PrioritySet(task::PrioritySet {
                task,
                priority: priority(is_urgent),
            }),
            Deed::Watch(true) => TaskOp::Watched(task::Watched { task }),
            Deed::Watch(false) => TaskOp::Unwatched(task::Unwatched { task }),
        };
        self.act(key.space, Body::Task(op))
    }

    /// Makes a template of a team, or changes one.
    pub fn set_template(
        self,
        space: SpaceId,
        replaces: Option<OpId>,
        name: &str,
        items: Vec<TemplateItem>,
    ) -> Result<OpId, Refusal> {
        let set = TemplateSet {
            replaces,
            name: Personal::from(name.trim()),
            items,
        };
        self.act(space, Body::Task(TaskOp::TemplateSet(set)))
    }

    /// Takes a template away.
    pub fn remove_template(self, space: SpaceId, template: OpId) -> Result<OpId, Refusal> {
        let removed = task::TemplateRemoved { template };
        self.act(space, Body::Task(TaskOp::TemplateRemoved(removed)))
    }

    /// Makes the tasks of a template about a patient; gives those that could not be made, and why. The others are made: to
    /// press again would make them twice.
    pub fn use_template(
        self,
        space: SpaceId,
        items: &[TemplateItem],
        patient: &Arc<Patient>,
    ) -> Vec<(String, Refusal)> {
        self.choose_patient(patient);
        let now = clock::now();
        let mut failed = Vec::new();
        for item in items {
            let minutes = |minutes: u32| std::time::Duration::from_mins(u64::from(minutes));
            let title = item.title.as_str().to_owned();
            let new = NewTask {
                title: title.clone(),
                about: Some(patient.id),
                is_urgent: item.priority == Priority::Urgent,
                due: item.due_in.map(|due| now.plus(minutes(due))),
                to: item.to,
                from: None,
                more: Default::default(),
            };
            failed.extend(self.make_task(space, new).err().map(|refusal| (title, refusal)));
        }
        failed
    }

    /// The tasks that are shown, in order. Follows changes.
    pub fn task_keys(self, view: View) -> Vec<Key> {
        self.work(|sync, viewer| work::keys(sync, view, viewer))
            .unwrap_or_default()
    }

    /// A task in a row. Follows changes.
    pub fn task_line(self, key: TaskKey) -> Option<Line> {
        self.work(|sync, viewer| line::line(sync, key, viewer)).flatten()
    }

    /// A task in full. Follows changes.
    pub fn task(self, key: TaskKey) -> Option<Full> {
        self.work(|sync, viewer| full::full(sync, key, viewer)).flatten()
    }

    /// How many tasks each choice would show. Follows changes.
    pub fn task_counts(self) -> Counts {
        self.work(work::counts).unwrap_or_default()
    }

    /// What stands in a text of a task, and what to name in an edit that begins now.
    pub fn task_text(self, key: TaskKey, field: Field) -> Option<(String, Basis)> {
        self.look(|sync| full::text(sync, key, field)).flatten()
    }

    /// The tasks that were made from a message. Follows changes.
    pub fn tasks_of_message(self, space: SpaceId, message: OpId) -> Vec<(TaskKey, String)> {
        let key = TaskKey { space, task: message };
        self.work(|sync, viewer| full::from_message(sync, key, viewer))
            .unwrap_or_default()
    }

    /// A message as a task of it may begin.
    pub fn begun_task(self, space: SpaceId, message: OpId) -> Option<(String, Option<PatientId>)> {
        let begun = |state: &SpaceState, _: &Viewer| {
            let message = state.timeline.message(message)?;
            Some((full::begun(message), message.about))
        };
        self.of_space(space, begun).flatten()
    }

    /// Where tasks may be made. Follows changes.
    pub fn task_teams(self) -> Vec<Team> {
        self.work(work::teams).unwrap_or_default()
    }

    /// To whom a task of a space may be given. Follows changes.
    pub fn targets(self, space: SpaceId) -> Vec<Target> {
        self.of_space(space, full::targets).unwrap_or_default()
    }

    /// The templates of a space: which, what for, its tasks. Follows changes.
    pub fn templates(self, space: SpaceId) -> Vec<(OpId, String, Vec<TemplateItem>)> {
        let templates = |state: &SpaceState, _: &Viewer| {
            let all = state.tasks.templates();
            all.map(|(id, it)| (id, it.name.as_str().to_owned(), it.items.clone()))
                .collect()
        };
        self.of_space(space, templates).unwrap_or_default()
    }

    /// The board of a team. Follows changes.
    pub fn board(self, space: SpaceId) -> Board {
        self.work(|sync, viewer| board::board(sync, space, viewer))
            .unwrap_or_default()
    }

    /// Who has what of a patient, in sentences. Follows changes.
    pub fn who_has(self, patient: PatientId) -> Vec<String> {
        self.work(|sync, viewer| work::around::around(sync, patient, viewer))
            .unwrap_or_default()
    }

    /// What the record refused of tasks and roles. Follows changes.
    pub fn refused_work(self) -> Vec<Refused> {
        self.work(|sync, _| refused::refused(sync)).unwrap_or_default()
    }

    pub(super) fn work<R>(self, look: impl FnOnce(&Sync, &Viewer) -> R) -> Option<R> {
        self.store.work.revision.track();
        let viewer = self.store.viewer(clock::now(), clock::zone)?;
        self.look(|sync| look(sync, &viewer))
    }

    pub(super) fn of_space<R>(
        self,
        space: SpaceId,
        look: impl FnOnce(&SpaceState, &Viewer) -> R,
    ) -> Option<R> {
        self.work(|sync, viewer| sync.space(space).map(|space| look(space.shown(), viewer)))
            .flatten()
    }
}

fn priority(is_urgent: bool) -> Priority {
    if is_urgent {
        Priority::Urgent
    } else {
        Priority::Routine
    }
}
