//! Carries out what core's sync machine wants done. The machine decides; this owns it, feeds it events one at a time,
//! and hands each of its actions to the [`Outside`]: a WebSocket, timers and Oblivious HTTP in the browser
//! (`browser`), a fake in tests.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use baton_core::sync::{Action, Ask, Event, Setup, Shown, Store, Sync, Timeout};
use baton_core::time::At;

use crate::clock;

mod browser;
pub(crate) mod indexer;
pub(crate) mod keeper;
pub mod live;
mod photos;
mod socket;
pub mod tab;
pub(crate) mod timer;

/// What the machine acts upon. None of these may call back into the [`Driver`] before returning.
pub trait Outside {
    /// Asks the record; the answer comes as an event.
    fn ask(&self, ask: Ask);
    /// Opens a socket to the user's gateway.
    fn dial(&self, gateway: u8);
    /// Wipes everything of this person from the device.
    fn erase(&self);
    /// Closes the socket.
    fn hang_up(&self);
    /// The moment by this device's clock.
    fn now(&self) -> At;
    /// Sends the keep-alive.
    fn ping(&self);
    /// Sends a binary frame.
    fn send(&self, frame: Vec<u8>);
    /// Keeps something over a restart, and tells the other tabs.
    fn store(&self, stored: Store);
    /// There is something to be kept for which [`Driver::take_unkept`] is to be asked.
    fn store_soon(&self);
    /// Brings the screens up to date. What came from others may wait a moment for more of it; what somebody did here may not.
    fn show(&self, sync: &Sync, shown: Vec<Shown>, may_wait: bool);
    /// Feeds [`Event::TimeReached`] after this time, in place of any that was asked for before; `None`: not at all.
    fn wake_after(&self, wait: Option<Duration>);
}

/// The machine and what it acts upon.
pub struct Driver {
    machine: RefCell<Sync>,
    outside: Box<dyn Outside>,
}

impl Driver {
    /// Sets up the machine of a device.
    pub fn new(setup: Setup, outside: Box<dyn Outside>) -> Rc<Self> {
        Rc::new(Self {
            machine: RefCell::new(Sync::new(setup)),
            outside,
        })
    }

    /// Tells the machine what happened, and carries out what follows.
    pub fn feed(&self, event: Event) {
        let is_page_left = self.hear(event);
        // The page after this one is asked for by now, and on its way while this one is folded in. A timer of no time at all
        // would let the processor go meanwhile, and get it back late on a busy device.
        if is_page_left {
            self.hear(Event::TimeReached);
        }
    }

    /// Gives whether a page is left to be folded in.
    fn hear(&self, event: Event) -> bool {
        let may_wait = matches!(event, Event::Frame(_) | Event::TimeReached);
        let now = self.outside.now();
        self.machine
            .borrow_mut()
            .handle_event(event, now, &mut clock::rng());
        self.settle(may_wait)
    }

    /// Does something with the machine, and carries out what follows.
    pub fn change<R>(&self, change: impl FnOnce(&mut Sync, At) -> R) -> R {
        let result = change(&mut self.machine.borrow_mut(), self.outside.now());
        self.settle(false);
        result
    }

    /// Looks at the machine.
    pub fn look<R>(&self, look: impl FnOnce(&Sync) -> R) -> R {
        look(&self.machine.borrow())
    }

    /// Carries out what the machine wants done; gives whether a page is left to be folded in.
    fn settle(&self, may_wait: bool) -> bool {
        let mut shown = Vec::new();
        loop {
            let action = self.machine.borrow_mut().poll_action();
            let Some(action) = action else { break };
            match action {
                Action::Ask(ask) => self.outside.ask(ask),
                Action::Dial { gateway } => self.outside.dial(gateway),
                Action::Erase => self.outside.erase(),
                Action::HangUp => self.outside.hang_up(),
                Action::Ping => self.outside.ping(),
                Action::Send(frame) => self.outside.send(frame),
                Action::Show(change) => shown.push(change),
                Action::Store(stored) => self.outside.store(stored),
            }
        }
        let machine = self.machine.borrow();
        let due = machine.poll_timeout(self.outside.now());
        self.outside.wake_after(due.map(|(wait, _)| wait));
        if machine.has_unkept() {
            self.outside.store_soon();
        }
        if !shown.is_empty() {
            self.outside.show(&machine, shown, may_wait);
        }
        due == Some((Duration::ZERO, Timeout::Fold))
    }

    /// Takes what the machine wants kept anew.
    pub fn take_unkept(&self) -> Vec<Store> {
        self.machine.borrow_mut().take_unkept()
    }
}
