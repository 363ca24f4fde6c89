//! Which vaults there are on this device: by ids that tell nobody whose they are, each with its lock.

use baton_core::cbor;
use baton_core::id::{DeviceId, VaultId};
use baton_core::time::At;
use baton_core::vault::slot::Lock;
use serde::{Deserialize, Serialize};

use super::Vault;
use super::db::{Db, DbError, Read, Write};
use crate::sync::tab;
use crate::web::lock;

/// A vault on this device.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its lock.
    pub lock: Lock,
    /// Whether it stays when the tab is closed.
    pub kept: bool,
    /// Devices at the record that it has been, of which one may have been revoked.
    pub devices: Vec<DeviceId>,
    /// The latest moment that was seen: a clock that reads earlier was set back.
    pub seen: At,
    /// The tab that holds it has gone to the identity provider and comes back before this.
    pub away_until: At,
}

#[derive(Serialize, Deserialize)]
struct Shape {
    #[serde(rename = "l", with = "serde_bytes")]
    lock: Vec<u8>,
    #[serde(rename = "k")]
    kept: bool,
    #[serde(rename = "d")]
    devices: Vec<DeviceId>,
    #[serde(rename = "s")]
    seen: At,
    #[serde(rename = "a")]
    away_until: At,
}

impl Listed {
    /// Which vault.
    pub fn vault(&self) -> VaultId {
        self.lock.vault()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let shape: Shape = cbor::from_bytes(bytes).ok()?;
        Some(Self {
            lock: Lock::from_bytes(&shape.lock).ok()?,
            kept: shape.kept,
            devices: shape.devices,
            seen: shape.seen,
            away_until: shape.away_until,
        })
    }

    fn to_bytes(&self) -> Vec<u8> {
        cbor::to_bytes(&Shape {
            lock: self.lock.to_bytes(),
            kept: self.kept,
            devices: self.devices.clone(),
            seen: self.seen,
            away_until: self.away_until,
        })
    }
}

/// The list of this device's vaults.
pub struct Registry(Db);

impl Registry {
    /// Opens it.
    pub async fn open() -> Result<Self, DbError> {
        Db::open(NAME, 1, &[TABLE]).await.map(Self)
    }

    /// Deletes the list, once there is nothing on it.
    pub async fn delete() -> Result<(), DbError> {
        super::db::delete(NAME).await
    }

    /// All vaults that can be read.
    pub async fn all(&self) -> Result<Vec<Listed>, DbError> {
        let read = self.0.read(&[Read::All(TABLE)]).await?;
        let rows = read.into_iter().flatten();
        Ok(rows.filter_map(|(_, row)| Listed::read(&row)).collect())
    }

    /// One vault.
    pub async fn find(&self, vault: VaultId) -> Result<Option<Listed>, DbError> {
        let read = self
            .0
            .read(&[Read::One(TABLE, vault.as_bytes().to_vec())])
            .await?;
        let mut rows = read.into_iter().flatten();
        Ok(rows.next().and_then(|(_, row)| Listed::read(&row)))
    }

    /// Changes what is listed of a vault; tabs take turns, so that none undoes what another did. `None` when it is not listed.
    pub async fn change(
        &self,
        vault: VaultId,
        change: impl FnOnce(&mut Listed),
    ) -> Result<Option<Listed>, DbError> {
        let _turn = lock::hold(NAME).await;
        let Some(mut listed) = self.find(vault).await? else {
            return Ok(None);
        };
        change(&mut listed);
        self.put(&listed).await?;
        Ok(Some(listed))
    }

    /// Lists a vault.
    pub async fn put(&self, listed: &Listed) -> Result<(), DbError> {
        let key = listed.vault().as_bytes().to_vec();
        self.0
            .write(&[Write::Put(TABLE, key, listed.to_bytes())], true)
            .await
    }

    /// Erases a vault, and then no longer lists it: what was cut off in between is finished the next time.
    pub async fn erase(&self, vault: VaultId) -> Result<(), DbError> {
        Vault::delete(vault).await?;
        let key = vault.as_bytes().to_vec();
        self.0.write(&[Write::Remove(TABLE, key)], true).await
    }

    /// Erases the vaults that were to last no longer than a tab that is gone. `mine` is not one of them.
    pub async fn erase_the_dead(&self, mine: Option<VaultId>, now: At) -> Result<(), DbError> {
        let Some(living) = lock::held_names().await else {
            return Ok(());
        };
        for listed in self.all().await? {
            let vault = listed.vault();
            let is_living = living.contains(&tab::living(vault)) || Some(vault) == mine;
            if !listed.kept && !is_living && listed.away_until <= now {
                self.erase(vault).await?;
            }
        }
        Ok(())
    }
}

const NAME: &str = "baton";
const TABLE: &str = "vaults";
