//! Who used a device when, for the audit. It is kept at once, since the tab may be closed, the battery end, or no network be
//! there; and told to the record by the vault's own person, whose device alone can sign it.

use baton_core::device_api::{USE_PATH, UseKind};
use baton_core::id::VaultId;
use wasm_bindgen_futures::spawn_local;

use crate::app::Baton;
use crate::store::connection::Mood;
use crate::sync::live::Live;
use crate::{clock, web};

impl Baton {
    /// Keeps something for the audit, in the background.
    pub(super) fn note_use(self, vault: Option<VaultId>, kind: UseKind) {
        spawn_local(async move { self.keep_use(vault, kind).await });
    }

    /// Tells what is kept where there is a connection: the vault is about to be locked or erased, and may never be opened here
    /// again.
    pub(super) async fn tell_use_now(self, vault: Option<VaultId>) {
        let live = self
            .command
            .live()
            .filter(|_| self.store.mood_now() == Mood::Live);
        if let Some((live, vault)) = live.zip(vault) {
            _ = web::within(TOLD_WITHIN, Box::pin(self.tell_use(&live, vault))).await;
        }
    }

    /// Keeps something for the audit.
    pub(super) async fn keep_use(self, vault: Option<VaultId>, kind: UseKind) {
        let at = clock::now();
        if let (Some(vault), Ok(registry)) = (vault, self.visit().registry().await) {
            _ = registry.note_use(vault, at, kind).await;
        }
    }

    /// Tells the record what happened to the vault that is open, and to no other.
    pub(super) async fn tell_use(self, live: &Live, vault: VaultId) {
        let Ok(registry) = self.visit().registry().await else {
            return;
        };
        let Ok(used) = registry.used(vault).await else {
            return;
        };
        let is_told =
            !used.events.is_empty() && live.record().tell(&live.device(), USE_PATH, &used).await.is_ok();
        if is_told {
            _ = registry.forget_used(vault, &used).await;
        }
    }
}

/// Locking does not wait longer than so many milliseconds for the record.
const TOLD_WITHIN: i32 = 2_000;
