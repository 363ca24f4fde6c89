//! Rules for membership, and for who is on duty.

use super::Author;
use crate::id::{OpId, UserId};
use crate::op::member::MemberOp;
use crate::op::role::Fallback;
use crate::op::space::SpaceKind;
use crate::refusal::Refusal;
use crate::state::SpaceState;

pub(super) fn may(author: Author, op: &MemberOp, state: &SpaceState) -> Result<(), Refusal> {
    let Author::Person(user) = author else {
        return record_may(op);
    };
    fits(op, state.kind)?;
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
        MemberOp::CameOnDuty(op) => is_as_seen(user, op.base, state),
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
        MemberOp::WentOffDuty(op) => {
            is_as_seen(user, op.base, state)?;
            op.cover.map_or(Ok(()), |cover| answers(cover, user, state))
        }
    }
}

/// Who belongs to a direct conversation, or to one's own space, is fixed; who is on duty is said in teams.
fn fits(op: &MemberOp, kind: Option<SpaceKind>) -> Result<(), Refusal> {
    let is_duty = match op {
        MemberOp::CameOnDuty(_) | MemberOp::WentOffDuty(_) => true,
        MemberOp::Added(_) | MemberOp::Left(_) | MemberOp::MadeAdmin(_) | MemberOp::Removed(_) => false,
    };
    match kind {
        Some(SpaceKind::Team) => Ok(()),
        _ if is_duty => Err(Refusal::TeamsOnly),
        Some(SpaceKind::Direct) => Err(Refusal::DirectFixed),
        Some(SpaceKind::Own) => Err(Refusal::OwnFixed),
        Some(SpaceKind::Group | SpaceKind::Patient) | None => Ok(()),
    }
}

/// Whoever says whether they are on duty had before them what they said last: what waited on a device without a network
/// does not undo what they have said on another since.
fn is_as_seen(user: UserId, base: Option<OpId>, state: &SpaceState) -> Result<(), Refusal> {
    if state.members.duty(user).map(|duty| duty.said) == base {
        Ok(())
    } else {
        Err(Refusal::ChangedMeanwhile)
    }
}

/// Nobody answers for themselves while they are off duty.
fn answers(cover: Fallback, user: UserId, state: &SpaceState) -> Result<(), Refusal> {
    match cover {
        Fallback::Person(cover) if cover == user => Err(Refusal::Malformed),
        Fallback::Person(cover) => member(cover, state),
        Fallback::Role(role) => super::role::open(role, state).map(drop),
    }
}

/// The record adds and removes people, never leaves, and is neither on nor off duty.
fn record_may(op: &MemberOp) -> Result<(), Refusal> {
    match op {
        MemberOp::CameOnDuty(_) | MemberOp::Left(_) | MemberOp::WentOffDuty(_) => Err(Refusal::Malformed),
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
