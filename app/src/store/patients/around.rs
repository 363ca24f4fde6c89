//! Who and what is around a patient: the conversations that speak about them, and the people of the one that is theirs.

use std::sync::Arc;

use baton_core::date::LocalMoment;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::space::SpaceKind;
use baton_core::ordered::SortedSet;
use baton_core::ordered::sort_by;
use baton_core::patient::Patient;
use baton_core::patient::similar::{Likeness, likeness};
use baton_core::state::{Item, What};
use baton_core::sync::{Space, Sync};

use super::super::inbox;
use super::super::people::Card;
use super::super::{Viewer, event};
use super::Face;

/// A conversation that speaks about a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Which.
    pub id: SpaceId,
    /// What it is called; of one's own lists that they are.
    pub title: String,
    /// Of which kind.
    pub kind: SpaceKind,
    /// How many people read it.
    pub members: usize,
    /// The lists in it that the patient is on.
    pub lists: Vec<(OpId, String)>,
}

/// What is around a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The conversation of the people around them, if one belongs to it.
    pub space: Option<SpaceId>,
    /// Those people.
    pub people: Vec<Card>,
    /// What speaks about them.
    pub holders: Vec<Holder>,
}

/// A list to which a patient may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The space that has it.
    pub space: SpaceId,
    /// Which.
    pub list: OpId,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub owner: String,
    /// The patient is on it.
    pub has_them: bool,
}

/// Describes what is around a patient, of whom these are all ids.
pub fn around(sync: &Sync, ids: &SortedSet<PatientId>, viewer: &Viewer) -> Around {
    let mut around = Around::default();
    for space in sync.spaces().filter(|space| space.is_open()) {
        if !speaks_about(space, ids) {
            continue;
        }
        let state = space.shown();
        if is_theirs(space, ids) {
            around.space = Some(space.id());
            let people = state.members.iter().map(|(user, _)| viewer.people.card_now(user));
            around.people.extend(people);
        }
        let lists = state
            .lists
            .iter()
            .filter(|(_, list)| list.archived.is_none() && ids.iter().any(|id| list.row(*id).is_some()));
        around.holders.push(Holder {
            id: space.id(),
            title: owner(space, viewer),
            kind: space.kind(),
            members: state.members.len(),
            lists: lists
                .map(|(id, list)| (id, list.title.newest().to_owned()))
                .collect(),
        });
    }
    sort_by(&mut around.people, |one, other| {
        one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id))
    });
    sort_by(&mut around.holders, |one, other| {
        one.title.cmp(&other.title).then_with(|| one.id.cmp(&other.id))
    });
    around
}

/// A space to which one belongs and that speaks about a patient: the reason for which one may open them.
pub fn reason(sync: &Sync, ids: &SortedSet<PatientId>) -> Option<SpaceId> {
    let mut spaces = sync
        .spaces()
        .filter(|space| space.is_open() && speaks_about(space, ids));
    spaces.next().map(Space::id)
}

/// Lists of this person and their teams, and which have the patient.
pub fn targets(sync: &Sync, ids: &SortedSet<PatientId>, viewer: &Viewer) -> Vec<Target> {
    let mut targets = Vec::new();
    for space in sync.spaces().filter(|space| space.is_open()) {
        let shown = space
            .shown()
            .lists
            .iter()
            .filter(|(_, list)| list.archived.is_none());
        targets.extend(shown.map(|(id, list)| Target {
            space: space.id(),
            list: id,
            title: list.title.newest().to_owned(),
            owner: owner(space, viewer),
            has_them: ids.iter().any(|id| list.row(*id).is_some()),
        }));
    }
    sort_by(&mut targets, |one, other| {
        let order = |target: &Target| (target.owner.clone(), target.title.clone(), target.list);
        order(one).cmp(&order(other))
    });
    targets
}

/// Others whose names are like a patient's, so that one may be taken for another: on this list, or among those that the space
/// speaks about.
pub fn similar(
    space: &Space,
    list: Option<OpId>,
    patient: &Patient,
    ids: &SortedSet<PatientId>,
    viewer: &Viewer,
) -> Vec<Face> {
    let state = space.shown();
    let held = state.patients.iter().map(|held| held.patient.clone());
    let on_list = list.and_then(|list| state.lists.find(list)).map(|list| {
        let rows = list
            .rows()
            .filter_map(|row| viewer.patients.find_now(row.patient));
        rows.collect::<Vec<Arc<Patient>>>()
    });
    let others: Vec<Arc<Patient>> = on_list.unwrap_or_else(|| held.collect());
    let now = LocalMoment::in_uk(viewer.now);
    let alike = others.iter().filter(|other| {
        !ids.contains(&other.id)
            && other.merged_into.is_none()
            && likeness(patient, other).is_some_and(Likeness::asks_again)
    });
    alike.map(|other| Face::of(other, now, None)).collect()
}

fn is_theirs(space: &Space, ids: &SortedSet<PatientId>) -> bool {
    space.kind() == SpaceKind::Patient && space.shown().about.is_some_and(|about| ids.contains(&about))
}

/// Whether a space holds a patient, has them on a list, or has said something of them that is held here.
fn speaks_about(space: &Space, ids: &SortedSet<PatientId>) -> bool {
    let state = space.shown();
    let is_named = |item: &Item| match item {
        Item::Event(event) => match &event.what {
            What::Handover(event) => event.patients().iter().any(|patient| ids.contains(patient)),
            What::Patient { patient, .. } => ids.contains(patient),
            What::Task { task, news } => {
                event::task::about(*task, news, state).is_some_and(|about| ids.contains(&about))
            }
            What::Added(_)
            | What::AnnouncementsOnly(_)
            | What::Created
            | What::MadeAdmin(_)
            | What::Newer
            | What::Pinned(_)
            | What::Purpose(_)
            | What::Removed(_)
            | What::Renamed(_)
            | What::Role { .. }
            | What::Unpinned => false,
        },
        Item::Message(message) => message.about.is_some_and(|about| ids.contains(&about)),
    };
    is_theirs(space, ids)
        || ids
            .iter()
            .any(|id| state.patients.find(*id).is_some() || state.lists.include(*id))
        || state.timeline.items().any(is_named)
}

fn owner(space: &Space, viewer: &Viewer) -> String {
    if space.kind() == SpaceKind::Own {
        "My lists".to_owned()
    } else {
        inbox::face(space, viewer).title
    }
}
