//! Operations of handovers and of what a team says of itself, and what they lead to.

use baton_core::chain::{ChainHash, Head, Seq};
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::handover::{
    Accepted, Answered, Asked, CareEnded, Closed, HandoverOp, NoteSet, Offered, Priority, PrioritySet,
    ReadBack, Refused, ResponsibilityTaken, Satisfaction, Section, SectionId, Side, TemplateSet, To, Unsent,
    Which, Withdrawn,
};
use baton_core::op::member::{Left, MemberOp};
use baton_core::op::space::{AnnouncementsOnly, NotePinned, NoteUnpinned, PurposeSet, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::state::SpaceState;

use super::{AT, SPACE, USER, op};

const HANDOVER: OpId = OpId::from_bytes([0x61; 16]);
const QUESTION: OpId = OpId::from_bytes([0x62; 16]);
const PINNED: OpId = OpId::from_bytes([0x63; 16]);
const PATIENT: PatientId = PatientId::from_bytes([0x41; 16]);
const OTHER: PatientId = PatientId::from_bytes([0x42; 16]);
const THIRD: PatientId = PatientId::from_bytes([0x43; 16]);
const RECEIVER: UserId = UserId::from_bytes([0xa2; 16]);

/// Each kind of operation, each kind of receiver, priority, side and satisfaction.
pub(super) fn ops() -> Vec<(&'static str, Op)> {
    let all = written().into_iter().chain(given()).chain(said());
    let all = all.map(|(name, body)| (name, Body::Handover(body)));
    all.chain(team()).map(|(name, body)| (name, op(body))).collect()
}

fn written() -> Vec<(&'static str, HandoverOp)> {
    let patient = PATIENT;
    let note = |base, after| {
        HandoverOp::NoteSet(NoteSet {
            patient,
            section: SectionId::new("situation"),
            text: "Day 2, still febrile".into(),
            base: Seq::new(base),
            after,
        })
    };
    let rated = |priority| HandoverOp::PrioritySet(PrioritySet { patient, priority });
    let section = |id: &str, title: &str, is_expected| Section {
        id: SectionId::new(id),
        title: title.into(),
        is_expected,
    };
    let template = TemplateSet {
        sections: vec![section("plan", "Plan", true), section("own-1", "Family", false)],
        base: Seq::new(2),
        after: vec![OpId::from_bytes([0x33; 16])],
    };
    vec![
        ("handover.note_set", note(0, vec![])),
        (
            "handover.note_set/after",
            note(7, vec![OpId::from_bytes([0x33; 16])]),
        ),
        ("handover.priority_set/unstable", rated(Priority::Unstable)),
        ("handover.priority_set/watch", rated(Priority::Watch)),
        ("handover.priority_set/stable", rated(Priority::Stable)),
        ("handover.template_set", HandoverOp::TemplateSet(template)),
    ]
}

fn given() -> Vec<(&'static str, HandoverOp)> {
    let handover = HANDOVER;
    let whole = Offered {
        patients: vec![PATIENT, OTHER],
        list: Some(OpId::from_bytes([0x31; 16])),
        to: To::Person(RECEIVER),
        tasks: vec![OpId::from_bytes([0x71; 16])],
        roles: vec![OpId::from_bytes([0x72; 16])],
        place: "Doctors' office".into(),
        note: "Quiet night".into(),
        present: vec![UserId::from_bytes([0xa3; 16])],
        unsent: vec![],
    };
    let bare = Offered {
        patients: vec![PATIENT],
        list: None,
        to: To::Role(OpId::from_bytes([0x72; 16])),
        tasks: vec![],
        roles: vec![],
        place: "".into(),
        note: "".into(),
        present: vec![],
        unsent: vec![],
    };
    let unsent = Offered {
        unsent: vec![Unsent {
            patient: 0,
            note: OpId::from_bytes([0x33; 16]),
        }],
        ..bare.clone()
    };
    let taken = |from| {
        HandoverOp::ResponsibilityTaken(ResponsibilityTaken {
            patients: vec![THIRD],
            from,
        })
    };
    let accepted = |patients| HandoverOp::Accepted(Accepted { handover, patients });
    let refused = Refused {
        handover,
        patients: Which::Some(vec![OTHER]),
        reason: "Not a patient of ours".into(),
    };
    vec![
        ("handover.offered/person", HandoverOp::Offered(Box::new(whole))),
        (
            "handover.offered/role",
            HandoverOp::Offered(Box::new(bare.clone())),
        ),
        ("handover.offered/unsent", HandoverOp::Offered(Box::new(unsent))),
        ("handover.accepted/all", accepted(Which::All)),
        ("handover.accepted/some", accepted(Which::Some(vec![PATIENT]))),
        ("handover.refused", HandoverOp::Refused(refused)),
        (
            "handover.withdrawn",
            HandoverOp::Withdrawn(Withdrawn { handover }),
        ),
        ("handover.responsibility_taken/first", taken(None)),
        ("handover.responsibility_taken/over", taken(Some(USER))),
        (
            "handover.care_ended",
            HandoverOp::CareEnded(CareEnded {
                patients: vec![THIRD],
            }),
        ),
    ]
}

fn said() -> Vec<(&'static str, HandoverOp)> {
    let handover = HANDOVER;
    let asked = |patient| {
        HandoverOp::Asked(Asked {
            handover,
            patient,
            text: "Is the family told?".into(),
        })
    };
    let closed = |side, satisfaction, text: &str| {
        HandoverOp::Closed(Closed {
            handover,
            side,
            satisfaction,
            text: text.into(),
            present: vec![UserId::from_bytes([0xa3; 16])],
        })
    };
    let answered = Answered {
        question: QUESTION,
        text: "Yes, at 18:00".into(),
    };
    let read_back = ReadBack {
        handover,
        patient: PATIENT,
        text: "Bloods at 22:00, call if under 3.0".into(),
    };
    vec![
        ("handover.asked", asked(None)),
        ("handover.asked/patient", asked(Some(PATIENT))),
        ("handover.answered", HandoverOp::Answered(answered)),
        ("handover.read_back", HandoverOp::ReadBack(read_back)),
        ("handover.closed/giving", closed(Side::Giving, None, "")),
        (
            "handover.closed/receiving",
            closed(Side::Receiving, Some(Satisfaction::Satisfied), ""),
        ),
        (
            "handover.closed/unsatisfied",
            closed(
                Side::Receiving,
                Some(Satisfaction::Unsatisfied),
                "Twenty minutes late",
            ),
        ),
        (
            "handover.closed/incident",
            closed(Side::Receiving, Some(Satisfaction::Incident), "Wrong patient"),
        ),
    ]
}

fn team() -> Vec<(&'static str, Body)> {
    let purpose = PurposeSet {
        text: "Acute medicine, day and night".into(),
        base: Seq::new(2),
        after: vec![OpId::from_bytes([0x33; 16])],
    };
    let pinned = NotePinned {
        text: "Crash bleep: 2222".into(),
    };
    let only = |on| Body::Space(SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on }));
    vec![
        ("member.left", Body::Member(MemberOp::Left(Left {}))),
        ("space.announcements_only/on", only(true)),
        ("space.announcements_only/off", only(false)),
        ("space.note_pinned", Body::Space(SpaceOp::NotePinned(pinned))),
        (
            "space.note_unpinned",
            Body::Space(SpaceOp::NoteUnpinned(NoteUnpinned { note: PINNED })),
        ),
        ("space.purpose_set", Body::Space(SpaceOp::PurposeSet(purpose))),
    ]
}

/// What these lead to in one team: a sheet with two texts at once, a closed handover with all that was said at it, and
/// what the team says of itself.
pub(super) fn state(created: &Op) -> SpaceState {
    let mut state = SpaceState::new(SPACE);
    let mut fold = |id: OpId, by: UserId, body: Body| {
        let seq = state.head.seq.next();
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([9; 32]),
        };
        let op = Op { id, by, ..op(body) };
        state.fold(head, AT, &op);
    };
    let all = ops();
    let of = |name: &str| {
        let found = all.iter().find(|(known, _)| *known == name);
        found.unwrap().1.body.clone()
    };
    let id = |n: u8| OpId::from_bytes([n; 16]);
    fold(id(1), USER, created.body.clone());
    let before = [
        "handover.note_set",
        "handover.note_set",
        "handover.priority_set/watch",
        "handover.priority_set/unstable",
        "handover.template_set",
        "handover.responsibility_taken/first",
    ];
    for (n, name) in (2..).zip(before) {
        fold(id(n), USER, of(name));
    }
    fold(HANDOVER, USER, of("handover.offered/person"));
    fold(id(0x10), USER, of("handover.note_set/after"));
    fold(QUESTION, RECEIVER, of("handover.asked/patient"));
    let after = [
        (USER, "handover.answered"),
        (RECEIVER, "handover.read_back"),
        (RECEIVER, "handover.accepted/some"),
        (RECEIVER, "handover.refused"),
        (USER, "handover.closed/giving"),
        (RECEIVER, "handover.closed/unsatisfied"),
        (USER, "handover.care_ended"),
        (USER, "space.announcements_only/on"),
        (USER, "space.purpose_set"),
    ];
    for (n, (by, name)) in (0x11..).zip(after) {
        fold(id(n), by, of(name));
    }
    fold(PINNED, USER, of("space.note_pinned"));
    state
}
