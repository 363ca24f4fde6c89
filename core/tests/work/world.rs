//! Devices, each with what it shows, and the record that they send to.

use baton_core::chain::{ChainHash, Head};
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::role::RoleOp;
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::rule::{Author, may};
use baton_core::state::{Place, SpaceState};
use baton_core::time::At;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::plain::Plain;
use super::work::{self, Actor};

pub(super) const DEVICES: u8 = 4;

const USERS: [UserId; 3] = [
    UserId::from_bytes([1; 16]),
    UserId::from_bytes([2; 16]),
    UserId::from_bytes([3; 16]),
];

const PATIENTS: [PatientId; 2] = [PatientId::from_bytes([101; 16]), PatientId::from_bytes([102; 16])];

/// What happens; the first number is the device.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Its person does something.
    Act(u8, u64),
    /// The organisation adds somebody.
    Come(u8),
    /// Its person does something that is in the way of others.
    Contend(u8, u64),
    /// The device takes so many entries of the log.
    Fetch(u8, usize),
    /// The organisation removes somebody.
    Leave(u8),
    /// So many of what the device has done reach the record.
    Send(u8, usize),
}

/// A device of a person of its own, or (the last two) of the same person.
pub(super) struct Device {
    user: UserId,
    pub(super) confirmed: SpaceState,
    /// Entries of the log that it has.
    has: usize,
    pub(super) waiting: Vec<Op>,
}

impl Device {
    /// What is shown: as the machine does it, at places that are guesses.
    fn shown(&self) -> SpaceState {
        let mut shown = self.confirmed.clone();
        let mut seq = shown.head.seq;
        for op in &self.waiting {
            seq = seq.next();
            shown.apply(Place { seq, recorded: None }, op);
        }
        shown
    }

    /// A role that is known to be another's is never shown as one's own, or as vacant, but when one took it from them, accepted
    /// it from them or put it into the archive.
    fn check_shown(&self, shown: &SpaceState) -> Result<(), TestCaseError> {
        for (id, role) in self.confirmed.roles.iter() {
            let holder = role.holder.map(|holder| holder.user);
            let moves = |op: &Op| match &op.body {
                Body::Role(RoleOp::Accepted(accepted)) => role.offer(accepted.offer).is_some(),
                Body::Role(RoleOp::Taken(taken)) => taken.role == id && taken.from == holder,
                Body::Role(RoleOp::Archived(archived)) => archived.role == id,
                _ => false,
            };
            if holder.is_some_and(|holder| holder != self.user) && !self.waiting.iter().any(moves) {
                let held = shown.roles.find(id).unwrap().holder;
                prop_assert_eq!(held.map(|held| held.user), holder);
            }
        }
        Ok(())
    }
}

pub(super) struct World {
    pub(super) log: Vec<(Head, Op)>,
    pub(super) state: SpaceState,
    pub(super) devices: Vec<Device>,
    /// Roles and tasks by the plainest reading of what was taken.
    pub(super) plain: Plain,
    made: u64,
}

impl World {
    pub(super) fn new() -> Self {
        let space = SpaceId::from_bytes([9; 16]);
        let device = |n: u8| Device {
            user: USERS[usize::from(n.min(DEVICES - 2))],
            confirmed: SpaceState::new(space),
            has: 0,
            waiting: vec![],
        };
        let mut world = Self {
            log: vec![],
            state: SpaceState::new(space),
            devices: (0..DEVICES).map(device).collect(),
            plain: Plain::default(),
            made: 0,
        };
        let created = space::Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        };
        world.record(Body::Space(SpaceOp::Created(created))).unwrap();
        for (n, user) in USERS.into_iter().enumerate() {
            let added = MemberOp::Added(Added { user, admin: n < 2 });
            world.record(Body::Member(added)).unwrap();
        }
        for n in 0..DEVICES {
            world.fetch(n, usize::MAX);
        }
        world
    }

    fn op(&mut self, by: UserId, body: Body) -> Op {
        self.made += 1;
        let at = At::from_millis(self.made);
        let id = OpId::make(at, [0; 10]);
        Op { id, by, at, body }
    }

    fn record(&mut self, body: Body) -> Result<(), TestCaseError> {
        let op = self.op(UserId::RECORD, body);
        self.append(op).map(drop)
    }

    /// As the record does it; false when the rules refuse it.
    fn append(&mut self, op: Op) -> Result<bool, TestCaseError> {
        let author = if op.by == UserId::RECORD {
            Author::Record
        } else {
            Author::Person(op.by)
        };
        if may(author, &op, &self.state).is_err() {
            return Ok(false);
        }
        self.plain.take(&op, &self.state)?;
        let seq = self.state.head.seq.next();
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([u8::try_from(seq.value() % 251).unwrap(); 32]),
        };
        self.state.fold(head, At::from_millis(seq.value()), &op);
        self.plain.check(&self.state)?;
        self.log.push((head, op));
        Ok(true)
    }

    /// A person does something on what is shown, if the rules allow it there.
    fn act(&mut self, n: u8, seed: u64, contended: bool) -> Result<(), TestCaseError> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let device = &self.devices[usize::from(n)];
        let shown = device.shown();
        device.check_shown(&shown)?;
        let me = self.devices[usize::from(n)].user;
        let actor = Actor {
            users: &USERS,
            patients: &PATIENTS,
        };
        let body = contended.then(|| work::contended(&shown, actor, &mut rng));
        let body = body
            .flatten()
            .unwrap_or_else(|| work::body(&shown, actor, &mut rng));
        let op = self.op(me, body);
        if may(Author::Person(me), &op, &shown).is_ok() {
            self.devices[usize::from(n)].waiting.push(op);
        }
        Ok(())
    }

    fn fetch(&mut self, n: u8, count: usize) {
        let device = &mut self.devices[usize::from(n)];
        for (head, op) in self.log.iter().skip(device.has).take(count) {
            device
                .confirmed
                .fold(*head, At::from_millis(head.seq.value()), op);
            device.waiting.retain(|waiting| waiting.id != op.id);
            device.has += 1;
        }
    }

    /// What was sent waits on until it is seen in the log; what the record refuses is given up.
    fn send(&mut self, n: u8, count: usize) -> Result<(), TestCaseError> {
        let device = &self.devices[usize::from(n)];
        let is_new = |op: &&Op| self.log.iter().all(|(_, known)| known.id != op.id);
        let sent: Vec<Op> = device
            .waiting
            .iter()
            .filter(is_new)
            .take(count)
            .cloned()
            .collect();
        for op in sent {
            let id = op.id;
            if !self.append(op)? {
                let waiting = &mut self.devices[usize::from(n)].waiting;
                waiting.retain(|waiting| waiting.id != id);
            }
        }
        Ok(())
    }

    pub(super) fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Act(n, seed) => self.act(*n, *seed, false)?,
            Step::Come(n) => {
                let (user, admin) = (USERS[usize::from(*n)], false);
                self.record(Body::Member(MemberOp::Added(Added { user, admin })))?;
            }
            Step::Contend(n, seed) => self.act(*n, *seed, true)?,
            Step::Fetch(n, count) => self.fetch(*n, *count),
            Step::Leave(n) => {
                let user = USERS[usize::from(*n)];
                self.record(Body::Member(MemberOp::Removed(Removed { user })))?;
            }
            Step::Send(n, count) => self.send(*n, *count)?,
        }
        Ok(())
    }

    /// Everything reaches the record, and everybody hears of it.
    pub(super) fn settle(&mut self) -> Result<(), TestCaseError> {
        for n in 0..DEVICES {
            self.send(n, usize::MAX)?;
        }
        for n in 0..DEVICES {
            self.fetch(n, usize::MAX);
        }
        Ok(())
    }
}
