//! Devices, each with what it shows, and the record that they send to.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::Head;
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::list::{
    Created, Field, FieldSet, ListOp, Moved, PatientAdded, PatientLeft, PatientRemoved, Renamed, Source,
};
use baton_core::op::member::{Added, MemberOp};
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::rule::{Author, may};
use baton_core::state::SpaceState;
use baton_core::text::Basis;
use baton_core::time::At;

use super::device::{self, Device, author, fold_next};

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

pub(super) struct World {
    pub(super) log: Vec<(Head, Op)>,
    pub(super) state: SpaceState,
    /// Each of a person of its own, but the last two: they are of the same person.
    pub(super) devices: Vec<Device>,
    /// What somebody has begun to write, by device.
    editing: BTreeMap<u8, (PatientId, Field, Basis, BTreeSet<OpId>)>,
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
        let device = |n: u8| Device::new(space, UserId::from_bytes([n.min(DEVICES - 2) + 1; 16]));
        let mut world = Self {
            log: vec![],
            state,
            devices: (0..DEVICES).map(device).collect(),
            editing: BTreeMap::new(),
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
        device::op(&mut self.made, by, body)
    }

    fn record(&mut self, body: Body) {
        let op = self.op(UserId::RECORD, body);
        self.append(op);
    }

    /// As the record does it; false when the rules refuse it.
    pub(super) fn append(&mut self, op: Op) -> bool {
        if may(author(&op), &op, &self.state).is_err() {
            return false;
        }
        let head = fold_next(&mut self.state, &op);
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
        self.devices[usize::from(n)].fetch(&self.log, count);
    }

    /// So many of what was done on a device reach the record.
    fn send(&mut self, n: u8, count: usize) {
        for op in self.devices[usize::from(n)].to_send(&self.log, count) {
            let id = op.id;
            if !self.append(op) {
                self.refused += 1;
                self.devices[usize::from(n)].give_up(id);
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
                let field = if *is_summary { Field::Summary } else { Field::Jobs };
                let shown = self.devices[usize::from(*n)].shown();
                let row = shown.lists.find(LIST).and_then(|list| list.row(patient(*p)));
                self.editing.remove(n);
                if let Some(row) = row {
                    self.editing
                        .insert(*n, (row.patient, field, row.basis(field), had));
                }
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
                let Some((patient, field, basis, had)) = self.editing.remove(n) else {
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
