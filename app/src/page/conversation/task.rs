//! A message becomes a task, and says which tasks it became.

use crate::prelude::*;
use baton_core::id::OpId;

use super::Here;
use crate::app::baton;
use crate::page::tasks::quick::{Begun, add_dialog};
use crate::part::derived::memo;
use crate::part::plain::{follows, link, list, none};
use crate::route::Route;
use crate::store::work::TaskKey;

/// The dialog that makes a task of a message. What the message says is taken as it is: no word of it is a time or a name.
pub(super) fn make_task(here: Here) -> AnyView {
    follows(move || {
        let Some(message) = here.tasking.get() else {
            return none();
        };
        let Some((text, about)) = untrack(|| baton().command.begun_task(here.space, message)) else {
            return none();
        };
        let begun = Begun {
            space: here.space,
            about,
            from: Some((message, text)),
        };
        add_dialog(begun, Callback::new(move |()| here.tasking.set(None)))
    })
}

/// The tasks that a message became.
pub(super) fn tasks_of(message: OpId, here: Here) -> AnyView {
    let baton = baton();
    let tasks = memo(move || baton.command.tasks_of_message(here.space, message));
    follows(move || {
        let tasks = tasks.get();
        if tasks.is_empty() {
            return none();
        }
        let task = |(key, words): (TaskKey, String)| {
            link(
                "baton-link",
                Route::Task(key.space, key.task),
                format!("Task: {words}"),
            )
        };
        list(
            "baton-message__tasks",
            "Tasks of this message",
            tasks.into_iter().map(task).collect(),
        )
    })
}
