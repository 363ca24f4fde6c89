//! What is to be done for a patient, over all my teams and conversations.

use crate::part::derived::Signal;
use crate::part::derived::{Memo, RwSignal};
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::PatientId;

use crate::page::tasks::Desk;
use crate::page::tasks::quick::QuickAdd;
use crate::page::tasks::rows::{STEP, TaskList};
use crate::page::tasks::template::Templates;
use crate::part::plain::{QUIET, button, follows, none};
use crate::store::work::{TaskKey, View, Whose};

/// The tab.
#[component]
pub(super) fn PatientTasks(
    /// For whom.
    patient: Memo<PatientId>,
) -> impl IntoView {
    let desk = Desk::start();
    let is_open = RwSignal::new(false);
    let close = Callback::new(move |()| is_open.set(false));
    let made = Callback::new(move |(key, title): (TaskKey, String)| desk.made(key, &title));
    let view = Signal::derive(move || View {
        whose: Whose::Patient(patient.get()),
        ..View::default()
    });
    let most = RwSignal::new(STEP);
    let add = move || {
        let about = Some(patient.get());
        let text = RwSignal::new(String::new());
        view! { <QuickAdd text about made /> }
    };
    let templates = move || {
        if !is_open.get() {
            return none();
        }
        let about = Some(patient.get());
        view! { <Templates desk about close /> }
    };
    view! {
        {follows(add)}
        {button(QUIET, "Use a template", "", move || is_open.set(true))}
        {desk.notes()}
        <TaskList view desk most />
        {follows(templates)}
    }
}
