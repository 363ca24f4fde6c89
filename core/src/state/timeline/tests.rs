//! A timeline beside a plain map.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::*;
use crate::time::At;

fn message(seq: u64, priority: Priority) -> Item {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&seq.to_be_bytes());
    let stamp = Stamp {
        op: OpId::from_bytes(id),
        by: UserId::RECORD,
        at: At::from_millis(seq),
        recorded: None,
    };
    let posted = Posted {
        text: Personal::new(seq.to_string()),
        priority,
        mentions: Vec::new(),
        roles: vec![],
        about: None,
        reply_to: None,
        photos: vec![],
    };
    Item::Message(Message::new(Seq::new(seq), stamp, &posted))
}

#[test]
fn whatever_is_shared_with_copies_a_timeline_is_its_items_by_place_and_a_copy_stays_as_it_was() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let (mut timeline, mut model) = (Timeline::default(), BTreeMap::new());
    let mut copies = Vec::new();
    let (mut first, mut last) = (5_000, 5_000);
    for step in 0..3_000 {
        let seq = match rng.next_u32() % 8 {
            0 => {
                first -= 1 + u64::from(rng.next_u32() % 2);
                first
            }
            1 => first + u64::from(rng.next_u32()) % (last - first + 1),
            _ => {
                last += 1 + u64::from(rng.next_u32() % 2);
                last
            }
        };
        if timeline.at(Seq::new(seq)).is_none() {
            let priority = if rng.next_u32().is_multiple_of(20) {
                Priority::Urgent
            } else {
                Priority::Routine
            };
            let item = message(seq, priority);
            model.insert(seq, item.clone());
            timeline.insert(item);
        }
        match step % 400 {
            100 => copies.push((timeline.clone(), model.clone())),
            300 => drop(copies.drain(..copies.len() / 2)),
            _ => {}
        }
    }
    copies.push((timeline, model));
    for (timeline, model) in copies {
        assert!(timeline.items().eq(model.values()));
        assert!(timeline.items().rev().eq(model.values().rev()));
        assert_eq!(timeline.len(), model.len());
        let middle = *model.keys().nth(model.len() / 2).unwrap();
        let after = model.range(middle + 1..).map(|(_, item)| item);
        assert!(timeline.after(Seq::new(middle)).eq(after));
        let is_urgent = |it: &&Message| it.priority == Priority::Urgent;
        assert!(timeline.urgent().eq(timeline.messages().filter(is_urgent)));
        for item in model.values() {
            let id = item.message().unwrap().id();
            assert_eq!(timeline.message(id), item.message());
        }
        assert_eq!(Timeline::from(Vec::from(timeline.clone())), timeline);
    }
}

#[test]
fn what_a_copy_costs_does_not_grow_with_the_history_while_there_is_always_one() {
    let mut timeline = Timeline::default();
    let mut copy = timeline.clone();
    for seq in 1..5_000 {
        timeline.insert(message(seq, Priority::Routine));
        drop(copy);
        timeline.gather();
        copy = timeline.clone();
        assert!(copy.unshared() <= RECENT, "{} at {seq}", copy.unshared());
    }
    assert_eq!(copy.len(), 4_999);
}

#[test]
fn what_is_trimmed_keeps_the_newest_and_what_waits_and_a_copy_stays_as_it_was() {
    let mut timeline = Timeline::default();
    for seq in 1..=1_000 {
        let priority = if seq % 300 == 0 {
            Priority::Urgent
        } else {
            Priority::Routine
        };
        timeline.insert(message(seq, priority));
    }
    let copy = timeline.clone();
    timeline.trim(1_001);
    assert_eq!(timeline, copy);
    timeline.trim(10);
    let kept: Vec<u64> = timeline.items().map(|item| item.seq().value()).collect();
    let expected: Vec<u64> = [300, 600, 900].into_iter().chain(991..=1_000).collect();
    assert_eq!(kept, expected);
    timeline.trim(0);
    assert_eq!(timeline.len(), 3);
    assert_eq!(copy.len(), 1_000);
}
