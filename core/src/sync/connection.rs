//! The connection to the edge: dialling, the greeting, keep-alive, and what to do when it ends.

use std::time::Duration;

use rand_core::CryptoRng;

use super::backoff::{self, Backoff};
use super::{Action, Ask, CloseReason, Connection, FaultKind, Sync, Timeout};
use crate::frame::{self, ToEdge};
use crate::id::DeviceId;
use crate::service;
use crate::time::At;

/// How the connection stands, on the steady clock.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) phase: Phase,
    /// Failures in a row.
    attempt: u32,
    /// Since when there has been no connection, by the device's clock.
    down_since: At,
    pub(super) last_contact: Option<At>,
}

/// A step of a connection's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// `Hello` was sent.
    Greeting { until: At },
    /// Nothing is tried: no session, or revoked.
    Idle,
    /// Welcomed.
    Live {
        since: At,
        heard: At,
        pinged: Option<At>,
    },
    /// A fresh token is being asked for; when it is said that none has come.
    NeedToken { until: Option<At> },
    /// Dialled.
    Opening { until: At },
    /// Tried again later.
    Waiting { until: At },
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            phase: Phase::Idle,
            attempt: 0,
            down_since: At::default(),
            last_contact: None,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// When something last came on the connection that is live.
    pub(super) fn heard(&self) -> Option<At> {
        match self.phase {
            Phase::Live { heard, .. } => Some(heard),
            Phase::Greeting { .. }
            | Phase::Idle
            | Phase::NeedToken { .. }
            | Phase::Opening { .. }
            | Phase::Waiting { .. } => None,
        }
    }

    fn has_socket(&self) -> bool {
        matches!(
            self.phase,
            Phase::Greeting { .. } | Phase::Live { .. } | Phase::Opening { .. }
        )
    }

    pub(super) fn next(&self) -> Option<(At, Timeout)> {
        match self.phase {
            Phase::Greeting { until } | Phase::Opening { until } => Some((until, Timeout::DeadPeer)),
            Phase::Idle => None,
            Phase::NeedToken { until } => until.map(|until| (until, Timeout::DeadPeer)),
            Phase::Live {
                pinged: Some(pinged), ..
            } => Some((pinged.plus(PONG_WITHIN), Timeout::DeadPeer)),
            Phase::Live {
                heard, pinged: None, ..
            } => Some((heard.plus(PING_EVERY), Timeout::KeepAlive)),
            Phase::Waiting { until } => Some((until, Timeout::Dial)),
        }
    }
}

impl Sync {
    /// Dials, or first asks for a token to dial with.
    pub(super) fn connect(&mut self, tick: At) {
        if self.link.has_socket() {
            return;
        }
        if self
            .token
            .as_ref()
            .is_none_or(|token| token.until <= tick.plus(TOKEN_LEFT))
        {
            self.link.phase = Phase::NeedToken {
                until: Some(tick.plus(OPENS_WITHIN)),
            };
            self.asks.want(Ask::Session, tick);
        } else {
            self.link.phase = Phase::Opening {
                until: tick.plus(OPENS_WITHIN),
            };
            self.actions.push_back(Action::Dial {
                gateway: service::derive_gateway(self.setup.user),
            });
        }
        self.tell_connection();
    }

    /// The socket is open: says who this is.
    pub(super) fn opened(&mut self, tick: At) {
        if !matches!(self.link.phase, Phase::Opening { .. }) {
            return;
        }
        self.link.phase = Phase::Greeting {
            until: tick.plus(GREETS_WITHIN),
        };
        self.hello();
    }

    /// Says who this is; on a connection that is live, with a fresh token, so that it may stay.
    fn hello(&mut self) {
        if let Some(token) = &self.token {
            let hello = ToEdge::Hello {
                token: token.text.as_str().to_owned(),
                version: frame::VERSION,
            };
            self.send(&hello);
        }
    }

    /// The edge lets this device speak.
    pub(super) fn welcomed(&mut self, version: u16, device: DeviceId, tick: At, rng: &mut impl CryptoRng) {
        if !matches!(self.link.phase, Phase::Greeting { .. }) {
            return;
        }
        if version != frame::VERSION || device != self.setup.device {
            self.fault(None, FaultKind::WrongWelcome);
            self.hang_up(tick, None, rng);
            return;
        }
        self.link.phase = Phase::Live {
            since: tick,
            heard: tick,
            pinged: None,
        };
        self.refresh_session(tick, rng);
        self.tell_connection();
    }

    /// Something came from the edge.
    pub(super) fn heard(&mut self, tick: At) {
        self.link.last_contact = Some(self.clock.told());
        self.asks.online();
        if let Phase::Live { heard, pinged, .. } = &mut self.link.phase {
            *heard = tick;
            *pinged = None;
        }
    }

    /// The socket closed by itself.
    pub(super) fn closed(&mut self, reason: CloseReason, tick: At, rng: &mut impl CryptoRng) {
        if !self.link.has_socket() {
            return;
        }
        let wait = match reason.code {
            // The token is spent or not taken, or the edge says the device is revoked: the record knows.
            4401 | 4403 | 4411 | 4421 | 4440 => {
                self.token = None;
                None
            }
            // A newer socket of this device took its place, or the protocol is another: no hurry.
            4410 | 4427 => Some(Duration::from_secs(30)),
            _ => None,
        };
        self.down(wait, tick, rng);
    }

    /// Gives the connection up and tries again later: after `wait` where somebody asked for it.
    pub(super) fn hang_up(&mut self, tick: At, wait: Option<Duration>, rng: &mut impl CryptoRng) {
        if self.link.has_socket() {
            self.actions.push_back(Action::HangUp);
            self.down(wait, tick, rng);
        }
    }

    fn down(&mut self, wait: Option<Duration>, tick: At, rng: &mut impl CryptoRng) {
        if let Phase::Live { since, .. } = self.link.phase {
            self.link.down_since = self.clock.told();
            if tick.since(since) >= STABLE_AFTER {
                self.link.attempt = 0;
            }
        }
        self.link.attempt = self.link.attempt.saturating_add(1);
        let wait = match wait {
            Some(wait) => backoff::at_least(wait, rng),
            None => BACKOFF.wait(self.link.attempt, rng),
        };
        self.link.phase = Phase::Waiting {
            until: tick.plus(wait),
        };
        self.quiet = None;
        for (id, space) in &mut self.spaces {
            space.subscription = super::subscription::Subscription::Off;
            space.outbox.disconnected();
            space.cursors.disconnected();
            self.screen.outbox(*id);
        }
        self.tell_connection();
    }

    /// The system says that there is a network, or that somebody looks again.
    pub(super) fn online(&mut self, tick: At, rng: &mut impl CryptoRng) {
        self.asks.online();
        match &mut self.link.phase {
            Phase::Waiting { until } => {
                *until = (*until).min(tick.plus(backoff::random(ONLINE_SPREAD, rng)));
                self.tell_connection();
            }
            Phase::Live {
                pinged: pinged @ None,
                ..
            } => {
                *pinged = Some(tick);
                self.actions.push_back(Action::Ping);
            }
            Phase::NeedToken { .. } => self.asks.hurry(tick.plus(backoff::random(ONLINE_SPREAD, rng))),
            Phase::Greeting { .. } | Phase::Idle | Phase::Live { .. } | Phase::Opening { .. } => {}
        }
    }

    /// The system says that there is no network: tries rarely until it says otherwise, since it may be wrong.
    pub(super) fn offline(&mut self, tick: At, rng: &mut impl CryptoRng) {
        self.asks.offline(tick);
        self.no_token_yet();
        self.hang_up(tick, Some(BACKOFF.longest), rng);
    }

    /// Ends all trying: the person has to sign in, or the device was revoked.
    pub(super) fn stop(&mut self) {
        if self.link.has_socket() {
            self.actions.push_back(Action::HangUp);
            self.link.down_since = self.clock.told();
        }
        self.link.phase = Phase::Idle;
        self.token = None;
        for space in self.spaces.values_mut() {
            space.subscription = super::subscription::Subscription::Off;
            space.outbox.disconnected();
            space.cursors.disconnected();
        }
    }

    /// Does what is due on the connection.
    pub(super) fn advance_link(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let Some((_, what)) = self.link.next().filter(|(due, _)| *due <= tick) else {
            return;
        };
        if what == Timeout::Dial {
            self.connect(tick);
        } else if let Phase::Live {
            pinged: pinged @ None,
            ..
        } = &mut self.link.phase
        {
            *pinged = Some(tick);
            self.actions.push_back(Action::Ping);
        } else {
            self.no_token_yet();
            self.hang_up(tick, None, rng);
        }
    }

    /// Puts the connection in words.
    pub(super) fn tell_connection(&mut self) {
        let since = self.link.down_since;
        let connection = match self.link.phase {
            Phase::Greeting { .. } | Phase::NeedToken { .. } | Phase::Opening { .. } => {
                Connection::Connecting {
                    since,
                    attempt: self.link.attempt.saturating_add(1),
                }
            }
            Phase::Live { since, .. } => Connection::Live {
                since: self.clock.device_time(since),
            },
            Phase::Waiting { until } => Connection::Waiting {
                since,
                retry_at: self.clock.device_time(until),
            },
            Phase::Idle => self.connection,
        };
        self.say(connection);
    }

    /// Shows how the device stands with the record, where that changed.
    pub(super) fn say(&mut self, connection: Connection) {
        if self.connection != connection {
            self.connection = connection;
            self.screen.connection();
        }
    }

    /// A start from what was kept: the connection is tried for, as after one that ended at `since`; where the system says that
    /// there is no network, as after one that could not be made.
    pub(super) fn begin_from(&mut self, since: At, tick: At) {
        if matches!(self.link.phase, Phase::Idle) {
            self.link.down_since = since;
            self.link.attempt = u32::from(self.asks.is_offline());
            self.connect(tick);
            self.reveal();
        }
    }

    /// The record cannot be asked for a token to dial with, or does not answer: that is said, and its answer still waited for.
    pub(super) fn no_token_yet(&mut self) {
        if let Phase::NeedToken { until } = &mut self.link.phase {
            *until = None;
            self.link.attempt = self.link.attempt.saturating_add(1);
            self.tell_connection();
        }
    }

    /// A session came: the connection is tried for, or renewed.
    pub(super) fn begin(&mut self, tick: At) {
        if matches!(self.link.phase, Phase::Idle) {
            self.link.down_since = self.clock.told();
            self.link.attempt = 0;
            self.connect(tick);
        } else if matches!(self.link.phase, Phase::NeedToken { .. }) {
            self.connect(tick);
        } else if self.link.is_live() {
            self.hello();
        }
    }
}

/// A socket opens within this, or a token to open it with comes.
const OPENS_WITHIN: Duration = Duration::from_secs(15);

/// The edge answers `Hello` within this.
const GREETS_WITHIN: Duration = Duration::from_secs(10);

/// After this much silence the edge is asked for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(25);

/// It gives one within this, or the connection is dead.
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// A token that ends sooner than this is not worth dialling with.
const TOKEN_LEFT: Duration = Duration::from_secs(5);

/// A connection that lasted this long was a good one: the next failure counts as the first.
const STABLE_AFTER: Duration = Duration::from_secs(20);

/// All devices of a ward hear of the network at the same moment.
const ONLINE_SPREAD: Duration = Duration::from_millis(500);

const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(30),
};

#[cfg(test)]
mod tests;
