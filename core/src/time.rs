//! Moments, and the rules for showing them honestly. There is no clock here: `now` is always an argument.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct At(u64);

impl At {
    /// Takes milliseconds since the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Gives milliseconds since the Unix epoch.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The moment `duration` later; stays at the last moment that can be written down.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
        )
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// How far apart two moments are, whichever comes first.
    pub fn apart(self, other: Self) -> Duration {
        Duration::from_millis(self.0.abs_diff(other.0))
    }
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "At({})", self.0)
    }
}

/// Past this difference between when a person did something and when the record kept it, both times are shown.
pub const SHOW_RECORDED_AFTER: Duration = Duration::from_mins(2);

/// Past this difference between a device's clock and the record's, the person is told that the clock is wrong.
pub const TELL_SKEW_AFTER: Duration = Duration::from_mins(5);

/// Says whether "recorded at" must be shown beside the device's time.
pub fn must_show_recorded(done: At, recorded: At) -> bool {
    done.apart(recorded) > SHOW_RECORDED_AFTER
}

/// Says whether a device whose clock reads `device` when the record's reads `record` is to be told so.
pub fn is_skewed(device: At, record: At) -> bool {
    device.apart(record) > TELL_SKEW_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_at_is_shown_past_two_minutes_in_either_direction() {
        let done = At::from_millis(600_000);
        assert!(!must_show_recorded(done, At::from_millis(720_000)));
        assert!(must_show_recorded(done, At::from_millis(720_001)));
        assert!(must_show_recorded(done, At::from_millis(479_999)));
    }

    #[test]
    fn a_clock_is_wrong_past_five_minutes() {
        assert!(!is_skewed(At::from_millis(300_000), At::from_millis(0)));
        assert!(is_skewed(At::from_millis(300_001), At::from_millis(0)));
    }

    #[test]
    fn arithmetic_never_wraps() {
        let last = At::from_millis(u64::MAX);
        assert_eq!(last.plus(Duration::from_secs(1)), last);
        assert_eq!(At::from_millis(1).since(last), Duration::ZERO);
    }
}
