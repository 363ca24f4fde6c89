//! A patient: the banner, and everything that one may see of them.

use baton_core::id::PatientId;
use leptos::prelude::*;

use crate::page::new::PaneHead;
use crate::route::Route;

/// The page.
#[component]
pub fn PatientPage(
    /// Who.
    patient: PatientId,
) -> impl IntoView {
    _ = patient;
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Patient" back=Route::Patients />
        </section>
    }
}
