//! How much the edge takes: rates per connection and per client address, sizes of requests, and times.
//!
//! Sizes of frames are the protocol's ([`baton_core::frame::limit`]); here is what only the edge decides. A rate is a
//! token bucket: it allows a burst, then a steady flow, and says how long to wait.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use baton_core::time::At;

/// A burst and the steady flow after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// So many at once.
    pub(crate) burst: u32,
    /// So many a second from then on.
    pub(crate) per_second: u32,
}

/// What is left of a [`Rate`]. Counts thousandths, so that the refill per millisecond is a whole number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    /// Invariant: at most `burst * 1000`.
    thousandths: u64,
    at: At,
}

impl Bucket {
    /// A bucket from which nothing has been taken.
    pub(crate) fn full(rate: Rate, now: At) -> Self {
        Self {
            thousandths: u64::from(rate.burst) * 1000,
            at: now,
        }
    }

    /// Takes `cost`, or says how many milliseconds to wait until it could be taken.
    pub(crate) fn take(&mut self, rate: Rate, cost: u32, now: At) -> Result<(), u32> {
        self.refill(rate, now);
        let cost = u64::from(cost) * 1000;
        if let Some(rest) = self.thousandths.checked_sub(cost) {
            self.thousandths = rest;
            return Ok(());
        }
        let missing = cost.saturating_sub(self.thousandths);
        let wait = missing.div_ceil(u64::from(rate.per_second.max(1)));
        Err(u32::try_from(wait).unwrap_or(u32::MAX))
    }

    fn refill(&mut self, rate: Rate, now: At) {
        let elapsed = u64::try_from(now.since(self.at).as_millis()).unwrap_or(u64::MAX);
        let refilled = self
            .thousandths
            .saturating_add(elapsed.saturating_mul(u64::from(rate.per_second)));
        self.thousandths = refilled.min(u64::from(rate.burst) * 1000);
        self.at = self.at.max(now);
    }

    fn is_full(&self, rate: Rate, now: At) -> bool {
        let mut then = *self;
        then.refill(rate, now);
        then.thousandths >= u64::from(rate.burst) * 1000
    }
}

/// One bucket per client address, as many as fit; past that, all further addresses share one.
#[derive(Debug)]
pub(crate) struct Addresses {
    rate: Rate,
    buckets: BTreeMap<u64, Bucket>,
    others: Bucket,
    /// When those who have rested were last let go. Looking at all for each new address would cost more than the flood.
    swept: At,
}

impl Addresses {
    /// Nobody has come yet.
    pub(crate) fn new(rate: Rate, now: At) -> Self {
        Self {
            rate,
            buckets: BTreeMap::new(),
            others: Bucket::full(rate, now),
            swept: now,
        }
    }

    /// Counts one request of `address`, or says how many milliseconds to wait.
    pub(crate) fn take(&mut self, address: u64, now: At) -> Result<(), u32> {
        let rate = self.rate;
        if !self.buckets.contains_key(&address) && self.buckets.len() >= ADDRESSES {
            if now.since(self.swept) >= SWEEP_EVERY {
                self.buckets.retain(|_, bucket| !bucket.is_full(rate, now));
                self.swept = now;
            }
            if self.buckets.len() >= ADDRESSES {
                return self.others.take(rate, 1, now);
            }
        }
        self.buckets
            .entry(address)
            .or_insert_with(|| Bucket::full(rate, now))
            .take(rate, 1, now)
    }
}

/// Derives a short name of a client's address: the address without its port, of IPv6 the first 64 bits (one customer).
pub(crate) fn derive_address(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or(text, |(inner, _)| inner);
    let ip = bare
        .parse::<IpAddr>()
        .or_else(|error| bare.rsplit_once(':').map_or(Err(error), |(host, _)| host.parse()));
    let mut hash = DefaultHasher::new();
    match ip {
        Ok(IpAddr::V4(v4)) => v4.octets().hash(&mut hash),
        Ok(IpAddr::V6(v6)) => v6
            .segments()
            .iter()
            .take(4)
            .for_each(|segment| segment.hash(&mut hash)),
        Err(_) => bare.hash(&mut hash),
    }
    hash.finish()
}

/// Addresses that are counted one by one: 16,384 × about 50 bytes is under 1 MB an isolate.
const ADDRESSES: usize = 16_384;

const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// New sockets per address. A hospital is one address: after an outage its 4,000 devices may all come at once.
pub(crate) const CONNECTS: Rate = Rate {
    burst: 5_000,
    per_second: 200,
};

/// Sealed requests per address, by the same measure.
pub(crate) const OBLIVIOUS: Rate = Rate {
    burst: 5_000,
    per_second: 200,
};

/// Frames of one connection: subscribing to 1,000 spaces and working through an outbox at once, then far more than a
/// person can do.
pub(crate) const FRAMES: Rate = Rate {
    burst: 2_000,
    per_second: 500,
};

/// Kibibytes of one connection: the 1,000 operations of a long day offline at 20 KiB, then 1 MiB a second.
pub(crate) const KIBIBYTES: Rate = Rate {
    burst: 20 * 1024,
    per_second: 1024,
};

/// Typing notices of one connection, over all spaces.
pub(crate) const TYPING: Rate = Rate {
    burst: 5,
    per_second: 2,
};

/// Frames that were answered with `Busy` without a pause, after which the connection is closed.
pub(crate) const OFFENCES: u32 = 1_000;

/// Sockets of one gateway object (the runtime allows 32,768).
pub(crate) const SOCKETS: usize = 30_000;

/// Sockets of one address that have not shown a token yet, at one gateway object.
pub(crate) const SILENT_PER_ADDRESS: usize = 5_000;

/// Sockets of one device: a reload may overlap; past that the oldest goes.
pub(crate) const SOCKETS_PER_DEVICE: usize = 4;

/// A sealed request: signing in, keys, directory. Its answers are bounded by the record.
pub(crate) const OBLIVIOUS_BYTES: usize = 512 * 1024;

/// What the record publishes at once.
pub(crate) const PUBLISH_BYTES: usize = 8 * 1024 * 1024;

/// A new socket has so long to say `Hello`.
pub(crate) const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// A socket lives so long after its `Hello`; then its device connects with a fresh token. It bounds what an order to
/// revoke that never arrived could cost.
pub(crate) const SESSION: Duration = Duration::from_hours(1);

/// Bytes that may be written to a socket from which nothing (neither frame nor keep-alive) has been heard since.
pub(crate) const UNHEARD_BYTES: usize = 8 * 1024 * 1024;

/// Live frames that wait, per subscription, for the answer to `Subscribe`.
pub(crate) const HELD_BYTES: usize = 2 * 1024 * 1024;

/// Operations that wait for the record, per space, besides those in flight: four batches.
pub(crate) const WAITING_OPS: usize = 1024;

/// Their bytes.
pub(crate) const WAITING_BYTES: usize = 8 * 1024 * 1024;

/// Bytes that wait for one gateway, per space.
pub(crate) const LANE_BYTES: usize = 8 * 1024 * 1024;

/// Recent entries in memory, per space.
pub(crate) const RECENT_ENTRIES: usize = 1024;

/// Their bytes: 1,000 spaces at work in one isolate hold 64 MiB at most (of 128).
pub(crate) const RECENT_BYTES: usize = 64 * 1024;

/// A yes of the record is good for so long.
pub(crate) const PERMIT: Duration = Duration::from_mins(1);

/// One request to the record.
pub(crate) const RECORD_TIMEOUT: Duration = Duration::from_secs(10);

/// A sealed request may wait for the identity provider behind the record.
pub(crate) const OBLIVIOUS_TIMEOUT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 2,
        per_second: 4,
    };

    #[test]
    fn a_bucket_allows_a_burst_then_a_flow_and_says_how_long_to_wait() {
        let start = At::from_millis(1_000);
        let mut bucket = Bucket::full(RATE, start);
        assert_eq!(bucket.take(RATE, 1, start), Ok(()));
        assert_eq!(bucket.take(RATE, 1, start), Ok(()));
        assert_eq!(bucket.take(RATE, 1, start), Err(250));
        assert_eq!(bucket.take(RATE, 1, At::from_millis(1_249)), Err(1));
        assert_eq!(bucket.take(RATE, 1, At::from_millis(1_250)), Ok(()));
        let later = At::from_millis(1_000_000);
        assert!(bucket.is_full(RATE, later));
        assert_eq!(bucket.take(RATE, 3, later), Err(250));
        assert_eq!(bucket.take(RATE, 2, later), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_neither_refills_nor_breaks_a_bucket() {
        let mut bucket = Bucket::full(RATE, At::from_millis(10_000));
        assert_eq!(bucket.take(RATE, 2, At::from_millis(10_000)), Ok(()));
        assert_eq!(bucket.take(RATE, 1, At::from_millis(0)), Err(250));
        assert_eq!(bucket.take(RATE, 1, At::from_millis(10_000)), Err(250));
    }

    #[test]
    fn one_address_does_not_use_up_another_ones_rate() {
        let now = At::from_millis(0);
        let mut addresses = Addresses::new(RATE, now);
        assert_eq!(addresses.take(1, now), Ok(()));
        assert_eq!(addresses.take(1, now), Ok(()));
        assert!(addresses.take(1, now).is_err());
        assert_eq!(addresses.take(2, now), Ok(()));
    }

    #[test]
    fn a_flood_of_addresses_costs_bounded_memory() {
        let now = At::from_millis(0);
        let mut addresses = Addresses::new(RATE, now);
        for address in 0..100_000 {
            let _ = addresses.take(address, now);
        }
        assert_eq!(addresses.buckets.len(), ADDRESSES);
        assert!(addresses.take(100_001, now).is_err());
        assert_eq!(addresses.take(100_002, At::from_millis(10_000)), Ok(()));
        assert_eq!(addresses.buckets.len(), 1);
    }

    #[test]
    fn an_address_is_known_without_its_port_and_by_its_network() {
        assert_eq!(derive_address("10.0.0.1:555"), derive_address("10.0.0.1"));
        assert_ne!(derive_address("10.0.0.1"), derive_address("10.0.0.2"));
        assert_eq!(derive_address("[2001:db8::1]:443"), derive_address("2001:db8::2"));
        assert_ne!(derive_address("2001:db8::1"), derive_address("2001:db8:1::1"));
        assert_eq!(derive_address("unix:/run/a"), derive_address("unix:/run/a"));
    }
}
