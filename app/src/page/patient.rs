//! A patient: the banner, and everything that one may see of them.
//!
//! Opening one asks the record, which writes into its audit who opened whom and why: since a conversation or list that one
//! belongs to is about them, or for what one says. Without a network there is what this device holds.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::device_api::LookUp;
use baton_core::id::PatientId;
use wasm_bindgen_futures::spawn_local;

use crate::app::{Baton, Parts, baton};
use crate::page::shell::go;
use crate::part::banner::{PatientBanner, Watch};
use crate::part::derived::{Memo, RwSignal, StoredValue, effect, memo};
use crate::part::icon::Icon;
use crate::part::plain::{QUIET, button, follows};
use crate::part::tabs::{Tabs, panel_id};
use crate::route::Route;
use crate::session::AskError;
use crate::store::connection::Mood;
use crate::web;

mod act;
mod details;
mod handover;
mod people;
mod reason;
mod tasks;
mod timeline;

use act::Actions;
use details::Details;
use handover::PatientHandover;
use people::PeopleAround;
use reason::WhyForm;
use tasks::PatientTasks;
use timeline::Timeline;

/// How it goes with opening a patient.
#[derive(Clone, PartialEq, Eq)]
enum Opening {
    /// The record is being asked.
    Asking,
    /// It gave no answer, or refused.
    Failed(AskError),
    /// The person has to say why.
    NeedsReason,
    /// There is no network.
    Offline,
    /// Opened.
    Opened,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Here {
    /// Who: of a record that was merged, the one that stands for it.
    patient: Memo<PatientId>,
    opening: RwSignal<Opening>,
}

const TABS: [&str; 5] = ["Timeline", "Tasks", "Handover", "People and teams", "Details"];

/// The page.
#[component]
pub fn PatientPage(
    /// Who.
    patient: PatientId,
) -> impl IntoView {
    let baton = baton();
    let patients = &baton.store.patients;
    let here = Here {
        patient: memo(move || patients.resolve(patient)),
        opening: RwSignal::new(Opening::Asking),
    };
    let watch = Watch::start(move || here.patient.get());
    here.open(baton, None);
    open_when_there_is_a_network(here);
    let is_known = memo(move || patients.find(here.patient.get()).is_some());
    // As memos, so that an answer of the record does not take somebody back to the first tab.
    let needs_reason = memo(move || here.opening.with(|opening| *opening == Opening::NeedsReason));
    let is_shown = memo(move || !needs_reason.get() && is_known.get());
    view! {
        <section
            class="baton-pane baton-patient"
            aria-labelledby="pane-title"
            on:click:capture=move |event| watch.hold_back(&event)
        >
            {top(here.patient, is_known, watch, Route::Patients, "Back to patients")}
            <div class="baton-patient__inside">
                <MergedAway patient here />
                <HowItGoes here />
                {move || needs_reason.get().then(|| view! { <WhyForm give=move |why| here.open(baton, Some(why)) /> })}
                {move || is_shown.get().then(|| view! { <Inside here /> })}
            </div>
        </section>
    }
}

/// The way back, and who it is.
pub(crate) fn top(
    patient: Memo<PatientId>,
    is_known: Memo<bool>,
    watch: Watch,
    back: Route,
    says: &'static str,
) -> AnyView {
    focus_once(is_known);
    let who = follows(move || {
        if is_known.get() {
            view! { <PatientBanner patient watch heading="pane-title" /> }
        } else {
            view! { <h2 class="baton-head__title" id="pane-title" tabindex="-1">"Patient"</h2> }
        }
    });
    view! {
        <div class="baton-patient__top">
            <a
                class="baton-icon-button baton-patient__back"
                href=back.path()
                aria-label=says
                on:click=move |event| go(&event, back)
            >
                {Icon::Back.draw()}
            </a>
            {who}
        </div>
    }
}

impl Here {
    /// Opens the patient: for the reason given, else for one that this device knows.
    fn open(self, baton: Baton, why: Option<LookUp>) {
        let Parts { command, store, .. } = *baton;
        let patient = self.patient.get_untracked();
        if store.connection.with_untracked(|line| line.mood == Mood::Offline) {
            return self.opening.set(Opening::Offline);
        }
        let known = untrack(|| command.reason_to_open(patient)).map(LookUp::InSpace);
        let Some(why) = why.or(known).or_else(|| store.patients.reason(patient)) else {
            return self.opening.set(Opening::NeedsReason);
        };
        self.opening.set(Opening::Asking);
        spawn_local(async move {
            let is_in_space = matches!(why, LookUp::InSpace(_));
            let answer = command.open_patient(patient, why).await;
            self.opening.try_set(match answer {
                Ok(_) => Opening::Opened,
                Err(AskError::Unreachable) => Opening::Offline,
                // The record has nothing of them in that conversation, or not yet.
                Err(AskError::Refused { status: 403, .. }) if is_in_space => Opening::NeedsReason,
                Err(error) => Opening::Failed(error),
            });
        });
    }
}

/// Asks the record as soon as there is a network again.
fn open_when_there_is_a_network(here: Here) {
    let baton = baton();
    let is_live = memo(move || baton.store.connection.with(|line| line.mood == Mood::Live));
    Effect::new(move |before: Option<bool>| {
        let is_live = is_live.get();
        let waits = here.opening.with_untracked(|opening| match opening {
            Opening::Offline => true,
            Opening::Failed(error) => error.is_passing(),
            Opening::Asking | Opening::NeedsReason | Opening::Opened => false,
        });
        if before == Some(false) && is_live && waits {
            here.open(baton, None);
        }
        is_live
    });
}

/// The focus follows the person to whom they opened, once.
fn focus_once(is_known: Memo<bool>) {
    let is_done = StoredValue::new(false);
    effect(move || {
        let is_known = is_known.get();
        if is_done.get_value() {
            return;
        }
        is_done.set_value(is_known);
        if is_known {
            web::focus("pane-title");
        }
    });
}

/// Says that the record that was asked for was merged into the one that is shown, or leads to it.
#[component]
fn MergedAway(patient: PatientId, here: Here) -> impl IntoView {
    let patients = &baton().store.patients;
    move || {
        let stands = here.patient.get();
        if stands != patient {
            let words = patients.find(patient).map_or_else(
                || "another record".to_owned(),
                |merged| baton_core::patient::three_identifiers(&merged),
            );
            return Some(view! {
                <p class="baton-notice baton-patient__notice" role="status">
                    {Icon::Info.draw()}
                    <span>"You opened " {words} ", which was merged into this patient."</span>
                </p>
            });
        }
        let into = patients.find(stands)?.merged_into?;
        let to = Route::Patient(into);
        Some(view! {
            <p class="baton-notice baton-patient__notice" role="status">
                {Icon::Warning.draw()}
                <span>
                    "This record was merged into another one. "
                    <a class="baton-link" href=to.path() on:click=move |event| go(&event, to)>"Open the one that stands for both"</a>
                </span>
            </p>
        })
    }
}

/// How it goes with opening the patient.
#[component]
fn HowItGoes(here: Here) -> impl IntoView {
    let baton = baton();
    let (words, is_wrong) = (
        move || {
            here.opening.with(|opening| match opening {
                Opening::Asking => "Asking the record for the latest details…",
                Opening::Failed(AskError::Refused { status: 403, .. }) => {
                    "Your organisation lets you open patients of your own teams and conversations only. Ask your administrator."
                }
                Opening::Failed(AskError::Refused { status: 429, .. }) => {
                    "You looked up many patients in a short time. Wait a minute, then try again."
                }
                Opening::Failed(AskError::Refused { status: 404, .. }) => {
                    "The record has no such patient. Look them up again."
                }
                Opening::Failed(_) => "The record cannot be asked now. Shown is what this device holds.",
                Opening::Offline => "There is no network. Shown is what this device holds.",
                Opening::NeedsReason | Opening::Opened => "",
            })
        },
        move || here.opening.with(|opening| matches!(opening, Opening::Failed(_))),
    );
    let may_try = move || {
        here.opening.with(|opening| match opening {
            Opening::Failed(error) => error.is_passing(),
            Opening::Offline => true,
            Opening::Asking | Opening::NeedsReason | Opening::Opened => false,
        })
    };
    view! {
        <p class=move || (if is_wrong() { "baton-error" } else { "baton-hint" }).to_owned() role="status">{words}</p>
        {move || {
            may_try()
                .then(|| {
                    button(QUIET, "Try again", "", move || here.open(baton, None))
                })
        }}
    }
}

/// What one may see, and do.
#[component]
fn Inside(here: Here) -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    // Who chooses the one that is open loses nothing of it.
    let open = memo(move || chosen.get());
    let labelled = move || format!("patient-tab-{}", chosen.get());
    view! {
        <Actions patient=here.patient />
        <Tabs label="About this patient" id="patient" names=&TABS chosen />
        <div class="baton-patient__panel" role="tabpanel" id=panel_id("patient") aria-labelledby=labelled tabindex="0">
            {move || match open.get() {
                0 => view! { <Timeline patient=here.patient /> },
                1 => view! { <PatientTasks patient=here.patient /> },
                2 => view! { <PatientHandover patient=here.patient /> },
                3 => view! { <PeopleAround patient=here.patient /> },
                _ => view! { <Details patient=here.patient /> },
            }}
        </div>
    }
}
