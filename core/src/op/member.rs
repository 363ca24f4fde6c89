//! Who belongs to a space.

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::id::UserId;

/// What is done to the membership of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOp {
    /// Somebody joined; from here on they may read everything, also what was before.
    Added(Added),
    /// Somebody left by themselves; the next epoch's key is not given to them.
    Left(Left),
    /// A member became an administrator.
    MadeAdmin(MadeAdmin),
    /// Somebody was removed (or left, as older versions say it); the next epoch's key is not given to them.
    Removed(Removed),
}

/// `member.added`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
    /// True when they join as an administrator (only the record and administrators may say so).
    #[serde(rename = "a", default)]
    pub admin: bool,
}

/// `member.left`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {}

/// `member.made_admin`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeAdmin {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
}

/// `member.removed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Who; oneself when one leaves.
    #[serde(rename = "u")]
    pub user: UserId,
}

impl MemberOp {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Added(_) => "member.added",
            Self::Left(_) => "member.left",
            Self::MadeAdmin(_) => "member.made_admin",
            Self::Removed(_) => "member.removed",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Added(payload) => cbor::to_bytes(payload),
            Self::Left(payload) => cbor::to_bytes(payload),
            Self::MadeAdmin(payload) => cbor::to_bytes(payload),
            Self::Removed(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "member.added" => variant(payload, Self::Added),
            "member.left" => variant(payload, Self::Left),
            "member.made_admin" => variant(payload, Self::MadeAdmin),
            "member.removed" => variant(payload, Self::Removed),
            _ => Ok(None),
        }
    }
}
