//! What a team says of itself, who may write in it, and leaving it.

use super::*;
use crate::op::member::Left;
use crate::op::space::{
    AnnouncementsOnly, NotePinned, NoteUnpinned, PINNED, PINNED_BYTES, PURPOSE_BYTES, PurposeSet,
};

const NOTE: OpId = OpId::from_bytes([71; 16]);

fn only(on: bool) -> Body {
    Body::Space(SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on }))
}

fn pin(text: &str) -> Body {
    Body::Space(SpaceOp::NotePinned(NotePinned { text: text.into() }))
}

fn unpin(note: OpId) -> Body {
    Body::Space(SpaceOp::NoteUnpinned(NoteUnpinned { note }))
}

fn purpose(text: &str, base: u64) -> Body {
    Body::Space(SpaceOp::PurposeSet(PurposeSet {
        text: text.into(),
        base: Seq::new(base),
        after: vec![],
    }))
}

#[test]
fn administrators_of_a_team_say_what_it_is_for_and_nobody_else_anywhere() {
    let mut pinned = space(SpaceKind::Team);
    fold(&mut pinned, NOTE, ADMIN, pin("Door code"));
    for body in [
        only(true),
        pin("Door code"),
        unpin(NOTE),
        purpose("Acute medicine", 0),
    ] {
        assert_eq!(ask_in(&pinned, ADMIN, body.clone()), Ok(()), "{body:?}");
        assert_eq!(ask_in(&pinned, MEMBER, body.clone()), Err(Refusal::NotAdmin));
        assert_eq!(ask_in(&pinned, OUTSIDER, body.clone()), Err(Refusal::NotMember));
        for kind in KINDS.into_iter().filter(|kind| *kind != SpaceKind::Team) {
            assert_eq!(ask(ADMIN, body.clone(), kind), Err(Refusal::TeamsOnly));
        }
        let by_record = Op {
            id: NOTE,
            by: UserId::RECORD,
            at: At::default(),
            body,
        };
        assert_eq!(may(Author::Record, &by_record, &pinned), Err(Refusal::Malformed));
    }
}

#[test]
fn what_a_team_says_of_itself_is_bounded() {
    let mut state = space(SpaceKind::Team);
    assert_eq!(ask_in(&state, ADMIN, purpose("", 0)), Ok(()), "cleared");
    assert_eq!(
        ask_in(&state, ADMIN, purpose(&"x".repeat(PURPOSE_BYTES + 1), 0)),
        Err(Refusal::TooLong)
    );
    assert_eq!(
        ask_in(&state, ADMIN, purpose("x", 1_000)),
        Err(Refusal::Malformed)
    );
    assert_eq!(ask_in(&state, ADMIN, pin(" ")), Err(Refusal::Empty));
    assert_eq!(
        ask_in(&state, ADMIN, pin(&"x".repeat(PINNED_BYTES + 1))),
        Err(Refusal::TooLong)
    );
    assert_eq!(ask_in(&state, ADMIN, unpin(NOTE)), Err(Refusal::NoPinned));
    for n in 0..PINNED {
        assert_eq!(ask_in(&state, ADMIN, pin("x")), Ok(()));
        let id = OpId::from_bytes([100 + u8::try_from(n).unwrap(); 16]);
        fold(&mut state, id, ADMIN, pin("x"));
    }
    assert_eq!(ask_in(&state, ADMIN, pin("x")), Err(Refusal::TooManyPinned));
    fold(&mut state, NOTE, ADMIN, unpin(OpId::from_bytes([100; 16])));
    assert_eq!(ask_in(&state, ADMIN, pin("x")), Ok(()));
}

#[test]
fn where_only_administrators_write_an_urgent_answer_is_taken_from_everybody() {
    let mut state = space(SpaceKind::Team);
    fold(&mut state, NOTE, ADMIN, only(true));
    let answer = |priority, reply_to| {
        Body::Message(MessageOp::Posted(Posted {
            text: "I cannot come".into(),
            priority,
            reply_to,
            mentions: vec![],
            roles: vec![],
            about: None,
            photos: vec![],
        }))
    };
    let refused = Err(Refusal::AnnouncementsOnly);
    assert_eq!(ask_in(&state, MEMBER, answer(Priority::Routine, None)), refused);
    assert_eq!(
        ask_in(&state, MEMBER, answer(Priority::Routine, Some(URGENT))),
        refused
    );
    assert_eq!(ask_in(&state, MEMBER, answer(Priority::Urgent, None)), refused);
    assert_eq!(
        ask_in(&state, MEMBER, answer(Priority::Urgent, Some(URGENT))),
        Ok(())
    );
    assert_eq!(ask_in(&state, ADMIN, answer(Priority::Routine, None)), Ok(()));
    assert_eq!(
        ask_in(&state, MEMBER, correct(ROUTINE)),
        Ok(()),
        "one's own is put right"
    );
    let acknowledged = Acknowledged { message: URGENT };
    let acknowledged = Body::Message(MessageOp::Acknowledged(acknowledged));
    assert_eq!(ask_in(&state, ADMIN, acknowledged), Ok(()));
    fold(&mut state, URGENT, ADMIN, only(false));
    assert_eq!(ask_in(&state, MEMBER, answer(Priority::Routine, None)), Ok(()));
}

#[test]
fn a_member_leaves_by_themselves_and_the_last_administrator_makes_another_first() {
    let leave = Body::Member(MemberOp::Left(Left {}));
    let fixed = [
        (SpaceKind::Direct, Refusal::DirectFixed),
        (SpaceKind::Own, Refusal::OwnFixed),
    ];
    for (kind, refusal) in fixed {
        assert_eq!(ask(MEMBER, leave.clone(), kind), Err(refusal));
    }
    for kind in [SpaceKind::Group, SpaceKind::Patient, SpaceKind::Team] {
        assert_eq!(ask(MEMBER, leave.clone(), kind), Ok(()));
        assert_eq!(ask(ADMIN, leave.clone(), kind), Err(Refusal::LastAdmin));
        assert_eq!(ask(OUTSIDER, leave.clone(), kind), Err(Refusal::NotMember));
    }
    let mut state = space(SpaceKind::Team);
    let made = Body::Member(MemberOp::MadeAdmin(MadeAdmin { user: MEMBER }));
    fold(&mut state, NOTE, ADMIN, made);
    assert_eq!(ask_in(&state, ADMIN, leave.clone()), Ok(()));
    fold(&mut state, URGENT, ADMIN, leave.clone());
    assert!(!state.members.contains(ADMIN));
    assert_eq!(ask_in(&state, MEMBER, leave.clone()), Ok(()), "alone");
    let by_record = Op {
        id: NOTE,
        by: UserId::RECORD,
        at: At::default(),
        body: leave,
    };
    assert_eq!(may(Author::Record, &by_record, &state), Err(Refusal::Malformed));
}
