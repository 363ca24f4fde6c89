//! Locking, and each way to open again.

use baton_core::device_api::UseKind;
use baton_core::secret::Secret;
use baton_core::vault::pin::{Pin, PinError, PinLock, WeakPin};
use baton_core::vault::slot::{Keys, Way};
use wasm_bindgen_futures::spawn_local;

use super::begin::problem_of_db;
use super::{Locked, Wrong};
use crate::app::{Baton, Phase};
use crate::clock;
use crate::session::{Record, hold, lend};
use crate::sync::tab::Said;
use crate::vault::registry::Listed;
use crate::web;

impl Baton {
    /// Locks this device in all its tabs.
    pub fn lock(self) {
        spawn_local(async move { self.lock_here(true).await });
    }

    /// Locks this tab: everything is written, and then nothing of it is in memory any more but what a PIN opens. `says`: the
    /// other tabs are told.
    pub(super) async fn lock_here(self, says: bool) {
        if self.phase.get_untracked() != Phase::SignedIn {
            return;
        }
        let say = move || {
            if let Some(live) = self.command.live().filter(|_| says) {
                live.keeper.say(&Said::Lock);
            }
        };
        say();
        // At once, so that nobody reads on while it is being written, and no tab opens what this one locks.
        self.phase.set(Phase::Wait("Locking"));
        self.visit().give_no_more();
        let vault = self.visit().keys().map(|keys| keys.vault);
        _ = web::within(KEPT_WITHIN, Box::pin(self.keep_use(vault, UseKind::Locked))).await;
        self.settle().await;
        self.tell_use_now(vault).await;
        // A tab that got the keys of another at the moment of the first word did not hear it.
        say();
        let visit = self.visit();
        let pin_lock = visit
            .pin
            .borrow_mut()
            .take()
            .zip(visit.keys())
            .map(|(pin, keys): (Pin, Keys)| pin.lock(&keys, clock::now(), &mut clock::rng()));
        self.close();
        *visit.pin_lock.borrow_mut() = pin_lock;
        self.show_locked(None).await;
    }

    /// Waits until what is to be kept is, but not for ever.
    pub(super) async fn settle(self) {
        if let Some(live) = self.command.live() {
            _ = web::within(KEPT_WITHIN, Box::pin(live.keeper.settle())).await;
        }
    }

    /// Sets the PIN that opens this screen again for a few minutes.
    pub fn set_pin(self, digits: &str) -> Result<(), WeakPin> {
        let pin = Pin::parse(digits, &mut clock::rng())?;
        *self.visit().pin.borrow_mut() = Some(pin);
        self.store.device.has_pin.set(true);
        Ok(())
    }

    /// Tries a PIN.
    pub fn unlock_by_pin(self, digits: &str) {
        if !matches!(self.phase.get_untracked(), Phase::Locked(locked) if !locked.is_busy) {
            return;
        }
        let visit = self.visit();
        let vault = visit.pin_lock.borrow().as_ref().and_then(PinLock::vault);
        let opened = match visit.pin_lock.borrow_mut().as_mut() {
            Some(lock) => lock.open(digits, clock::now()),
            None => Err(PinError::Gone),
        };
        match opened {
            Ok((keys, pin)) => {
                *visit.pin.borrow_mut() = Some(pin);
                self.open(keys);
            }
            Err(PinError::Gone | PinError::Wrong { .. }) => {
                self.note_use(vault, UseKind::Failed);
                spawn_local(async move { self.show_locked(Some(Wrong::Pin)).await });
            }
        }
    }

    /// Tries a passphrase at each vault that one opens.
    pub fn unlock_by_passphrase(self, passphrase: baton_core::secret::Personal<String>) {
        if !self.be_busy() {
            return;
        }
        spawn_local(async move {
            let kept = self.kept_vaults().await;
            for listed in &kept {
                let ways: Vec<Way> = listed.lock.ways().cloned().collect();
                for way in ways {
                    let Way::Passphrase { salt, memory, passes } = &way else {
                        continue;
                    };
                    let stretched =
                        crate::session::passphrase::stretch(&passphrase, salt, *memory, *passes).await;
                    let Some(secret) = stretched else {
                        return self.show_locked(Some(Wrong::Unsupported)).await;
                    };
                    if Box::pin(self.try_open(listed, &way, &secret)).await {
                        return;
                    }
                }
            }
            self.note_failed(&kept);
            self.show_locked(Some(Wrong::Passphrase)).await;
        });
    }

    /// Opens the vault if this is its secret and its lease has not ended. True when nothing more is to be tried.
    pub(super) async fn try_open(self, listed: &Listed, way: &Way, secret: &Secret<32>) -> bool {
        let Ok(keys) = listed.lock.open(way, secret) else {
            return false;
        };
        if listed.is_lent(clock::now()) {
            self.open(keys);
        } else {
            self.lapse_the_locked().await;
            self.show_locked(Some(Wrong::LeaseEnded)).await;
        }
        true
    }

    /// The vaults on this device that stay, and that the record has not ordered to be erased.
    pub(super) async fn kept_vaults(self) -> Vec<Listed> {
        let Ok(registry) = self.visit().registry().await else {
            return Vec::new();
        };
        let all = registry.all().await.unwrap_or_default();
        all.into_iter().filter(|listed| listed.kept).collect()
    }

    /// Opens a vault, unless one was opened some other way meanwhile.
    pub(super) fn open(self, keys: Keys) {
        if !matches!(self.phase.get_untracked(), Phase::Locked(_)) {
            return;
        }
        self.note_use(Some(keys.vault), UseKind::Unlocked);
        self.phase.set(Phase::Wait("Unlocking"));
        spawn_local(async move {
            if let Err(error) = self.enter(keys, None).await {
                self.fail(problem_of_db(&error));
            }
        });
    }

    /// Something failed to open any of these, and it is not known whose it was to be.
    pub(super) fn note_failed(self, kept: &[Listed]) {
        for listed in kept {
            self.note_use(Some(listed.vault()), UseKind::Failed);
        }
    }

    /// Begins to try something; false while something else is tried, or nothing is locked.
    pub(super) fn be_busy(self) -> bool {
        let Phase::Locked(locked) = self.phase.get_untracked() else {
            return false;
        };
        if !locked.is_busy {
            self.phase.set(Phase::Locked(Locked {
                is_busy: true,
                wrong: None,
                ..locked
            }));
        }
        !locked.is_busy
    }

    /// Erases what is locked here and past its lease, or ended by the record, which is asked. For the screen that is locked, now
    /// and then.
    pub fn obey_orders(self) {
        spawn_local(async move {
            self.lapse_the_locked().await;
            let Ok(config) = self.config_now() else { return };
            if !web::is_online() {
                return;
            }
            let Ok(registry) = self.visit().registry().await else {
                return;
            };
            for listed in registry.all().await.unwrap_or_default() {
                let mut record = Record::named_by(&config);
                record.be_that_lent(&listed.record);
                let is_revoked = lend::is_revoked(&record, &listed).await;
                // What is open by now hears of it by itself.
                let open = self.visit().keys().map(|keys| keys.vault);
                if is_revoked && open != Some(listed.vault()) {
                    self.erase_vault(listed.vault()).await;
                    hold::remove_mine(listed.vault());
                    self.show_locked(None).await;
                }
            }
        });
    }
}

/// Locking does not wait longer than so many milliseconds for what the browser is to keep.
const KEPT_WITHIN: i32 = 2_000;
