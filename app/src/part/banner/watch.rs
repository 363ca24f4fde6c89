//! Who an open patient is does not become another under the finger: a change of what identifies them is told, with what it was
//! before, until the person says that they have seen it. What is pressed right after it is not done.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::part::plain::{button, words};
use crate::prelude::*;
use baton_core::id::PatientId;
use baton_core::patient::Patient;
use leptos::ev::MouseEvent;

use crate::app::baton;
use crate::part::derived::{RwSignal, effect, memo};
use crate::part::icon::Icon;
use crate::store::patients::change::{Difference, Watched};
use crate::{clock, moment};

/// What became of the identity of the patient who is open.
#[derive(Clone, Copy)]
pub struct Watch {
    watched: RwSignal<Watched>,
    /// Something was pressed and not done.
    held_back: RwSignal<bool>,
}

impl Watch {
    /// Watches a patient for as long as the current owner lives.
    pub fn start(patient: impl Fn() -> PatientId + Copy + Send + Sync + 'static) -> Self {
        let patients = &baton().store.patients;
        let watch = Self {
            watched: RwSignal::new(Watched::default()),
            held_back: RwSignal::new(false),
        };
        let shown = memo(move || patients.find(patient()));
        effect(move || {
            if let Some(patient) = shown.get() {
                let survivor: Option<Arc<Patient>> =
                    patient.merged_into.and_then(|into| patients.find_now(into));
                watch
                    .watched
                    .update(|watched| _ = watched.see(&patient, survivor.as_deref(), clock::now()));
            }
        });
        watch
    }

    /// Takes a press before anything else does, and stops it if it was meant for what stood there a moment ago.
    pub fn hold_back(self, event: &MouseEvent) {
        let holds = self
            .watched
            .with_untracked(|watched| watched.holds_back(clock::now()));
        if holds {
            event.prevent_default();
            event.stop_propagation();
        }
        if self.held_back.get_untracked() != holds {
            self.held_back.set(holds);
        }
    }

    fn acknowledge(self) {
        self.watched.update(Watched::acknowledge);
        self.held_back.set(false);
    }
}

/// Says what changed.
#[component]
pub(super) fn Changed(watch: Watch) -> impl IntoView {
    let since = memo(move || watch.watched.with(Watched::since));
    move || {
        let at = since.get()?;
        let differences = watch.watched.with(|watched| watched.differences.clone());
        let when = moment::full(at, clock::now(), clock::zone);
        Some(view! {
            <div class="baton-banner__changed" role="alert">
                <p class="baton-banner__changed-title">{Icon::Warning.draw()} "These details changed at " {when}</p>
                <ul class="baton-banner__differences">{differences.into_iter().map(difference).collect_view()}</ul>
                {move || {
                    watch
                        .held_back
                        .get()
                        .then(|| {
                            words("baton-banner__held-back", "What you pressed was not done, since the details changed just before. Check who the patient is, then press again.")
                        })
                }}
                {button("baton-banner__seen", "I have seen this", "", move || watch.acknowledge())}
            </div>
        })
    }
}

fn difference(difference: Difference) -> impl IntoView {
    view! {
        <li>
            <span class="baton-banner__label">{difference.label}</span>
            " "
            <span class="nhsuk-u-visually-hidden">"was "</span>
            <s class="baton-banner__was">{difference.before}</s>
            " "
            <span aria-hidden="true">"→"</span>
            <span class="nhsuk-u-visually-hidden">", is now "</span>
            " "
            <strong>{difference.after}</strong>
        </li>
    }
}
