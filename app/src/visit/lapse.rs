//! The end of a lease: what a device was lent is erased, open or locked, but for what was written on it and not sent. That
//! stays for its author alone, after a full sign-in.

use baton_core::device_api::UseKind;
use baton_core::id::VaultId;
use baton_core::vault::slot::Way;

use super::Wrong;
use crate::app::{Baton, Phase};
use crate::clock;
use crate::vault::{DbError, Vault};

impl Baton {
    /// Erases what is locked here and past its lease, and says so where it could have been opened.
    pub(super) async fn lapse_the_locked(self) {
        let registry = self.visit().registry.borrow().clone();
        let Some(registry) = registry else { return };
        let open = self.visit().keys().map(|keys| keys.vault);
        let mut any = false;
        for listed in registry.all().await.unwrap_or_default() {
            let vault = listed.vault();
            if Some(vault) == open {
                continue;
            }
            if listed.has_ended(clock::now()) {
                Box::pin(self.lapse(vault)).await;
                any |= listed.lock.ways().any(|way| *way != Way::Share);
            } else {
                registry.note_time(&listed, clock::now()).await;
            }
        }
        if any && matches!(self.phase.get_untracked(), Phase::Locked(_)) {
            self.show_locked(Some(Wrong::LeaseEnded)).await;
        }
    }

    /// Erases a vault whose lease has ended, but for what was not sent: nothing but a full sign-in opens that. What another
    /// tab keeps from being done is done at the next look.
    pub(super) async fn lapse(self, vault: VaultId) {
        let waits = self.keep_only_the_unsent(vault);
        match Vault::keep_the_unsent_alone(vault).await {
            Ok(is_unsent) if is_unsent || waits => {
                if let Ok(registry) = self.visit().registry().await {
                    let by_share_alone = |way: &Way| *way == Way::Share;
                    _ = registry
                        .change(vault, |listed| listed.lock.keep_ways(by_share_alone))
                        .await;
                    _ = registry
                        .note_use(vault, clock::now(), UseKind::LeaseExpired)
                        .await;
                }
            }
            Ok(_) | Err(DbError::Erased) => self.erase_vault(vault).await,
            Err(_) => {}
        }
    }
}
