//! Roles of a team: batons that at most one person holds. A role is named by the id of the operation that defined it.
//!
//! A role is taken, offered and accepted. An offer that nobody accepted leaves it where it was, so that no gap arises.

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::chain::Seq;
use crate::id::{OpId, UserId};
use crate::secret::Personal;
use crate::time::At;

/// More roles than this in one team are refused, those in the archive included.
pub const ROLES: usize = 200;

/// More shifts than this in one rota are refused.
pub const SHIFTS: usize = 200;

/// A reason longer than this (in bytes of UTF-8) is refused.
pub const REASON_BYTES: usize = 2 * 1024;

/// What is done with roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleOp {
    /// The person to whom it was offered has it now.
    Accepted(Accepted),
    /// Put away: nobody holds it any more.
    Archived(Archived),
    /// Made.
    Defined(Defined),
    /// Who answers for it while nobody holds it is another.
    FallbackSet(FallbackSet),
    /// The holder offered it to somebody.
    Offered(Offered),
    /// The person to whom it was offered does not take it.
    OfferRefused(OfferRefused),
    /// The holder no longer offers it.
    OfferWithdrawn(OfferWithdrawn),
    /// The holder handed it back: it is vacant.
    Released(Released),
    /// Taken out of the archive.
    Restored(Restored),
    /// The title changed.
    Retitled(Retitled),
    /// Who is planned to hold it in a stretch of time. A plan only: it never moves the baton.
    RotaSet(RotaSet),
    /// Somebody took it: vacant, or from whom they name.
    Taken(Taken),
}

/// `role.defined`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defined {
    /// Its title.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// Who answers for it while nobody holds it; `None` for nobody.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
}

/// Who answers for a role while nobody holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fallback {
    /// A member.
    #[serde(rename = "p")]
    Person(UserId),
    /// Whoever holds another role of the team, or answers for it.
    #[serde(rename = "r")]
    Role(OpId),
}

/// `role.retitled`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retitled {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
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

/// `role.fallback_set`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallbackSet {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// Who answers for it from here on; `None` for nobody.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
}

/// `role.archived`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
}

/// `role.restored`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
}

/// `role.taken`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// From whom, as its author saw it: somebody who left without handing it back. `None` when it was vacant.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UserId>,
}

/// `role.offered`. A newer offer takes the place of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// To whom.
    #[serde(rename = "u")]
    pub to: UserId,
}

/// `role.offer_withdrawn`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferWithdrawn {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// Which offer: the operation that made it.
    #[serde(rename = "o")]
    pub offer: OpId,
}

/// `role.accepted`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// Which offer: the operation that made it.
    #[serde(rename = "o")]
    pub offer: OpId,
}

/// `role.offer_refused`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRefused {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// Which offer: the operation that made it.
    #[serde(rename = "o")]
    pub offer: OpId,
    /// Why.
    #[serde(rename = "t")]
    pub reason: Personal<String>,
}

/// `role.released`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
}

/// `role.rota_set`: what was planned in this stretch before is replaced, what was planned outside it stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaSet {
    /// Which role.
    #[serde(rename = "r")]
    pub role: OpId,
    /// From when.
    #[serde(rename = "f")]
    pub from: At,
    /// Until when; the moment itself is not in it.
    #[serde(rename = "u")]
    pub until: At,
    /// Who, when; within the stretch, and no two at a time.
    #[serde(rename = "s")]
    pub shifts: Vec<Shift>,
    /// The operation that last set the rota of this role, as its author saw it; `None` for the first.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub base: Option<OpId>,
}

/// One shift of a rota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// From when.
    #[serde(rename = "f")]
    pub from: At,
    /// Until when; the moment itself is the next shift's.
    #[serde(rename = "u")]
    pub until: At,
    /// Who is to hold the role.
    #[serde(rename = "w")]
    pub who: UserId,
}

impl RoleOp {
    pub(crate) fn target(&self) -> Option<OpId> {
        match self {
            Self::Accepted(op) => Some(op.role),
            Self::Archived(op) => Some(op.role),
            Self::Defined(_) => None,
            Self::FallbackSet(op) => Some(op.role),
            Self::Offered(op) => Some(op.role),
            Self::OfferRefused(op) => Some(op.role),
            Self::OfferWithdrawn(op) => Some(op.role),
            Self::Released(op) => Some(op.role),
            Self::Restored(op) => Some(op.role),
            Self::Retitled(op) => Some(op.role),
            Self::RotaSet(op) => Some(op.role),
            Self::Taken(op) => Some(op.role),
        }
    }

    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::Defined(_) | Self::OfferRefused(_) | Self::Retitled(_) => true,
            Self::RotaSet(set) => !set.shifts.is_empty(),
            Self::Accepted(_)
            | Self::Archived(_)
            | Self::FallbackSet(_)
            | Self::Offered(_)
            | Self::OfferWithdrawn(_)
            | Self::Released(_)
            | Self::Restored(_)
            | Self::Taken(_) => false,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "role.accepted",
            Self::Archived(_) => "role.archived",
            Self::Defined(_) => "role.defined",
            Self::FallbackSet(_) => "role.fallback_set",
            Self::Offered(_) => "role.offered",
            Self::OfferRefused(_) => "role.offer_refused",
            Self::OfferWithdrawn(_) => "role.offer_withdrawn",
            Self::Released(_) => "role.released",
            Self::Restored(_) => "role.restored",
            Self::Retitled(_) => "role.retitled",
            Self::RotaSet(_) => "role.rota_set",
            Self::Taken(_) => "role.taken",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Accepted(payload) => cbor::to_bytes(payload),
            Self::Archived(payload) => cbor::to_bytes(payload),
            Self::Defined(payload) => cbor::to_bytes(payload),
            Self::FallbackSet(payload) => cbor::to_bytes(payload),
            Self::Offered(payload) => cbor::to_bytes(payload),
            Self::OfferRefused(payload) => cbor::to_bytes(payload),
            Self::OfferWithdrawn(payload) => cbor::to_bytes(payload),
            Self::Released(payload) => cbor::to_bytes(payload),
            Self::Restored(payload) => cbor::to_bytes(payload),
            Self::Retitled(payload) => cbor::to_bytes(payload),
            Self::RotaSet(payload) => cbor::to_bytes(payload),
            Self::Taken(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "role.accepted" => variant(payload, Self::Accepted),
            "role.archived" => variant(payload, Self::Archived),
            "role.defined" => variant(payload, Self::Defined),
            "role.fallback_set" => variant(payload, Self::FallbackSet),
            "role.offered" => variant(payload, Self::Offered),
            "role.offer_refused" => variant(payload, Self::OfferRefused),
            "role.offer_withdrawn" => variant(payload, Self::OfferWithdrawn),
            "role.released" => variant(payload, Self::Released),
            "role.restored" => variant(payload, Self::Restored),
            "role.retitled" => variant(payload, Self::Retitled),
            "role.rota_set" => variant(payload, Self::RotaSet),
            "role.taken" => variant(payload, Self::Taken),
            _ => Ok(None),
        }
    }
}
