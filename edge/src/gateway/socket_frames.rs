//! A frame of a device: what it leads to, decided without asking anybody.

use baton_core::frame::{self, FromEdge, ToEdge, VERSION, encode};
use baton_core::id::{DeviceId, SpaceId};
use baton_core::service::derive_gateway;
use baton_core::time::At;
use ed25519_dalek::VerifyingKey;

use super::attachment::Identity;
use super::connection::Connection;
use super::fan_out::{ConnectionId, Roll, Socket};
use crate::limit::{FRAMES, KIBIBYTES, OFFENCES, SESSION, TYPING};
use crate::refuse::{Refusal, count};
use crate::token::{TokenError, open_relay};
use baton_core::frame::limit::SPACES_PER_DEVICE;

/// What the gateway does about a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The space is asked; what it answers is for the device.
    Ask {
        /// Which space.
        space: SpaceId,
        /// What is to be done with the answer.
        asked: Asked,
    },
    /// The connection is closed.
    Close(Refusal),
    /// Nothing more.
    Done,
    /// The device is told something.
    Reply(Vec<u8>),
    /// The device has shown who it is, and is told so; all that survives hibernation is to be kept.
    Welcome(Vec<u8>),
}

/// What a space was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To append.
    Append,
    /// To pass a cursor or a typing notice on.
    Signal,
    /// To listen.
    Subscribe {
        /// Which of the connection's askings.
        ticket: u64,
    },
}

/// What decides about a token.
pub(crate) struct Door<'a> {
    /// The record's key.
    pub(crate) key: &'a VerifyingKey,
    /// Says whether the record revoked a device lately.
    pub(crate) is_revoked: &'a dyn Fn(DeviceId) -> bool,
}

impl<S: Socket> Roll<S> {
    /// Takes in a frame of a connection.
    pub(crate) fn receive(&mut self, id: ConnectionId, bytes: &[u8], now: At, door: &Door<'_>) -> Step {
        let Some(connection) = self.one(id) else {
            return Step::Done;
        };
        connection.unheard = 0;
        if let Some(step) = connection.too_fast(bytes.len(), now) {
            return step;
        }
        let sent = match frame::decode_to_edge(bytes) {
            Ok(sent) => sent,
            Err(error) => return Step::Close(error.into()),
        };
        if let ToEdge::Hello { token, version } = sent {
            return self.hello(id, &token, version, now, door);
        }
        if connection.identity.is_none() {
            return Step::Close(Refusal::HelloExpected);
        }
        match sent {
            ToEdge::Hello { .. } => Step::Done,
            ToEdge::Append { space, .. } => {
                if connection.appending.insert(space) {
                    Step::Ask {
                        space,
                        asked: Asked::Append,
                    }
                } else {
                    // The one before it is not answered yet.
                    Step::Reply(busy(Some(space), 200))
                }
            }
            ToEdge::Seen { space, .. } => Step::Ask {
                space,
                asked: Asked::Signal,
            },
            ToEdge::Subscribe { space, .. } => {
                let subscriptions = &connection.subscriptions;
                if subscriptions.len() >= SPACES_PER_DEVICE && !subscriptions.contains_key(&space) {
                    return Step::Close(Refusal::TooManyItems);
                }
                Step::Ask {
                    space,
                    asked: Asked::Subscribe {
                        ticket: self.ask(id, space),
                    },
                }
            }
            ToEdge::Typing { space, .. } => {
                let listens = connection.subscriptions.contains_key(&space);
                if listens && connection.typing.take(TYPING, 1, now).is_ok() {
                    Step::Ask {
                        space,
                        asked: Asked::Signal,
                    }
                } else {
                    Step::Done
                }
            }
            ToEdge::Unsubscribe { space } => {
                self.leave(id, space);
                Step::Done
            }
        }
    }

    fn hello(&mut self, id: ConnectionId, token: &str, version: u16, now: At, door: &Door<'_>) -> Step {
        let Some(connection) = self.one(id) else {
            return Step::Done;
        };
        if version != VERSION {
            return Step::Close(Refusal::Version);
        }
        let relay = match open_relay(token, door.key, now) {
            Ok(relay) => relay,
            Err(TokenError::Expired) => return Step::Close(Refusal::TokenExpired),
            Err(
                TokenError::Malformed | TokenError::Purpose | TokenError::Signature | TokenError::TooEarly,
            ) => {
                return Step::Close(Refusal::TokenRefused);
            }
        };
        if derive_gateway(relay.user) != connection.gateway {
            return Step::Close(Refusal::WrongGateway);
        }
        if (door.is_revoked)(relay.device) {
            return Step::Close(Refusal::Revoked);
        }
        // A device may say it again with a fresh token, to stay; another device may not take its place.
        if connection
            .identity
            .is_some_and(|known| (known.device, known.user) != (relay.device, relay.user))
        {
            return Step::Close(Refusal::TokenRefused);
        }
        connection.identity = Some(Identity {
            device: relay.device,
            user: relay.user,
            until: now.plus(SESSION),
        });
        self.identify(id, relay.device, relay.user);
        Step::Welcome(encode(&FromEdge::Welcome {
            version: VERSION,
            device: relay.device,
            at: now,
        }))
    }
}

impl<S: Socket> Connection<S> {
    fn too_fast(&mut self, bytes: usize, now: At) -> Option<Step> {
        let kibibytes = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
        let taken = self
            .frames
            .take(FRAMES, 1, now)
            .and_then(|()| self.kibibytes.take(KIBIBYTES, kibibytes, now));
        let Err(wait) = taken else {
            self.offences = self.offences.saturating_sub(1);
            return None;
        };
        count(Refusal::TooFast.name());
        self.offences = self.offences.saturating_add(1);
        let closes = self.identity.is_none() || self.offences > OFFENCES;
        Some(if closes {
            Step::Close(Refusal::TooFast)
        } else {
            Step::Reply(busy(None, wait))
        })
    }
}

/// "Not now."
pub(crate) fn busy(space: Option<SpaceId>, wait: u32) -> Vec<u8> {
    encode(&FromEdge::Busy { space, wait })
}

#[cfg(test)]
mod tests;
