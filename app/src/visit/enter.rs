//! Letting somebody in.

use std::rc::Rc;

use baton_core::device_api::Session;
use baton_core::time::At;
use baton_core::vault::slot::Keys;
use wasm_bindgen_futures::spawn_local;

use super::Open;
use super::begin::problem_of_db;
use crate::app::{Baton, Phase};
use crate::clock;
use crate::route::Route;
use crate::session::hold::{self, Carried, Giver};
use crate::session::idle::{Idle, Rule, Told};
use crate::session::{Me, Record, lend};
use crate::store::people::Card;
use crate::sync::live::{Heard, Live, Start};
use crate::sync::tab::{Over, Said};
use crate::vault::{DbError, Vault};
use crate::web;

impl Baton {
    /// Opens a vault and puts its device to work. `signed_in` is who has just signed in; without it the vault says who this
    /// is. Without either there is nothing to carry on with, and somebody has to sign in.
    pub(super) async fn enter(self, keys: Keys, signed_in: Option<(Me, Session)>) -> Result<(), DbError> {
        let visit = self.visit();
        let era = visit.era.get().wrapping_add(1);
        visit.era.set(era);
        let vault = match Vault::open(&keys).await {
            Err(DbError::Erased) => {
                // The browser gave it up: nothing of it is left to be opened.
                self.erase_vault(keys.vault).await;
                return Err(DbError::Erased);
            }
            opened => Rc::new(opened?),
        };
        let last = hold::last();
        visit.live_with(keys.vault).await;
        let rest = visit.rest_of(keys.vault);
        let found = vault.restore(&rest).await?;
        let listed = visit.registry().await?.find(keys.vault).await?;
        if visit.era.get() != era {
            // It was locked or left meanwhile.
            return Ok(());
        }
        let has_signed_in = signed_in.is_some();
        let kept = found.me.as_deref().and_then(Me::from_bytes);
        let (me, session) = match (signed_in, kept) {
            (Some((mut me, session)), kept) => {
                me.last_contact = kept.and_then(|kept| kept.last_contact);
                (me, Some(session))
            }
            (None, Some(me)) => (me, None),
            (None, None) => {
                self.phase.set(Phase::SignIn);
                return Ok(());
            }
        };
        let Ok(config) = self.config_now() else {
            return Ok(());
        };
        if last.is_some_and(|last| last != keys.vault) {
            self.router.replace(Route::Inbox);
        }
        let mut record = Record::named_by(&config);
        let is_other = listed.is_some_and(|listed| record.be_that_lent(&listed.record));
        self.store.device.other_record.set(is_other);
        if let Some(session) = &session {
            self.store.people.learn(&session.people);
        }
        self.store.people.learn([&me.person]);
        self.store.me.set(Some(Card::from(&me.person)));
        let policy = me.policy;
        let start = Start {
            keys: keys.clone(),
            vault,
            found,
            rest,
            me,
            record,
            store: self.store,
        };
        let live = Live::start(start, session, move |heard| self.hear(heard));
        self.command.attach(live.clone());
        self.let_go(keys.vault);
        if has_signed_in {
            live.keeper.say(&Said::Renewed);
        }
        let rule = Rule {
            idle: policy.idle_lock,
            on_hide: policy.lock_on_hide,
        };
        *visit.open.borrow_mut() = Some(Open {
            giver: Some(Giver::of(keys.clone())),
            idle: Some(Idle::watch(rule, move |told| self.told(told))),
            keys,
        });
        visit.pin_lock.borrow_mut().take();
        self.store.device.has_pin.set(visit.pin.borrow().is_some());
        self.command.open(self.router.route_now().space());
        self.phase.set(Phase::SignedIn);
        self.keep_lent(live);
        Ok(())
    }

    /// What the watch on the device tells.
    fn told(self, told: Told) {
        match told {
            Told::Active => {
                if let Some(live) = self.command.live() {
                    live.keeper.say(&Said::Active);
                }
            }
            // Not from within the watch itself, which is dropped by it.
            Told::Lock => spawn_local(async move { self.lock() }),
            Told::LocksSoon => self.store.device.locks_soon.set(true),
            Told::Stays => self.store.device.locks_soon.set(false),
        }
    }

    /// What another tab of the same vault tells.
    fn hear(self, heard: Heard) {
        match heard {
            Heard::Active => {
                if let Some(idle) = self
                    .visit()
                    .open
                    .borrow()
                    .as_ref()
                    .and_then(|open| open.idle.as_ref())
                {
                    idle.active_elsewhere();
                }
            }
            Heard::Leaving => self.visit().is_leaving.set(true),
            Heard::Lock => spawn_local(async move { self.lock_here(false).await }),
            Heard::Over(Over::Revoked) => spawn_local(async move { self.obey().await }),
            Heard::Over(over) => spawn_local(async move { self.over(over) }),
            Heard::Renewed => spawn_local(async move { self.renew().await }),
        }
    }

    /// Takes the device's keys anew from the vault. What the other tabs say meanwhile is heard.
    async fn renew(self) {
        let keys = self.visit().keys().filter(|_| self.is_open());
        if let Some(keys) = keys {
            let carried = Carried::of(keys);
            self.stop();
            if let Err(error) = self.enter_with(carried).await {
                self.close();
                self.fail(problem_of_db(&error));
            }
        }
    }

    /// As long as the device is open: prolongs the lease whenever the record is there, tells it of the device's use, and
    /// looks whether the lease has ended.
    fn keep_lent(self, live: Rc<Live>) {
        let visit = self.visit();
        let era = visit.era.get();
        spawn_local(async move {
            let (mut renewed, mut looked) = (At::default(), clock::now());
            loop {
                if self.visit().era.get() != era {
                    return;
                }
                let Ok(registry) = self.visit().registry().await else {
                    return;
                };
                let Some(keys) = self.visit().keys() else { return };
                let is_online = self
                    .store
                    .connection
                    .with_untracked(|line| line.mood == crate::store::connection::Mood::Live);
                let now = clock::now();
                if live.is_leading() && is_online && now.apart(renewed) > RENEWED_EVERY {
                    let (record, device) = (live.record(), live.device());
                    let renew = lend::renew(&record, &device, &registry, &keys);
                    if let Some(Ok(_)) = web::within(ASKED_FOR, Box::pin(renew)).await {
                        renewed = now;
                    }
                    _ = web::within(ASKED_FOR, Box::pin(self.tell_use(&live, keys.vault))).await;
                }
                if now.apart(looked) > RENEWED_EVERY {
                    looked = now;
                    self.lapse_the_locked().await;
                }
                if let Ok(Some(listed)) = registry.find(keys.vault).await {
                    self.store.device.kept.set(listed.kept);
                    self.store.device.lease_until.set(Some(listed.lock.lease_until()));
                    if listed.has_ended(clock::now()) {
                        return self.erase(Over::LeaseEnded).await;
                    }
                    registry.note_time(&listed, clock::now()).await;
                }
                web::wait(LOOKED_EVERY).await;
            }
        });
    }
}

/// Looking whether the lease has ended does not wait longer than so many milliseconds for the record.
const ASKED_FOR: i32 = 15_000;

/// A lease is prolonged this often while the record is there, and the leases of what else is here are looked at.
const RENEWED_EVERY: std::time::Duration = std::time::Duration::from_mins(10);

/// The lease is looked at every so many milliseconds.
const LOOKED_EVERY: i32 = 5_000;
