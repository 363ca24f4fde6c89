//! Which patient is meant: those on this device whom it fits, each with three identifiers; all others by a search. Where another
//! with a like name is in the same team, it is asked again.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::patient::Patient;
use baton_core::patient::query::PatientQuery;

use super::now;
use crate::app::baton;
use crate::part::confirm_patient::ConfirmPatient;
use crate::part::derived::{RwSignal, memo};
use crate::part::find_patients::{FindPatients, Group};
use crate::part::plain::{QUIET, block, button, dialog, follows, none, told, words};
use crate::store::patients::Face;
use crate::store::patients::found;

/// The choice.
#[component]
pub(super) fn WhichPatient(
    /// What was typed.
    typed: String,
    /// Where the task will be.
    space: SpaceId,
    /// What happens with the one who is chosen.
    choose: Callback<Arc<Patient>>,
) -> impl IntoView {
    let baton = baton();
    let asks = RwSignal::new(None::<(Arc<Patient>, Vec<Face>)>);
    let is_searching = RwSignal::new(false);
    let text = RwSignal::new(typed);
    let take = Callback::new(move |patient: Arc<Patient>| {
        is_searching.set(false);
        let others = baton.command.similar_patients(space, None, &patient);
        if others.is_empty() {
            choose.run(patient);
        } else {
            asks.set(Some((patient, others)));
        }
    });
    let found = memo(move || {
        let query = text.with(|text| PatientQuery::parse(text, now().date));
        let here = found::here(&baton.store.patients, &query, now());
        let (mut hits, mut none) = (here.hits, Vec::new());
        found::mark_similar([&mut hits, &mut none]);
        (hits, here.has_more)
    });
    let has_more = memo(move || found.with(|(_, has_more)| *has_more));
    let hits = memo(move || found.with(|(hits, _)| hits.clone()));
    let is_empty = memo(move || hits.with(Vec::is_empty));
    let offered = move || {
        if let Some((patient, others)) = asks.get() {
            let face = Face::now(&patient);
            let yes = move |()| choose.run(patient.clone());
            let no = move |()| asks.set(None);
            return view! { <ConfirmPatient face others place="in this team" yes no /> };
        }
        let said = if is_empty.get() {
            told(
                "baton-hint",
                "status",
                "Nobody on this device fits what stands after #.",
            )
        } else {
            words("baton-find__label", "Which patient?")
        };
        let group = view! { <Group title="On this device" hits has_more verb="Choose" choose=take /> };
        let search = button(QUIET, "Search all patients", "", move || is_searching.set(true));
        block("baton-quick__whom", vec![said, group, search])
    };
    let search = move || {
        if !is_searching.get() {
            return none();
        }
        let close = Callback::new(move |()| is_searching.set(false));
        let find = view! { <FindPatients label="Find the patient" verb="Choose" text id="quick-find" choose=take /> };
        dialog("Which patient?", close, vec![find.into_any()])
    };
    view! { {follows(offered)} {follows(search)} }
}
