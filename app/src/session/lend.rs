//! The vaults on this device: finding one's own among them, their leases, and the record's orders to erase them.

use baton_core::device::Revocation;
use baton_core::device_api::{
    ORDERS_PATH, Orders, OrdersAnswer, VAULT_END_PATH, VAULT_PATH, Vault, VaultAnswer, VaultEnd,
};
use baton_core::id::VaultId;
use baton_core::ordered::sort_by_key;
use baton_core::time::At;
use baton_core::vault::slot::{Keys, Way};

use super::{AskError, Device, Record};
use crate::clock;
use crate::vault::registry::{Listed, Registry};
use crate::vault::{self, DbError};

/// Why one's own vault could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LendError {
    /// The record did not lend it.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The browser did not keep it.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Finds, among the vaults on this device, the one of a person who has just signed in in full, and opens it. The record
/// gives a vault's share to nobody else, and tells nobody whose another one is. It asks for every vault: of one for which the
/// record gave no answer it is not known whose it is, and work may wait in it.
pub async fn find_mine(
    record: &Record,
    device: &Device,
    registry: &Registry,
) -> Result<Option<Keys>, LendError> {
    let mut unknown = None;
    let mut all = registry.all().await?;
    // The one that was used last is often theirs.
    sort_by_key(&mut all, |listed| u64::MAX - listed.seen.millis());
    for listed in all {
        let asked = ask(record, device, listed.vault(), listed.kept).await;
        let answer = match asked {
            Ok(answer) => answer,
            Err(error) if is_anothers(&error) => continue,
            Err(error @ AskError::Refused { .. }) => {
                unknown = Some(error);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if let Ok(keys) = listed.lock.open(&Way::Share, &answer.share) {
            let noted = |listed: &mut Listed| {
                note(listed, &keys, &answer, device, record);
                // No other record has the share: this one may be known by other keys than before.
                listed.record = record.to_kept();
                // Its lease had ended, and nothing else opens it any more.
                listed.kept &= listed.lock.ways().any(|way| *way != Way::Share);
            };
            registry.change(keys.vault, noted).await?;
            return Ok(Some(keys));
        }
    }
    match unknown {
        Some(error) => Err(error.into()),
        None => Ok(None),
    }
}

/// Makes a vault that lasts no longer than the tabs in which it is open, unless it is kept later.
pub async fn make(record: &Record, device: &Device, registry: &Registry) -> Result<Keys, LendError> {
    let keys = Keys::make(&mut clock::rng());
    let answer = ask(record, device, keys.vault, false).await?;
    let mut lock = keys.lock(answer.lease_until, &mut clock::rng());
    lock.add(Way::Share, &answer.share, &keys, &mut clock::rng());
    let listed = Listed {
        lock,
        kept: false,
        devices: vec![device.id],
        ahead: device.ahead,
        seen: device.record_time(clock::now()),
        away_until: At::default(),
        record: record.to_kept(),
    };
    registry.list(&listed).await?;
    vault::Vault::make(keys.vault).await?;
    Ok(keys)
}

/// Prolongs a vault's lease, now that the record is there.
pub async fn renew(
    record: &Record,
    device: &Device,
    registry: &Registry,
    keys: &Keys,
) -> Result<At, LendError> {
    let listed = registry.find(keys.vault).await?.ok_or(DbError::Unavailable)?;
    let answer = ask(record, device, keys.vault, listed.kept).await?;
    let noted = |listed: &mut Listed| note(listed, keys, &answer, device, record);
    registry.change(keys.vault, noted).await?;
    Ok(answer.lease_until)
}

/// Tells the record that a vault is erased.
pub async fn end(record: &Record, device: &Device, vault: VaultId) -> Result<(), AskError> {
    record.tell(device, VAULT_END_PATH, &VaultEnd { vault }).await
}

/// Asks whether the record that lent a locked vault has ended one of the devices that it has been. Only its own signed order
/// counts.
pub async fn is_revoked(record: &Record, listed: &Listed) -> bool {
    let question = Orders {
        devices: listed.devices.iter().rev().take(16).copied().collect(),
    };
    let answer: Result<OrdersAnswer, AskError> = record.ask_unsigned(ORDERS_PATH, &question).await;
    answer.is_ok_and(|answer| {
        answer.orders.iter().any(|(device, order)| {
            listed.devices.contains(device) && Revocation::open(*device, order, &record.verify_key).is_ok()
        })
    })
}

/// Whether the record says that a vault is somebody else's, or has ended: it does not tell which.
fn is_anothers(error: &AskError) -> bool {
    matches!(error, AskError::Refused { status: 403, .. })
}

async fn ask(record: &Record, device: &Device, vault: VaultId, kept: bool) -> Result<VaultAnswer, AskError> {
    record.ask(device, VAULT_PATH, &Vault { vault, kept }).await
}

/// Notes what the record answered, and its time: no other word counts more, so it may also be earlier than what was seen.
pub(crate) fn note(listed: &mut Listed, keys: &Keys, answer: &VaultAnswer, device: &Device, record: &Record) {
    listed.lock.renew(keys, answer.lease_until, &mut clock::rng());
    if !listed.devices.contains(&device.id) {
        listed.devices.push(device.id);
    }
    listed.ahead = device.ahead;
    listed.seen = device.record_time(clock::now());
    listed.away_until = At::default();
    if listed.record.is_empty() {
        listed.record = record.to_kept();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_is_somebody_elses_only_when_the_record_says_so() {
        let refused = |status, reason: &str| AskError::Refused {
            status,
            reason: reason.to_owned(),
        };
        assert!(is_anothers(&refused(403, "not-your-vault")));
        for error in [
            refused(401, "clock"),
            refused(429, ""),
            refused(500, ""),
            refused(503, "unavailable"),
            AskError::Malformed,
            AskError::Unreachable,
        ] {
            assert!(!is_anothers(&error), "{error}");
        }
    }
}
