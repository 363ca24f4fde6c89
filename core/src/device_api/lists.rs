//! The history of a list: what its state no longer holds is in the log for ever.

use serde::{Deserialize, Serialize};

use crate::chain::{Entry, Seq};
use crate::id::{OpId, SpaceId};

/// Asks for entries that are about one operation: all that was ever done to a list, or to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryOf {
    /// In which space.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// The operation that made it.
    #[serde(rename = "o")]
    pub target: OpId,
    /// Before this place; [`HistoryOf::NEWEST`] for the newest.
    #[serde(rename = "b")]
    pub before: Seq,
    /// At most so many (at most 200).
    #[serde(rename = "n")]
    pub limit: u16,
}

impl HistoryOf {
    /// After every place.
    pub const NEWEST: Seq = Seq::new(u64::MAX);
}

/// Entries about one operation, to be opened by [`crate::sync::Sync::read_about`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryOfAnswer {
    /// Those just before the asked place, in order; there are others between them. The first of all is what made it.
    #[serde(rename = "e")]
    pub entries: Vec<Entry>,
    /// True when there is nothing about it before these. Otherwise the place of the first of these is the next `before`.
    #[serde(rename = "z")]
    pub is_start: bool,
}
