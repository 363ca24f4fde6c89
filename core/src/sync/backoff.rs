//! Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", 2015), so that a ward of devices
//! that lost the network together does not come back in one wave.

use std::time::Duration;

use rand_core::CryptoRng;

/// How long to wait before attempt after attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    /// The bound of the first wait.
    pub(super) first: Duration,
    /// The bound of any wait.
    pub(super) longest: Duration,
}

impl Backoff {
    /// A wait after `attempt` failures: anything from nothing to the bound.
    pub(super) fn wait(self, attempt: u32, rng: &mut impl CryptoRng) -> Duration {
        let doubled = self
            .first
            .saturating_mul(1_u32 << attempt.saturating_sub(1).min(16));
        random(doubled.min(self.longest), rng)
    }
}

/// A random span of at most `bound`.
pub(super) fn random(bound: Duration, rng: &mut impl CryptoRng) -> Duration {
    let mut bytes = [0; 8];
    rng.fill_bytes(&mut bytes);
    let bound = u64::try_from(bound.as_millis()).unwrap_or(u64::MAX - 1);
    Duration::from_millis(u64::from_le_bytes(bytes) % bound.saturating_add(1))
}

/// A wait of at least `wait` that somebody asked for, and of at most half as much again.
pub(super) fn at_least(wait: Duration, rng: &mut impl CryptoRng) -> Duration {
    let wait = wait.min(LONGEST_OBEYED);
    wait + random(wait / 2, rng)
}

/// A wait that is asked for is obeyed up to here: the one who asks is not trusted to silence a device for a day.
const LONGEST_OBEYED: Duration = Duration::from_mins(5);

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_are_spread_over_all_of_it() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let backoff = Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
        };
        for (attempt, bound) in [(0, 1), (1, 1), (2, 2), (5, 16), (6, 30), (u32::MAX, 30)] {
            let waits: Vec<_> = (0..500).map(|_| backoff.wait(attempt, &mut rng)).collect();
            let bound = Duration::from_secs(bound);
            assert!(waits.iter().all(|wait| *wait <= bound));
            assert!(waits.iter().any(|wait| *wait < bound / 5));
            assert!(waits.iter().any(|wait| *wait > bound * 4 / 5));
        }
    }

    #[test]
    fn a_wait_that_is_asked_for_is_obeyed_within_reason() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let wait = at_least(Duration::from_secs(4), &mut rng);
        assert!((Duration::from_secs(4)..=Duration::from_secs(6)).contains(&wait));
        assert!(at_least(Duration::from_secs(u32::MAX.into()), &mut rng) <= Duration::from_secs(450));
    }
}
