//! What is to be done: mine, of my roles, of my teams. What is shown, how it is ordered and how many there are is said above the
//! rows; of a long list only what was scrolled to is built.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;

use crate::app::baton;
use crate::page::list::Choice;
use crate::page::new::pane;
use crate::part::derived::{RwSignal, memo};
use crate::part::kept::kept;
use crate::part::plain::{
    self, QUIET, block, button, error, follows, group, link, list, maybe, none, toggle, told,
};
use crate::route::Route;
use crate::store::connection::Mood;
use crate::store::handover::texts::TextKey;
use crate::store::work::{Counts, Group, Only, TaskKey, View, Whose};

mod acts;
mod board;
mod detail;
pub mod give;
mod hand_over;
pub mod quick;
pub mod rows;
pub mod team;
pub mod template;

pub use board::BoardPage;
pub use detail::TaskPage;
use hand_over::HandOver;
use quick::{NO_TEAM, QuickAdd};
use rows::TaskList;
use template::Templates;

/// What the parts of a screen of tasks share: what was done last, and what could not be done.
#[derive(Clone, Copy)]
pub struct Desk {
    done: RwSignal<Option<Done>>,
    error: RwSignal<Option<String>>,
}

/// What was done last, and whether it may be taken back.
#[derive(Clone, PartialEq, Eq)]
struct Done {
    words: String,
    task: Option<TaskKey>,
    is_undoable: bool,
}

impl Desk {
    /// Nothing was done yet.
    pub fn start() -> Self {
        Self {
            done: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    /// Takes how it went; true when it was done.
    pub fn took<T>(self, result: Result<T, baton_core::refusal::Refusal>) -> bool {
        let error = result.err().map(|refusal| refusal.to_string());
        let is_done = error.is_none();
        self.error.set(error);
        is_done
    }

    /// Says what was done.
    pub fn say(self, words: String, task: Option<TaskKey>, is_undoable: bool) {
        self.error.set(None);
        self.done.set(Some(Done {
            words,
            task,
            is_undoable,
        }));
    }

    /// A task was made.
    pub fn made(self, key: TaskKey, title: &str) {
        self.say(format!("Made: {title}"), Some(key), false);
    }

    /// What was done and what could not be done, for the head of a screen.
    pub fn notes(self) -> AnyView {
        let done = move || {
            let Some(done) = self.done.get() else {
                return none();
            };
            let undo = done
                .task
                .filter(|_| done.is_undoable)
                .map(|key| button(QUIET, "Undo", done.words.clone(), move || self.undo(key)));
            let open = done
                .task
                .map(|key| link(QUIET, Route::Task(key.space, key.task), "Open the task"));
            let said = plain::words("baton-done", done.words);
            block("baton-work__line", vec![said, maybe(undo), maybe(open)])
        };
        view! { <div role="status">{follows(done)}</div> {error(self.error)} }
    }

    fn undo(self, key: TaskKey) {
        let reason = "Marked as done by mistake".to_owned();
        let deed = crate::command::work::Deed::Reopen(reason);
        if self.took(baton().command.do_task(key, deed)) {
            self.say("It is to be done again".to_owned(), Some(key), false);
        }
    }
}

/// What is asked beside the tasks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    HandOver,
    Template,
}

/// The page.
#[component]
pub fn TasksPage() -> impl IntoView {
    let baton = baton();
    let work = &baton.store.work;
    let desk = Desk::start();
    let asked = RwSignal::new(None::<Asked>);
    let close = Callback::new(move |()| asked.set(None));
    let made = Callback::new(move |(key, title): (TaskKey, String)| desk.made(key, &title));
    let view = Signal::derive(move || work.view.get());
    let tools = vec![
        link(QUIET, Route::Board, "Board"),
        link(QUIET, Route::Roles, "Roles"),
        button(QUIET, "Templates", "", move || asked.set(Some(Asked::Template))),
        button(QUIET, "Hand over", "open tasks", move || {
            asked.set(Some(Asked::HandOver));
        }),
    ];
    let most = RwSignal::new(rows::STEP);
    let text = kept(TextKey::of_team(NO_TEAM, "task.quick"));
    let inside = vec![
        block("baton-work__line", tools),
        view! { <QuickAdd text made /> },
        desk.notes(),
        refused(),
        filters(most),
        view! { <TaskList view desk most /> },
        follows(move || {
            if baton.command.task_teams().is_empty() {
                nothing_yet()
            } else {
                none()
            }
        }),
    ];
    let asked = follows(move || match asked.get() {
        Some(Asked::HandOver) => view! { <HandOver desk close /> },
        Some(Asked::Template) => view! { <Templates desk close /> },
        None => none(),
    });
    (pane("Tasks", None, "", Some(most), inside), asked).into_any()
}

fn nothing_yet() -> AnyView {
    let is_live = baton().store.connection.with(|line| line.mood == Mood::Live);
    plain::words(
        "baton-hint",
        if is_live {
            "You belong to no team or conversation yet."
        } else {
            "Your teams are not on this device yet. They come with the network."
        },
    )
}

/// What the record did not take of tasks and roles: it stays until its author has seen why.
pub fn refused() -> AnyView {
    let baton = baton();
    let refused = memo(move || baton.command.refused_work());
    follows(move || {
        let refused = refused.get();
        if refused.is_empty() {
            return none();
        }
        let line = |refused: crate::store::work::refused::Refused| {
            let discard = move || baton.command.discard(refused.space, refused.op);
            let inside = vec![
                plain::words("baton-refused__what", "Not taken by the record"),
                plain::words("", refused.reason),
                plain::words("", refused.text),
                button(QUIET, "Discard", "what was not taken", discard),
            ];
            block("baton-refused", inside)
        };
        list(
            "",
            "Not taken by the record",
            refused.into_iter().map(line).collect(),
        )
    })
}

/// Whose tasks, which of them, and what stands together. Of what is chosen anew no more rows are built than at first.
fn filters(most: RwSignal<usize>) -> AnyView {
    let baton = baton();
    let view = baton.store.work.view;
    let counts = memo(move || baton.command.task_counts());
    let change = move |change: &dyn Fn(&mut View)| {
        most.set(rows::STEP);
        view.update(change);
    };
    let whose = move |whose: Whose, name: &'static str, count: fn(&Counts) -> usize| {
        follows(move || {
            let many = counts.with(count);
            let is_on = Signal::derive(move || view.with(|view| view.whose == whose));
            let says = format!("{name} {many}");
            toggle("baton-filters__button", says, is_on, move || {
                change(&|view| view.whose = whose);
            })
        })
    };
    let offered = vec![
        whose(Whose::Mine, "Mine", |counts| counts.mine),
        whose(Whose::Roles, "My roles’", |counts| counts.roles),
        whose(Whose::Teams, "My teams’", |counts| counts.teams),
    ];
    let options = |names: [&str; 3]| {
        let word = |(at, name): (usize, &str)| (name.to_owned(), at.to_string());
        Signal::stored(names.into_iter().enumerate().map(word).collect::<Vec<_>>())
    };
    let only = Signal::derive(move || {
        let only = view.with(|view| view.only);
        ONLY.iter()
            .position(|it| *it == only)
            .unwrap_or_default()
            .to_string()
    });
    let grouped = Signal::derive(move || {
        let group = view.with(|view| view.group);
        GROUPS
            .iter()
            .position(|it| *it == group)
            .unwrap_or_default()
            .to_string()
    });
    let choose_only = move |word: String| {
        let only = ONLY.get(word.parse().unwrap_or(0)).copied();
        change(&|view| view.only = only.unwrap_or_default());
    };
    let choose_group = move |word: String| {
        let group = GROUPS.get(word.parse().unwrap_or(0)).copied();
        change(&|view| view.group = group.unwrap_or_default());
    };
    view! {
        {group("baton-filters", "Whose tasks", offered)}
        <div class="baton-work__line">
            <Choice
                id="tasks-only"
                label="Show"
                options=options(["To be done", "Overdue", "Ended, not signed off"])
                value=only
                choose=choose_only
            />
            <Choice
                id="tasks-group"
                label="Group by"
                options=options(["Nothing", "Patient", "Place"])
                value=grouped
                choose=choose_group
            />
        </div>
        {follows(move || {
            let overdue = counts.with(|counts| counts.overdue);
            let says = match overdue {
                0 => String::new(),
                1 => "1 of your tasks is overdue.".to_owned(),
                many => format!("{many} of your tasks are overdue."),
            };
            told("baton-task__overdue", "status", says)
        })}
    }
}

const ONLY: [Only; 3] = [Only::Open, Only::Overdue, Only::Ended];
const GROUPS: [Group; 3] = [Group::Nothing, Group::Patient, Group::Place];
