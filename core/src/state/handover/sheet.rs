//! One patient's sheet: what holds in each section, how sick they are, who is responsible.

use serde::{Deserialize, Serialize};

use super::{Frozen, Mark};
use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{NoteSet, Priority, SectionId};
use crate::ordered::SortedMap;
use crate::text::{Basis, TextField};

/// What a team wrote about one patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Who, by the id that was named: [`crate::state::Patients::resolve`] says who that is now.
    #[serde(rename = "p")]
    pub patient: PatientId,
    #[serde(rename = "n", default, skip_serializing_if = "Notes::is_empty")]
    notes: Notes,
    /// How sick they are; `None` when nobody has judged it.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Rated>,
    /// What was judged before that, if it was something else.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub priority_before: Option<Rated>,
    /// Who is responsible for them; `None` when nobody was yet, or care has ended.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Responsible>,
    /// Who ended the team's care of them, when nobody took them since.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Mark>,
    /// The place of what was last written about them or judged; zero when nothing was.
    #[serde(rename = "q")]
    pub changed: Seq,
}

/// How sick somebody judged a patient to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// How sick.
    #[serde(rename = "r")]
    pub priority: Priority,
    /// Who, when.
    #[serde(rename = "s")]
    pub by: Mark,
}

/// Who is responsible for a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsible {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
    /// By which operation they became that: an acceptance, an offer of a patient whom nobody had, or by taking it.
    #[serde(rename = "s")]
    pub since: Mark,
    /// Who was before them.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UserId>,
}

/// What was written, by section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Notes(SortedMap<SectionId, TextField>);

impl Notes {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Sheet {
    pub(super) fn new(patient: PatientId) -> Self {
        Self {
            patient,
            notes: Notes::default(),
            priority: None,
            priority_before: None,
            responsible: None,
            ended: None,
            changed: Seq::ZERO,
        }
    }

    /// A section; `None` when nothing was ever written there.
    pub fn note(&self, section: &SectionId) -> Option<&TextField> {
        self.notes.0.get(section)
    }

    /// Whether nothing holds in a section.
    pub fn is_blank(&self, section: &SectionId) -> bool {
        self.note(section).is_none_or(|text| {
            text.current()
                .iter()
                .all(|version| version.text.as_str().trim().is_empty())
        })
    }

    /// The sections in which something was ever written, also those that left the template.
    pub fn notes(&self) -> impl Iterator<Item = (&SectionId, &TextField)> {
        self.notes.0.iter()
    }

    /// Whether an operation wrote something of what is held.
    pub(super) fn has_version(&self, op: OpId) -> bool {
        let mut held = self.notes.0.values().flat_map(TextField::versions);
        held.any(|version| version.stamp.op == op)
    }

    /// What to name in an edit of a section that begins now.
    pub fn basis(&self, section: &SectionId) -> Basis {
        self.note(section).map(TextField::basis).unwrap_or_default()
    }

    /// The bytes of what holds.
    pub fn bytes(&self) -> usize {
        let held = self.notes.0.values().flat_map(TextField::current);
        held.map(|version| version.text.as_str().len()).sum()
    }

    /// The place of what last happened to them.
    pub(super) fn touched(&self) -> Seq {
        let ended = self.ended.map_or(Seq::ZERO, |mark| mark.seq);
        self.changed.max(ended)
    }

    pub(super) fn write(&mut self, mark: Mark, set: &NoteSet) {
        let field = self.notes.0.or_default(set.section.clone());
        mark.rewrite(field, &set.text, set.base, &set.after);
        self.changed = mark.seq;
    }

    pub(super) fn rate(&mut self, mark: Mark, priority: Priority) {
        let rated = Rated { priority, by: mark };
        match self.priority.replace(rated) {
            Some(before) if before.priority != priority => self.priority_before = Some(before),
            Some(_) | None => {}
        }
        self.changed = mark.seq;
    }

    pub(super) fn hand_to(&mut self, mark: Mark, user: UserId) {
        let from = self.responsible.map(|before| before.user);
        let since = mark;
        self.responsible = Some(Responsible { user, since, from });
        self.ended = None;
    }

    pub(super) fn end_care(&mut self, mark: Mark) {
        self.responsible = None;
        self.ended = Some(mark);
    }

    pub(super) fn freeze(&self) -> Frozen {
        let held = self.notes.0.iter().filter(|(section, _)| !self.is_blank(section));
        Frozen {
            priority: self.priority,
            priority_before: self.priority_before,
            texts: held
                .map(|(section, text)| (section.clone(), text.current().to_vec()))
                .collect(),
            changed: self.changed,
        }
    }
}
