//! Keeps what the machine and the person want kept: one transaction at a time, and what gathers meanwhile goes into the next.
//! The other tabs of the vault are told the same.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use baton_core::cbor;
use baton_core::id::{PatientId, SpaceId};
use baton_core::person::Person;
use baton_core::sync::Store as Stored;
use baton_core::vault::Table;
use wasm_bindgen_futures::spawn_local;
use zeroize::Zeroizing;

use super::Driver;
use super::tab::Said;
use super::timer::Timer;
use crate::session::Me;
use crate::store::Store;
use crate::store::drafts::Draft;
use crate::store::handover::texts;
use crate::store::lists;
use crate::store::patients::LookedUp;
use crate::store::work::tell::Told;
use crate::vault::db::Write;
use crate::vault::{Batch, DbError, Vault};
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
    /// What could not be written before it was locked, sealed; and after that what is on its way.
    sealed: RefCell<Rc<Vec<Write>>>,
    is_writing: Cell<bool>,
    rows: Timer,
    /// Rows are to be written in a moment.
    waits: Cell<bool>,
    later: Timer,
    at_last: Timer,
    /// Something was typed that is not written yet.
    types: Cell<bool>,
    is_over: Cell<bool>,
}

/// What was taken to be written.
struct Taken {
    stored: Vec<Stored>,
    drafts: Vec<(SpaceId, Option<Draft>)>,
    texts: texts::Unkept,
    people: Vec<Person>,
    patients: Vec<(PatientId, Option<LookedUp>)>,
    lists: lists::Unkept,
    muted: Vec<(SpaceId, bool)>,
    me: Option<Zeroizing<Vec<u8>>>,
}

impl Keeper {
    /// `rest` is what could not be written before the vault was locked.
    pub(crate) fn new(vault: Rc<Vault>, rest: Rc<Vec<Write>>, me: Me, store: &'static Store) -> Rc<Self> {
        Rc::new(Self {
            vault,
            store,
            driver: RefCell::new(Weak::new()),
            tabs: RefCell::new(None),
            queue: RefCell::new(Vec::new()),
            me: RefCell::new(me),
            me_changed: Cell::new(true),
            sealed: RefCell::new(rest),
            is_writing: Cell::new(false),
            rows: Timer::default(),
            waits: Cell::new(false),
            later: Timer::default(),
            at_last: Timer::default(),
            types: Cell::new(false),
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

    /// Keeps something that the machine said, and tells the other tabs: of many entries only the last, which sends them to the
    /// vault for the others. Copying all takes longer than keeping them, and mostly there is no other tab.
    pub(super) fn keep(self: &Rc<Self>, mut stored: Stored) {
        let mut untold = Vec::new();
        if let Stored::Entries { entries, .. } = &mut stored
            && entries.len() > TOLD
        {
            let last = entries.split_off(entries.len() - 1);
            untold = std::mem::replace(entries, last);
        }
        let said = Said::Stored(stored);
        self.say(&said);
        if let Said::Stored(mut stored) = said {
            if let Stored::Entries { entries, .. } = &mut stored {
                untold.append(entries);
                *entries = untold;
            }
            self.queue.borrow_mut().push(stored);
        }
        self.soon();
    }

    /// Tells the other tabs something.
    pub(crate) fn say(&self, said: &Said) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.say(&Zeroizing::new(cbor::to_bytes(said)));
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
        if !self.waits.replace(true) {
            self.after(&self.rows, SHOWN_FIRST);
        }
    }

    /// Writes what there is to write within a moment: somebody is typing.
    pub(crate) fn later(self: &Rc<Self>) {
        self.after(&self.later, TYPED);
        if !self.types.replace(true) {
            self.after(&self.at_last, TYPED_AT_LAST);
        }
    }

    fn after(self: &Rc<Self>, timer: &Timer, millis: u64) {
        let keeper = Rc::downgrade(self);
        timer.set(millis, move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.soon();
            }
        });
    }

    /// Waits until everything is written, or that is hopeless: the browser takes nothing, which is tried again by and by.
    pub(crate) async fn settle(self: &Rc<Self>) {
        self.soon();
        let fails = || self.store.device.trouble.with_untracked(Option::is_some);
        while self.is_writing.get() && !self.is_over.get() && !fails() {
            web::wait(5).await;
        }
    }

    /// Nothing more is written. Gives what could not be, sealed. Who is signed in is not in it: that may be somebody else by
    /// the time it is written.
    pub(crate) fn end(&self) -> Vec<Write> {
        self.is_over.set(true);
        self.tabs.borrow_mut().take();
        let (new, _) = self.seal(&self.take()).finish();
        let mut rest = Rc::unwrap_or_clone(self.sealed.take());
        rest.extend(new);
        rest.retain(|write| write.table() != Table::Me.name());
        rest
    }

    /// Writes everything that there is now; false when there is nothing.
    async fn write_once(&self) -> Result<bool, DbError> {
        let taken = self.take();
        let (new, is_of_a_person) = self.seal(&taken).finish();
        let before = self.sealed.borrow().len();
        if new.is_empty() && before == 0 {
            return Ok(false);
        }
        Rc::make_mut(&mut self.sealed.borrow_mut()).extend(new);
        let writes = self.sealed.borrow().clone();
        let written = self.vault.put(&writes, is_of_a_person || before > 0).await;
        drop(writes);
        if self.is_over.get() {
            return written.map(|()| true);
        }
        // What is from before it was locked is sealed already; the rest is gathered again, as it is by then.
        let left = if written.is_ok() { 0 } else { before };
        Rc::make_mut(&mut self.sealed.borrow_mut()).truncate(left);
        let is_me_kept = taken.me.is_some();
        if written.is_err() {
            self.give_back(taken);
        } else if self.store.device.trouble.with_untracked(Option::is_some) {
            self.store.device.trouble.set(None);
        }
        if let Some(contact) = self.last_contact()
            && !is_me_kept
        {
            self.note_contact(contact);
        }
        written.map(|()| true)
    }

    /// Takes everything that is to be written.
    fn take(&self) -> Taken {
        self.waits.set(false);
        self.types.set(false);
        let mut stored = std::mem::take(&mut *self.queue.borrow_mut());
        let driver = self.driver.borrow().upgrade();
        let rows = driver.map(|driver| driver.take_unkept()).unwrap_or_default();
        for row in &rows {
            self.say(&Said::Stored(row.clone()));
        }
        stored.extend(rows);
        if let Some(told) = self.store.work.take_told() {
            self.say(&Said::Told(told.clone()));
            self.take_told(told);
        }
        Taken {
            stored,
            drafts: self.store.drafts.take_unkept(),
            texts: self.store.texts.take_unkept(),
            people: self.store.people.take_unkept(),
            patients: self.store.patients.take_unkept(),
            lists: self.store.lists.take_unkept(),
            muted: self.store.inbox.take_unkept(),
            me: self
                .me_changed
                .replace(false)
                .then(|| self.me.borrow().to_bytes()),
        }
    }

    /// Seals what was taken, and tells the other tabs.
    fn seal(&self, taken: &Taken) -> Batch<'_> {
        let mut batch = self.vault.batch();
        for stored in &taken.stored {
            batch.store(stored);
        }
        for (space, draft) in &taken.drafts {
            self.say(&Said::Draft(*space, draft.clone()));
            batch.put_draft(*space, draft.as_ref());
        }
        for (cell, draft) in &taken.lists.cells {
            self.say(&Said::Cell(*cell, draft.clone()));
            batch.put_cell(*cell, draft.as_ref());
        }
        for (text, draft) in &taken.texts {
            self.say(&Said::Text(text.clone(), draft.clone()));
            batch.put_text(text, draft.as_ref());
        }
        for (list, look) in &taken.lists.looks {
            self.say(&Said::Look(*list, look.clone()));
            batch.put_look(*list, look);
        }
        for (space, is_muted) in &taken.muted {
            self.say(&Said::Muted(*space, *is_muted));
            batch.put_muted(*space, *is_muted);
        }
        for person in &taken.people {
            batch.put_person(person);
        }
        for (id, patient) in &taken.patients {
            batch.put_patient(*id, patient.as_ref());
        }
        if !taken.patients.is_empty() {
            self.say(&Said::Patients(taken.patients.clone()));
        }
        if !taken.people.is_empty() {
            self.say(&Said::People(taken.people.clone()));
        }
        if let Some(me) = &taken.me {
            batch.put_me(me);
        }
        batch
    }

    /// Nothing of it was written: it goes again, before what has gathered meanwhile.
    fn give_back(&self, taken: Taken) {
        self.queue.borrow_mut().splice(0..0, taken.stored);
        self.store
            .drafts
            .unkeep(taken.drafts.iter().map(|(space, _)| *space));
        self.store.lists.unkeep(&taken.lists);
        self.store.inbox.unkeep(&taken.muted);
        self.store.texts.unkeep(taken.texts);
        self.store.people.unkeep(taken.people);
        self.store
            .patients
            .unkeep(taken.patients.iter().map(|(id, _)| *id));
        self.me_changed.set(self.me_changed.get() || taken.me.is_some());
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

/// So many entries at most are told to the other tabs as they are.
const TOLD: usize = 256;

/// Rows are made and kept so many milliseconds after the machine wants them to be.
const SHOWN_FIRST: u64 = 250;

/// What is typed is kept after so many milliseconds without a key.
const TYPED: u64 = 200;

/// And after so many milliseconds at last, however fast somebody types.
const TYPED_AT_LAST: u64 = 1_000;
