//! Putting a patient on a list: one's own, or one of a team.

use std::sync::Arc;

use crate::part::derived::{RwSignal, StoredValue};
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::patient::Patient;

use crate::app::baton;
use crate::page::shell::go;
use crate::part::confirm_patient::ConfirmPatient;
use crate::part::dialog::Dialog;
use crate::part::icon::Icon;
use crate::part::plain::{self, SECONDARY, button};
use crate::route::Route;
use crate::store::patients::Face;
use crate::store::patients::around::Target;

/// How far one has come.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// To which list?
    Choosing,
    /// Is it the right one?
    Confirming(Target, Vec<Face>),
    /// Done.
    Added(Target),
}

/// The dialog.
#[component]
pub fn AddToList(
    /// Whom to add.
    patient: Arc<Patient>,
    /// What happens when it is closed.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let baton = baton();
    let id = patient.id;
    let step = RwSignal::new(Step::Choosing);
    let error = RwSignal::new(None::<String>);
    let patient = StoredValue::new(patient);
    let add = move |target: Target| {
        baton.command.choose_patient(&patient.get_value());
        match baton.command.add_to_list(target.space, target.list, id) {
            Ok(_) => step.set(Step::Added(target)),
            Err(refusal) => error.set(Some(refusal.to_string())),
        }
    };
    let choose = move |target: Target| {
        let others = patient.with_value(|patient| {
            baton
                .command
                .similar_patients(target.space, Some(target.list), patient)
        });
        if others.is_empty() {
            add(target);
        } else {
            step.set(Step::Confirming(target, others));
        }
    };
    view! {
        <Dialog title="Add to a list" close>
            {plain::error(error)}
            {move || match step.get() {
                Step::Choosing => view! { <Targets patient=id choose /> },
                Step::Confirming(target, others) => {
                    view! {
                        <ConfirmPatient
                            face=patient.with_value(|patient| Face::now(patient))
                            others
                            place="on this list"
                            yes=move |()| add(target.clone())
                            no=move |()| close.run(())
                        />
                    }
                }
                Step::Added(target) => {
                    let to = Route::List(target.space, target.list);
                    view! {
                        <p class="baton-done" role="status">{Icon::Tick.draw()} "Added to " <strong>{target.title}</strong></p>
                        <div class="baton-buttons">
                            <a class="nhsuk-button nhsuk-button--secondary baton-button" href=to.path() on:click=move |event| go(&event, to)>
                                "Open the list"
                            </a>
                            {button(SECONDARY, "Close", "", move || close.run(()))}
                        </div>
                    }
                }
            }}
        </Dialog>
    }
}

#[component]
fn Targets(patient: baton_core::id::PatientId, #[prop(into)] choose: Callback<Target>) -> impl IntoView {
    let targets = baton().command.list_targets(patient);
    if targets.is_empty() {
        return view! {
            <p>"You have no lists yet. Make one under "
                <a class="baton-link" href=Route::Patients.path() on:click=move |event| go(&event, Route::Patients)>"Patients"</a>
                "."
            </p>
        };
    }
    let row = move |target: Target| {
        let (title, owner, has_them) = (target.title.clone(), target.owner.clone(), target.has_them);
        view! {
            <li>
                <button
                    type="button"
                    class="baton-find__person"
                    disabled=move || has_them
                    on:click=move |_| choose.run(target.clone())
                >
                    <span class="baton-pick__words">
                        <span class="baton-pick__title">{title}</span>
                        <span class="baton-hint">{owner}</span>
                    </span>
                    <span class="baton-find__verb">{if has_them { "On it already" } else { "Add" }}</span>
                </button>
            </li>
        }
    };
    view! {
        <ul class="baton-find__results" aria-label="Lists">{targets.into_iter().map(row).collect_view()}</ul>
    }
}
