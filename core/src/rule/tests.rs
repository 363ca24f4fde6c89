//! The whole matrix: each kind of operation × each kind of author × each kind of space.

use super::*;
mod duty;
mod handover;
mod lists;
mod roles;
mod tasks;
mod team;
use crate::chain::{ChainHash, Head, Seq};
use crate::id::{OpId, SpaceId, UserId};
use crate::op::member::{Added, MadeAdmin, MemberOp, Removed};
use crate::op::message::{
    Acknowledged, Corrected, MENTIONS, MessageOp, Posted, Priority, ROLES, TEXT_BYTES, Withdrawn,
};
use crate::op::space::{Created, Renamed, SpaceKind, SpaceOp, TITLE_CHARS};
use crate::time::At;

const KINDS: [SpaceKind; 5] = [
    SpaceKind::Direct,
    SpaceKind::Group,
    SpaceKind::Own,
    SpaceKind::Patient,
    SpaceKind::Team,
];
const ADMIN: UserId = UserId::from_bytes([1; 16]);
const MEMBER: UserId = UserId::from_bytes([2; 16]);
const OUTSIDER: UserId = UserId::from_bytes([3; 16]);
const ROUTINE: OpId = OpId::from_bytes([11; 16]);
const URGENT: OpId = OpId::from_bytes([12; 16]);
const GONE: OpId = OpId::from_bytes([13; 16]);

fn posted(text: &str, priority: Priority) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: text.into(),
        priority,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: vec![],
    }))
}

/// Folds in what somebody did, as the next entry.
fn fold(state: &mut SpaceState, id: OpId, by: UserId, body: Body) {
    let op = Op {
        id,
        by,
        at: At::default(),
        body,
    };
    let head = Head {
        seq: state.head.seq.next(),
        chain: ChainHash::default(),
    };
    state.fold(head, At::default(), &op);
}

/// A space in which `MEMBER` has posted a routine, an urgent and a withdrawn message.
fn space(kind: SpaceKind) -> SpaceState {
    let mut state = SpaceState::new(SpaceId::from_bytes([9; 16]));
    let mut fold = |id: u8, by: UserId, body: Body| fold(&mut state, OpId::from_bytes([id; 16]), by, body);
    fold(
        21,
        UserId::RECORD,
        Body::Space(SpaceOp::Created(Created {
            kind,
            title: "Ward".into(),
            about: None,
        })),
    );
    fold(
        22,
        UserId::RECORD,
        Body::Member(MemberOp::Added(Added {
            user: ADMIN,
            admin: true,
        })),
    );
    fold(
        23,
        UserId::RECORD,
        Body::Member(MemberOp::Added(Added {
            user: MEMBER,
            admin: false,
        })),
    );
    fold(11, MEMBER, posted("routine", Priority::Routine));
    fold(12, MEMBER, posted("urgent", Priority::Urgent));
    fold(13, MEMBER, posted("gone", Priority::Urgent));
    fold(
        14,
        MEMBER,
        Body::Message(MessageOp::Withdrawn(Withdrawn { message: GONE })),
    );
    state
}

fn ask(user: UserId, body: Body, kind: SpaceKind) -> Result<(), Refusal> {
    ask_in(&space(kind), user, body)
}

fn ask_in(state: &SpaceState, user: UserId, body: Body) -> Result<(), Refusal> {
    let op = Op {
        id: OpId::from_bytes([99; 16]),
        by: user,
        at: At::default(),
        body,
    };
    may(Author::Person(user), &op, state)
}

fn add(user: UserId, admin: bool) -> Body {
    Body::Member(MemberOp::Added(Added { user, admin }))
}

fn remove(user: UserId) -> Body {
    Body::Member(MemberOp::Removed(Removed { user }))
}

fn rename(title: &str) -> Body {
    Body::Space(SpaceOp::Renamed(Renamed {
        title: title.into(),
        base: Seq::new(1),
        after: vec![],
    }))
}

fn correct(message: OpId) -> Body {
    Body::Message(MessageOp::Corrected(Corrected {
        message,
        text: "better".into(),
    }))
}

fn withdraw(message: OpId) -> Body {
    Body::Message(MessageOp::Withdrawn(Withdrawn { message }))
}

fn acknowledge(message: OpId) -> Body {
    Body::Message(MessageOp::Acknowledged(Acknowledged { message }))
}

#[test]
fn an_outsider_may_do_nothing_whatever_the_space() {
    for kind in KINDS {
        for body in [
            posted("hello", Priority::Routine),
            correct(ROUTINE),
            withdraw(ROUTINE),
            acknowledge(URGENT),
            add(OUTSIDER, false),
            remove(MEMBER),
            rename("mine"),
        ] {
            assert_eq!(ask(OUTSIDER, body, kind), Err(Refusal::NotMember));
        }
    }
}

#[test]
fn nobody_speaks_for_somebody_else() {
    let op = Op {
        id: ROUTINE,
        by: ADMIN,
        at: At::default(),
        body: posted("hi", Priority::Routine),
    };
    assert_eq!(
        may(Author::Person(MEMBER), &op, &space(SpaceKind::Team)),
        Err(Refusal::Malformed)
    );
    assert_eq!(
        may(Author::Record, &op, &space(SpaceKind::Team)),
        Err(Refusal::Malformed)
    );
}

#[test]
fn membership_follows_the_kind_of_space() {
    use Refusal::{DirectFixed, LastAdmin, NoSuchMember, NoTitle, NotAdmin, OwnFixed};
    let made_admin = |user| Body::Member(MemberOp::MadeAdmin(MadeAdmin { user }));
    let (direct, own) = (Err(DirectFixed), Err(OwnFixed));
    // Direct, Group, Own, Patient, Team.
    let cases = [
        (
            MEMBER,
            add(OUTSIDER, false),
            [direct, Ok(()), own, Ok(()), Err(NotAdmin)],
        ),
        (
            MEMBER,
            add(OUTSIDER, true),
            [direct, Err(NotAdmin), own, Err(NotAdmin), Err(NotAdmin)],
        ),
        (ADMIN, add(OUTSIDER, true), [direct, Ok(()), own, Ok(()), Ok(())]),
        (MEMBER, remove(MEMBER), [direct, Ok(()), own, Ok(()), Ok(())]),
        (
            MEMBER,
            remove(ADMIN),
            [direct, Err(NotAdmin), own, Err(NotAdmin), Err(NotAdmin)],
        ),
        (ADMIN, remove(MEMBER), [direct, Ok(()), own, Ok(()), Ok(())]),
        (
            ADMIN,
            remove(ADMIN),
            [direct, Err(LastAdmin), own, Err(LastAdmin), Err(LastAdmin)],
        ),
        (
            ADMIN,
            remove(OUTSIDER),
            [
                direct,
                Err(NoSuchMember),
                own,
                Err(NoSuchMember),
                Err(NoSuchMember),
            ],
        ),
        (
            MEMBER,
            made_admin(MEMBER),
            [direct, Err(NotAdmin), own, Err(NotAdmin), Err(NotAdmin)],
        ),
        (ADMIN, made_admin(MEMBER), [direct, Ok(()), own, Ok(()), Ok(())]),
        (
            MEMBER,
            rename("new"),
            [direct, Ok(()), Err(NoTitle), Err(NoTitle), Err(NotAdmin)],
        ),
        (
            ADMIN,
            rename("new"),
            [direct, Ok(()), Err(NoTitle), Err(NoTitle), Ok(())],
        ),
    ];
    for (user, body, expected) in cases {
        for (kind, expected) in KINDS.into_iter().zip(expected) {
            assert_eq!(
                ask(user, body.clone(), kind),
                expected,
                "{user:?} {body:?} {kind:?}"
            );
        }
    }
}

#[test]
fn messages_belong_to_their_authors() {
    let team = SpaceKind::Team;
    assert_eq!(ask(MEMBER, correct(ROUTINE), team), Ok(()));
    assert_eq!(ask(ADMIN, correct(ROUTINE), team), Err(Refusal::NotAuthor));
    assert_eq!(ask(ADMIN, withdraw(ROUTINE), team), Err(Refusal::NotAuthor));
    assert_eq!(ask(MEMBER, correct(GONE), team), Err(Refusal::Withdrawn));
    assert_eq!(
        ask(MEMBER, withdraw(GONE), team),
        Ok(()),
        "withdrawing twice is one withdrawal"
    );
    assert_eq!(
        ask(MEMBER, correct(OpId::from_bytes([77; 16])), team),
        Err(Refusal::NoMessage)
    );
}

#[test]
fn an_urgent_message_is_acknowledged_by_somebody_else() {
    let team = SpaceKind::Team;
    assert_eq!(ask(ADMIN, acknowledge(URGENT), team), Ok(()));
    assert_eq!(
        ask(MEMBER, acknowledge(URGENT), team),
        Err(Refusal::AcknowledgeOwn)
    );
    assert_eq!(
        ask(ADMIN, acknowledge(ROUTINE), team),
        Err(Refusal::AcknowledgeRoutine)
    );
    assert_eq!(ask(ADMIN, acknowledge(GONE), team), Err(Refusal::Withdrawn));
}

#[test]
fn texts_are_neither_empty_nor_endless() {
    let group = SpaceKind::Group;
    assert_eq!(
        ask(MEMBER, posted(" \n\t", Priority::Routine), group),
        Err(Refusal::Empty)
    );
    let longest = "x".repeat(TEXT_BYTES);
    assert_eq!(ask(MEMBER, posted(&longest, Priority::Routine), group), Ok(()));
    assert_eq!(
        ask(MEMBER, posted(&(longest + "x"), Priority::Routine), group),
        Err(Refusal::TooLong)
    );
    assert_eq!(ask(MEMBER, rename(&"ü".repeat(TITLE_CHARS)), group), Ok(()));
    assert_eq!(
        ask(MEMBER, rename(&"ü".repeat(TITLE_CHARS + 1)), group),
        Err(Refusal::TooLong)
    );
    let crowd = |people: usize, roles: usize| {
        Body::Message(MessageOp::Posted(Posted {
            text: "all".into(),
            priority: Priority::Routine,
            reply_to: None,
            mentions: vec![ADMIN; people],
            roles: vec![OpId::from_bytes([9; 16]); roles],
            about: None,
            photos: vec![],
        }))
    };
    assert_eq!(ask(MEMBER, crowd(MENTIONS, ROLES), group), Ok(()));
    assert_eq!(ask(MEMBER, crowd(MENTIONS + 1, 0), group), Err(Refusal::TooLong));
    assert_eq!(ask(MEMBER, crowd(0, ROLES + 1), group), Err(Refusal::TooLong));
}

#[test]
fn only_the_record_makes_a_space_and_only_once() {
    let body = Body::Space(SpaceOp::Created(Created {
        kind: SpaceKind::Team,
        title: "Ward".into(),
        about: None,
    }));
    assert_eq!(
        ask(ADMIN, body.clone(), SpaceKind::Team),
        Err(Refusal::RecordOnly)
    );
    let op = Op {
        id: ROUTINE,
        by: UserId::RECORD,
        at: At::default(),
        body,
    };
    assert_eq!(
        may(
            Author::Record,
            &op,
            &SpaceState::new(SpaceId::from_bytes([9; 16]))
        ),
        Ok(())
    );
    assert_eq!(
        may(Author::Record, &op, &space(SpaceKind::Team)),
        Err(Refusal::Malformed)
    );
}

#[test]
fn what_nobody_knows_is_refused_with_its_text_kept_by_the_author() {
    let body = Body::Unknown {
        kind: "observation.received".into(),
        payload: vec![],
    };
    assert_eq!(ask(ADMIN, body, SpaceKind::Team), Err(Refusal::UnknownKind));
}

#[test]
fn every_refusal_says_something_to_do_or_to_know_and_an_unknown_one_still_reads() {
    let newer = crate::cbor::to_bytes("a-reason-of-tomorrow");
    assert_eq!(
        crate::cbor::from_bytes::<Refusal>(&newer).unwrap(),
        Refusal::Unknown
    );
    assert!(
        Refusal::LastAdmin
            .to_string()
            .contains("Make somebody else administrator")
    );
}
