//! What was ever done to a list, or to one patient's row of it.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::PatientId;
use wasm_bindgen_futures::spawn_local;

use super::here;
use crate::app::baton;
use crate::part::dialog::Dialog;
use crate::store::lists::history::Deed;

/// How much of it is here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Asking,
    Held,
    Whole,
}

/// The dialog: what this device holds at once, all of it when the record answers.
#[component]
pub(super) fn HistoryDialog(
    /// Of whose row; `None` of the whole list.
    patient: Option<PatientId>,
    #[prop(into)] close: Callback<()>,
) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let only = move |deeds: Vec<Deed>| -> Vec<Deed> {
        let is_of = |deed: &Deed| patient.is_none_or(|patient| deed.patient == Some(patient));
        deeds.into_iter().filter(is_of).collect()
    };
    let deeds = RwSignal::new(only(baton.command.held_history(here.key)));
    let reach = RwSignal::new(Reach::Asking);
    spawn_local(async move {
        match baton.command.whole_history(here.key).await {
            Ok(whole) => {
                deeds.try_set(only(whole));
                reach.try_set(Reach::Whole);
            }
            Err(_) => _ = reach.try_set(Reach::Held),
        }
    });
    let sheet = &baton.store.lists.sheet;
    let title = match patient.and_then(|patient| sheet.row_now(patient)) {
        Some(row) => format!("History of {}", row.name()),
        None => "History of this list".to_owned(),
    };
    let name = move |patient| {
        let row = sheet.row_now(patient);
        row.map_or_else(|| "A patient who was taken off".to_owned(), |row| row.name())
    };
    let line = move |deed: Deed| {
        let about = deed.patient.filter(|_| patient.is_none()).map(name);
        view! { <DeedLine deed about /> }
    };
    view! {
        <Dialog title close>
            <p class="baton-hint" role="status">
                {move || match reach.get() {
                    Reach::Asking => "Asking the record for all of it…",
                    Reach::Held => "The newest part, which this device holds. The record has all of it: look again with a network.",
                    Reach::Whole => "All of it, as the record has it. The newest first.",
                }}
            </p>
            <ol class="baton-history">{move || deeds.get().into_iter().map(line).collect_view()}</ol>
        </Dialog>
    }
}

#[component]
fn DeedLine(deed: Deed, about: Option<String>) -> impl IntoView {
    let recorded = deed.recorded.map(|at| format!(" (recorded {at})"));
    let quoted = |text: String| {
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            format!("“{text}”")
        }
    };
    view! {
        <li class="baton-history__deed">
            <span class="baton-hint">{deed.at} {recorded} ", " {deed.by}</span>
            <span><strong>{deed.what}</strong> {about.map(|name| format!(": {name}"))}</span>
            {deed
                .texts
                .map(|(before, after)| {
                    view! {
                        <span class="baton-history__texts">
                            {before.map(|before| view! { <span class="baton-history__before">"From " {quoted(before)}</span> })}
                            <span>"To " {quoted(after)}</span>
                        </span>
                    }
                })}
        </li>
    }
}
