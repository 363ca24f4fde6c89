//! Handover: what a team writes about its patients for those who come next, and patients that change hands. A handover is
//! named by the id of the operation that offered it.

use super::variant;
use crate::cbor::{self, CborError};
use crate::id::{OpId, PatientId};

pub mod note;
pub mod offer;
pub mod section;

pub use note::{NOTE_BYTES, NoteSet, Priority, PrioritySet, TemplateSet};
pub use offer::{
    Accepted, Answered, Asked, CareEnded, Closed, Offered, ReadBack, Refused, ResponsibilityTaken,
    Satisfaction, Side, To, Unsent, Which, Withdrawn,
};
pub use section::{Section, SectionId};

/// What is done for a handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandoverOp {
    /// Who was offered patients accepted them.
    Accepted(Accepted),
    /// Somebody answered a question.
    Answered(Answered),
    /// Somebody asked something.
    Asked(Asked),
    /// A team does not look after patients any more.
    CareEnded(CareEnded),
    /// One side signed off.
    Closed(Closed),
    /// A section of a patient's sheet was written.
    NoteSet(NoteSet),
    /// Patients were offered to somebody.
    Offered(Box<Offered>),
    /// Somebody judged how sick a patient is.
    PrioritySet(PrioritySet),
    /// The receiver read something back.
    ReadBack(ReadBack),
    /// Who was offered patients refused them.
    Refused(Refused),
    /// Somebody became responsible for patients without an offer.
    ResponsibilityTaken(ResponsibilityTaken),
    /// The team's template changed.
    TemplateSet(TemplateSet),
    /// Who offered withdrew what was not accepted.
    Withdrawn(Withdrawn),
}

impl HandoverOp {
    /// The handover, or for an answer the question.
    pub(crate) fn target(&self) -> Option<OpId> {
        match self {
            Self::Accepted(op) => Some(op.handover),
            Self::Answered(op) => Some(op.question),
            Self::Asked(op) => Some(op.handover),
            Self::Closed(op) => Some(op.handover),
            Self::ReadBack(op) => Some(op.handover),
            Self::Refused(op) => Some(op.handover),
            Self::Withdrawn(op) => Some(op.handover),
            Self::CareEnded(_)
            | Self::NoteSet(_)
            | Self::Offered(_)
            | Self::PrioritySet(_)
            | Self::ResponsibilityTaken(_)
            | Self::TemplateSet(_) => None,
        }
    }

    /// The patients that it brings in: those of an offer or of care that ends are there already, or are brought in by it.
    pub(super) fn patients_named(&self) -> Vec<PatientId> {
        match self {
            Self::NoteSet(op) => vec![op.patient],
            Self::Offered(op) => op.patients.clone(),
            Self::PrioritySet(op) => vec![op.patient],
            Self::ResponsibilityTaken(op) => op.patients.clone(),
            Self::Accepted(_)
            | Self::Answered(_)
            | Self::Asked(_)
            | Self::CareEnded(_)
            | Self::Closed(_)
            | Self::ReadBack(_)
            | Self::Refused(_)
            | Self::TemplateSet(_)
            | Self::Withdrawn(_) => Vec::new(),
        }
    }

    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::Answered(_)
            | Self::Asked(_)
            | Self::ReadBack(_)
            | Self::Refused(_)
            | Self::TemplateSet(_) => true,
            Self::Closed(op) => !op.text.as_str().is_empty(),
            Self::NoteSet(op) => !op.text.as_str().is_empty(),
            Self::Offered(op) => !op.note.as_str().is_empty() || !op.place.as_str().is_empty(),
            Self::Accepted(_)
            | Self::CareEnded(_)
            | Self::PrioritySet(_)
            | Self::ResponsibilityTaken(_)
            | Self::Withdrawn(_) => false,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "handover.accepted",
            Self::Answered(_) => "handover.answered",
            Self::Asked(_) => "handover.asked",
            Self::CareEnded(_) => "handover.care_ended",
            Self::Closed(_) => "handover.closed",
            Self::NoteSet(_) => "handover.note_set",
            Self::Offered(_) => "handover.offered",
            Self::PrioritySet(_) => "handover.priority_set",
            Self::ReadBack(_) => "handover.read_back",
            Self::Refused(_) => "handover.refused",
            Self::ResponsibilityTaken(_) => "handover.responsibility_taken",
            Self::TemplateSet(_) => "handover.template_set",
            Self::Withdrawn(_) => "handover.withdrawn",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Accepted(payload) => cbor::to_bytes(payload),
            Self::Answered(payload) => cbor::to_bytes(payload),
            Self::Asked(payload) => cbor::to_bytes(payload),
            Self::CareEnded(payload) => cbor::to_bytes(payload),
            Self::Closed(payload) => cbor::to_bytes(payload),
            Self::NoteSet(payload) => cbor::to_bytes(payload),
            Self::Offered(payload) => cbor::to_bytes(payload),
            Self::PrioritySet(payload) => cbor::to_bytes(payload),
            Self::ReadBack(payload) => cbor::to_bytes(payload),
            Self::Refused(payload) => cbor::to_bytes(payload),
            Self::ResponsibilityTaken(payload) => cbor::to_bytes(payload),
            Self::TemplateSet(payload) => cbor::to_bytes(payload),
            Self::Withdrawn(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "handover.accepted" => variant(payload, Self::Accepted),
            "handover.answered" => variant(payload, Self::Answered),
            "handover.asked" => variant(payload, Self::Asked),
            "handover.care_ended" => variant(payload, Self::CareEnded),
            "handover.closed" => variant(payload, Self::Closed),
            "handover.note_set" => variant(payload, Self::NoteSet),
            "handover.offered" => variant(payload, Self::Offered),
            "handover.priority_set" => variant(payload, Self::PrioritySet),
            "handover.read_back" => variant(payload, Self::ReadBack),
            "handover.refused" => variant(payload, Self::Refused),
            "handover.responsibility_taken" => variant(payload, Self::ResponsibilityTaken),
            "handover.template_set" => variant(payload, Self::TemplateSet),
            "handover.withdrawn" => variant(payload, Self::Withdrawn),
            _ => Ok(None),
        }
    }
}
