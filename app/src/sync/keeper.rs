//! Keeps what the machine and the person want kept: one transaction at a time, and what gathers meanwhile goes into the next.
//! The other tabs of the vault are told the same.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use baton_core::cbor;
use baton_core::sync::Store as Stored;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use super::tab::Said;
use super::timer::Timer;
use crate::session::Me;
use crate::store::Store;
use crate::store::work::tell::Told;
use crate::vault::{DbError, Vault};
use crate::web::channel::Channel;
use crate::{clock, web};

/// Writes to one vault.
pub(crate) struct Keeper {
    vault: Rc<Vault>,
    store: &'static Store,
    driver: RefCell<Weak<Driver>>,
    tabs: RefCell<Option<Channel>>,
    /// What is to be written, in its order.
    queue: RefCell<Vec<Stored>>,
    me: RefCell<Me>,
    me_changed: Cell<bool>,
    is_writing: Cell<bool>,
    rows: Timer,
    /// Rows are to be written in a moment.
    waits: Cell<bool>,
    later: Timer,
    is_over: Cell<bool>,
}

impl Keeper {
    pub(crate) fn new(vault: Rc<Vault>, me: Me, store: &'static Store) -> Rc<Self> {
        Rc::new(Self {
            vault,
            store,
            driver: RefCell::new(Weak::new()),
            tabs: RefCell::new(None),
            queue: RefCell::new(Vec::new()),
            me: RefCell::new(me),
            me_changed: Cell::new(true),
            is_writing: Cell::new(false),
            rows: Timer::default(),
            waits: Cell::new(false),
            later: Timer::default(),
            is_over: Cell::new(false),
        })
    }

    /// Takes its place between the machine and the other tabs.
    pub(super) fn attach(&self, driver: &Rc<Driver>, tabs: Option<Channel>) {
        *self.driver.borrow_mut() = Rc::downgrade(driver);
        *self.tabs.borrow_mut() = tabs;
    }

    /// The vault.
    pub(crate) fn vault(&self) -> Rc<Vault> {
        self.vault.clone()
    }

    /// Who is signed in.
    pub(crate) fn me(&self) -> Me {
        self.me.borrow().clone()
    }

    /// Changes who is signed in.
    pub(crate) fn change_me(self: &Rc<Self>, change: impl FnOnce(&mut Me)) {
        change(&mut self.me.borrow_mut());
        self.me_changed.set(true);
        self.soon();
    }

    /// Keeps something that the machine said, and tells the other tabs.
    pub(super) fn keep(self: &Rc<Self>, stored: Stored) {
        self.say(&Said::Stored(stored.clone()));
        self.queue.borrow_mut().push(stored);
        self.soon();
    }

    /// Tells the other tabs something.
    pub(crate) fn say(&self, said: &Said) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.say(&zeroize::Zeroizing::new(cbor::to_bytes(said)));
        }
    }

    /// Writes what there is to write, as soon as what is being written is.
    pub(crate) fn soon(self: &Rc<Self>) {
        if self.is_over.get() || self.is_writing.replace(true) {
            return;
        }
        let keeper = self.clone();
        spawn_local(async move {
            let mut failures: i32 = 0;
            while !keeper.is_over.get() {
                match keeper.write_once().await {
                    Ok(true) => failures = 0,
                    Ok(false) => break,
                    Err(error) => {
                        keeper.store.device.trouble.set(Some(error));
                        failures = failures.saturating_add(1).min(6);
                        web::wait(500 << failures).await;
                    }
                }
            }
            keeper.is_writing.set(false);
        });
    }

    /// Writes what there is to write within a moment: rows of spaces take longer to make and seal than a frame lasts, and can be
    /// made anew. What came or was written does not wait.
    pub(super) fn in_a_moment(self: &Rc<Self>) {
        if self.waits.replace(true) {
            return;
        }
        let keeper = Rc::downgrade(self);
        self.rows.set(SHOWN_FIRST, move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.waits.set(false);
                keeper.soon();
            }
        });
    }

    /// Writes what there is to write within a moment: somebody is typing.
    pub(crate) fn later(self: &Rc<Self>) {
        let keeper = Rc::downgrade(self);
        self.later.set(TYPED, move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.soon();
            }
        });
    }

    /// Waits until everything is written, or that is hopeless.
    pub(crate) async fn settle(self: &Rc<Self>) {
        self.soon();
        while self.is_writing.get() && !self.is_over.get() {
            web::wait(5).await;
        }
    }

    /// Nothing more is written.
    pub(crate) fn end(&self) {
        self.is_over.set(true);
        self.tabs.borrow_mut().take();
    }

    /// Writes everything that there is now; false when there is nothing.
    async fn write_once(&self) -> Result<bool, DbError> {
        let stored = std::mem::take(&mut *self.queue.borrow_mut());
        let driver = self.driver.borrow().upgrade();
        let rows = driver.map(|driver| driver.take_unkept()).unwrap_or_default();
        for row in &rows {
            self.say(&Said::Stored(row.clone()));
        }
        let drafts = self.store.drafts.take_unkept();
        let texts = self.store.texts.take_unkept();
        let people = self.store.people.take_unkept();
        let patients = self.store.patients.take_unkept();
        let lists = self.store.lists.take_unkept();
        if let Some(told) = self.store.work.take_told() {
            self.say(&Said::Told(told.clone()));
            self.take_told(told);
        }
        let muted = self.store.inbox.take_unkept();
        let me = self
            .me_changed
            .replace(false)
            .then(|| self.me.borrow().to_bytes());
        let mut batch = self.vault.batch();
        for stored in stored.iter().chain(&rows) {
            batch.store(stored);
        }
        for (space, draft) in &drafts {
            self.say(&Said::Draft(*space, draft.clone()));
            batch.put_draft(*space, draft.as_ref());
        }
        for (cell, draft) in &lists.cells {
            self.say(&Said::Cell(*cell, draft.clone()));
            batch.put_cell(*cell, draft.as_ref());
        }
        for (text, draft) in &texts {
            self.say(&Said::Text(text.clone(), draft.clone()));
            batch.put_text(text, draft.as_ref());
        }
        for (list, look) in &lists.looks {
            self.say(&Said::Look(*list, look.clone()));
            batch.put_look(*list, look);
        }
        for (space, is_muted) in &muted {
            self.say(&Said::Muted(*space, *is_muted));
            batch.put_muted(*space, *is_muted);
        }
        for person in &people {
            batch.put_person(person);
        }
        for (id, patient) in &patients {
            batch.put_patient(*id, patient.as_ref());
        }
        if !patients.is_empty() {
            self.say(&Said::Patients(patients.clone()));
        }
        if !people.is_empty() {
            self.say(&Said::People(people.clone()));
        }
        if let Some(me) = &me {
            batch.put_me(me);
        }
        if batch.is_empty() {
            return Ok(false);
        }
        let written = self.vault.write(batch).await;
        if written.is_err() {
            // Nothing of it was written: it goes again, before what has gathered meanwhile.
            let mut queue = self.queue.borrow_mut();
            let newer = std::mem::take(&mut *queue);
            queue.extend(stored);
            queue.extend(rows);
            queue.extend(newer);
            self.store.drafts.unkeep(drafts.iter().map(|(space, _)| *space));
            self.store.lists.unkeep(&lists);
            self.store.inbox.unkeep(&muted);
            self.store.texts.unkeep(texts);
            self.store.people.unkeep(people);
            self.store.patients.unkeep(patients.iter().map(|(id, _)| *id));
            self.me_changed.set(self.me_changed.get() || me.is_some());
        } else if self.store.device.trouble.with_untracked(Option::is_some) {
            self.store.device.trouble.set(None);
        }
        if let Some(contact) = self.last_contact()
            && me.is_none()
        {
            self.note_contact(contact);
        }
        written.map(|()| true)
    }

    /// What of overdue tasks was told in this tab or another is not told again.
    pub(super) fn take_told(&self, told: Told) {
        self.me.borrow_mut().told = told;
        self.me_changed.set(true);
    }

    fn last_contact(&self) -> Option<baton_core::time::At> {
        let driver = self.driver.borrow().upgrade()?;
        driver.look(baton_core::sync::Sync::last_contact)
    }

    /// The last contact is kept once a minute: it is shown after a start without a network.
    fn note_contact(&self, contact: baton_core::time::At) {
        let mut me = self.me.borrow_mut();
        let known = me.last_contact.unwrap_or_default();
        if contact.since(known) > std::time::Duration::from_mins(1) && contact <= clock::now() {
            me.last_contact = Some(contact);
            self.me_changed.set(true);
        }
    }
}

/// Rows are made and kept so many milliseconds after the machine wants them to be.
const SHOWN_FIRST: u64 = 250;

/// What is typed is kept after so many milliseconds without a key.
const TYPED: u64 = 200;
