//! A list of patients: what it says of itself, its rows, and what may be done with it.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::part::plain::{self, QUIET, button};
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};

use crate::app::baton;
use crate::page::new::PaneHead;
use crate::page::tasks::quick::{Begun, add_dialog};
use crate::part::derived::{RwSignal, memo};
use crate::route::Route;
use crate::store::lists::look::{CellKey, ListKey, View};

mod add;
mod cell;
mod columns;
mod copy;
mod grid;
mod head;
mod history;
mod keys;
mod manage;
mod order;
mod print;
mod row;
mod settle;
mod tools;

pub use add::AddPatient;
pub(crate) use copy::NO_OWN;
pub use print::PrintListPage;
pub(crate) use print::{printed, to_paper};
pub(crate) use tools::Choice;

use columns::ColumnsDialog;
use copy::CopyDialog;
use grid::Grid;
use head::Head;
use history::HistoryDialog;
use manage::{ArchiveDialog, RenameDialog, RowDialog, TakeDialog};
use settle::SettleDialog;
use tools::Tools;

/// Rows that are drawn at once; the others follow a moment later.
const FIRST: usize = 40;

/// What somebody is asked, or what they look at beside the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Add,
    Archive,
    Columns,
    Copy,
    History(Option<PatientId>),
    Rename,
    Row(PatientId),
    Settle(CellKey),
    Take,
    Task(PatientId),
}

/// Somebody who was just taken off, and where they were.
#[derive(Clone, PartialEq, Eq)]
struct TakenOff {
    patient: PatientId,
    name: String,
    after: Option<PatientId>,
}

/// What the parts of an open list share.
#[derive(Clone, Copy)]
struct Here {
    key: ListKey,
    asked: RwSignal<Option<Asked>>,
    error: RwSignal<Option<String>>,
    taken_off: RwSignal<Option<TakenOff>>,
    /// How many rows are drawn.
    drawn: RwSignal<usize>,
    /// The row that is being dragged.
    dragged: RwSignal<Option<PatientId>>,
}

impl Here {
    /// Order, grouping, filter and columns. Follows changes.
    fn view(self) -> View {
        baton().store.lists.view(self.key)
    }

    fn change_view(self, change: impl FnOnce(&mut View)) {
        baton().store.lists.change_view(self.key, change);
    }

    fn ask(self, what: Asked) {
        self.asked.set(Some(what));
    }

    /// Shows why something was refused; nothing when it was not.
    fn note<T>(self, done: Result<T, baton_core::refusal::Refusal>) -> Option<T> {
        self.error.set(done.as_ref().err().map(ToString::to_string));
        done.ok()
    }
}

fn here() -> Here {
    expect_context()
}

/// The page of a list.
#[component]
pub fn ListPage(
    /// The space that has it.
    space: SpaceId,
    /// Which.
    list: OpId,
) -> impl IntoView {
    let sheet = &baton().store.lists.sheet;
    let here = Here {
        key: ListKey { space, list },
        asked: RwSignal::new(None),
        error: RwSignal::new(None),
        taken_off: RwSignal::new(None),
        drawn: RwSignal::new(FIRST),
        dragged: RwSignal::new(None),
    };
    provide_context(here);
    let title = Signal::derive(move || sheet.with_header(|header| header.title.clone()));
    let is_missing = memo(move || sheet.with_header(|header| header.is_missing));
    view! {
        <section class="baton-pane baton-sheet" aria-labelledby="pane-title">
            <PaneHead title back=Route::Patients />
            {move || {
                if is_missing.get() {
                    plain::words("baton-pane__inside", "This list is not here. It may be on its way, or you may no longer belong to the team that has it.")
                } else {
                    view! { <Head /> <Tools /> <Messages /> <Grid /> }
                }
            }}
        </section>
        <Dialogs />
    }
}

/// What was refused, and what can be undone.
#[component]
fn Messages() -> impl IntoView {
    let (baton, here) = (baton(), here());
    let undo = move |taken: TakenOff| {
        here.taken_off.set(None);
        here.note(
            baton
                .command
                .put_back_on_list(here.key, taken.patient, taken.after),
        );
    };
    view! {
        <div class="baton-sheet__messages" role="status">
            {move || here.error.get().map(|words| plain::words("baton-error", words))}
            {move || {
                here.taken_off
                    .get()
                    .map(|taken| {
                        let name = taken.name.clone();
                        view! {
                            <p class="baton-sheet__undo">
                                <span>{name} " was taken off the list."</span>
                                {button(QUIET, "Undo", "", move || undo(taken.clone()))}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    let here = here();
    let close = move |()| here.asked.set(None);
    move || {
        here.asked.get().map(|what| match what {
            Asked::Add => view! { <AddPatient key=here.key close /> },
            Asked::Archive => view! { <ArchiveDialog close /> },
            Asked::Columns => view! { <ColumnsDialog close /> },
            Asked::Copy => view! { <CopyDialog close /> },
            Asked::History(patient) => view! { <HistoryDialog patient close /> },
            Asked::Rename => view! { <RenameDialog close /> },
            Asked::Row(patient) => view! { <RowDialog patient close /> },
            Asked::Settle(cell) => view! { <SettleDialog cell close /> },
            Asked::Take => view! { <TakeDialog close /> },
            Asked::Task(patient) => {
                let begun = Begun {
                    space: here.key.space,
                    about: Some(patient),
                    from: None,
                };
                add_dialog(begun, Callback::new(close))
            }
        })
    }
}
