//! Entries that are read, changed, swapped, left out, repeated, moved or made up.

use std::time::Duration;

use baton_core::chain::{ChainHash, Entry, Seq, derive_chain};
use baton_core::frame::{FromEdge, SealedOp, ToEdge};
use baton_core::id::OpId;
use baton_core::seal::key::make_space_key;
use baton_core::seal::{Epoch, Keyring};
use baton_core::sync::FaultKind;
use ed25519_dalek::SigningKey;

use super::edge::{COLLEAGUE, Edge, OTHER_TEAM, TEAM, posted};

/// Gives entries that are not the record's, and expects the device to notice, to show nothing of them, and to end well.
fn detected(edge: &mut Edge, entries: Vec<Entry>, texts: &[&str]) -> Vec<FaultKind> {
    let before = edge.shown();
    edge.give(entries);
    let faults = std::mem::take(&mut edge.faults);
    assert!(!faults.is_empty(), "nothing was noticed");
    assert_eq!(edge.shown(), before, "something of it was shown");
    edge.ends_well(texts);
    faults
}

#[test]
fn it_reads_all_that_passes_and_finds_no_word_of_it() {
    let mut edge = Edge::open();
    edge.write("Mrs Thistlewood has a potassium of 6.8");
    let entry = edge.colleague_writes(TEAM, "Mrs Thistlewood is on her way to theatre");
    edge.ends_well(&[
        "Mrs Thistlewood is on her way to theatre",
        "Mrs Thistlewood has a potassium of 6.8",
    ]);
    for seen in [&edge.bytes, &entry.sealed] {
        for word in ["Thistlewood", "potassium", "theatre", "Ward 7"] {
            assert!(
                !seen.windows(word.len()).any(|part| part == word.as_bytes()),
                "{word} can be read"
            );
        }
    }
}

#[test]
fn it_changes_a_byte_of_what_is_sealed() {
    let mut edge = Edge::open();
    let mut entry = edge.colleague_writes(TEAM, "give 5 mg");
    let last = entry.sealed.len() - 1;
    entry.sealed[last] ^= 1;
    let faults = detected(&mut edge, vec![entry], &["give 5 mg"]);
    assert!(matches!(faults[0], FaultKind::BrokenChain(_)), "{faults:?}");
}

#[test]
fn it_changes_a_byte_and_mends_the_chain() {
    let mut edge = Edge::open();
    let mut entry = edge.colleague_writes(TEAM, "give 5 mg");
    let last = entry.sealed.len() - 1;
    entry.sealed[last] ^= 1;
    let head = edge.space().confirmed().head;
    let faults = detected(&mut edge, vec![mended(&head, entry)], &["give 5 mg"]);
    assert_eq!(faults[0], FaultKind::Forged);
}

#[test]
fn it_changes_the_chain_hash() {
    let mut edge = Edge::open();
    let mut entry = edge.colleague_writes(TEAM, "give 5 mg");
    entry.chain = ChainHash::from_bytes([9; 32]);
    let faults = detected(&mut edge, vec![entry], &["give 5 mg"]);
    assert!(matches!(faults[0], FaultKind::BrokenChain(_)), "{faults:?}");
}

#[test]
fn it_swaps_two_entries() {
    let mut edge = Edge::open();
    let first = edge.colleague_writes(TEAM, "stop the infusion");
    let second = edge.colleague_writes(TEAM, "start the infusion");
    let swapped = vec![
        Entry {
            seq: first.seq,
            ..second.clone()
        },
        Entry {
            seq: second.seq,
            ..first.clone()
        },
    ];
    detected(&mut edge, swapped, &["stop the infusion", "start the infusion"]);
}

#[test]
fn it_leaves_one_out_and_numbers_the_rest_anew() {
    let mut edge = Edge::open();
    let left_out = edge.colleague_writes(TEAM, "do not give it");
    let entry = edge.colleague_writes(TEAM, "thank you");
    let renumbered = Entry {
        seq: left_out.seq,
        ..entry
    };
    detected(&mut edge, vec![renumbered], &["do not give it", "thank you"]);
}

#[test]
fn it_leaves_one_out_and_hopes_that_nobody_counts() {
    let mut edge = Edge::open();
    edge.colleague_writes(TEAM, "do not give it");
    let entry = edge.colleague_writes(TEAM, "thank you");
    edge.give(vec![entry]);
    assert_eq!(
        edge.shown(),
        Vec::<String>::new(),
        "shown without what comes before it"
    );
    edge.ends_well(&["do not give it", "thank you"]);
}

#[test]
fn it_gives_old_entries_again() {
    let mut edge = Edge::open();
    let entry = edge.colleague_writes(TEAM, "once");
    for _ in 0..3 {
        edge.give(vec![entry.clone()]);
    }
    edge.give(edge.record.rooms[&TEAM].log.clone());
    assert_eq!(
        (edge.shown(), edge.faults.clone()),
        (vec!["once".to_owned()], vec![])
    );
    edge.ends_well(&["once"]);
}

#[test]
fn it_gives_another_entry_for_a_known_place() {
    let mut edge = Edge::open();
    let known = edge.colleague_writes(TEAM, "known");
    edge.give(vec![known.clone()]);
    let mut other = known;
    other.sealed = vec![7; 200];
    edge.give(vec![other.clone()]);
    assert_eq!((edge.shown(), edge.faults.len()), (vec!["known".to_owned()], 0));
    other.chain = ChainHash::from_bytes([9; 32]);
    edge.give(vec![other]);
    assert_eq!(edge.faults, [FaultKind::ConflictingReplay(Seq::new(4))]);
    edge.faults.clear();
    edge.ends_well(&["known"]);
}

#[test]
fn it_moves_an_entry_to_another_space() {
    let mut edge = Edge::open();
    let foreign = edge.colleague_writes(OTHER_TEAM, "about somebody else");
    let head = edge.space().confirmed().head;
    let moved = Entry {
        seq: head.seq.next(),
        ..foreign
    };
    let faults = detected(&mut edge, vec![mended(&head, moved)], &[]);
    assert!(
        matches!(faults[0], FaultKind::Forged | FaultKind::Relabelled),
        "{faults:?}"
    );
}

#[test]
fn it_gives_an_entry_the_id_of_another_operation() {
    let mut edge = Edge::open();
    let entry = edge.colleague_writes(TEAM, "told once");
    let head = edge.space().confirmed().head;
    let relabelled = Entry {
        op_id: OpId::from_bytes([8; 16]),
        ..entry
    };
    let faults = detected(&mut edge, vec![mended(&head, relabelled)], &["told once"]);
    assert!(
        matches!(faults[0], FaultKind::Forged | FaultKind::Relabelled),
        "{faults:?}"
    );
}

#[test]
fn it_says_that_another_device_wrote_it() {
    let mut edge = Edge::open();
    let entry = edge.colleague_writes(TEAM, "mine");
    let head = edge.space().confirmed().head;
    let relabelled = Entry {
        device: super::edge::MY_DEVICE,
        ..entry
    };
    let faults = detected(&mut edge, vec![mended(&head, relabelled)], &["mine"]);
    assert!(
        matches!(faults[0], FaultKind::Forged | FaultKind::Relabelled),
        "{faults:?}"
    );
}

#[test]
fn it_makes_an_entry_up_with_a_key_of_its_own() {
    let mut edge = Edge::open();
    let mut ring = Keyring::new(TEAM);
    ring.insert(Epoch::FIRST, make_space_key(&mut edge.rng));
    let device = super::edge::MY_DEVICE;
    let op = baton_core::op::Op {
        id: OpId::from_bytes([8; 16]),
        by: COLLEAGUE,
        at: edge.now,
        body: posted("made up"),
    };
    let sealed = ring
        .seal_op(&op, device, &SigningKey::from_bytes(&[3; 32]), &mut edge.rng)
        .unwrap();
    let head = edge.space().confirmed().head;
    let made_up = Entry {
        seq: head.seq.next(),
        op_id: op.id,
        device,
        at: edge.now,
        sealed,
        chain: head.chain,
    };
    let faults = detected(&mut edge, vec![mended(&head, made_up)], &[]);
    assert_eq!(faults[0], FaultKind::Forged);
}

#[test]
fn it_gives_the_record_the_same_operation_again_and_again() {
    let mut edge = Edge::open();
    edge.write("give once");
    let mut sent: Vec<SealedOp> = Vec::new();
    edge.pass(Duration::from_secs(1), |edge, frame| {
        if let ToEdge::Append { ops, .. } = &frame {
            sent.extend(ops.clone());
        }
        edge.do_as_asked(frame);
    });
    for op in &sent {
        for _ in 0..3 {
            let again = edge.append(TEAM, op);
            assert!(matches!(again, FromEdge::Appended { .. }), "{again:?}");
        }
        let moved = edge.append(OTHER_TEAM, op);
        assert!(matches!(moved, FromEdge::Refused { .. }), "{moved:?}");
    }
    assert_eq!(sent.len(), 1);
    edge.ends_well(&["give once"]);
}

#[test]
fn it_gives_the_record_what_it_changed() {
    let mut edge = Edge::open();
    edge.write("give 5 mg");
    let ToEdge::Append { ops, .. } = edge.sent.remove(0) else {
        panic!("something was written")
    };
    for at in 0..ops[0].sealed.len() {
        let mut changed = ops[0].clone();
        changed.sealed[at] ^= 0x20;
        let answer = edge.append(TEAM, &changed);
        assert!(
            !matches!(answer, FromEdge::Appended { .. }),
            "byte {at} can be changed"
        );
    }
    let mut renamed = ops[0].clone();
    renamed.op_id = OpId::from_bytes([8; 16]);
    assert!(matches!(edge.append(TEAM, &renamed), FromEdge::Refused { .. }));
    edge.cut();
    edge.ends_well(&["give 5 mg"]);
}

/// An entry as one who knows no key can make it look: its chain hash follows.
pub fn mended(head: &baton_core::chain::Head, entry: Entry) -> Entry {
    let chain = derive_chain(
        head.chain,
        entry.seq,
        entry.op_id,
        entry.device,
        entry.at,
        &entry.sealed,
    );
    Entry { chain, ..entry }
}
