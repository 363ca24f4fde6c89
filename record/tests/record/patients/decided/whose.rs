//! Whose it is that an event names, and what is said of them.

use super::*;

#[test]
fn a_hospital_with_its_own_number_finds_a_patient_of_another_by_nhs_number_birth_date_and_given_name() {
    let mut case = Case::new();
    let first = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "OKONKWO",
        "Ada",
        "1961-02-01",
    ));
    let second = named(
        with_nhs(model::subject(2), ONE),
        "Okonkwo-Hart",
        "ada jane",
        "1961-02-01",
    );
    assert_eq!(case.tell(second), first);
    assert_eq!(
        case.shown(first).identifiers,
        [model::number(2), model::number(1)]
    );
}

#[test]
fn an_nhs_number_of_somebody_else_makes_another_patient_and_is_not_verified_there() {
    let mut case = Case::new();
    let first = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "OKONKWO",
        "Ada",
        "1961-02-01",
    ));
    for (number, family, given, born) in [
        (2, "OKONKWO", "Ada", "1962-02-01"),
        (3, "OKONKWO", "Grace", "1961-02-01"),
        (4, "BYRNE", "Tom", "1949-11-30"),
    ] {
        let other = case.tell(named(with_nhs(model::subject(number), ONE), family, given, born));
        assert_ne!(other, first);
        assert!(!case.shown(other).nhs.unwrap().is_verified);
    }
    assert!(case.shown(first).nhs.unwrap().is_verified);
    assert_eq!(case.index.take_changes().possible_duplicates.len(), 6);
    // Said again, it is not told again.
    case.tell(named(
        with_nhs(model::subject(4), ONE),
        "BYRNE",
        "Tom",
        "1949-11-30",
    ));
    assert!(case.index.take_changes().possible_duplicates.is_empty());
}

#[test]
fn twins_whose_nhs_numbers_are_confused_stay_two() {
    let mut case = Case::new();
    let ada = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "HALL",
        "Ada",
        "2020-05-05",
    ));
    let eve = case.tell(named(
        with_nhs(model::subject(2), ONE),
        "HALL",
        "Eve",
        "2020-05-05",
    ));
    assert_ne!(ada, eve);
    case.tell(with_nhs(model::subject(2), OTHER));
    assert!(case.shown(eve).nhs.unwrap().is_verified);
    assert_eq!(
        case.shown(ada).nhs.unwrap().number,
        NhsNumber::parse(ONE).unwrap()
    );
}

#[test]
fn a_message_without_any_number_is_refused_and_so_is_an_nhs_number_alone() {
    let mut case = Case::new();
    let nameless = Subject::default();
    let nobody = named(Subject::default(), "HALL", "Ada", "2020-05-05");
    let only = with_nhs(Subject::default(), ONE);
    for subject in [nameless, nobody, only] {
        let refused = case.take_at(1, Change::Tell(subject, None));
        assert_eq!(refused, Err(EventRefusal::NoNumber));
    }
    assert_eq!(case.index.patients().count(), 0);
    let whole = named(with_nhs(Subject::default(), ONE), "HALL", "Ada", "2020-05-05");
    let made = case.tell(whole.clone());
    assert_eq!(case.tell(whole), made);
}

#[test]
fn an_unknown_id_and_two_who_are_one_are_refused_and_change_nothing() {
    let mut case = Case::new();
    let known = case.tell(model::subject(1));
    let unknown = Subject {
        patient: Some(PatientId::from_bytes([9; 16])),
        ..Subject::default()
    };
    let refused = case.take_at(5_000, Change::Tell(unknown, None));
    assert_eq!(refused, Err(EventRefusal::NoSuchPatient));
    let before = case.index.patient(known).cloned();
    for change in [
        Change::Swap {
            one: (model::subject(1), to(Some("A"))),
            other: (model::subject(1), to(Some("B"))),
        },
        Change::Link {
            one: model::subject(7),
            other: model::subject(7),
        },
    ] {
        assert_eq!(case.take_at(5_000, change), Err(EventRefusal::SamePatient));
    }
    assert_eq!(case.index.patient(known).cloned(), before);
    assert_eq!(case.index.patients().count(), 1);
    assert_eq!(case.index.owner(&model::number(7)), None);
}

#[test]
fn more_than_is_kept_of_one_patient_is_refused() {
    let mut case = Case::new();
    let long = with(model::subject(1), |details| {
        details.preferred = Update::Set(Personal::new("x".repeat(40_000)));
    });
    assert_eq!(
        case.take_at(1, Change::Tell(long, None)),
        Err(EventRefusal::TooMuch)
    );
    let many = with(model::subject(1), |details| {
        details.identifiers = (0..60).map(model::number).collect();
    });
    assert_eq!(
        case.take_at(1, Change::Tell(many, None)),
        Err(EventRefusal::TooMuch)
    );
}

#[test]
fn what_is_left_out_stays_and_what_is_cleared_goes() {
    let mut case = Case::new();
    let patient = case.tell(with(
        named(model::subject(1), "HALL", "Ada", "1961-02-01"),
        |details| {
            details.preferred = Update::Set("Addie".into());
            details.gender = Update::Set(Gender::Female);
        },
    ));
    case.tell(model::subject(1));
    assert_eq!(case.shown(patient).preferred, Some("Addie".into()));
    case.tell(with(model::subject(1), |details| {
        details.preferred = Update::Clear;
    }));
    assert_eq!(case.shown(patient).preferred, None);
    assert_eq!(case.shown(patient).gender, Gender::Female);
    assert_eq!(case.shown(patient).name.expose().family, "HALL");
}

#[test]
fn older_words_fill_in_what_nobody_said_since_and_change_nothing_else() {
    let mut case = Case::new();
    let newer = named(model::subject(1), "HALL", "Ada", "1961-02-01");
    let patient = case
        .take_at(2_000, Change::Tell(newer, None))
        .unwrap()
        .patient
        .unwrap();
    let older = with(named(model::subject(1), "Hull", "Ida", "1916-02-01"), |details| {
        details.preferred = Update::Set("Addie".into());
    });
    case.take_at(1_500, Change::Tell(older, None)).unwrap();
    assert_eq!(case.shown(patient).name.expose().family, "HALL");
    assert_eq!(case.shown(patient).preferred, Some("Addie".into()));
}

#[test]
fn the_version_moves_with_what_is_seen_and_with_nothing_else() {
    let mut case = Case::new();
    let subject = named(model::subject(1), "HALL", "Ada", "1961-02-01");
    let patient = case.tell(subject.clone());
    assert_eq!(case.shown(patient).version, 1);
    assert_eq!(case.take(Change::Tell(subject, None)).effect, Effect::Changed);
    assert_eq!(case.shown(patient).version, 1);
    case.tell(with(model::subject(1), |details| {
        details.preferred = Update::Set("Addie".into());
    }));
    assert_eq!(case.shown(patient).version, 2);
}

#[test]
fn another_nhs_number_makes_the_one_before_a_superseded_one_that_still_finds_them() {
    let mut case = Case::new();
    let patient = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "HALL",
        "Ada",
        "1961-02-01",
    ));
    case.tell(with_nhs(model::subject(1), OTHER));
    assert_eq!(case.shown(patient).superseded, [NhsNumber::parse(ONE).unwrap()]);
    assert_eq!(case.news(patient), [News::IdentityChanged]);
    let old = named(with_nhs(model::subject(2), ONE), "HALL", "Ada", "1961-02-01");
    assert_eq!(case.tell(old), patient);
}

#[test]
fn a_death_and_its_withdrawal_are_told() {
    let mut case = Case::new();
    let patient = case.tell(model::subject(1));
    case.tell(with(model::subject(1), |details| {
        details.died = Update::Set(Died::default());
    }));
    assert!(case.shown(patient).died.is_some());
    case.tell(with(model::subject(1), |details| details.died = Update::Clear));
    assert!(case.shown(patient).died.is_none());
    assert_eq!(case.news(patient), [News::Died, News::DeathWithdrawn]);
}

#[test]
fn numbers_of_two_patients_in_one_message_move_none_and_are_told() {
    let mut case = Case::new();
    let one = case.tell(model::subject(1));
    let other = case.tell(model::subject(2));
    let both = with(model::subject(1), |details| {
        details.identifiers.push(model::number(2));
    });
    assert_eq!(case.tell(both), one);
    assert_eq!(case.shown(other).identifiers, [model::number(2)]);
    assert_eq!(case.shown(one).identifiers, [model::number(1)]);
    assert_eq!(
        case.index
            .take_changes()
            .possible_duplicates
            .into_iter()
            .collect::<Vec<_>>(),
        [(one, other)]
    );
}

#[test]
fn a_new_number_takes_the_place_of_the_old_one_which_still_finds_them() {
    let mut case = Case::new();
    let patient = case.tell(model::subject(1));
    let renumbered = case.take(Change::Renumber {
        from: model::subject(1),
        to: model::subject(2),
    });
    assert_eq!(renumbered.patient, Some(patient));
    assert_eq!(
        case.shown(patient).identifiers,
        [model::number(2), model::number(1)]
    );
    assert_eq!(case.tell(model::subject(1)), patient);
    assert_eq!(case.tell(model::subject(2)), patient);
}

#[test]
fn who_was_said_not_to_be_a_patient_is_one_again_when_something_newer_is_said() {
    let mut case = Case::new();
    let patient = case.tell(model::subject(1));
    let is_removed = |case: &Case| case.index.patient(patient).unwrap().history.removed.value;
    case.take(Change::Remove(model::subject(1)));
    assert!(is_removed(&case));
    case.take_at(1_001, Change::Tell(model::subject(1), None))
        .unwrap();
    assert!(is_removed(&case));
    case.visit(1, VisitEvent::Admit, Some("A"));
    assert!(!is_removed(&case));
    assert_eq!(case.take(Change::Remove(model::subject(9))).patient, None);
}

#[test]
fn a_number_of_another_service_names_nobody_who_was_born_on_another_day_or_is_called_otherwise() {
    let mut case = Case::new();
    let known = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    let other_first = |number: usize| {
        with(model::subject(number), |details| {
            details.identifiers.push(model::number(1));
        })
    };
    assert_eq!(
        case.tell(named(other_first(2), "HALL-KHAN", "Ada", "1961-02-01")),
        known
    );
    for (number, given, born) in [(3, "Eve", "1961-02-01"), (4, "Ada", "1961-01-02")] {
        let other = case.tell(named(other_first(number), "HALL", given, born));
        assert_ne!(other, known);
        assert_eq!(case.shown(other).identifiers, [model::number(number)]);
    }
    assert_eq!(case.index.take_changes().possible_duplicates.len(), 2);
    // Where nothing is said that could be compared, the number counts.
    assert_eq!(case.tell(other_first(5)), known);
}
