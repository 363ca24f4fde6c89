//! The space that the rules are asked in: one thing of each kind, one person in each part.

use baton_core::chain::{ChainHash, Head, Seq};
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::handover::{Asked, HandoverOp, ResponsibilityTaken, To};
use baton_core::op::list::{ColumnAdded, ListOp, PatientAdded, Source};
use baton_core::op::member::{Added, MemberOp};
use baton_core::op::message::{MessageOp, Posted, Priority, Withdrawn};
use baton_core::op::role::{Defined, Fallback, Offered, RoleOp, Taken};
use baton_core::op::space::{NotePinned, SpaceKind, SpaceOp};
use baton_core::op::task::{Accepted, Assignee, Completed, TaskOp, TemplateItem, TemplateSet};
use baton_core::op::{self, Body, Op};
use baton_core::refusal::Refusal;
use baton_core::rule::{Author, may};
use baton_core::state::SpaceState;
use baton_core::time::At;

pub(super) const RECORD: UserId = UserId::RECORD;
pub(super) const ADMIN: UserId = UserId::from_bytes([1; 16]);
/// Has nothing to do with anything here.
pub(super) const MEMBER: UserId = UserId::from_bytes([2; 16]);
/// Wrote the messages, holds the role, has the tasks and the patients.
pub(super) const OWNER: UserId = UserId::from_bytes([3; 16]);
/// Is offered the role, and patients.
pub(super) const OFFEREE: UserId = UserId::from_bytes([4; 16]);
pub(super) const OUTSIDER: UserId = UserId::from_bytes([5; 16]);

pub(super) const ROUTINE: OpId = OpId::from_bytes([11; 16]);
pub(super) const URGENT: OpId = OpId::from_bytes([12; 16]);
pub(super) const GONE: OpId = OpId::from_bytes([13; 16]);
/// Is pinned.
pub(super) const NOTE: OpId = OpId::from_bytes([14; 16]);
pub(super) const LIST: OpId = OpId::from_bytes([21; 16]);
pub(super) const COLUMN: OpId = OpId::from_bytes([22; 16]);
/// Fills itself.
pub(super) const AUTOMATIC: OpId = OpId::from_bytes([23; 16]);
/// Is on both lists.
pub(super) const HERE: PatientId = PatientId::from_bytes([24; 16]);
/// Is on none, and nobody is responsible.
pub(super) const ELSEWHERE: PatientId = PatientId::from_bytes([25; 16]);
/// Is held and offered.
pub(super) const HELD: OpId = OpId::from_bytes([31; 16]);
pub(super) const OFFER: OpId = OpId::from_bytes([32; 16]);
/// Falls back to the one that is held.
pub(super) const VACANT: OpId = OpId::from_bytes([33; 16]);
/// Nobody has taken it on.
pub(super) const FREE: OpId = OpId::from_bytes([41; 16]);
/// Is for one person.
pub(super) const THEIRS: OpId = OpId::from_bytes([42; 16]);
/// Was for all, and one person took it on.
pub(super) const TAKEN: OpId = OpId::from_bytes([43; 16]);
pub(super) const DONE: OpId = OpId::from_bytes([44; 16]);
pub(super) const COMPLETION: OpId = OpId::from_bytes([45; 16]);
pub(super) const TEMPLATE: OpId = OpId::from_bytes([46; 16]);
/// One patient is offered to one person.
pub(super) const HANDOVER: OpId = OpId::from_bytes([51; 16]);
pub(super) const QUESTION: OpId = OpId::from_bytes([52; 16]);
/// Somebody is responsible, and they are on no list.
pub(super) const CHARGE: PatientId = PatientId::from_bytes([53; 16]);
/// Waits to be accepted, and is on no list.
pub(super) const WAITS: PatientId = PatientId::from_bytes([54; 16]);
pub(super) const NOWHERE: OpId = OpId::from_bytes([99; 16]);

/// Somebody does something; the rules are not asked.
pub(super) fn act(state: &mut SpaceState, id: OpId, by: UserId, body: Body) {
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

/// An id of its own for the `n`th of many.
pub(super) fn nth(n: usize) -> OpId {
    OpId::make(At::from_millis(n.try_into().unwrap()), [1; 10])
}

/// What the rules say to it.
pub(super) fn ask(by: UserId, body: &Body, state: &SpaceState) -> Result<(), Refusal> {
    let op = Op {
        id: OpId::from_bytes([98; 16]),
        by,
        at: At::default(),
        body: body.clone(),
    };
    let author = if by == RECORD {
        Author::Record
    } else {
        Author::Person(by)
    };
    may(author, &op, state)
}

pub(super) fn posted(text: &str, priority: Priority) -> Body {
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

pub(super) fn list(title: &str, source: Option<Source>) -> Body {
    let title = title.into();
    Body::List(ListOp::Created(op::list::Created { title, source }))
}

pub(super) fn added(list: OpId, patient: PatientId) -> Body {
    Body::List(ListOp::PatientAdded(PatientAdded { list, patient }))
}

pub(super) fn role(title: &str, fallback: Option<Fallback>) -> Body {
    let title = title.into();
    Body::Role(RoleOp::Defined(Defined { title, fallback }))
}

pub(super) fn task(title: &str, to: Assignee) -> Body {
    Body::Task(TaskOp::Created(op::task::Created {
        title: title.into(),
        details: "".into(),
        about: None,
        place: "".into(),
        priority: Priority::Routine,
        due: None,
        to,
        checklist: vec!["ECG".into()],
        from: None,
    }))
}

pub(super) fn completed(task: OpId) -> Body {
    let (note, round) = ("given".into(), None);
    Body::Task(TaskOp::Completed(Completed { task, note, round }))
}

pub(super) fn template(replaces: Option<OpId>, items: usize) -> Body {
    let item = TemplateItem {
        title: "Weigh".into(),
        priority: Priority::Routine,
        due_in: None,
        to: Assignee::Team,
    };
    Body::Task(TaskOp::TemplateSet(TemplateSet {
        replaces,
        name: "Admission".into(),
        items: vec![item; items],
    }))
}

pub(super) fn pinned(text: &str) -> Body {
    let text = text.into();
    Body::Space(SpaceOp::NotePinned(NotePinned { text }))
}

pub(super) fn taken_over(patients: &[PatientId], from: Option<UserId>) -> Body {
    let patients = patients.to_vec();
    let taken = ResponsibilityTaken { patients, from };
    Body::Handover(HandoverOp::ResponsibilityTaken(taken))
}

pub(super) fn offer(patients: &[PatientId], to: To) -> op::handover::Offered {
    op::handover::Offered {
        patients: patients.to_vec(),
        list: None,
        to,
        tasks: vec![],
        roles: vec![],
        place: "".into(),
        note: "".into(),
        present: vec![],
        unsent: vec![],
    }
}

pub(super) fn asked(handover: OpId, patient: Option<PatientId>, text: &str) -> Body {
    Body::Handover(HandoverOp::Asked(Asked {
        handover,
        patient,
        text: text.into(),
    }))
}

/// The space. What is not allowed in one of a kind is folded in all the same, so that the rules are asked of it.
pub(super) fn scene(kind: SpaceKind) -> SpaceState {
    let mut state = SpaceState::new(SpaceId::from_bytes([9; 16]));
    let mut n = 0;
    let mut next = |state: &mut SpaceState, by, body| {
        n += 1;
        act(state, OpId::from_bytes([100 + n; 16]), by, body);
    };
    let (title, about) = ("Ward 7".into(), None);
    let created = SpaceOp::Created(op::space::Created { kind, title, about });
    next(&mut state, RECORD, Body::Space(created));
    for user in [ADMIN, MEMBER, OWNER, OFFEREE] {
        let admin = user == ADMIN;
        next(
            &mut state,
            RECORD,
            Body::Member(MemberOp::Added(Added { user, admin })),
        );
    }
    act(&mut state, ROUTINE, OWNER, posted("routine", Priority::Routine));
    act(&mut state, URGENT, OWNER, posted("urgent", Priority::Urgent));
    act(&mut state, GONE, OWNER, posted("gone", Priority::Urgent));
    let withdrawn = Withdrawn { message: GONE };
    next(&mut state, OWNER, Body::Message(MessageOp::Withdrawn(withdrawn)));
    act(&mut state, LIST, MEMBER, list("Outliers", None));
    let column = ColumnAdded {
        list: LIST,
        title: "Diet".into(),
    };
    act(
        &mut state,
        COLUMN,
        MEMBER,
        Body::List(ListOp::ColumnAdded(column)),
    );
    let practice = Some(Source::Practice("A81001".into()));
    act(&mut state, AUTOMATIC, ADMIN, list("Caseload", practice));
    next(&mut state, MEMBER, added(LIST, HERE));
    next(&mut state, RECORD, added(AUTOMATIC, HERE));
    act(&mut state, HELD, ADMIN, role("Registrar", None));
    act(
        &mut state,
        VACANT,
        ADMIN,
        role("Consultant", Some(Fallback::Role(HELD))),
    );
    let taken = Taken {
        role: HELD,
        from: None,
    };
    next(&mut state, OWNER, Body::Role(RoleOp::Taken(taken)));
    let offered = Offered {
        role: HELD,
        to: OFFEREE,
    };
    act(&mut state, OFFER, OWNER, Body::Role(RoleOp::Offered(offered)));
    act(&mut state, FREE, ADMIN, task("Bloods", Assignee::Team));
    act(
        &mut state,
        THEIRS,
        ADMIN,
        task("Cannula", Assignee::Person(OWNER)),
    );
    act(&mut state, TAKEN, ADMIN, task("Catheter", Assignee::Team));
    let accepted = Accepted { task: TAKEN };
    next(&mut state, OWNER, Body::Task(TaskOp::Accepted(accepted)));
    act(&mut state, DONE, ADMIN, task("5 mg", Assignee::Team));
    act(&mut state, COMPLETION, OWNER, completed(DONE));
    act(&mut state, TEMPLATE, ADMIN, template(None, 1));
    act(&mut state, NOTE, ADMIN, pinned("Fast bleep 4422"));
    next(&mut state, OWNER, taken_over(&[CHARGE, WAITS], None));
    let offered = HandoverOp::Offered(Box::new(offer(&[WAITS], To::Person(OFFEREE))));
    act(&mut state, HANDOVER, OWNER, Body::Handover(offered));
    act(&mut state, QUESTION, OFFEREE, asked(HANDOVER, None, "Why?"));
    state
}

/// A place that is not there yet.
pub(super) fn future() -> Seq {
    Seq::new(1_000_000)
}
