//! What it drops, holds back, delays and never ends.

use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::frame::{FromEdge, ToEdge};
use baton_core::id::SpaceId;
use baton_core::op::Body;
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::space::SpaceKind;
use baton_core::refusal::Refusal;
use baton_core::sync::{Connection, Event, FaultKind, PendingState, Space};

use super::edge::{COLLEAGUE, Edge, ME, MY_DEVICE, TEAM};

/// Answers every `Subscribe` as if there were nothing new.
fn hold_back(edge: &mut Edge, frame: ToEdge) {
    match frame {
        ToEdge::Subscribe { space, .. } => edge.tell(&FromEdge::Entries {
            space,
            entries: vec![],
            more: false,
        }),
        frame => edge.do_as_asked(frame),
    }
}

#[test]
fn it_drops_what_is_written() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    edge.pass(Duration::from_mins(2), |edge, frame| {
        if !matches!(frame, ToEdge::Append { .. }) {
            edge.do_as_asked(frame);
        }
    });
    assert_eq!(edge.sync.waiting(), 1, "it is still said to wait");
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_drops_the_answer_to_what_the_record_took() {
    let mut edge = Edge::open();
    edge.write("potassium 6.8");
    edge.pass(Duration::from_secs(10), |edge, frame| match frame {
        ToEdge::Append { space, ops } => {
            edge.append(space, &ops[0]);
        }
        frame => edge.do_as_asked(frame),
    });
    edge.ends_well(&["potassium 6.8"]);
}

#[test]
fn it_drops_the_word_that_something_was_refused_and_what_was_done_later_is_not_undone() {
    let mut edge = Edge::open();
    let user = COLLEAGUE;
    let removed = Body::Member(MemberOp::Removed(Removed { user }));
    // Somebody else has removed them, which the device does not know of.
    edge.record.make(TEAM, removed.clone(), edge.now);
    let removed = edge.act(removed);
    edge.act(Body::Member(MemberOp::Added(Added { user, admin: false })));
    edge.pass(Duration::from_mins(5), |edge, frame| match frame {
        ToEdge::Append { space, ops } => {
            for op in &ops {
                let answer = edge.append(space, op);
                if !matches!(answer, FromEdge::Refused { .. }) {
                    edge.tell(&answer);
                }
            }
            edge.publish(space);
        }
        frame => edge.do_as_asked(frame),
    });
    assert_eq!(edge.faults, []);
    let waiting: Vec<_> = edge
        .space()
        .outbox()
        .map(|waiting| (waiting.op.id, waiting.state))
        .collect();
    assert_eq!(
        waiting,
        [(removed, PendingState::Refused(Refusal::NoSuchMember))],
        "its author decides"
    );
    assert!(edge.record.rooms[&TEAM].state.members.contains(user));
    assert!(edge.sync.discard_refused(TEAM, removed));
    edge.ends_well(&[]);
}

#[test]
fn it_holds_back_what_colleagues_write_and_says_that_this_is_all() {
    let mut edge = Edge::open();
    edge.colleague_writes(TEAM, "please come");
    edge.cut();
    edge.pass(Duration::from_mins(10), |edge, frame| match frame {
        ToEdge::Subscribe { space, .. } => edge.tell(&FromEdge::Entries {
            space,
            entries: vec![],
            more: false,
        }),
        frame => edge.do_as_asked(frame),
    });
    assert!(
        edge.faults
            .iter()
            .any(|fault| matches!(fault, FaultKind::Withheld(_))),
        "the record has named a later head: {:?}",
        edge.faults
    );
    edge.ends_well(&["please come"]);
}

#[test]
fn it_shows_an_old_state_of_the_log_after_a_reconnect() {
    let mut edge = Edge::open();
    let first = edge.colleague_writes(TEAM, "first");
    edge.give(vec![first]);
    edge.cut();
    edge.pass(Duration::from_secs(10), |edge, frame| match frame {
        ToEdge::Subscribe { space, .. } => {
            let (entries, _) = edge.record.rooms[&space].after(Seq::ZERO, 2);
            edge.tell(&FromEdge::Entries {
                space,
                entries,
                more: false,
            });
        }
        frame => edge.do_as_asked(frame),
    });
    assert_eq!(edge.shown(), ["first"], "nothing goes back");
    edge.ends_well(&["first"]);
}

#[test]
fn it_holds_back_and_falls_silent_before_it_is_found_out() {
    let mut edge = Edge::open();
    edge.colleague_writes(TEAM, "please come");
    edge.cut();
    edge.answers_pings = false;
    edge.pass(Duration::from_mins(10), hold_back);
    let is_withheld = |fault: &FaultKind| matches!(fault, FaultKind::Withheld(_));
    assert!(
        edge.faults.iter().any(is_withheld),
        "a silence each time is no excuse: {:?} after {} connections",
        edge.faults,
        edge.hang_ups
    );
    edge.answers_pings = true;
    edge.ends_well(&["please come"]);
}

#[test]
fn a_dead_connection_alone_accuses_nobody() {
    let mut edge = Edge::open();
    edge.answers_pings = false;
    edge.colleague_writes(TEAM, "please come");
    edge.pass(Duration::from_secs(50), |_, _| {});
    assert!(
        edge.hang_ups > 0,
        "a connection without a sign of life is given up"
    );
    assert!(!matches!(edge.sync.connection(), Connection::Live { .. }));
    edge.answers_pings = true;
    edge.ends_well(&["please come"]);
    assert_eq!(edge.faults, []);
}

#[test]
fn it_ends_a_subscription_by_busy_while_the_device_takes_something_live_for_the_answer() {
    let mut edge = Edge::open();
    let first = edge.colleague_writes(TEAM, "first");
    let second = edge.colleague_writes(TEAM, "second");
    edge.give(vec![second]);
    assert!(
        matches!(edge.sent.as_slice(), [ToEdge::Subscribe { .. }]),
        "a gap"
    );
    edge.sent.clear();
    edge.give(vec![first]);
    edge.tell(&FromEdge::Busy {
        space: Some(TEAM),
        wait: 500,
    });
    edge.behave(Duration::from_secs(10));
    assert_eq!(
        edge.shown(),
        ["first", "second"],
        "nobody waits for the next session"
    );
    edge.ends_well(&["first", "second"]);
    assert_eq!(edge.faults, []);
}

#[test]
fn it_sends_pages_without_end() {
    for is_empty in [true, false] {
        let mut edge = Edge::open();
        edge.write("potassium 6.8");
        edge.behave(Duration::from_secs(1));
        edge.cut();
        let mut subscribed = 0;
        edge.pass(Duration::from_mins(10), |edge, frame| match frame {
            ToEdge::Subscribe { space, .. } => {
                subscribed += 1;
                let log = &edge.record.rooms[&space].log;
                let entries = if is_empty { vec![] } else { log.clone() };
                edge.tell(&FromEdge::Entries {
                    space,
                    entries,
                    more: true,
                });
            }
            frame => edge.do_as_asked(frame),
        });
        assert!((2..300).contains(&subscribed), "asked {subscribed} times");
        edge.ends_well(&["potassium 6.8"]);
    }
}

#[test]
fn it_sends_entries_of_the_far_future() {
    let mut edge = Edge::open();
    let real = edge.colleague_writes(TEAM, "real");
    for n in 0..200 {
        let mut far = real.clone();
        far.seq = Seq::new(1_000_000 + n);
        edge.give(vec![far]);
    }
    assert_eq!(edge.shown(), Vec::<String>::new());
    assert!(edge.sent.len() < 5, "{} frames in answer", edge.sent.len());
    edge.ends_well(&["real"]);
}

#[test]
fn it_says_again_and_again_that_members_changed() {
    let mut edge = Edge::open();
    let before = edge.asked.len();
    for _ in 0..1_000 {
        edge.tell(&FromEdge::MembersChanged { space: Some(TEAM) });
        edge.tell(&FromEdge::MembersChanged { space: None });
    }
    edge.behave(Duration::from_secs(10));
    let asked = edge.asked.len() - before;
    assert!((1..=6).contains(&asked), "2,000 notices made {asked} questions");
    edge.ends_well(&[]);
    assert_eq!(edge.faults, []);
}

#[test]
fn it_keeps_the_record_out_of_reach() {
    let mut edge = Edge::open();
    edge.reaches_record = false;
    let before = edge.asked.len();
    edge.write("potassium 6.8");
    edge.pass(Duration::from_mins(30), |_, _| {});
    let asked = edge.asked.len() - before;
    assert!((3..100).contains(&asked), "asked {asked} times in half an hour");
    assert_eq!(edge.sync.waiting(), 1);
    assert!(
        !matches!(edge.sync.connection(), Connection::Live { .. }),
        "said in words"
    );
    edge.reaches_record = true;
    edge.ends_well(&["potassium 6.8"]);
    assert_eq!(edge.faults, []);
}

#[test]
fn it_holds_the_answer_to_a_question_that_was_given_up_back_until_the_next_one_was_answered() {
    let mut edge = Edge::open();
    let new = SpaceId::from_bytes([0x67; 16]);
    let old = edge.record.session(MY_DEVICE, edge.now);
    edge.now = edge.now.plus(Duration::from_mins(1));
    edge.record
        .create(new, SpaceKind::Team, &[ME, COLLEAGUE], edge.now);
    let next = edge.record.session(MY_DEVICE, edge.now);
    edge.event(Event::Session(Box::new(next.clone())));
    assert!(edge.sync.space(new).is_some_and(Space::is_open));
    edge.event(Event::Session(Box::new(old)));
    assert!(
        edge.sync.space(new).is_some_and(Space::is_open),
        "what is newer stands"
    );
    // A later answer is one, whoever asked for it.
    let mut left = next;
    left.now = left.now.plus(Duration::from_mins(1));
    left.spaces.retain(|grant| grant.space != new);
    edge.event(Event::Session(Box::new(left)));
    assert!(!edge.sync.space(new).is_some_and(Space::is_open));
    edge.ends_well(&[]);
}
