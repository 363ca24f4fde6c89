//! A visit from opening the app to leaving it.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`begin`] | opening the app: back from the identity provider, after a reload, in a second tab, or to something locked |
//! | [`enter`] | somebody is let in: the vault is read, the machine put to work, the device watched |
//! | [`keep`] | keeping something past the tab, by a passphrase or a passkey |
//! | [`unlock`] | locking, and each way to open again |
//! | [`take`] | bringing conversations here before going where there is no network |
//! | [`rest`] | what was written and could not be kept before it was locked |
//! | [`leave`] | signing out, a lease that ended, an order to erase |
//! | [`used`] | who used the device when, for the audit |
//!
//! Keys of an open vault are in memory alone: in [`Visit`] while it is open, with the service worker for the moment of a
//! reload. What is locked is opened by a PIN for a few minutes, else by what the person chose, else by a full sign-in.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_core::id::VaultId;
use baton_core::vault::pin::{Pin, PinLock};
use baton_core::vault::slot::Keys;

use crate::session::hold;
use crate::session::hold::Giver;
use crate::session::idle::Idle;
use crate::sync::tab;
use crate::vault::DbError;
use crate::vault::db::Write;
use crate::vault::registry::Registry;
use crate::web::lock::{self, Held};

mod begin;
mod enter;
pub mod keep;
mod lapse;
mod leave;
mod rest;
pub mod take;
mod unlock;
mod used;

/// How something that is locked may be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locked {
    /// How many people keep work on this device.
    pub vaults: usize,
    /// More tries with a PIN; `None`: no PIN opens it.
    pub pin_tries: Option<u8>,
    /// Whether a passphrase opens one of them.
    pub by_passphrase: bool,
    /// Whether a passkey opens one of them.
    pub by_passkey: bool,
    /// What went wrong the last time.
    pub wrong: Option<Wrong>,
    /// Something is being tried.
    pub is_busy: bool,
}

/// Why something stays locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The person or the browser stopped it.
    Cancelled,
    /// The browser cannot read what it keeps.
    Database,
    /// The lease has ended, and the record has to be reached.
    LeaseEnded,
    /// Not the passkey of anything that is kept here.
    Passkey,
    /// Not the passphrase of anything that is kept here.
    Passphrase,
    /// Not the PIN.
    Pin,
    /// The browser cannot do it this way.
    Unsupported,
}

/// What a visit holds besides what is shown.
#[derive(Default)]
pub struct Visit {
    /// The vault that is open.
    open: RefCell<Option<Open>>,
    /// The person's PIN, once they have set one.
    pin: RefCell<Option<Pin>>,
    /// What a PIN opens.
    pin_lock: RefCell<Option<PinLock>>,
    /// The vaults that live as long as this tab.
    living: RefCell<Vec<(VaultId, Held)>>,
    registry: RefCell<Option<Rc<Registry>>>,
    /// What could not be kept in vaults that are locked by now, sealed.
    rest: RefCell<Vec<(VaultId, Rc<Vec<Write>>)>>,
    /// It is being tried again.
    tries_rest: Cell<bool>,
    /// The person is signing out, in this tab or another: the record then ends this device, and orders what is being done.
    is_leaving: Cell<bool>,
    /// Counts each locking, so that what was begun before it does not end after it.
    era: Cell<u32>,
}

/// An open vault.
struct Open {
    keys: Keys,
    giver: Option<Giver>,
    idle: Option<Idle>,
}

impl Visit {
    /// The keys of the open vault.
    pub(crate) fn keys(&self) -> Option<Keys> {
        self.open.borrow().as_ref().map(|open| open.keys.clone())
    }

    /// From now on no other tab gets the keys of the open vault from this one.
    fn give_no_more(&self) {
        if let Some(open) = self.open.borrow_mut().as_mut() {
            open.giver.take();
        }
    }

    /// The list of vaults, opened once.
    pub(crate) async fn registry(&self) -> Result<Rc<Registry>, DbError> {
        if let Some(registry) = self.registry.borrow().clone() {
            return Ok(registry);
        }
        let registry = Rc::new(Registry::open().await?);
        *self.registry.borrow_mut() = Some(registry.clone());
        Ok(registry)
    }

    /// Deletes the list of vaults if there is nothing on it: where nobody keeps anything, no trace is left.
    async fn forget_empty_registry(&self) {
        let registry = self.registry.borrow_mut().take();
        if let Some(registry) = registry {
            _ = registry.delete_if_empty().await;
        }
    }

    /// From now on a vault lives as long as this tab.
    async fn live_with(&self, vault: VaultId) {
        hold::add_mine(vault);
        if self.living.borrow().iter().any(|(id, _)| *id == vault) {
            return;
        }
        // Any number of tabs hold it: it is shared.
        let held = lock::share(&tab::living(vault)).await;
        self.living.borrow_mut().push((vault, held));
    }

    fn no_longer_live_with(&self, vault: VaultId) {
        hold::remove_mine(vault);
        self.living.borrow_mut().retain(|(id, _)| *id != vault);
    }
}
