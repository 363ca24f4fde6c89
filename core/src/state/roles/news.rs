//! What of roles is told in the timeline.

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::op::role::RoleOp;
use crate::secret::Personal;

/// What happened to a role. Who did it is the event's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleNews {
    /// An offer was accepted: the author holds it.
    #[serde(rename = "a")]
    Accepted,
    /// Put away.
    #[serde(rename = "z")]
    Archived,
    /// Made, with this title.
    #[serde(rename = "d")]
    Defined(Personal<String>),
    /// Offered to somebody.
    #[serde(rename = "o")]
    Offered(UserId),
    /// An offer was refused.
    #[serde(rename = "n")]
    OfferRefused,
    /// An offer was withdrawn.
    #[serde(rename = "w")]
    OfferWithdrawn,
    /// Handed back.
    #[serde(rename = "x")]
    Released,
    /// Taken out of the archive.
    #[serde(rename = "y")]
    Restored,
    /// The title changed to this.
    #[serde(rename = "t")]
    Retitled(Personal<String>),
    /// Taken, from somebody or while it was vacant.
    #[serde(rename = "k")]
    Taken(Option<UserId>),
}

impl RoleNews {
    /// What an operation means for the timeline; `None` for what is arranged and moves no role.
    pub(in crate::state) fn of(op: &RoleOp) -> Option<Self> {
        Some(match op {
            RoleOp::Accepted(_) => Self::Accepted,
            RoleOp::Archived(_) => Self::Archived,
            RoleOp::Defined(op) => Self::Defined(op.title.clone()),
            RoleOp::Offered(op) => Self::Offered(op.to),
            RoleOp::OfferRefused(_) => Self::OfferRefused,
            RoleOp::OfferWithdrawn(_) => Self::OfferWithdrawn,
            RoleOp::Released(_) => Self::Released,
            RoleOp::Restored(_) => Self::Restored,
            RoleOp::Retitled(op) => Self::Retitled(op.title.clone()),
            RoleOp::Taken(op) => Self::Taken(op.from),
            RoleOp::FallbackSet(_) | RoleOp::RotaSet(_) => return None,
        })
    }
}
