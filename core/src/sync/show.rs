//! The machine in words: what screens say of the connection, of a message, of history.

use std::time::Duration;

use crate::refusal::Refusal;
use crate::time::At;

/// How the device stands with the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// A socket is being opened.
    Connecting {
        /// Since when there has been no connection.
        since: At,
        /// Which attempt this is, from 1.
        attempt: u32,
    },
    /// The edge has welcomed this device.
    Live {
        /// Since when.
        since: At,
    },
    /// The record revoked this device; nothing is held any more.
    Revoked,
    /// There is no session, or it has ended: the person has to sign in. What they wrote stays.
    SignInNeeded,
    /// There is no connection, and the next attempt is at a known moment.
    Waiting {
        /// Since when there has been no connection.
        since: At,
        /// When it will be tried again.
        retry_at: At,
    },
}

impl Connection {
    /// Whether the edge has welcomed this device.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Live { .. })
    }
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// On a device of `by` of the `of` other members.
    Delivered {
        /// How many.
        by: usize,
        /// Of how many.
        of: usize,
    },
    /// Only on this device.
    OnThisDevice,
    /// Read by `by` of the `of` other members.
    Read {
        /// How many.
        by: usize,
        /// Of how many.
        of: usize,
    },
    /// The record refused it; its author corrects or discards it.
    Refused {
        /// Why.
        reason: Refusal,
    },
    /// The record has it.
    Sent,
}

/// How much of a space's history is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryState {
    /// All of it.
    Complete,
    /// A page is being fetched.
    Loading,
    /// There is more to fetch.
    More,
}

/// How a device's clock differs from the record's, past [`crate::time::TELL_SKEW_AFTER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skew {
    /// The device's clock is ahead by this much.
    Ahead(Duration),
    /// The device's clock is behind by this much.
    Behind(Duration),
}
