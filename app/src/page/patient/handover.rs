//! How a patient is handed over: their sheet in each of my teams, who is responsible, and the handovers in which they were.

use crate::prelude::*;
use baton_core::id::{PatientId, SpaceId};

use crate::app::baton;
use crate::page::handover::history;
use crate::page::handover::row::facts;
use crate::page::handover::show::{priority, versions};
use crate::part::derived::{Memo, memo};
use crate::part::plain::{SECONDARY, block, follows, heading, link, terms, words};
use crate::route::Route;
use crate::store::handover::sheet::Full;

/// The tab.
#[component]
pub(super) fn PatientHandover(
    /// Of whom.
    patient: Memo<PatientId>,
) -> impl IntoView {
    let baton = baton();
    let sheets = memo(move || baton.command.sheets_of(patient.get()));
    follows(move || {
        let sheets = sheets.get();
        if sheets.is_empty() {
            return words(
                "baton-hint",
                "No team of yours has this patient on a list or is responsible for them.",
            );
        }
        let all = sheets.into_iter().map(|(space, patient)| sheet(space, patient));
        block("baton-work__teams", all.collect())
    })
}

fn sheet(space: SpaceId, patient: PatientId) -> AnyView {
    let baton = baton();
    let full = memo(move || baton.command.sheet(space, patient));
    follows(move || {
        full.get()
            .map_or_else(crate::part::plain::none, |full| shown(full, space, patient))
    })
}

fn shown(full: Full, space: SpaceId, patient: PatientId) -> AnyView {
    let mut inside = vec![heading(full.team.clone()), priority(full.row.priority)];
    inside.push(words("baton-task__facts", full.row.rated.clone()));
    inside.extend(facts(&full.row, 0));
    let section = |it: crate::store::handover::sheet::Heading| {
        let written = baton().command.note(space, patient, &it.id);
        let text = versions(&written.versions);
        (it.title, text)
    };
    let all = full.sections.into_iter().map(section).collect();
    inside.push(terms("baton-handover__sections", all));
    inside.push(link(
        SECONDARY,
        Route::Sheet(space, patient),
        "Open the handover sheet",
    ));
    inside.push(history(full.handovers, "Handovers of this patient"));
    block("baton-work__part baton-handover", inside)
}
