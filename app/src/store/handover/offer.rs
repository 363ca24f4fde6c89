//! What may be offered: patients, and what goes along with them.

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::handover::Unsent;
use baton_core::op::task::Assignee;
use baton_core::ordered::sort_by_key;
use baton_core::state::SpaceState;
use baton_core::state::handover::view;

use super::given::patients;
use crate::store::Viewer;
use crate::store::patients::Chip;
use crate::store::work::line::title_of;

/// All that may be offered in a team.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The reader's, who are offered to nobody, sickest first.
    pub mine: Vec<PatientId>,
    /// Nobody's: whoever offers one takes them.
    pub nobodys: Vec<PatientId>,
    /// The reader's, who wait already.
    pub waiting: usize,
    /// Open tasks that the reader has: which, what, about whom.
    pub tasks: Vec<(OpId, String)>,
    /// Roles that the reader holds: which, and their titles.
    pub roles: Vec<(OpId, String)>,
    /// Who else belongs to the team.
    pub members: Vec<(UserId, String)>,
}

/// Gathers what may be offered.
pub fn choice(state: &SpaceState, viewer: &Viewer) -> Choice {
    let theirs = view::left_to_hand_over(state, viewer.me);
    let mut mine = theirs.left;
    mine.extend(theirs.refused.iter().map(|(patient, _)| *patient));
    view::sickest_first(state, &mut mine);
    let tasks = state.tasks.mine(viewer.me, &state.roles);
    // What was for all and they took on too; what a role has goes with the role.
    let own = tasks.filter(|task| !matches!(task.hold.to, Assignee::Role(_)));
    let tasks = own.map(|task| {
        let about = task
            .about
            .and_then(|about| Chip::of(about, viewer).face)
            .map(|face| format!(", {}", face.line));
        (
            task.id(),
            format!("{}{}", title_of(task), about.unwrap_or_default()),
        )
    });
    let roles = state.roles.held_by(viewer.me);
    let others = state.members.iter().filter(|(user, _)| *user != viewer.me);
    let mut members: Vec<(UserId, String)> = others
        .map(|(user, _)| (user, viewer.people.card_now(user).name))
        .collect();
    sort_by_key(&mut members, |(user, name)| (name.clone(), *user));
    Choice {
        mine,
        nobodys: view::nobodys(state),
        waiting: theirs.waiting.len(),
        tasks: tasks.collect(),
        roles: roles
            .map(|(id, role)| (id, role.title.newest().to_owned()))
            .collect(),
        members,
    }
}

/// What is said of texts that are only on this device, about so many patients; empty when there are none.
pub fn unsent_words(unsent: &[Unsent]) -> String {
    let mut about: Vec<u8> = unsent.iter().map(|it| it.patient).collect();
    about.dedup();
    if about.is_empty() {
        return String::new();
    }
    let about = patients(about.len());
    match unsent.len() {
        1 => format!(
            "1 text about {about} is only on this device. It goes with the offer as soon as there is a network. If the record does not take it, the handover says so."
        ),
        many => format!(
            "{many} texts about {about} are only on this device. They go with the offer as soon as there is a network. If the record does not take one, the handover says so."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_on_this_device_is_counted_by_text_and_by_patient() {
        let unsent = |patient: u8, note: u8| Unsent {
            patient,
            note: OpId::from_bytes([note; 16]),
        };
        assert_eq!(unsent_words(&[]), "");
        assert!(unsent_words(&[unsent(0, 1)]).starts_with("1 text about 1 patient is only"));
        let three = [unsent(0, 1), unsent(0, 2), unsent(4, 3)];
        assert!(unsent_words(&three).starts_with("3 texts about 2 patients are only"));
    }
}
