//! What happened to a task, in words.

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::message::Priority;
use baton_core::op::task::{Assignee, TaskOp};
use baton_core::secret::Personal;
use baton_core::state::{Item, SpaceState, TaskNews, What};

use super::name;
use crate::store::Viewer;

/// Tells what happened to a task by an operation in one sentence.
pub(super) fn words(
    (op, by): (OpId, UserId),
    task: OpId,
    news: &TaskNews,
    state: &SpaceState,
    viewer: &Viewer,
) -> String {
    let who = name(by, viewer, true);
    let title = title(task, state);
    match news {
        TaskNews::Cancelled => format!("{who} cancelled the task {title}"),
        TaskNews::Completed if is_first(op, task, state) => format!("{who} did the task {title}"),
        TaskNews::Completed => format!("{who} also says that they did the task {title}"),
        TaskNews::Created {
            title, priority, to, ..
        } => {
            let urgent = if *priority == Priority::Urgent {
                "urgent "
            } else {
                ""
            };
            let to = match to {
                Assignee::Person(user) => format!(" for {}", name(*user, viewer, false)),
                Assignee::Role(role) => {
                    let title = state.roles.find(*role).map(|role| role.title.newest());
                    title.map_or_else(String::new, |title| format!(" for {title}"))
                }
                Assignee::Team => String::new(),
            };
            format!("{who} made the {urgent}task “{}”{to}", title.as_str())
        }
        TaskNews::Declined => format!("{who} declined the task {title}: it is for everybody here now"),
        TaskNews::Reopened => format!("{who} reopened the task {title}"),
        TaskNews::Urgent => format!("{who} made the task {title} urgent"),
    }
}

/// The patient whom a task is about.
pub(in crate::store) fn about(task: OpId, news: &TaskNews, state: &SpaceState) -> Option<PatientId> {
    match news {
        TaskNews::Created { about, .. } => *about,
        TaskNews::Cancelled
        | TaskNews::Completed
        | TaskNews::Declined
        | TaskNews::Reopened
        | TaskNews::Urgent => state.tasks.find(task)?.about,
    }
}

/// What was written in an operation about a task: all of it, since it may be nowhere else.
pub(in crate::store) fn written(op: &TaskOp) -> String {
    let text = match op {
        TaskOp::Created(op) => {
            let texts = [&op.title, &op.details, &op.place];
            return lines(texts.into_iter().chain(&op.checklist));
        }
        TaskOp::TemplateSet(op) => {
            let titles = op.items.iter().map(|item| &item.title);
            return lines([&op.name].into_iter().chain(titles));
        }
        TaskOp::Cancelled(op) => op.reason.as_str(),
        TaskOp::Commented(op) => op.text.as_str(),
        TaskOp::Completed(op) => op.note.as_str(),
        TaskOp::Declined(op) => op.reason.as_str(),
        TaskOp::Edited(op) => op.text.as_str(),
        TaskOp::ItemAdded(op) => op.text.as_str(),
        TaskOp::Reopened(op) => op.reason.as_str(),
        TaskOp::Accepted(_)
        | TaskOp::Assigned(_)
        | TaskOp::DueSet(_)
        | TaskOp::PrioritySet(_)
        | TaskOp::Removed(_)
        | TaskOp::Started(_)
        | TaskOp::TemplateRemoved(_)
        | TaskOp::Ticked(_)
        | TaskOp::Unwatched(_)
        | TaskOp::Watched(_) => "",
    };
    text.to_owned()
}

fn lines<'a>(texts: impl Iterator<Item = &'a Personal<String>>) -> String {
    let written = texts.map(Personal::as_str).filter(|text| !text.is_empty());
    written.collect::<Vec<_>>().join("\n")
}

/// Whether an operation was not one that did again what was done, as far as the task is still held.
fn is_first(op: OpId, task: OpId, state: &SpaceState) -> bool {
    let echoes = state.tasks.find(task).map(|task| task.echoes.iter());
    echoes.is_none_or(|mut echoes| echoes.all(|echo| echo.by.stamp.op != op))
}

/// What is to be done: as the task says, or where it is no longer held as it was made.
fn title(task: OpId, state: &SpaceState) -> String {
    let made = || {
        state.timeline.items().find_map(|item| match item {
            Item::Event(event) => match &event.what {
                What::Task {
                    task: made,
                    news: TaskNews::Created { title, .. },
                } if *made == task => Some(title.as_str()),
                What::Added(_)
                | What::AnnouncementsOnly(_)
                | What::Created
                | What::Handover(_)
                | What::MadeAdmin(_)
                | What::Newer
                | What::Patient { .. }
                | What::Pinned(_)
                | What::Purpose(_)
                | What::Removed(_)
                | What::Renamed(_)
                | What::Role { .. }
                | What::Task { .. }
                | What::Unpinned => None,
            },
            Item::Message(_) => None,
        })
    };
    let title = state
        .tasks
        .find(task)
        .map(|task| task.title.newest())
        .or_else(made);
    title.map_or_else(
        || "of which no more is held here".to_owned(),
        |title| format!("“{title}”"),
    )
}
