//! An edge under a test's control between one device and a model record: it does as it should until a test does otherwise.
//! Questions to the record (Oblivious HTTP) do not pass it: they are answered by the record itself.

use std::time::Duration;

use baton_core::chain::{Entry, Seq};
use baton_core::device::DeviceSecret;
use baton_core::device_api::{SealedSnapshot, SnapshotsAnswer};
use baton_core::frame::{self, FromEdge, SealedOp, ToEdge};
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::space::SpaceKind;
use baton_core::op::{Body, Op};
use baton_core::sync::{Action, Ask, CloseReason, Event, Failure, FaultKind, Setup, Space, Sync};
use baton_core::time::At;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::record::{Outcome, Record};

pub const TEAM: SpaceId = SpaceId::from_bytes([0x65; 16]);
pub const OTHER_TEAM: SpaceId = SpaceId::from_bytes([0x66; 16]);
pub const ME: UserId = UserId::from_bytes([1; 16]);
pub const COLLEAGUE: UserId = UserId::from_bytes([2; 16]);
pub const MY_DEVICE: DeviceId = DeviceId::from_bytes([0x11; 16]);
const THEIR_DEVICE: DeviceId = DeviceId::from_bytes([0x21; 16]);
const START: At = At::from_millis(1_750_000_000_000);

/// A device, the record, and the edge between them.
#[expect(clippy::struct_excessive_bools, reason = "each is one way of lying")]
pub struct Edge {
    pub record: Record,
    pub sync: Sync,
    pub rng: ChaCha8Rng,
    pub now: At,
    /// What the device sent and nobody has looked at.
    pub sent: Vec<ToEdge>,
    /// All bytes that the device ever sent.
    pub bytes: Vec<u8>,
    pub faults: Vec<FaultKind>,
    pub is_erased: bool,
    /// How often the device gave the connection up.
    pub hang_ups: u32,
    /// What the device asked the record, out of the edge's reach.
    pub asked: Vec<Ask>,
    /// Whether questions to the record get through.
    pub reaches_record: bool,
    /// Given in the place of the record's own snapshot of the team.
    pub snapshot: Option<SealedSnapshot>,
    /// Whether keep-alives are answered.
    pub answers_pings: bool,
    is_open: bool,
    theirs: DeviceSecret,
}

impl Edge {
    /// A device that has signed in and is caught up in both spaces.
    pub fn open() -> Self {
        let mut edge = Self::before_sign_in();
        edge.sign_in();
        assert_eq!(edge.faults, []);
        edge
    }

    /// A device that has not signed in yet, with two spaces waiting for it.
    pub fn before_sign_in() -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut record = Record::new(7);
        let (mine, theirs) = (DeviceSecret::make(&mut rng), DeviceSecret::make(&mut rng));
        record.register(MY_DEVICE, ME, mine.public());
        record.register(THEIR_DEVICE, COLLEAGUE, theirs.public());
        record.create(TEAM, SpaceKind::Team, &[ME, COLLEAGUE], START);
        record.create(OTHER_TEAM, SpaceKind::Team, &[ME, COLLEAGUE], START);
        let sync = Sync::new(Setup {
            device: MY_DEVICE,
            user: ME,
            secret: mine,
            record: record.signer.verifying_key(),
        });
        Self {
            record,
            sync,
            rng,
            now: START.plus(Duration::from_mins(1)),
            sent: Vec::new(),
            bytes: Vec::new(),
            faults: Vec::new(),
            is_erased: false,
            hang_ups: 0,
            asked: Vec::new(),
            reaches_record: true,
            snapshot: None,
            answers_pings: true,
            is_open: false,
            theirs,
        }
    }

    /// The person signs in, and the device catches up.
    pub fn sign_in(&mut self) {
        let session = self.record.session(MY_DEVICE, self.now);
        self.event(Event::Session(Box::new(session)));
        self.behave(Duration::from_secs(10));
        assert!(self.is_caught_up(), "{:?}", self.sync.connection());
    }

    /// Tells the device something, and carries out what it wants done, but for its frames.
    pub fn event(&mut self, event: Event) {
        self.sync.handle_event(event, self.now, &mut self.rng);
        self.carry_out();
    }

    fn carry_out(&mut self) {
        while let Some(action) = self.sync.poll_action() {
            match action {
                Action::Ask(ask) => self.answer(&ask),
                Action::Dial { .. } => {
                    self.is_open = true;
                    self.event(Event::SocketOpened);
                }
                Action::Erase => self.is_erased = true,
                Action::HangUp => {
                    self.is_open = false;
                    self.sent.clear();
                    self.hang_ups += 1;
                }
                Action::Ping if self.answers_pings => self.event(Event::Pong),
                Action::Send(bytes) => {
                    self.bytes.extend(&bytes);
                    self.sent.push(frame::decode_to_edge(&bytes).unwrap());
                }
                Action::Ping | Action::Show(_) | Action::Store(_) => {}
            }
        }
        self.faults
            .extend(self.sync.take_faults().into_iter().map(|fault| fault.kind));
    }

    fn answer(&mut self, ask: &Ask) {
        self.asked.push(ask.clone());
        if !self.reaches_record {
            self.event(Event::AskFailed(ask.clone(), Failure::Retry));
            return;
        }
        let refused = |ask: &Ask| Event::AskFailed(ask.clone(), Failure::NotAllowed);
        let event = match ask {
            Ask::Deposit(space, photo) => Event::Deposited(*space, *photo),
            Ask::History { space, before, limit } => {
                let found = self.record.history(MY_DEVICE, *space, *before, *limit);
                found.map_or_else(|| refused(ask), |answer| Event::History(*space, answer))
            }
            Ask::Keys(space) => {
                let found = self.record.keys(MY_DEVICE, *space);
                found.map_or_else(|| refused(ask), |answer| Event::Keys(*space, answer))
            }
            Ask::Session => Event::Session(Box::new(self.record.session(MY_DEVICE, self.now))),
            Ask::Snapshots(spaces) => {
                let answer = match &self.snapshot {
                    Some(given) => SnapshotsAnswer {
                        snapshots: vec![given.clone()],
                    },
                    None => self.record.snapshots(MY_DEVICE, spaces),
                };
                Event::Snapshots(spaces.clone(), answer)
            }
        };
        self.event(event);
    }

    /// Sends the device a frame.
    pub fn tell(&mut self, frame: &FromEdge) {
        self.event(Event::Frame(frame::encode(frame)));
    }

    /// Gives the device entries as if they were live.
    pub fn give(&mut self, entries: Vec<Entry>) {
        self.tell(&FromEdge::Entries {
            space: TEAM,
            entries,
            more: false,
        });
    }

    /// Does for a while what an edge should.
    pub fn behave(&mut self, time: Duration) {
        self.pass(time, Self::do_as_asked);
    }

    /// Lets time pass, with `treat` for each frame that the device sends.
    pub fn pass(&mut self, time: Duration, mut treat: impl FnMut(&mut Self, ToEdge)) {
        let end = self.now.plus(time);
        loop {
            while !self.sent.is_empty() {
                let frame = self.sent.remove(0);
                treat(self, frame);
            }
            let due = self.sync.poll_timeout(self.now).map(|(wait, _)| wait);
            let next = due.map_or(end, |wait| self.now.plus(wait.max(Duration::from_millis(1))));
            if next > end {
                self.now = end;
                return;
            }
            self.now = next;
            self.event(Event::TimeReached);
        }
    }

    /// What an edge should do with a frame.
    pub fn do_as_asked(&mut self, frame: ToEdge) {
        match frame {
            ToEdge::Append { space, ops } => {
                for op in &ops {
                    let answer = self.append(space, op);
                    self.tell(&answer);
                }
                self.publish(space);
            }
            ToEdge::Hello { .. } => self.tell(&FromEdge::Welcome {
                version: frame::VERSION,
                device: MY_DEVICE,
                at: self.now,
            }),
            ToEdge::Seen { space, sealed } => {
                self.record.seen(MY_DEVICE, space, &sealed);
            }
            ToEdge::Subscribe { space, after } => {
                let (entries, more) = self.record.rooms[&space].after(after, 1024);
                self.tell(&FromEdge::Entries { space, entries, more });
            }
            ToEdge::Typing { .. } | ToEdge::Unsubscribe { .. } => {}
        }
    }

    /// Passes an operation of the device on to the record, and gives the record's answer.
    pub fn append(&mut self, space: SpaceId, op: &SealedOp) -> FromEdge {
        match self.record.append(MY_DEVICE, space, op, &[], self.now).0 {
            Outcome::Appended(appended) => FromEdge::Appended {
                space,
                appended: vec![appended],
            },
            Outcome::NotAllowed => FromEdge::NotAllowed { space },
            Outcome::Refused(sealed) => FromEdge::Refused {
                space,
                op_id: op.op_id,
                sealed,
            },
            Outcome::StaleEpoch => FromEdge::StaleEpoch {
                space,
                op_ids: vec![op.op_id],
            },
        }
    }

    /// Gives the device what it lacks of a space, as live entries.
    pub fn publish(&mut self, space: SpaceId) {
        let head = self
            .sync
            .space(space)
            .map_or(Seq::ZERO, |space| space.confirmed().head.seq);
        let (entries, _) = self.record.rooms[&space].after(head, usize::MAX);
        self.tell(&FromEdge::Entries {
            space,
            entries,
            more: false,
        });
    }

    /// The person writes something.
    pub fn write(&mut self, text: &str) -> OpId {
        self.act(posted(text))
    }

    /// The person does something.
    pub fn act(&mut self, body: Body) -> OpId {
        let op = self.sync.act(TEAM, body, self.now, &mut self.rng).unwrap();
        self.carry_out();
        op
    }

    /// A colleague writes something, which the record takes; gives the new entry. The device is not told.
    pub fn colleague_writes(&mut self, space: SpaceId, text: &str) -> Entry {
        self.colleague_does(space, posted(text))
    }

    /// A colleague does something, which the record takes; gives the new entry. The device is not told.
    pub fn colleague_does(&mut self, space: SpaceId, body: Body) -> Entry {
        use rand_core::Rng as _;
        let mut random = [0; 10];
        self.rng.fill_bytes(&mut random);
        let op = Op {
            id: OpId::make(self.now, random),
            by: COLLEAGUE,
            at: self.now,
            body,
        };
        let room = self.record.rooms.get_mut(&space).unwrap();
        let key = self.theirs.signing_key();
        let sealed = room.keys.seal_op(&op, THEIR_DEVICE, &key, &mut self.rng).unwrap();
        let sent = SealedOp { op_id: op.id, sealed };
        let outcome = self.record.append(THEIR_DEVICE, space, &sent, &[], self.now).0;
        assert!(matches!(outcome, Outcome::Appended(_)));
        self.record.rooms[&space].log.last().unwrap().clone()
    }

    /// The connection breaks.
    pub fn cut(&mut self) {
        self.is_open = false;
        self.sent.clear();
        self.event(Event::SocketClosed(CloseReason { code: 1006 }));
    }

    pub fn space(&self) -> &Space {
        self.sync.space(TEAM).unwrap()
    }

    /// What the device shows of the team, oldest first.
    pub fn shown(&self) -> Vec<String> {
        let messages = self.space().shown().timeline.messages();
        messages.map(|message| message.text().to_owned()).collect()
    }

    fn is_caught_up(&self) -> bool {
        self.sync.spaces().count() == 2 && self.sync.spaces().all(Space::is_caught_up)
    }

    /// With an edge that does what it should from now on, the device ends where the record is, with nothing lost, nothing
    /// waiting and nothing twice.
    pub fn ends_well(&mut self, texts: &[&str]) {
        self.behave(Duration::from_mins(6));
        assert!(!self.is_erased);
        assert!(self.is_caught_up(), "{:?}", self.sync.connection());
        for space in self.sync.spaces() {
            let room = &self.record.rooms[&space.id()];
            assert_eq!(space.confirmed().head, room.state.head);
            assert_eq!(space.confirmed().hash(), room.state.hash());
            assert_eq!(
                space.outbox().count(),
                0,
                "{:?}",
                space.outbox().collect::<Vec<_>>()
            );
        }
        assert_eq!(self.shown(), texts);
    }
}

/// A message of routine priority.
pub fn posted(text: &str) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: text.into(),
        reply_to: None,
        mentions: Vec::new(),
        roles: vec![],
        priority: Priority::Routine,
        about: None,
        photos: vec![],
    }))
}
