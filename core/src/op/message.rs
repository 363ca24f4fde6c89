//! What is said in a space.

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::id::{OpId, PatientId, UserId};
use crate::photo::Photo;
use crate::secret::Personal;

/// A text longer than this (in bytes of UTF-8) is refused.
pub const TEXT_BYTES: usize = 16 * 1024;

/// More people than this named in one message are refused.
pub const MENTIONS: usize = 50;

/// A message to more roles than this is refused: who answers for each is looked up whenever it is shown.
pub const ROLES: usize = 10;

/// More photos than this in one message are refused.
pub const PHOTOS: usize = 4;

/// What is done with messages. A message is named by the id of the operation that posted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageOp {
    /// Somebody acknowledged an urgent message.
    Acknowledged(Acknowledged),
    /// The author corrected a message; every version stays.
    Corrected(Corrected),
    /// Somebody wrote something.
    Posted(Posted),
    /// The author withdrew a message: it is hidden, and the record keeps it.
    Withdrawn(Withdrawn),
}

/// `message.posted`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// What was written.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// How pressing it is.
    #[serde(rename = "p", default, skip_serializing_if = "Priority::is_routine")]
    pub priority: Priority,
    /// The message that this one answers.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<OpId>,
    /// Whom it names, besides being read by all.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<UserId>,
    /// The roles of the space that it is to, by the operations that defined them: it follows whoever holds each.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<OpId>,
    /// The patient that it is about.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// The photos that it shows. The record has each before it has the message.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// How pressing a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    /// Read when there is time.
    #[default]
    #[serde(rename = "r")]
    Routine,
    /// Interrupts, and asks to be acknowledged.
    #[serde(rename = "u")]
    Urgent,
}

impl Priority {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with a reference"
    )]
    pub(crate) fn is_routine(&self) -> bool {
        *self == Self::Routine
    }
}

/// `message.corrected`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// Which message.
    #[serde(rename = "m")]
    pub message: OpId,
    /// The text as it should be.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `message.withdrawn`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Which message.
    #[serde(rename = "m")]
    pub message: OpId,
}

/// `message.acknowledged`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Which message.
    #[serde(rename = "m")]
    pub message: OpId,
}

impl MessageOp {
    pub(crate) fn target(&self) -> Option<OpId> {
        match self {
            Self::Acknowledged(op) => Some(op.message),
            Self::Corrected(op) => Some(op.message),
            Self::Posted(_) => None,
            Self::Withdrawn(op) => Some(op.message),
        }
    }

    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::Acknowledged(_) | Self::Withdrawn(_) => false,
            Self::Corrected(_) | Self::Posted(_) => true,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Acknowledged(_) => "message.acknowledged",
            Self::Corrected(_) => "message.corrected",
            Self::Posted(_) => "message.posted",
            Self::Withdrawn(_) => "message.withdrawn",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Acknowledged(payload) => cbor::to_bytes(payload),
            Self::Corrected(payload) => cbor::to_bytes(payload),
            Self::Posted(payload) => cbor::to_bytes(payload),
            Self::Withdrawn(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "message.acknowledged" => variant(payload, Self::Acknowledged),
            "message.corrected" => variant(payload, Self::Corrected),
            "message.posted" => variant(payload, Self::Posted),
            "message.withdrawn" => variant(payload, Self::Withdrawn),
            _ => Ok(None),
        }
    }
}
