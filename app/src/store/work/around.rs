//! Who has what of a patient: who is responsible in which team, and with whom their open tasks are.

use baton_core::id::PatientId;
use baton_core::op::task::Assignee;
use baton_core::ordered::SortedMap;
use baton_core::state::handover::view::{Standing, responsible_for_person, standing};
use baton_core::sync::Sync;

use super::line::{by, who};
use super::{is_about, open_spaces, title};
use crate::store::{Viewer, duty};

/// In sentences, team by team.
pub fn around(sync: &Sync, patient: PatientId, viewer: &Viewer) -> Vec<String> {
    let mut said = Vec::new();
    for space in open_spaces(sync) {
        let state = space.shown();
        let team = title(space, viewer);
        for responsible in responsible_for_person(state, patient) {
            let since = by(responsible.user, responsible.since.stamp.at, viewer);
            let left = match standing(state, responsible) {
                Standing::Here => "",
                Standing::Left => ". They have left the team: somebody has to take this over",
            };
            let away = duty::sentence(responsible.user, viewer).map(|away| format!(". {away}"));
            let away = away.unwrap_or_default();
            said.push(format!("{team}: responsible is {since}{left}{away}"));
        }
        let mut many: SortedMap<Assignee, usize> = SortedMap::new();
        for task in state.tasks.open().filter(|task| is_about(task, patient, viewer)) {
            *many.or_default(task.hold.to) += 1;
        }
        for (to, many) in many {
            let tasks = if many == 1 { "open task" } else { "open tasks" };
            said.push(format!("{team}: {}, {many} {tasks}", who(to, state, viewer)));
        }
    }
    said
}
