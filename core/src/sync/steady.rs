//! A clock that never goes back, made of one that may: somebody sets the time, a laptop wakes with an old one. All
//! deadlines of the machine are on this clock, so that none of them is suddenly an hour away.

use std::time::Duration;

use crate::time::At;

/// Turns the moments that the machine is told into ones that never go back.
#[derive(Debug, Default)]
pub(super) struct Steady {
    told: At,
    shift: Duration,
}

impl Steady {
    /// Takes the device's time and gives the steady one.
    pub(super) fn tick(&mut self, now: At) -> At {
        self.shift = self.shift.saturating_add(self.told.since(now));
        self.told = now;
        self.last()
    }

    /// The steady time of the last tick.
    pub(super) fn last(&self) -> At {
        self.told.plus(self.shift)
    }

    /// The device's time of the last tick.
    pub(super) fn told(&self) -> At {
        self.told
    }

    /// How long it is from the device's `now` to a steady moment. A clock that was set back since the last tick tells nothing
    /// of how long ago that was.
    pub(super) fn wait(&self, tick: At, now: At) -> Duration {
        tick.since(self.last()).saturating_sub(now.since(self.told))
    }

    /// The device's time of a steady moment, as things stand.
    pub(super) fn device_time(&self, tick: At) -> At {
        At::from_millis(
            tick.since(At::default().plus(self.shift))
                .as_millis()
                .try_into()
                .unwrap_or(u64::MAX),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_moves_no_deadline_away() {
        let mut clock = Steady::default();
        let start = clock.tick(At::from_millis(10_000_000));
        let deadline = start.plus(Duration::from_secs(5));
        let after = clock.tick(At::from_millis(6_400_000));
        assert_eq!(after, start);
        assert_eq!(clock.device_time(deadline), At::from_millis(6_405_000));
        assert_eq!(
            clock.wait(deadline, At::from_millis(6_402_000)),
            Duration::from_secs(3)
        );
        assert_eq!(
            clock.wait(deadline, At::from_millis(1_000)),
            Duration::from_secs(5)
        );
        assert_eq!(clock.tick(At::from_millis(6_405_000)), deadline);
    }
}
