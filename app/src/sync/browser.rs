//! The browser, as the machine acts upon it: one WebSocket, one timer, Oblivious HTTP, and the stores.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_core::device_api::{
    HISTORY_PATH, History, KEYS_PATH, Keys, PEOPLE_PATH, People, PeopleAnswer, SNAPSHOTS_PATH, Snapshots,
};
use baton_core::frame::PING;
use baton_core::id::UserId;
use baton_core::sync::{Ask, CloseReason, Event, Failure, Shown, Store as Stored, Sync};
use baton_core::time::At;
use wasm_bindgen_futures::spawn_local;

use super::indexer::Indexer;
use super::keeper::Keeper;
use super::photos;
use super::socket::{Heard, Socket};
use super::tab::Said;
use super::timer::Timer;
use super::{Driver, Outside};
use crate::session::{AskError, Record};
use crate::store::Store;
use crate::store::changed::Changed;
use crate::store::connection::{ConnectionLine, Mood};
use crate::{clock, web};

/// What everything here shares.
pub(super) struct Shared {
    driver: RefCell<Weak<Driver>>,
    pub(super) record: Record,
    keeper: Rc<Keeper>,
    indexer: Rc<Indexer>,
    pub(super) store: &'static Store,
    socket: RefCell<Option<Socket>>,
    timer: Timer,
    /// When it goes off, by this device's clock.
    wakes: Cell<Option<At>>,
    /// What the screens do not show yet.
    unshown: RefCell<Vec<Shown>>,
    /// They were brought up to date a moment ago.
    rests: Cell<bool>,
    rest: Timer,
    /// Where names may be missing that are to be asked for in a moment.
    unnamed: RefCell<Changed>,
    names: Timer,
    is_naming: Cell<bool>,
    /// The connection as the other tabs were last told of it.
    told: RefCell<ConnectionLine>,
    /// Set at the end: nothing that still comes in is told to anybody.
    is_over: Cell<bool>,
    on_erase: Box<dyn Fn()>,
}

/// The browser as the [`Outside`] of one signed-in device.
pub(super) struct Browser(pub(super) Rc<Shared>);

impl Shared {
    pub(super) fn new(
        record: Record,
        keeper: Rc<Keeper>,
        indexer: Rc<Indexer>,
        store: &'static Store,
        on_erase: impl Fn() + 'static,
    ) -> Rc<Self> {
        Rc::new(Self {
            driver: RefCell::new(Weak::new()),
            record,
            keeper,
            indexer,
            store,
            socket: RefCell::new(None),
            timer: Timer::default(),
            wakes: Cell::new(None),
            unshown: RefCell::default(),
            rests: Cell::new(false),
            rest: Timer::default(),
            unnamed: RefCell::default(),
            names: Timer::default(),
            is_naming: Cell::new(false),
            told: RefCell::default(),
            is_over: Cell::new(false),
            on_erase: Box::new(on_erase),
        })
    }

    pub(super) fn attach(&self, driver: &Rc<Driver>) {
        *self.driver.borrow_mut() = Rc::downgrade(driver);
    }

    /// Nothing more is done or told.
    pub(super) fn end(&self) {
        self.is_over.set(true);
        self.record.end();
        self.timer.stop();
        self.names.stop();
        self.rest.stop();
        self.socket.borrow_mut().take();
    }

    /// A page of history from the vault, which has it without a network too.
    async fn page(&self, ask: &Ask) -> Option<Event> {
        let Ask::History { space, before, limit } = ask else {
            return None;
        };
        let page = self
            .keeper
            .vault()
            .page(*space, *before, usize::from(*limit))
            .await;
        Some(Event::History(*space, page.ok()??))
    }

    pub(super) fn tell(&self, event: Event) {
        if self.is_over.get() {
            return;
        }
        let driver = self.driver.borrow().upgrade();
        if let Some(driver) = driver {
            driver.feed(event);
        }
    }

    async fn answer(&self, ask: Ask) -> Event {
        if let Some(page) = self.page(&ask).await {
            return page;
        }
        let device = self.keeper.me().device;
        let record = self.record.clone();
        let answered = match &ask {
            Ask::Deposit(space, photo) => photos::deposit(&self.keeper, &record, *space, *photo).await,
            Ask::History { space, before, limit } => {
                let (space, before, limit) = (*space, *before, *limit);
                let question = History { space, before, limit };
                let answer = record.ask(&device, HISTORY_PATH, &question).await;
                answer.map(|answer| Event::History(space, answer))
            }
            Ask::Keys(space) => {
                let answer = record.ask(&device, KEYS_PATH, &Keys { space: *space }).await;
                answer.map(|answer| Event::Keys(*space, answer))
            }
            Ask::Session => record.session(&device).await.map(|session| {
                self.store.people.learn(&session.people);
                self.store.people.learn([&session.me]);
                self.keeper.change_me(|me| me.learn(&session));
                Event::Session(Box::new(session))
            }),
            Ask::Snapshots(spaces) => {
                let question = Snapshots {
                    spaces: spaces.clone(),
                };
                let answer = record.ask(&device, SNAPSHOTS_PATH, &question).await;
                answer.map(|answer| Event::Snapshots(spaces.clone(), answer))
            }
        };
        answered.unwrap_or_else(|error| Event::AskFailed(ask, classify(&error)))
    }

    /// Brings the screens up to date, and lets them rest for a moment: while much comes, most of the time goes into taking it.
    fn show(self: &Rc<Self>, sync: &Sync) {
        if self.is_over.get() {
            return;
        }
        let shown = self.unshown.take();
        let store = self.store;
        store.refresh(sync, &shown, clock::now(), clock::zone);
        self.indexer.show(sync, &shown);
        if store.device.leads.get_untracked() {
            let line = store.connection.get_untracked();
            if *self.told.borrow() != line {
                self.keeper.say(&Said::Connection(line.clone()));
                *self.told.borrow_mut() = line;
            }
        }
        self.unnamed.borrow_mut().add(&shown);
        self.names_soon();
        if self.rests.replace(true) {
            return;
        }
        let shared = Rc::downgrade(self);
        self.rest.set(SHOWN_EVERY, move || {
            let Some(shared) = shared.upgrade().filter(|shared| !shared.is_over.get()) else {
                return;
            };
            shared.rests.set(false);
            let driver = shared.driver.borrow().upgrade();
            if let Some(driver) = driver.filter(|_| !shared.unshown.borrow().is_empty()) {
                driver.look(|sync| shared.show(sync));
            }
        });
    }

    /// Looks in a moment which names the screens lack: first they show what there is.
    fn names_soon(self: &Rc<Self>) {
        if self.is_naming.replace(true) {
            return;
        }
        let shared = Rc::downgrade(self);
        self.names.set(SHOWN_FIRST, move || {
            let Some(shared) = shared.upgrade().filter(|shared| !shared.is_over.get()) else {
                return;
            };
            shared.is_naming.set(false);
            let changed = shared.unnamed.take();
            let driver = shared.driver.borrow().upgrade();
            let missing =
                driver.map(|driver| driver.look(|sync| shared.store.take_missing_people(sync, &changed)));
            if let Some(missing) = missing.filter(|missing| !missing.is_empty()) {
                shared.fetch_people(missing);
            }
        });
    }

    /// These people could not be asked for: they are again when something is shown next.
    fn ask_again(&self, users: &[UserId]) {
        self.store.people.ask_again(users);
        *self.unnamed.borrow_mut() = Changed::All;
    }

    /// Fetches names.
    fn fetch_people(self: &Rc<Self>, users: Vec<UserId>) {
        let is_live = self
            .store
            .connection
            .with_untracked(|line| line.mood == Mood::Live);
        if !is_live && !web::is_online() {
            return self.ask_again(&users);
        }
        let shared = self.clone();
        spawn_local(async move {
            let device = shared.keeper.me().device;
            for part in users.chunks(500) {
                let question = People { users: part.to_vec() };
                let answer: Result<PeopleAnswer, _> =
                    shared.record.ask(&device, PEOPLE_PATH, &question).await;
                match answer {
                    Ok(answer) if !shared.is_over.get() => {
                        shared.store.people.learn(&answer.people);
                        let driver = shared.driver.borrow().upgrade();
                        if let Some(driver) = driver {
                            driver.look(|sync| shared.store.refresh_all(sync, clock::now(), clock::zone));
                        }
                    }
                    Ok(_) => return,
                    Err(_) => shared.ask_again(part),
                }
            }
        });
    }
}

/// Names are looked for so many milliseconds after something was shown.
const SHOWN_FIRST: u64 = 100;

/// While a device catches up its screens are brought up to date every so many milliseconds.
const SHOWN_EVERY: u64 = 100;

fn classify(error: &AskError) -> Failure {
    match error {
        AskError::Refused { reason, .. } if reason == "revoked" || reason == "device-revoked" => {
            Failure::Revoked
        }
        AskError::Refused { status: 401, .. } => Failure::SignInNeeded,
        AskError::Refused { status: 403, .. } => Failure::NotAllowed,
        AskError::Malformed | AskError::Refused { .. } | AskError::Unreachable => Failure::Retry,
    }
}

impl Outside for Browser {
    fn ask(&self, ask: Ask) {
        let shared = self.0.clone();
        spawn_local(async move {
            let event = shared.answer(ask).await;
            shared.tell(event);
        });
    }

    fn dial(&self, gateway: u8) {
        let shared = Rc::downgrade(&self.0);
        let hear = move |heard: Heard| {
            if let Some(shared) = shared.upgrade() {
                shared.tell(match heard {
                    Heard::Closed(code) => Event::SocketClosed(CloseReason { code }),
                    Heard::Frame(frame) => Event::Frame(frame),
                    Heard::Opened => Event::SocketOpened,
                    Heard::Text => Event::Pong,
                });
            }
        };
        let socket = Socket::open(gateway, hear);
        if socket.is_none() {
            let shared = self.0.clone();
            spawn_local(async move { shared.tell(Event::SocketClosed(CloseReason { code: 1006 })) });
        }
        let before = self.0.socket.replace(socket);
        drop(before);
    }

    fn erase(&self) {
        (self.0.on_erase)();
    }

    fn hang_up(&self) {
        let socket = self.0.socket.borrow_mut().take();
        drop(socket);
    }

    fn now(&self) -> At {
        clock::now()
    }

    fn ping(&self) {
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.send_text(PING);
        }
    }

    fn send(&self, frame: Vec<u8>) {
        if let Some(socket) = self.0.socket.borrow().as_ref() {
            socket.send(&frame);
        }
    }

    fn store(&self, stored: Stored) {
        self.0.keeper.keep(stored);
    }

    fn store_soon(&self) {
        self.0.keeper.in_a_moment();
    }

    fn show(&self, sync: &Sync, shown: Vec<Shown>, may_wait: bool) {
        let is_content = |shown: &Shown| !matches!(shown, Shown::Connection | Shown::Spaces);
        let waits = may_wait && self.0.rests.get() && !sync.is_caught_up() && shown.iter().all(is_content);
        self.0.unshown.borrow_mut().extend(shown);
        if !waits {
            self.0.show(sync);
        }
    }

    fn wake_after(&self, wait: Option<Duration>) {
        let Some(wait) = wait else {
            self.0.wakes.set(None);
            self.0.timer.stop();
            return;
        };
        // One that goes off too early does no harm, and most are put off again and again.
        let due = clock::now().plus(wait);
        if self.0.wakes.get().is_some_and(|wakes| wakes <= due) {
            return;
        }
        self.0.wakes.set(Some(due));
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let shared = Rc::downgrade(&self.0);
        self.0.timer.set(millis, move || {
            if let Some(shared) = shared.upgrade() {
                shared.wakes.set(None);
                shared.tell(Event::TimeReached);
            }
        });
    }
}
