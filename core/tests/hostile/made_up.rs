//! A log of its own: true entries in an order, or with a selection, that is not the record's. Anybody can compute the hashes
//! of a chain, so nothing of it shows until the record names its head out of the edge's reach.

use std::time::Duration;

use baton_core::chain::Entry;
use baton_core::frame::{FromEdge, ToEdge};
use baton_core::op::Body;
use baton_core::op::list::{Archived, Created, ListOp, Renamed, Restored};
use baton_core::refusal::Refusal;
use baton_core::sync::{FaultKind, PendingState};

use super::edge::{Edge, MY_DEVICE, TEAM};
use super::tampering::mended;

/// Entries in this order, numbered and chained as if they followed what the device holds.
fn made_up(edge: &Edge, entries: Vec<Entry>) -> Vec<Entry> {
    let mut head = edge.space().confirmed().head;
    let chained = entries.into_iter().map(|entry| {
        let seq = head.seq.next();
        let entry = mended(&head, Entry { seq, ..entry });
        head.seq = seq;
        head.chain = entry.chain;
        entry
    });
    chained.collect()
}

/// Shows no more of the log than it did.
fn show_no_more(edge: &mut Edge, frame: ToEdge) {
    match frame {
        ToEdge::Subscribe { space, .. } => edge.tell(&FromEdge::Entries {
            space,
            entries: vec![],
            more: false,
        }),
        frame => edge.do_as_asked(frame),
    }
}

fn is_forked(fault: &FaultKind) -> bool {
    matches!(fault, FaultKind::ForkedLog(_))
}

#[test]
fn it_swaps_two_entries_and_mends_the_chain() {
    let mut edge = Edge::open();
    let first = edge.colleague_writes(TEAM, "stop the infusion");
    let second = edge.colleague_writes(TEAM, "start the infusion");
    let swapped = made_up(&edge, vec![second, first]);
    edge.give(swapped);
    assert_eq!(edge.faults, [], "hashes alone prove nothing");
    edge.pass(Duration::from_mins(10), show_no_more);
    assert!(edge.faults.iter().any(is_forked), "{:?}", edge.faults);
    edge.ends_well(&["stop the infusion", "start the infusion"]);
}

#[test]
fn it_buries_a_swap_under_a_frame_full_of_true_entries() {
    let mut edge = Edge::open();
    let first = edge.colleague_writes(TEAM, "stop the infusion");
    let second = edge.colleague_writes(TEAM, "start the infusion");
    let session = edge.record.session(MY_DEVICE, edge.now);
    edge.event(baton_core::sync::Event::Session(Box::new(session)));
    let mut entries = vec![second, first];
    // More than the device keeps hashes of, and no more than one frame takes.
    for n in 0..1_200 {
        entries.push(edge.colleague_writes(TEAM, &format!("{n}")));
    }
    let buried = made_up(&edge, entries);
    edge.give(buried);
    assert!(
        edge.faults.iter().any(is_forked),
        "the head that the record named is passed, and not compared: {:?}",
        edge.faults
    );
}

#[test]
fn it_leaves_one_out_and_mends_the_chain() {
    let mut edge = Edge::open();
    edge.colleague_writes(TEAM, "do not give it");
    let last = edge.colleague_writes(TEAM, "thank you");
    let shortened = made_up(&edge, vec![last]);
    edge.give(shortened);
    edge.pass(Duration::from_mins(10), show_no_more);
    assert!(
        edge.faults
            .iter()
            .any(|fault| matches!(fault, FaultKind::Withheld(_)) || is_forked(fault)),
        "{:?}",
        edge.faults
    );
    edge.ends_well(&["do not give it", "thank you"]);
}

#[test]
fn it_shows_the_device_its_own_words_in_a_log_that_nobody_else_sees() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    let ToEdge::Append { ops, .. } = edge.sent.remove(0) else {
        panic!("something was written")
    };
    let template = edge.record.rooms[&TEAM].log[0].clone();
    let own = Entry {
        op_id: ops[0].op_id,
        device: MY_DEVICE,
        at: edge.now,
        sealed: ops[0].sealed.clone(),
        ..template
    };
    let shown = made_up(&edge, vec![own]);
    edge.give(shown);
    assert_eq!(edge.sync.waiting(), 0, "it was seen in a log that follows");
    edge.pass(Duration::from_mins(10), show_no_more);
    assert!(edge.faults.iter().any(is_forked), "{:?}", edge.faults);
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_leaves_something_out_and_makes_up_a_log_in_which_that_would_have_been_refused() {
    let mut edge = Edge::open();
    let created = Created {
        title: "Outliers".into(),
        source: None,
    };
    let list = edge.act(Body::List(ListOp::Created(created)));
    edge.behave(Duration::from_secs(1));
    // On its way alone, so that the next two go in one frame.
    edge.write("one");
    let title = "Outliers, nights".into();
    let renamed = edge.act(Body::List(ListOp::Renamed(Renamed {
        list,
        title,
        base: edge.space().confirmed().head.seq,
        after: vec![],
    })));
    edge.write("three");
    edge.pass(Duration::from_secs(1), |edge, frame| match frame {
        ToEdge::Append { space, ops } if ops.len() == 2 => {
            edge.append(space, &ops[1]);
        }
        frame => edge.do_as_asked(frame),
    });
    let last = edge.record.rooms[&TEAM].log.last().unwrap().clone();
    let archived = edge.colleague_does(TEAM, Body::List(ListOp::Archived(Archived { list })));
    edge.colleague_does(TEAM, Body::List(ListOp::Restored(Restored { list })));
    let shown = made_up(&edge, vec![archived, last]);
    edge.give(shown);
    let state = |edge: &Edge| {
        let mut waiting = edge.space().outbox();
        waiting
            .find(|waiting| waiting.op.id == renamed)
            .map(|waiting| waiting.state)
    };
    assert_eq!(state(&edge), Some(PendingState::Refused(Refusal::ListArchived)));
    edge.pass(Duration::from_mins(10), show_no_more);
    assert!(!edge.faults.is_empty(), "the record has more");
    edge.ends_well(&["one", "three"]);
    let held = edge.space().confirmed().lists.find(list).unwrap();
    assert_eq!(held.title.newest(), "Outliers, nights");
}

#[test]
fn it_turns_round_what_a_device_wrote_first_and_last() {
    let mut edge = Edge::open();
    edge.now = edge.now.plus(Duration::from_secs(1));
    // The first is on its way alone; the others go in one frame.
    for text in ["one", "two", "three"] {
        edge.write(text);
    }
    edge.pass(Duration::from_secs(5), |edge, frame| match frame {
        ToEdge::Append { space, ops } => {
            for op in ops.iter().rev() {
                let answer = edge.append(space, op);
                edge.tell(&answer);
            }
            edge.publish(space);
        }
        frame => edge.do_as_asked(frame),
    });
    assert!(
        edge.faults
            .iter()
            .any(|fault| matches!(fault, FaultKind::Reordered(_))),
        "{:?}",
        edge.faults
    );
    edge.ends_well(&["one", "three", "two"]);
}
