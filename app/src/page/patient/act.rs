//! What one can do about a patient: write, open the conversation around them, put them on a list.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::letter;
use baton_core::op::space::SpaceKind;
use baton_core::patient::Patient;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::clock;
use crate::part::add_to_list::AddToList;
use crate::part::confirm_patient::ConfirmPatient;
use crate::part::derived::{Memo, RwSignal, StoredValue, memo};
use crate::part::dialog::Dialog;
use crate::part::icon::Icon;
use crate::part::person::Picture;
use crate::part::plain::{self, PRIMARY, SECONDARY, WARNING, button, maybe, told};
use crate::part::rows::steady;
use crate::route::Route;
use crate::session::AskError;
use crate::store::inbox::Row;
use crate::store::patients::Face;

/// Which dialog is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    AddToList,
    Nothing,
    Write,
}

/// The buttons.
#[component]
pub(super) fn Actions(
    /// About whom.
    patient: Memo<PatientId>,
) -> impl IntoView {
    let baton = baton();
    let open = RwSignal::new(Open::Nothing);
    let error = RwSignal::new(None::<&'static str>);
    let is_starting = RwSignal::new(false);
    let theirs = memo(move || baton.command.around_patient(patient.get()).space);
    // One id for this page: pressing twice, or again after a failure, asks for one conversation.
    let request = OpId::make(clock::now(), clock::random());
    let around = move || {
        if let Some(space) = theirs.get_untracked() {
            return baton.router.go(Route::Thread(space));
        }
        is_starting.set(true);
        error.set(None);
        let patient = patient.get_untracked();
        spawn_local(async move {
            let started = baton.command.start_around(patient, request).await;
            is_starting.try_set(false);
            match started {
                Ok(space) => baton.router.go(Route::Thread(space)),
                Err(why) => {
                    error.try_set(Some(why_not(&why)));
                }
            }
        });
    };
    let close = move |()| open.set(Open::Nothing);
    view! {
        <div class="baton-buttons baton-patient__actions">
            {button(PRIMARY, "Write about this patient", "", move || open.set(Open::Write))}
            <button type="button" class=SECONDARY disabled=move || is_starting.get() on:click=move |_| around()>
                {move || {
                    if theirs.get().is_some() {
                        "Go to the conversation around this patient"
                    } else {
                        "Open the conversation around this patient"
                    }
                }}
            </button>
            {button(SECONDARY, "Add to a list", "", move || open.set(Open::AddToList))}
        </div>
        {move || error.get().map(|words| plain::told("baton-error", "alert", words))}
        {move || {
            let patient = baton.store.patients.find_now(patient.get())?;
            match open.get() {
                Open::AddToList => Some(view! { <AddToList patient close /> }),
                Open::Nothing => None,
                Open::Write => Some(view! { <WriteAbout patient close /> }),
            }
        }}
    }
}

fn why_not(error: &AskError) -> &'static str {
    if matches!(
        error,
        AskError::Refused {
            status: 403 | 404,
            ..
        }
    ) {
        "The record does not allow this conversation. Ask your administrator."
    } else {
        "It could not be opened. Check the connection, then try again."
    }
}

/// How far one has come with choosing where to write.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    Choosing,
    /// Others of a like name are spoken about there.
    Confirming(SpaceId, Vec<Face>),
    /// A message about somebody else is begun there.
    Begun(SpaceId, String),
}

/// Chooses one of my conversations to write in.
#[component]
fn WriteAbout(patient: Arc<Patient>, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let baton = baton();
    let id = patient.id;
    let patient = StoredValue::new(patient);
    let step = RwSignal::new(Step::Choosing);
    let write = move |space: SpaceId| {
        baton.command.choose_patient(&patient.get_value());
        baton.store.drafts.edit(space, |draft| {
            draft.about = Some(id);
            if draft.corrects.take().is_some() {
                draft.text.clear();
            }
        });
        baton.router.go(Route::Thread(space));
    };
    let confirm_draft = move |space: SpaceId| {
        let draft = baton.store.drafts.of_now(space);
        let other = draft.about.filter(|other| *other != id);
        if draft.text.trim().is_empty() || (other.is_none() && draft.about.is_some()) {
            return write(space);
        }
        let about = other.map(|other| {
            let other = baton.store.patients.find_now(other);
            other.map_or_else(
                || "another patient".to_owned(),
                |other| baton_core::patient::three_identifiers(&other),
            )
        });
        step.set(Step::Begun(space, about.unwrap_or_default()));
    };
    let choose = move |space: SpaceId| {
        let others = patient.with_value(|patient| baton.command.similar_patients(space, None, patient));
        if others.is_empty() {
            confirm_draft(space);
        } else {
            step.set(Step::Confirming(space, others));
        }
    };
    view! {
        <Dialog title="Write about this patient" close>
            {move || match step.get() {
                Step::Choosing => view! { <Spaces choose /> },
                Step::Confirming(space, others) => {
                    view! {
                        <ConfirmPatient
                            face=patient.with_value(|patient| Face::now(patient))
                            others
                            place="in this conversation"
                            yes=move |()| confirm_draft(space)
                            no=move |()| close.run(())
                        />
                    }
                }
                Step::Begun(space, about) => {
                    let whom = if about.is_empty() { "no patient".to_owned() } else { about };
                    view! {
                        <p>"You have begun a message there, about " <strong>{whom}</strong> ". Its text stays, and becomes about this patient."</p>
                        <div class="baton-buttons">
                            {button(WARNING, "Make it about this patient", "", move || write(space))}
                            {button(SECONDARY, "Leave it as it is", "", move || close.run(()))}
                        </div>
                    }
                }
            }}
        </Dialog>
    }
}

/// My conversations.
#[component]
fn Spaces(#[prop(into)] choose: Callback<SpaceId>) -> impl IntoView {
    let baton = baton();
    let text = RwSignal::new(String::new());
    let rows = memo(move || {
        let typed: String = text.with(|text| letter::lowered(text.trim()));
        let all = baton.store.inbox.all().into_iter();
        let fits = |row: &Row| {
            row.is_open && row.kind != SpaceKind::Patient && letter::lowered(&row.title).contains(&typed)
        };
        all.filter(fits).map(|row| row.id).collect::<Vec<SpaceId>>()
    });
    let row = move |id: SpaceId| {
        maybe(baton.store.inbox.row(id).map(|row| {
            view! {
                <button type="button" class="baton-find__person" on:click=move |_| choose.run(id)>
                    <span class="baton-pick">
                        <Picture initials=row.initials tint=row.tint many=row.kind != SpaceKind::Direct />
                        <span class="baton-pick__words">
                            <span class="baton-pick__title">{row.title}</span>
                            <span class="baton-hint">{row.role}</span>
                        </span>
                    </span>
                </button>
            }
        }))
    };
    let is_empty = memo(move || rows.with(Vec::is_empty));
    view! {
        <div class="baton-find">
            <label class="baton-find__label" for="write-where">"In which conversation?"</label>
            <div class="baton-find__field">
                {Icon::Search.draw()}
                <input
                    id="write-where"
                    class="baton-find__input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                />
            </div>
            {move || {
                if is_empty.get() {
                    told("baton-hint", "status", "No conversation of that name.")
                } else {
                    steady("baton-find__results", "Conversations", rows, |id| *id.as_bytes(), row)
                }
            }}
        </div>
    }
}
