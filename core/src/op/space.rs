//! The space itself: made, renamed; and what a team says of itself: what it is for, what everybody should know, who may
//! write.

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::chain::Seq;
use crate::id::{OpId, PatientId};
use crate::secret::Personal;

/// A title longer than this (in characters) is refused.
pub const TITLE_CHARS: usize = 120;

/// A purpose longer than this (in bytes of UTF-8) is refused.
pub const PURPOSE_BYTES: usize = 2 * 1024;

/// A pinned note longer than this (in bytes of UTF-8) is refused.
pub const PINNED_BYTES: usize = 2 * 1024;

/// More pinned notes than this are refused: what is pinned is to be read.
pub const PINNED: usize = 10;

/// What is done to a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceOp {
    /// Only administrators write from here on, or everybody again.
    AnnouncementsOnly(AnnouncementsOnly),
    /// The first entry of every log, made by the record.
    Created(Created),
    /// A note for everybody was pinned.
    NotePinned(NotePinned),
    /// A pinned note was taken down.
    NoteUnpinned(NoteUnpinned),
    /// What the team is for was written.
    PurposeSet(PurposeSet),
    /// The title changed.
    Renamed(Renamed),
}

/// `space.created`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// What kind of space.
    #[serde(rename = "k")]
    pub kind: SpaceKind,
    /// Its title; empty for `Direct`, which is shown by the other person's name.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// The patient around whom it is; only of `Patient`.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
}

/// `space.renamed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// The new title.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// The place of the version that its author had before them.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had written there before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}

/// `space.purpose_set`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposeSet {
    /// What the team is for; empty when that was cleared.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// The place of the version that its author had before them; zero when there was none.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had written there before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}

/// `space.note_pinned`. A pinned note is named by the id of this operation, and never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotePinned {
    /// What everybody should know.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `space.note_unpinned`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteUnpinned {
    /// Which note.
    #[serde(rename = "n")]
    pub note: OpId,
}

/// `space.announcements_only`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementsOnly {
    /// True when only administrators write from here on. An urgent answer is taken from everybody all the same.
    #[serde(rename = "o")]
    pub on: bool,
}

/// What kind of space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SpaceKind {
    /// Two people.
    #[serde(rename = "direct")]
    Direct,
    /// Some people, ad hoc.
    #[serde(rename = "group")]
    Group,
    /// One person's own: their lists. Nobody else ever belongs to it.
    #[serde(rename = "own")]
    Own,
    /// The people around one patient, across organisations. Shown by the patient's name.
    #[serde(rename = "patient")]
    Patient,
    /// A ward, a community nursing team, a care home, a service across organisations.
    #[serde(rename = "team")]
    Team,
}

impl SpaceOp {
    /// A pinned note that is taken down.
    pub(crate) fn target(&self) -> Option<OpId> {
        match self {
            Self::NoteUnpinned(op) => Some(op.note),
            Self::AnnouncementsOnly(_)
            | Self::Created(_)
            | Self::NotePinned(_)
            | Self::PurposeSet(_)
            | Self::Renamed(_) => None,
        }
    }

    pub(super) fn shows_refused(&self) -> bool {
        match self {
            Self::Created(_) | Self::Renamed(_) => true,
            Self::AnnouncementsOnly(_)
            | Self::NotePinned(_)
            | Self::NoteUnpinned(_)
            | Self::PurposeSet(_) => false,
        }
    }

    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::Created(_) | Self::NotePinned(_) | Self::Renamed(_) => true,
            Self::PurposeSet(op) => !op.text.as_str().is_empty(),
            Self::AnnouncementsOnly(_) | Self::NoteUnpinned(_) => false,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::AnnouncementsOnly(_) => "space.announcements_only",
            Self::Created(_) => "space.created",
            Self::NotePinned(_) => "space.note_pinned",
            Self::NoteUnpinned(_) => "space.note_unpinned",
            Self::PurposeSet(_) => "space.purpose_set",
            Self::Renamed(_) => "space.renamed",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::AnnouncementsOnly(payload) => cbor::to_bytes(payload),
            Self::Created(payload) => cbor::to_bytes(payload),
            Self::NotePinned(payload) => cbor::to_bytes(payload),
            Self::NoteUnpinned(payload) => cbor::to_bytes(payload),
            Self::PurposeSet(payload) => cbor::to_bytes(payload),
            Self::Renamed(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "space.announcements_only" => variant(payload, Self::AnnouncementsOnly),
            "space.created" => variant(payload, Self::Created),
            "space.note_pinned" => variant(payload, Self::NotePinned),
            "space.note_unpinned" => variant(payload, Self::NoteUnpinned),
            "space.purpose_set" => variant(payload, Self::PurposeSet),
            "space.renamed" => variant(payload, Self::Renamed),
            _ => Ok(None),
        }
    }
}
