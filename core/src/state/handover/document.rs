//! A handover as a document, in plain values: for a screen, for paper, and for a FHIR Composition of which each section is one.
//! It is built of what was frozen, never of what stands on the sheets now.

use super::view::changed_after_offer;
use super::{Along, Decision, Frozen, Handover, Mark, Question, Rated, ReadBack, SignOff};
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{Section, SectionId, To};
use crate::secret::Personal;
use crate::state::SpaceState;
use crate::text::TextVersion;

/// A handover as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub handover: OpId,
    /// Who offered, when: date, time, and who hands over.
    pub offered: Mark,
    /// To whom.
    pub to: To,
    /// Where; empty when nobody said.
    pub place: Personal<String>,
    /// What was said of the whole shift; empty when nothing was.
    pub note: Personal<String>,
    /// The list that it was of.
    pub list: Option<OpId>,
    /// Tasks that were to go along.
    pub tasks: Vec<OpId>,
    /// Roles that were to go along.
    pub roles: Vec<OpId>,
    /// What became of those; of which nothing is said here stayed with who offered.
    pub along: Vec<Along>,
    /// Who was there besides, as either side said; each once.
    pub present: Vec<UserId>,
    /// Its patients, in the order in which they were handed over.
    pub patients: Vec<PatientPart>,
    /// What was asked of the whole.
    pub questions: Vec<Question>,
    /// Who signed off, with what they said of it.
    pub sign_offs: Vec<SignOff>,
    /// Both sides signed off, and nobody waits.
    pub is_closed: bool,
    /// False when the texts are no longer held here: [`super::past::Past`] gives them.
    pub has_texts: bool,
}

/// One patient of a handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientPart {
    /// Who.
    pub patient: PatientId,
    /// What was offered.
    pub offered: Page,
    /// What stood there when they were accepted, where that was something else.
    pub accepted: Option<Page>,
    /// True when something changed between the offer and the acceptance, or now where they still wait.
    pub has_changed: bool,
    /// True when who offered had written more about them, which the record did not take: it is not in this document.
    pub is_missing_notes: bool,
    /// What became of the offer; `None` while they wait.
    pub decision: Option<Decision>,
    /// What was asked about them.
    pub questions: Vec<Question>,
    /// What was read back about them.
    pub read_backs: Vec<ReadBack>,
}

/// A sheet as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How sick they were said to be.
    pub priority: Option<Rated>,
    /// What was said before that.
    pub priority_before: Option<Rated>,
    /// Its sections: all of the template, and those that left it where something stood in them.
    pub sections: Vec<SectionPart>,
}

/// One section of a sheet as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionPart {
    /// Which.
    pub id: SectionId,
    /// Its heading.
    pub title: Personal<String>,
    /// True when it was expected and empty.
    pub is_gap: bool,
    /// What held: nothing, a text with its author and time, or several that waited to be settled.
    pub versions: Vec<TextVersion>,
}

impl Document {
    /// The document of a handover that is held, or that [`super::past::Past`] gave.
    pub fn of(state: &SpaceState, handover: &Handover) -> Self {
        let changed = changed_after_offer(state, handover);
        let patients = handover.parts.iter().map(|part| {
            let page = |frozen: &Frozen| page(frozen, handover);
            PatientPart {
                patient: part.patient,
                offered: part.offered.as_ref().map(page).unwrap_or_default(),
                accepted: part.accepted.as_ref().map(page),
                has_changed: changed.contains(&part.patient),
                is_missing_notes: part.is_missing_notes,
                decision: part.decision.clone(),
                questions: questions(handover, Some(part.patient)),
                read_backs: read_backs(handover, part.patient),
            }
        });
        Self {
            handover: handover.id(),
            offered: handover.offered,
            to: handover.to,
            place: handover.place.clone(),
            note: handover.note.clone(),
            list: handover.list,
            tasks: handover.tasks.clone(),
            roles: handover.roles.clone(),
            along: handover.along.clone(),
            present: present(handover),
            patients: patients.collect(),
            questions: questions(handover, None),
            sign_offs: handover.sign_offs.clone(),
            is_closed: handover.is_closed(),
            has_texts: handover.has_document(),
        }
    }
}

fn page(frozen: &Frozen, handover: &Handover) -> Page {
    let is_shown = |section: &&Section| {
        let is_left = handover.is_left(&section.id);
        !is_left || !frozen.text(&section.id).is_empty()
    };
    let sections = handover.headings.iter().filter(is_shown).map(|section| {
        let versions = frozen.text(&section.id).to_vec();
        SectionPart {
            id: section.id.clone(),
            title: section.title.clone(),
            is_gap: section.is_expected && versions.is_empty(),
            versions,
        }
    });
    Page {
        priority: frozen.priority,
        priority_before: frozen.priority_before,
        sections: sections.collect(),
    }
}

fn questions(handover: &Handover, about: Option<PatientId>) -> Vec<Question> {
    let asked = handover.questions.iter();
    asked
        .filter(|question| question.patient == about)
        .cloned()
        .collect()
}

fn read_backs(handover: &Handover, about: PatientId) -> Vec<ReadBack> {
    let read = handover.read_backs.iter();
    read.filter(|read| read.patient == about).cloned().collect()
}

fn present(handover: &Handover) -> Vec<UserId> {
    let signed = handover.sign_offs.iter().flat_map(|signed| &signed.present);
    let mut present: Vec<UserId> = Vec::new();
    for user in handover.present.iter().chain(signed) {
        if !present.contains(user) {
            present.push(*user);
        }
    }
    present
}
