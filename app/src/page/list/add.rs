//! Adding a patient to a list: found, compared where another on it has a like name, put on it.

use std::sync::Arc;

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::patient::Patient;

use crate::app::baton;
use crate::part::confirm_patient::ConfirmPatient;
use crate::part::dialog::Dialog;
use crate::part::find_patients::FindPatients;
use crate::part::plain::{self, SECONDARY, button};
use crate::store::lists::look::ListKey;
use crate::store::patients::Face;

/// How far one has come.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    Finding,
    Comparing(Arc<Patient>, Vec<Face>),
    IsOnIt(String),
}

/// The dialog. It is closed when somebody was added.
#[component]
pub fn AddPatient(
    /// To which list.
    key: ListKey,
    /// What happens when it is closed.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let baton = baton();
    let step = RwSignal::new(Step::Finding);
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let add = move |patient: Arc<Patient>| {
        baton.command.choose_patient(&patient);
        match baton.command.add_to_list(key.space, key.list, patient.id) {
            Ok(op) => {
                baton.store.lists.sheet.note_mine(op);
                close.run(());
            }
            Err(refusal) => error.set(Some(refusal.to_string())),
        }
    };
    let choose = move |patient: Arc<Patient>| {
        let targets = baton.command.list_targets(patient.id);
        let is_on_it = targets
            .iter()
            .any(|target| target.list == key.list && target.has_them);
        if is_on_it {
            return step.set(Step::IsOnIt(baton_core::patient::three_identifiers(&patient)));
        }
        let others = baton
            .command
            .similar_patients(key.space, Some(key.list), &patient);
        if others.is_empty() {
            add(patient);
        } else {
            step.set(Step::Comparing(patient, others));
        }
    };
    view! {
        <Dialog title="Add a patient to the list" close>
            {plain::error(error)}
            {move || match step.get() {
                Step::Finding => view! { <FindPatients id="find-for-list" label="Find a patient" verb="Add" text choose /> },
                Step::Comparing(patient, others) => {
                    let face = Face::now(&patient);
                    view! {
                        <ConfirmPatient
                            face
                            others
                            place="on this list"
                            yes=move |()| add(patient.clone())
                            no=move |()| step.set(Step::Finding)
                        />
                    }
                }
                Step::IsOnIt(line) => {
                    view! {
                        <p role="status"><strong>{line}</strong> " is on this list already."</p>
                        <div class="baton-buttons">
                            {button(SECONDARY, "Find another patient", "", move || step.set(Step::Finding))}
                        </div>
                    }
                }
            }}
        </Dialog>
    }
}
