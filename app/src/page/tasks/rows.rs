//! Tasks in rows: what, about whom, by when, who has it, how far it is; done by one tap. Only so many rows are built as were
//! scrolled to.

use std::sync::Arc;

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::OpId;
use wasm_bindgen::JsCast;

use super::Desk;
use crate::app::baton;
use crate::command::work::Deed;
use crate::nhs::tag::Tag;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::icon::Icon;
use crate::part::patient::PatientChip;
use crate::part::plain::{self, block, button, follows, link, maybe, none, told};
use crate::part::rows::{RowKey, rows};
use crate::route::Route;
use crate::store::connection::Mood;
use crate::store::work::line::Line;
use crate::store::work::{Key, Only, TaskKey, View};
use crate::web;

/// Rows that are built at first, and so many more each time: more than a screen of 1,440 pixels shows. What more there were
/// would be built, laid out and painted at each tap.
pub const STEP: usize = 24;

/// Builds more rows when one has nearly come to the end of those that there are, if there are more.
pub fn go_on(event: &web_sys::Event, most: RwSignal<usize>) {
    let target = event.target();
    let pane = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(pane) = pane else { return };
    let has_more = pane.query_selector(".baton-tasks__more").ok().flatten().is_some();
    if has_more && pane.scroll_top() + 2 * pane.client_height() > pane.scroll_height() {
        most.update(|most| *most += STEP);
    }
}

/// How many are below those that are built, and the way to them.
pub fn more(all: Memo<usize>, most: RwSignal<usize>) -> AnyView {
    follows(move || {
        let left = all.get().saturating_sub(most.get());
        if left == 0 {
            return none();
        }
        let says = format!("Show more: {left} are below");
        button("baton-link baton-tasks__more", says, "", move || {
            most.update(|most| *most += STEP);
        })
    })
}

/// The tasks of a view.
#[component]
pub fn TaskList(
    /// Which.
    view: Signal<View>,
    /// Where it is said what was done.
    desk: Desk,
    /// How many rows are built.
    most: RwSignal<usize>,
) -> impl IntoView {
    let baton = baton();
    let keys = memo(move || baton.command.task_keys(view.get()));
    let shown = move || {
        let most = most.get();
        keys.with(|keys| keys.iter().take(most).enumerate().map(row_key).collect())
    };
    let draw = move |key: RowKey| match key {
        RowKey::Id(id) | RowKey::Opened(_, id) => {
            let task = OpId::from_bytes(id);
            let key = keys.with_untracked(|keys| {
                keys.iter().find_map(|key| match key {
                    Key::Task(key) if key.task == task => Some(*key),
                    Key::Heading(_) | Key::Task(_) => None,
                })
            });
            let row = key.map(|key| view! { <TaskRow key desk /> });
            view! { <li>{maybe(row)}</li> }
        }
        RowKey::Heading(_, words) => {
            view! { <li><h3 class="baton-tasks__group">{words.to_string()}</h3></li> }
        }
    };
    let many = memo(move || keys.with(|keys| keys.iter().filter(|key| matches!(key, Key::Task(_))).count()));
    let said = move || {
        let only = view.with(|view| view.only);
        let words = match (many.get(), only) {
            (0, Only::Open) => "Nothing is to be done.".to_owned(),
            (0, Only::Overdue) => "Nothing is overdue.".to_owned(),
            (0, Only::Ended) => "Nothing waits to be signed off.".to_owned(),
            (many, _) => {
                let tasks = if many == 1 { "task" } else { "tasks" };
                let as_of = as_of();
                format!("{many} {tasks}. Urgent first, then overdue, then by when they are due. {as_of}")
            }
        };
        told("baton-hint", "status", words)
    };
    view! {
        {follows(said)}
        <ul class="baton-tasks" aria-label="Tasks">{rows(shown, draw)}</ul>
        {more(memo(move || keys.with(Vec::len)), most)}
    }
}

/// That what is shown may be another by now, while there is no connection. Follows changes.
pub fn as_of() -> &'static str {
    baton().store.connection.with(|line| match line.mood {
        Mood::Live => "",
        Mood::Connecting | Mood::Ended | Mood::Offline => "Shown as this device has them.",
    })
}

fn row_key((place, key): (usize, &Key)) -> RowKey {
    match key {
        Key::Heading(words) => RowKey::Heading(
            u32::try_from(place).unwrap_or_default(),
            Arc::from(words.as_str()),
        ),
        Key::Task(key) => RowKey::Id(*key.task.as_bytes()),
    }
}

/// A task.
#[component]
pub fn TaskRow(
    /// Which.
    key: TaskKey,
    /// Where it is said what was done.
    desk: Desk,
) -> impl IntoView {
    let baton = baton();
    let line = memo(move || baton.command.task_line(key));
    follows(move || maybe(line.get().map(|line| row(line, desk))))
}

fn row(line: Line, desk: Desk) -> AnyView {
    let (key, round, title) = (line.key, line.round, line.title.clone());
    let whom = line.about.as_ref().and_then(|chip| chip.face.as_ref());
    let whom = whom.map_or_else(String::new, |face| format!(", for {}", face.name));
    let done = Callback::new(move |()| {
        let place = focused_check();
        if desk.took(baton().command.do_task(key, Deed::Complete(String::new(), round))) {
            desk.say(format!("Done: {title}"), Some(key), true);
            focus_check(place);
        }
    });
    let label = format!("Done: {}{whom}", line.title);
    let check = line.is_open.then(|| {
        view! {
            <button type="button" class="baton-task__check" aria-label=label on:click=move |_| done.run(())>
                {Icon::Tick.draw()}
            </button>
        }
    });
    let class = match (line.is_urgent, line.is_open) {
        (true, true) => "baton-task baton-task--urgent",
        (_, false) => "baton-task baton-task--ended",
        (false, true) => "baton-task",
    };
    block(class, vec![maybe(check), said(line)])
}

/// What a row says.
pub(super) fn said(line: Line) -> AnyView {
    let to = Route::Task(line.key.space, line.key.task);
    let due_class = if line.is_overdue {
        "baton-task__overdue"
    } else {
        "baton-task__due"
    };
    let due = (!line.due.is_empty()).then(|| plain::words(due_class, line.due));
    let mut facts = vec![line.who, line.status];
    facts.extend(line.facts);
    facts.extend(line.sent.map(ToOwned::to_owned));
    let again = line
        .again
        .map(|again| told("baton-warning baton-task__again", "alert", again));
    let head = vec![
        link("baton-task__title", to, line.title),
        maybe(line.is_urgent.then(|| view! { <Tag colour="red">"Urgent"</Tag> })),
    ];
    let about = line.about.map(|chip| view! { <PatientChip chip /> });
    let inside = vec![
        block("baton-task__head", head),
        maybe(about),
        maybe(due),
        plain::words("baton-task__facts", facts.join(" · ")),
        maybe(again),
    ];
    block("baton-task__words", inside)
}

/// The focus stays with the tasks when the one that had it goes.
fn focused_check() -> Option<u32> {
    let (checks, now) = (checks()?, web::document().active_element()?);
    (0..checks.length()).find(|place| {
        checks
            .get(*place)
            .is_some_and(|check| check.is_same_node(Some(&now)))
    })
}

fn focus_check(place: Option<u32>) {
    let Some(place) = place else { return };
    web::next_frame(move || {
        let Some(checks) = checks() else { return };
        let check = checks.get(place.min(checks.length().saturating_sub(1)));
        if let Some(check) = check.and_then(|check| check.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = check.focus();
        }
    });
}

fn checks() -> Option<web_sys::NodeList> {
    web::document().query_selector_all(".baton-task__check").ok()
}
