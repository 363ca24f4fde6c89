//! A task: everything that is held of it, and everything that one may do with it.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, SpaceId};
use baton_core::op::task::Field;

use super::acts::{Acts, Asked, dialogs};
use super::{Desk, refused, rows};
use crate::app::baton;
use crate::command::work::Deed;
use crate::page::conversation::to_message;
use crate::page::new::pane;
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{QUIET, block, button, chosen, follows, heading, list, maybe, none, words};
use crate::route::Route;
use crate::store::work::TaskKey;
use crate::store::work::full::{Full, Step};

/// The page.
#[component]
pub fn TaskPage(
    /// The space that has it.
    space: SpaceId,
    /// Which.
    task: OpId,
) -> impl IntoView {
    let baton = baton();
    let key = TaskKey { space, task };
    let desk = Desk::start();
    let asked = RwSignal::new(None::<Asked>);
    let full = memo(move || baton.command.task(key));
    let acts = memo(move || full.with(|full| full.as_ref().map(Acts::of)));
    let said = follows(move || match full.get() {
        Some(full) => said(full, key, asked),
        None => words(
            "baton-hint",
            "This task is not on this device. It may have been signed off long ago, or you may not belong to its team.",
        ),
    });
    let steps =
        memo(move || full.with(|full| full.as_ref().map(|full| (full.steps.clone(), full.line.is_open))));
    let inside = vec![
        desk.notes(),
        refused(),
        said,
        view! {
            <div class="baton-acts" id="task-acts" role="group" aria-label="What you can do">
                {follows(move || maybe(acts.get().map(|acts| acts.buttons(key, desk, asked))))}
            </div>
        },
        follows(move || {
            maybe(
                steps
                    .get()
                    .map(|(steps, is_open)| checklist(steps, is_open, key, desk, asked)),
            )
        }),
        follows(move || full.with(|full| maybe(full.as_ref().map(history)))),
    ];
    let dialogs = dialogs(key, desk, asked, full);
    (pane("Task", Some(Route::Tasks), "", None, inside), dialogs).into_any()
}

/// What the task says.
fn said(full: Full, key: TaskKey, asked: RwSignal<Option<Asked>>) -> AnyView {
    let is_open = full.line.is_open;
    let from = full.from;
    let from = from.map(|message| to_message("Made from a message: show it", key.space, message));
    let text = |label: &str, texts: Vec<String>| {
        let together = texts.join(" / ");
        (!together.is_empty()).then(|| words("baton-task__text", format!("{label}: {together}")))
    };
    let edit = |says: &'static str, field: Field| {
        button(QUIET, says, "", move || asked.set(Some(Asked::Edit(field))))
    };
    let edits = is_open.then(|| {
        let edits = vec![
            edit("Change the title", Field::Title),
            edit("Change the details", Field::Details),
            edit("Change the place", Field::Place),
        ];
        block("baton-work__line", edits)
    });
    let watchers = full.watchers.join(", ");
    let watched = (!watchers.is_empty()).then(|| words("baton-hint", format!("Watched by {watchers}")));
    let inside = vec![
        rows::said(full.line),
        maybe(text("Details", full.details)),
        maybe(
            (full.places.len() > 1)
                .then(|| text("Place", full.places))
                .flatten(),
        ),
        words("baton-hint", format!("Made by {}", full.made)),
        maybe(from),
        maybe(watched),
        maybe(edits),
    ];
    block("baton-task baton-task--full", inside)
}

fn checklist(
    steps: Vec<Step>,
    is_open: bool,
    key: TaskKey,
    desk: Desk,
    asked: RwSignal<Option<Asked>>,
) -> AnyView {
    let step = |step: Step| {
        let is_done = step.done.is_some();
        let tick = move || {
            desk.took(baton().command.do_task(key, Deed::Tick(step.id, !is_done)));
        };
        let done = step.done.map(|done| format!("Done by {done}"));
        let inside = view! {
            <span class="baton-step__box" aria-hidden="true">{if is_done { "☑" } else { "☐" }}</span>
            <span class="nhsuk-u-visually-hidden">{if is_done { "Not done after all: " } else { "Done: " }}</span>
            <span class="baton-pick__words"><span>{step.text}</span><span class="baton-hint">{done}</span></span>
        };
        if is_open {
            chosen("baton-step", inside.into_any(), tick)
        } else {
            inside.into_any()
        }
    };
    let add = is_open.then(|| button(QUIET, "Add a step", "", move || asked.set(Some(Asked::Step))));
    let all = if steps.is_empty() {
        none()
    } else {
        list(
            "baton-find__results",
            "Steps",
            steps.into_iter().map(step).collect(),
        )
    };
    block("baton-work__part", vec![heading("Steps"), all, maybe(add)])
}

fn history(full: &Full) -> AnyView {
    let said = full.said.iter().map(|(who, text)| {
        block(
            "baton-task__said",
            vec![
                words("baton-hint", who.clone()),
                words("baton-task__text", text.clone()),
            ],
        )
    });
    let said: Vec<AnyView> = said.collect();
    if said.is_empty() {
        return none();
    }
    block(
        "baton-work__part",
        vec![heading("What was said"), list("", "What was said", said)],
    )
}
