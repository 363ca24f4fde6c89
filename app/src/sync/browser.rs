//! The browser, as the machine acts upon it: one WebSocket, one timer, Oblivious HTTP, and the stores.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use baton_core::device_api::{
    HISTORY_PATH, History, KEYS_PATH, Keys, PEOPLE_PATH, People, PeopleAnswer, SNAPSHOTS_PATH, Snapshots,
};
use baton_core::frame::PING;
use baton_core::id::UserId;
use baton_core::sync::{Ask, CloseReason, Event, Failure, Setup, Shown, Sync};
use baton_core::time::At;
use ed25519_dalek::VerifyingKey;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

use super::socket::{Heard, Socket};
use super::timer::Timer;
use super::{Driver, Outside};
use crate::session::{AskError, Device, Record};
use crate::store::Store;
use crate::{clock, web};

/// What everything here shares.
struct Shared {
    driver: RefCell<Weak<Driver>>,
    record: Record,
    device: RefCell<Device>,
    store: Store,
    socket: RefCell<Option<Socket>>,
    timer: Timer,
    /// Set at the end: nothing that still comes in is told to anybody.
    is_over: Cell<bool>,
    on_erase: Box<dyn Fn()>,
}

/// The browser as the [`Outside`] of one signed-in device.
struct Browser(Rc<Shared>);

/// A signed-in device at work. Dropping it closes the socket and stops everything.
pub struct Live {
    /// The machine.
    pub driver: Rc<Driver>,
    shared: Rc<Shared>,
    tick: Timer,
}

impl Live {
    /// Puts a signed-in device to work.
    pub fn start(
        device: Device,
        user: UserId,
        record: Record,
        verify_key: VerifyingKey,
        store: Store,
        on_erase: impl Fn() + 'static,
    ) -> Rc<Self> {
        let setup = Setup {
            device: device.id,
            user,
            secret: device.secret.clone(),
            record: verify_key,
        };
        let shared = Rc::new(Shared {
            driver: RefCell::new(Weak::new()),
            record,
            device: RefCell::new(device),
            store,
            socket: RefCell::new(None),
            timer: Timer::default(),
            is_over: Cell::new(false),
            on_erase: Box::new(on_erase),
        });
        let driver = Driver::new(setup, Box::new(Browser(shared.clone())));
        *shared.driver.borrow_mut() = Rc::downgrade(&driver);
        let live = Rc::new(Self {
            driver,
            shared,
            tick: Timer::default(),
        });
        live.listen();
        live.tick();
        live
    }

    /// This device.
    pub fn device(&self) -> Device {
        self.shared.device.borrow().clone()
    }

    /// The record.
    pub fn record(&self) -> Record {
        self.shared.record.clone()
    }

    /// Stops for good, without waiting for what is on its way.
    pub fn stop(&self) {
        self.shared.is_over.set(true);
        self.shared.timer.stop();
        self.tick.stop();
        self.shared.socket.borrow_mut().take();
    }

    /// Tells the machine when the network comes and goes, and when the app comes back to the front.
    fn listen(&self) {
        for name in ["online", "offline", "pageshow", "visibilitychange"] {
            let shared = Rc::downgrade(&self.shared);
            let heard = Closure::<dyn Fn()>::new(move || {
                let Some(shared) = shared.upgrade() else { return };
                match name {
                    "offline" => shared.tell(Event::Offline),
                    "visibilitychange" if web::document().hidden() => {}
                    _ if web::is_online() => shared.tell(Event::Online),
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
                live.tick();
            }
        });
    }
}

impl Shared {
    fn tell(&self, event: Event) {
        if self.is_over.get() {
            return;
        }
        let driver = self.driver.borrow().upgrade();
        if let Some(driver) = driver {
            driver.feed(event);
        }
    }

    async fn answer(&self, ask: Ask) -> Event {
        let device = self.device.borrow().clone();
        let record = self.record.clone();
        let answered = match &ask {
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
                let mut device = self.device.borrow_mut();
                device.learn_time(session.now, clock::now());
                device.keep();
                Event::Session(Box::new(session))
            }),
            Ask::Snapshots(spaces) => {
                let question = Snapshots {
                    spaces: spaces.clone(),
                };
                let answer = record.ask(&device, SNAPSHOTS_PATH, &question).await;
                answer.map(Event::Snapshots)
            }
        };
        answered.unwrap_or_else(|error| Event::AskFailed(ask, classify(&error)))
    }

    /// Fetches the names that the screens lack.
    fn fetch_people(self: &Rc<Self>, users: Vec<UserId>) {
        let shared = self.clone();
        spawn_local(async move {
            let device = shared.device.borrow().clone();
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
                    Err(_) => shared.store.people.ask_again(part),
                }
            }
        });
    }
}

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

    fn show(&self, sync: &Sync, shown: &[Shown]) {
        let store = &self.0.store;
        store.refresh(sync, shown, clock::now(), clock::zone);
        let missing = store.take_missing_people(sync);
        if !missing.is_empty() {
            self.0.fetch_people(missing);
        }
    }

    fn wake_after(&self, wait: Option<Duration>) {
        let Some(wait) = wait else {
            self.0.timer.stop();
            return;
        };
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let shared = Rc::downgrade(&self.0);
        self.0.timer.set(millis, move || {
            if let Some(shared) = shared.upgrade() {
                shared.tell(Event::TimeReached);
            }
        });
    }
}
