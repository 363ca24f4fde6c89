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

#[path = "decided/merges.rs"]
mod merges;
#[path = "decided/reports.rs"]
mod reports;
#[path = "decided/stays.rs"]
mod stays;
#[path = "decided/whose.rs"]
mod whose;

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

#[test]
fn what_is_certain_is_refused_by_every_index_or_by_none() {
    let (mut certain, mut refused) = (0, 0);
    for seed in 500..560 {
        let mut hospital = Hospital::new(seed);
        for _ in 0..70 {
            hospital.happen();
        }
        let (mut index, mut make) = (Index::default(), ids());
        for event in hospital.as_it_arrives() {
            for event in with_less_and_less(&event) {
                let outcome = index.take(&event, &mut make).err();
                if event.change.is_certain() {
                    let of_nobody = Index::default().take(&event, &mut make).err();
                    assert_eq!(outcome, of_nobody, "seed {seed}: {event:?}");
                    certain += 1;
                    refused += usize::from(outcome.is_some());
                }
            }
        }
    }
    assert!(certain > 1_000 && refused > 300, "{certain} {refused}");
}

/// An event, and as it would be if its subjects were named by less.
fn with_less_and_less(event: &Event) -> Vec<Event> {
    let without = |strip: fn(&mut Subject)| {
        let mut event = event.clone();
        for subject in subjects(&mut event.change) {
            strip(subject);
        }
        event
    };
    vec![
        event.clone(),
        without(|subject| subject.details.identifiers.clear()),
        without(|subject| subject.details.nhs = Update::Keep),
        without(|subject| {
            subject.details.identifiers.clear();
            subject.details.name = Update::Keep;
        }),
        without(|subject| {
            subject.details.identifiers.clear();
            subject.details.nhs = Update::Keep;
        }),
    ]
}

fn subjects(change: &mut Change) -> Vec<&mut Subject> {
    match change {
        Change::Link { one, other } | Change::Unlink { one, other } => vec![one, other],
        Change::Merge { survivor, retired } => vec![survivor, retired],
        Change::MoveVisit { from, to, .. } | Change::Renumber { from, to } => vec![from, to],
        Change::Remove(subject)
        | Change::Report(subject, _)
        | Change::Tell(subject, _)
        | Change::Visit(subject, ..) => vec![subject],
        Change::Swap { one, other } => vec![&mut one.0, &mut other.0],
        Change::Unmerge { retired } => vec![retired],
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
