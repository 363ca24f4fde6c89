//! Who belongs to a space, and who of a team is on duty.

use serde::{Deserialize, Serialize};

use super::role::Fallback;
use super::variant;
use crate::cbor::{self, CborError};
use crate::id::{OpId, UserId};
use crate::time::At;

/// What is done to the membership of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOp {
    /// Somebody joined; from here on they may read everything, also what was before.
    Added(Added),
    /// A member of a team is on duty from here on.
    CameOnDuty(CameOnDuty),
    /// Somebody left by themselves; the next epoch's key is not given to them.
    Left(Left),
    /// A member became an administrator.
    MadeAdmin(MadeAdmin),
    /// Somebody was removed (or left, as older versions say it); the next epoch's key is not given to them.
    Removed(Removed),
    /// A member of a team is off duty from here on; what they have stays with them.
    WentOffDuty(WentOffDuty),
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

/// `member.came_on_duty`. Who comes is its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameOnDuty {
    /// The operation that said last whether they are on duty, as their device saw it; `None` for the first.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub base: Option<OpId>,
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

/// `member.went_off_duty`. Who goes is its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WentOffDuty {
    /// When they mean to be back; `None` when they did not say. A plan only: nobody is on duty by it.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub until: Option<At>,
    /// Who answers for them: another member, or whoever answers for a role; `None` when they did not say.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Fallback>,
    /// The operation that said last whether they are on duty, as their device saw it; `None` for the first.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub base: Option<OpId>,
}

impl MemberOp {
    /// Whether it is shown although it was refused: who is on duty is not.
    pub(super) fn shows_refused(&self) -> bool {
        match self {
            Self::Added(_) | Self::Left(_) | Self::MadeAdmin(_) | Self::Removed(_) => true,
            Self::CameOnDuty(_) | Self::WentOffDuty(_) => false,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Added(_) => "member.added",
            Self::CameOnDuty(_) => "member.came_on_duty",
            Self::Left(_) => "member.left",
            Self::MadeAdmin(_) => "member.made_admin",
            Self::Removed(_) => "member.removed",
            Self::WentOffDuty(_) => "member.went_off_duty",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Added(payload) => cbor::to_bytes(payload),
            Self::CameOnDuty(payload) => cbor::to_bytes(payload),
            Self::Left(payload) => cbor::to_bytes(payload),
            Self::MadeAdmin(payload) => cbor::to_bytes(payload),
            Self::Removed(payload) => cbor::to_bytes(payload),
            Self::WentOffDuty(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "member.added" => variant(payload, Self::Added),
            "member.came_on_duty" => variant(payload, Self::CameOnDuty),
            "member.left" => variant(payload, Self::Left),
            "member.made_admin" => variant(payload, Self::MadeAdmin),
            "member.removed" => variant(payload, Self::Removed),
            "member.went_off_duty" => variant(payload, Self::WentOffDuty),
            _ => Ok(None),
        }
    }
}
