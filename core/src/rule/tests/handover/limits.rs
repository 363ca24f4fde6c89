//! What may be written, and how much.

use super::*;
use crate::op::handover::NOTE_BYTES;
use crate::op::handover::offer::{PATIENTS, RESPONSIBILITIES, WAITING};
use crate::op::handover::section::{SECTIONS, SECTIONS_EVER, standard};
use crate::state::handover::DOCUMENT_BYTES;
use crate::state::handover::talk::{EACH_BYTES, SAID_BYTES};
use crate::text::UNSETTLED;

fn many(count: usize) -> Vec<PatientId> {
    let id = |n: usize| PatientId::make(At::from_millis(u64::try_from(n).unwrap()), [7; 10]);
    (0..count).map(id).collect()
}

#[test]
fn offers_are_bounded_in_patients_in_number_and_in_text() {
    let offer = |patients: &[PatientId]| HandoverOp::Offered(offered(patients, To::Person(MEMBER)));
    assert_eq!(ask(ADMIN, offer(&many(PATIENTS))), Ok(()));
    assert_eq!(
        ask(ADMIN, offer(&many(PATIENTS + 1))),
        Err(Refusal::TooManyPatients)
    );

    let mut state = ward(SpaceKind::Team);
    for (n, patient) in many(WAITING - 1).into_iter().enumerate() {
        let id = OpId::from_bytes([100 + u8::try_from(n).unwrap(); 16]);
        assert_eq!(ask_in(&state, ADMIN, offer(&[patient])), Ok(()));
        fold(&mut state, id, ADMIN, Body::Handover(offer(&[patient])));
    }
    assert_eq!(
        ask_in(&state, ADMIN, offer(&[THEIRS])),
        Err(Refusal::TooManyHandovers)
    );

    let mut state = ward(SpaceKind::Team);
    let full = "x".repeat(NOTE_BYTES);
    let patients = many(DOCUMENT_BYTES / NOTE_BYTES + 1);
    for (n, patient) in patients.iter().enumerate() {
        let id = OpId::from_bytes([100 + u8::try_from(n).unwrap(); 16]);
        let note = note(*patient, "situation", &full);
        fold(&mut state, id, ADMIN, Body::Handover(HandoverOp::NoteSet(note)));
    }
    assert_eq!(
        ask_in(&state, ADMIN, offer(&patients)),
        Err(Refusal::HandoverFull)
    );
    assert_eq!(ask_in(&state, ADMIN, offer(&patients[1..])), Ok(()));
}

#[test]
fn responsibility_for_too_many_patients_is_refused_until_care_of_some_has_ended() {
    let mut state = ward(SpaceKind::Team);
    let patients = many(RESPONSIBILITIES - 2);
    for (n, some) in patients.chunks(PATIENTS).enumerate() {
        let id = OpId::from_bytes([100 + u8::try_from(n).unwrap(); 16]);
        assert_eq!(ask_in(&state, BYSTANDER, take(some, None)), Ok(()));
        fold(&mut state, id, BYSTANDER, Body::Handover(take(some, None)));
    }
    assert_eq!(state.handovers.responsibilities(), RESPONSIBILITIES);
    assert_eq!(
        ask_in(&state, MEMBER, take(&[NOBODYS], None)),
        Err(Refusal::TooManyPatients)
    );
    let offer = HandoverOp::Offered(offered(&[NOBODYS], To::Person(MEMBER)));
    assert_eq!(ask_in(&state, ADMIN, offer), Err(Refusal::TooManyPatients));
    assert_eq!(
        ask_in(&state, MEMBER, take(&patients[..1], Some(BYSTANDER))),
        Ok(())
    );
    let ended = CareEnded {
        patients: patients[..1].to_vec(),
    };
    fold(
        &mut state,
        NOWHERE,
        BYSTANDER,
        Body::Handover(HandoverOp::CareEnded(ended)),
    );
    assert_eq!(ask_in(&state, MEMBER, take(&[NOBODYS], None)), Ok(()));
}

#[test]
fn notes_are_written_under_headings_that_are_there_or_where_something_stands() {
    let write = |state: &SpaceState, patient, section: &str, text: &str| {
        ask_in(state, MEMBER, HandoverOp::NoteSet(note(patient, section, text)))
    };
    let mut state = ward(SpaceKind::Team);
    assert_eq!(write(&state, WAITS, "situation", ""), Ok(()), "cleared");
    assert_eq!(write(&state, WAITS, "plan", "x"), Err(Refusal::NoSection));
    let long = "x".repeat(NOTE_BYTES + 1);
    assert_eq!(write(&state, WAITS, "situation", &long), Err(Refusal::TooLong));
    let ahead = NoteSet {
        base: Seq::new(1_000),
        ..note(WAITS, "situation", "x")
    };
    assert_eq!(ask(MEMBER, HandoverOp::NoteSet(ahead)), Err(Refusal::Malformed));
    for n in 0..UNSETTLED {
        let id = OpId::from_bytes([100 + u8::try_from(n).unwrap(); 16]);
        assert_eq!(write(&state, WAITS, "situation", "x"), Ok(()));
        let op = HandoverOp::NoteSet(note(WAITS, "situation", "x"));
        fold(&mut state, id, MEMBER, Body::Handover(op));
    }
    assert_eq!(write(&state, WAITS, "situation", "x"), Err(Refusal::Unsettled));

    let mut state = ward(SpaceKind::Team);
    let op = HandoverOp::NoteSet(note(WAITS, "situation", "x"));
    fold(&mut state, NOWHERE, MEMBER, Body::Handover(op));
    let id = OpId::from_bytes([61; 16]);
    fold(
        &mut state,
        id,
        ADMIN,
        Body::Handover(template(vec![section("plan")])),
    );
    assert_eq!(write(&state, WAITS, "plan", "x"), Ok(()));
    assert_eq!(
        write(&state, WAITS, "situation", ""),
        Ok(()),
        "it can be taken away"
    );
    assert_eq!(write(&state, THEIRS, "situation", "x"), Err(Refusal::NoSection));
}

#[test]
fn a_template_is_sound_bounded_and_made_on_the_one_that_holds() {
    let numbered = |from: usize, count: usize| -> Vec<Section> {
        (from..from + count)
            .map(|n| section(&format!("own-{n}")))
            .collect()
    };
    assert_eq!(ask(ADMIN, template(numbered(0, SECTIONS))), Ok(()));
    assert_eq!(
        ask(ADMIN, template(numbered(0, SECTIONS + 1))),
        Err(Refusal::TooManySections)
    );
    for unsound in [
        vec![],
        vec![section("Ward 7")],
        vec![section("plan"), section("plan")],
    ] {
        assert_eq!(ask(ADMIN, template(unsound)), Err(Refusal::Malformed));
    }
    let mut untitled = section("plan");
    untitled.title = " ".into();
    assert_eq!(ask(ADMIN, template(vec![untitled])), Err(Refusal::Empty));

    let mut state = ward(SpaceKind::Team);
    fold(
        &mut state,
        NOWHERE,
        ADMIN,
        Body::Handover(template(numbered(0, SECTIONS))),
    );
    let again = |state: &SpaceState, from, count, base: Seq, after: Vec<OpId>| {
        let sections = numbered(from, count);
        let op = TemplateSet {
            sections,
            base,
            after,
        };
        ask_in(state, ADMIN, HandoverOp::TemplateSet(op))
    };
    let head = state.head.seq;
    assert_eq!(
        again(&state, 0, 2, Seq::ZERO, vec![]),
        Err(Refusal::ChangedMeanwhile)
    );
    assert_eq!(
        again(&state, 0, 2, Seq::ZERO, vec![NOWHERE]),
        Ok(()),
        "one's own before"
    );
    assert_eq!(again(&state, 0, 2, head, vec![]), Ok(()));
    assert_eq!(again(&state, 0, 2, head.next(), vec![]), Err(Refusal::Malformed));
    let second = TemplateSet {
        sections: numbered(SECTIONS, SECTIONS),
        base: head,
        after: vec![],
    };
    fold(
        &mut state,
        HANDOVER,
        ADMIN,
        Body::Handover(HandoverOp::TemplateSet(second)),
    );
    let left = SECTIONS_EVER - 2 * SECTIONS - standard().len();
    let head = state.head.seq;
    assert_eq!(again(&state, 2 * SECTIONS, left, head, vec![]), Ok(()));
    assert_eq!(
        again(&state, 2 * SECTIONS, left + 1, head, vec![]),
        Err(Refusal::TooManySections)
    );
    assert_eq!(
        again(&state, 0, SECTIONS, head, vec![]),
        Ok(()),
        "those that were there before"
    );
}

#[test]
fn what_is_said_at_a_handover_is_bounded_and_about_it() {
    assert_eq!(ask(BYSTANDER, question("", None)), Err(Refusal::Empty));
    assert_eq!(
        ask(BYSTANDER, question(&"x".repeat(SAID + 1), None)),
        Err(Refusal::TooLong)
    );
    assert_eq!(
        ask(BYSTANDER, question("Why?", Some(THEIRS))),
        Err(Refusal::NotWaiting)
    );
    assert_eq!(ask(MEMBER, read_back(THEIRS)), Err(Refusal::NotWaiting));
    assert_eq!(ask(MEMBER, answer(NOWHERE)), Err(Refusal::NoQuestion));
    let nowhere = Withdrawn { handover: NOWHERE };
    assert_eq!(
        ask(ADMIN, HandoverOp::Withdrawn(nowhere)),
        Err(Refusal::NoHandover)
    );

    let mut state = ward(SpaceKind::Team);
    let long = question(&"x".repeat(SAID), None);
    let before = state.handovers.find(HANDOVER).unwrap().said_bytes();
    let mut said = 0_u8;
    while ask_in(&state, MEMBER, long.clone()).is_ok() {
        said += 1;
        let id = OpId::from_bytes([100 + said; 16]);
        fold(&mut state, id, MEMBER, Body::Handover(long.clone()));
    }
    assert_eq!(usize::from(said), (SAID_BYTES - before) / (SAID + EACH_BYTES));
    assert_eq!(ask_in(&state, MEMBER, long), Err(Refusal::HandoverFull));
    let held = state.handovers.find(HANDOVER).unwrap();
    assert!(held.said_bytes() <= SAID_BYTES);
    assert_eq!(ask_in(&state, MEMBER, accept(Which::All)), Ok(()), "care goes on");
}
