//! One schedule: devices, network, relay and record on one clock, driven by one seed.

use std::sync::OnceLock;
use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::device::DeviceSecret;
use baton_core::frame::SealedOp;
use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::space::SpaceKind;
use baton_core::op::{self, Op};
use baton_core::service::derive_gateway;
use baton_core::sync::{Action, Ask, CloseReason, Event, Failure};
use baton_core::time::At;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::clock::Clock;
use super::device::{Device, Identity, skew};
use super::net::{ConnId, Net, Weather, below, chance, pick};
use super::record::Record;
use super::relay::Relay;

/// Something that happens in a schedule.
pub enum Happens {
    Act {
        device: usize,
    },
    Answered {
        device: usize,
        incarnation: u32,
        event: Box<Event>,
    },
    Append {
        conn: ConnId,
        device: DeviceId,
        space: SpaceId,
        ops: Vec<SealedOp>,
    },
    Asked {
        device: usize,
        incarnation: u32,
        ask: Ask,
    },
    Closed {
        conn: ConnId,
        code: u16,
    },
    Down {
        conn: ConnId,
        bytes: Vec<u8>,
    },
    Mishap,
    Opened {
        conn: ConnId,
    },
    Published {
        space: SpaceId,
        after: Seq,
        to: Seq,
    },
    Seen {
        conn: ConnId,
        device: DeviceId,
        space: SpaceId,
        sealed: Vec<u8>,
        life: u32,
    },
    SignIn {
        device: usize,
        incarnation: u32,
    },
    Start {
        device: usize,
    },
    Timer {
        device: usize,
        timer: u64,
    },
    Up {
        conn: ConnId,
        bytes: Vec<u8>,
    },
}

/// What people do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Acts {
    /// Everything.
    All,
    /// Everything, much of it, to the same few things, while much is lost: what one does is in the way of another.
    Contended,
    /// Much of it handovers, while as much is lost as when it is contended.
    Handover,
    /// Everything but roles and tasks: what they did when some of the schedules that once found something were found.
    Lists,
    /// What they did when the first of those were found.
    Messages,
}

/// Everything that there is in a schedule.
pub struct World {
    pub seed: u64,
    pub acts: Acts,
    pub rng: ChaCha8Rng,
    pub clock: Clock<Happens>,
    pub net: Net,
    pub weather: Weather,
    /// How often, in thousand, things go wrong; zero at the end.
    pub chaos: u32,
    /// Entries in one frame.
    pub page: usize,
    pub relay: Relay,
    pub record: Record,
    pub devices: Vec<Device>,
    pub down_until: At,
    pub users: Vec<UserId>,
    /// What happened, in words, when it is wanted.
    pub trace: Option<Vec<String>>,
}

impl World {
    pub fn new(seed: u64, acts: Acts) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (record, identities) = template();
        let chaos = match acts {
            Acts::All | Acts::Lists | Acts::Messages => [0, 20, 60, 150],
            Acts::Contended | Acts::Handover => [60, 150, 250, 400],
        };
        let chaos = chaos[pick(&mut rng, 4)];
        let slowest = Duration::from_millis([20, 200, 1_500][pick(&mut rng, 3)]);
        let weather = Weather {
            slowest,
            stalls: chaos / 3,
        };
        let page = [3, 20, 1024][pick(&mut rng, 3)];
        let devices = identities.iter().map(|own| {
            let mut device = Device::new(own.clone(), chance(&mut rng, 700), chance(&mut rng, 600));
            device.skew = skew(&mut rng);
            device
        });
        let devices = devices.collect();
        Self {
            seed,
            acts,
            record: record.copy(seed),
            rng,
            clock: Clock::new(START.plus(Duration::from_mins(1))),
            net: Net::default(),
            weather,
            chaos,
            page,
            relay: Relay::default(),
            devices,
            down_until: START,
            users: USERS.to_vec(),
            trace: None,
        }
    }

    /// Runs the schedule: a time of acts and mishaps, then quiet until everything has settled.
    pub fn run(&mut self) {
        let busy = Duration::from_secs(20) + below(&mut self.rng, Duration::from_secs(100));
        let end = self.clock.now.plus(busy);
        let most = match self.acts {
            Acts::Contended | Acts::Handover => 60,
            Acts::All | Acts::Lists | Acts::Messages => 12,
        };
        for device in 0..self.devices.len() {
            let start = below(&mut self.rng, Duration::from_secs(5));
            self.clock.after(start, Happens::Start { device });
            for _ in 0..pick(&mut self.rng, most) {
                let at = self.clock.now.plus(below(&mut self.rng, busy));
                self.clock.at(at, Happens::Act { device });
            }
        }
        let mishaps = usize::try_from(self.chaos / 10).expect("few");
        for _ in 0..pick(&mut self.rng, mishaps + 1) {
            let at = self.clock.now.plus(below(&mut self.rng, busy));
            self.clock.at(at, Happens::Mishap);
        }
        self.run_until(end);
        self.chaos = 0;
        self.down_until = self.clock.now;
        self.weather = Weather {
            slowest: Duration::from_millis(50),
            stalls: 0,
        };
        for device in 0..self.devices.len() {
            if self.devices[device].sync.is_none() {
                self.start(device);
            }
        }
        // Longer than a session lives, so that the record has named every head at least once.
        self.run_until(end.plus(QUIET));
    }

    pub fn run_until(&mut self, until: At) {
        while let Some(happens) = self.clock.next(until) {
            self.happen(happens);
        }
        self.clock.now = until;
    }

    pub fn note(&mut self, what: impl FnOnce() -> String) {
        let now = self.clock.now.since(START);
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>8} ms  {}", now.as_millis(), what()));
        }
    }

    fn happen(&mut self, happens: Happens) {
        match happens {
            Happens::Act { device } => {
                let now = self.clock.now;
                let users = self.users.clone();
                self.devices[device].act(now, &users, self.acts, &mut self.rng);
                self.drain(device);
            }
            Happens::Answered {
                device,
                incarnation,
                event,
            } => {
                if self.devices[device].incarnation == incarnation {
                    self.tell_device(device, *event);
                }
            }
            Happens::Append {
                conn,
                device,
                space,
                ops,
            } => self.record_takes(conn, device, space, &ops),
            Happens::Asked {
                device,
                incarnation,
                ask,
            } => self.answer(device, incarnation, &ask),
            Happens::Closed { conn, code } => {
                let reason = CloseReason { code };
                self.if_open(conn, Event::SocketClosed(reason));
            }
            Happens::Down { conn, bytes } => self.if_open(conn, Event::Frame(bytes)),
            Happens::Mishap => self.mishap(),
            Happens::Opened { conn } => self.if_open(conn, Event::SocketOpened),
            Happens::Published { space, after, to } => self.publish(space, after, to),
            Happens::Seen {
                conn,
                device,
                space,
                sealed,
                life,
            } => self.see(conn, device, space, sealed, life),
            Happens::SignIn { device, incarnation } => {
                if self.devices[device].incarnation == incarnation && self.devices[device].sync.is_some() {
                    if self.record_is_up() {
                        let session = self.record.session(self.devices[device].me().id, self.clock.now);
                        self.tell_device(device, Event::Session(Box::new(session)));
                    } else {
                        self.clock
                            .after(Duration::from_secs(2), Happens::SignIn { device, incarnation });
                    }
                }
            }
            Happens::Start { device } => {
                if self.devices[device].sync.is_none() {
                    self.start(device);
                }
            }
            Happens::Timer { device, timer } => {
                if self.devices[device].timer == timer {
                    self.tell_device(device, Event::TimeReached);
                }
            }
            Happens::Up { conn, bytes } => {
                if bytes == b"ping" {
                    let delay = self.weather.delay(&mut self.rng);
                    if let Some(at) = self.net.down(conn, self.clock.now, delay) {
                        self.clock.at(
                            at,
                            Happens::Down {
                                conn,
                                bytes: b"pong".to_vec(),
                            },
                        );
                    }
                } else {
                    self.relay_takes(conn, &bytes);
                }
            }
        }
    }

    fn if_open(&mut self, conn: ConnId, event: Event) {
        let (device, incarnation) = (self.net.conn(conn).device, self.net.conn(conn).incarnation);
        let own = &mut self.devices[device];
        if own.conn != Some(conn) || own.incarnation != incarnation {
            return;
        }
        if matches!(event, Event::SocketClosed(_)) {
            own.conn = None;
        }
        let is_pong = matches!(&event, Event::Frame(bytes) if bytes == b"pong");
        let event = if is_pong { Event::Pong } else { event };
        self.tell_device(device, event);
    }

    pub fn tell_device(&mut self, device: usize, event: Event) {
        let own = &mut self.devices[device];
        let time = own.time(self.clock.now);
        if let Some(sync) = &mut own.sync {
            sync.handle_event(event, time, &mut self.rng);
            self.drain(device);
        }
    }

    fn start(&mut self, device: usize) {
        let record = self.record.signer.verifying_key();
        let must_sign_in = self.devices[device].start(record, self.clock.now, &mut self.rng);
        let incarnation = self.devices[device].incarnation;
        if must_sign_in {
            self.clock.after(
                Duration::from_millis(100),
                Happens::SignIn { device, incarnation },
            );
        }
        self.note(|| format!("device {device} starts"));
        self.drain(device);
    }

    /// Carries out what a device wants done.
    fn drain(&mut self, device: usize) {
        let now = self.clock.now;
        self.devices[device].look(now);
        let incarnation = self.devices[device].incarnation;
        while let Some(action) = self.devices[device]
            .sync
            .as_mut()
            .and_then(baton_core::sync::Sync::poll_action)
        {
            let own = &mut self.devices[device];
            match action {
                Action::Ask(ask) => {
                    let delay = self.weather.delay(&mut self.rng);
                    self.clock.after(
                        delay,
                        Happens::Asked {
                            device,
                            incarnation,
                            ask,
                        },
                    );
                }
                Action::Dial { gateway } => {
                    assert!(own.conn.is_none(), "a device has one socket");
                    assert_eq!(gateway, derive_gateway(own.me().user));
                    let conn = self.net.open(device, incarnation);
                    own.conn = Some(conn);
                    let delay = self.weather.delay(&mut self.rng);
                    if chance(&mut self.rng, self.chaos) {
                        self.net.cut(conn, now);
                        self.clock.after(delay, Happens::Closed { conn, code: 1006 });
                    } else {
                        self.clock.after(delay, Happens::Opened { conn });
                    }
                }
                Action::Erase => panic!("nobody revoked anything"),
                Action::HangUp => own.conn = None,
                Action::Ping => self.send_up(device, b"ping".to_vec()),
                Action::Send(bytes) => self.send_up(device, bytes),
                Action::Show(_) => {}
                Action::Store(store) => own.keep(store, now, &mut self.rng),
            }
        }
        self.devices[device].keep_unkept(now, &mut self.rng);
        self.arm(device);
    }

    fn send_up(&mut self, device: usize, bytes: Vec<u8>) {
        self.check_sent(device, &bytes);
        let conn = self.devices[device]
            .conn
            .expect("nothing is sent without a socket");
        let delay = self.weather.delay(&mut self.rng);
        if let Some(at) = self.net.up(conn, self.clock.now, delay) {
            self.clock.at(at, Happens::Up { conn, bytes });
        }
    }

    fn arm(&mut self, device: usize) {
        let own = &mut self.devices[device];
        own.timer += 1;
        let timer = own.timer;
        let shown = own.time(self.clock.now);
        let due = own.sync.as_ref().and_then(|sync| sync.poll_timeout(shown));
        if let Some((wait, why)) = due {
            self.note(|| format!("device {device} waits for {why:?}, {wait:?}"));
            // Timers count in whole milliseconds, and a browser's come late rather than early.
            let at = self.clock.now.plus(wait.max(Duration::from_millis(1)));
            self.clock.at(at, Happens::Timer { device, timer });
        }
    }

    /// A question arrives at the record, and its answer goes back.
    fn answer(&mut self, device: usize, incarnation: u32, ask: &Ask) {
        if self.devices[device].incarnation != incarnation || chance(&mut self.rng, self.chaos / 4) {
            return;
        }
        let me = self.devices[device].me().id;
        let failed = |failure| Event::AskFailed(ask.clone(), failure);
        let event = if !self.record_is_up() || chance(&mut self.rng, self.chaos) {
            failed(Failure::Retry)
        } else {
            match ask {
                Ask::Deposit(space, photo) => {
                    self.record.photos.insert(*photo);
                    Event::Deposited(*space, *photo)
                }
                Ask::History { space, before, limit } => self
                    .record
                    .history(
                        me,
                        *space,
                        *before,
                        (*limit).min(u16::try_from(self.page).unwrap_or(u16::MAX)),
                    )
                    .map_or_else(
                        || failed(Failure::NotAllowed),
                        |answer| Event::History(*space, answer),
                    ),
                Ask::Keys(space) => self.record.keys(me, *space).map_or_else(
                    || failed(Failure::NotAllowed),
                    |answer| Event::Keys(*space, answer),
                ),
                Ask::Session => Event::Session(Box::new(self.record.session(me, self.clock.now))),
                Ask::Snapshots(spaces) => Event::Snapshots(spaces.clone(), self.record.snapshots(me, spaces)),
            }
        };
        let delay = self.weather.delay(&mut self.rng);
        self.clock.after(
            delay,
            Happens::Answered {
                device,
                incarnation,
                event: Box::new(event),
            },
        );
    }

    pub fn record_is_up(&self) -> bool {
        self.clock.now >= self.down_until
    }

    fn mishap(&mut self) {
        let device = pick(&mut self.rng, self.devices.len());
        let what = pick(&mut self.rng, 10);
        self.note(|| format!("mishap {what}, device {device}"));
        match what {
            0..=2 => {
                if let Some(conn) = self.devices[device].conn {
                    self.break_conn(conn);
                }
            }
            3 => {
                self.devices[device].crash();
                let away = below(&mut self.rng, Duration::from_secs(30));
                self.clock.after(away, Happens::Start { device });
            }
            4 => self.restart_relay(),
            5 => self.down_until = self.clock.now.plus(below(&mut self.rng, Duration::from_secs(15))),
            6 => {
                self.devices[device].skew = skew(&mut self.rng);
                self.arm(device);
            }
            7 => {
                let is_offline = chance(&mut self.rng, 500);
                self.tell_device(device, if is_offline { Event::Offline } else { Event::Online });
            }
            8 => {
                let space = SPACES[pick(&mut self.rng, SPACES.len())];
                self.record.new_epoch(space, self.clock.now);
                let changed = super::record::Changed {
                    new_epoch: true,
                    ..Default::default()
                };
                self.changed(space, &changed);
            }
            _ if self.acts != Acts::Messages && chance(&mut self.rng, 500) => {
                let patients = &super::lists::PATIENTS;
                let patient = patients[pick(&mut self.rng, patients.len())];
                for (space, before) in self.record.change_patient(patient, self.clock.now) {
                    self.published(space, before);
                }
            }
            _ => self.organise(),
        }
    }

    /// The organisation adds somebody to a space, or removes them.
    fn organise(&mut self) {
        let space = SPACES[pick(&mut self.rng, SPACES.len())];
        let user = USERS[pick(&mut self.rng, USERS.len())];
        let is_member = self.record.rooms[&space].state.members.contains(user);
        let body = if is_member {
            MemberOp::Removed(Removed { user })
        } else {
            MemberOp::Added(Added { user, admin: false })
        };
        let before = self.record.rooms[&space].state.head.seq;
        let changed = self.record.make(space, Body::Member(body), self.clock.now);
        self.published(space, before);
        self.changed(space, &changed);
    }
}

/// Record and keys that all schedules begin with: made once, since making keys is most of the work.
fn template() -> &'static (Record, Vec<Vec<Identity>>) {
    static TEMPLATE: OnceLock<(Record, Vec<Vec<Identity>>)> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let mut record = Record::new(0);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut identities = Vec::new();
        for (n, user) in [0, 1, 2, 0].into_iter().map(|user| USERS[user]).enumerate() {
            let own = (0..4_u8).map(|life| {
                let id = DeviceId::from_bytes([u8::try_from(n).expect("few") * 16 + life + 1; 16]);
                let secret = DeviceSecret::make(&mut rng);
                record.register(id, user, secret.public());
                Identity { id, user, secret }
            });
            identities.push(own.collect::<Vec<_>>());
        }
        record.create(SPACES[0], SpaceKind::Group, &USERS[..2], START);
        record.create(SPACES[1], SpaceKind::Team, &USERS, START);
        for n in 0..LONG {
            let (device, user) = (&identities[n % 3][0], USERS[n % 3]);
            let priority = if n % 9 == 0 {
                Priority::Urgent
            } else {
                Priority::Routine
            };
            let posted = Posted {
                text: "from before".into(),
                priority,
                reply_to: None,
                mentions: vec![],
                roles: vec![],
                about: None,
                photos: vec![],
            };
            let id = baton_core::id::OpId::make(START, [u8::try_from(n).expect("few"); 10]);
            let op: Op = op::Op {
                id,
                by: user,
                at: START,
                body: Body::Message(MessageOp::Posted(posted)),
            };
            let room = record.rooms.get_mut(&SPACES[1]).expect("just made");
            let sealed = room
                .keys
                .seal_op(&op, device.id, &device.secret.signing_key(), &mut rng)
                .expect("a key");
            let _ = record.append(
                device.id,
                SPACES[1],
                &SealedOp { op_id: op.id, sealed },
                &[],
                START,
            );
        }
        for own in identities.iter().flatten() {
            let _ = record.session(own.id, START);
        }
        (record, identities)
    })
}

pub const START: At = At::from_millis(1_750_000_000_000);
pub const USERS: [UserId; 3] = [
    UserId::from_bytes([1; 16]),
    UserId::from_bytes([2; 16]),
    UserId::from_bytes([3; 16]),
];
pub const SPACES: [SpaceId; 2] = [SpaceId::from_bytes([101; 16]), SpaceId::from_bytes([102; 16])];

/// Messages of the long log.
const LONG: usize = 110;

const QUIET: Duration = Duration::from_mins(12);
