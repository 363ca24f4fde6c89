//! Devices, each with what it shows, and the record that they send to.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::{ChainHash, Head};
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::list::{
    Created, Field, FieldSet, ListOp, Moved, PatientAdded, PatientLeft, PatientRemoved, Renamed, Source,
};
use baton_core::op::member::{Added, MemberOp};
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::rule::{Author, may};
use baton_core::state::{Place, SpaceState};
use baton_core::text::Basis;
use baton_core::time::At;

pub(super) const DEVICES: u8 = 4;
pub(super) const LIST: OpId = OpId::from_bytes([250; 16]);

/// What happens; the first number is the device.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Add(u8, u8),
    /// The device takes so many entries of the log.
    Fetch(u8, usize),
    /// The record marks that a patient left.
    Leave(u8),
    Move(u8, u8, Option<u8>),
    Remove(u8, u8),
    RenameList(u8, String),
    RenameSpace(u8, String),
    /// So many of what the device has done reach the record.
    Send(u8, usize),
    /// Somebody begins to write, on what is shown.
    Begin(u8, u8, bool),
    /// And ends it.
    Write(u8, String),
}

pub(super) fn patient(n: u8) -> PatientId {
    PatientId::from_bytes([n + 100; 16])
}

/// A device of a person of its own, or (the last two) of the same person.
pub(super) struct Device {
    user: UserId,
    pub(super) confirmed: SpaceState,
    /// Entries of the log that it has.
    has: usize,
    pub(super) waiting: Vec<Op>,
    /// What somebody has begun to write.
    editing: Option<(PatientId, Field, Basis, BTreeSet<OpId>)>,
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
}

pub(super) struct World {
    pub(super) log: Vec<(Head, Op)>,
    pub(super) state: SpaceState,
    pub(super) devices: Vec<Device>,
    made: u64,
    /// Everything that the device had when somebody there began to write this.
    pub(super) had: BTreeMap<OpId, BTreeSet<OpId>>,
    pub(super) author: BTreeMap<OpId, usize>,
    pub(super) refused: usize,
}

impl World {
    pub(super) fn new() -> Self {
        let space = SpaceId::from_bytes([9; 16]);
        let state = SpaceState::new(space);
        let device = |n: u8| Device {
            user: UserId::from_bytes([n.min(DEVICES - 2) + 1; 16]),
            confirmed: SpaceState::new(space),
            has: 0,
            waiting: vec![],
            editing: None,
        };
        let mut world = Self {
            log: vec![],
            state,
            devices: (0..DEVICES).map(device).collect(),
            made: 0,
            had: BTreeMap::new(),
            author: BTreeMap::new(),
            refused: 0,
        };
        let created = space::Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        };
        world.record(Body::Space(SpaceOp::Created(created)));
        for n in 0..DEVICES - 1 {
            let user = UserId::from_bytes([n + 1; 16]);
            world.record(Body::Member(MemberOp::Added(Added { user, admin: true })));
        }
        let list = Op {
            id: LIST,
            by: UserId::from_bytes([1; 16]),
            at: At::default(),
            body: Body::List(ListOp::Created(Created {
                title: "Outliers".into(),
                source: Some(Source::Practice("A81001".into())),
            })),
        };
        assert!(world.append(list));
        world
    }

    pub(super) fn op(&mut self, by: UserId, body: Body) -> Op {
        self.made += 1;
        let at = At::from_millis(self.made);
        Op {
            id: OpId::make(at, [0; 10]),
            by,
            at,
            body,
        }
    }

    fn record(&mut self, body: Body) {
        let op = self.op(UserId::RECORD, body);
        self.append(op);
    }

    /// As the record does it; false when the rules refuse it.
    pub(super) fn append(&mut self, op: Op) -> bool {
        let author = if op.by == UserId::RECORD {
            Author::Record
        } else {
            Author::Person(op.by)
        };
        if may(author, &op, &self.state).is_err() {
            return false;
        }
        let seq = self.state.head.seq.next();
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([u8::try_from(seq.value() % 251).unwrap(); 32]),
        };
        self.state.fold(head, At::from_millis(seq.value()), &op);
        self.log.push((head, op));
        true
    }

    /// A person does something on what is shown, if the rules allow it there.
    fn act(&mut self, n: u8, body: Body) -> Option<OpId> {
        let user = self.devices[usize::from(n)].user;
        let op = self.op(user, body);
        let device = &mut self.devices[usize::from(n)];
        may(Author::Person(user), &op, &device.shown()).ok()?;
        let id = op.id;
        device.waiting.push(op);
        self.author.insert(id, n.into());
        Some(id)
    }

    /// All operations that a device knows of.
    fn has(&self, n: u8) -> BTreeSet<OpId> {
        let device = &self.devices[usize::from(n)];
        let logged = self.log.iter().take(device.has).map(|(_, op)| op.id);
        logged.chain(device.waiting.iter().map(|op| op.id)).collect()
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
    fn send(&mut self, n: u8, count: usize) {
        let device = &self.devices[usize::from(n)];
        let logged = |op: &&Op| self.log.iter().all(|(_, known)| known.id != op.id);
        let sent: Vec<Op> = device
            .waiting
            .iter()
            .filter(logged)
            .take(count)
            .cloned()
            .collect();
        for op in sent {
            let id = op.id;
            if !self.append(op) {
                self.refused += 1;
                self.devices[usize::from(n)]
                    .waiting
                    .retain(|waiting| waiting.id != id);
            }
        }
    }

    fn rename(&mut self, n: u8, title: &str, of_list: bool) {
        let shown = self.devices[usize::from(n)].shown();
        let field = if of_list {
            shown.lists.find(LIST).map(|list| &list.title)
        } else {
            Some(&shown.title)
        };
        let Some(field) = field else { return };
        let Basis { base, after } = field.basis();
        let had = self.has(n);
        let title = title.into();
        let body = if of_list {
            let renamed = Renamed {
                list: LIST,
                title,
                base,
                after,
            };
            Body::List(ListOp::Renamed(renamed))
        } else {
            Body::Space(SpaceOp::Renamed(space::Renamed { title, base, after }))
        };
        let made = self.act(n, body);
        self.had.extend(made.map(|op| (op, had)));
    }

    pub(super) fn step(&mut self, step: &Step) {
        let list = LIST;
        match step {
            Step::Add(n, p) => {
                let patient = patient(*p);
                self.act(
                    *n,
                    Body::List(ListOp::PatientAdded(PatientAdded { list, patient })),
                );
            }
            Step::Begin(n, p, is_summary) => {
                let had = self.has(*n);
                let device = &mut self.devices[usize::from(*n)];
                let field = if *is_summary { Field::Summary } else { Field::Jobs };
                let shown = device.shown();
                let row = shown.lists.find(LIST).and_then(|list| list.row(patient(*p)));
                device.editing = row.map(|row| (row.patient, field, row.basis(field), had));
            }
            Step::Fetch(n, count) => self.fetch(*n, *count),
            Step::Leave(p) => {
                let patient = patient(*p);
                self.record(Body::List(ListOp::PatientLeft(PatientLeft { list, patient })));
            }
            Step::Move(n, p, after) => {
                let moved = Moved {
                    list,
                    patient: patient(*p),
                    after: after.map(patient),
                };
                self.act(*n, Body::List(ListOp::Moved(moved)));
            }
            Step::Remove(n, p) => {
                let patient = patient(*p);
                self.act(
                    *n,
                    Body::List(ListOp::PatientRemoved(PatientRemoved { list, patient })),
                );
            }
            Step::RenameList(n, title) => self.rename(*n, title, true),
            Step::RenameSpace(n, title) => self.rename(*n, title, false),
            Step::Send(n, count) => self.send(*n, *count),
            Step::Write(n, text) => {
                let Some((patient, field, basis, had)) = self.devices[usize::from(*n)].editing.take() else {
                    return;
                };
                let set = FieldSet {
                    list,
                    patient,
                    field,
                    text: text.as_str().into(),
                    base: basis.base,
                    after: basis.after,
                };
                let made = self.act(*n, Body::List(ListOp::FieldSet(set)));
                self.had.extend(made.map(|op| (op, had)));
            }
        }
    }

    /// Everything reaches the record, and everybody hears of it.
    pub(super) fn settle(&mut self) {
        for n in 0..DEVICES {
            self.send(n, usize::MAX);
        }
        for n in 0..DEVICES {
            self.fetch(n, usize::MAX);
        }
    }
}
