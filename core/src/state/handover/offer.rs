//! One handover: who offered which patients to whom, what became of each, and what was handed over.

use serde::{Deserialize, Serialize};

use super::talk::{Question, ReadBack, SignOff};
use super::{Frozen, Mark, Template};
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{Offered, Section, SectionId, Side, To, Which};
use crate::secret::Personal;

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
    /// Tasks that go along.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<OpId>,
    /// Roles that go along.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<OpId>,
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
    pub(super) fn new(patient: PatientId, offered: Frozen) -> Self {
        Self {
            patient,
            offered: Some(offered),
            accepted: None,
            decision: None,
        }
    }
}

impl Handover {
    pub(super) fn new(mark: Mark, op: &Offered, template: &Template, parts: Vec<Part>) -> Self {
        let left = template.left().iter();
        Self {
            offered: mark,
            to: op.to,
            list: op.list,
            tasks: op.tasks.clone(),
            roles: op.roles.clone(),
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

    /// Whether somebody may accept or refuse it. Who holds a role is not known here yet: an offer to a role is for anybody
    /// but who made it.
    pub fn may_receive(&self, user: UserId) -> bool {
        match self.to {
            To::Person(person) => person == user,
            To::Role(_) => self.from() != user,
        }
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
    pub(super) fn fill_from(&mut self, earlier: &Self) {
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
