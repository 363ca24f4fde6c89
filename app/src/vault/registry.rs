//! Which vaults there are on this device: by ids that tell nobody whose they are, each with its lock.
//!
//! A vault that is to be erased loses its lock first, and with that every way to open it; then its database, which another tab
//! may hold for a while; then its row here. What was cut off in between is finished at the next start.
//!
//! With each stand the keys of the record that lent it, readable while it is locked: nobody else's orders are obeyed.

use std::time::Duration;

use baton_core::cbor;
use baton_core::id::{DeviceId, VaultId};
use baton_core::time::At;
use baton_core::vault::slot::{Lock, LockError};
use serde::{Deserialize, Serialize};

use super::Vault;
use super::db::{Db, DbError, Missing, Raw, Read, Write};
use crate::sync::tab;
use crate::web::lock;

mod used;

/// A vault on this device.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its lock.
    pub lock: Lock,
    /// Whether it stays when the tab is closed.
    pub kept: bool,
    /// Devices at the record that it has been, of which one may have been revoked.
    pub devices: Vec<DeviceId>,
    /// What to add to this device's clock to get the record's, in milliseconds, as far as it is known.
    pub ahead: i64,
    /// The latest moment that was seen, in the record's time: a clock that reads earlier was set back.
    pub seen: At,
    /// The tab that holds it has gone to the identity provider and comes back before this.
    pub away_until: At,
    /// The keys of the record that lent it (`Record::to_kept`), which alone it listens to; empty in a row of a time when they
    /// were not kept.
    pub record: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Shape {
    #[serde(rename = "l", with = "serde_bytes")]
    lock: Vec<u8>,
    #[serde(rename = "k")]
    kept: bool,
    #[serde(rename = "d")]
    devices: Vec<DeviceId>,
    #[serde(rename = "o", default)]
    ahead: i64,
    #[serde(rename = "s")]
    seen: At,
    #[serde(rename = "a")]
    away_until: At,
    #[serde(rename = "r", default, with = "serde_bytes")]
    record: Vec<u8>,
}

impl Listed {
    /// Which vault.
    pub fn vault(&self) -> VaultId {
        self.lock.vault()
    }

    /// Whether its lease has ended, when this device's clock reads `clock`. A clock that was set back brings none back.
    pub fn has_ended(&self, clock: At) -> bool {
        self.lock.lease_until() <= self.record_time(clock).max(self.seen)
    }

    /// Whether it may be opened without the record, when this device's clock reads `clock`: one that was set back may not.
    pub fn is_lent(&self, clock: At) -> bool {
        !self.has_ended(clock) && self.record_time(clock).plus(SET_BACK) >= self.seen
    }

    fn record_time(&self, clock: At) -> At {
        At::from_millis(clock.millis().saturating_add_signed(self.ahead))
    }

    fn read(bytes: &[u8]) -> Result<Self, LockError> {
        let shape: Shape = cbor::from_bytes(bytes).map_err(|_| LockError::Malformed)?;
        Ok(Self {
            lock: Lock::from_bytes(&shape.lock)?,
            kept: shape.kept,
            devices: shape.devices,
            ahead: shape.ahead,
            seen: shape.seen,
            away_until: shape.away_until,
            record: shape.record,
        })
    }

    fn to_bytes(&self) -> Vec<u8> {
        cbor::to_bytes(&Shape {
            lock: self.lock.to_bytes(),
            kept: self.kept,
            devices: self.devices.clone(),
            ahead: self.ahead,
            seen: self.seen,
            away_until: self.away_until,
            record: self.record.clone(),
        })
    }
}

/// The list of this device's vaults.
pub struct Registry(Db);

impl Registry {
    /// Opens it.
    pub async fn open() -> Result<Self, DbError> {
        Db::open(NAME, 1, &[TABLE], Missing::Make).await.map(Self)
    }

    /// Deletes the list if there is nothing on it: nothing that can be read, nothing that cannot, nothing that is being erased.
    pub async fn delete_if_empty(&self) -> Result<(), DbError> {
        let _turn = turn().await;
        if self.rows().await?.is_empty() {
            super::db::delete(NAME).await?;
        }
        Ok(())
    }

    /// All vaults that can be read.
    pub async fn all(&self) -> Result<Vec<Listed>, DbError> {
        let rows = self.rows().await?.into_iter();
        Ok(rows.filter_map(|(_, row)| Listed::read(&row).ok()).collect())
    }

    /// Erases the vaults that nothing opens any more, since their rows here cannot be read, and says whether there are any. What
    /// a newer version made is left alone, and so is a row of which the browser gave nothing, which it may give another time.
    pub async fn erase_the_unreadable(&self) -> Result<bool, DbError> {
        let mut any = false;
        for (key, row) in self.rows().await? {
            let is_spoilt = Listed::read(&row).is_err_and(|error| error == LockError::Malformed);
            if let Some(vault) = listed_as(&key).filter(|_| is_spoilt) {
                any = true;
                if !row.is_empty() {
                    _ = self.erase(vault).await;
                }
            }
        }
        Ok(any)
    }

    /// One vault.
    pub async fn find(&self, vault: VaultId) -> Result<Option<Listed>, DbError> {
        let read = self.0.read(&[Read::One(TABLE, key(vault))]).await?;
        let mut rows = read.into_iter().flatten();
        Ok(rows.next().and_then(|(_, row)| Listed::read(&row).ok()))
    }

    /// Lists a vault that was just made.
    pub async fn list(&self, listed: &Listed) -> Result<(), DbError> {
        let _turn = turn().await;
        let put = Write::Put(TABLE, key(listed.vault()), listed.to_bytes());
        self.0.write(&[put], true).await
    }

    /// Changes what is listed of a vault; `None` when it is not listed, or no longer.
    pub fn change<'a>(
        &'a self,
        vault: VaultId,
        change: impl FnOnce(&mut Listed) + 'a,
    ) -> impl Future<Output = Result<Option<Listed>, DbError>> + 'a {
        // Compiled once, whatever the change.
        self.change_boxed(vault, Box::new(change))
    }

    async fn change_boxed<'a>(
        &'a self,
        vault: VaultId,
        change: Box<dyn FnOnce(&mut Listed) + 'a>,
    ) -> Result<Option<Listed>, DbError> {
        let _turn = turn().await;
        let Some(mut listed) = self.find(vault).await? else {
            return Ok(None);
        };
        change(&mut listed);
        let put = Write::Put(TABLE, key(vault), listed.to_bytes());
        self.0.write(&[put], true).await?;
        Ok(Some(listed))
    }

    /// Notes how late it is, once a minute, so that a clock that is set back later brings no lease back.
    pub async fn note_time(&self, listed: &Listed, clock: At) {
        let now = listed.record_time(clock);
        if now.since(listed.seen) > NOTED_EVERY {
            let note = |listed: &mut Listed| listed.seen = listed.seen.max(now);
            _ = self.change(listed.vault(), note).await;
        }
    }

    /// Erases a vault. From the first step on nothing opens it, even if this fails because another tab holds its database: then
    /// [`Self::erase_the_dead`] finishes it. Where there is no room for that step, the database goes first, which makes room.
    pub async fn erase(&self, vault: VaultId) -> Result<(), DbError> {
        let to_erase = [
            Write::Remove(TABLE, key(vault)),
            Write::Remove(TABLE, used::key(vault)),
            Write::Put(TABLE, erasing_key(vault), Vec::new()),
        ];
        let begun = self.write_in_turn(&to_erase).await;
        let is_full = begun == Err(DbError::Full);
        if !is_full {
            begun?;
        }
        Vault::delete(vault).await?;
        if is_full {
            self.write_in_turn(to_erase.get(..2).unwrap_or_default()).await?;
        }
        let erased = Write::Remove(TABLE, erasing_key(vault));
        self.0.write(&[erased], true).await
    }

    async fn write_in_turn(&self, writes: &[Write]) -> Result<(), DbError> {
        let _turn = turn().await;
        self.0.write(writes, true).await
    }

    /// Erases the vaults that were to last no longer than a tab that is gone, but for `mine`, and those that were being erased.
    /// Tries all of them, and then tells of the first that could not be.
    pub async fn erase_the_dead(&self, mine: Option<VaultId>, now: At) -> Result<(), DbError> {
        let living = lock::held_names().await;
        let mut dead: Vec<VaultId> = Vec::new();
        for (key, row) in self.rows().await? {
            if let Ok(listed) = Listed::read(&row) {
                let vault = listed.vault();
                let is_living = living
                    .as_ref()
                    .is_none_or(|living| living.contains(&tab::living(vault)));
                if !listed.kept && !is_living && Some(vault) != mine && listed.away_until <= now {
                    dead.push(vault);
                }
            }
            dead.extend(being_erased(&key));
        }
        let mut erased = Ok(());
        for vault in dead {
            erased = erased.and(self.erase(vault).await);
        }
        erased
    }

    async fn rows(&self) -> Result<Vec<Raw>, DbError> {
        let read = self.0.read(&[Read::All(TABLE)]).await?;
        Ok(read.into_iter().flatten().collect())
    }
}

/// Tabs take turns at changing the list, so that none undoes what another did.
async fn turn() -> lock::Held {
    lock::hold(NAME).await
}

/// The key of a vault's row.
fn key(vault: VaultId) -> Vec<u8> {
    vault.as_bytes().to_vec()
}

fn listed_as(key: &[u8]) -> Option<VaultId> {
    key.try_into().ok().map(VaultId::from_bytes)
}

/// The key of the row that a vault has instead while it is being erased.
fn erasing_key(vault: VaultId) -> Vec<u8> {
    [ERASING, vault.as_bytes().as_slice()].concat()
}

fn being_erased(key: &[u8]) -> Option<VaultId> {
    listed_as(key.strip_prefix(ERASING)?)
}

const NAME: &str = "baton";
const TABLE: &str = "vaults";
const ERASING: &[u8] = b"erasing";

/// A clock may be this far behind the latest moment that was seen.
const SET_BACK: Duration = Duration::from_mins(5);

/// The latest moment that was seen is written so often.
const NOTED_EVERY: Duration = Duration::from_mins(1);
