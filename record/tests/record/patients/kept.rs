//! The index on PostgreSQL: as the model says, sealed, whole after a transaction that was cut off, the same for replicas.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::PatientId;
use baton_core::patient::Identifier;
use baton_core::person::Name;
use baton_core::secret::Personal;
use baton_core::time::At;
use baton_record::context::Context;
use baton_record::patients::change::{Change, Event, Update, VisitDetails, VisitEvent};
use baton_record::patients::decide::Effect;
use baton_record::patients::{self, Applied};
use sqlx::{Connection, Row};

use super::model::{self, Hospital, PATIENTS};
use crate::place::Place;

/// Takes events, in one transaction.
pub(crate) async fn apply(cx: &Context, events: &[Event]) -> Applied {
    let mut conn = cx.pool.acquire().await.unwrap();
    let mut transaction = conn.begin().await.unwrap();
    let applied = patients::apply(cx, &mut transaction, events).await.unwrap();
    transaction.commit().await.unwrap();
    applied
}

/// Takes one event, and gives the patient that it names.
pub(crate) async fn take(cx: &Context, at: u64, change: Change) -> PatientId {
    let event = Event {
        at: At::from_millis(at),
        change,
    };
    let applied = apply(cx, &[event]).await;
    applied.outcomes[0].unwrap().patient.unwrap()
}

async fn owners(cx: &Context) -> BTreeMap<PatientId, usize> {
    let mut found = BTreeMap::new();
    for patient in 0..PATIENTS {
        // Said so long ago that it changes nothing.
        let id = take(cx, 1, Change::Tell(model::subject(patient), None)).await;
        found.insert(id, patient);
    }
    found
}

async fn assert_true(cx: &Context, hospital: &Hospital, seed: u64) {
    let owners = owners(cx).await;
    assert_eq!(owners.len(), PATIENTS, "seed {seed}");
    let mut conn = cx.pool.acquire().await.unwrap();
    let ids: Vec<PatientId> = owners.keys().copied().collect();
    for found in patients::read(cx, &mut conn, &ids).await.unwrap() {
        let patient = owners[&found.patient.id];
        assert_eq!(
            model::shown(&found.patient, &owners),
            hospital.truth(patient),
            "patient {patient}, seed {seed}"
        );
    }
}

async fn forget_all(cx: &Context) {
    for table in ["patient_identifier", "patient_source", "patient_due", "patient"] {
        let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
        sqlx::query(sql).execute(&cx.pool).await.unwrap();
    }
}

#[tokio::test]
async fn random_streams_give_on_postgresql_what_a_plain_model_gives() {
    let Some(place) = Place::open("patients_random").await else {
        return;
    };
    for seed in 1_000..1_012 {
        let mut hospital = Hospital::new(seed);
        for _ in 0..50 {
            hospital.happen();
        }
        let arriving = hospital.as_it_arrives();
        let mut left = arriving.as_slice();
        while !left.is_empty() {
            let count = (1 + hospital.below(5)).min(left.len());
            let (now, later) = left.split_at(count);
            apply(&place.cx, now).await;
            left = later;
        }
        assert_true(&place.cx, &hospital, seed).await;
        forget_all(&place.cx).await;
    }
}

#[tokio::test]
async fn what_was_not_committed_never_was_and_coming_again_it_is_there_once() {
    let Some(place) = Place::open("patients_cut").await else {
        return;
    };
    let mut hospital = Hospital::new(7);
    for _ in 0..60 {
        hospital.happen();
    }
    let events = hospital.events.clone();
    for (count, event) in events.iter().enumerate() {
        if count % 3 == 0 {
            // The record ends before the commit.
            let mut conn = place.cx.pool.acquire().await.unwrap();
            let mut transaction = conn.begin().await.unwrap();
            let batch = std::slice::from_ref(event);
            patients::apply(&place.cx, &mut transaction, batch).await.unwrap();
            transaction.rollback().await.unwrap();
        }
        apply(&place.cx, std::slice::from_ref(event)).await;
        if count % 4 == 0 {
            // The record ends after the commit, before the answer.
            let again = apply(&place.cx, std::slice::from_ref(event)).await;
            assert_eq!(again.outcomes[0].unwrap().effect, Effect::Nothing);
        }
    }
    assert_true(&place.cx, &hospital, 7).await;
    let before = versions(&place.cx).await;
    let again = apply(&place.cx, &events).await;
    assert!(
        again
            .outcomes
            .iter()
            .all(|outcome| outcome.unwrap().effect == Effect::Nothing)
    );
    assert_eq!(versions(&place.cx).await, before);
}

async fn versions(cx: &Context) -> Vec<(uuid::Uuid, i64)> {
    sqlx::query_as("SELECT id, version FROM patient ORDER BY id")
        .fetch_all(&cx.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn two_replicas_that_hear_of_the_same_new_patient_make_one() {
    let Some(place) = Place::open("patients_replicas").await else {
        return;
    };
    let other = place.replica(2);
    for number in 0..20 {
        let event = |at: u64, ward: &str| {
            let visit = VisitDetails {
                place: Update::Set(baton_core::patient::Place {
                    ward: ward.to_owned(),
                    ..baton_core::patient::Place::default()
                }),
                ..VisitDetails::default()
            };
            Event {
                at: At::from_millis(at),
                change: Change::Visit(model::subject(number), VisitEvent::Admit, visit),
            }
        };
        let (first, second) = ([event(10, "A")], [event(20, "B")]);
        let (one, two) = tokio::join!(apply(&place.cx, &first), apply(&other, &second));
        let ids: BTreeSet<_> = [one, two]
            .iter()
            .map(|applied| applied.outcomes[0].unwrap().patient)
            .collect();
        assert_eq!(ids.len(), 1, "number {number}");
    }
    assert_eq!(place.count("patient").await, 20);
}

#[tokio::test]
async fn merges_from_two_feeds_at_once_end_with_everybody_standing_for_somebody() {
    let Some(place) = Place::open("patients_merges").await else {
        return;
    };
    let other = place.replica(2);
    for number in 0..10 {
        take(&place.cx, 1, Change::Tell(model::subject(number), None)).await;
    }
    let merge = |at: u64, into: usize, away: usize| Event {
        at: At::from_millis(at),
        change: Change::Merge {
            survivor: model::subject(into),
            retired: model::subject(away),
        },
    };
    for round in 0..9 {
        let (first, second) = (
            [merge(100 + round, 0, usize::try_from(round).unwrap() + 1)],
            [merge(200 + round, usize::try_from(round).unwrap() + 1, 0)],
        );
        tokio::join!(apply(&place.cx, &first), apply(&other, &second));
    }
    let (tops,): (i64,) = sqlx::query_as("SELECT count(*) FROM patient WHERE merged_into IS NULL")
        .fetch_one(&place.cx.pool)
        .await
        .unwrap();
    assert_eq!(tops, 1);
}

#[tokio::test]
async fn a_stolen_database_tells_no_name_no_number_and_no_address() {
    let Some(place) = Place::open("patients_stolen").await else {
        return;
    };
    let device = place.device("amina").await;
    let planted = [
        "Quillfeather",
        "QUILLFEATHER",
        "Thistledown",
        "9000000009",
        "Marzipan Mews",
        "LS14AB",
        "LS1 4AB",
        "07700900123",
        "HX7719",
        "Heronsgate",
        "Featherstonehaugh",
        "Y98765",
        "1961-02-01",
        "rapid response referral",
    ];
    let mut subject = model::subject(0);
    subject.details = super::found::ada();
    let visit = VisitDetails {
        place: Update::Set(baton_core::patient::Place {
            ward: "Heronsgate".to_owned(),
            ..baton_core::patient::Place::default()
        }),
        consultant: Update::Set("Dr Featherstonehaugh".into()),
        number: Some(Identifier {
            assigner: "visits".to_owned(),
            value: "HX7719".into(),
        }),
        ..VisitDetails::default()
    };
    let patient = take(
        &place.cx,
        10,
        Change::Visit(subject.clone(), VisitEvent::Admit, visit),
    )
    .await;
    // Names that were theirs are in what was said, not in what is shown.
    subject.details.name = Update::Set(Personal::new(Name {
        family: "SPENCER".to_owned(),
        given: "Ada".to_owned(),
        title: String::new(),
    }));
    take(&place.cx, 20, Change::Tell(subject, None)).await;
    let found = super::found::find(&place, &device, "quillfeather 1/2/61").await;
    assert!(found.patients.is_empty());
    super::found::find(&place, &device, "9000000009").await;
    let why = "rapid response referral";
    super::found::open(&place, &device, patient, why).await;

    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT table_name::text FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    )
    .fetch_all(&place.cx.pool)
    .await
    .unwrap();
    assert!(tables.len() > 20);
    let mut rows = 0;
    for (table,) in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT t::text AS row FROM {table} AS t"));
        for row in sqlx::query(sql).fetch_all(&place.cx.pool).await.unwrap() {
            rows += 1;
            let text: String = row.get("row");
            for word in planted {
                let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
                assert!(
                    !text.contains(word) && !text.contains(&hex),
                    "{table} tells {word}"
                );
            }
        }
    }
    assert!(rows > 10);
    // What was searched for is really there.
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let read = patients::read(&place.cx, &mut conn, &[patient]).await.unwrap();
    assert_eq!(read[0].patient.name.expose().family, "SPENCER");
    assert_eq!(read[0].patient.addresses[0].postcode.as_str(), "LS1 4AB");
}
