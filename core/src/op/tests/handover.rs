//! Operations of handovers, and what a team says of itself.

use super::*;
use crate::op::handover::section::{PRSB, STANDARD, standard};
use crate::op::handover::{
    Accepted, Answered, Asked, CareEnded, Closed, HandoverOp, NoteSet, Offered, Priority, PrioritySet,
    ReadBack, Refused, ResponsibilityTaken, Satisfaction, Section, SectionId, Side, TemplateSet, To, Which,
    Withdrawn,
};
use crate::op::member::Left;
use crate::op::space::{AnnouncementsOnly, NotePinned, NoteUnpinned, PurposeSet};
use crate::ordered::SortedSet;

const HANDOVER: OpId = OpId::from_bytes([6; 16]);
const QUESTION: OpId = OpId::from_bytes([5; 16]);
const PATIENT: PatientId = PatientId::from_bytes([7; 16]);
const OTHER: PatientId = PatientId::from_bytes([8; 16]);
const USER: UserId = UserId::from_bytes([4; 16]);

pub(super) fn every_handover_op() -> Vec<HandoverOp> {
    let handover = HANDOVER;
    let text: Personal<String> = "Bed 4: bloods".into();
    let offered = |to, place: &str, list| {
        HandoverOp::Offered(Box::new(Offered {
            patients: vec![PATIENT, OTHER],
            list,
            to,
            tasks: vec![QUESTION],
            roles: vec![],
            place: place.into(),
            note: text.clone(),
            present: vec![USER],
            unsent: vec![],
        }))
    };
    let accepted = |patients| HandoverOp::Accepted(Accepted { handover, patients });
    let closed = |side, satisfaction| {
        HandoverOp::Closed(Closed {
            handover,
            side,
            satisfaction,
            text: text.clone(),
            present: vec![],
        })
    };
    let rated = |priority| {
        HandoverOp::PrioritySet(PrioritySet {
            patient: PATIENT,
            priority,
        })
    };
    vec![
        accepted(Which::All),
        accepted(Which::Some(vec![PATIENT])),
        HandoverOp::Answered(Answered {
            question: QUESTION,
            text: text.clone(),
        }),
        HandoverOp::Asked(Asked {
            handover,
            patient: Some(PATIENT),
            text: text.clone(),
        }),
        HandoverOp::CareEnded(CareEnded {
            patients: vec![PATIENT],
        }),
        closed(Side::Giving, Some(Satisfaction::Satisfied)),
        closed(Side::Receiving, Some(Satisfaction::Incident)),
        closed(Side::Receiving, None),
        HandoverOp::NoteSet(NoteSet {
            patient: PATIENT,
            section: SectionId::new("situation"),
            text: text.clone(),
            base: Seq::new(8),
            after: vec![QUESTION],
        }),
        offered(To::Person(USER), "Ward 7 office", Some(HANDOVER)),
        offered(To::Role(QUESTION), "", None),
        rated(Priority::Unstable),
        rated(Priority::Watch),
        rated(Priority::Stable),
        HandoverOp::ReadBack(ReadBack {
            handover,
            patient: PATIENT,
            text: text.clone(),
        }),
        HandoverOp::Refused(Refused {
            handover,
            patients: Which::All,
            reason: text.clone(),
        }),
        HandoverOp::ResponsibilityTaken(ResponsibilityTaken {
            patients: vec![PATIENT, OTHER],
            from: Some(USER),
        }),
        HandoverOp::TemplateSet(TemplateSet {
            sections: vec![Section {
                id: SectionId::new("own-1"),
                title: "Ward 7 rounds".into(),
                is_expected: true,
            }],
            base: Seq::new(3),
            after: vec![],
        }),
        HandoverOp::Withdrawn(Withdrawn { handover }),
    ]
}

pub(super) fn every_team_op() -> Vec<Body> {
    vec![
        Body::Member(MemberOp::Left(Left {})),
        Body::Space(SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on: true })),
        Body::Space(SpaceOp::NotePinned(NotePinned {
            text: "Ward 7: code of the door".into(),
        })),
        Body::Space(SpaceOp::NoteUnpinned(NoteUnpinned { note: QUESTION })),
        Body::Space(SpaceOp::PurposeSet(PurposeSet {
            text: "Ward 7, day and night".into(),
            base: Seq::new(2),
            after: vec![QUESTION],
        })),
    ]
}

#[test]
fn an_operation_of_a_handover_is_about_it_and_names_whom_it_brings_in() {
    for body in every_handover_op() {
        let expected = match &body {
            HandoverOp::Answered(_) => Some(QUESTION),
            HandoverOp::Accepted(_)
            | HandoverOp::Asked(_)
            | HandoverOp::Closed(_)
            | HandoverOp::ReadBack(_)
            | HandoverOp::Refused(_)
            | HandoverOp::Withdrawn(_) => Some(HANDOVER),
            HandoverOp::CareEnded(_)
            | HandoverOp::NoteSet(_)
            | HandoverOp::Offered(_)
            | HandoverOp::PrioritySet(_)
            | HandoverOp::ResponsibilityTaken(_)
            | HandoverOp::TemplateSet(_) => None,
        };
        let named = match &body {
            HandoverOp::NoteSet(_) | HandoverOp::PrioritySet(_) => vec![PATIENT],
            HandoverOp::Offered(_) | HandoverOp::ResponsibilityTaken(_) => vec![PATIENT, OTHER],
            HandoverOp::Accepted(_)
            | HandoverOp::Answered(_)
            | HandoverOp::Asked(_)
            | HandoverOp::CareEnded(_)
            | HandoverOp::Closed(_)
            | HandoverOp::ReadBack(_)
            | HandoverOp::Refused(_)
            | HandoverOp::TemplateSet(_)
            | HandoverOp::Withdrawn(_) => vec![],
        };
        let op = op(Body::Handover(body));
        assert_eq!(op.target(), expected, "{}", op.body.kind());
        assert_eq!(
            op.patients_named().collect::<Vec<_>>(),
            named,
            "{}",
            op.body.kind()
        );
        assert_eq!((op.amends(), op.list()), (None, None));
        assert!(
            !op.shows_refused(),
            "who is responsible is never shown as it would be"
        );
    }
}

#[test]
fn what_has_no_text_of_its_own_is_known_as_that() {
    let plain = [
        HandoverOp::Accepted(Accepted {
            handover: HANDOVER,
            patients: Which::All,
        }),
        HandoverOp::Withdrawn(Withdrawn { handover: HANDOVER }),
        HandoverOp::NoteSet(NoteSet {
            patient: PATIENT,
            section: SectionId::new("situation"),
            text: "".into(),
            base: Seq::ZERO,
            after: vec![],
        }),
    ];
    for body in plain {
        assert!(!Body::Handover(body).has_text());
    }
    let asked = Asked {
        handover: HANDOVER,
        patient: None,
        text: "Why?".into(),
    };
    assert!(Body::Handover(HandoverOp::Asked(asked)).has_text());
    let off = Body::Space(SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on: false }));
    assert!(!off.has_text());
}

#[test]
fn taking_a_note_down_is_about_that_note_and_not_about_a_message() {
    let down = op(Body::Space(SpaceOp::NoteUnpinned(NoteUnpinned {
        note: QUESTION,
    })));
    assert_eq!((down.target(), down.amends()), (Some(QUESTION), None));
    assert!(!down.shows_refused());
}

#[test]
fn headings_to_choose_from_are_sound_and_each_is_there_once() {
    let all: Vec<_> = STANDARD.iter().chain(&PRSB).collect();
    let ids: SortedSet<&str> = all.iter().map(|heading| heading.id).collect();
    assert_eq!(ids.len(), all.len());
    assert!(all.iter().all(|heading| SectionId::new(heading.id).is_sound()));
    let expected: Vec<bool> = standard().iter().map(|section| section.is_expected).collect();
    assert_eq!(expected, [true, true, true, true, true, true, false]);
    for unsound in ["", "Situation", "über", "a b", &"x".repeat(33)] {
        assert!(!SectionId::new(unsound).is_sound(), "{unsound}");
    }
}
