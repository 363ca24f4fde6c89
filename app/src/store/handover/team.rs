//! A team's patients as they are handed over: who is responsible, what is missing, what changed, how far each is. Worked out when
//! a screen asks, of a patient only when their row is in view.

use baton_core::id::{PatientId, SpaceId};
use baton_core::letter;
use baton_core::op::Body;
use baton_core::op::handover::{Priority, To};
use baton_core::op::space::SpaceKind;
use baton_core::ordered::sort_by_key;
use baton_core::secret::Personal;
use baton_core::state::SpaceState;
use baton_core::state::handover::view::{self, Standing};
use baton_core::state::handover::{Decision, Rated, Responsible};
use baton_core::sync::{Space, Sync};

use super::changes::{Changes, changes};
use crate::store::Viewer;
use crate::store::patients::Chip;
use crate::store::patients::news::place_words;
use crate::store::work::line::{by, sent_of};
use crate::store::work::{name, open_spaces, role, title};

/// A team that hands over.
#[derive(Clone, PartialEq, Eq)]
pub struct Team {
    /// Which.
    pub id: SpaceId,
    /// What it is called.
    pub title: String,
    /// Whether the reader chooses its headings.
    pub is_admin: bool,
    /// For how many the reader is responsible.
    pub mine: usize,
    /// Of those, how many are offered to nobody.
    pub left: usize,
    /// How many have nobody who is responsible, or somebody who has left.
    pub nobodys: usize,
}

/// A patient of a team, in a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Which team.
    pub space: SpaceId,
    /// Who.
    pub patient: PatientId,
    /// How they are shown.
    pub chip: Chip,
    /// Where they are and which consultant has them; empty when nobody knows.
    pub place: String,
    /// How sick they are.
    pub priority: Option<Priority>,
    /// Who said so and when, and what was said before.
    pub rated: String,
    /// Who is responsible, in a sentence.
    pub who: String,
    /// Whether nobody is, or somebody who has left.
    pub is_alone: bool,
    /// How far it is with handing them over.
    pub state: String,
    /// Whether they were refused.
    pub is_refused: bool,
    /// Expected headings with nothing below.
    pub gaps: Vec<String>,
    /// Headings under which several texts wait to be settled.
    pub unsettled: usize,
    /// What changed since the reader's last handover; `None` when they had none here.
    pub changes: Option<Changes>,
    /// Where what was done here about them is, while it is not in the record.
    pub sent: Option<&'static str>,
}

/// All teams, by title.
pub fn teams(sync: &Sync, viewer: &Viewer) -> Vec<Team> {
    let teams = open_spaces(sync).filter(|space| space.kind() == SpaceKind::Team);
    let mut teams: Vec<Team> = teams.map(|space| team(space, viewer)).collect();
    sort_by_key(&mut teams, |team| (team.title.clone(), team.id));
    teams
}

fn team(space: &Space, viewer: &Viewer) -> Team {
    let state = space.shown();
    let theirs = view::left_to_hand_over(state, viewer.me);
    Team {
        id: space.id(),
        title: title(space, viewer),
        is_admin: state.members.is_admin(viewer.me),
        mine: theirs.left.len() + theirs.waiting.len() + theirs.refused.len(),
        left: theirs.left.len() + theirs.refused.len(),
        nobodys: view::nobodys(state).len() + view::to_be_taken(state).len(),
    }
}

/// The patients of a team, sickest first: those for whom somebody is responsible, and those on its lists.
pub fn order(state: &SpaceState) -> Vec<PatientId> {
    let sheets = state.handovers.sheets();
    let held = sheets.filter(|sheet| sheet.responsible.is_some());
    let mut all: Vec<PatientId> = held.map(|sheet| sheet.patient).collect();
    all.extend(view::nobodys(state));
    view::sickest_first(state, &mut all);
    all
}

/// A patient of a team.
pub fn row(sync: &Sync, space: &Space, patient: PatientId, viewer: &Viewer) -> Row {
    let state = space.shown();
    let sheet = state.handovers.sheet(patient);
    let responsible = sheet.and_then(|sheet| sheet.responsible.as_ref());
    let known = viewer.patients.standing_now(patient);
    let visit = known.as_ref().and_then(|known| known.visit.as_ref());
    let place = visit.and_then(|visit| visit.place.as_ref());
    let notes = sheet
        .into_iter()
        .flat_map(baton_core::state::handover::Sheet::notes);
    let (state_words, is_refused) = how_far(state, patient, responsible, viewer);
    let since = view::last_handover_of(state, viewer.me, patient);
    let is_about = |op: &baton_core::op::Op| {
        matches!(op.body, Body::Handover(_)) && op.patients_named().any(|named| named == patient)
    };
    Row {
        space: space.id(),
        patient,
        chip: Chip::of(patient, viewer),
        place: at(
            place.map(place_words),
            visit.and_then(|visit| visit.consultant.as_ref()),
        ),
        priority: sheet.and_then(|sheet| sheet.priority).map(|rated| rated.priority),
        rated: sheet.map_or_else(String::new, |sheet| {
            rated(sheet.priority, sheet.priority_before, viewer)
        }),
        who: responsible.map_or_else(
            || "Nobody is responsible yet".to_owned(),
            |responsible| who(state, responsible, viewer),
        ),
        is_alone: responsible.is_none_or(|known| view::standing(state, known) == Standing::Left),
        state: state_words,
        is_refused,
        gaps: view::gaps(state, patient)
            .iter()
            .map(|section| missing(section.title.as_str()))
            .collect(),
        unsettled: notes.filter(|(_, text)| text.is_in_conflict()).count(),
        changes: since.map(|since| changes(sync, space, patient, since, viewer)),
        sent: sent_of(space, &is_about),
    }
}

/// Where a patient is, and which consultant has them; empty when nobody knows.
fn at(place: Option<String>, consultant: Option<&Personal<String>>) -> String {
    let consultant = consultant.map(|name| format!("Consultant: {}", name.as_str()));
    let known = place
        .into_iter()
        .chain(consultant)
        .filter(|words| !words.is_empty());
    known.collect::<Vec<_>>().join(" · ")
}

/// How sick, in a word.
pub fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::Unstable => "Unstable",
        Priority::Watch => "Watch",
        Priority::Stable => "Stable",
    }
}

/// Who said how sick a patient is, when, and what was said before.
pub fn rated(now: Option<Rated>, before: Option<Rated>, viewer: &Viewer) -> String {
    let Some(now) = now else {
        return "Nobody has said how sick they are".to_owned();
    };
    let who = by(now.by.stamp.by, now.by.stamp.at, viewer);
    let before =
        before.map(|before| format!(". Before: {}", letter::lowered(priority_word(before.priority))));
    format!(
        "{}, said by {who}{}",
        priority_word(now.priority),
        before.unwrap_or_default()
    )
}

fn who(state: &SpaceState, responsible: &Responsible, viewer: &Viewer) -> String {
    let since = by(responsible.user, responsible.since.stamp.at, viewer);
    let from = responsible
        .from
        .map(|from| format!(", from {}", crate::store::event::name(from, viewer, false)));
    let left = match view::standing(state, responsible) {
        Standing::Here => "",
        Standing::Left => ". They have left the team: somebody has to take over",
    };
    let away = crate::store::duty::sentence(responsible.user, viewer).map(|away| format!(". {away}"));
    format!(
        "Responsible: {since}{}{left}{}",
        from.unwrap_or_default(),
        away.unwrap_or_default()
    )
}

/// How far it is with handing a patient over, and whether they were refused.
fn how_far(
    state: &SpaceState,
    patient: PatientId,
    responsible: Option<&Responsible>,
    viewer: &Viewer,
) -> (String, bool) {
    let Some(responsible) = responsible else {
        return (String::new(), false);
    };
    let mut offers = state.handovers.iter().rev();
    let newest =
        offers.find(|handover| handover.from() == responsible.user && handover.part(patient).is_some());
    let part = newest.and_then(|handover| handover.part(patient));
    match (newest, part.map(|part| &part.decision)) {
        (Some(handover), Some(None)) => {
            let (to, from) = (to(handover.to, state, viewer), name(handover.from(), viewer));
            let when = crate::store::work::when(handover.offered.stamp.at, viewer);
            let words = format!("Offered to {to}, {when}. Not accepted yet: stays with {from} until then");
            (words, false)
        }
        (Some(_), Some(Some(Decision::Refused { by: mark, reason }))) => {
            let who = by(mark.stamp.by, mark.stamp.at, viewer);
            (format!("Refused by {who}: {}", reason.as_str()), true)
        }
        (Some(_) | None, _) => ("Not handed over yet".to_owned(), false),
    }
}

/// To whom a handover is: a person, or a role with who answers for it.
pub fn to(to: To, state: &SpaceState, viewer: &Viewer) -> String {
    match to {
        To::Person(user) => crate::store::event::name(user, viewer, false),
        To::Role(id) => format!(
            "{} ({})",
            role::title(id, state),
            role::answers(id, state, viewer)
        ),
    }
}

/// `No resuscitation status` of `Resuscitation status`; of `NEWS2` it is `No NEWS2`.
pub fn missing(title: &str) -> String {
    let mut letters = title.chars();
    let Some(first) = letters.next() else {
        return "No ".to_owned();
    };
    let is_word = letters
        .clone()
        .next()
        .is_some_and(|second| letter::upper(second) != second);
    let first = if is_word { letter::lower(first) } else { first };
    format!("No {first}{}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_named_by_its_heading() {
        assert_eq!(missing("Resuscitation status"), "No resuscitation status");
        assert_eq!(missing("NEWS2 score"), "No NEWS2 score");
        assert_eq!(missing(""), "No ");
    }
}
