//! What the record knows of vaults: a share of what opens one, for how long it is lent, and who used the device when. What
//! is in a vault it never sees.

use serde::{Deserialize, Serialize};

use crate::id::VaultId;
use crate::secret::Secret;
use crate::time::At;

/// How an organisation has its devices behave. Times are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How long a device may hold something without hearing of the record.
    pub offline_lease: u64,
    /// After how long without a touch or a key a device locks.
    pub idle_lock: u64,
    /// Whether it locks as soon as the tab is hidden.
    pub lock_on_hide: bool,
    /// Whether a person may keep something on a device past the tab.
    pub keep_allowed: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            offline_lease: 72 * 60 * 60 * 1000,
            idle_lock: 2 * 60 * 1000,
            lock_on_hide: false,
            keep_allowed: true,
        }
    }
}

/// Asks for the share of a vault of this person, and prolongs its lease. The first time makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vault {
    /// Which; a random id that the device made.
    pub vault: VaultId,
    /// Whether it stays on the device past the tab.
    pub kept: bool,
}

/// A vault's share and lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultAnswer {
    /// What opens the vault for a person who has signed in in full.
    pub share: Secret<32>,
    /// Until when the device may hold it without asking again.
    pub lease_until: At,
}

/// A vault is erased: its share is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultEnd {
    /// Which.
    pub vault: VaultId,
}

/// What happened at a device, for the audit. Telling the same again is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// With the device's time, which the record keeps beside its own; at most 200.
    pub events: Vec<(At, UseKind)>,
}

/// Something that happened at a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum UseKind {
    /// What it kept of this person was erased.
    #[serde(rename = "e")]
    Erased,
    /// Somebody failed to unlock it.
    #[serde(rename = "f")]
    Failed,
    /// The lease of what it kept ended before it was prolonged.
    #[serde(rename = "x")]
    LeaseExpired,
    /// It was locked, by hand or by itself.
    #[serde(rename = "l")]
    Locked,
    /// Conversations were taken on a visit.
    #[serde(rename = "t")]
    TakenOffline,
    /// It was unlocked.
    #[serde(rename = "u")]
    Unlocked,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor;

    #[test]
    fn a_policy_that_is_not_told_is_the_usual_one() {
        #[derive(Deserialize)]
        struct Told {
            #[serde(default)]
            policy: Policy,
        }
        let told: Told = cbor::from_bytes(&[0xa0]).unwrap();
        assert_eq!(told.policy, Policy::default());
        assert_eq!(told.policy.offline_lease, 259_200_000);
        assert_eq!(told.policy.idle_lock, 120_000);
    }

    #[test]
    fn what_happened_at_a_device_survives_the_way() {
        let kinds = [
            UseKind::Erased,
            UseKind::Failed,
            UseKind::LeaseExpired,
            UseKind::Locked,
            UseKind::TakenOffline,
            UseKind::Unlocked,
        ];
        let events = kinds.map(|kind| (At::from_millis(7), kind)).to_vec();
        let told = Use { events };
        assert_eq!(cbor::from_bytes(&cbor::to_bytes(&told)), Ok(told));
    }
}
