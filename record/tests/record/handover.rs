//! Patients that change hands, and people who leave, at the record.

use baton_core::device_api::{HANDOVER_PATH, HandoverOf, HandoverOfAnswer};
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::handover::{Accepted, HandoverOp, NoteSet, Offered, SectionId, To, Which, Withdrawn};
use baton_core::op::member::{Left, MadeAdmin, MemberOp};
use baton_core::refusal::Refusal;
use baton_core::state::handover::document::Document;
use baton_core::state::handover::{Decision, HANDOVERS};

use crate::lists::patient;
use crate::own_and_patient::state;
use crate::place::{Place, append, append_one, new_seq, posted, refusal};

fn note(patient: PatientId, text: &str) -> Body {
    Body::Handover(HandoverOp::NoteSet(NoteSet {
        patient,
        section: SectionId::new("situation"),
        text: text.into(),
        base: baton_core::chain::Seq::ZERO,
        after: vec![],
    }))
}

fn offered(patients: &[PatientId], to: UserId) -> Body {
    Body::Handover(HandoverOp::Offered(Box::new(Offered {
        patients: patients.to_vec(),
        list: None,
        to: To::Person(to),
        tasks: vec![],
        roles: vec![],
        place: "Office".into(),
        note: "".into(),
        present: vec![],
        unsent: vec![],
    })))
}

fn accepted(handover: OpId) -> Body {
    let patients = Which::All;
    Body::Handover(HandoverOp::Accepted(Accepted { handover, patients }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_changes_hands_once_and_what_was_handed_over_can_be_read_by_all() {
    let Some(place) = Place::open("handover_once").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom", "siobhan"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let siobhan = place.device("siobhan").await;
    let known = patient(&place, 1).await;
    let mut ring = amina.keys(&place, space).await;
    let written = amina.seal(&place, &mut ring, note(known, "Day 2"));
    let given = amina.seal(&place, &mut ring, offered(&[known], tom.user));
    let handover = given.op.op_id;
    let answer = append(&place.cx, space, vec![written, given]).await;
    assert!(answer.results.iter().all(|result| new_seq(result) > 4));

    let hers = siobhan.seal(&place, &mut ring, accepted(handover));
    let result = append_one(&place.cx, space, hers.clone()).await;
    assert_eq!(refusal(&mut ring, hers.op.op_id, &result), Refusal::NotYours);
    let theirs = tom.seal(&place, &mut ring, accepted(handover));
    new_seq(&append_one(&place.replica(2), space, theirs).await);
    let late = Withdrawn { handover };
    let late = amina.seal(&place, &mut ring, Body::Handover(HandoverOp::Withdrawn(late)));
    let result = append_one(&place.cx, space, late.clone()).await;
    assert_eq!(refusal(&mut ring, late.op.op_id, &result), Refusal::NotWaiting);

    let folded = state(&place, &siobhan, space).await;
    let responsible = folded.handovers.responsible(known).unwrap();
    assert_eq!((responsible.user, responsible.from), (tom.user, Some(amina.user)));
    let document = Document::of(&folded, folded.handovers.find(handover).unwrap());
    let section = &document.patients[0].offered.sections[0];
    assert_eq!(section.versions[0].text.as_str(), "Day 2");
    place.assert_verified(space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handover_of_long_ago_is_read_from_the_log_by_members_alone() {
    let Some(place) = Place::open("handover_past").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let known = patient(&place, 1).await;
    let mut ring = amina.keys(&place, space).await;
    let written = amina.seal(&place, &mut ring, note(known, "Day 2"));
    let given = amina.seal(&place, &mut ring, offered(&[known], tom.user));
    let first = given.op.op_id;
    append(&place.cx, space, vec![written, given]).await;
    let theirs = tom.seal(&place, &mut ring, accepted(first));
    new_seq(&append_one(&place.cx, space, theirs).await);
    let taken_back = |handover| Body::Handover(HandoverOp::Withdrawn(Withdrawn { handover }));
    // More than the state holds.
    for _ in 0..HANDOVERS {
        let given = tom.seal(&place, &mut ring, offered(&[known], amina.user));
        let back = taken_back(given.op.op_id);
        let back = tom.seal(&place, &mut ring, back);
        let answer = append(&place.cx, space, vec![given, back]).await;
        assert!(answer.results.iter().all(|result| new_seq(result) > 4));
    }
    let folded = state(&place, &amina, space).await;
    assert!(
        folded.handovers.find(first).is_none(),
        "the state holds it no more"
    );
    let asked = |handover| HandoverOf { space, handover };
    let answer: HandoverOfAnswer = amina.get(&place, HANDOVER_PATH, &asked(first)).await;
    let document = Document::of(&folded, &answer.handover.unwrap());
    let part = &document.patients[0];
    assert_eq!(part.offered.sections[0].versions[0].text.as_str(), "Day 2");
    assert!(matches!(part.decision, Some(Decision::Accepted(_))));
    let none: HandoverOfAnswer = amina
        .get(&place, HANDOVER_PATH, &asked(OpId::from_bytes([9; 16])))
        .await;
    assert_eq!(none.handover, None);
    let siobhan = place.device("siobhan").await;
    let refused = siobhan.refused(&place, HANDOVER_PATH, &asked(first)).await;
    assert_eq!(refused, (403, "not-member".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_handed_over_whom_the_index_does_not_have() {
    let Some(place) = Place::open("handover_nobody").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.user("tom").await);
    let (known, nobody) = (patient(&place, 1).await, PatientId::from_bytes([7; 16]));
    let mut ring = amina.keys(&place, space).await;
    for body in [note(nobody, "Day 2"), offered(&[known, nobody], tom)] {
        let op = amina.seal(&place, &mut ring, body);
        let result = append_one(&place.cx, space, op.clone()).await;
        assert_eq!(refusal(&mut ring, op.op.op_id, &result), Refusal::NoSuchPatient);
    }
    let folded = state(&place, &amina, space).await;
    assert_eq!(
        folded.handovers.responsible(known),
        None,
        "the whole offer was refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_by_themselves_gets_no_new_key_and_has_to_leave_an_administrator() {
    let Some(place) = Place::open("member_left").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let mut ring = amina.keys(&place, space).await;
    let left = || Body::Member(MemberOp::Left(Left {}));
    let last = amina.seal(&place, &mut ring, left());
    let result = append_one(&place.cx, space, last.clone()).await;
    assert_eq!(refusal(&mut ring, last.op.op_id, &result), Refusal::LastAdmin);
    let made = Body::Member(MemberOp::MadeAdmin(MadeAdmin { user: tom.user }));
    let batch = vec![
        amina.seal(&place, &mut ring, made),
        amina.seal(&place, &mut ring, left()),
        amina.seal(&place, &mut ring, posted("still here")),
    ];
    let answer = append(&place.cx, space, batch).await;
    assert_eq!(new_seq(&answer.results[1]), new_seq(&answer.results[0]) + 1);
    assert_eq!(answer.results[2], baton_core::service::AppendResult::NotAllowed);
    assert!(answer.changed.new_epoch);
    assert_eq!(answer.changed.removed, [amina.user]);
    let asked = baton_core::device_api::Keys { space };
    let (status, _) = amina.ask(&place, baton_core::device_api::KEYS_PATH, &asked).await;
    assert_eq!(status, 403);
    let folded = state(&place, &tom, space).await;
    assert_eq!(folded.members.len(), 1);
    place.assert_verified(space).await;
}
