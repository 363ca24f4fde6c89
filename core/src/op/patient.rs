//! What becomes of patients in the index, as the record tells the spaces that hold them.

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::id::PatientId;
use crate::patient::{Patient, Place, Report};

/// What is told of patients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatientOp {
    /// The record knows this of a patient now.
    Refreshed(Box<Refreshed>),
}

/// `patient.refreshed`, made by the record only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refreshed {
    /// What is known now.
    #[serde(rename = "p")]
    pub patient: Patient,
    /// What happened since the space was told before, in the order in which it did, as far as people here must see it.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub news: Vec<News>,
    /// Reports of results that came since, in the order in which they did.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Report>,
}

/// Something that happened to a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// Admitted here.
    #[serde(rename = "a")]
    Admitted(Place),
    /// What was told last was withdrawn by the feed: an admission, transfer or discharge that did not happen.
    #[serde(rename = "c")]
    Cancelled,
    /// Died.
    #[serde(rename = "d")]
    Died,
    /// A death that was recorded is not one.
    #[serde(rename = "v")]
    DeathWithdrawn,
    /// Left.
    #[serde(rename = "x")]
    Discharged,
    /// Name, date of birth, gender or NHS number are others than before.
    #[serde(rename = "i")]
    IdentityChanged,
    /// Went on leave, or came back from it.
    #[serde(rename = "l")]
    Leave {
        /// True when they went.
        #[serde(rename = "o")]
        out: bool,
    },
    /// Found to be the same person as another, who stands for both from here on.
    #[serde(rename = "m")]
    MergedInto(PatientId),
    /// Moved to another place.
    #[serde(rename = "t")]
    Moved(Place),
    /// Another was found to be the same person, and is one with this one from here on.
    #[serde(rename = "g")]
    TookIn(PatientId),
    /// A merge was undone: this is a patient of their own again.
    #[serde(rename = "u")]
    Unmerged(PatientId),
}

impl PatientOp {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Refreshed(_) => "patient.refreshed",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Refreshed(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "patient.refreshed" => variant(payload, Self::Refreshed),
            _ => Ok(None),
        }
    }
}
