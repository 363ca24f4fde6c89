//! Leaving: by signing out, because a lease ended, by order of the record. In each case nothing of it stays on the device.

use baton_core::device_api::UseKind;
use baton_core::id::VaultId;
use wasm_bindgen_futures::spawn_local;

use crate::app::{Baton, Phase};
use crate::page::problem::Problem;
use crate::route::Route;
use crate::session::lend;
use crate::sync::tab::{Over, Said};
use crate::{shell_worker, web};

impl Baton {
    /// Signs out: the record is told, and nothing stays on this device whether it heard or not.
    pub fn sign_out(self) {
        self.phase.set(Phase::Wait("Signing you out"));
        self.visit().is_leaving.set(true);
        self.visit().give_no_more();
        if let Some(live) = self.command.live() {
            live.keeper.say(&Said::Leaving);
        }
        spawn_local(async move {
            let vault = self.visit().keys().map(|keys| keys.vault);
            let end = async {
                self.keep_use(vault, UseKind::Erased).await;
                self.tell_use_now(vault).await;
                if let (Some(live), Some(vault)) = (self.command.live(), vault) {
                    _ = lend::end(&live.record(), &live.device(), vault).await;
                }
                _ = self.command.end_device().await;
            };
            _ = web::within(4_000, Box::pin(end)).await;
            self.erase(Over::SignedOut).await;
        });
    }

    /// The record has ended this device, and ordered it to erase what it keeps. While the person is signing out that is their
    /// own doing: the order often comes before the answer, and is carried out by what was begun, unless that fails.
    pub(super) async fn obey(self) {
        let visit = self.visit();
        if visit.is_leaving.get() {
            let era = visit.era.get();
            web::wait(LEFT_WITHIN).await;
            if visit.era.get() != era {
                return;
            }
        }
        self.erase(Over::Revoked).await;
    }

    /// Erases the open vault in all tabs, and leaves. Of one whose lease has ended, what was not sent stays, for nobody but
    /// its author after a full sign-in.
    pub(super) async fn erase(self, over: Over) {
        let vault = self.visit().keys().map(|keys| keys.vault);
        self.visit().give_no_more();
        if let Some(live) = self.command.live() {
            live.keeper.say(&Said::Over(over));
        }
        if over == Over::LeaseEnded {
            self.settle().await;
        }
        self.close();
        if over != Over::SignedOut {
            self.phase.set(Phase::Wait("Erasing what this device kept"));
        }
        if let Some(vault) = vault {
            let erased = async {
                match over {
                    Over::LeaseEnded => self.lapse(vault).await,
                    Over::Revoked | Over::SignedOut => self.erase_vault(vault).await,
                }
            };
            _ = web::within(ERASED_WITHIN, Box::pin(erased)).await;
        }
        self.over(over);
    }

    /// Erases a vault, however often that takes: another tab may still be closing it.
    pub(super) async fn erase_vault(self, vault: VaultId) {
        self.visit().no_longer_live_with(vault);
        self.let_go(vault);
        let Ok(registry) = self.visit().registry().await else {
            return;
        };
        for wait in [50, 200, 1_000, 3_000] {
            if registry.erase(vault).await.is_ok() {
                break;
            }
            web::wait(wait).await;
        }
        self.visit().forget_empty_registry().await;
    }

    /// Ends the visit on this tab.
    pub(super) fn over(self, over: Over) {
        let vault = self.visit().keys().map(|keys| keys.vault);
        self.close();
        match (vault, over) {
            (Some(vault), Over::LeaseEnded) => _ = self.keep_only_the_unsent(vault),
            (Some(vault), Over::Revoked | Over::SignedOut) => self.let_go(vault),
            (None, _) => {}
        }
        self.visit().pin.borrow_mut().take();
        self.visit().pin_lock.borrow_mut().take();
        self.router.replace(Route::Inbox);
        match over {
            Over::LeaseEnded => self.fail(Problem::LeaseEnded),
            Over::Revoked => self.fail(Problem::Revoked),
            Over::SignedOut => spawn_local(async move { self.show_locked(None).await }),
        }
    }

    /// Stops the device in this tab and forgets its keys and everything that is shown. What it could not write stays, sealed.
    pub(super) fn close(self) {
        let visit = self.visit();
        visit.era.set(visit.era.get().wrapping_add(1));
        visit.is_leaving.set(false);
        self.stop();
        visit.open.borrow_mut().take();
        shell_worker::forget();
        self.shared.set(Vec::new());
        self.store.clear();
    }
}

/// Signing out takes no longer than so many milliseconds until the vault is closed.
const LEFT_WITHIN: i32 = 6_000;

/// Erasing that takes longer than so many milliseconds waits for another tab, and is finished at the next start. Nothing opens
/// the vault any more from its first step on.
const ERASED_WITHIN: i32 = 8_000;
