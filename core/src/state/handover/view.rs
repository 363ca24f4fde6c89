//! What screens ask of handovers, over the whole state of a space. Nothing here changes anything or reads a clock.

use super::{Handover, Responsible, Sheet};
use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{Priority, Section, SectionId, Unsent};
use crate::ordered::{SortedMap, SortedSet, sort_by_key};
use crate::state::handover::Decision;
use crate::state::{Mark, SpaceState};

/// Whether somebody who is responsible is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A member of the space.
    Here,
    /// No longer a member: somebody has to take the responsibility over. Until then it is shown as theirs.
    Left,
}

/// Whether who is responsible is still a member.
pub fn standing(state: &SpaceState, responsible: &Responsible) -> Standing {
    if state.members.contains(responsible.user) {
        Standing::Here
    } else {
        Standing::Left
    }
}

/// All who are responsible for a patient under one of their ids: after a merge that may be two, until one of them takes the
/// other's.
pub fn responsible_for_person(state: &SpaceState, patient: PatientId) -> Vec<&Responsible> {
    let person = state.patients.resolve(patient);
    let sheets = state.handovers.sheets();
    sheets
        .filter(|sheet| state.patients.resolve(sheet.patient) == person)
        .filter_map(|sheet| sheet.responsible.as_ref())
        .collect()
}

/// What somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub user: UserId,
    /// Whether they are still there.
    pub standing: Standing,
    /// For whom they are responsible, sickest first.
    pub patients: Vec<PatientId>,
}

/// Who has which patients; those of people who have left come first, since somebody has to take them.
pub fn who_has(state: &SpaceState) -> Vec<Holding> {
    let mut by: SortedMap<UserId, (Standing, Vec<PatientId>)> = SortedMap::new();
    for sheet in state.handovers.sheets() {
        let Some(responsible) = &sheet.responsible else {
            continue;
        };
        let new = || (standing(state, responsible), Vec::new());
        by.or_insert_with(responsible.user, new).1.push(sheet.patient);
    }
    let mut holdings: Vec<Holding> = by
        .into_iter()
        .map(|(user, (standing, mut patients))| {
            sickest_first(state, &mut patients);
            Holding {
                user,
                standing,
                patients,
            }
        })
        .collect();
    sort_by_key(&mut holdings, |holding| holding.standing == Standing::Here);
    holdings
}

/// Patients whose responsible person has left, sickest first.
pub fn to_be_taken(state: &SpaceState) -> Vec<PatientId> {
    let holdings = who_has(state).into_iter();
    let mut patients: Vec<PatientId> = holdings
        .filter(|holding| holding.standing == Standing::Left)
        .flat_map(|holding| holding.patients)
        .collect();
    sickest_first(state, &mut patients);
    patients
}

/// Patients on a list that is not in the archive for whom nobody is responsible, sickest first.
pub fn nobodys(state: &SpaceState) -> Vec<PatientId> {
    let lists = state.lists.iter().filter(|(_, list)| list.archived.is_none());
    let on_lists: SortedSet<PatientId> = lists
        .flat_map(|(_, list)| list.rows().map(|row| row.patient).collect::<Vec<_>>())
        .collect();
    let sheets = state.handovers.sheets();
    let somebodys: SortedSet<PatientId> = sheets
        .filter(|sheet| sheet.responsible.is_some())
        .map(|sheet| state.patients.resolve(sheet.patient))
        .collect();
    let mut patients: Vec<PatientId> = on_lists
        .into_iter()
        .filter(|patient| !somebodys.contains(&state.patients.resolve(*patient)))
        .collect();
    sickest_first(state, &mut patients);
    patients
}

/// What somebody still has to hand over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftToHandOver {
    /// Offered to nobody, sickest first.
    pub left: Vec<PatientId>,
    /// Offered, in which handover, and not accepted yet.
    pub waiting: Vec<(PatientId, OpId)>,
    /// Refused in the newest handover in which they were offered, and still theirs.
    pub refused: Vec<(PatientId, OpId)>,
}

/// What somebody still has to hand over. Everybody for whom they are responsible is in exactly one of the three.
pub fn left_to_hand_over(state: &SpaceState, user: UserId) -> LeftToHandOver {
    let mut theirs = LeftToHandOver::default();
    let mut patients: Vec<PatientId> = state.handovers.of(user).map(|sheet| sheet.patient).collect();
    sickest_first(state, &mut patients);
    for patient in patients {
        let mut offers = state.handovers.iter().rev();
        let newest = offers.find(|handover| handover.from() == user && handover.part(patient).is_some());
        let decision = newest.and_then(|handover| handover.part(patient)?.decision.as_ref());
        match (newest, decision) {
            (Some(handover), None) => theirs.waiting.push((patient, handover.id())),
            (Some(handover), Some(Decision::Refused { .. })) => {
                theirs.refused.push((patient, handover.id()));
            }
            (Some(_), Some(_)) | (None, _) => theirs.left.push(patient),
        }
    }
    theirs
}

/// What somebody was offered and has not decided yet: handovers for them alone, or for a role that they hold or answer for now.
pub fn offered_to(state: &SpaceState, user: UserId) -> impl Iterator<Item = &Handover> {
    let handovers = state.handovers.iter();
    handovers.filter(move |handover| handover.may_receive(user, &state.roles) && handover.is_waiting())
}

/// What to name in an offer of these patients that somebody makes now: of what they wrote and is only on this device, what
/// holds in each section. `state` is what is shown.
pub fn unsent(state: &SpaceState, patients: &[PatientId], user: UserId) -> Vec<Unsent> {
    let mut unsent = Vec::new();
    for (index, patient) in (0..=u8::MAX).zip(patients) {
        let notes = state.handovers.sheet(*patient).into_iter().flat_map(Sheet::notes);
        let held = notes
            .flat_map(|(_, text)| text.current())
            .map(|version| version.stamp);
        let theirs = held.filter(|stamp| stamp.recorded.is_none() && stamp.by == user);
        unsent.extend(theirs.map(|stamp| Unsent {
            patient: index,
            note: stamp.op,
        }));
    }
    unsent
}

/// The expected sections of a patient's sheet that are empty.
pub fn gaps(state: &SpaceState, patient: PatientId) -> Vec<Section> {
    let sheet = state.handovers.sheet(patient);
    let is_blank = |section: &Section| sheet.is_none_or(|sheet| sheet.is_blank(&section.id));
    let sections = state.handovers.template.sections().into_owned();
    sections
        .into_iter()
        .filter(|section| section.is_expected && is_blank(section))
        .collect()
}

/// Orders patients sickest first; those of whom nobody said how sick they are come before those who are stable, so that
/// nobody is at the end for want of a word. Who is alike stays in the order in which they came.
pub fn sickest_first(state: &SpaceState, patients: &mut [PatientId]) {
    let priority = |patient: &PatientId| state.handovers.sheet(*patient)?.priority;
    sort_by_key(patients, |patient| {
        match priority(patient).map(|rated| rated.priority) {
            Some(Priority::Unstable) => 0_u8,
            Some(Priority::Watch) => 1,
            None => 2,
            Some(Priority::Stable) => 3,
        }
    });
}

/// When somebody last gave or took a patient, as far as handovers are held; of one whom they never had, when they last gave or
/// took any. What was offered counts once it was accepted, from when it was offered: until then it was theirs, and
/// what came after is news to who gave it too.
pub fn last_handover_of(state: &SpaceState, user: UserId, patient: PatientId) -> Option<Mark> {
    let stands = state.patients.resolve(patient);
    let parts = state
        .handovers
        .iter()
        .flat_map(|handover| handover.parts.iter().map(move |part| (handover, part)));
    let theirs = parts.filter_map(|(handover, part)| {
        let Some(Decision::Accepted(by)) = &part.decision else {
            return None;
        };
        let given = (handover.from() == user).then_some(handover.offered);
        let since = if by.stamp.by == user { Some(*by) } else { given }?;
        Some((state.patients.resolve(part.patient) == stands, since))
    });
    let last = theirs.max_by_key(|(is_of_patient, since)| (*is_of_patient, since.seq));
    last.map(|(_, since)| since)
}

/// What changed on one patient's sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Who.
    pub patient: PatientId,
    /// The sections that were written.
    pub sections: Vec<SectionId>,
    /// How sick they are now, if somebody judged it since; and how sick they were judged before, if it was otherwise.
    pub priority: Option<(Option<Priority>, Priority)>,
    /// Who is responsible now, if that changed; `None` inside when care has ended.
    pub responsible: Option<Option<UserId>>,
}

/// What changed after a place in the log, sickest first. Patients of whom nothing changed are left out.
pub fn changed_since(state: &SpaceState, since: Seq) -> Vec<Changed> {
    let sheets = state.handovers.sheets();
    let mut all: Vec<Changed> = sheets.filter_map(|sheet| changed_on(sheet, since)).collect();
    let mut order: Vec<PatientId> = all.iter().map(|changed| changed.patient).collect();
    sickest_first(state, &mut order);
    sort_by_key(&mut all, |changed| {
        order.iter().position(|patient| *patient == changed.patient)
    });
    all
}

/// What changed on one patient's sheet after a place in the log; `None` when nothing did.
pub fn changed_on(sheet: &Sheet, since: Seq) -> Option<Changed> {
    let written = sheet
        .notes()
        .filter(|(_, text)| text.versions().any(|version| version.seq > since));
    let rated = sheet.priority.filter(|rated| rated.by.seq > since);
    let before = sheet.priority_before.map(|rated| rated.priority);
    let taken = sheet
        .responsible
        .filter(|responsible| responsible.since.seq > since);
    let ended = sheet.ended.filter(|mark| mark.seq > since);
    let changed = Changed {
        patient: sheet.patient,
        sections: written.map(|(section, _)| section.clone()).collect(),
        priority: rated.map(|rated| (before, rated.priority)),
        responsible: taken.map(|taken| Some(taken.user)).or(ended.map(|_| None)),
    };
    let is_any = !changed.sections.is_empty() || changed.priority.is_some() || changed.responsible.is_some();
    is_any.then_some(changed)
}

/// Patients of a handover whose sheet changed after they were offered: those who wait, against their sheet as it is now; those
/// who were accepted, against what it was then.
pub fn changed_after_offer(state: &SpaceState, handover: &Handover) -> Vec<PatientId> {
    let parts = handover.parts.iter().filter(|part| match &part.decision {
        None => {
            let now = state.handovers.sheet(part.patient).map(|sheet| sheet.changed);
            let then = part.offered.as_ref().map(|offered| offered.changed);
            now > then
        }
        Some(Decision::Accepted(_)) => part.accepted.is_some(),
        Some(Decision::Overtaken(_) | Decision::Refused { .. } | Decision::Withdrawn(_)) => false,
    });
    parts.map(|part| part.patient).collect()
}
