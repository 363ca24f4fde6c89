//! When not to ask the record at all.

use std::time::Duration;

use baton_core::time::At;

/// Counts failures in a row. After [`FAILURES`] it opens for a doubling time, then lets one call through to see.
#[derive(Debug)]
pub(super) struct Breaker {
    failures: u32,
    /// `None` while closed.
    open_until: Option<At>,
}

/// Whether a call may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may.
    Go,
    /// Not for so many milliseconds.
    Wait(u32),
}

impl Breaker {
    /// Closed: nothing has failed.
    pub(super) const fn new() -> Self {
        Self {
            failures: 0,
            open_until: None,
        }
    }

    /// Says whether a call may go out now. The one that sees for all others keeps them waiting a while longer.
    pub(super) fn turn(&mut self, now: At) -> Turn {
        let Some(until) = self.open_until else {
            return Turn::Go;
        };
        if now < until {
            return Turn::Wait(u32::try_from(until.since(now).as_millis()).unwrap_or(u32::MAX));
        }
        self.open_until = Some(now.plus(PROBE));
        Turn::Go
    }

    /// Takes in how a call went; true when this opened the breaker. `jitter` in milliseconds keeps edges apart.
    pub(super) fn learn(&mut self, failed: bool, now: At, jitter: u32) -> bool {
        if !failed {
            *self = Self::new();
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        let Some(beyond) = self.failures.checked_sub(FAILURES) else {
            return false;
        };
        let span = FIRST_OPEN.saturating_mul(1 << beyond.min(4)).min(LONGEST_OPEN);
        let was_closed = self.open_until.is_none();
        self.open_until = Some(now.plus(span + Duration::from_millis(u64::from(jitter)) / 4));
        was_closed
    }
}

/// Calls that fail in a row before it opens: more than one call's own tries.
const FAILURES: u32 = 6;

/// How long it opens first.
const FIRST_OPEN: Duration = Duration::from_millis(250);

/// How long it opens at most: a record that comes back is found within seconds.
const LONGEST_OPEN: Duration = Duration::from_secs(2);

/// How long the others wait for the one that sees.
const PROBE: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> At {
        At::from_millis(millis)
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_through_to_see() {
        let mut breaker = Breaker::new();
        for _ in 1..FAILURES {
            assert!(!breaker.learn(true, at(0), 0));
            assert_eq!(breaker.turn(at(0)), Turn::Go);
        }
        assert!(breaker.learn(true, at(0), 0));
        assert_eq!(breaker.turn(at(0)), Turn::Wait(250));
        assert_eq!(breaker.turn(at(250)), Turn::Go);
        assert_eq!(breaker.turn(at(250)), Turn::Wait(500));
        assert!(!breaker.learn(false, at(260), 0));
        assert_eq!(breaker.turn(at(260)), Turn::Go);
    }

    #[test]
    fn a_success_in_between_forgets_the_failures() {
        let mut breaker = Breaker::new();
        for _ in 0..100 {
            for _ in 1..FAILURES {
                breaker.learn(true, at(0), 0);
            }
            breaker.learn(false, at(0), 0);
        }
        assert_eq!(breaker.turn(at(0)), Turn::Go);
    }

    #[test]
    fn it_never_opens_for_long() {
        let mut breaker = Breaker::new();
        for _ in 0..1_000 {
            breaker.learn(true, at(0), 1_000);
        }
        assert_eq!(breaker.turn(at(0)), Turn::Wait(2_250));
    }
}
