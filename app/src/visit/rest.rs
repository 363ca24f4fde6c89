//! What was written and could not be kept before a device was locked or signed in anew: it stays in this tab, sealed, and is tried
//! again until the device takes it.

use std::rc::Rc;

use crate::prelude::*;
use baton_core::device_api::UseKind;
use baton_core::id::VaultId;
use wasm_bindgen_futures::spawn_local;

use super::Visit;
use super::begin::problem_of_db;
use crate::app::{Baton, Phase};
use crate::session::hold;
use crate::vault::db::{DbError, Write};
use crate::vault::rest;
use crate::web;

impl Visit {
    /// What could not be kept in a vault.
    pub(super) fn rest_of(&self, vault: VaultId) -> Rc<Vec<Write>> {
        let all = self.rest.borrow();
        let mine = all.iter().find(|(of, _)| *of == vault);
        mine.map(|(_, rest)| rest.clone()).unwrap_or_default()
    }
}

impl Baton {
    /// Stops the device in this tab. What it could not write stays, sealed.
    pub(super) fn stop(self) {
        let rest = self.command.detach();
        let visit = self.visit();
        let Some(keys) = visit.keys().filter(|_| !rest.is_empty()) else {
            return;
        };
        visit.rest.borrow_mut().push((keys.vault, Rc::new(rest)));
        self.store.device.unkept.set(true);
        if !visit.tries_rest.replace(true) {
            spawn_local(self.try_to_keep());
        }
    }

    /// What could not be kept in a vault is kept by now, or is not to be.
    pub(super) fn let_go(self, vault: VaultId) {
        let visit = self.visit();
        visit.rest.borrow_mut().retain(|(of, _)| *of != vault);
        self.store.device.unkept.set(!visit.rest.borrow().is_empty());
    }

    /// The lease of a vault has ended: of what could not be kept in it only what its author wrote is. Says whether there is any.
    pub(super) fn keep_only_the_unsent(self, vault: VaultId) -> bool {
        let mut left = Rc::unwrap_or_clone(self.visit().rest_of(vault));
        self.let_go(vault);
        left.retain(rest::is_of_its_author);
        let any = !left.is_empty();
        if any {
            self.visit().rest.borrow_mut().push((vault, Rc::new(left)));
            self.store.device.unkept.set(true);
        }
        any
    }

    async fn try_to_keep(self) {
        let visit = self.visit();
        loop {
            let next = visit.rest.borrow().first().cloned();
            let Some((vault, rest)) = next else { break };
            let opened = hold::ask_tabs()
                .await
                .filter(|carried| carried.keys.vault == vault);
            let is_locked = matches!(self.phase.get_untracked(), Phase::Locked(locked) if !locked.is_busy);
            if let Some(carried) = opened.filter(|_| is_locked) {
                // Another tab has it open, and does not know of this.
                self.note_use(Some(vault), UseKind::Unlocked);
                self.phase.set(Phase::Wait("Unlocking"));
                if let Err(error) = self.enter_with(carried).await {
                    self.fail(problem_of_db(&error));
                }
            } else if matches!(rest::write(vault, &rest).await, Ok(()) | Err(DbError::Erased))
                && Rc::ptr_eq(&rest, &visit.rest_of(vault))
            {
                self.let_go(vault);
                continue;
            }
            web::wait(TRIED_EVERY).await;
        }
        visit.tries_rest.set(false);
    }

    /// Closing the tab would lose what is kept nowhere else: the browser asks first. And the keys go to the service worker, for
    /// if this is a reload.
    pub(crate) fn warn_of_loss(self) {
        let store = self.store;
        _ = window_event_listener(leptos::ev::beforeunload, move |event| {
            let is_kept =
                store.device.kept.get_untracked() && store.device.trouble.with_untracked(Option::is_none);
            let waits = store.connection.with_untracked(|line| line.waiting);
            let is_lost = self.is_open() && !is_kept && waits + store.begun() > 0;
            if is_lost || store.device.unkept.get_untracked() {
                event.prevent_default();
            }
        });
        _ = window_event_listener(leptos::ev::pagehide, move |_| {
            if let Some(live) = self.command.live().filter(|_| self.is_open()) {
                live.keeper.soon();
                if let Some(keys) = self.visit().keys() {
                    hold::leave(&keys);
                }
            }
        });
    }
}

/// What could not be kept is tried again every so many milliseconds.
const TRIED_EVERY: i32 = 3_000;
