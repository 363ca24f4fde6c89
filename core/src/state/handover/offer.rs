//! One handover: who offered which patients to whom, what became of each, and what was handed over.

use serde::{Deserialize, Serialize};

use super::talk::{Question, ReadBack, SignOff};
use super::{Along, Frozen, Mark, Sheet, Template};
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{Offered, Section, SectionId, Side, To, Which};
use crate::ordered::SortedSet;
use crate::secret::Personal;
use crate::state::Roles;

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Who offered it, when; its id is that of this operation.
    #[serde(rename = "s")]
    pub offered: Mark,
    /// To whom.
    #[serde(rename = "o")]
    pub to: To,
    /// The list that the patients were taken from.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub list: Option<OpId>,
    /// Tasks that go along, each once.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<OpId>,
    /// Roles that go along, each once.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<OpId>,
    /// What became of those tasks and roles; of which nothing is said here has not gone along.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) along: Vec<Along>,
    /// Where it took place; empty when nobody said.
    #[serde(rename = "w")]
    pub place: Personal<String>,
    /// What was said of the whole shift; empty when nothing was.
    #[serde(rename = "t")]
    pub note: Personal<String>,
    /// Who was there besides.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<UserId>,
    /// The headings as they were, those that had left the template last; none when the document is no longer held.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<Section>,
    /// Those of them that had left the template.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    left: Vec<SectionId>,
    /// Its patients, in the order in which they are handed over; each once.
    #[serde(rename = "p")]
    pub parts: Vec<Part>,
    /// What was asked, in the order of the log.
    #[serde(rename = "q", default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What was read back, in the order of the log.
    #[serde(rename = "b", default, skip_serializing_if = "Vec::is_empty")]
    pub read_backs: Vec<ReadBack>,
    /// Who signed off, in the order of the log.
    #[serde(rename = "z", default, skip_serializing_if = "Vec::is_empty")]
    pub sign_offs: Vec<SignOff>,
}

/// One patient of a handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Who.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// What was offered; `None` when the document is no longer held.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<Frozen>,
    /// What stood there when they were accepted, if that was no longer what was offered.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Frozen>,
    /// What became of it; `None` while they wait.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// True when who offered had written more about them, which the record did not take.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_missing_notes: bool,
}

/// What became of a patient who was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// Accepted: theirs from here on.
    #[serde(rename = "a")]
    Accepted(Mark),
    /// Somebody else took the responsibility, or care ended, before anybody accepted.
    #[serde(rename = "o")]
    Overtaken(Mark),
    /// Refused: still with who offered.
    #[serde(rename = "r")]
    Refused {
        /// Who refused, when.
        #[serde(rename = "s")]
        by: Mark,
        /// Why.
        #[serde(rename = "t")]
        reason: Personal<String>,
    },
    /// Withdrawn by who offered.
    #[serde(rename = "w")]
    Withdrawn(Mark),
}

impl Part {
    /// As a sheet is offered; `index` is the place of the patient in the offer.
    pub(super) fn new(index: usize, sheet: &Sheet, op: &Offered) -> Self {
        let mut unsent = op
            .unsent
            .iter()
            .filter(|unsent| usize::from(unsent.patient) == index);
        Self {
            patient: sheet.patient,
            offered: Some(sheet.freeze()),
            accepted: None,
            decision: None,
            is_missing_notes: unsent.any(|unsent| !sheet.has_version(unsent.note)),
        }
    }

    /// Who accepted or refused them, when.
    pub fn decided_by_receiver(&self) -> Option<Mark> {
        match &self.decision {
            Some(Decision::Accepted(by) | Decision::Refused { by, .. }) => Some(*by),
            Some(Decision::Overtaken(_) | Decision::Withdrawn(_)) | None => None,
        }
    }
}

/// In the same order.
fn each_once(ids: &[OpId]) -> Vec<OpId> {
    let mut seen = SortedSet::new();
    let is_new = |id: &OpId| seen.insert(*id);
    ids.iter().copied().filter(is_new).collect()
}

impl Handover {
    pub(super) fn new(mark: Mark, op: &Offered, template: &Template, parts: Vec<Part>) -> Self {
        let left = template.left().iter();
        Self {
            offered: mark,
            to: op.to,
            list: op.list,
            tasks: each_once(&op.tasks),
            roles: each_once(&op.roles),
            along: Vec::new(),
            place: op.place.clone(),
            note: op.note.clone(),
            present: op.present.clone(),
            headings: template.headings(),
            left: left.map(|section| section.id.clone()).collect(),
            parts,
            questions: Vec::new(),
            read_backs: Vec::new(),
            sign_offs: Vec::new(),
        }
    }

    /// Its id.
    pub fn id(&self) -> OpId {
        self.offered.stamp.op
    }

    /// Who offered it.
    pub fn from(&self) -> UserId {
        self.offered.stamp.by
    }

    /// Whether somebody may accept or refuse it now: whom it was offered to, or who holds or answers for the role. Nobody
    /// receives from themselves.
    pub fn may_receive(&self, user: UserId, roles: &Roles) -> bool {
        let is_for_them = match self.to {
            To::Person(person) => person == user,
            To::Role(role) => roles.answers(role) == Some(user),
        };
        is_for_them && self.from() != user
    }

    /// Whether somebody is the side that receives: who decided on a patient stays that when the role moves on. While nobody
    /// has decided it is who may.
    pub fn is_receiver(&self, user: UserId, roles: &Roles) -> bool {
        let mut deciders = self.parts.iter().filter_map(Part::decided_by_receiver);
        match self.to {
            To::Person(person) => person == user,
            To::Role(_) if self.is_decided_by_receiver() => deciders.any(|mark| mark.stamp.by == user),
            To::Role(_) => self.may_receive(user, roles),
        }
    }

    fn is_decided_by_receiver(&self) -> bool {
        self.parts.iter().any(|part| part.decided_by_receiver().is_some())
    }

    /// Whether somebody accepted any of its patients.
    pub fn has_accepted(&self, user: UserId) -> bool {
        let is_theirs =
            |part: &Part| matches!(part.decision, Some(Decision::Accepted(mark)) if mark.stamp.by == user);
        self.parts.iter().any(is_theirs)
    }

    /// What became of a patient.
    pub fn part(&self, patient: PatientId) -> Option<&Part> {
        self.parts.iter().find(|part| part.patient == patient)
    }

    /// Whether a patient waits to be accepted or refused.
    pub fn is_waiting_for(&self, patient: PatientId) -> bool {
        self.part(patient).is_some_and(|part| part.decision.is_none())
    }

    /// Whether any patient waits.
    pub fn is_waiting(&self) -> bool {
        self.parts.iter().any(|part| part.decision.is_none())
    }

    /// Those of these who wait, in order.
    pub fn waiting_of<'a>(&'a self, which: &'a Which) -> impl Iterator<Item = PatientId> + 'a {
        let waiting = self.parts.iter().filter(|part| part.decision.is_none());
        waiting
            .map(|part| part.patient)
            .filter(|patient| which.includes(*patient))
    }

    /// Both sides signed off, and nobody waits.
    pub fn is_closed(&self) -> bool {
        !self.is_waiting() && self.is_signed(Side::Giving) && self.is_signed(Side::Receiving)
    }

    /// Whether a side signed off.
    pub fn is_signed(&self, side: Side) -> bool {
        self.sign_offs.iter().any(|signed| signed.side == side)
    }

    /// Whether a section had left the template.
    pub fn is_left(&self, section: &SectionId) -> bool {
        self.left.contains(section)
    }

    /// Whether what was handed over is held.
    pub fn has_document(&self) -> bool {
        self.parts.iter().any(|part| part.offered.is_some())
    }

    pub(super) fn decide(&mut self, patient: PatientId, decision: Decision) {
        let mut parts = self.parts.iter_mut();
        if let Some(part) = parts.find(|part| part.patient == patient) {
            part.decision.get_or_insert(decision);
        }
    }

    pub(super) fn accept(&mut self, mark: Mark, patient: PatientId, now: Frozen) {
        let mut parts = self.parts.iter_mut();
        if let Some(part) = parts.find(|part| part.patient == patient) {
            let has_changed = part.offered.as_ref().is_some_and(|offered| *offered != now);
            part.accepted = has_changed.then_some(now);
            part.decision.get_or_insert(Decision::Accepted(mark));
        }
    }

    /// The bytes of what was handed over.
    pub fn document_bytes(&self) -> usize {
        let frozen = self.parts.iter().flat_map(|part| [&part.offered, &part.accepted]);
        let texts: usize = frozen.flatten().map(Frozen::bytes).sum();
        texts + self.place.as_str().len() + self.note.as_str().len() + self.said_bytes()
    }

    pub(super) fn let_document_go(&mut self) {
        self.headings.clear();
        self.left.clear();
        for part in &mut self.parts {
            part.offered = None;
            part.accepted = None;
        }
    }

    /// Takes over what is no longer held here from an earlier look at the same handover.
    pub fn fill_from(&mut self, earlier: &Self) {
        self.headings.clone_from(&earlier.headings);
        self.left.clone_from(&earlier.left);
        for part in &mut self.parts {
            if let Some(known) = earlier.part(part.patient) {
                part.offered.clone_from(&known.offered);
                part.accepted.clone_from(&known.accepted);
            }
        }
    }
}
