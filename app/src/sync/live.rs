//! A signed-in device at work in one tab: the machine, the vault behind it, the other tabs beside it. Of the tabs of a vault
//! one leads, with the connection; the others follow, and one of them leads as soon as that one is gone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::device_api::Session;
use baton_core::id::SpaceId;
use baton_core::sync::{Event, Setup, Store as Stored, Sync, kept_head};
use baton_core::vault::slot::Keys;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use super::browser::{Browser, Shared};
use super::indexer::Indexer;
use super::keeper::Keeper;
use super::tab::{self, Over, Said};
use super::timer::Timer;
use crate::session::{Device, Me, Record};
use crate::store::Store;
use crate::vault::db::Write;
use crate::vault::{Found, Vault};
use crate::web::channel::Channel;
use crate::web::lock::{self, Held};
use crate::{clock, web};

/// What a tab hears from the others that concerns the whole visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Somebody is at this device, in another tab.
    Active,
    /// The person is signing out, in another tab.
    Leaving,
    /// Lock.
    Lock,
    /// Everything was erased.
    Over(Over),
    /// The person signed in again in another tab.
    Renewed,
}

/// What a device at work is made of.
pub struct Start {
    /// The vault's keys.
    pub keys: Keys,
    /// The vault.
    pub vault: Rc<Vault>,
    /// What it held.
    pub found: Found,
    /// What could not be written into it before it was locked; [`Self::found`] is with it.
    pub rest: Rc<Vec<Write>>,
    /// Who is signed in.
    pub me: Me,
    /// The record.
    pub record: Record,
    /// What the screens show.
    pub store: &'static Store,
}

/// A signed-in device at work in this tab.
pub struct Live {
    /// The machine.
    pub driver: Rc<Driver>,
    /// What writes to the vault.
    pub(crate) keeper: Rc<Keeper>,
    /// What searches.
    pub(crate) indexer: Rc<Indexer>,
    shared: Rc<Shared>,
    leads: Rc<RefCell<Option<Held>>>,
    is_over: Rc<Cell<bool>>,
    tick: Timer,
}

impl Live {
    /// Puts a signed-in device to work. `session` is one that was just given, if any.
    pub fn start(start: Start, session: Option<Session>, hear: impl Fn(Heard) + 'static) -> Rc<Self> {
        let Start {
            keys,
            vault,
            found,
            rest,
            me,
            record,
            store,
        } = start;
        let setup = Setup {
            device: me.device.id,
            user: me.person.id,
            secret: me.device.secret.clone(),
            record: record.verify_key,
        };
        let vault_id = keys.vault;
        let last_contact = me.last_contact;
        store.work.put_back_told(me.told.clone());
        let has_rest = !rest.is_empty();
        let keeper = Keeper::new(vault, rest, me, store);
        let hear = Rc::new(hear);
        let erased = hear.clone();
        let indexer = Indexer::new(keeper.clone(), store);
        let shared = Shared::new(record, keeper.clone(), indexer.clone(), store, move || {
            erased(Heard::Over(Over::Revoked));
        });
        let driver = Driver::new(setup, Box::new(Browser(shared.clone())));
        shared.attach(&driver);
        indexer.attach(&driver);
        let live = Rc::new(Self {
            driver,
            keeper,
            indexer,
            shared,
            leads: Rc::default(),
            is_over: Rc::default(),
            tick: Timer::default(),
        });
        let tabs = live.hear_tabs(&tab::channel(vault_id), hear);
        live.keeper.attach(&live.driver, tabs);
        // Before the rows that name them, which nothing else shows anew without a network.
        store.people.put_back(&found.people);
        store.patients.put_back_kept(found.patients, clock::now());
        for (list, look) in found.looks {
            store.lists.put_back_look(list, look);
        }
        for space in found.muted {
            store.inbox.put_back(space, true);
        }
        for (cell, draft) in found.cells {
            store.lists.put_back_cell(cell, Some(draft));
        }
        for (text, draft) in found.texts {
            store.texts.put_back(text, Some(draft));
        }
        let mut restored = found.restored;
        // Tabs that were opened before this one do not know of it.
        for kept in restored.outbox.iter().filter(|_| has_rest) {
            live.keeper.say(&Said::Stored(Stored::Put(kept.clone())));
        }
        restored.last_contact = last_contact;
        let unread = live.driver.change(|sync, now| sync.restore(restored, now));
        store.device.unreadable.set(unread + found.unreadable.len());
        for (space, draft) in found.drafts {
            store.drafts.put_back(space, Some(draft));
        }
        let keeper = Rc::downgrade(&live.keeper);
        store.drafts.tell(move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.later();
            }
        });
        let keeper = Rc::downgrade(&live.keeper);
        store.lists.tell(move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.later();
            }
        });
        let keeper = Rc::downgrade(&live.keeper);
        store.texts.tell(move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.later();
            }
        });
        live.listen();
        live.tick();
        live.lead(&tab::leading(vault_id), session);
        live.keeper.say(&Said::Hello);
        live.keeper.soon();
        live
    }

    /// Waits for its turn to lead, and then connects.
    fn lead(self: &Rc<Self>, name: &str, session: Option<Session>) {
        let (live, name) = (Rc::downgrade(self), name.to_owned());
        spawn_local(async move {
            let held = lock::hold(&name).await;
            let Some(live) = live.upgrade().filter(|live| !live.is_over.get()) else {
                return;
            };
            *live.leads.borrow_mut() = Some(held);
            live.shared.store.device.leads.set(true);
            live.indexer.lead();
            live.driver.change(|sync, now| {
                sync.keep_all();
                if !web::is_online() {
                    sync.handle_event(Event::Offline, now, &mut clock::rng());
                }
                match session {
                    Some(session) => {
                        sync.handle_event(Event::Session(Box::new(session)), now, &mut clock::rng());
                    }
                    None => sync.resume(now, &mut clock::rng()),
                }
            });
        });
    }

    /// Whether this tab has the connection.
    pub fn is_leading(&self) -> bool {
        self.leads.borrow().is_some()
    }

    /// This device.
    pub fn device(&self) -> Device {
        self.keeper.me().device
    }

    /// The record.
    pub fn record(&self) -> Record {
        self.shared.record.clone()
    }

    /// Somebody read up to a place.
    pub fn read_up_to(&self, space: SpaceId, seq: Seq) {
        if self.is_leading() {
            self.driver.change(|sync, now| sync.read_up_to(space, seq, now));
        } else {
            self.keeper.say(&Said::Read(space, seq));
        }
    }

    /// Somebody writes.
    pub fn typing(&self, space: SpaceId) {
        if self.is_leading() {
            self.driver
                .change(|sync, now| sync.typing(space, now, &mut clock::rng()));
        } else {
            self.keeper.say(&Said::Typing(space));
        }
    }

    /// Stops for good, without waiting for what is on its way. Another tab may lead from now on. Gives what could not be
    /// written, sealed.
    pub fn stop(&self) -> Vec<Write> {
        self.is_over.set(true);
        self.shared.end();
        self.tick.stop();
        let rest = self.keeper.end();
        self.indexer.end();
        self.leads.borrow_mut().take();
        rest
    }

    fn hear_tabs(self: &Rc<Self>, name: &str, hear: Rc<impl Fn(Heard) + 'static>) -> Option<Channel> {
        let live = Rc::downgrade(self);
        Channel::open(name, move |bytes| {
            let Some(live) = live.upgrade().filter(|live| !live.is_over.get()) else {
                return;
            };
            if let Ok(said) = cbor::from_bytes::<Said>(&bytes) {
                live.take(said, &*hear);
            }
        })
    }

    fn take(self: &Rc<Self>, said: Said, hear: &dyn Fn(Heard)) {
        let store = self.shared.store;
        match said {
            Said::Active => hear(Heard::Active),
            Said::Cell(cell, draft) => store.lists.put_back_cell(cell, draft),
            Said::Connection(line) => {
                if !self.is_leading() {
                    store.connection.set(line);
                }
            }
            Said::Draft(space, draft) => store.drafts.put_back(space, draft),
            Said::Hello => {
                if self.is_leading() {
                    self.keeper
                        .say(&Said::Connection(store.connection.get_untracked()));
                }
            }
            Said::Leaving => hear(Heard::Leaving),
            Said::Lock => hear(Heard::Lock),
            Said::Look(list, look) => store.lists.put_back_look(list, look),
            Said::Muted(space, is_muted) => store.inbox.put_back(space, is_muted),
            Said::Over(over) => hear(Heard::Over(over)),
            Said::Patients(patients) => store.patients.put_back(patients),
            Said::People(people) => store.people.put_back(&people),
            Said::Read(space, seq) => {
                if self.is_leading() {
                    self.read_up_to(space, seq);
                }
            }
            Said::Renewed => hear(Heard::Renewed),
            Said::Stored(stored) => self.take_stored(stored),
            Said::Text(text, draft) => store.texts.put_back(text, draft),
            Said::Told(told) => {
                store.work.put_back_told(told.clone());
                self.keeper.take_told(told);
            }
            Said::Typing(space) => {
                if self.is_leading() {
                    self.typing(space);
                }
            }
        }
    }

    /// Another tab has kept something. What does not lead on from what is here is read from the vault, once it is there.
    fn take_stored(self: &Rc<Self>, stored: Stored) {
        let wanted = match &stored {
            Stored::Entries { space, entries, .. } => entries.last().map(|entry| (*space, entry.seq)),
            Stored::Space { space, head, .. } => Some((*space, *head)),
            Stored::Cursors { .. } | Stored::Forget(_) | Stored::Put(_) | Stored::Remove { .. } => None,
        };
        let follows = self
            .driver
            .change(|sync, now| sync.take_stored(stored, now, &mut clock::rng()));
        let Some((space, seq)) = wanted.filter(|_| !follows) else {
            return;
        };
        let live = Rc::downgrade(self);
        spawn_local(async move {
            let mut wait = 20;
            // A busy device may take a while to keep what it was told.
            for _ in 0..READ_TIMES {
                web::wait(wait).await;
                wait = READ_EVERY.min(wait * 4);
                let Some(live) = live.upgrade().filter(|live| !live.is_over.get()) else {
                    return;
                };
                let has = |sync: &Sync| {
                    sync.space(space)
                        .is_some_and(|space| space.confirmed().head.seq >= seq)
                };
                if live.driver.look(has) {
                    return;
                }
                if let Ok(Some(kept)) = live.keeper.vault().space(space).await {
                    let ends = kept.tail.last().map(|entry| entry.seq);
                    let ends = ends.or(kept_head(&kept.row).map(|(_, head)| head));
                    // More may have come meanwhile, which is not to be taken back.
                    let leads_on =
                        |sync: &Sync| sync.space(space).map(|space| space.confirmed().head.seq) < ends;
                    if live.driver.look(leads_on) {
                        live.driver.change(|sync, now| sync.restore_space(&kept, now));
                    }
                }
            }
        });
    }

    /// Tells the machine when the network comes and goes, and when the app comes back to the front.
    fn listen(self: &Rc<Self>) {
        for name in ["online", "offline", "pageshow", "visibilitychange"] {
            let live = Rc::downgrade(self);
            let heard = Closure::<dyn Fn()>::new(move || {
                let Some(live) = live.upgrade() else { return };
                if name == "visibilitychange" && web::document().hidden() {
                    // It may be the last that this tab hears.
                    live.keeper.soon();
                }
                if !live.is_leading() {
                    return;
                }
                match name {
                    "offline" => live.shared.tell(Event::Offline),
                    "visibilitychange" if web::document().hidden() => {}
                    _ if web::is_online() => live.shared.tell(Event::Online),
                    _ => {}
                }
            });
            let listener = heard.as_ref().unchecked_ref();
            _ = if name == "visibilitychange" {
                web::document().add_event_listener_with_callback(name, listener)
            } else {
                web::window().add_event_listener_with_callback(name, listener)
            };
            // It holds only a weak reference, and is made once for each signing in.
            heard.forget();
        }
    }

    /// Every half minute: what depends on the time of day is shown anew.
    fn tick(self: &Rc<Self>) {
        let live = Rc::downgrade(self);
        self.tick.set(30_000, move || {
            if let Some(live) = live.upgrade() {
                live.driver
                    .look(|sync| live.shared.store.refresh_all(sync, clock::now(), clock::zone));
                live.keeper.soon();
                live.tick();
            }
        });
    }
}

/// What another tab has kept is looked for so often, for two minutes.
const READ_TIMES: u8 = 40;

/// And at most so many milliseconds apart.
const READ_EVERY: i32 = 3_000;
