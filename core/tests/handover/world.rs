//! Devices, each with what it shows, and the record that they send to.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::cbor;
use baton_core::chain::Head;
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::list::{Created, ListOp};
use baton_core::op::member::{Added, MemberOp};
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::rule::{Author, may};
use baton_core::state::{Handovers, SpaceState};
use baton_core::time::At;

use super::check::Frozen;
use super::device::{self, Device, author, fold_next};

pub(super) const DEVICES: u8 = 5;
pub(super) const LIST: OpId = OpId::from_bytes([250; 16]);

pub(super) fn patient(n: u8) -> PatientId {
    PatientId::from_bytes([n + 100; 16])
}

/// Of a person of their own, or (the last two) of the same person.
pub(super) fn user(n: u8) -> UserId {
    UserId::from_bytes([n.min(DEVICES - 2) + 1; 16])
}

/// A team, its record, and everything that was ever frozen.
pub(super) struct World {
    pub(super) log: Vec<(Head, Op)>,
    pub(super) state: SpaceState,
    pub(super) devices: Vec<Device>,
    made: u64,
    /// Everything that the device had when somebody there wrote this.
    pub(super) had: BTreeMap<OpId, BTreeSet<OpId>>,
    pub(super) frozen: Frozen,
    /// The record takes whatever comes.
    pub(super) is_lawless: bool,
}

impl World {
    pub(super) fn new() -> Self {
        let space = SpaceId::from_bytes([9; 16]);
        let device = |n: u8| Device::new(space, user(n));
        let mut world = Self {
            log: vec![],
            state: SpaceState::new(space),
            devices: (0..DEVICES).map(device).collect(),
            made: 0,
            had: BTreeMap::new(),
            frozen: Frozen::default(),
            is_lawless: false,
        };
        let created = space::Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        };
        world.record(Body::Space(SpaceOp::Created(created)));
        for n in 0..DEVICES - 1 {
            world.add(n);
        }
        let list = Op {
            id: LIST,
            by: user(0),
            at: At::default(),
            body: Body::List(ListOp::Created(Created {
                title: "Bay 2".into(),
                source: None,
            })),
        };
        assert!(world.append(list));
        for (id, by, body) in super::duty::given() {
            let at = At::default();
            assert!(world.append(Op { id, by, at, body }));
        }
        for n in 0..DEVICES {
            world.fetch(n, usize::MAX);
        }
        world
    }

    /// The first is an administrator for ever, so that everybody else can leave.
    pub(super) fn add(&mut self, n: u8) {
        let (user, admin) = (user(n), n < 2);
        self.record(Body::Member(MemberOp::Added(Added { user, admin })));
    }

    pub(super) fn op(&mut self, by: UserId, body: Body) -> Op {
        device::op(&mut self.made, by, body)
    }

    pub(super) fn record(&mut self, body: Body) {
        let op = self.op(UserId::RECORD, body);
        self.append(op);
    }

    /// As the record does it; false when the rules refuse it.
    pub(super) fn append(&mut self, op: Op) -> bool {
        if !self.is_lawless && may(author(&op), &op, &self.state).is_err() {
            return false;
        }
        let before = self.state.clone();
        let head = fold_next(&mut self.state, &op);
        self.frozen.follow(&before.handovers, &self.state.handovers, &op);
        super::duty::follow(&before, &self.state, &op);
        self.log.push((head, op));
        true
    }

    /// A person does something on what is shown, if the rules allow it there.
    pub(super) fn act(&mut self, n: u8, body: Body) -> Option<OpId> {
        let user = self.devices[usize::from(n)].user;
        let had = self.has(n);
        let op = self.op(user, body);
        let id = op.id;
        let device = &mut self.devices[usize::from(n)];
        if self.is_lawless {
            self.append(op);
        } else {
            may(Author::Person(user), &op, &device.shown()).ok()?;
            device.waiting.push(op);
        }
        self.had.insert(id, had);
        Some(id)
    }

    /// What somebody has before them.
    pub(super) fn shown(&self, n: u8) -> SpaceState {
        if self.is_lawless {
            self.state.clone()
        } else {
            self.devices[usize::from(n)].shown()
        }
    }

    /// All operations that a device knows of.
    fn has(&self, n: u8) -> BTreeSet<OpId> {
        let device = &self.devices[usize::from(n)];
        let count = if self.is_lawless {
            self.log.len()
        } else {
            device.has
        };
        let logged = self.log.iter().take(count).map(|(_, op)| op.id);
        logged.chain(device.waiting.iter().map(|op| op.id)).collect()
    }

    pub(super) fn fetch(&mut self, n: u8, count: usize) {
        self.devices[usize::from(n)].fetch(&self.log, count);
    }

    /// So many of what was done on a device reach the record.
    pub(super) fn send(&mut self, n: u8, count: usize) {
        for op in self.devices[usize::from(n)].to_send(&self.log, count) {
            let id = op.id;
            if !self.append(op) {
                self.devices[usize::from(n)].give_up(id);
            }
        }
    }

    /// The device starts again from what it kept.
    pub(super) fn restart(&mut self, n: u8) {
        let device = &mut self.devices[usize::from(n)];
        let kept = cbor::to_bytes(&device.confirmed);
        device.confirmed = cbor::from_bytes(&kept).unwrap();
    }

    /// Everything that was done reaches the record, and everybody hears of all.
    pub(super) fn settle(&mut self) {
        for n in 0..DEVICES {
            self.send(n, usize::MAX);
        }
        for n in 0..DEVICES {
            self.fetch(n, usize::MAX);
        }
    }

    pub(super) fn held(&self) -> &Handovers {
        &self.state.handovers
    }
}
