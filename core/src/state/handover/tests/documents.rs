//! What was handed over, as it was.

use super::*;
use crate::op::handover::{Answered, Asked, Section, TemplateSet};
use crate::state::handover::document::{Document, Page};
use crate::state::handover::view::changed_after_offer;

fn texts(page: &Page, section: &SectionId) -> Vec<String> {
    let found = page.sections.iter().find(|part| part.id == *section).unwrap();
    found
        .versions
        .iter()
        .map(|version| version.text.as_str().to_owned())
        .collect()
}

#[test]
fn what_was_handed_over_stays_as_it_was_and_says_what_changed_before_it_was_accepted() {
    let mut ward = Ward::new();
    ward.write(ANN, 1, &situation(), "Day 2");
    ward.write(ANN, 2, &situation(), "Day 5");
    ward.rate(ANN, 1, Priority::Watch);
    let offered = ward.offer(ANN, &[1, 2], BEN);
    ward.write(CAT, 1, &situation(), "Day 2, febrile");
    ward.rate(CAT, 1, Priority::Unstable);
    assert_eq!(
        changed_after_offer(&ward.state, ward.handover(offered)),
        [patient(1)]
    );
    ward.accept(BEN, offered, Which::All);
    ward.write(BEN, 1, &situation(), "Moved to ITU");
    ward.write(BEN, 2, &situation(), "Home tomorrow");

    let document = ward.document(offered);
    let [first, second] = document.patients.as_slice() else {
        panic!("two patients")
    };
    assert_eq!(texts(&first.offered, &situation()), ["Day 2"]);
    assert_eq!(first.offered.priority.unwrap().priority, Priority::Watch);
    let accepted = first.accepted.as_ref().unwrap();
    assert_eq!(texts(accepted, &situation()), ["Day 2, febrile"]);
    assert_eq!(accepted.priority.unwrap().priority, Priority::Unstable);
    assert_eq!(accepted.priority_before.unwrap().priority, Priority::Watch);
    assert!(first.has_changed && !second.has_changed);
    assert_eq!(
        (texts(&second.offered, &situation()), &second.accepted),
        (vec!["Day 5".to_owned()], &None)
    );
    let version = ward.held().sheet(patient(1)).unwrap().note(&situation()).unwrap();
    assert_eq!(version.newest(), "Moved to ITU");
}

#[test]
fn texts_that_nobody_has_settled_are_handed_over_side_by_side() {
    let mut ward = Ward::new();
    let note = |text: &str| {
        HandoverOp::NoteSet(NoteSet {
            patient: patient(1),
            section: situation(),
            text: text.into(),
            base: Seq::ZERO,
            after: vec![],
        })
    };
    ward.hand(ANN, note("For CPR"));
    ward.hand(BEN, note("Not for CPR"));
    let offered = ward.offer(ANN, &[1], BEN);
    let document = ward.document(offered);
    let page = &document.patients[0].offered;
    assert_eq!(texts(page, &situation()), ["For CPR", "Not for CPR"]);
    let authors: Vec<UserId> = page.sections[0]
        .versions
        .iter()
        .map(|version| version.stamp.by)
        .collect();
    assert_eq!(authors, [ANN, BEN]);
}

#[test]
fn what_was_written_under_a_heading_that_left_the_template_stays_readable() {
    let mut ward = Ward::new();
    ward.write(ANN, 1, &situation(), "Day 2");
    let section = |id: &str, title: &str| Section {
        id: SectionId::new(id),
        title: title.into(),
        is_expected: false,
    };
    let set = |sections, base| TemplateSet {
        sections,
        base,
        after: vec![],
    };
    let early = ward.offer(ANN, &[1], BEN);
    let first = set(vec![section("plan", "Plan")], Seq::ZERO);
    ward.hand(ANN, HandoverOp::TemplateSet(first));
    let late = ward.offer(ANN, &[2], BEN);
    ward.accept(BEN, early, Which::All);
    let again = ward.offer(BEN, &[1], CAT);
    let headings = |ward: &Ward, id| -> Vec<String> {
        let page = ward.document(id).patients[0].offered.clone();
        page.sections
            .iter()
            .map(|part| part.title.as_str().to_owned())
            .collect()
    };
    assert_eq!(headings(&ward, early).len(), 7, "as they were then");
    assert_eq!(
        headings(&ward, late),
        ["Plan"],
        "what is empty and gone is not shown"
    );
    assert_eq!(headings(&ward, again), ["Plan", "Situation"]);
    let unseen = set(vec![section("own", "Own")], Seq::ZERO);
    ward.hand(ANN, HandoverOp::TemplateSet(unseen));
    assert!(
        ward.held().template.includes(&SectionId::new("plan")),
        "made on another template"
    );
    let basis = ward.held().template.basis();
    let back = set(vec![section("situation", "Situation now")], basis.base);
    ward.hand(ANN, HandoverOp::TemplateSet(back));
    let left: Vec<&str> = ward
        .held()
        .template
        .left()
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    assert!(left.contains(&"plan") && !left.contains(&"situation"), "{left:?}");
}

#[test]
fn a_handover_is_closed_when_both_sides_signed_and_says_who_was_there() {
    let mut ward = Ward::new();
    let offered = ward.offer(ANN, &[1], BEN);
    let asked = Asked {
        handover: offered,
        patient: Some(patient(1)),
        text: "Family told?".into(),
    };
    let question = ward.hand(BEN, HandoverOp::Asked(asked));
    let text: Personal<String> = "Yes".into();
    let answered = Answered { question, text };
    ward.hand(CAT, HandoverOp::Answered(answered));
    ward.close(ANN, offered, Side::Giving);
    assert!(!ward.handover(offered).is_closed());
    ward.accept(BEN, offered, Which::All);
    ward.close(BEN, offered, Side::Receiving);
    assert!(ward.handover(offered).is_closed());
    let document = ward.document(offered);
    assert_eq!(document.present, [CAT, BEN], "each once");
    assert_eq!(document.sign_offs.len(), 2);
    assert!(document.is_closed && document.has_texts);
    let questions = &document.patients[0].questions;
    assert_eq!(questions[0].answers[0].by.stamp.by, CAT);
    assert_eq!((document.place.as_str(), document.questions.len()), ("Office", 0));
}

#[test]
fn handovers_are_let_go_and_the_log_gives_each_exactly_as_it_was() {
    let mut ward = Ward::new();
    ward.list_with(&[1]);
    let long = "x".repeat(DOCUMENT_BYTES / 5);
    let mut all = Vec::new();
    let mut documents = Vec::new();
    for n in 0..HANDOVERS + 4 {
        let (from, to) = if n % 2 == 0 { (ANN, BEN) } else { (BEN, ANN) };
        ward.write(from, 1, &situation(), &format!("{n} {long}"));
        let id = ward.offer(from, &[1], to);
        ward.accept(to, id, Which::All);
        all.push(id);
        documents.push(ward.document(id));
    }
    let waiting = ward.offer(ANN, &[2], BEN);
    let held: Vec<OpId> = ward.held().iter().map(Handover::id).collect();
    let (newest, last) = (&all[4..], [waiting]);
    assert_eq!(held, newest.iter().chain(&last).copied().collect::<Vec<_>>());
    let with_text: Vec<OpId> = ward
        .held()
        .iter()
        .filter(|held| held.has_document())
        .map(Handover::id)
        .collect();
    assert_eq!(
        with_text,
        [&all[all.len() - 4..], &last].concat(),
        "the newest that fit, and who waits"
    );
    assert!(!ward.document(all[10]).has_texts && ward.document(all[10]).patients[0].decision.is_some());
    for (id, document) in all.iter().zip(&documents) {
        let past = ward.past(*id, |_| true).unwrap();
        assert_eq!(&Document::of(&ward.state, &past), document);
        let few = |body: &Body| !matches!(body, Body::Message(_) | Body::Patient(_));
        assert_eq!(ward.past(*id, few), Some(past));
    }
    assert_eq!(ward.past(LIST, |_| true), None);
}
