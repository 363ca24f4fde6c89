//! What becomes of the index, without a database: random streams against the model, and cases by name.

use std::collections::BTreeMap;

use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::op::patient::News;
use baton_core::patient::{
    Address, AddressKind, Died, Gender, Patient, PatientNhsNumber, Place, VisitStatus,
};
use baton_core::person::Name;
use baton_core::secret::Personal;
use baton_core::time::At;
use baton_record::patients::change::{
    Cancelled, Change, Details, Event, Subject, Update, VisitDetails, VisitEvent,
};
use baton_record::patients::decide::{Effect, EventRefusal, Index, Outcome};

use super::model::{self, Hospital, PATIENTS};

/// Ids for new patients, one after the other.
fn ids() -> impl FnMut() -> PatientId {
    let mut count: u64 = 0;
    move || {
        count += 1;
        PatientId::make(At::from_millis(count), [0; 10])
    }
}

fn take(index: &mut Index, events: &[Event], make: &mut impl FnMut() -> PatientId) {
    for event in events {
        index.take(event, make).unwrap();
    }
}

fn assert_true(hospital: &Hospital, index: &Index, seed: u64) {
    let numbers: BTreeMap<PatientId, usize> = (0..PATIENTS)
        .map(|patient| (index.owner(&model::number(patient)).unwrap(), patient))
        .collect();
    assert_eq!(index.patients().count(), PATIENTS, "seed {seed}");
    for held in index.patients() {
        let patient = numbers[&held.shown.id];
        assert_eq!(
            model::shown(&held.shown, &numbers),
            hospital.truth(patient),
            "patient {patient}, seed {seed}"
        );
    }
}

#[test]
fn random_streams_that_come_late_and_twice_give_what_a_plain_model_gives() {
    for seed in 0..400 {
        let mut hospital = Hospital::new(seed);
        for _ in 0..70 {
            hospital.happen();
        }
        let arriving = hospital.as_it_arrives();
        let (mut index, mut make) = (Index::default(), ids());
        take(&mut index, &arriving, &mut make);
        assert_true(&hospital, &index, seed);
    }
}

#[test]
fn a_whole_stream_that_comes_again_changes_nothing() {
    for seed in 400..500 {
        let mut hospital = Hospital::new(seed);
        for _ in 0..70 {
            hospital.happen();
        }
        let (mut index, mut make) = (Index::default(), ids());
        take(&mut index, &hospital.events, &mut make);
        let before: Vec<_> = index.patients().map(|held| held.shown.clone()).collect();
        for event in &hospital.events {
            let outcome = index.take(event, &mut make).unwrap();
            assert_eq!(outcome.effect, Effect::Nothing, "seed {seed}: {event:?}");
        }
        let after: Vec<_> = index.patients().map(|held| held.shown.clone()).collect();
        assert_eq!(before, after, "seed {seed}");
    }
}

/// An index, with ids for new patients, and a moment that moves on.
struct Case {
    index: Index,
    made: u64,
    at: u64,
}

impl Case {
    fn new() -> Self {
        Self {
            index: Index::default(),
            made: 0,
            at: 1_000,
        }
    }

    fn take(&mut self, change: Change) -> Outcome {
        self.at += 10;
        self.take_at(self.at, change).unwrap()
    }

    fn take_at(&mut self, at: u64, change: Change) -> Result<Outcome, EventRefusal> {
        let made = &mut self.made;
        let event = Event {
            at: At::from_millis(at),
            change,
        };
        self.index.take(&event, &mut || {
            *made += 1;
            PatientId::make(At::from_millis(*made), [0; 10])
        })
    }

    fn tell(&mut self, subject: Subject) -> PatientId {
        self.take(Change::Tell(subject, None)).patient.unwrap()
    }

    fn visit(&mut self, patient: usize, event: VisitEvent, ward: Option<&str>) -> Outcome {
        self.take(Change::Visit(model::subject(patient), event, to(ward)))
    }

    fn shown(&self, patient: PatientId) -> &Patient {
        &self.index.patient(patient).unwrap().shown
    }

    fn news(&self, patient: PatientId) -> Vec<News> {
        let news = &self.index.patient(patient).unwrap().history.news;
        news.iter().map(|(_, news)| news.clone()).collect()
    }

    fn ward(&self, patient: PatientId) -> (VisitStatus, String) {
        let visit = self.shown(patient).visit.clone().unwrap();
        (visit.status, visit.place.unwrap_or_default().ward)
    }
}

fn to(ward: Option<&str>) -> VisitDetails {
    VisitDetails {
        place: ward.map(place).into(),
        ..VisitDetails::default()
    }
}

fn place(ward: &str) -> Place {
    Place {
        ward: ward.to_owned(),
        ..Place::default()
    }
}

fn named(subject: Subject, family: &str, given: &str, born: &str) -> Subject {
    Subject {
        details: Details {
            name: Update::Set(Personal::new(Name {
                family: family.to_owned(),
                given: given.to_owned(),
                title: String::new(),
            })),
            born: Update::Set(Personal::new(born.parse().unwrap())),
            ..subject.details
        },
        ..subject
    }
}

fn with_nhs(subject: Subject, number: &str) -> Subject {
    Subject {
        details: Details {
            nhs: Update::Set(PatientNhsNumber {
                number: NhsNumber::parse(number).unwrap(),
                is_verified: true,
            }),
            ..subject.details
        },
        ..subject
    }
}

fn with(subject: Subject, change: impl FnOnce(&mut Details)) -> Subject {
    let mut subject = subject;
    change(&mut subject.details);
    subject
}

const ONE: &str = "900 000 0009";
const OTHER: &str = "900 000 0017";

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
        details.preferred = Update::Clear
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
        details.preferred = Update::Set("Addie".into())
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
fn a_survivor_is_shown_with_the_numbers_and_the_visit_of_who_was_merged_and_an_unmerge_gives_them_back() {
    let mut case = Case::new();
    let survivor = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "HALL",
        "Ada",
        "1961-02-01",
    ));
    let retired = case.tell(named(
        with_nhs(model::subject(2), OTHER),
        "Hull",
        "Eda",
        "1961-01-02",
    ));
    case.visit(2, VisitEvent::Admit, Some("A"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    let shown = case.shown(survivor);
    assert_eq!(shown.name.expose().family, "HALL");
    assert_eq!(shown.identifiers, [model::number(1), model::number(2)]);
    assert_eq!(shown.superseded, [NhsNumber::parse(OTHER).unwrap()]);
    assert_eq!(case.ward(survivor).1, "A");
    assert_eq!(case.shown(retired).merged_into, Some(survivor));
    assert_eq!(case.news(survivor), [News::TookIn(retired)]);
    assert_eq!(case.news(retired).last(), Some(&News::MergedInto(survivor)));

    // The stay that began under one number goes on under the other.
    case.visit(1, VisitEvent::Transfer, Some("B"));
    assert_eq!(case.ward(survivor).1, "B");
    case.visit(1, VisitEvent::Discharge, None);
    assert_eq!(case.ward(survivor).0, VisitStatus::Discharged);

    case.take(Change::Unmerge {
        retired: model::subject(2),
    });
    assert_eq!(case.shown(retired).merged_into, None);
    assert_eq!(case.shown(retired).name.expose().family, "Hull");
    assert_eq!(case.ward(retired), (VisitStatus::Admitted, "A".to_owned()));
    assert_eq!(case.shown(survivor).identifiers, [model::number(1)]);
    assert!(case.shown(survivor).superseded.is_empty());
    assert_eq!(case.news(retired).last(), Some(&News::Unmerged(survivor)));
}

#[test]
fn what_is_said_under_the_old_number_after_a_merge_counts_for_the_survivor() {
    let mut case = Case::new();
    let survivor = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    case.tell(named(model::subject(2), "Hull", "Eda", "1961-01-02"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    assert_eq!(case.shown(survivor).name.expose().family, "HALL");
    case.tell(named(model::subject(2), "HALL-KHAN", "Ada", "1961-02-01"));
    assert_eq!(case.shown(survivor).name.expose().family, "HALL-KHAN");
}

#[test]
fn a_merge_of_somebody_who_was_never_heard_of_waits_for_them() {
    let mut case = Case::new();
    let survivor = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    case.visit(2, VisitEvent::Admit, Some("A"));
    assert_eq!(case.ward(survivor).1, "A");
    assert_eq!(case.shown(survivor).identifiers.len(), 2);
}

#[test]
fn a_merge_by_nhs_number_alone_takes_only_who_agrees() {
    let mut case = Case::new();
    let survivor = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "HALL",
        "Ada",
        "1961-02-01",
    ));
    let stranger = case.tell(named(
        with_nhs(model::subject(2), OTHER),
        "BYRNE",
        "Tom",
        "1949-11-30",
    ));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: with_nhs(Subject::default(), OTHER),
    });
    assert_eq!(case.shown(stranger).merged_into, None);
    assert_eq!(
        case.shown(survivor).superseded,
        [NhsNumber::parse(OTHER).unwrap()]
    );
    let same = case.tell(named(
        with_nhs(model::subject(3), "900 000 0025"),
        "Hall",
        "Ada",
        "1961-02-01",
    ));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: with_nhs(Subject::default(), "900 000 0025"),
    });
    assert_eq!(case.shown(same).merged_into, Some(survivor));
}

#[test]
fn chains_of_merges_stand_for_each_other_and_part_where_they_were_joined() {
    let mut case = Case::new();
    let ids: Vec<PatientId> = (1..4).map(|number| case.tell(model::subject(number))).collect();
    let merge = |survivor, retired| Change::Merge {
        survivor: model::subject(survivor),
        retired: model::subject(retired),
    };
    case.take(merge(2, 1));
    case.take(merge(3, 2));
    assert_eq!(case.index.stands_for(ids[0]), ids[2]);
    assert_eq!(case.shown(ids[2]).identifiers.len(), 3);
    case.take(Change::Unmerge {
        retired: model::subject(2),
    });
    assert_eq!(case.index.stands_for(ids[0]), ids[1]);
    assert_eq!(case.shown(ids[1]).identifiers.len(), 2);
    assert_eq!(case.shown(ids[2]).identifiers.len(), 1);
}

#[test]
fn a_merge_the_other_way_round_turns_who_stands_for_whom() {
    let mut case = Case::new();
    let one = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    let other = case.tell(named(model::subject(2), "HULL", "Ada", "1961-02-01"));
    let merge = |survivor, retired| Change::Merge {
        survivor: model::subject(survivor),
        retired: model::subject(retired),
    };
    case.take(merge(1, 2));
    case.take(merge(2, 1));
    assert_eq!(case.shown(one).merged_into, Some(other));
    assert_eq!(case.shown(other).merged_into, None);
    assert_eq!(case.shown(other).name.expose().family, "HULL");
}

#[test]
fn a_merge_neither_lays_open_what_was_withheld_nor_forgets_a_death() {
    let mut case = Case::new();
    let survivor = case.tell(with(
        named(model::subject(1), "HALL", "Ada", "1961-02-01"),
        |details| {
            details.addresses = Update::Set(vec![Address {
                kind: AddressKind::Usual,
                lines: Personal::new(vec!["1 Mill Lane".to_owned()]),
                postcode: "LS1 4AB".into(),
            }]);
        },
    ));
    assert_eq!(case.shown(survivor).addresses.len(), 1);
    case.tell(with(model::subject(2), |details| {
        details.restricted = Update::Set(true);
        details.died = Update::Set(Died::default());
    }));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    let shown = case.shown(survivor);
    assert!(shown.restricted && shown.addresses.is_empty() && shown.died.is_some());
    case.take(Change::Unmerge {
        retired: model::subject(2),
    });
    let shown = case.shown(survivor);
    assert!(!shown.restricted && shown.addresses.len() == 1 && shown.died.is_none());
}

#[test]
fn a_death_and_its_withdrawal_are_told() {
    let mut case = Case::new();
    let patient = case.tell(model::subject(1));
    case.tell(with(model::subject(1), |details| {
        details.died = Update::Set(Died::default())
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
        details.identifiers.push(model::number(2))
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
fn linked_patients_stay_two_and_an_unlink_of_merged_ones_parts_them() {
    let mut case = Case::new();
    let one = case.tell(model::subject(1));
    let other = case.tell(model::subject(2));
    let (first, second) = (model::subject(1), model::subject(2));
    case.take(Change::Link {
        one: first.clone(),
        other: second.clone(),
    });
    assert_eq!(case.shown(other).merged_into, None);
    assert!(case.index.patient(one).unwrap().history.links[0].1.value);
    case.take(Change::Merge {
        survivor: first.clone(),
        retired: second.clone(),
    });
    assert_eq!(case.shown(other).merged_into, Some(one));
    case.take(Change::Unlink {
        one: first,
        other: second,
    });
    assert_eq!(case.shown(other).merged_into, None);
    assert!(!case.index.patient(one).unwrap().history.links[0].1.value);
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
