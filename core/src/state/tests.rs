use super::*;
use crate::chain::{ChainHash, Seq};
use crate::op::member::{Added, MemberOp, Removed};
use crate::op::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use crate::op::space::{Created, Renamed};

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

struct Log {
    state: SpaceState,
    ops: Vec<(Seq, Op)>,
}

impl Log {
    fn new() -> Self {
        let mut log = Self {
            state: SpaceState::new(SpaceId::from_bytes([9; 16])),
            ops: vec![],
        };
        log.add(
            0,
            Body::Space(SpaceOp::Created(Created {
                kind: SpaceKind::Group,
                title: "Ward 7".into(),
                about: None,
            })),
        );
        for n in [1, 2] {
            log.add(
                0,
                Body::Member(MemberOp::Added(Added {
                    user: user(n),
                    admin: n == 1,
                })),
            );
        }
        log
    }

    fn add(&mut self, by: u8, body: Body) -> OpId {
        let seq = self.state.head.seq.next();
        let id = OpId::make(At::from_millis(seq.value()), [0; 10]);
        let op = Op {
            id,
            by: user(by),
            at: At::from_millis(seq.value()),
            body,
        };
        self.state.fold(
            Head {
                seq,
                chain: ChainHash::default(),
            },
            op.at,
            &op,
        );
        self.ops.push((seq, op));
        id
    }

    fn post(&mut self, by: u8, text: &str, priority: Priority) -> OpId {
        let posted = Posted {
            text: text.into(),
            priority,
            reply_to: None,
            mentions: vec![],
            roles: vec![],
            about: None,
            photos: vec![],
        };
        self.add(by, Body::Message(MessageOp::Posted(posted)))
    }

    fn message(&self, id: OpId) -> &Message {
        self.state.timeline.message(id).expect("held")
    }
}

#[test]
fn corrections_keep_every_version() {
    let mut log = Log::new();
    let message = log.post(1, "5 mg", Priority::Routine);
    log.add(
        1,
        Body::Message(MessageOp::Corrected(Corrected {
            message,
            text: "0.5 mg".into(),
        })),
    );
    assert_eq!(log.message(message).text(), "0.5 mg");
    assert_eq!(log.message(message).posted.as_str(), "5 mg");
    assert_eq!(log.message(message).corrections.len(), 1);
}

#[test]
fn a_withdrawal_hides_and_keeps() {
    let mut log = Log::new();
    let message = log.post(1, "wrong thread", Priority::Urgent);
    assert!(log.message(message).waits_for_acknowledgement());
    log.add(1, Body::Message(MessageOp::Withdrawn(Withdrawn { message })));
    let withdrawn = log.message(message);
    assert!(withdrawn.withdrawn.is_some() && !withdrawn.waits_for_acknowledgement());
    assert_eq!(withdrawn.text(), "wrong thread");
}

#[test]
fn the_same_person_acknowledges_once() {
    let mut log = Log::new();
    let message = log.post(1, "come now", Priority::Urgent);
    for _ in 0..2 {
        log.add(
            2,
            Body::Message(MessageOp::Acknowledged(Acknowledged { message })),
        );
    }
    assert_eq!(log.message(message).acknowledged.len(), 1);
    assert!(log.message(message).is_acknowledged_by(user(2)));
}

#[test]
fn nobody_joins_or_leaves_unseen() {
    let mut log = Log::new();
    log.add(
        1,
        Body::Member(MemberOp::Added(Added {
            user: user(3),
            admin: false,
        })),
    );
    log.add(1, Body::Member(MemberOp::Removed(Removed { user: user(3) })));
    assert!(!log.state.members.contains(user(3)));
    let seen: Vec<_> = log.state.timeline.items().rev().take(2).collect();
    assert!(matches!(
        seen[0],
        Item::Event(Event {
            what: What::Removed(_),
            ..
        })
    ));
    assert!(matches!(
        seen[1],
        Item::Event(Event {
            what: What::Added(_),
            ..
        })
    ));
}

#[test]
fn two_titles_given_at_once_both_stay() {
    let mut log = Log::new();
    let base = log.state.title.basis();
    for title in ["Ward 7 nights", "Ward 7 and 8"] {
        log.add(
            1,
            Body::Space(SpaceOp::Renamed(Renamed {
                title: title.into(),
                base: base.base,
                after: base.after.clone(),
            })),
        );
    }
    assert!(log.state.title.is_in_conflict());
    assert_eq!(log.state.title.versions().count(), 3);
}

#[test]
fn an_operation_of_a_newer_version_leaves_a_mark() {
    let mut log = Log::new();
    log.add(
        1,
        Body::Unknown {
            kind: "observation.received".into(),
            payload: vec![],
        },
    );
    let newest = log.state.timeline.items().next_back();
    assert!(matches!(
        newest,
        Some(Item::Event(Event {
            what: What::Newer,
            ..
        }))
    ));
}

#[test]
fn a_trimmed_state_has_the_same_hash_and_never_drops_an_open_urgent_message() {
    let mut log = Log::new();
    let urgent = log.post(1, "unanswered", Priority::Urgent);
    for n in 0..SNAPSHOT_ITEMS * 2 {
        log.post(2, &n.to_string(), Priority::Routine);
    }
    let whole = log.state.hash();
    log.state.trim(SNAPSHOT_ITEMS);
    assert_eq!(log.state.hash(), whole);
    assert_eq!(log.state.timeline.len(), SNAPSHOT_ITEMS + 1);
    assert!(log.state.timeline.message(urgent).is_some());
}

#[test]
fn history_that_is_merged_in_later_is_what_was_trimmed() {
    let mut log = Log::new();
    let first = log.post(1, "first", Priority::Routine);
    log.add(
        1,
        Body::Message(MessageOp::Corrected(Corrected {
            message: first,
            text: "mended".into(),
        })),
    );
    for n in 0..SNAPSHOT_ITEMS {
        log.post(2, &n.to_string(), Priority::Routine);
    }
    let whole = log.state.clone();
    log.state.trim(10);
    for _twice in 0..2 {
        for (seq, op) in &log.ops {
            log.state.fold_older(*seq, op.at, op);
        }
    }
    assert_eq!(log.state.timeline, whole.timeline);
    assert_eq!(log.state, whole);
}

#[test]
fn a_state_survives_encoding() {
    let mut log = Log::new();
    log.post(1, "hello", Priority::Urgent);
    let bytes = crate::cbor::to_bytes(&log.state);
    assert_eq!(crate::cbor::from_bytes::<SpaceState>(&bytes).unwrap(), log.state);
}
