//! Finding a patient; lists of patients.

use leptos::prelude::*;

use crate::page::new::PaneHead;

/// The page.
#[component]
pub fn PatientsPage() -> impl IntoView {
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Patients" />
        </section>
    }
}
