//! What is done with one row, and with the whole list: moving, taking off, renaming, the archive, a visit.

use crate::part::derived::Signal;
use crate::part::derived::{RwSignal, StoredValue};
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::PatientId;

use super::tools::Choice;
use super::{Asked, TakenOff, here, keys};
use crate::app::baton;
use crate::page::shell::go;
use crate::part::dialog::Dialog;
use crate::part::plain::{PRIMARY, SECONDARY, WARNING, button, error, told, words};
use crate::route::Route;
use crate::store::lists::look::Sort;
use crate::store::lists::row::SheetRow;
use crate::visit::take::Progress;

/// What may be done with a row.
#[component]
pub(super) fn RowDialog(patient: PatientId, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let sheet = &baton.store.lists.sheet;
    let Some(row) = sheet.row_now(patient) else {
        return ().into_any();
    };
    let (name, to) = (row.name(), Route::Patient(row.stands));
    let line = row.face.as_ref().map(|face| face.line.clone());
    let may_write = sheet.with_header_now(|header| header.may_write);
    let moves = move |is_up: bool| {
        keys::step(here, patient, is_up);
        close.run(());
    };
    let take_off = {
        let name = name.clone();
        move || {
            let order = sheet.own_order();
            let place = order.iter().position(|other| *other == patient);
            let after = place
                .and_then(|place| place.checked_sub(1))
                .and_then(|before| order.get(before).copied());
            if here
                .note(baton.command.take_off_list(here.key, patient))
                .is_some()
            {
                here.taken_off.set(Some(TakenOff {
                    patient,
                    name: name.clone(),
                    after,
                }));
            }
            close.run(());
        }
    };
    view! {
        <Dialog title=name close is_menu=true>
            {line.map(|line| words("", line))}
            {words("baton-hint", row.added)}
            <div class="baton-acts">
                <a class="nhsuk-button nhsuk-button--secondary baton-button" href=to.path() on:click=move |event| go(&event, to)>
                    "Open patient"
                </a>
                {button(SECONDARY, "Make a task", "", move || here.ask(Asked::Task(patient)))}
                {button(SECONDARY, "History", "", move || here.ask(Asked::History(Some(patient))))}
                {may_write
                    .then(|| {
                        view! {
                            {button(SECONDARY, "Move up", "", move || moves(true))}
                            {button(SECONDARY, "Move down", "", move || moves(false))}
                            {button(WARNING, "Take off the list", "", take_off)}
                        }
                    })}
            </div>
            {may_write.then(|| view! { <Places patient close /> })}
        </Dialog>
    }
}

/// Where a row may be moved to. Five hundred places take a while to draw, and few want one: they come when asked for.
#[component]
fn Places(patient: PatientId, close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let is_open = RwSignal::new(false);
    let places = move || {
        let others = baton.store.lists.sheet.rows_now().into_iter();
        let others = others
            .filter(|other| other.patient != patient)
            .map(|other| (format!("After {}", other.name()), other.patient.to_string()));
        std::iter::once(("To the top".to_owned(), "top".to_owned()))
            .chain(others)
            .collect::<Vec<_>>()
    };
    let choose = Callback::new(move |word: String| {
        if word.is_empty() {
            return;
        }
        here.note(baton.command.move_on_list(here.key, patient, word.parse().ok()));
        if here.view().sort != Sort::Own {
            here.change_view(|view| view.sort = Sort::Own);
        }
        close.run(());
    });
    view! {
        <details on:toggle=move |_| is_open.set(true)>
            <summary>"Move to another place"</summary>
            {move || {
                is_open
                    .get()
                    .then(|| {
                        view! {
                            <Choice
                                id="move-to"
                                label="Move, in the list’s own order"
                                any="Choose a place"
                                options=Signal::stored(places())
                                value=Signal::derive(String::new)
                                choose
                            />
                        }
                    })
            }}
        </details>
    }
}

/// A new title.
#[component]
pub(super) fn RenameDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let (title, others) = baton
        .store
        .lists
        .sheet
        .with_header_now(|header| (header.title.clone(), header.other_titles.clone()));
    let basis = StoredValue::new(baton.command.title_basis(here.key));
    let text = RwSignal::new(title);
    let save = move || {
        let typed = text.get_untracked();
        if here
            .note(baton.command.rename_list(here.key, &typed, basis.get_value()))
            .is_some()
        {
            close.run(());
        }
    };
    view! {
        <Dialog title="Rename this list" close>
            {error(here.error)}
            {(!others.is_empty())
                .then(|| view! { <p class="baton-hint">"Two people changed the title at the same time: " {others.join(" / ")} ". Save the one that is to hold."</p> })}
            <form
                class="baton-rename"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                <label class="baton-find__label" for="list-title">"Title"</label>
                <div class="baton-rename__line">
                    <input
                        id="list-title"
                        class="baton-field"
                        type="text"
                        autocomplete="off"
                        prop:value=move || text.get()
                        on:input:target=move |event| text.set(event.target().value())
                    />
                    <button type="submit" class="nhsuk-button baton-button">"Save"</button>
                </div>
            </form>
        </Dialog>
    }
}

/// Into the archive, or out of it.
#[component]
pub(super) fn ArchiveDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let (is_archived, is_own) = baton
        .store
        .lists
        .sheet
        .with_header_now(|header| (header.archived.is_some(), header.is_own));
    let (title, verb, words) = if is_archived {
        (
            "Take this list out of the archive?",
            "Take out",
            "It is listed again, and can be changed.",
        )
    } else {
        (
            "Archive this list?",
            "Archive",
            "It is no longer listed among the others and cannot be changed. It stays readable, and can be taken out again.",
        )
    };
    let act = move || {
        here.note(baton.command.archive_list(here.key, !is_archived));
        close.run(());
    };
    view! {
        <Dialog title close>
            <p>{words} {(!is_own).then_some(" This is so for everybody in the team.")}</p>
            <div class="baton-buttons">
                {button(PRIMARY, verb, "", act)}
                {button(SECONDARY, "Cancel", "", move || close.run(()))}
            </div>
        </Dialog>
    }
}

/// Brings everything of the list's team to this device.
#[component]
pub(super) fn TakeDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let progress = baton.store.device.taking;
    // What was found the last time says nothing of this one.
    let is_busy = matches!(progress.get_untracked(), Progress::Taking { .. });
    if !is_busy {
        progress.set(Progress::Idle);
        baton.take(vec![here.key.space]);
    }
    let rows = baton.store.lists.sheet.rows_now();
    let unknown = rows.iter().filter(|row: &&SheetRow| row.face.is_none()).count();
    view! {
        <Dialog title="Take on a visit" close>
            {words("", "This list, its patients, and all that was said in the conversation that it belongs to.")}
            {is_busy.then(|| told("", "status", "Other conversations are on their way to this device. When they are here, take this list again."))}
            <div role="status">
                {move || match progress.get() {
                    _ if is_busy => ().into_any(),
                    Progress::Idle | Progress::Taking { .. } => words("", "Bringing it to this device…"),
                    Progress::Taken(check) if check.is_ready() => {
                        let until = check.until.map(|until| format!(" Everything is here until {until}."));
                        view! { <p class="baton-take__ready"><strong>"Ready to go offline."</strong> {until}</p> }
                    }
                    Progress::Taken(check) => {
                        view! {
                            <p><strong>"Not ready yet:"</strong></p>
                            <ul class="baton-take__missing">
                                {check.missing().into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                            </ul>
                            <p>
                                <a class="baton-link" href=Route::Device.path() on:click=move |event| go(&event, Route::Device)>
                                    "This device"
                                </a>
                            </p>
                        }
                    }
                }}
                {(unknown > 0)
                    .then(|| view! { <p>{format!("Of {unknown} patients the details are still on their way.")}</p> })}
            </div>
            {button(SECONDARY, "Close", "", move || close.run(()))}
        </Dialog>
    }
}
