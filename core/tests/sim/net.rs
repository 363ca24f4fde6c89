//! The network between devices and relay: connections that keep order and lose nothing, until they break. Then what
//! comes after a moment is lost in both directions, and each side hears of it late, or never. Connections do not wait
//! for each other: what was sent on an old one may come after what was sent on a new one.

use std::time::Duration;

use baton_core::time::At;
use rand_chacha::ChaCha8Rng;
use rand_core::Rng as _;

/// Names a connection.
pub type ConnId = usize;

/// One connection.
pub struct Conn {
    pub device: usize,
    pub incarnation: u32,
    cut_at: Option<At>,
    last_up: At,
    last_down: At,
}

/// How the weather is.
#[derive(Clone, Copy)]
pub struct Weather {
    pub slowest: Duration,
    /// How often, in thousand, something takes ten times as long.
    pub stalls: u32,
}

/// All connections there ever were.
#[derive(Default)]
pub struct Net {
    conns: Vec<Conn>,
}

impl Net {
    pub fn open(&mut self, device: usize, incarnation: u32) -> ConnId {
        let start = At::default();
        self.conns.push(Conn {
            device,
            incarnation,
            cut_at: None,
            last_up: start,
            last_down: start,
        });
        self.conns.len() - 1
    }

    pub fn conn(&self, id: ConnId) -> &Conn {
        &self.conns[id]
    }

    /// When something that is sent now arrives, if it does.
    pub fn up(&mut self, id: ConnId, now: At, delay: Duration) -> Option<At> {
        let conn = &mut self.conns[id];
        conn.last_up = conn.last_up.max(now.plus(delay));
        conn.cut_at
            .is_none_or(|cut| conn.last_up < cut)
            .then_some(conn.last_up)
    }

    pub fn down(&mut self, id: ConnId, now: At, delay: Duration) -> Option<At> {
        let conn = &mut self.conns[id];
        conn.last_down = conn.last_down.max(now.plus(delay));
        conn.cut_at
            .is_none_or(|cut| conn.last_down < cut)
            .then_some(conn.last_down)
    }

    pub fn cut(&mut self, id: ConnId, at: At) {
        self.conns[id].cut_at.get_or_insert(at);
    }
}

impl Weather {
    pub fn delay(&self, rng: &mut ChaCha8Rng) -> Duration {
        let factor = if chance(rng, self.stalls) { 10 } else { 1 };
        Duration::from_millis(2) + below(rng, self.slowest) * factor
    }
}

/// True so often in a thousand.
pub fn chance(rng: &mut ChaCha8Rng, thousandths: u32) -> bool {
    rng.next_u32() % 1000 < thousandths
}

/// Less than a bound.
pub fn pick(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    usize::try_from(rng.next_u32()).expect("32 bits") % bound.max(1)
}

pub fn below(rng: &mut ChaCha8Rng, bound: Duration) -> Duration {
    let bound = u64::try_from(bound.as_millis()).expect("short").max(1);
    Duration::from_millis(rng.next_u64() % bound)
}
