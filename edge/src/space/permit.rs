//! Yeses of the record, kept for a minute: who may listen to this space and signal in it.

use std::collections::BTreeMap;

use baton_core::id::{DeviceId, UserId};
use baton_core::time::At;

use crate::limit::PERMIT;

/// The devices that may, each until a moment.
#[derive(Debug, Default)]
pub(crate) struct Permits {
    until: BTreeMap<DeviceId, (UserId, At)>,
    /// Counts up when somebody loses it, so that a yes that was on its way by then is not believed.
    generation: u64,
}

impl Permits {
    /// Says whether a yes is still good.
    pub(crate) fn is_good(&self, device: DeviceId, now: At) -> bool {
        self.until.get(&device).is_some_and(|(_, until)| now < *until)
    }

    /// To be compared before and after asking.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Keeps a yes.
    pub(crate) fn keep(&mut self, device: DeviceId, user: UserId, now: At) {
        if self.until.len() >= PERMITS {
            self.until.retain(|_, (_, until)| now < *until);
        }
        if self.until.len() < PERMITS {
            self.until.insert(device, (user, now.plus(PERMIT)));
        }
    }

    /// Forgets a device.
    pub(crate) fn drop_device(&mut self, device: DeviceId) {
        self.until.remove(&device);
        self.generation += 1;
    }

    /// Forgets all devices of people.
    pub(crate) fn drop_users(&mut self, users: &[UserId]) {
        self.until.retain(|_, (user, _)| !users.contains(user));
        self.generation += 1;
    }
}

/// Permits that are kept, about 50 bytes each; whoever comes past that is asked for each time.
const PERMITS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn device(n: u8) -> DeviceId {
        DeviceId::from_bytes([n; 16])
    }

    #[test]
    fn a_yes_is_good_for_a_minute() {
        let mut permits = Permits::default();
        let now = At::from_millis(1_000);
        assert!(!permits.is_good(device(1), now));
        permits.keep(device(1), UserId::from_bytes([9; 16]), now);
        assert!(permits.is_good(device(1), At::from_millis(60_999)));
        assert!(!permits.is_good(device(1), At::from_millis(61_000)));
    }

    #[test]
    fn whoever_is_removed_loses_it_on_every_device() {
        let mut permits = Permits::default();
        let (now, gone, stays) = (
            At::from_millis(0),
            UserId::from_bytes([1; 16]),
            UserId::from_bytes([2; 16]),
        );
        permits.keep(device(1), gone, now);
        permits.keep(device(2), gone, now);
        permits.keep(device(3), stays, now);
        permits.keep(device(4), stays, now);
        permits.drop_users(&[gone]);
        permits.drop_device(device(4));
        let good: Vec<_> = (1..=4).filter(|n| permits.is_good(device(*n), now)).collect();
        assert_eq!(good, [3]);
    }
}
