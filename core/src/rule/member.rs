//! Rules for membership.

use super::Author;
use crate::id::UserId;
use crate::op::member::MemberOp;
use crate::op::space::SpaceKind;
use crate::refusal::Refusal;
use crate::state::SpaceState;

pub(super) fn may(author: Author, op: &MemberOp, state: &SpaceState) -> Result<(), Refusal> {
    let Author::Person(user) = author else {
        return record_may(op);
    };
    match state.kind {
        Some(SpaceKind::Direct) => return Err(Refusal::DirectFixed),
        Some(SpaceKind::Own) => return Err(Refusal::OwnFixed),
        Some(SpaceKind::Group | SpaceKind::Patient | SpaceKind::Team) | None => {}
    }
    match op {
        MemberOp::Added(added) => {
            let is_open = matches!(state.kind, Some(SpaceKind::Group | SpaceKind::Patient));
            let anyone_may_add = is_open && !added.admin;
            if anyone_may_add {
                Ok(())
            } else {
                admin(user, state)
            }
        }
        MemberOp::Left(_) => somebody_is_left(user, state),
        MemberOp::MadeAdmin(made) => {
            admin(user, state)?;
            member(made.user, state)
        }
        MemberOp::Removed(removed) => {
            if removed.user != user {
                admin(user, state)?;
            }
            member(removed.user, state)?;
            somebody_is_left(removed.user, state)
        }
    }
}

/// The record adds and removes people, and never leaves.
fn record_may(op: &MemberOp) -> Result<(), Refusal> {
    match op {
        MemberOp::Left(_) => Err(Refusal::Malformed),
        MemberOp::Added(_) | MemberOp::MadeAdmin(_) | MemberOp::Removed(_) => Ok(()),
    }
}

/// The last administrator makes somebody else one before they go, unless they are alone.
fn somebody_is_left(user: UserId, state: &SpaceState) -> Result<(), Refusal> {
    let leaves_nobody =
        state.members.is_admin(user) && state.members.other_admins(user) == 0 && state.members.len() > 1;
    if leaves_nobody {
        Err(Refusal::LastAdmin)
    } else {
        Ok(())
    }
}

fn admin(user: UserId, state: &SpaceState) -> Result<(), Refusal> {
    if state.members.is_admin(user) {
        Ok(())
    } else {
        Err(Refusal::NotAdmin)
    }
}

/// Somebody belongs to the space.
pub(super) fn member(user: UserId, state: &SpaceState) -> Result<(), Refusal> {
    if state.members.contains(user) {
        Ok(())
    } else {
        Err(Refusal::NoSuchMember)
    }
}
