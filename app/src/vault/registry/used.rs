//! What happened to the vaults of this device, for the audit: kept beside their rows until the record has been told. A vault that
//! is locked cannot be written to, and wrong tries happen then, so this is not sealed: it says when something was done to
//! which vault, and nothing of whose it is.

use baton_core::cbor;
use baton_core::device_api::{Use, UseKind};
use baton_core::id::VaultId;
use baton_core::time::At;

use super::{Registry, TABLE, turn};
use crate::vault::db::{DbError, Read, Write};

impl Registry {
    /// Keeps that something happened to a vault that is listed. What comes after 200 is not kept, so that wrong tries without end
    /// do not hide what came before them; and that a lease has ended is kept once.
    pub async fn note_use(&self, vault: VaultId, at: At, kind: UseKind) -> Result<(), DbError> {
        let _turn = turn().await;
        if self.find(vault).await?.is_none() {
            return Ok(());
        }
        let mut used = self.used(vault).await?;
        let is_known = |(_, noted): &(At, UseKind)| kind == UseKind::LeaseExpired && *noted == kind;
        if used.events.len() >= EVENTS || used.events.iter().any(is_known) {
            return Ok(());
        }
        used.events.push((at, kind));
        self.put(vault, &used).await
    }

    /// What happened to a vault and the record was not told.
    pub async fn used(&self, vault: VaultId) -> Result<Use, DbError> {
        let read = self.0.read(&[Read::One(TABLE, key(vault))]).await?;
        let kept = read.into_iter().flatten().next();
        Ok(kept
            .and_then(|(_, row)| cbor::from_bytes(&row).ok())
            .unwrap_or(Use { events: Vec::new() }))
    }

    /// The record was told.
    pub async fn forget_used(&self, vault: VaultId, told: &Use) -> Result<(), DbError> {
        let _turn = turn().await;
        let mut used = self.used(vault).await?;
        used.events.retain(|event| !told.events.contains(event));
        self.put(vault, &used).await
    }

    async fn put(&self, vault: VaultId, used: &Use) -> Result<(), DbError> {
        let write = if used.events.is_empty() {
            Write::Remove(TABLE, key(vault))
        } else {
            Write::Put(TABLE, key(vault), cbor::to_bytes(used))
        };
        self.0.write(&[write], true).await
    }
}

/// The key of what happened to a vault.
pub(super) fn key(vault: VaultId) -> Vec<u8> {
    [b"used".as_slice(), vault.as_bytes()].concat()
}

/// Events that are kept; the record takes as many at one time.
const EVENTS: usize = 200;
