//! A model of an honest relay and of the way from it to the record: requests come late, twice, or are lost before or
//! after the record took them; live entries come late and out of order; it may forget everything and start anew.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::frame::{self, FromEdge, SealedOp, ToEdge};
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::time::At;

use super::net::{ConnId, below, chance};
use super::record::{Changed, Outcome};
use super::world::{Happens, World};

/// What a relay knows of a connection.
pub struct Listener {
    pub device: DeviceId,
    pub user: UserId,
    pub spaces: BTreeMap<SpaceId, Listening>,
}

/// How a connection listens to a space.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Listening {
    /// It has not got all pages yet: signals go to it, live entries do not.
    CatchingUp,
    Live,
}

/// The relay.
#[derive(Default)]
pub struct Relay {
    pub listeners: BTreeMap<ConnId, Listener>,
    /// How often it started anew.
    life: u32,
}

impl World {
    /// A frame of a device arrives.
    pub fn relay_takes(&mut self, conn: ConnId, bytes: &[u8]) {
        let sent = frame::decode_to_edge(bytes).expect("devices send well-formed frames within the limits");
        if let ToEdge::Hello { token, .. } = &sent {
            self.greet(conn, token);
            return;
        }
        let Some(listener) = self.relay.listeners.get_mut(&conn) else {
            return;
        };
        let device = listener.device;
        match sent {
            ToEdge::Append { space, ops } => {
                let delay = self.weather.delay(&mut self.rng);
                if chance(&mut self.rng, self.chaos / 2) {
                    let late = below(&mut self.rng, Duration::from_secs(8));
                    self.clock.after(
                        late,
                        Happens::Append {
                            conn,
                            device,
                            space,
                            ops: ops.clone(),
                        },
                    );
                }
                self.clock.after(
                    delay,
                    Happens::Append {
                        conn,
                        device,
                        space,
                        ops,
                    },
                );
            }
            ToEdge::Hello { .. } => {}
            ToEdge::Seen { space, sealed } => self.see(conn, device, space, sealed, self.relay.life),
            ToEdge::Subscribe { space, after } => self.listen(conn, device, space, after),
            ToEdge::Typing { space, sealed } => {
                self.pass_to_space(space, &FromEdge::Typing { space, sealed }, Some(conn));
            }
            ToEdge::Unsubscribe { space } => {
                listener.spaces.remove(&space);
            }
        }
    }

    /// A cursor: kept by the record, sooner or later, and then passed on; gone if the relay starts anew before that.
    pub fn see(&mut self, conn: ConnId, device: DeviceId, space: SpaceId, sealed: Vec<u8>, life: u32) {
        if life != self.relay.life {
            return;
        }
        if !self.record_is_up() {
            let again = Happens::Seen {
                conn,
                device,
                space,
                sealed,
                life,
            };
            self.clock.after(Duration::from_secs(1), again);
            return;
        }
        if self.record.seen(device, space, &sealed) {
            let cursors = FromEdge::Cursors {
                space,
                sealed: vec![serde_bytes::ByteBuf::from(sealed)],
            };
            self.pass_to_space(space, &cursors, Some(conn));
        }
    }

    fn greet(&mut self, conn: ConnId, token: &str) {
        let mut parts = token.split(' ');
        let device: DeviceId = parts
            .next()
            .and_then(|id| id.parse().ok())
            .expect("a token of ours");
        let until: u64 = parts
            .next()
            .and_then(|millis| millis.parse().ok())
            .expect("a token of ours");
        if self.clock.now.millis() > until {
            self.close(conn, 4411);
            return;
        }
        let user = self.record.user_of(device);
        self.relay.listeners.entry(conn).or_insert(Listener {
            device,
            user,
            spaces: BTreeMap::new(),
        });
        self.tell(
            conn,
            &FromEdge::Welcome {
                version: frame::VERSION,
                device,
                at: self.clock.now,
            },
        );
    }

    fn listen(&mut self, conn: ConnId, device: DeviceId, space: SpaceId, after: Seq) {
        if !self.record_is_up() || chance(&mut self.rng, self.chaos / 4) {
            if let Some(listener) = self.relay.listeners.get_mut(&conn) {
                listener.spaces.remove(&space);
            }
            self.tell(
                conn,
                &FromEdge::Busy {
                    space: Some(space),
                    wait: 500,
                },
            );
            return;
        }
        let Some(listener) = self.relay.listeners.get_mut(&conn) else {
            return;
        };
        if !self.record.may_listen(device, space) {
            listener.spaces.remove(&space);
            self.tell(conn, &FromEdge::NotAllowed { space });
            return;
        }
        let (entries, more) = self.record.rooms[&space].after(after, self.page);
        let listening = if more {
            Listening::CatchingUp
        } else {
            Listening::Live
        };
        listener.spaces.insert(space, listening);
        self.tell(conn, &FromEdge::Entries { space, entries, more });
        if !more {
            let sealed = self.record.rooms[&space].cursors.values();
            let sealed = sealed
                .map(|(_, sealed)| serde_bytes::ByteBuf::from(sealed.clone()))
                .collect();
            self.tell(conn, &FromEdge::Cursors { space, sealed });
        }
    }

    /// An `Append` arrives at the record.
    pub fn record_takes(&mut self, conn: ConnId, device: DeviceId, space: SpaceId, ops: &[SealedOp]) {
        let busy = FromEdge::Busy {
            space: Some(space),
            wait: 300,
        };
        if !self.record_is_up() || chance(&mut self.rng, self.chaos) {
            self.tell(conn, &busy);
            return;
        }
        let before = self
            .record
            .rooms
            .get(&space)
            .map_or(Seq::ZERO, |room| room.state.head.seq);
        let mut answers: Vec<FromEdge> = Vec::new();
        let mut stale: Vec<OpId> = Vec::new();
        let mut changes = Vec::new();
        for (index, op) in ops.iter().enumerate() {
            let later = ops.get(index + 1..).unwrap_or_default();
            let (outcome, changed) = self.record.append(device, space, op, later, self.clock.now);
            self.note(|| {
                format!(
                    "the record: {} of {device} in {space}, on {conn}: {outcome}",
                    op.op_id
                )
            });
            changes.push(changed);
            match outcome {
                Outcome::Appended(done) => match answers.last_mut() {
                    Some(FromEdge::Appended { appended, .. }) => appended.push(done),
                    _ => answers.push(FromEdge::Appended {
                        space,
                        appended: vec![done],
                    }),
                },
                Outcome::NotAllowed => answers.push(FromEdge::NotAllowed { space }),
                Outcome::Refused(sealed) => answers.push(FromEdge::Refused {
                    space,
                    op_id: op.op_id,
                    sealed,
                }),
                Outcome::StaleEpoch => stale.push(op.op_id),
            }
        }
        if !stale.is_empty() {
            answers.push(FromEdge::StaleEpoch { space, op_ids: stale });
        }
        self.published(space, before);
        for changed in changes {
            self.changed(space, &changed);
        }
        if chance(&mut self.rng, self.chaos) {
            // The record took it, and its answer was lost.
            if chance(&mut self.rng, 500) {
                self.tell(conn, &busy);
            }
            return;
        }
        for answer in answers {
            self.tell(conn, &answer);
        }
    }

    /// What came into a log goes to those who listen, some time.
    pub fn published(&mut self, space: SpaceId, before: Seq) {
        let Some(room) = self.record.rooms.get(&space) else {
            return;
        };
        let to = room.state.head.seq;
        if to > before {
            let delay = if chance(&mut self.rng, self.chaos) {
                below(&mut self.rng, Duration::from_secs(3))
            } else {
                Duration::from_millis(1)
            };
            self.clock.after(
                delay,
                Happens::Published {
                    space,
                    after: before,
                    to,
                },
            );
            if chance(&mut self.rng, self.chaos) {
                self.clock.after(
                    delay * 2,
                    Happens::Published {
                        space,
                        after: before,
                        to,
                    },
                );
            }
        }
    }

    pub fn publish(&mut self, space: SpaceId, after: Seq, to: Seq) {
        let (mut entries, _) = self.record.rooms[&space].after(after, usize::MAX);
        entries.retain(|entry| entry.seq <= to);
        self.pass_to_space(
            space,
            &FromEdge::Entries {
                space,
                entries,
                more: false,
            },
            None,
        );
    }

    /// Tells whom it concerns that members or keys changed.
    pub fn changed(&mut self, space: SpaceId, changed: &Changed) {
        let mut told: Vec<(ConnId, FromEdge)> = Vec::new();
        for (conn, listener) in &mut self.relay.listeners {
            if changed.removed.contains(&listener.user) && listener.spaces.remove(&space).is_some() {
                told.push((*conn, FromEdge::NotAllowed { space }));
            }
            if changed.new_epoch && listener.spaces.contains_key(&space) {
                told.push((*conn, FromEdge::MembersChanged { space: Some(space) }));
            }
            if changed.spaces_of.contains(&listener.user) {
                told.push((*conn, FromEdge::MembersChanged { space: None }));
            }
        }
        for (conn, frame) in told {
            self.tell(conn, &frame);
        }
    }

    fn pass_to_space(&mut self, space: SpaceId, frame: &FromEdge, except: Option<ConnId>) {
        let listening: Vec<ConnId> = self
            .relay
            .listeners
            .iter()
            .filter(|(conn, listener)| {
                let listening = listener.spaces.get(&space);
                let may_hear = match frame {
                    FromEdge::Entries { .. } => listening == Some(&Listening::Live),
                    FromEdge::Appended { .. }
                    | FromEdge::Busy { .. }
                    | FromEdge::Cursors { .. }
                    | FromEdge::MembersChanged { .. }
                    | FromEdge::NotAllowed { .. }
                    | FromEdge::Refused { .. }
                    | FromEdge::Revoked { .. }
                    | FromEdge::StaleEpoch { .. }
                    | FromEdge::Typing { .. }
                    | FromEdge::Welcome { .. } => listening.is_some(),
                };
                may_hear && Some(**conn) != except
            })
            .map(|(conn, _)| *conn)
            .collect();
        for conn in listening {
            self.tell(conn, frame);
        }
    }

    /// Sends a frame to a device.
    pub fn tell(&mut self, conn: ConnId, frame: &FromEdge) {
        let delay = self.weather.delay(&mut self.rng);
        if let Some(at) = self.net.down(conn, self.clock.now, delay) {
            self.clock.at(
                at,
                Happens::Down {
                    conn,
                    bytes: frame::encode(frame),
                },
            );
        }
    }

    /// Closes a connection from the relay's side.
    pub fn close(&mut self, conn: ConnId, code: u16) {
        self.relay.listeners.remove(&conn);
        let delay = self.weather.delay(&mut self.rng);
        if let Some(at) = self.net.down(conn, self.clock.now, delay) {
            self.net.cut(conn, at);
            self.clock.at(at, Happens::Closed { conn, code });
        }
    }

    /// The relay forgets everything. Some devices are told, others find out by themselves.
    pub fn restart_relay(&mut self) {
        let conns: Vec<ConnId> = self.relay.listeners.keys().copied().collect();
        for conn in conns {
            self.break_conn(conn);
        }
        self.relay = Relay {
            life: self.relay.life + 1,
            ..Relay::default()
        };
    }

    /// A connection breaks somewhere.
    pub fn break_conn(&mut self, conn: ConnId) {
        let cut: At = self
            .clock
            .now
            .plus(below(&mut self.rng, Duration::from_millis(300)));
        self.net.cut(conn, cut);
        self.relay.listeners.remove(&conn);
        if chance(&mut self.rng, 700) {
            let told = cut.plus(below(&mut self.rng, Duration::from_secs(2)));
            self.clock.at(told, Happens::Closed { conn, code: 1006 });
        }
    }
}
