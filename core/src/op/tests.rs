use ciborium::cbor;

use super::member::{Added, MadeAdmin, MemberOp, Removed};
use super::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use super::space::{Created, Renamed, SpaceKind, SpaceOp};
use super::*;
use crate::chain::Seq;

fn op(body: Body) -> Op {
    Op {
        id: OpId::from_bytes([1; 16]),
        by: UserId::from_bytes([2; 16]),
        at: At::from_millis(3),
        body,
    }
}

fn every_body() -> Vec<Body> {
    let (user, message) = (UserId::from_bytes([4; 16]), OpId::from_bytes([5; 16]));
    vec![
        Body::Space(SpaceOp::Created(Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        })),
        Body::Space(SpaceOp::Renamed(Renamed {
            title: "Ward 7B".into(),
            base: Seq::new(1),
            after: vec![],
        })),
        Body::Member(MemberOp::Added(Added { user, admin: true })),
        Body::Member(MemberOp::MadeAdmin(MadeAdmin { user })),
        Body::Member(MemberOp::Removed(Removed { user })),
        Body::Message(MessageOp::Posted(Posted {
            text: "Bed 4 needs reviewing".into(),
            priority: Priority::Urgent,
            reply_to: Some(message),
            mentions: vec![user],
            about: None,
        })),
        Body::Message(MessageOp::Posted(Posted {
            text: "Thanks".into(),
            priority: Priority::Routine,
            reply_to: None,
            mentions: vec![],
            about: None,
        })),
        Body::Message(MessageOp::Corrected(Corrected {
            message,
            text: "Bed 5".into(),
        })),
        Body::Message(MessageOp::Withdrawn(Withdrawn { message })),
        Body::Message(MessageOp::Acknowledged(Acknowledged { message })),
        Body::Unknown {
            kind: "task.created".into(),
            payload: vec![0xa0],
        },
    ]
}

#[test]
fn every_operation_survives_encoding() {
    for body in every_body() {
        let op = op(body);
        assert_eq!(Op::from_bytes(&op.to_bytes()), Ok(op));
    }
}

#[test]
fn an_operation_cut_anywhere_is_refused() {
    for body in every_body() {
        let bytes = op(body).to_bytes();
        for cut in 0..bytes.len() {
            assert!(Op::from_bytes(&bytes[..cut]).is_err());
        }
    }
}

#[test]
fn what_a_newer_version_made_is_kept_byte_for_byte() {
    let newer = op(Body::Unknown {
        kind: "observation.received".into(),
        payload: vec![1, 2, 3],
    });
    let bytes = newer.to_bytes();
    assert_eq!(Op::from_bytes(&bytes).unwrap().to_bytes(), bytes);
}

#[test]
fn a_new_key_in_a_known_payload_is_passed_over() {
    let payload = cbor::to_bytes(&cbor!({ "t" => "Hello", "zz" => [1, 2] }).unwrap());
    let bytes = cbor::to_bytes(&Wire(
        OpId::from_bytes([1; 16]),
        UserId::from_bytes([2; 16]),
        At::from_millis(3),
        Cow::Borrowed("message.posted"),
        payload,
    ));
    let Body::Message(MessageOp::Posted(posted)) = Op::from_bytes(&bytes).unwrap().body else {
        panic!("not a message")
    };
    assert_eq!(posted.text.as_str(), "Hello");
}

#[test]
fn a_known_kind_with_a_malformed_payload_is_refused() {
    let bytes = cbor::to_bytes(&Wire(
        OpId::from_bytes([1; 16]),
        UserId::from_bytes([2; 16]),
        At::from_millis(3),
        Cow::Borrowed("message.posted"),
        vec![0xf6],
    ));
    assert_eq!(Op::from_bytes(&bytes), Err(CborError::Malformed));
}

#[test]
fn debug_shows_nothing_that_was_written() {
    for body in every_body() {
        let shown = format!("{:?}", op(body));
        for planted in ["Bed", "Thanks", "Ward"] {
            assert!(!shown.contains(planted), "{shown}");
        }
    }
}
