use std::time::Duration;

use super::*;
use crate::chain::{ChainHash, Head};
use crate::id::{PatientId, SpaceId, UserId};
use crate::op::list::{Archived, Created, Field, FieldSet, ListOp, PatientAdded};
use crate::op::member::{Added, Removed};
use crate::op::message::{Corrected, MessageOp, Posted, Priority};
use crate::op::space::{self, SpaceKind, SpaceOp};
use crate::sync::outbox::{Late, Seen};
use crate::time::At;

const ME: UserId = UserId::from_bytes([1; 16]);
const COLLEAGUE: UserId = UserId::from_bytes([2; 16]);
const SPACE: SpaceId = SpaceId::from_bytes([9; 16]);
const PATIENT: PatientId = PatientId::from_bytes([7; 16]);

/// A team of two with a list that nobody is on, and the outbox of one of them.
struct Team {
    state: SpaceState,
    outbox: Outbox,
    list: OpId,
    made: u8,
}

impl Team {
    fn new() -> Self {
        let mut team = Self {
            state: SpaceState::new(SPACE),
            outbox: Outbox::default(),
            list: OpId::from_bytes([0; 16]),
            made: 0,
        };
        let created = space::Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        };
        team.logged(Body::Space(SpaceOp::Created(created)));
        for (user, admin) in [(ME, true), (COLLEAGUE, false)] {
            team.logged(Body::Member(MemberOp::Added(Added { user, admin })));
        }
        let created = Created {
            title: "Outliers".into(),
            source: None,
        };
        team.list = team.logged(Body::List(ListOp::Created(created)));
        team
    }

    fn make(&mut self, body: Body) -> Op {
        self.made += 1;
        Op {
            id: OpId::from_bytes([self.made; 16]),
            by: ME,
            at: At::default(),
            body,
        }
    }

    /// Something comes into the log.
    fn fold(&mut self, op: &Op) -> (Vec<OpId>, Seen) {
        let seq = self.state.head.seq.next();
        let refused = self.outbox.pass_over(op.id, seq, &self.state);
        let head = Head {
            seq,
            chain: ChainHash::default(),
        };
        self.state.fold(head, At::default(), op);
        let refused = refused.into_iter().map(|kept| kept.op.id).collect();
        (refused, self.outbox.seen(op.id, seq))
    }

    fn logged(&mut self, body: Body) -> OpId {
        let op = self.make(body);
        self.fold(&op);
        op.id
    }

    /// The person does something; it waits in the outbox.
    fn act(&mut self, body: Body) -> Op {
        let op = self.make(body);
        self.outbox.push(Kept {
            space: SPACE,
            order: self.made.into(),
            op: Arc::new(op.clone()),
            refused: None,
        });
        op
    }

    fn add_patient(&self) -> Body {
        Body::List(ListOp::PatientAdded(PatientAdded {
            list: self.list,
            patient: PATIENT,
        }))
    }

    fn write(&self) -> Body {
        Body::List(ListOp::FieldSet(FieldSet {
            list: self.list,
            patient: PATIENT,
            field: Field::Jobs,
            text: "chase potassium".into(),
            base: Seq::ZERO,
            after: vec![],
        }))
    }

    fn state(&self, op: &Op) -> Option<PendingState> {
        self.outbox.find(op.id).map(|pending| pending.state)
    }

    /// What goes when the answer to what was sent did not come.
    fn sent_again(&mut self) -> Vec<OpId> {
        self.outbox.send_again(None);
        let ops = self.outbox.cut_frame(At::default());
        ops.iter().map(|op| op.id).collect()
    }
}

fn post(text: &str) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: text.into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: vec![],
    }))
}

fn remove(user: UserId) -> Body {
    Body::Member(MemberOp::Removed(Removed { user }))
}

#[test]
fn what_was_refused_is_not_sent_after_what_was_done_later_though_its_answer_was_lost() {
    let mut team = Team::new();
    let written = team.act(team.write());
    let posted = team.act(post("please see my note"));
    assert_eq!(team.sent_again(), [written.id, posted.id]);
    assert_eq!(team.fold(&posted), (vec![written.id], Seen::Left));
    let refused = PendingState::Refused(Refusal::NotOnList);
    assert_eq!(team.state(&written), Some(refused));
    team.logged(team.add_patient());
    assert_eq!(team.sent_again(), [], "though by now it might be allowed");
    assert_eq!(
        team.outbox.late(At::default().plus(Duration::from_mins(1))),
        None::<Late>
    );
}

#[test]
fn whoever_was_removed_and_added_again_is_not_removed_by_a_second_try() {
    let mut team = Team::new();
    team.logged(remove(COLLEAGUE));
    let removed = team.act(remove(COLLEAGUE));
    let added = team.act(Body::Member(MemberOp::Added(Added {
        user: COLLEAGUE,
        admin: false,
    })));
    assert_eq!(team.fold(&added), (vec![removed.id], Seen::Left));
    assert_eq!(team.sent_again(), []);
}

#[test]
fn a_copy_of_what_was_refused_that_the_record_takes_late_is_nobodys_fault() {
    let mut team = Team::new();
    let written = team.act(team.write());
    let posted = team.act(post("please see my note"));
    team.fold(&posted);
    team.logged(team.add_patient());
    assert_eq!(team.fold(&written), (vec![], Seen::Left));
    assert_eq!(team.state(&written), None);
}

#[test]
fn what_the_rules_allow_was_left_out_by_the_edge() {
    let mut team = Team::new();
    let first = team.act(post("stop the infusion"));
    let second = team.act(post("start the infusion"));
    assert_eq!(team.fold(&second), (vec![], Seen::Left));
    assert_eq!(team.sent_again(), [first.id]);
    assert_eq!(team.fold(&first), (vec![], Seen::Reordered));
}

#[test]
fn what_rests_on_something_that_the_edge_left_out_was_not_refused() {
    let mut team = Team::new();
    let added = team.act(team.add_patient());
    let written = team.act(team.write());
    let posted = team.act(post("please see my note"));
    assert_eq!(team.fold(&posted), (vec![], Seen::Left));
    assert_eq!(team.sent_again(), [added.id, written.id]);
}

#[test]
fn of_a_patient_whom_only_the_record_may_know_nothing_is_concluded() {
    let mut team = Team::new();
    let added = team.act(team.add_patient());
    let posted = team.act(post("he is on the list"));
    assert_eq!(team.fold(&posted), (vec![], Seen::Left));
    assert_eq!(team.sent_again(), [added.id]);
    assert_eq!(team.fold(&added), (vec![], Seen::Left), "nobody is accused");
}

#[test]
fn of_a_message_that_is_no_longer_held_nothing_is_concluded() {
    let mut team = Team::new();
    let old = OpId::from_bytes([200; 16]);
    let corrected = team.act(Body::Message(MessageOp::Corrected(Corrected {
        message: old,
        text: "5 mg".into(),
    })));
    let posted = team.act(post("it was 5 mg"));
    assert_eq!(team.fold(&posted), (vec![], Seen::Left));
    assert_eq!(team.sent_again(), [corrected.id]);
    assert_eq!(team.fold(&corrected), (vec![], Seen::Left), "nobody is accused");
}

#[test]
fn what_may_stand_in_a_part_of_the_log_that_was_not_seen_is_asked_for_again() {
    let mut team = Team::new();
    let written = team.act(team.write());
    let posted = team.act(post("please see my note"));
    team.outbox.lose_sight(|_| true);
    assert_eq!(team.outbox.unwatched().count(), 2);
    assert_eq!(team.fold(&posted), (vec![], Seen::Left));
    assert_eq!(team.sent_again(), [written.id]);
    team.logged(team.add_patient());
    assert_eq!(team.fold(&written), (vec![], Seen::Left), "nobody is accused");
}

#[test]
fn what_was_held_for_a_while_let_others_go_first() {
    let mut team = Team::new();
    let list = team.act(Body::List(ListOp::Created(Created {
        title: "Weekend".into(),
        source: None,
    })));
    let archived = team.act(Body::List(ListOp::Archived(Archived { list: list.id })));
    let posted = team.act(post("the weekend's list is done"));
    team.outbox.refuse(list.id, Refusal::TooManyLists);
    assert_eq!(team.state(&archived), Some(PendingState::HeldBy(list.id)));
    assert_eq!(team.sent_again(), [posted.id]);
    // A late copy of the list is taken after all.
    team.fold(&list);
    assert_eq!(team.fold(&posted), (vec![], Seen::Left));
    assert_eq!(team.fold(&archived), (vec![], Seen::Left), "nobody is accused");
}

#[test]
fn what_a_made_up_log_said_to_be_refused_waits_again_in_its_place_when_that_shows() {
    let mut team = Team::new();
    let written = team.act(team.write());
    let posted = team.act(post("please see my note"));
    team.fold(&posted);
    let unrefused = team.outbox.unsee();
    let unrefused: Vec<OpId> = unrefused.iter().map(|(_, op)| op.id).collect();
    assert_eq!(unrefused, [written.id]);
    assert_eq!(team.sent_again(), [written.id, posted.id]);
}

#[test]
fn what_the_record_itself_refused_stays_refused_when_a_log_was_made_up() {
    let mut team = Team::new();
    let written = team.act(team.write());
    let posted = team.act(post("please see my note"));
    team.fold(&posted);
    team.outbox.refuse(written.id, Refusal::NotOnList);
    assert_eq!(team.outbox.unsee(), []);
    assert_eq!(team.sent_again(), [posted.id]);
}
