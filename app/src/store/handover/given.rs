//! Handovers in a line each: from whom, to whom, when, and what became of them.

use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::handover::Side;
use baton_core::ordered::SortedMap;
use baton_core::state::handover::view;
use baton_core::state::handover::{Decision, Handover};
use baton_core::sync::{Space, Sync};

use super::team::to;
use crate::route::Route;
use crate::store::Viewer;
use crate::store::work::mine::Call;
use crate::store::work::{name, open_spaces, title};

/// Names a handover: the team that has it, and its id there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandoverKey {
    /// Which team.
    pub space: SpaceId,
    /// Which handover.
    pub id: OpId,
}

/// A handover, in a line.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// Which.
    pub key: HandoverKey,
    /// From whom, to whom, when.
    pub words: String,
    /// What became of it.
    pub status: String,
    /// Patients who wait.
    pub waits: usize,
}

/// What was offered to the reader and waits, over all teams.
pub fn offered(sync: &Sync, viewer: &Viewer) -> Vec<Given> {
    let spaces = open_spaces(sync);
    let offered = spaces.flat_map(|space| {
        let state = space.shown();
        let waiting = view::offered_to(state, viewer.me);
        waiting
            .map(|handover| given(space, handover, viewer))
            .collect::<Vec<_>>()
    });
    offered.collect()
}

/// The handovers of a team that are held, the newest first; of one patient alone, those in which they were.
pub fn history(space: &Space, patient: Option<PatientId>, viewer: &Viewer) -> Vec<Given> {
    let handovers = space.shown().handovers.iter().rev();
    let is_of = |handover: &&Handover| patient.is_none_or(|patient| handover.part(patient).is_some());
    let of = handovers.filter(is_of);
    of.map(|handover| given(space, handover, viewer)).collect()
}

fn given(space: &Space, handover: &Handover, viewer: &Viewer) -> Given {
    let state = space.shown();
    let stamp = handover.offered.stamp;
    let (from, to) = (name(stamp.by, viewer), to(handover.to, state, viewer));
    let when = crate::store::work::when(stamp.at, viewer);
    Given {
        key: HandoverKey {
            space: space.id(),
            id: handover.id(),
        },
        words: format!("{from} to {to}, {when}, {}", title(space, viewer)),
        status: status(handover),
        waits: handover
            .parts
            .iter()
            .filter(|part| part.decision.is_none())
            .count(),
    }
}

/// `11 patients: 8 accepted, 1 refused, 2 wait`.
pub fn status(handover: &Handover) -> String {
    let count = |is: fn(&Option<Decision>) -> bool| {
        let parts = handover.parts.iter();
        parts.filter(|part| is(&part.decision)).count()
    };
    let parts = [
        (count(|it| matches!(it, Some(Decision::Accepted(_)))), "accepted"),
        (
            count(|it| matches!(it, Some(Decision::Refused { .. }))),
            "refused",
        ),
        (
            count(|it| matches!(it, Some(Decision::Withdrawn(_)))),
            "withdrawn",
        ),
        (
            count(|it| matches!(it, Some(Decision::Overtaken(_)))),
            "taken over by somebody else",
        ),
        (count(Option::is_none), "not accepted yet"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, what)| format!("{many} {what}"))
        .collect();
    let signed = match (
        handover.is_signed(Side::Giving),
        handover.is_signed(Side::Receiving),
    ) {
        (true, true) => ". Signed off by both sides",
        (true, false) => ". Signed off by who offered",
        (false, true) => ". Signed off by who received",
        (false, false) => "",
    };
    format!("{}: {}{signed}", patients(handover.parts.len()), said.join(", "))
}

/// `1 patient`, `3 patients`.
pub fn patients(many: usize) -> String {
    match many {
        1 => "1 patient".to_owned(),
        many => format!("{many} patients"),
    }
}

/// Who hands over to the reader, for a strip on every page.
pub fn call(sync: &Sync, viewer: &Viewer) -> Vec<Call> {
    let said = offered(sync, viewer).into_iter().filter_map(|given| {
        let HandoverKey { space, id } = given.key;
        let handover = sync.space(space)?.shown().handovers.find(id)?;
        let from = name(handover.from(), viewer);
        let says = format!("{from} offers you {}", patients(given.waits));
        Some(Call {
            is_pressing: false,
            ..Call::pressing(says, Route::Handed(space, id))
        })
    });
    said.collect()
}

/// Patients whom somebody did not take from the reader, and who are theirs still, by handover.
pub fn refused(space: &Space, viewer: &Viewer) -> Vec<Call> {
    let state = space.shown();
    let mut by_handover: SortedMap<OpId, usize> = SortedMap::new();
    for (_, id) in view::left_to_hand_over(state, viewer.me).refused {
        *by_handover.or_default(id) += 1;
    }
    let said = by_handover.into_iter().filter_map(|(id, many)| {
        let to = to(state.handovers.find(id)?.to, state, viewer);
        let many = patients(many);
        let says = format!("{to} did not take {many} from you: still your responsibility");
        Some(Call::pressing(says, Route::Handed(space.id(), id)))
    });
    said.collect()
}
