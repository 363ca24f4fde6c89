//! Who says who is on duty, and on what they had before them.

use super::*;
use crate::op::member::{CameOnDuty, Left, WentOffDuty};
use crate::op::role::{Archived, Defined, Fallback, RoleOp};

const SAID: OpId = OpId::from_bytes([81; 16]);
const ROLE: OpId = OpId::from_bytes([82; 16]);

fn on(base: Option<OpId>) -> Body {
    Body::Member(MemberOp::CameOnDuty(CameOnDuty { base }))
}

fn off(cover: Option<Fallback>, base: Option<OpId>) -> Body {
    let until = Some(At::from_millis(1));
    Body::Member(MemberOp::WentOffDuty(WentOffDuty { until, cover, base }))
}

#[test]
fn every_member_of_a_team_says_whether_they_are_on_duty_and_it_is_said_nowhere_else() {
    for body in [on(None), off(None, None)] {
        for user in [ADMIN, MEMBER] {
            assert_eq!(ask(user, body.clone(), SpaceKind::Team), Ok(()));
        }
        assert_eq!(
            ask(OUTSIDER, body.clone(), SpaceKind::Team),
            Err(Refusal::NotMember)
        );
        for kind in KINDS.into_iter().filter(|kind| *kind != SpaceKind::Team) {
            assert_eq!(ask(MEMBER, body.clone(), kind), Err(Refusal::TeamsOnly));
        }
        let by_record = Op {
            id: SAID,
            by: UserId::RECORD,
            at: At::default(),
            body,
        };
        let refused = may(Author::Record, &by_record, &space(SpaceKind::Team));
        assert_eq!(refused, Err(Refusal::Malformed));
    }
}

#[test]
fn what_waited_on_one_device_does_not_undo_what_was_said_on_another_since() {
    let mut state = space(SpaceKind::Team);
    assert_eq!(
        ask_in(&state, MEMBER, on(Some(SAID))),
        Err(Refusal::ChangedMeanwhile)
    );
    fold(&mut state, SAID, MEMBER, off(None, None));
    assert_eq!(ask_in(&state, MEMBER, on(None)), Err(Refusal::ChangedMeanwhile));
    assert_eq!(
        ask_in(&state, MEMBER, off(None, None)),
        Err(Refusal::ChangedMeanwhile)
    );
    assert_eq!(ask_in(&state, MEMBER, on(Some(SAID))), Ok(()));
    assert_eq!(
        ask_in(&state, MEMBER, off(None, Some(SAID))),
        Ok(()),
        "with another cover"
    );
    assert_eq!(ask_in(&state, ADMIN, on(None)), Ok(()), "theirs is their own");
    fold(&mut state, URGENT, MEMBER, on(None));
    assert!(
        state.members.duty(MEMBER).is_some_and(|duty| duty.off.is_some()),
        "the fold says so, too"
    );
}

#[test]
fn who_covers_is_another_member_or_a_role_that_is_there() {
    let mut state = space(SpaceKind::Team);
    let (title, fallback) = ("Registrar".into(), None);
    fold(
        &mut state,
        ROLE,
        ADMIN,
        Body::Role(RoleOp::Defined(Defined { title, fallback })),
    );
    let cases = [
        (Fallback::Person(ADMIN), Ok(())),
        (Fallback::Person(MEMBER), Err(Refusal::Malformed)),
        (Fallback::Person(OUTSIDER), Err(Refusal::NoSuchMember)),
        (Fallback::Role(ROLE), Ok(())),
        (Fallback::Role(SAID), Err(Refusal::NoRole)),
    ];
    for (cover, expected) in cases {
        assert_eq!(
            ask_in(&state, MEMBER, off(Some(cover), None)),
            expected,
            "{cover:?}"
        );
    }
    fold(
        &mut state,
        URGENT,
        ADMIN,
        Body::Role(RoleOp::Archived(Archived { role: ROLE })),
    );
    let to_role = off(Some(Fallback::Role(ROLE)), None);
    assert_eq!(ask_in(&state, MEMBER, to_role), Err(Refusal::RoleArchived));
}

#[test]
fn who_leaves_is_neither_on_nor_off_duty_and_covers_for_nobody() {
    let mut state = space(SpaceKind::Team);
    fold(&mut state, SAID, ADMIN, off(Some(Fallback::Person(MEMBER)), None));
    fold(&mut state, ROLE, MEMBER, on(None));
    fold(&mut state, URGENT, MEMBER, Body::Member(MemberOp::Left(Left {})));
    assert_eq!(state.members.duty(MEMBER), None);
    let left = state.members.duty(ADMIN).and_then(|duty| duty.off);
    assert_eq!(
        left.map(|off| off.cover),
        Some(None),
        "still off duty, and nobody covers"
    );
    fold(&mut state, ROUTINE, UserId::RECORD, add(MEMBER, false));
    assert_eq!(
        state.members.duty(MEMBER),
        None,
        "nothing is said of who comes back"
    );
}

#[test]
fn since_when_stays_while_somebody_only_changes_who_covers_or_when_they_are_back() {
    let mut state = space(SpaceKind::Team);
    let since = |state: &SpaceState| state.members.duty(MEMBER).map(|duty| duty.since.op);
    fold(&mut state, SAID, MEMBER, off(None, None));
    fold(
        &mut state,
        ROLE,
        MEMBER,
        off(Some(Fallback::Person(ADMIN)), Some(SAID)),
    );
    assert_eq!(since(&state), Some(SAID));
    fold(&mut state, URGENT, MEMBER, on(Some(ROLE)));
    assert_eq!(since(&state), Some(URGENT));
}
