//! Roles: who may do what in which space; then what each operation asks of the state.

use super::*;
use crate::op::role::{
    Accepted, Archived, Defined, Fallback, FallbackSet, OfferRefused, OfferWithdrawn, Offered, REASON_BYTES,
    ROLES, Released, Restored, Retitled, RoleOp, RotaSet, SHIFTS, Shift, Taken,
};

/// `MEMBER` holds it and offers it to `ADMIN`.
const HELD: OpId = OpId::from_bytes([61; 16]);
const OFFER: OpId = OpId::from_bytes([62; 16]);
/// Nobody holds it; it falls back to `HELD`.
const VACANT: OpId = OpId::from_bytes([63; 16]);
const PUT_AWAY: OpId = OpId::from_bytes([64; 16]);
const NOWHERE: OpId = OpId::from_bytes([65; 16]);

fn fold(state: &mut SpaceState, id: OpId, by: UserId, op: RoleOp) {
    super::fold(state, id, by, Body::Role(op));
}

fn defined(title: &str, fallback: Option<Fallback>) -> RoleOp {
    let title = title.into();
    RoleOp::Defined(Defined { title, fallback })
}

fn taken(role: OpId, from: Option<UserId>) -> RoleOp {
    RoleOp::Taken(Taken { role, from })
}

fn offered(role: OpId, to: UserId) -> RoleOp {
    RoleOp::Offered(Offered { role, to })
}

fn accepted(role: OpId, offer: OpId) -> RoleOp {
    RoleOp::Accepted(Accepted { role, offer })
}

fn withdrawn(role: OpId, offer: OpId) -> RoleOp {
    RoleOp::OfferWithdrawn(OfferWithdrawn { role, offer })
}

fn refused(role: OpId, offer: OpId, reason: &str) -> RoleOp {
    let reason = reason.into();
    RoleOp::OfferRefused(OfferRefused { role, offer, reason })
}

fn released(role: OpId) -> RoleOp {
    RoleOp::Released(Released { role })
}

fn archived(role: OpId) -> RoleOp {
    RoleOp::Archived(Archived { role })
}

fn restored(role: OpId) -> RoleOp {
    RoleOp::Restored(Restored { role })
}

fn falls_to(role: OpId, fallback: Option<Fallback>) -> RoleOp {
    RoleOp::FallbackSet(FallbackSet { role, fallback })
}

fn retitled(role: OpId, title: &str) -> RoleOp {
    RoleOp::Retitled(Retitled {
        role,
        title: title.into(),
        base: Seq::new(1),
        after: vec![],
    })
}

fn shift(from: u64, until: u64, who: UserId) -> Shift {
    Shift {
        from: At::from_millis(from),
        until: At::from_millis(until),
        who,
    }
}

fn rota(role: OpId, shifts: Vec<Shift>, base: Option<OpId>) -> RoleOp {
    RoleOp::RotaSet(RotaSet {
        role,
        from: At::from_millis(10),
        until: At::from_millis(90),
        shifts,
        base,
    })
}

/// A space of a kind with its roles; those of a kind that has none are folded in all the same.
fn with_roles(kind: SpaceKind) -> SpaceState {
    let mut state = space(kind);
    let mut act = |id, by, op| fold(&mut state, id, by, op);
    act(HELD, ADMIN, defined("Registrar", None));
    act(VACANT, ADMIN, defined("Consultant", Some(Fallback::Role(HELD))));
    act(PUT_AWAY, ADMIN, defined("Houseman", None));
    act(OpId::from_bytes([71; 16]), ADMIN, archived(PUT_AWAY));
    act(OpId::from_bytes([72; 16]), MEMBER, taken(HELD, None));
    act(OFFER, MEMBER, offered(HELD, ADMIN));
    state
}

fn may_do(user: UserId, op: RoleOp, state: &SpaceState) -> Result<(), Refusal> {
    let op = Op {
        id: OpId::from_bytes([99; 16]),
        by: user,
        at: At::default(),
        body: Body::Role(op),
    };
    may(Author::Person(user), &op, state)
}

#[test]
fn who_may_do_what_with_roles() {
    use Refusal::{NotAdmin, NotHolder, NotOffered, RoleYours};
    let state = with_roles(SpaceKind::Team);
    let cases = [
        (defined("Porter", None), [Err(NotAdmin), Ok(())]),
        (retitled(HELD, "Med reg"), [Err(NotAdmin), Ok(())]),
        (falls_to(HELD, None), [Err(NotAdmin), Ok(())]),
        (archived(HELD), [Err(NotAdmin), Ok(())]),
        (restored(PUT_AWAY), [Err(NotAdmin), Ok(())]),
        (rota(HELD, vec![], None), [Err(NotAdmin), Ok(())]),
        (taken(VACANT, None), [Ok(()), Ok(())]),
        (taken(HELD, Some(MEMBER)), [Err(RoleYours), Ok(())]),
        (offered(HELD, ADMIN), [Ok(()), Err(NotHolder)]),
        (withdrawn(HELD, OFFER), [Ok(()), Err(NotHolder)]),
        (released(HELD), [Ok(()), Err(NotHolder)]),
        (accepted(HELD, OFFER), [Err(NotOffered), Ok(())]),
        (refused(HELD, OFFER, "busy"), [Err(NotOffered), Ok(())]),
    ];
    for (op, expected) in cases {
        for (user, expected) in [MEMBER, ADMIN].into_iter().zip(expected) {
            assert_eq!(may_do(user, op.clone(), &state), expected, "{user:?} {op:?}");
        }
        assert_eq!(may_do(OUTSIDER, op.clone(), &state), Err(Refusal::NotMember));
        let by_record = Op {
            id: NOWHERE,
            by: UserId::RECORD,
            at: At::default(),
            body: Body::Role(op.clone()),
        };
        assert_eq!(may(Author::Record, &by_record, &state), Err(Refusal::Malformed));
        for kind in KINDS.into_iter().filter(|kind| *kind != SpaceKind::Team) {
            let elsewhere = with_roles(kind);
            assert_eq!(
                may_do(ADMIN, op.clone(), &elsewhere),
                Err(Refusal::TeamsOnly),
                "{op:?} {kind:?}"
            );
        }
    }
}

#[test]
fn whoever_takes_a_role_is_told_how_it_stands() {
    let state = with_roles(SpaceKind::Team);
    let cases = [
        (taken(HELD, None), Refusal::RoleHeld),
        (taken(HELD, Some(OUTSIDER)), Refusal::RoleMoved),
        (taken(VACANT, Some(MEMBER)), Refusal::RoleVacant),
        (taken(PUT_AWAY, None), Refusal::RoleArchived),
        (taken(NOWHERE, None), Refusal::NoRole),
        (accepted(HELD, NOWHERE), Refusal::OfferGone),
        (accepted(VACANT, OFFER), Refusal::OfferGone),
        (refused(HELD, NOWHERE, "busy"), Refusal::OfferGone),
        (refused(HELD, OFFER, " "), Refusal::Empty),
        (
            refused(HELD, OFFER, &"x".repeat(REASON_BYTES + 1)),
            Refusal::TooLong,
        ),
        (released(VACANT), Refusal::NotHolder),
    ];
    for (op, refusal) in cases {
        assert_eq!(may_do(ADMIN, op.clone(), &state), Err(refusal), "{op:?}");
    }
    let cases = [
        (offered(HELD, OUTSIDER), Refusal::NoSuchMember),
        (offered(HELD, MEMBER), Refusal::RoleYours),
        (withdrawn(HELD, NOWHERE), Refusal::OfferGone),
    ];
    for (op, refusal) in cases {
        assert_eq!(may_do(MEMBER, op.clone(), &state), Err(refusal), "{op:?}");
    }
}

#[test]
fn an_offer_is_accepted_only_while_that_very_one_stands() {
    let mut state = with_roles(SpaceKind::Team);
    let newer = OpId::from_bytes([73; 16]);
    fold(&mut state, newer, MEMBER, offered(HELD, ADMIN));
    assert_eq!(
        may_do(ADMIN, accepted(HELD, OFFER), &state),
        Err(Refusal::OfferGone)
    );
    assert_eq!(may_do(ADMIN, accepted(HELD, newer), &state), Ok(()));
    fold(
        &mut state,
        OpId::from_bytes([74; 16]),
        MEMBER,
        withdrawn(HELD, newer),
    );
    assert_eq!(
        may_do(ADMIN, accepted(HELD, newer), &state),
        Err(Refusal::OfferGone)
    );
}

#[test]
fn what_administrators_arrange_has_its_limits() {
    let state = with_roles(SpaceKind::Team);
    let long = "ü".repeat(TITLE_CHARS + 1);
    let person = |user| Some(Fallback::Person(user));
    let role = |role| Some(Fallback::Role(role));
    let cases = [
        (defined(" ", None), Refusal::Empty),
        (defined(&long, None), Refusal::TooLong),
        (defined("x", person(OUTSIDER)), Refusal::NoSuchMember),
        (defined("x", role(NOWHERE)), Refusal::NoRole),
        (defined("x", role(PUT_AWAY)), Refusal::RoleArchived),
        (retitled(HELD, ""), Refusal::Empty),
        (retitled(PUT_AWAY, "x"), Refusal::RoleArchived),
        (retitled(NOWHERE, "x"), Refusal::NoRole),
        (falls_to(HELD, role(VACANT)), Refusal::FallbackCircle),
        (falls_to(HELD, role(HELD)), Refusal::FallbackCircle),
        (falls_to(HELD, person(OUTSIDER)), Refusal::NoSuchMember),
        (archived(NOWHERE), Refusal::NoRole),
        (restored(NOWHERE), Refusal::NoRole),
        (rota(HELD, vec![shift(5, 20, ADMIN)], None), Refusal::Malformed),
        (rota(HELD, vec![shift(20, 95, ADMIN)], None), Refusal::Malformed),
        (rota(HELD, vec![shift(30, 30, ADMIN)], None), Refusal::Malformed),
        (
            rota(HELD, vec![shift(20, 30, OUTSIDER)], None),
            Refusal::NoSuchMember,
        ),
        (
            rota(HELD, vec![shift(30, 40, ADMIN), shift(20, 31, MEMBER)], None),
            Refusal::ShiftsOverlap,
        ),
        (
            rota(HELD, vec![shift(20, 30, ADMIN); SHIFTS + 1], None),
            Refusal::TooLong,
        ),
        (rota(HELD, vec![], Some(NOWHERE)), Refusal::ChangedMeanwhile),
        (rota(PUT_AWAY, vec![], None), Refusal::RoleArchived),
    ];
    for (op, refusal) in cases {
        assert_eq!(may_do(ADMIN, op.clone(), &state), Err(refusal), "{op:?}");
    }
    let fits = vec![shift(30, 90, ADMIN), shift(10, 30, MEMBER)];
    assert_eq!(may_do(ADMIN, rota(HELD, fits, None), &state), Ok(()));
    assert_eq!(may_do(ADMIN, falls_to(VACANT, None), &state), Ok(()));
    assert_eq!(may_do(ADMIN, archived(PUT_AWAY), &state), Ok(()), "is already");
}

#[test]
fn roles_are_not_endless() {
    let mut state = with_roles(SpaceKind::Team);
    for n in state.roles.len()..ROLES {
        assert_eq!(may_do(ADMIN, defined("x", None), &state), Ok(()));
        let id = OpId::make(At::from_millis(n.try_into().unwrap()), [1; 10]);
        fold(&mut state, id, ADMIN, defined("x", None));
    }
    assert_eq!(
        may_do(ADMIN, defined("x", None), &state),
        Err(Refusal::TooManyRoles)
    );
}
