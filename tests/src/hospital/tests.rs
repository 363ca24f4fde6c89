//! Tests of the hospital: its people, its feed, and the player.

use std::time::Duration;

use baton_core::time::At;

use super::Hospital;

mod feed;
mod people;
mod play;

/// A hospital that opens on Monday 12 January 2026 at 07:00.
fn hospital(seed: u64, patients: u32) -> Hospital {
    Hospital {
        seed,
        patients,
        opened: At::from_millis(1_768_201_200_000),
        pace: Duration::from_mins(5),
    }
}
