//! Roles and tasks that go along with patients: what people do with them, and what must hold.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::handover::{HandoverOp, Offered, To};
use baton_core::op::member::MemberOp;
use baton_core::op::message::Priority;
use baton_core::op::role::{self, Defined, Fallback, Released, RoleOp, Taken};
use baton_core::op::task::{self, Assigned, Assignee, Completed, Created, TaskOp};
use baton_core::op::{Body, Op};
use baton_core::state::SpaceState;
use baton_core::state::handover::Went;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::world::{World, patient, user};

/// The roles; for the second somebody answers while nobody holds it.
pub(super) const ROLES: [OpId; 2] = [OpId::from_bytes([7; 16]), OpId::from_bytes([8; 16])];

/// The tasks: about a patient, about another, about nobody, and a role's.
pub(super) const TASKS: [OpId; 4] = [
    OpId::from_bytes([11; 16]),
    OpId::from_bytes([12; 16]),
    OpId::from_bytes([13; 16]),
    OpId::from_bytes([14; 16]),
];

/// What somebody does with a role or task.
#[derive(Clone, Copy, Debug)]
pub(super) enum Duty {
    AcceptRole(u8),
    Complete(u8),
    Give(u8, u8),
    OfferRole(u8, u8),
    Release(u8),
    /// From whoever is shown as holder.
    TakeRole(u8),
}

pub(super) fn any_duty() -> impl Strategy<Value = Duty> {
    prop_oneof![
        1 => (0..2_u8).prop_map(Duty::AcceptRole),
        1 => (0..4_u8).prop_map(Duty::Complete),
        3 => (0..4_u8, 0..4_u8).prop_map(|(task, to)| Duty::Give(task, to)),
        1 => (0..2_u8, 0..4_u8).prop_map(|(role, to)| Duty::OfferRole(role, to)),
        1 => (0..2_u8).prop_map(Duty::Release),
        3 => (0..2_u8).prop_map(Duty::TakeRole),
    ]
}

/// What is there from the beginning, by the administrators.
pub(super) fn given() -> Vec<(OpId, UserId, Body)> {
    let title = || "Registrar on call".into();
    let fallback = Some(Fallback::Person(user(1)));
    let role = |fallback| {
        Body::Role(RoleOp::Defined(Defined {
            title: title(),
            fallback,
        }))
    };
    let task = |about: Option<u8>, to| {
        Body::Task(TaskOp::Created(Created {
            title: "Bloods".into(),
            details: "".into(),
            about: about.map(patient),
            place: "".into(),
            priority: Priority::Routine,
            due: None,
            to,
            checklist: vec![],
            from: None,
        }))
    };
    let person = |n| Assignee::Person(user(n));
    vec![
        (ROLES[0], user(0), role(None)),
        (ROLES[1], user(0), role(fallback)),
        (TASKS[0], user(0), task(Some(0), person(0))),
        (TASKS[1], user(0), task(Some(1), person(2))),
        (TASKS[2], user(0), task(None, person(3))),
        (TASKS[3], user(0), task(None, Assignee::Role(ROLES[0]))),
    ]
}

impl World {
    pub(super) fn duty(&self, n: u8, duty: Duty) -> Body {
        let shown = self.shown(n);
        let role = |r: u8| ROLES[usize::from(r)];
        let held = |r: u8| shown.roles.find(role(r)).unwrap();
        let task = |t: u8| TASKS[usize::from(t)];
        match duty {
            Duty::AcceptRole(r) => {
                let none = OpId::from_bytes([0; 16]);
                let offer = held(r).offer.map_or(none, |offer| offer.made.stamp.op);
                Body::Role(RoleOp::Accepted(role::Accepted { role: role(r), offer }))
            }
            Duty::Complete(t) => Body::Task(TaskOp::Completed(Completed {
                task: task(t),
                note: "".into(),
                round: None,
            })),
            Duty::Give(t, to) => Body::Task(TaskOp::Assigned(Assigned {
                task: task(t),
                to: Assignee::Person(user(to)),
                seen: shown.tasks.find(task(t)).unwrap().hand(),
            })),
            Duty::OfferRole(r, to) => Body::Role(RoleOp::Offered(role::Offered {
                role: role(r),
                to: user(to),
            })),
            Duty::Release(r) => Body::Role(RoleOp::Released(Released { role: role(r) })),
            Duty::TakeRole(r) => {
                let from = held(r).holder.map(|holder| holder.user);
                Body::Role(RoleOp::Taken(Taken { role: role(r), from }))
            }
        }
    }
}

/// What an operation of handovers may do with roles and tasks, whatever the log holds.
pub(super) fn follow(before: &SpaceState, now: &SpaceState, op: &Op) {
    let is_there = |task: OpId| now.tasks.find(task).is_some();
    assert!(
        before.tasks.iter().all(|task| is_there(task.id())),
        "a task is lost"
    );
    let Body::Handover(body) = &op.body else { return };
    let decided = match body {
        HandoverOp::Accepted(op) => Some(op.handover),
        HandoverOp::Refused(op) => Some(op.handover),
        _ => None,
    };
    if let HandoverOp::Accepted(accepted) = body
        && before.handovers.find(accepted.handover) != now.handovers.find(accepted.handover)
    {
        let to = before.handovers.find(accepted.handover).unwrap().to;
        let may = match to {
            To::Person(person) => person == op.by,
            To::Role(role) => before.roles.answers(role) == Some(op.by),
        };
        assert!(may, "{op:?} accepted what was offered to {to:?}");
    }
    for (id, role) in before.roles.iter() {
        let is = now.roles.find(id).unwrap().holder;
        if is == role.holder {
            continue;
        }
        let handover = now.handovers.find(decided.unwrap()).unwrap();
        assert_eq!(role.holder.map(|held| held.user), Some(handover.from()));
        assert_eq!(is.map(|held| held.user), Some(op.by));
        assert!(handover.roles.contains(&id));
        assert_eq!(handover.went(id).map(|along| along.went), Some(Went::Passed));
    }
    for task in before.tasks.iter() {
        let is = now.tasks.find(task.id()).unwrap();
        if is == task {
            continue;
        }
        let handover = now.handovers.find(decided.unwrap()).unwrap();
        assert!(task.is_open() && is.is_open());
        assert_eq!(task.who(&before.roles), Some(handover.from()));
        assert_eq!(
            (is.who(&now.roles), is.is_accepted(&now.roles)),
            (Some(op.by), true)
        );
        assert!(handover.tasks.contains(&task.id()));
        assert_eq!(
            handover.went(task.id()).map(|along| along.went),
            Some(Went::Passed)
        );
    }
}

/// By the plainest reading of what was done.
#[derive(Default)]
struct Plain {
    holders: BTreeMap<OpId, UserId>,
    /// Of those that are open.
    tasks: BTreeMap<OpId, Assignee>,
    about: BTreeMap<OpId, PatientId>,
    offered: BTreeMap<OpId, (UserId, Offered)>,
    waits: BTreeMap<OpId, BTreeSet<PatientId>>,
    accepted: BTreeSet<(OpId, UserId)>,
    went: BTreeSet<(OpId, OpId)>,
}

impl Plain {
    fn take(&mut self, op: &Op) {
        match &op.body {
            Body::Role(RoleOp::Taken(taken)) => {
                self.holders.insert(taken.role, op.by);
            }
            Body::Role(RoleOp::Accepted(accepted)) => {
                self.holders.insert(accepted.role, op.by);
            }
            Body::Role(RoleOp::Released(released)) => {
                self.holders.remove(&released.role);
            }
            Body::Task(TaskOp::Created(created)) => {
                self.tasks.insert(op.id, created.to);
                self.about.extend(created.about.map(|about| (op.id, about)));
            }
            Body::Task(TaskOp::Assigned(task::Assigned { task, to, .. })) => {
                self.tasks.insert(*task, *to);
            }
            Body::Task(TaskOp::Completed(completed)) => {
                self.tasks.remove(&completed.task);
            }
            Body::Member(MemberOp::Left(_)) => {
                self.holders.retain(|_, holder| *holder != op.by);
                let had = Assignee::Person(op.by);
                for to in self.tasks.values_mut().filter(|to| **to == had) {
                    *to = Assignee::Team;
                }
            }
            Body::Handover(body) => self.hand(op, body),
            _ => {}
        }
    }

    fn hand(&mut self, op: &Op, body: &HandoverOp) {
        match body {
            HandoverOp::Offered(offered) => {
                self.waits
                    .insert(op.id, offered.patients.iter().copied().collect());
                self.offered.insert(op.id, (op.by, Offered::clone(offered)));
            }
            HandoverOp::Accepted(accepted) => {
                let waits = self.waits.get_mut(&accepted.handover).unwrap();
                let (taken, left) = waits.iter().partition(|one| accepted.patients.includes(**one));
                *waits = left;
                self.accepted.insert((accepted.handover, op.by));
                self.decided(accepted.handover, op.by, &taken);
            }
            HandoverOp::Refused(refused) => {
                let waits = self.waits.get_mut(&refused.handover).unwrap();
                waits.retain(|patient| !refused.patients.includes(*patient));
                self.decided(refused.handover, op.by, &BTreeSet::new());
            }
            HandoverOp::Withdrawn(withdrawn) => self.waits.get_mut(&withdrawn.handover).unwrap().clear(),
            HandoverOp::ResponsibilityTaken(taken) => {
                for waits in self.waits.values_mut() {
                    waits.retain(|patient| !taken.patients.contains(patient));
                }
            }
            _ => {}
        }
    }

    fn decided(&mut self, id: OpId, by: UserId, taken: &BTreeSet<PatientId>) {
        let (from, offered) = self.offered[&id].clone();
        let is_through = self.waits[&id].is_empty() && self.accepted.contains(&(id, by));
        for task in &offered.tasks {
            let about = self
                .about
                .get(task)
                .filter(|about| offered.patients.contains(about));
            let is_due = about.map_or(is_through, |about| taken.contains(about));
            if is_due
                && self.went.insert((id, *task))
                && let Some(to) = self
                    .tasks
                    .get_mut(task)
                    .filter(|to| **to == Assignee::Person(from))
            {
                *to = Assignee::Person(by);
            }
        }
        for role in offered.roles.iter().filter(|_| is_through) {
            if self.went.insert((id, *role)) && self.holders.get(role) == Some(&from) {
                self.holders.insert(*role, by);
            }
        }
    }
}

impl World {
    /// Who holds which role and has which task.
    pub(super) fn check_duties(&self) -> Result<(), TestCaseError> {
        let mut plain = Plain::default();
        for (_, op) in &self.log {
            plain.take(op);
        }
        let roles = self.state.roles.iter();
        let held: BTreeMap<OpId, UserId> = roles
            .filter_map(|(id, role)| Some((id, role.holder?.user)))
            .collect();
        prop_assert_eq!(held, plain.holders);
        let open = self.state.tasks.iter().filter(|task| task.is_open());
        let has: BTreeMap<OpId, Assignee> = open.map(|task| (task.id(), task.hold.to)).collect();
        prop_assert_eq!(has, plain.tasks);
        Ok(())
    }
}
