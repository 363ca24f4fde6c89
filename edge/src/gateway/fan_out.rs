//! All connections of a gateway, and writing to those that are to hear something.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::frame::{FromEdge, encode};
use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::time::At;

use super::connection::{Connection, Subscription};
use crate::limit::{SOCKETS_PER_DEVICE, UNHEARD_BYTES};
use crate::refuse::Refusal;
use crate::space::command::{Answer, Item};

/// A socket that frames are written to.
pub(crate) trait Socket {
    /// A frame as the socket takes it; made once, written to many.
    type Packed: Clone;

    /// Packs a frame.
    fn pack(frame: &[u8]) -> Self::Packed;

    /// The size of a packed frame.
    fn packed_bytes(packed: &Self::Packed) -> usize;

    /// Writes a frame; false when the socket is gone.
    fn write(&self, packed: &Self::Packed) -> bool;

    /// Closes the socket.
    fn close(&self, refusal: Refusal);

    /// Keeps what is to survive hibernation.
    fn attach(&self, attachment: &[u8]);
}

/// Names a connection within its gateway.
pub(crate) type ConnectionId = u64;

/// The connections of a gateway. Invariant: the indexes say what the connections say.
pub(crate) struct Roll<S: Socket> {
    connections: BTreeMap<ConnectionId, Connection<S>>,
    by_space: BTreeMap<SpaceId, BTreeSet<ConnectionId>>,
    by_user: BTreeMap<UserId, BTreeSet<ConnectionId>>,
    tickets: u64,
}

impl<S: Socket> Default for Roll<S> {
    fn default() -> Self {
        Self {
            connections: BTreeMap::new(),
            by_space: BTreeMap::new(),
            by_user: BTreeMap::new(),
            tickets: 0,
        }
    }
}

impl<S: Socket> Roll<S> {
    /// Adds a connection.
    pub(crate) fn insert(&mut self, id: ConnectionId, connection: Connection<S>) {
        for space in connection.subscriptions.keys() {
            self.by_space.entry(*space).or_default().insert(id);
        }
        if let Some(identity) = connection.identity {
            self.by_user.entry(identity.user).or_default().insert(id);
        }
        self.connections.insert(id, connection);
    }

    /// Takes a connection out.
    pub(crate) fn remove(&mut self, id: ConnectionId) -> Option<Connection<S>> {
        let connection = self.connections.remove(&id)?;
        for space in connection.subscriptions.keys() {
            forget(&mut self.by_space, space, id);
        }
        if let Some(identity) = connection.identity {
            forget(&mut self.by_user, &identity.user, id);
        }
        Some(connection)
    }

    /// Takes a connection out and closes its socket.
    pub(crate) fn close(&mut self, id: ConnectionId, refusal: Refusal) {
        if let Some(connection) = self.remove(id) {
            connection.socket.close(refusal);
        }
    }

    /// One connection.
    pub(crate) fn one(&mut self, id: ConnectionId) -> Option<&mut Connection<S>> {
        self.connections.get_mut(&id)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.connections.len()
    }

    /// How many of an address have not said `Hello`.
    pub(crate) fn silent(&self, address: u64) -> usize {
        let silent = |one: &&Connection<S>| one.identity.is_none() && one.address == address;
        self.connections.values().filter(silent).count()
    }

    /// A connection has shown whose it is: it is found by its user from now on. A device's oldest sockets go when it has
    /// too many.
    pub(crate) fn identify(&mut self, id: ConnectionId, device: DeviceId, user: UserId) {
        self.by_user.entry(user).or_default().insert(id);
        let mut same = self.of_device(device, user);
        same.sort_by_key(|other| self.connections.get(other).map(|one| one.opened));
        let extra = same.len().saturating_sub(SOCKETS_PER_DEVICE);
        for old in same.into_iter().filter(|other| *other != id).take(extra) {
            self.close(old, Refusal::Replaced);
        }
    }

    /// A connection asks to listen to a space; gives the ticket of this asking. Live frames are held from now on.
    pub(crate) fn ask(&mut self, id: ConnectionId, space: SpaceId) -> u64 {
        self.tickets += 1;
        let ticket = self.tickets;
        if let Some(connection) = self.connections.get_mut(&id) {
            self.by_space.entry(space).or_default().insert(id);
            let (held, bytes) = match connection.subscriptions.remove(&space) {
                Some(Subscription::Asking { held, bytes, .. }) => (held, bytes),
                Some(Subscription::CatchingUp | Subscription::Live) | None => (Vec::new(), 0),
            };
            connection
                .subscriptions
                .insert(space, Subscription::Asking { ticket, held, bytes });
        }
        ticket
    }

    /// A connection no longer listens to a space.
    pub(crate) fn leave(&mut self, id: ConnectionId, space: SpaceId) {
        if let Some(connection) = self.connections.get_mut(&id)
            && connection.subscriptions.remove(&space).is_some()
        {
            forget(&mut self.by_space, &space, id);
            connection.socket.attach(&connection.attachment().to_bytes());
        }
    }

    /// Writes what a space answered to a frame of a connection; `ticket` when the frame was a `Subscribe`.
    pub(crate) fn answer(&mut self, id: ConnectionId, space: SpaceId, ticket: Option<u64>, answer: Answer) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        for frame in answer.frames {
            connection.write(&S::pack(&frame));
        }
        let (Some(ticket), Some(listening)) = (ticket, answer.listening) else {
            return;
        };
        if connection.listened(space, ticket, listening) {
            forget(&mut self.by_space, &space, id);
        }
        connection.socket.attach(&connection.attachment().to_bytes());
    }

    /// Writes what happened in a space to those who are to hear it. False when nobody here listens to it.
    pub(crate) fn deliver(&mut self, space: SpaceId, items: Vec<Item>) -> bool {
        for item in items {
            match item {
                Item::Entries { last, frame } => {
                    let packed = S::pack(&frame.0);
                    self.each_listener(space, |connection| connection.live(space, last, &packed));
                }
                Item::Lost => self.each_listener(space, |_| false),
                Item::Remove { users } => self.end(space, &users),
                Item::Signal { except, frame } => {
                    let packed = S::pack(&frame.0);
                    self.each_listener(space, |connection| {
                        let own =
                            connection.identity.map(|identity| identity.device) == except && except.is_some();
                        own || connection.write(&packed)
                    });
                }
                Item::Tell { users, frame } => {
                    let packed = S::pack(&frame.0);
                    for id in self.of_users(&users) {
                        self.connections
                            .get_mut(&id)
                            .map(|connection| connection.write(&packed));
                    }
                }
            }
        }
        self.by_space.contains_key(&space)
    }

    /// Hands a device its order of revocation, and closes its sockets.
    pub(crate) fn revoke(&mut self, user: UserId, device: DeviceId, signed: Vec<u8>) {
        let packed = S::pack(&encode(&FromEdge::Revoked { signed }));
        for id in self.of_device(device, user) {
            self.connections
                .get_mut(&id)
                .map(|connection| connection.write(&packed));
            self.close(id, Refusal::Revoked);
        }
    }

    /// Those whose time is over, and why.
    pub(crate) fn overdue(&self, now: At) -> Vec<(ConnectionId, Refusal)> {
        let why = |connection: &Connection<S>| match connection.identity {
            Some(_) => Refusal::SessionOver,
            None => Refusal::HelloLate,
        };
        let overdue = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.due() <= now);
        overdue.map(|(id, connection)| (*id, why(connection))).collect()
    }

    /// When the next one's time is over; `None` when there is none.
    pub(crate) fn next_due(&self) -> Option<At> {
        self.connections.values().map(Connection::due).min()
    }

    /// Connections to which much was written without hearing anything.
    pub(crate) fn unheard(&self, space: SpaceId) -> Vec<ConnectionId> {
        let listeners = self.by_space.get(&space).into_iter().flatten();
        let unheard = |id: &&ConnectionId| {
            self.connections
                .get(id)
                .is_some_and(|one| one.unheard > UNHEARD_BYTES)
        };
        listeners.filter(unheard).copied().collect()
    }

    fn end(&mut self, space: SpaceId, users: &[UserId]) {
        let packed = S::pack(&encode(&FromEdge::NotAllowed { space }));
        for id in self.of_users(users) {
            let Some(connection) = self.connections.get_mut(&id) else {
                continue;
            };
            if connection.subscriptions.contains_key(&space) {
                connection.write(&packed);
                self.leave(id, space);
            }
        }
    }

    /// Does something with each listener of a space; those for which it gives false fell behind.
    fn each_listener(&mut self, space: SpaceId, mut act: impl FnMut(&mut Connection<S>) -> bool) {
        let mut behind = Vec::new();
        for id in self.by_space.get(&space).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id)
                && !act(connection)
            {
                behind.push(*id);
            }
        }
        for id in behind {
            self.close(id, Refusal::FellBehind);
        }
    }

    fn of_users(&self, users: &[UserId]) -> Vec<ConnectionId> {
        users
            .iter()
            .filter_map(|user| self.by_user.get(user))
            .flatten()
            .copied()
            .collect()
    }

    fn of_device(&self, device: DeviceId, user: UserId) -> Vec<ConnectionId> {
        let same = |id: &ConnectionId| {
            let identity = self.connections.get(id).and_then(|one| one.identity);
            identity.is_some_and(|identity| identity.device == device)
        };
        self.of_users(&[user]).into_iter().filter(same).collect()
    }
}

fn forget<K: Ord>(index: &mut BTreeMap<K, BTreeSet<ConnectionId>>, key: &K, id: ConnectionId) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
