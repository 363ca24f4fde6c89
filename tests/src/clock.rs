//! The one place of these tests that reads the machine's clock and draws its randomness.

use std::time::{Duration, Instant, SystemTime};

use baton_core::time::At;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// The moment by the machine's clock.
#[expect(clippy::disallowed_methods, reason = "the outermost shell reads the clock")]
pub fn now() -> At {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    At::from_millis(since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)))
}

/// A point of the steady clock, for measuring.
#[expect(clippy::disallowed_methods, reason = "the outermost shell reads the clock")]
pub fn tick() -> Instant {
    Instant::now()
}

/// Random bytes of the machine.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the machine gives randomness");
    bytes
}

/// A generator of randomness from the machine's.
pub fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed(random())
}

/// The seed of a run: `BATON_SEED`, or the machine's. Printed, so that the run can be had again.
pub fn seed() -> u64 {
    let given = std::env::var("BATON_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| u64::from_le_bytes(random()))
}

/// Waits. Only for letting a fault happen at some moment, never for hoping that something is done by then.
pub async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
