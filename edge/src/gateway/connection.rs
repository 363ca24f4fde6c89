//! One device's connection: who it is, what it listens to, how much it may send.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::Seq;
use baton_core::id::SpaceId;
use baton_core::time::At;

use super::attachment::{Attachment, Identity};
use super::fan_out::Socket;
use crate::limit::{Bucket, FRAMES, HELD_BYTES, HELLO_WITHIN, KIBIBYTES, TYPING};
use crate::space::command::Listening;

/// A connection.
pub(crate) struct Connection<S: Socket> {
    /// Its socket.
    pub(crate) socket: S,
    /// Who it is; `None` before `Hello`.
    pub(crate) identity: Option<Identity>,
    /// The gateway number that the device named.
    pub(crate) gateway: u8,
    /// The client's address, as a short name.
    pub(crate) address: u64,
    /// When it was opened.
    pub(crate) opened: At,
    /// What it listens to, and how far that has come.
    pub(crate) subscriptions: BTreeMap<SpaceId, Subscription<S::Packed>>,
    /// Spaces for which an `Append` is on its way; one per space.
    pub(crate) appending: BTreeSet<SpaceId>,
    /// Rates.
    pub(crate) frames: Bucket,
    pub(crate) kibibytes: Bucket,
    pub(crate) typing: Bucket,
    /// Frames that were answered with `Busy` since the last that was not.
    pub(crate) offences: u32,
    /// Bytes written since something was heard from it.
    pub(crate) unheard: usize,
}

/// A subscription to a space.
pub(crate) enum Subscription<P> {
    /// `Subscribe` is on its way to the space; live frames wait for its answer.
    Asking {
        /// Counts `Subscribe`s, so that only the newest one's answer counts.
        ticket: u64,
        /// Frames with the last place in each.
        held: Vec<(Seq, P)>,
        /// Invariant: the bytes of `held`.
        bytes: usize,
    },
    /// The device has not got all pages yet.
    CatchingUp,
    /// It has everything.
    Live,
}

impl<S: Socket> Connection<S> {
    /// A connection of a new socket, or of one that slept.
    pub(crate) fn new(socket: S, attachment: Attachment, now: At) -> Self {
        let Attachment {
            gateway,
            address,
            opened,
            identity,
            spaces,
        } = attachment;
        Self {
            socket,
            identity,
            gateway,
            address,
            opened,
            subscriptions: spaces
                .into_iter()
                .map(|space| (space, Subscription::Live))
                .collect(),
            appending: BTreeSet::new(),
            frames: Bucket::full(FRAMES, now),
            kibibytes: Bucket::full(KIBIBYTES, now),
            typing: Bucket::full(TYPING, now),
            offences: 0,
            unheard: 0,
        }
    }

    /// What is to survive hibernation.
    pub(crate) fn attachment(&self) -> Attachment {
        Attachment {
            gateway: self.gateway,
            address: self.address,
            opened: self.opened,
            identity: self.identity,
            spaces: self.subscriptions.keys().copied().collect(),
        }
    }

    /// Writes a frame; false when the socket is gone or reads too slowly.
    pub(crate) fn write(&mut self, frame: &S::Packed) -> bool {
        self.unheard = self.unheard.saturating_add(S::packed_bytes(frame));
        self.socket.write(frame)
    }

    /// Writes or holds a live frame of entries; false when too much is held.
    pub(crate) fn live(&mut self, space: SpaceId, last: Seq, frame: &S::Packed) -> bool {
        match self.subscriptions.get_mut(&space) {
            Some(Subscription::Asking { held, bytes, .. }) => {
                *bytes += S::packed_bytes(frame);
                held.push((last, frame.clone()));
                *bytes <= HELD_BYTES
            }
            Some(Subscription::Live) => self.write(frame),
            Some(Subscription::CatchingUp) | None => true,
        }
    }

    /// Takes in what became of a `Subscribe`, after its frames were written; true when the subscription is over.
    pub(crate) fn listened(&mut self, space: SpaceId, ticket: u64, listening: Listening) -> bool {
        let Some(subscription) = self.subscriptions.get_mut(&space) else {
            return false;
        };
        let Subscription::Asking {
            ticket: newest, held, ..
        } = subscription
        else {
            return false;
        };
        if *newest != ticket {
            return false;
        }
        let head = match listening {
            Listening::No => return self.subscriptions.remove(&space).is_some(),
            Listening::CatchingUp => {
                *subscription = Subscription::CatchingUp;
                return false;
            }
            Listening::Live(head) => head,
        };
        let held = std::mem::take(held);
        *subscription = Subscription::Live;
        for (_, frame) in held.iter().filter(|(last, _)| *last > head) {
            self.write(frame);
        }
        false
    }

    /// When it is to be closed, unless something happens before.
    pub(crate) fn due(&self) -> At {
        self.identity
            .map_or(self.opened.plus(HELLO_WITHIN), |identity| identity.until)
    }
}
