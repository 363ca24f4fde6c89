//! The space itself: made, renamed.

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::chain::Seq;
use crate::id::{OpId, PatientId};
use crate::secret::Personal;

/// A title longer than this (in characters) is refused.
pub const TITLE_CHARS: usize = 120;

/// What is done to a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceOp {
    /// The first entry of every log, made by the record.
    Created(Created),
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
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Created(_) => "space.created",
            Self::Renamed(_) => "space.renamed",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Created(payload) => cbor::to_bytes(payload),
            Self::Renamed(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "space.created" => variant(payload, Self::Created),
            "space.renamed" => variant(payload, Self::Renamed),
            _ => Ok(None),
        }
    }
}
