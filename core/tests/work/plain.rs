//! Roles and tasks by the plainest reading of what the record took, beside which the fold is held. What it takes is also
//! held against what was true just before: who had what.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{OpId, UserId};
use baton_core::op::member::MemberOp;
use baton_core::op::role::{Fallback, RoleOp};
use baton_core::op::task::{Assignee, TaskOp};
use baton_core::op::{Body, Op};
use baton_core::state::SpaceState;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// What is known of roles and tasks.
#[derive(Default)]
pub(super) struct Plain {
    holders: BTreeMap<OpId, UserId>,
    /// By role: which offer, to whom.
    offers: BTreeMap<OpId, (OpId, UserId)>,
    fallbacks: BTreeMap<OpId, Fallback>,
    archived: BTreeSet<OpId>,
    tasks: BTreeMap<OpId, PlainTask>,
    /// By person: the operation that said it last, and since which it holds; what it was.
    duties: BTreeMap<UserId, (OpId, OpId, Word)>,
}

/// What somebody said last of their duty; off it, with whom they named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    On,
    Off(Option<Fallback>),
}

impl Word {
    fn is_off(self) -> bool {
        matches!(self, Self::Off(_))
    }
}

struct PlainTask {
    to: Assignee,
    /// By which operation it came to them.
    given: OpId,
    /// Who took it on, by which operation.
    taken_on: Option<(UserId, OpId)>,
    /// By what, and whose word that was.
    closed: Option<(OpId, UserId)>,
}

impl PlainTask {
    fn give(&mut self, to: Assignee, given: OpId) {
        (self.to, self.given) = (to, given);
        self.taken_on = None;
    }

    fn is_taken_on_by(&self, user: UserId) -> bool {
        self.taken_on.is_some_and(|(known, _)| known == user)
    }
}

impl Plain {
    /// Who answers for a role, followed for no longer than there are roles.
    fn answers(&self, role: OpId) -> Option<UserId> {
        let mut next = role;
        for _ in 0..=self.fallbacks.len() {
            if let Some(holder) = self.holders.get(&next) {
                return Some(*holder);
            }
            match self.fallbacks.get(&next)? {
                Fallback::Person(user) => return Some(*user),
                Fallback::Role(role) => next = *role,
            }
        }
        panic!("the fallbacks of {role} go round in a circle")
    }

    fn has(&self, task: &PlainTask) -> Option<UserId> {
        match task.to {
            Assignee::Person(user) => Some(user),
            Assignee::Role(role) => self.answers(role),
            Assignee::Team => task.taken_on.map(|(user, _)| user),
        }
    }

    fn hand_to(&mut self, role: OpId, user: Option<UserId>) {
        self.offers.remove(&role);
        match user {
            Some(user) => self.holders.insert(role, user),
            None => self.holders.remove(&role),
        };
    }

    /// Takes what the record takes.
    pub(super) fn take(&mut self, op: &Op, before: &SpaceState) -> Result<(), TestCaseError> {
        match &op.body {
            Body::Member(MemberOp::CameOnDuty(came)) => self.take_duty(op, came.base, Word::On)?,
            Body::Member(MemberOp::Removed(removed)) => self.leave(removed.user, op.id),
            Body::Member(MemberOp::WentOffDuty(went)) => {
                let is_there = went.cover.is_none_or(|cover| match cover {
                    Fallback::Person(user) => user != op.by && before.members.contains(user),
                    Fallback::Role(role) => !self.archived.contains(&role),
                });
                prop_assert!(is_there, "somebody covers who is not there");
                self.take_duty(op, went.base, Word::Off(went.cover))?;
            }
            Body::Role(role) => self.take_role(op, role, before)?,
            Body::Task(task) => self.take_task(op, task, before)?,
            _ => {}
        }
        Ok(())
    }

    /// Nobody's word counts but one's own, and that only by who had the last one before them.
    fn take_duty(&mut self, op: &Op, base: Option<OpId>, word: Word) -> Result<(), TestCaseError> {
        let before = self.duties.get(&op.by).copied();
        prop_assert_eq!(before.map(|(said, ..)| said), base);
        let goes_on = before.filter(|(.., before)| before.is_off() == word.is_off());
        let since = goes_on.map_or(op.id, |(_, since, _)| since);
        self.duties.insert(op.by, (op.id, since, word));
        Ok(())
    }

    fn leave(&mut self, user: UserId, op: OpId) {
        self.duties.remove(&user);
        for (.., word) in self.duties.values_mut() {
            if *word == Word::Off(Some(Fallback::Person(user))) {
                *word = Word::Off(None);
            }
        }
        let held: Vec<OpId> = self
            .holders
            .iter()
            .filter(|held| *held.1 == user)
            .map(|held| *held.0)
            .collect();
        for role in held {
            self.hand_to(role, None);
        }
        self.offers.retain(|_, (_, to)| *to != user);
        self.fallbacks
            .retain(|_, fallback| *fallback != Fallback::Person(user));
        for task in self.tasks.values_mut() {
            let took_on = task.is_taken_on_by(user);
            if task.to == Assignee::Person(user) || (task.to == Assignee::Team && took_on) {
                task.give(Assignee::Team, op);
            }
            if took_on {
                task.taken_on = None;
            }
        }
    }

    fn take_role(&mut self, op: &Op, role: &RoleOp, before: &SpaceState) -> Result<(), TestCaseError> {
        let is_admin = before.members.is_admin(op.by);
        match role {
            RoleOp::Accepted(accepted) => {
                prop_assert_eq!(self.offers.get(&accepted.role), Some(&(accepted.offer, op.by)));
                self.hand_to(accepted.role, Some(op.by));
            }
            RoleOp::Archived(archived) => {
                prop_assert!(is_admin);
                if self.archived.insert(archived.role) {
                    self.hand_to(archived.role, None);
                    for task in self.tasks.values_mut() {
                        if task.to == Assignee::Role(archived.role) {
                            task.give(Assignee::Team, op.id);
                        }
                    }
                }
            }
            RoleOp::Defined(defined) => {
                prop_assert!(is_admin);
                self.fallbacks
                    .extend(defined.fallback.map(|fallback| (op.id, fallback)));
            }
            RoleOp::FallbackSet(set) => {
                prop_assert!(is_admin);
                match set.fallback {
                    Some(fallback) => self.fallbacks.insert(set.role, fallback),
                    None => self.fallbacks.remove(&set.role),
                };
            }
            RoleOp::Offered(offered) => {
                prop_assert_eq!(self.holders.get(&offered.role), Some(&op.by));
                prop_assert!(before.members.contains(offered.to));
                self.offers.insert(offered.role, (op.id, offered.to));
            }
            RoleOp::OfferRefused(refused) => {
                let offer = self.offers.remove(&refused.role);
                prop_assert_eq!(offer, Some((refused.offer, op.by)));
            }
            RoleOp::OfferWithdrawn(withdrawn) => {
                prop_assert_eq!(self.holders.get(&withdrawn.role), Some(&op.by));
                let offer = self.offers.remove(&withdrawn.role);
                prop_assert_eq!(offer.map(|offer| offer.0), Some(withdrawn.offer));
            }
            RoleOp::Released(released) => {
                prop_assert_eq!(self.holders.get(&released.role), Some(&op.by));
                self.hand_to(released.role, None);
            }
            RoleOp::Restored(restored) => {
                prop_assert!(is_admin);
                self.archived.remove(&restored.role);
            }
            RoleOp::Retitled(_) | RoleOp::RotaSet(_) => prop_assert!(is_admin),
            RoleOp::Taken(taken) => {
                prop_assert_eq!(self.holders.get(&taken.role).copied(), taken.from);
                prop_assert!(!self.archived.contains(&taken.role));
                self.hand_to(taken.role, Some(op.by));
            }
        }
        Ok(())
    }

    fn take_task(&mut self, op: &Op, task: &TaskOp, before: &SpaceState) -> Result<(), TestCaseError> {
        if let TaskOp::Created(created) = task {
            let made = PlainTask {
                to: created.to,
                given: op.id,
                taken_on: None,
                closed: None,
            };
            self.tasks.insert(op.id, made);
            return Ok(());
        }
        if matches!(task, TaskOp::TemplateRemoved(_) | TaskOp::TemplateSet(_)) {
            prop_assert!(before.members.is_admin(op.by));
            return Ok(());
        }
        let id = op.target().unwrap();
        let has = self.tasks.get(&id).and_then(|known| self.has(known));
        let known = self.tasks.get_mut(&id).unwrap();
        let is_open = known.closed.is_none();
        match task {
            TaskOp::Accepted(_) | TaskOp::Started(_) => {
                prop_assert!(is_open);
                prop_assert!(has == Some(op.by) || (has.is_none() && known.to == Assignee::Team));
                if !known.is_taken_on_by(op.by) {
                    known.taken_on = Some((op.by, op.id));
                }
            }
            TaskOp::Assigned(assigned) => {
                prop_assert!(is_open);
                let hand = known.taken_on.map_or(known.given, |(_, op)| op);
                prop_assert_eq!(assigned.seen, hand);
                known.give(assigned.to, op.id);
            }
            TaskOp::Cancelled(_) => {
                prop_assert!(is_open, "what was done is not cancelled");
                known.closed = Some((op.id, op.by));
            }
            TaskOp::Completed(completed) => {
                let is_of_now = before.tasks.find(id).unwrap().round() == completed.round;
                if is_open && is_of_now {
                    known.closed = Some((op.id, op.by));
                }
            }
            TaskOp::Declined(_) => {
                prop_assert!(is_open);
                prop_assert_eq!(has, Some(op.by));
                known.give(Assignee::Team, op.id);
            }
            TaskOp::Reopened(_) => {
                prop_assert!(!is_open);
                // Whoever takes back their own word leaves it with whoever had it.
                if known.closed.take().is_some_and(|(_, by)| by != op.by) {
                    known.taken_on = None;
                }
            }
            TaskOp::Removed(_) => prop_assert!(!is_open),
            TaskOp::DueSet(_)
            | TaskOp::Edited(_)
            | TaskOp::ItemAdded(_)
            | TaskOp::PrioritySet(_)
            | TaskOp::Ticked(_) => prop_assert!(is_open),
            _ => {}
        }
        Ok(())
    }

    /// Holds the fold beside this.
    pub(super) fn check(&self, state: &SpaceState) -> Result<(), TestCaseError> {
        let is_member = |user: UserId| state.members.contains(user);
        let duties = state.members.iter().filter_map(|(user, member)| {
            let duty = member.duty?;
            let word = duty.off.map_or(Word::On, |off| Word::Off(off.cover));
            Some((user, (duty.said, duty.since.op, word)))
        });
        prop_assert_eq!(&duties.collect::<BTreeMap<_, _>>(), &self.duties);
        for (id, role) in state.roles.iter() {
            let holder = role.holder.map(|holder| holder.user);
            prop_assert_eq!(holder, self.holders.get(&id).copied());
            let offer = role.offer.map(|offer| (offer.made.stamp.op, offer.to));
            prop_assert_eq!(offer, self.offers.get(&id).copied());
            prop_assert!(holder.is_none_or(is_member));
            prop_assert!(offer.is_none_or(|(_, to)| is_member(to) && holder.is_some()));
            prop_assert_eq!(role.archived.is_some(), self.archived.contains(&id));
            prop_assert!(role.archived.is_none() || holder.is_none());
            prop_assert_eq!(state.roles.answers(id), self.answers(id));
            prop_assert!(state.roles.answers(id).is_none_or(is_member));
            let apart = |pair: &[baton_core::op::role::Shift]| pair[0].until <= pair[1].from;
            prop_assert!(role.rota().windows(2).all(apart), "two are planned at a time");
        }
        for task in state.tasks.iter() {
            let plain = &self.tasks[&task.id()];
            prop_assert_eq!(task.hold.to, plain.to);
            let taken_on = task.accepted.map(|accepted| accepted.stamp.by);
            prop_assert_eq!(taken_on, plain.taken_on.map(|(user, _)| user));
            prop_assert!(taken_on.is_none_or(is_member));
            let closed = task.closed.as_ref().map(|closed| closed.said.by.stamp);
            let closed = closed.map(|stamp| (stamp.op, stamp.by));
            prop_assert_eq!(closed, plain.closed);
            prop_assert_eq!(task.who(&state.roles), self.has(plain));
            match task.hold.to {
                Assignee::Person(user) => prop_assert!(is_member(user), "a task is nobody's"),
                Assignee::Role(role) => prop_assert!(!self.archived.contains(&role)),
                Assignee::Team => {}
            }
        }
        prop_assert_eq!(state.tasks.iter().count(), self.tasks.len());
        Ok(())
    }
}
