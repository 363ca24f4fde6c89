//! Keeping work on this device past the tab, and what opens it then.

use baton_core::device_api::{VAULT_PATH, Vault, VaultAnswer};
use baton_core::secret::{Personal, Secret};
use baton_core::vault::slot::Way;
use wasm_bindgen_futures::spawn_local;

use crate::app::{Baton, Phase};
use crate::clock;
use crate::session::passkey::{self, PasskeyError};
use crate::session::{AskError, lend, passphrase};
use crate::store::connection::Mood;
use crate::visit::Wrong;

/// Why nothing is kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// The person stopped it.
    #[error("stopped")]
    Cancelled,
    /// The organisation does not allow it.
    #[error("not allowed here")]
    NotAllowed,
    /// The record has to be reached for it.
    #[error("the record cannot be reached")]
    Offline,
    /// The passkey does not give what opens a vault.
    #[error("a passkey without the function")]
    Passkey,
    /// The browser cannot do it this way.
    #[error("not supported by this browser")]
    Unsupported,
}

impl Baton {
    /// Keeps what is here past the tab, to be opened by a passphrase.
    pub async fn keep_by_passphrase(self, text: Personal<String>) -> Result<(), KeepError> {
        let way = Way::make_passphrase(&mut clock::rng());
        let Way::Passphrase { salt, memory, passes } = &way else {
            return Err(KeepError::Unsupported);
        };
        let secret = passphrase::stretch(&text, salt, *memory, *passes)
            .await
            .ok_or(KeepError::Unsupported)?;
        self.keep(way, &secret).await
    }

    /// Keeps what is here past the tab, to be opened by a passkey.
    pub async fn keep_by_passkey(self) -> Result<(), KeepError> {
        let keys = self.visit().keys().ok_or(KeepError::Unsupported)?;
        // An authenticator puts a new passkey in the place of the one before it, and that one still opens the vault.
        if self.store.mood_now() != Mood::Live {
            return Err(KeepError::Offline);
        }
        let now = clock::now();
        let label = format!(
            "Baton on this device, kept {}",
            crate::moment::full(now, now, clock::zone)
        );
        let given = passkey::create(keys.vault, &label)
            .await
            .map_err(|error| match error {
                PasskeyError::Cancelled => KeepError::Cancelled,
                PasskeyError::Unsupported => KeepError::Passkey,
            })?;
        let way = Way::Passkey {
            credential: given.credential.clone(),
        };
        let kept = self.keep(way, &given.secret).await;
        if kept.is_err() {
            passkey::forget(&given.credential).await;
        }
        kept
    }

    async fn keep(self, way: Way, secret: &Secret<32>) -> Result<(), KeepError> {
        let (Some(keys), Some(live)) = (self.visit().keys(), self.command.live()) else {
            return Err(KeepError::Unsupported);
        };
        let question = Vault {
            vault: keys.vault,
            kept: true,
        };
        let answer: Result<VaultAnswer, AskError> =
            live.record().ask(&live.device(), VAULT_PATH, &question).await;
        let answer = answer.map_err(|error| match error {
            AskError::Refused { status: 403, .. } => KeepError::NotAllowed,
            AskError::Malformed | AskError::Refused { .. } | AskError::Unreachable => KeepError::Offline,
        })?;
        let listed = async {
            let registry = self.visit().registry().await.ok()?;
            let changed = registry.change(keys.vault, |listed| {
                listed.kept = true;
                lend::note(listed, &keys, &answer, &live.device(), &live.record());
                listed.lock.add(way, secret, &keys, &mut clock::rng());
            });
            changed.await.ok()?
        };
        listed.await.ok_or(KeepError::Unsupported)?;
        self.store.device.kept.set(true);
        self.store.device.lease_until.set(Some(answer.lease_until));
        crate::web::persist().await;
        Ok(())
    }

    /// Tries whichever passkey the person has for this device.
    pub fn unlock_by_passkey(self) {
        if !self.be_busy() {
            return;
        }
        spawn_local(async move {
            let wrong = match passkey::open(None).await {
                Err(PasskeyError::Cancelled) => Wrong::Cancelled,
                Err(PasskeyError::Unsupported) => Wrong::Unsupported,
                Ok(given) => {
                    let kept = self.kept_vaults().await;
                    for listed in &kept {
                        let way = Way::Passkey {
                            credential: given.credential.clone(),
                        };
                        if Box::pin(self.try_open(listed, &way, &given.secret)).await {
                            return;
                        }
                    }
                    self.note_failed(&kept);
                    Wrong::Passkey
                }
            };
            self.show_locked(Some(wrong)).await;
        });
    }

    /// Whether somebody is let in at this moment.
    pub fn is_open(self) -> bool {
        self.phase.get_untracked() == Phase::SignedIn
    }
}
