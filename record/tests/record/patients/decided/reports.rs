//! Reports of results: of those whom the index knows, and of nobody else.

use baton_core::chain::Seq;
use baton_core::patient::{Report, ReportFlag, ReportStatus};

use super::*;

fn report(name: &str) -> Report {
    Report {
        name: Personal::new(name.to_owned()),
        at: At::from_millis(7),
        status: ReportStatus::Final,
        flag: ReportFlag::Abnormal,
        told: Seq::ZERO,
    }
}

fn names(case: &Case, patient: PatientId) -> Vec<(u64, String)> {
    let reports = &case.index.patient(patient).unwrap().history.reports;
    reports
        .iter()
        .map(|(version, report)| (*version, report.name.expose().clone()))
        .collect()
}

#[test]
fn a_report_is_one_more_version_of_a_patient_of_whom_all_else_stays() {
    let mut case = Case::new();
    let ada = case.tell(named(model::subject(1), "OKONKWO", "Ada", "1961-02-01"));
    let before = case.shown(ada).clone();
    case.index.take_changes();
    let told = named(model::subject(1), "OKONKWO-HART", "Ada", "1961-02-01");
    let change = Change::Report(told, vec![report("Urea"), report("Full blood count")]);
    let outcome = case.take_at(5_000, change.clone()).unwrap();
    assert_eq!(outcome.patient, Some(ada));
    assert_eq!(outcome.effect, Effect::Changed);
    let expected = Patient {
        version: before.version + 1,
        ..before
    };
    assert_eq!(
        *case.shown(ada),
        expected,
        "a laboratory gives nobody another name"
    );
    assert!(case.index.take_changes().visible.contains(&ada));
    assert!(case.news(ada).is_empty());
    let kept = [(2, "Urea".to_owned()), (2, "Full blood count".to_owned())];
    assert_eq!(names(&case, ada), kept);
    // The same again does nothing.
    assert_eq!(case.take_at(5_000, change).unwrap().effect, Effect::Nothing);
    assert_eq!(names(&case, ada), kept);
}

#[test]
fn a_report_of_nobody_who_is_known_makes_nobody() {
    let mut case = Case::new();
    let outcome = case.take(Change::Report(
        named(model::subject(9), "OKONKWO", "Ada", "1961-02-01"),
        vec![report("Urea")],
    ));
    assert_eq!((outcome.patient, outcome.effect), (None, Effect::Nothing));
    assert_eq!(case.index.patients().count(), 0);
    let nobody = Change::Report(Subject::default(), vec![report("Urea")]);
    assert_eq!(case.take_at(9_000, nobody), Err(EventRefusal::NoNumber));
}

#[test]
fn a_report_of_whoever_has_another_birth_date_or_given_name_is_not_of_who_has_the_number() {
    let mut case = Case::new();
    let ada = case.tell(named(model::subject(1), "OKONKWO", "Ada", "1961-02-01"));
    for (given, born) in [("Ada", "1962-02-01"), ("Grace", "1961-02-01")] {
        let other = named(model::subject(1), "OKONKWO", given, born);
        let outcome = case.take(Change::Report(other, vec![report("Urea")]));
        assert_eq!((outcome.patient, outcome.effect), (None, Effect::Nothing));
    }
    assert!(names(&case, ada).is_empty());
    // Neither does a number alone say whose it is, nor one with another name and no date of birth.
    case.take(Change::Report(model::subject(1), vec![report("Urea")]));
    let stranger = with(named(model::subject(1), "HALL", "", "1961-02-01"), |details| {
        details.born = Update::Keep;
    });
    case.take(Change::Report(stranger, vec![report("Urea")]));
    assert!(names(&case, ada).is_empty());
    // The date of birth alone bears it out.
    let born = with(named(model::subject(1), "", "", "1961-02-01"), |details| {
        details.name = Update::Keep;
    });
    case.take(Change::Report(born, vec![report("Urea")]));
    assert_eq!(names(&case, ada).len(), 1);
}

#[test]
fn a_report_of_a_record_that_was_merged_away_is_told_of_the_one_that_stands() {
    let mut case = Case::new();
    let ada = case.tell(named(model::subject(1), "OKONKWO", "Ada", "1961-02-01"));
    let twice = case.tell(named(model::subject(2), "OKONKWO", "Ada", "1961-02-01"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    let told = named(model::subject(2), "OKONKWO", "Ada", "1961-02-01");
    case.take(Change::Report(told, vec![report("Urea")]));
    assert_eq!(names(&case, ada).len(), 1);
    assert!(names(&case, twice).is_empty());
}

#[test]
fn of_reports_that_no_space_was_told_the_newest_are_kept_and_news_are_not_lost_by_them() {
    let mut case = Case::new();
    let ada = case.tell(named(model::subject(1), "OKONKWO", "Ada", "1961-02-01"));
    case.tell(with(model::subject(1), |details| {
        details.died = Update::Set(Died::default());
    }));
    let told = || named(model::subject(1), "OKONKWO", "Ada", "1961-02-01");
    for number in 0..100 {
        case.take(Change::Report(told(), vec![report(&number.to_string())]));
    }
    // All of an order comes again with each part of it that is new.
    case.take(Change::Report(told(), vec![report("98"), report("99")]));
    let kept: Vec<String> = names(&case, ada).into_iter().map(|(_, name)| name).collect();
    let newest: Vec<String> = (88..100).map(|number: u32| number.to_string()).collect();
    assert_eq!(kept, newest);
    assert_eq!(case.news(ada), [News::Died]);
    let many = Change::Report(told(), vec![report("Urea"); 501]);
    assert_eq!(case.take_at(9_999, many), Err(EventRefusal::TooMuch));
}
