//! Snapshots and checkpoints that are not what they seem, from whoever could get one into the sealed channel to the record.

use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::device_api::SealedSnapshot;
use baton_core::frame::ToEdge;
use baton_core::id::SpaceId;
use baton_core::op::space::SpaceKind;
use baton_core::seal::key::make_space_key;
use baton_core::seal::{Epoch, Keyring};
use baton_core::snapshot::{self, Checkpoint};
use baton_core::sync::{Action, Ask, Event, FaultKind, Store};
use ed25519_dalek::SigningKey;

use super::edge::{COLLEAGUE, Edge, ME, MY_DEVICE, OTHER_TEAM, TEAM};

/// A device that signs in to a team with a long log, and is given `make`'s snapshot in the place of the record's.
fn given(make: impl FnOnce(&mut Edge) -> Option<SealedSnapshot>) -> (Edge, Vec<String>) {
    let mut edge = Edge::before_sign_in();
    let texts: Vec<String> = (0..70).map(|n| format!("message {n}")).collect();
    for text in &texts {
        edge.colleague_writes(TEAM, text);
    }
    edge.snapshot = make(&mut edge);
    edge.sign_in();
    (edge, texts)
}

/// The snapshot is found out, and the log is read from its first entry instead.
fn is_found_out(make: impl FnOnce(&mut Edge) -> SealedSnapshot) {
    let (mut edge, texts) = given(|edge| Some(make(edge)));
    assert_eq!(edge.faults, [FaultKind::ForgedSnapshot]);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    edge.ends_well(&texts);
}

fn true_one(edge: &mut Edge) -> SealedSnapshot {
    let room = edge.record.rooms.get_mut(&TEAM).unwrap();
    let sealed = snapshot::seal(&room.state, &mut room.keys, &mut edge.rng).unwrap();
    let checkpoint = Checkpoint {
        space: TEAM,
        head: room.state.head,
        at: edge.now,
    }
    .sign(&edge.record.signer);
    SealedSnapshot {
        space: TEAM,
        sealed,
        checkpoint,
    }
}

#[test]
fn those_with_the_latest_activity_are_asked_for_first_and_the_others_once_they_came() {
    let mut edge = Edge::before_sign_in();
    let spaces: Vec<SpaceId> = (1..=25)
        .map(|byte| SpaceId::from_bytes([byte * 7 % 25 + 100; 16]))
        .collect();
    for space in &spaces {
        edge.now = edge.now.plus(Duration::from_mins(1));
        edge.record
            .create(*space, SpaceKind::Team, &[ME, COLLEAGUE], edge.now);
        for text in 0..60 {
            edge.colleague_writes(*space, &text.to_string());
        }
    }
    let session = edge.record.session(MY_DEVICE, edge.now);
    edge.sync
        .handle_event(Event::Session(Box::new(session)), edge.now, &mut edge.rng);
    let asked = |edge: &mut Edge| {
        std::iter::from_fn(|| edge.sync.poll_action())
            .filter_map(|action| match action {
                Action::Ask(Ask::Snapshots(spaces)) => Some(spaces),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let latest: Vec<SpaceId> = spaces.iter().rev().copied().collect();
    let (first, others) = latest.split_at(10);
    assert_eq!(asked(&mut edge), [first]);

    let answer = edge.record.snapshots(MY_DEVICE, first);
    assert_eq!(answer.snapshots.len(), 10);
    edge.sync
        .handle_event(Event::Snapshots(first.to_vec(), answer), edge.now, &mut edge.rng);
    assert!(asked(&mut edge).is_empty(), "the first are painted before");
    edge.now = edge.now.plus(Duration::from_millis(100));
    edge.sync
        .handle_event(Event::TimeReached, edge.now, &mut edge.rng);
    assert_eq!(asked(&mut edge), others.chunks(10).collect::<Vec<_>>());
}

#[test]
fn the_records_own_is_taken_and_spares_the_log() {
    let (mut edge, texts) = given(|edge| Some(true_one(edge)));
    assert_eq!(edge.faults, []);
    assert_ne!(
        edge.shown().first(),
        texts.first(),
        "the log was not read from its start"
    );
    assert_eq!(edge.shown().last(), texts.last());
    edge.cut();
    let mut after = Vec::new();
    edge.pass(Duration::from_secs(5), |edge, frame| {
        if let ToEdge::Subscribe {
            space: TEAM,
            after: seq,
        } = &frame
        {
            after.push(*seq);
        }
        edge.do_as_asked(frame);
    });
    assert_eq!(after, [Seq::new(73)]);
}

#[test]
fn sealed_with_a_key_that_is_not_the_spaces() {
    is_found_out(|edge| {
        let state = edge.record.rooms[&TEAM].state.clone();
        let mut keys = Keyring::new(TEAM);
        keys.insert(Epoch::FIRST, make_space_key(&mut edge.rng));
        SealedSnapshot {
            sealed: snapshot::seal(&state, &mut keys, &mut edge.rng).unwrap(),
            ..true_one(edge)
        }
    });
}

#[test]
fn with_a_checkpoint_that_the_record_did_not_sign() {
    is_found_out(|edge| {
        let head = edge.record.rooms[&TEAM].state.head;
        let stranger = SigningKey::from_bytes(&[5; 32]);
        SealedSnapshot {
            checkpoint: Checkpoint {
                space: TEAM,
                head,
                at: edge.now,
            }
            .sign(&stranger),
            ..true_one(edge)
        }
    });
}

#[test]
fn an_older_one_under_a_newer_checkpoint() {
    is_found_out(|edge| {
        let mut head = edge.record.rooms[&TEAM].state.head;
        head.seq = head.seq.next();
        let newer = Checkpoint {
            space: TEAM,
            head,
            at: edge.now,
        };
        SealedSnapshot {
            checkpoint: newer.sign(&edge.record.signer),
            ..true_one(edge)
        }
    });
}

#[test]
fn that_of_another_space() {
    is_found_out(|edge| {
        let room = edge.record.rooms.get_mut(&OTHER_TEAM).unwrap();
        let sealed = snapshot::seal(&room.state, &mut room.keys, &mut edge.rng).unwrap();
        SealedSnapshot {
            sealed,
            ..true_one(edge)
        }
    });
}

#[test]
fn an_older_one_of_the_records_own_is_harmless() {
    let (mut edge, mut texts) = given(|edge| {
        let older = true_one(edge);
        edge.colleague_writes(TEAM, "since then");
        Some(older)
    });
    texts.push("since then".into());
    assert_eq!(edge.faults, []);
    assert_eq!(edge.shown().last(), texts.last());
    let held: Vec<String> = texts[texts.len() - edge.shown().len()..].to_vec();
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    edge.ends_well(&held);
}

#[test]
fn a_space_of_which_none_comes_is_kept_all_the_same() {
    let mut edge = Edge::before_sign_in();
    for number in 0..70 {
        edge.colleague_writes(TEAM, &format!("message {number}"));
    }
    edge.sync.keep_all();
    edge.reaches_record = false;
    let session = edge.record.session(MY_DEVICE, edge.now);
    edge.event(Event::Session(Box::new(session)));
    let mut kept = edge.sync.take_unkept();
    edge.snapshot = Some(SealedSnapshot {
        space: OTHER_TEAM,
        ..true_one(&mut edge)
    });
    edge.reaches_record = true;
    edge.behave(Duration::from_mins(1));
    kept.extend(edge.sync.take_unkept());
    let is_kept = |id| {
        let mut rows = kept.iter();
        rows.any(|store| matches!(store, Store::Space { space, .. } if *space == id))
    };
    assert!(is_kept(OTHER_TEAM));
    assert!(
        is_kept(TEAM),
        "it would not be there after a start without a network"
    );
}
