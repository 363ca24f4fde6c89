//! The connection in words, as it is always on the screen.

use std::time::Duration;

use baton_core::sync::{Connection, Skew, Sync};
use baton_core::time::At;
use serde::{Deserialize, Serialize};

use crate::moment::{self, Zone};

/// What the connection looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mood {
    /// Everything that is done is passed on at once.
    Live,
    /// On the way to it.
    #[default]
    Connecting,
    /// No network, or nobody answers.
    Offline,
    /// Only signing in again helps.
    Ended,
}

/// The connection as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionLine {
    /// What it looks like.
    pub mood: Mood,
    /// What it says: `Live`, `Offline since 14:05, 3 items waiting`, `Live, 1 item not taken`.
    pub words: String,
    /// What the person has to be told about their clock.
    pub clock: Option<String>,
    /// Operations that are only on this device.
    pub waiting: usize,
    /// Everything that there is has come, of all conversations.
    #[serde(default)]
    pub is_caught_up: bool,
}

/// Describes the connection of a device.
pub fn describe(sync: &Sync, now: At, zone: Zone) -> ConnectionLine {
    let waiting = sync.waiting();
    let (mood, state) = match sync.connection() {
        Connection::Live { .. } => (Mood::Live, "Live".to_owned()),
        Connection::Connecting { attempt, .. } if *attempt <= 1 => {
            (Mood::Connecting, "Connecting…".to_owned())
        }
        Connection::Connecting { since, .. } | Connection::Waiting { since, .. } => (
            Mood::Offline,
            format!("Offline since {}", moment::full(*since, now, zone)),
        ),
        Connection::SignInNeeded | Connection::Revoked => (Mood::Ended, "Signed out".to_owned()),
    };
    let refused = sync.refused();
    let words = match (sync.unsent(), mood) {
        (0, _) | (1..=2, Mood::Live) => state,
        (1, _) => format!("{state}, 1 item waiting"),
        (count, _) => format!("{state}, {count} items waiting"),
    };
    let words = match refused {
        0 => words,
        1 => format!("{words}, 1 item not taken"),
        count => format!("{words}, {count} items not taken"),
    };
    ConnectionLine {
        mood,
        words,
        clock: sync.clock_skew().map(clock_words),
        waiting,
        is_caught_up: sync.is_caught_up(),
    }
}

fn clock_words(skew: Skew) -> String {
    let (apart, direction): (Duration, _) = match skew {
        Skew::Ahead(apart) => (apart, "fast"),
        Skew::Behind(apart) => (apart, "slow"),
    };
    let minutes = apart.as_secs() / 60;
    format!(
        "This device’s clock is {minutes} minutes {direction}, so times of what you write here are wrong. Correct the clock."
    )
}
