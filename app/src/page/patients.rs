//! Patients: finding one, those who were looked up last, and lists.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::date::LocalMoment;
use baton_core::patient::Patient;

use crate::app::baton;
use crate::clock;
use crate::page::new::PaneHead;
use crate::page::shell::go;
use crate::part::derived::memo;
use crate::part::find_patients::FindPatients;
use crate::part::patient::PatientLine;
use crate::route::Route;
use crate::store::patients::Face;
use crate::store::patients::found::is_too_little;

mod lists;

use lists::Lists;

/// Patients who were looked up last and are shown.
const LAST: usize = 5;

/// The page.
#[component]
pub fn PatientsPage() -> impl IntoView {
    let baton = baton();
    let text = baton.store.patients.text;
    let is_asked = memo(move || text.with(|text| !is_too_little(text)));
    let choose = move |patient: Arc<Patient>| baton.router.go(Route::Patient(patient.id));
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Patients" />
            <div class="baton-pane__inside baton-patients">
                <div role="search">
                    <FindPatients label="Find a patient" verb="Open" text choose />
                </div>
                {move || (!is_asked.get()).then(|| view! { <LookedUpLast /> <Lists /> })}
            </div>
        </section>
    }
}

/// Those whom this person looked up last.
#[component]
fn LookedUpLast() -> impl IntoView {
    let patients = &baton().store.patients;
    let last = memo(move || patients.last_looked_up(LAST));
    move || {
        let last = last.get();
        if last.is_empty() {
            return None;
        }
        let now = LocalMoment::in_uk(clock::now());
        let row = move |patient: Arc<Patient>| {
            let survivor = patient.merged_into.and_then(|into| patients.find(into));
            let face = Face::of(&patient, now, survivor.as_deref());
            let to = Route::Patient(patient.id);
            view! {
                <li>
                    <a class="baton-find__person" href=to.path() on:click=move |event| go(&event, to)>
                        <PatientLine face />
                    </a>
                </li>
            }
        };
        Some(view! {
            <section class="baton-patients__last" aria-labelledby="looked-up-last">
                <h3 class="baton-found__title" id="looked-up-last">"Looked up last on this device"</h3>
                <ul class="baton-find__results">{last.into_iter().map(row).collect_view()}</ul>
            </section>
        })
    }
}
