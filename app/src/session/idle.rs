//! Notices when nobody is at this device any more, so that it locks by itself.
//!
//! A hidden tab's timers are slowed down and a sleeping device has none, so the clock is also looked at when the tab comes
//! back into view, before anything can be read.

use std::cell::Cell;
use std::rc::Rc;

use baton_core::time::At;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::sync::timer::Timer;
use crate::{clock, web};

/// After what a device locks, in milliseconds, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Without a touch, a key or a movement for so long.
    pub idle: u64,
    /// As soon as the tab is hidden.
    pub on_hide: bool,
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Somebody is here; told once in five seconds.
    Active,
    /// It is time to lock.
    Lock,
    /// It locks within [`WARNED`] unless somebody touches something.
    LocksSoon,
    /// Somebody touched something after that.
    Stays,
}

/// A watch on a device that is open; dropping it ends it.
pub struct Idle {
    shared: Rc<Shared>,
    listener: Closure<dyn Fn(web_sys::Event)>,
}

struct Shared {
    rule: Rule,
    last: Cell<At>,
    told_active: Cell<At>,
    is_warned: Cell<bool>,
    timer: Timer,
    tell: Box<dyn Fn(Told)>,
}

impl Idle {
    /// Begins to watch.
    pub fn watch(rule: Rule, tell: impl Fn(Told) + 'static) -> Self {
        let now = clock::now();
        let shared = Rc::new(Shared {
            rule,
            last: Cell::new(now),
            told_active: Cell::new(now),
            is_warned: Cell::new(false),
            timer: Timer::default(),
            tell: Box::new(tell),
        });
        let hears = Rc::downgrade(&shared);
        let listener = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            let Some(shared) = hears.upgrade() else { return };
            if event.type_() == "visibilitychange" {
                shared.seen();
            } else {
                shared.touched(true);
            }
        });
        for name in EVENTS {
            _ = web::document().add_event_listener_with_callback_and_bool(
                name,
                listener.as_ref().unchecked_ref(),
                true,
            );
        }
        shared.look_again();
        Self { shared, listener }
    }

    /// Somebody is at this device, in another tab.
    pub fn active_elsewhere(&self) {
        self.shared.touched(false);
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        self.shared.timer.stop();
        for name in EVENTS {
            _ = web::document().remove_event_listener_with_callback_and_bool(
                name,
                self.listener.as_ref().unchecked_ref(),
                true,
            );
        }
    }
}

impl Shared {
    fn touched(self: &Rc<Self>, is_here: bool) {
        let now = clock::now();
        // Who comes back to a device whose time is up finds it locked, though no timer has run meanwhile.
        if self.idle_at(now) >= self.rule.idle {
            (self.tell)(Told::Lock);
            return;
        }
        self.last.set(now);
        if self.is_warned.replace(false) {
            (self.tell)(Told::Stays);
            self.look_again();
        }
        if is_here && now.since(self.told_active.get()).as_millis() >= u128::from(TOLD_EVERY) {
            self.told_active.set(now);
            (self.tell)(Told::Active);
        }
    }

    fn seen(&self) {
        if web::document().hidden() {
            if self.rule.on_hide {
                (self.tell)(Told::Lock);
            }
        } else if self.idle_at(clock::now()) >= self.rule.idle {
            (self.tell)(Told::Lock);
        }
    }

    fn idle_at(&self, now: At) -> u64 {
        u64::try_from(now.since(self.last.get()).as_millis()).unwrap_or(u64::MAX)
    }

    /// Looks at the clock when something may be due.
    fn look_again(self: &Rc<Self>) {
        let idle = self.idle_at(clock::now());
        let warn_at = self.rule.idle.saturating_sub(WARNED);
        let wait = if idle < warn_at {
            warn_at - idle
        } else {
            self.rule.idle.saturating_sub(idle)
        };
        let shared = Rc::downgrade(self);
        self.timer.set(wait.max(50), move || {
            let Some(shared) = shared.upgrade() else { return };
            let idle = shared.idle_at(clock::now());
            if idle >= shared.rule.idle {
                (shared.tell)(Told::Lock);
                return;
            }
            if idle >= warn_at && !shared.is_warned.replace(true) {
                (shared.tell)(Told::LocksSoon);
            }
            shared.look_again();
        });
    }
}

/// What counts as somebody's being there.
const EVENTS: [&str; 6] = [
    "keydown",
    "pointerdown",
    "pointermove",
    "touchstart",
    "visibilitychange",
    "wheel",
];

/// Other tabs are told that somebody is here once in so many milliseconds.
const TOLD_EVERY: u64 = 5_000;

/// So many milliseconds before it locks, it says so (WCAG 2.2, 2.2.1: at least 20 seconds to stay).
pub const WARNED: u64 = 20_000;
