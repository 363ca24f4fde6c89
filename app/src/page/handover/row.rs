//! A patient of a team in a row: how sick, who, where, who is responsible, how far it is, what is missing, what changed.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{PatientId, SpaceId};

use super::show::{gaps, priority};
use super::{Alike, to_sheet};
use crate::app::baton;
use crate::part::derived::memo;
use crate::part::patient::PatientLine;
use crate::part::plain::{block, follows, maybe, words};
use crate::store::handover::changes::Changes;
use crate::store::handover::team::Row;
use crate::store::patients::Chip;
use crate::store::patients::face::ON_THEIR_WAY;

/// The row.
#[component]
pub fn PatientRow(
    /// Which team.
    space: SpaceId,
    /// Who.
    patient: PatientId,
    /// Whose names are alike.
    alike: Alike,
) -> impl IntoView {
    let baton = baton();
    let row = memo(move || baton.command.handover_row(space, patient));
    let unsaved = memo(move || baton.store.texts.unsaved(space, patient));
    follows(move || maybe(row.get().map(|row| shown(&row, unsaved.get(), alike))))
}

fn shown(row: &Row, unsaved: usize, alike: Alike) -> AnyView {
    let who = to_sheet(row.space, row.patient, line(row.chip.clone(), alike));
    let head = block("baton-task__head", vec![priority(row.priority), who]);
    let mut inside = vec![head];
    inside.extend(facts(row, unsaved));
    block(
        "baton-task baton-task--row",
        vec![block("baton-task__words", inside)],
    )
}

/// A patient by all that identifies them, with a mark where another's name is like theirs.
pub fn line(chip: Chip, alike: Alike) -> AnyView {
    let Some(face) = chip.face else {
        return ON_THEIR_WAY.into_any();
    };
    let mark = alike.with(|alike| alike.get(&chip.id).copied());
    let merged = chip.written_about;
    let notes: Vec<String> = merged
        .map(|merged| format!("Written about {merged}, since merged"))
        .into_iter()
        .collect();
    view! { <PatientLine face notes mark /> }
}

/// What is to be known of a patient at a handover.
pub fn facts(row: &Row, unsaved: usize) -> Vec<AnyView> {
    let who = if row.is_alone {
        "baton-handover__alone"
    } else {
        "baton-task__facts"
    };
    let state = if row.is_refused {
        "baton-handover__alone"
    } else {
        "baton-task__due"
    };
    let some = |class: &'static str, says: String| (!says.is_empty()).then(|| words(class, says));
    let unsettled = match row.unsettled {
        0 => String::new(),
        1 => "1 heading has several texts that wait to be settled".to_owned(),
        many => format!("{many} headings have several texts that wait to be settled"),
    };
    let unsaved = match unsaved {
        0 => String::new(),
        1 => "1 text that you began is not saved".to_owned(),
        many => format!("{many} texts that you began are not saved"),
    };
    let all = [
        some("baton-task__facts", row.place.clone()),
        some(who, row.who.clone()),
        some(state, row.state.clone()),
        Some(gaps(&row.gaps)),
        some("baton-handover__alone", unsettled),
        some("baton-handover__alone", unsaved),
        row.changes.as_ref().map(changed),
        row.sent.map(|sent| words("baton-hint", sent)),
    ];
    // Each has its place, whether there is anything to say or not: what stands after them stays the same.
    all.into_iter().map(maybe).collect()
}

fn changed(changes: &Changes) -> AnyView {
    let (class, says) = match changes.many {
        0 => ("baton-task__facts", "Nothing changed".to_owned()),
        1 => ("baton-handover__changed", "1 change".to_owned()),
        many => ("baton-handover__changed", format!("{many} changes")),
    };
    let mut says = format!("{says} since your last handover, {}", changes.since);
    if changes.many > 0 {
        says.push_str(": ");
        says.push_str(&changes.words.join("; "));
    }
    if !changes.held_from.is_empty() {
        says.push_str(". Messages and moves are on this device from ");
        says.push_str(&changes.held_from);
        says.push_str(" on only");
        return words("baton-handover__changed", says);
    }
    words(class, says)
}
