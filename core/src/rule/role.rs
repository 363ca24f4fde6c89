//! Rules for roles. A team's administrators say which there are; its members take, offer and accept them.

use super::Author;
use super::member::member;
use crate::id::{OpId, UserId};
use crate::op::role::{
    Defined, Fallback, FallbackSet, REASON_BYTES, ROLES, RoleOp, RotaSet, SHIFTS, Shift, Taken,
};
use crate::op::space::SpaceKind;
use crate::refusal::Refusal;
use crate::state::roles::Offer;
use crate::state::{Role, SpaceState};

pub(super) fn may(author: Author, op: &RoleOp, state: &SpaceState) -> Result<(), Refusal> {
    if state.kind != Some(SpaceKind::Team) {
        return Err(Refusal::TeamsOnly);
    }
    let Author::Person(user) = author else {
        return Err(Refusal::Malformed);
    };
    if is_arranged(op) && !state.members.is_admin(user) {
        return Err(Refusal::NotAdmin);
    }
    match op {
        RoleOp::Accepted(op) => offer_to(user, op.role, op.offer, state).map(drop),
        RoleOp::Archived(op) => role(op.role, state).map(drop),
        RoleOp::Defined(op) => define(op, state),
        RoleOp::FallbackSet(op) => fall_back(*op, state),
        RoleOp::Offered(op) => {
            held(user, op.role, state)?;
            if op.to == user {
                Err(Refusal::RoleYours)
            } else {
                member(op.to, state)
            }
        }
        RoleOp::OfferRefused(op) => {
            super::text_fits(op.reason.as_str(), REASON_BYTES)?;
            offer_to(user, op.role, op.offer, state).map(drop)
        }
        RoleOp::OfferWithdrawn(op) => {
            let role = held(user, op.role, state)?;
            role.offer(op.offer).map(drop).ok_or(Refusal::OfferGone)
        }
        RoleOp::Released(op) => held(user, op.role, state).map(drop),
        RoleOp::Restored(op) => role(op.role, state).map(drop),
        RoleOp::Retitled(op) => {
            let role = open(op.role, state)?;
            super::title_fits(op.title.as_str())?;
            super::edit_fits(op.base, &op.after, Some(&role.title), state)
        }
        RoleOp::RotaSet(op) => plan(op, state),
        RoleOp::Taken(op) => take(user, *op, state),
    }
}

/// Whether only administrators do it.
fn is_arranged(op: &RoleOp) -> bool {
    match op {
        RoleOp::Archived(_)
        | RoleOp::Defined(_)
        | RoleOp::FallbackSet(_)
        | RoleOp::Restored(_)
        | RoleOp::Retitled(_)
        | RoleOp::RotaSet(_) => true,
        RoleOp::Accepted(_)
        | RoleOp::Offered(_)
        | RoleOp::OfferRefused(_)
        | RoleOp::OfferWithdrawn(_)
        | RoleOp::Released(_)
        | RoleOp::Taken(_) => false,
    }
}

fn define(op: &Defined, state: &SpaceState) -> Result<(), Refusal> {
    super::title_fits(op.title.as_str())?;
    if state.roles.len() >= ROLES {
        return Err(Refusal::TooManyRoles);
    }
    op.fallback.map_or(Ok(()), |fallback| exists(fallback, state))
}

/// Whoever takes a role says from whom, as they see it: so two who take it at once do not take it from each other unseen.
fn take(user: UserId, op: Taken, state: &SpaceState) -> Result<(), Refusal> {
    let holder = open(op.role, state)?.holder.map(|holder| holder.user);
    match (op.from, holder) {
        (_, Some(holder)) if holder == user => Err(Refusal::RoleYours),
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Refusal::RoleHeld),
        (Some(_), None) => Err(Refusal::RoleVacant),
        (Some(from), Some(holder)) if from == holder => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::RoleMoved),
    }
}

fn fall_back(op: FallbackSet, state: &SpaceState) -> Result<(), Refusal> {
    open(op.role, state)?;
    let Some(fallback) = op.fallback else {
        return Ok(());
    };
    exists(fallback, state)?;
    match fallback {
        Fallback::Role(to) if state.roles.leads_to(to, op.role) => Err(Refusal::FallbackCircle),
        Fallback::Person(_) | Fallback::Role(_) => Ok(()),
    }
}

fn exists(fallback: Fallback, state: &SpaceState) -> Result<(), Refusal> {
    match fallback {
        Fallback::Person(user) => member(user, state),
        Fallback::Role(id) => open(id, state).map(drop),
    }
}

fn plan(op: &RotaSet, state: &SpaceState) -> Result<(), Refusal> {
    let role = open(op.role, state)?;
    if op.shifts.len() > SHIFTS {
        return Err(Refusal::TooLong);
    }
    let is_within = |shift: &Shift| {
        let is_forward = shift.from < shift.until;
        is_forward && op.from <= shift.from && shift.until <= op.until
    };
    if op.from >= op.until || !op.shifts.iter().all(is_within) {
        return Err(Refusal::Malformed);
    }
    for shift in &op.shifts {
        member(shift.who, state)?;
    }
    let mut by_time: Vec<&Shift> = op.shifts.iter().collect();
    crate::ordered::sort_by_key(&mut by_time, |shift| shift.from);
    let follow = |one: &&Shift, next: &&Shift| one.until <= next.from;
    if !by_time.is_sorted_by(follow) {
        return Err(Refusal::ShiftsOverlap);
    }
    if role.rota_base() == op.base {
        Ok(())
    } else {
        Err(Refusal::ChangedMeanwhile)
    }
}

/// The offer that this names, while it stands and is to this person.
fn offer_to(user: UserId, id: OpId, offer: OpId, state: &SpaceState) -> Result<&Offer, Refusal> {
    let offer = open(id, state)?.offer(offer).ok_or(Refusal::OfferGone)?;
    if offer.to == user {
        Ok(offer)
    } else {
        Err(Refusal::NotOffered)
    }
}

/// A role that this person holds.
fn held(user: UserId, id: OpId, state: &SpaceState) -> Result<&Role, Refusal> {
    let role = open(id, state)?;
    if role.is_held_by(user) {
        Ok(role)
    } else {
        Err(Refusal::NotHolder)
    }
}

fn role(id: OpId, state: &SpaceState) -> Result<&Role, Refusal> {
    state.roles.find(id).ok_or(Refusal::NoRole)
}

/// A role that is not in the archive.
pub(super) fn open(id: OpId, state: &SpaceState) -> Result<&Role, Refusal> {
    let role = role(id, state)?;
    if role.archived.is_some() {
        Err(Refusal::RoleArchived)
    } else {
        Ok(role)
    }
}
