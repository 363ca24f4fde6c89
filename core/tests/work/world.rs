//! Devices, each with what it shows, and the record that they send to.

use baton_core::chain::Head;
use baton_core::id::{PatientId, SpaceId, UserId};
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::role::RoleOp;
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::rule::{Author, may};
use baton_core::state::SpaceState;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::device::{self, Device, author, fold_next};
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

/// A role that is known to be another's is never shown as one's own, or as vacant, but when one took it from them, accepted
/// it from them or put it into the archive.
fn check_shown(device: &Device, shown: &SpaceState) -> Result<(), TestCaseError> {
    for (id, role) in device.confirmed.roles.iter() {
        let holder = role.holder.map(|holder| holder.user);
        let moves = |op: &Op| match &op.body {
            Body::Role(RoleOp::Accepted(accepted)) => role.offer(accepted.offer).is_some(),
            Body::Role(RoleOp::Taken(taken)) => taken.role == id && taken.from == holder,
            Body::Role(RoleOp::Archived(archived)) => archived.role == id,
            _ => false,
        };
        if holder.is_some_and(|holder| holder != device.user) && !device.waiting.iter().any(moves) {
            let held = shown.roles.find(id).unwrap().holder;
            prop_assert_eq!(held.map(|held| held.user), holder);
        }
    }
    Ok(())
}

pub(super) struct World {
    pub(super) log: Vec<(Head, Op)>,
    pub(super) state: SpaceState,
    /// Each of a person of its own, but the last two: they are of the same person.
    pub(super) devices: Vec<Device>,
    /// Roles and tasks by the plainest reading of what was taken.
    pub(super) plain: Plain,
    made: u64,
}

impl World {
    pub(super) fn new() -> Self {
        let space = SpaceId::from_bytes([9; 16]);
        let device = |n: u8| Device::new(space, USERS[usize::from(n.min(DEVICES - 2))]);
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
        device::op(&mut self.made, by, body)
    }

    fn record(&mut self, body: Body) -> Result<(), TestCaseError> {
        let op = self.op(UserId::RECORD, body);
        self.append(op).map(drop)
    }

    /// As the record does it; false when the rules refuse it.
    fn append(&mut self, op: Op) -> Result<bool, TestCaseError> {
        if may(author(&op), &op, &self.state).is_err() {
            return Ok(false);
        }
        self.plain.take(&op, &self.state)?;
        let head = fold_next(&mut self.state, &op);
        self.plain.check(&self.state)?;
        self.log.push((head, op));
        Ok(true)
    }

    /// A person does something on what is shown, if the rules allow it there.
    fn act(&mut self, n: u8, seed: u64, contended: bool) -> Result<(), TestCaseError> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let device = &self.devices[usize::from(n)];
        let shown = device.shown();
        check_shown(device, &shown)?;
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
        self.devices[usize::from(n)].fetch(&self.log, count);
    }

    /// So many of what was done on a device reach the record.
    fn send(&mut self, n: u8, count: usize) -> Result<(), TestCaseError> {
        for op in self.devices[usize::from(n)].to_send(&self.log, count) {
            let id = op.id;
            if !self.append(op)? {
                self.devices[usize::from(n)].give_up(id);
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
