//! What screens ask.

use super::*;
use crate::op::list::Archived;
use crate::op::member::Left;
use crate::state::handover::view::{
    Standing, changed_since, gaps, last_handover_of, left_to_hand_over, nobodys, offered_to,
    responsible_for_person, sickest_first, standing, to_be_taken, who_has,
};

#[test]
fn gaps_are_the_expected_sections_without_a_text() {
    let mut ward = Ward::new();
    let ids = |ward: &Ward| -> Vec<String> {
        gaps(&ward.state, patient(1))
            .iter()
            .map(|section| section.id.to_string())
            .collect()
    };
    assert_eq!(ids(&ward).len(), 6, "all but the results");
    ward.write(ANN, 1, &situation(), "Day 2");
    ward.write(ANN, 1, &SectionId::new("background"), "  ");
    ward.write(ANN, 1, &SectionId::new("resuscitation"), "For CPR");
    assert_eq!(
        ids(&ward),
        ["background", "assessment", "recommendation", "ceiling-of-care"]
    );
    let offered = ward.offer(ANN, &[1], BEN);
    let document = ward.document(offered);
    let gaps: Vec<bool> = document.patients[0]
        .offered
        .sections
        .iter()
        .map(|part| part.is_gap)
        .collect();
    assert_eq!(gaps, [false, true, true, true, false, true, false]);
}

#[test]
fn somebody_who_left_is_shown_as_that_and_their_patients_are_to_be_taken() {
    let mut ward = Ward::new();
    ward.list_with(&[1, 2, 3]);
    ward.take(BEN, 1, None);
    ward.take(BEN, 2, None);
    ward.take(ANN, 4, None);
    ward.rate(ANN, 2, Priority::Unstable);
    assert_eq!(to_be_taken(&ward.state), []);
    assert_eq!(nobodys(&ward.state), [patient(3)]);
    ward.act(BEN, Body::Member(MemberOp::Left(Left {})));
    assert_eq!(ward.who(1), Some(BEN), "not dropped");
    let responsible = ward.held().responsible(patient(1)).unwrap();
    assert_eq!(standing(&ward.state, responsible), Standing::Left);
    assert_eq!(to_be_taken(&ward.state), [patient(2), patient(1)]);
    let has = who_has(&ward.state);
    let has: Vec<_> = has
        .iter()
        .map(|one| (one.user, one.standing, one.patients.len()))
        .collect();
    assert_eq!(has, [(BEN, Standing::Left, 2), (ANN, Standing::Here, 1)]);
    ward.take(CAT, 1, Some(BEN));
    assert_eq!(to_be_taken(&ward.state), [patient(2)]);
    ward.act(ANN, Body::List(ListOp::Archived(Archived { list: LIST })));
    assert_eq!(nobodys(&ward.state), [], "nobody is on a list any more");
}

#[test]
fn what_is_left_to_hand_over_is_every_patient_of_ones_own_once() {
    let mut ward = Ward::new();
    for n in 1..=5 {
        ward.take(ANN, n, None);
    }
    ward.rate(ANN, 5, Priority::Stable);
    let first = ward.offer(ANN, &[1, 2, 3], BEN);
    ward.accept(BEN, first, Which::Some(vec![patient(1)]));
    ward.refuse(BEN, first, Which::Some(vec![patient(2)]));
    let theirs = left_to_hand_over(&ward.state, ANN);
    assert_eq!(theirs.left, [patient(4), patient(5)]);
    assert_eq!(theirs.waiting, [(patient(3), first)]);
    assert_eq!(theirs.refused, [(patient(2), first)]);
    assert_eq!(offered_to(&ward.state, BEN).count(), 1);
    assert_eq!(offered_to(&ward.state, CAT).count(), 0);
    let second = ward.offer(ANN, &[2], CAT);
    assert_eq!(
        left_to_hand_over(&ward.state, ANN).waiting,
        [(patient(2), second), (patient(3), first)]
    );
}

#[test]
fn the_sickest_come_first_and_nobody_is_last_for_want_of_a_word() {
    let mut ward = Ward::new();
    ward.rate(ANN, 1, Priority::Stable);
    ward.rate(ANN, 3, Priority::Watch);
    ward.rate(ANN, 4, Priority::Unstable);
    let mut patients: Vec<PatientId> = (1..=5).map(patient).collect();
    sickest_first(&ward.state, &mut patients);
    assert_eq!(patients, [4, 3, 2, 5, 1].map(patient));
}

#[test]
fn what_changed_since_ones_own_last_handover_is_told_by_patient() {
    let mut ward = Ward::new();
    ward.write(ANN, 1, &situation(), "Day 2");
    ward.rate(ANN, 1, Priority::Stable);
    let given = ward.offer(ANN, &[1, 2, 3], BEN);
    let last = ward.handover(given).offered.seq;
    assert_eq!(changed_since(&ward.state, last), []);
    ward.accept(BEN, given, Which::Some(vec![patient(2)]));
    ward.write(BEN, 1, &SectionId::new("results-awaited"), "CRP");
    ward.rate(BEN, 1, Priority::Unstable);
    let changed = changed_since(&ward.state, last);
    let order: Vec<PatientId> = changed.iter().map(|one| one.patient).collect();
    assert_eq!(
        order,
        [patient(1), patient(2)],
        "sickest first; of the third nothing changed"
    );
    assert_eq!(changed[0].sections, [SectionId::new("results-awaited")]);
    assert_eq!(
        changed[0].priority,
        Some((Some(Priority::Stable), Priority::Unstable))
    );
    assert_eq!(
        (changed[0].responsible, changed[1].responsible),
        (None, Some(Some(BEN)))
    );
    ward.hand(
        BEN,
        HandoverOp::CareEnded(CareEnded {
            patients: vec![patient(2)],
        }),
    );
    let changed = changed_since(&ward.state, ward.state.head.seq.next());
    assert_eq!(changed, []);
    let changed = changed_since(&ward.state, last);
    assert_eq!(changed[1].responsible, Some(None));
    assert_eq!(ward.who(2), None);
}

#[test]
fn what_is_news_of_a_patient_counts_from_when_they_were_last_given_or_taken_and_not_from_any_offer() {
    let mut ward = Ward::new();
    let last = |ward: &Ward, user, n| last_handover_of(&ward.state, user, patient(n)).map(|mark| mark.seq);
    let given = ward.offer(ANN, &[1, 2, 3], BEN);
    let offered = ward.handover(given).offered.seq;
    assert_eq!(last(&ward, ANN, 1), None, "nobody has taken them yet");
    ward.accept(BEN, given, Which::Some(vec![patient(1), patient(2)]));
    let taken = ward.state.head.seq;
    assert_eq!(
        last(&ward, ANN, 1),
        Some(offered),
        "what came after it is news to her"
    );
    assert_eq!(last(&ward, BEN, 2), Some(taken));
    assert_eq!(last(&ward, CAT, 1), None);
    ward.refuse(BEN, given, Which::Some(vec![patient(3)]));
    assert_eq!(
        last(&ward, ANN, 3),
        Some(offered),
        "of one who was refused: where she gave others"
    );
    let back = ward.offer(BEN, &[1], ANN);
    let returned = ward.handover(back).offered.seq;
    ward.accept(ANN, back, Which::All);
    assert_eq!(last(&ward, BEN, 1), Some(returned));
    assert_eq!(last(&ward, BEN, 2), Some(taken), "another patient moves nothing");
    ward.take(ANN, 4, None);
    let withdrawn = ward.offer(ANN, &[4], CAT);
    ward.hand(ANN, HandoverOp::Withdrawn(Withdrawn { handover: withdrawn }));
    assert!(last(&ward, ANN, 4) < Some(ward.handover(withdrawn).offered.seq));
}

#[test]
fn of_two_who_were_found_to_be_one_both_responsible_people_are_told_and_the_person_is_somebodys() {
    let mut ward = Ward::new();
    ward.list_with(&[1, 2]);
    ward.take(ANN, 1, None);
    assert_eq!(nobodys(&ward.state), [patient(2)]);
    ward.act(UserId::RECORD, told(patient(1), None));
    ward.act(UserId::RECORD, told(patient(2), Some(patient(1))));
    assert_eq!(nobodys(&ward.state), [], "the same person");
    ward.take(BEN, 2, None);
    for n in [1, 2] {
        let both = responsible_for_person(&ward.state, patient(n));
        let both: Vec<UserId> = both.iter().map(|one| one.user).collect();
        assert_eq!(both, [ANN, BEN]);
    }
    ward.take(ANN, 2, Some(BEN));
    let now = responsible_for_person(&ward.state, patient(1));
    assert!(now.iter().all(|one| one.user == ANN));
}
