//! A handover of long ago: what the team's state no longer holds is in the log for ever.

use serde::{Deserialize, Serialize};

use crate::id::{OpId, SpaceId};
use crate::state::Handover;

/// Asks for a handover with its texts. The record reads the whole log for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverOf {
    /// In which team.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// Which.
    #[serde(rename = "o")]
    pub handover: OpId,
}

/// It, exactly as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverOfAnswer {
    /// `None` when the log has no such offer.
    #[serde(rename = "h")]
    pub handover: Option<Handover>,
}
