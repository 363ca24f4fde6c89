//! What it drops, holds back and pretends: acknowledgements, refusals, orders, cursors, staleness.

use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::device::Revocation;
use baton_core::frame::{self, Appended, FromEdge, ToEdge, limit};
use baton_core::id::DeviceId;
use baton_core::refusal::Refusal;
use baton_core::seal::key::make_space_key;
use baton_core::seal::{Epoch, Keyring};
use baton_core::signal::{Cursor, Typing, seal_refusal};
use baton_core::sync::{Connection, Event, FaultKind, PendingState};
use ed25519_dalek::SigningKey;
use serde_bytes::ByteBuf;

use super::edge::{COLLEAGUE, Edge, MY_DEVICE, OTHER_TEAM, TEAM};

/// Keys that are not the space's.
fn foreign_keys(edge: &mut Edge) -> Keyring {
    let mut ring = Keyring::new(TEAM);
    ring.insert(Epoch::FIRST, make_space_key(&mut edge.rng));
    ring
}

#[test]
fn it_acknowledges_what_the_record_never_had() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    edge.pass(Duration::from_mins(2), |edge, frame| match frame {
        ToEdge::Append { space, ops } => {
            let appended = ops.iter().map(|op| Appended {
                op_id: op.op_id,
                seq: Seq::new(4),
                at: edge.now,
            });
            let appended = appended.collect();
            edge.tell(&FromEdge::Appended { space, appended });
        }
        frame => edge.do_as_asked(frame),
    });
    assert!(
        edge.faults.contains(&FaultKind::UnseenAppend),
        "{:?}",
        edge.faults
    );
    assert_eq!(edge.sync.waiting(), 1, "it never left the outbox");
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_refuses_in_the_records_name() {
    let mut edge = Edge::open();
    let op_id = edge.write("potassium 6.8");
    let mut keys = foreign_keys(&mut edge);
    let forged = seal_refusal(Refusal::NotMember, op_id, &mut keys, &mut edge.rng).unwrap();
    for sealed in [vec![], vec![0; 300], forged] {
        edge.tell(&FromEdge::Refused {
            space: TEAM,
            op_id,
            sealed,
        });
    }
    assert!(
        edge.faults.iter().all(|fault| *fault == FaultKind::ForgedRefusal),
        "{:?}",
        edge.faults
    );
    assert_eq!(edge.faults.len(), 3);
    assert!(
        edge.space()
            .outbox()
            .all(|pending| !matches!(pending.state, PendingState::Refused(_)))
    );
    edge.cut();
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_gives_the_refusal_of_one_operation_for_another() {
    let mut edge = Edge::open();
    let (refused, other) = (edge.write("first"), edge.write("second"));
    let keys = &mut edge.record.rooms.get_mut(&TEAM).unwrap().keys;
    let sealed = seal_refusal(Refusal::NotMember, refused, keys, &mut edge.rng).unwrap();
    edge.tell(&FromEdge::Refused {
        space: TEAM,
        op_id: other,
        sealed,
    });
    assert_eq!(edge.faults, [FaultKind::ForgedRefusal]);
    edge.cut();
    edge.ends_well(&["first", "second"]);
}

#[test]
fn it_orders_the_device_to_be_wiped() {
    let mut edge = Edge::open();
    let stranger = SigningKey::from_bytes(&[5; 32]);
    let at = edge.now;
    let others = Revocation {
        device: DeviceId::from_bytes([0x21; 16]),
        at,
    }
    .sign(&edge.record.signer);
    let forged = Revocation {
        device: MY_DEVICE,
        at,
    }
    .sign(&stranger);
    for signed in [vec![], vec![7; 100], forged, others] {
        edge.tell(&FromEdge::Revoked { signed });
        assert!(!edge.is_erased);
    }
    assert!(
        edge.faults.contains(&FaultKind::ForgedRevocation),
        "{:?}",
        edge.faults
    );
    edge.write("still here");
    edge.ends_well(&["still here"]);

    let signed = Revocation {
        device: MY_DEVICE,
        at,
    }
    .sign(&edge.record.signer);
    edge.tell(&FromEdge::Revoked { signed });
    assert!(edge.is_erased, "the record's own order is obeyed");
}

#[test]
fn it_forges_who_has_read_what_and_who_is_writing() {
    let mut edge = Edge::open();
    edge.write("read me");
    edge.behave(Duration::from_secs(5));
    let cursor = Cursor {
        user: COLLEAGUE,
        delivered: Seq::new(4),
        read: Seq::new(4),
        at: edge.now,
    };
    let typing = Typing {
        user: COLLEAGUE,
        at: edge.now,
    };
    let mut keys = foreign_keys(&mut edge);
    let device = DeviceId::from_bytes([0x21; 16]);
    let sealed = cursor.seal(&mut keys, device, &mut edge.rng).unwrap();
    edge.tell(&FromEdge::Cursors {
        space: TEAM,
        sealed: vec![ByteBuf::from(sealed), ByteBuf::from(vec![1, 2, 3])],
    });
    let sealed = typing.seal(&mut keys, device, &mut edge.rng).unwrap();
    edge.tell(&FromEdge::Typing { space: TEAM, sealed });
    assert_eq!(edge.space().readers(Seq::new(4)), []);
    assert_eq!(edge.space().typing(edge.now), []);
    assert!(!edge.faults.is_empty());
    edge.ends_well(&["read me"]);
}

#[test]
fn it_gives_an_old_cursor_again() {
    let mut edge = Edge::open();
    edge.write("read me");
    edge.behave(Duration::from_secs(5));
    let device = DeviceId::from_bytes([0x21; 16]);
    let mut cursors = Vec::new();
    for read in [4, 2] {
        let cursor = Cursor {
            user: COLLEAGUE,
            delivered: Seq::new(4),
            read: Seq::new(read),
            at: edge.now,
        };
        let keys = &mut edge.record.rooms.get_mut(&TEAM).unwrap().keys;
        cursors.push(ByteBuf::from(cursor.seal(keys, device, &mut edge.rng).unwrap()));
    }
    edge.tell(&FromEdge::Cursors {
        space: TEAM,
        sealed: cursors,
    });
    assert_eq!(edge.space().readers(Seq::new(4)), [COLLEAGUE]);
    edge.ends_well(&["read me"]);
}

#[test]
fn it_says_that_the_keys_are_old_for_ever() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    edge.pass(Duration::from_mins(3), |edge, frame| match frame {
        ToEdge::Append { space, ops } => {
            let op_ids = ops.iter().map(|op| op.op_id).collect();
            edge.tell(&FromEdge::StaleEpoch { space, op_ids });
        }
        frame => edge.do_as_asked(frame),
    });
    assert_eq!(edge.sync.waiting(), 1);
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_asks_to_wait_for_a_month() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    edge.tell(&FromEdge::Busy {
        space: Some(TEAM),
        wait: u32::MAX,
    });
    edge.tell(&FromEdge::Busy {
        space: None,
        wait: u32::MAX,
    });
    edge.behave(Duration::from_mins(12));
    assert_eq!(edge.sync.waiting(), 0, "no edge silences a device for long");
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_says_that_one_may_not_listen() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    for space in [TEAM, OTHER_TEAM] {
        edge.tell(&FromEdge::NotAllowed { space });
    }
    assert!(edge.space().is_open(), "the record says who belongs to a space");
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_welcomes_another_device() {
    let mut edge = Edge::open();
    edge.cut();
    edge.pass(Duration::from_secs(5), |edge, frame| match frame {
        ToEdge::Hello { .. } => {
            let device = DeviceId::from_bytes([0x21; 16]);
            edge.tell(&FromEdge::Welcome {
                version: frame::VERSION,
                device,
                at: edge.now,
            });
        }
        frame => edge.do_as_asked(frame),
    });
    assert!(
        edge.faults.contains(&FaultKind::WrongWelcome),
        "{:?}",
        edge.faults
    );
    assert!(!matches!(edge.sync.connection(), Connection::Live { .. }));
    edge.ends_well(&[]);
}

#[test]
fn it_sends_what_is_no_frame() {
    let mut edge = Edge::open();
    let deep = vec![0x81; 100_000];
    let giant = vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let large = vec![0; limit::FRAME_BYTES_FROM_EDGE + 1];
    for bytes in [vec![], vec![0xff; 64], deep, giant, large] {
        edge.event(Event::Frame(bytes));
        assert_eq!(std::mem::take(&mut edge.faults), [FaultKind::Malformed]);
        edge.behave(Duration::from_mins(3));
    }
    edge.ends_well(&[]);
}
