//! The patient whom a message is about: chosen by `#` and what one knows of them, or with the button; shown above the text with
//! name, date of birth and number before it is sent.
//!
//! `#` offers those whom this device keeps. The record's index is asked only when somebody asks for it: `#NOF` is a fracture,
//! and no search is to be in the audit that nobody meant.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::date::LocalMoment;
use baton_core::id::PatientId;
use baton_core::patient::Patient;
use baton_core::patient::query::PatientQuery;
use leptos::html;

use super::mention::{self, Typed};
use super::{Here, here};
use crate::app::{Baton, baton};
use crate::clock;
use crate::part::confirm_patient::ConfirmPatient;
use crate::part::derived::{Memo, RwSignal, Signal, memo};
use crate::part::dialog::Dialog;
use crate::part::find_patients::FindPatients;
use crate::part::icon::Icon;
use crate::part::patient::{ChipWords, FoundLine};
use crate::store::drafts::Draft;
use crate::store::patients::found::{self, Hit};
use crate::store::patients::{Chip, Face};

/// At most so many patients are offered at a time.
const OFFERED: usize = 6;

/// How far one has come with choosing a patient.
#[derive(Clone, Default, PartialEq, Eq)]
enum Step {
    /// Others of a like name are spoken about here: which is it?
    Confirming(Arc<Patient>, Vec<Face>),
    /// In the dialog.
    Finding,
    /// Nobody is being chosen.
    #[default]
    Not,
}

/// Choosing the patient of a message.
#[derive(Clone, Copy)]
pub(super) struct About {
    here: Here,
    field: NodeRef<html::Textarea>,
    /// What is being typed after `#`.
    pub(super) picker: RwSignal<Option<Typed>>,
    step: RwSignal<Step>,
    /// What is looked for in the dialog.
    text: RwSignal<String>,
}

impl About {
    pub(super) fn new(here: Here, field: NodeRef<html::Textarea>) -> Self {
        Self {
            here,
            field,
            picker: RwSignal::new(None),
            step: RwSignal::new(Step::Not),
            text: RwSignal::new(String::new()),
        }
    }

    /// Opens the dialog.
    fn find(self, text: String) {
        self.take_typed();
        self.text.set(text);
        self.step.set(Step::Finding);
    }

    /// Somebody was chosen: asks again where others of a like name are spoken about.
    fn choose(self, baton: Baton, patient: Arc<Patient>) {
        self.take_typed();
        let others = baton.command.similar_patients(self.here.space, None, &patient);
        if others.is_empty() {
            self.take(baton, &patient);
        } else {
            self.step.set(Step::Confirming(patient, others));
        }
    }

    fn take(self, baton: Baton, patient: &Arc<Patient>) {
        baton.command.choose_patient(patient);
        let id = patient.id;
        baton
            .store
            .drafts
            .edit(self.here.space, |draft| draft.about = Some(id));
        self.close();
    }

    fn close(self) {
        self.step.set(Step::Not);
        self.focus();
    }

    fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            _ = field.focus();
        }
    }

    /// Takes `#` and what was typed after it out of the text: the chip above says it from here on.
    fn take_typed(self) {
        if let Some(typed) = self.picker.try_update(Option::take).flatten() {
            baton()
                .store
                .drafts
                .edit(self.here.space, |draft| typed.replace(&mut draft.text, ""));
        }
    }
}

/// The chip above the text, and what opens while one chooses.
#[component]
pub(super) fn AboutPatient(about: About, draft: Memo<Draft>) -> impl IntoView {
    let baton = baton();
    let chosen = memo(move || draft.with(|draft| draft.about.filter(|_| draft.corrects.is_none())));
    view! {
        {move || chosen.get().map(|patient| view! { <Chosen patient about /> })}
        {move || about.picker.get().map(|typed| view! { <Picker typed about /> })}
        {move || match about.step.get() {
            Step::Confirming(patient, others) => {
                let face = Face::now(&patient);
                view! {
                    <Dialog title="Which patient?" close=move |()| about.close()>
                        <ConfirmPatient
                            face
                            others
                            place="in this conversation"
                            yes=move |()| about.take(baton, &patient)
                            no=move |()| about.find(String::new())
                        />
                    </Dialog>
                }
            }
            Step::Finding => {
                view! {
                    <Dialog title="Who is the message about?" close=move |()| about.close()>
                        <FindPatients
                            id="find-for-message"
                            label="Find a patient"
                            verb="Choose"
                            text=about.text
                            choose=move |patient| about.choose(baton, patient)
                        />
                    </Dialog>
                }
            }
            Step::Not => ().into_any(),
        }}
    }
}

/// Opens the dialog.
#[component]
pub(super) fn PatientButton(about: About, draft: Memo<Draft>) -> impl IntoView {
    let is_off = move || draft.with(|draft| draft.corrects.is_some());
    opens(
        Icon::Patient,
        "Patient",
        Signal::derive(is_off),
        Callback::new(move |()| about.find(String::new())),
    )
}

/// A button beside the text that opens a dialog.
pub(super) fn opens(icon: Icon, says: &'static str, is_off: Signal<bool>, open: Callback<()>) -> AnyView {
    view! {
        <button
            type="button"
            class="baton-composer__toggle"
            aria-haspopup="dialog"
            disabled=move || is_off.get()
            on:click=move |_| open.run(())
        >
            {icon.draw()}
            <span>{says}</span>
        </button>
    }
}

/// Whom the message is about.
#[component]
fn Chosen(patient: PatientId, about: About) -> impl IntoView {
    let baton = baton();
    let chip = memo(move || {
        // Follows what becomes of them.
        _ = baton.store.patients.find(patient);
        let viewer = baton.store.viewer(clock::now(), clock::zone)?;
        Some(Chip::of(patient, &viewer))
    });
    let leave_out = move |_| {
        baton
            .store
            .drafts
            .edit(about.here.space, |draft| draft.about = None);
        about.focus();
    };
    let is_deceased = move || {
        chip.with(|chip| {
            chip.as_ref()
                .is_some_and(|chip| chip.face.as_ref().is_some_and(|face| face.died.is_some()))
        })
    };
    view! {
        <div class="baton-composer__patient" class:baton-chip--deceased=is_deceased role="group" aria-label="This message is about">
            {Icon::Patient.draw()}
            <span class="baton-chip__words">
                {move || chip.get().map(|chip| view! { <ChipWords face=chip.face /> })}
            </span>
            <button type="button" class="baton-icon-button" aria-label="Not about this patient" on:click=leave_out>
                {Icon::Close.draw()}
            </button>
        </div>
    }
}

/// Patients whom this device keeps and whom what is typed after `#` fits.
#[component]
fn Picker(typed: Typed, about: About) -> impl IntoView {
    let baton = baton();
    let name = typed.name.trim().to_owned();
    let hits = untrack(|| offered(baton, about.here, &name));
    let pick = move |hit: &Hit| about.choose(baton, hit.patient.clone());
    let rows = hits.into_iter().map(move |hit| {
        let shown = hit.clone();
        view! {
            <li>
                <button type="button" class="baton-mentions__person" on:click=move |_| pick(&hit)>
                    <FoundLine hit=shown />
                </button>
            </li>
        }
    });
    let words = if name.is_empty() {
        "Find a patient".to_owned()
    } else {
        format!("Find “{name}” in the whole index")
    };
    view! {
        <ul class="baton-mentions" aria-label="Patients whom the message may be about" on:keydown=move |event| keys(&event, about)>
            {rows.collect_view()}
            <li>
                <button type="button" class="baton-mentions__person baton-mentions__more" on:click=move |_| about.find(name.clone())>
                    {Icon::Search.draw()}
                    {words}
                </button>
            </li>
        </ul>
    }
}

fn keys(event: &leptos::ev::KeyboardEvent, about: About) {
    if event.key() == "Escape" {
        about.picker.set(None);
        about.focus();
    } else {
        mention::by_arrows(event);
    }
}

/// Those whom this fits; of nothing those who were spoken about here last.
fn offered(baton: Baton, here: Here, name: &str) -> Vec<Hit> {
    let (patients, now) = (&baton.store.patients, LocalMoment::in_uk(clock::now()));
    let mut hits = if found::is_too_little(name) {
        let last = baton.command.patients_of(here.space, OFFERED);
        last.into_iter()
            .filter_map(|id| found::hit(id, patients, now))
            .collect()
    } else {
        found::here(patients, &PatientQuery::parse(name, now.date), now).hits
    };
    hits.truncate(OFFERED);
    found::mark_similar([&mut hits, &mut Vec::new()]);
    hits
}

/// The parts of a conversation in which a message may be about one patient or another: not in the one around a patient.
pub(super) fn may_choose(baton: Baton) -> bool {
    baton.store.thread.header().about.is_none()
}

/// The patient whom every message of this conversation is about.
pub(super) fn around(baton: Baton) -> Option<PatientId> {
    untrack(|| baton.store.thread.header().about)
}

/// The composer of a conversation, for what is chosen here.
pub(super) fn start(field: NodeRef<html::Textarea>) -> About {
    About::new(here(), field)
}
