//! Where patients are: visits, and what was withdrawn of them.

use super::*;

#[test]
fn cancelling_gives_back_what_was_before() {
    let mut case = Case::new();
    let patient = case.visit(1, VisitEvent::Admit, Some("A")).patient.unwrap();
    case.visit(1, VisitEvent::Transfer, Some("B"));
    case.visit(1, VisitEvent::Cancel(Cancelled::Transfer), None);
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "A".to_owned()));
    case.visit(1, VisitEvent::Discharge, None);
    assert_eq!(case.ward(patient), (VisitStatus::Discharged, "A".to_owned()));
    case.visit(1, VisitEvent::Cancel(Cancelled::Discharge), None);
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "A".to_owned()));
    case.visit(1, VisitEvent::LeaveOut, None);
    case.visit(1, VisitEvent::Cancel(Cancelled::LeaveOut), None);
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "A".to_owned()));
    case.visit(1, VisitEvent::Transfer, Some("C"));
    case.visit(1, VisitEvent::Cancel(Cancelled::Admit), None);
    assert_eq!(case.shown(patient).visit, None);
    assert_eq!(
        case.news(patient),
        [
            News::Moved(place("B")),
            News::Cancelled,
            News::Discharged,
            News::Cancelled,
            News::Leave { out: true },
            News::Cancelled,
            News::Moved(place("C")),
            News::Cancelled,
        ]
    );
}

#[test]
fn cancelling_an_admission_gives_back_that_it_was_expected() {
    let mut case = Case::new();
    let patient = case.visit(1, VisitEvent::PreAdmit, Some("A")).patient.unwrap();
    case.visit(1, VisitEvent::Admit, Some("B"));
    case.visit(1, VisitEvent::Cancel(Cancelled::Admit), None);
    assert_eq!(case.ward(patient), (VisitStatus::PreAdmitted, "A".to_owned()));
    case.visit(1, VisitEvent::Cancel(Cancelled::PreAdmit), None);
    assert_eq!(case.shown(patient).visit, None);
}

#[test]
fn what_was_said_in_between_outlives_a_cancelled_transfer() {
    let mut case = Case::new();
    let patient = case.visit(1, VisitEvent::Admit, Some("A")).patient.unwrap();
    case.visit(1, VisitEvent::Transfer, Some("B"));
    let consultant = VisitDetails {
        consultant: Update::Set("Dr A Khan".into()),
        ..VisitDetails::default()
    };
    case.take(Change::Tell(model::subject(1), Some(consultant)));
    case.visit(1, VisitEvent::Cancel(Cancelled::Transfer), None);
    assert_eq!(case.ward(patient).1, "A");
    let visit = case.shown(patient).visit.clone().unwrap();
    assert_eq!(visit.consultant, Some("Dr A Khan".into()));
}

#[test]
fn a_cancellation_of_what_was_never_heard_leaves_things_as_if_it_had_been_undone() {
    let mut case = Case::new();
    let patient = case
        .visit(1, VisitEvent::Cancel(Cancelled::Discharge), Some("A"))
        .patient
        .unwrap();
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "A".to_owned()));
    let other = case
        .visit(2, VisitEvent::Cancel(Cancelled::Admit), Some("A"))
        .patient
        .unwrap();
    assert_eq!(case.shown(other).visit, None);
    let moved = case
        .visit(3, VisitEvent::Cancel(Cancelled::Transfer), Some("B"))
        .patient
        .unwrap();
    assert_eq!(case.ward(moved), (VisitStatus::Admitted, "B".to_owned()));
}

#[test]
fn a_transfer_that_comes_after_the_discharge_that_followed_it_does_not_bring_anybody_back() {
    let mut case = Case::new();
    let patient = case.visit(1, VisitEvent::Admit, Some("A")).patient.unwrap();
    let discharge = Change::Visit(model::subject(1), VisitEvent::Discharge, to(None));
    case.take_at(3_000, discharge).unwrap();
    let late = Change::Visit(model::subject(1), VisitEvent::Transfer, to(Some("B")));
    case.take_at(2_000, late).unwrap();
    assert_eq!(case.ward(patient), (VisitStatus::Discharged, "B".to_owned()));
    let cancel = VisitEvent::Cancel(Cancelled::Discharge);
    case.take_at(4_000, Change::Visit(model::subject(1), cancel, to(None)))
        .unwrap();
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "B".to_owned()));
}

#[test]
fn an_update_about_somebody_whose_admission_was_before_the_feed_shows_where_they_are() {
    let mut case = Case::new();
    let details = VisitDetails {
        status: Some(VisitStatus::Admitted),
        ..to(Some("A"))
    };
    let outcome = case.take(Change::Tell(model::subject(1), Some(details.clone())));
    let patient = outcome.patient.unwrap();
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "A".to_owned()));
    case.visit(1, VisitEvent::Discharge, None);
    // What an update says of the status never overrules what happened.
    case.take(Change::Tell(model::subject(1), Some(details)));
    assert_eq!(case.ward(patient).0, VisitStatus::Discharged);
}

#[test]
fn of_several_visits_the_one_that_goes_on_is_shown() {
    let mut case = Case::new();
    let visit = |number: usize, ward: &str| VisitDetails {
        number: Some(model::number(number)),
        ..to(Some(ward))
    };
    let stay = Change::Visit(model::subject(1), VisitEvent::Admit, visit(10, "A"));
    let patient = case.take(stay).patient.unwrap();
    case.take(Change::Visit(
        model::subject(1),
        VisitEvent::PreAdmit,
        visit(11, "B"),
    ));
    assert_eq!(case.ward(patient).1, "A");
    case.take(Change::Visit(
        model::subject(1),
        VisitEvent::Discharge,
        visit(10, "A"),
    ));
    case.take(Change::Visit(
        model::subject(1),
        VisitEvent::Attend,
        visit(12, "Clinic"),
    ));
    assert_eq!(case.ward(patient), (VisitStatus::Attending, "Clinic".to_owned()));
    case.take(Change::Visit(
        model::subject(1),
        VisitEvent::Remove,
        visit(12, "Clinic"),
    ));
    assert_eq!(case.ward(patient), (VisitStatus::Discharged, "A".to_owned()));
}

#[test]
fn a_long_stay_forgets_its_oldest_words_and_nothing_of_where_things_stand() {
    let mut case = Case::new();
    let patient = case.visit(1, VisitEvent::Admit, Some("A")).patient.unwrap();
    for count in 0..100 {
        let ward = format!("Ward {count}");
        case.visit(1, VisitEvent::Transfer, Some(&ward));
    }
    assert_eq!(case.ward(patient).1, "Ward 99");
    let history = &case.index.patient(patient).unwrap().history;
    assert!(history.stays[0].said.len() <= 24);
    // Too old to take a place among what is remembered.
    let late = Change::Visit(model::subject(1), VisitEvent::Discharge, to(None));
    assert_eq!(case.take_at(1_100, late).unwrap().effect, Effect::Nothing);
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "Ward 99".to_owned()));
}

#[test]
fn of_many_visits_those_that_are_over_are_forgotten_first() {
    let mut case = Case::new();
    let visit = |number: usize, ward: &str| VisitDetails {
        number: Some(model::number(number)),
        ..to(Some(ward))
    };
    let stay = Change::Visit(model::subject(1), VisitEvent::Admit, visit(10, "Long"));
    let patient = case.take(stay).patient.unwrap();
    let mut first = None;
    for number in 20..60 {
        let came = Change::Visit(model::subject(1), VisitEvent::Attend, visit(number, "Clinic"));
        first = first.or(Some((case.at + 10, came.clone())));
        case.take(came);
        case.take(Change::Visit(
            model::subject(1),
            VisitEvent::Discharge,
            visit(number, "Clinic"),
        ));
    }
    assert!(case.index.patient(patient).unwrap().history.stays.len() <= 16);
    assert_eq!(case.ward(patient), (VisitStatus::Admitted, "Long".to_owned()));
    let (at, again) = first.unwrap();
    assert_eq!(case.take_at(at, again).unwrap().effect, Effect::Nothing);
}

#[test]
fn swapped_beds_are_swapped_at_once() {
    let mut case = Case::new();
    let one = case.visit(1, VisitEvent::Admit, Some("A")).patient.unwrap();
    let other = case.visit(2, VisitEvent::Admit, Some("B")).patient.unwrap();
    case.take(Change::Swap {
        one: (model::subject(1), to(Some("B"))),
        other: (model::subject(2), to(Some("A"))),
    });
    assert_eq!(
        (case.ward(one).1, case.ward(other).1),
        ("B".to_owned(), "A".to_owned())
    );
}

#[test]
fn a_visit_that_was_somebody_elses_goes_to_them() {
    let mut case = Case::new();
    let visit = |number: usize| VisitDetails {
        number: Some(model::number(number)),
        ..to(Some("A"))
    };
    let stay = Change::Visit(model::subject(1), VisitEvent::Admit, visit(10));
    let thought = case.take(stay).patient.unwrap();
    let change = Change::MoveVisit {
        from: model::subject(1),
        number: Some(model::number(10)),
        to: model::subject(2),
        becomes: Some(model::number(11)),
    };
    let whose = case.take(change).patient.unwrap();
    assert_eq!(case.shown(thought).visit, None);
    assert_eq!(case.ward(whose).1, "A");
    case.take(Change::Visit(model::subject(2), VisitEvent::Discharge, visit(11)));
    assert_eq!(case.ward(whose).0, VisitStatus::Discharged);
}
