//! Made-up patients by the million, and how long searches among them take: for the bench, which runs the record's own command, since
//! only the record has the keys.

use std::time::Duration;

use baton_core::id::PatientId;
use baton_core::patient::Patient;
use baton_core::patient::query::PatientQuery;
use rand_core::Rng;
use serde::Serialize;
use sqlx::PgConnection;

use super::history::Held;
use super::search::{self, Among, Found};
use crate::context::Context;
use crate::log::LogError;

mod made_up;
mod row;

use made_up::make;

/// What was measured, in microseconds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    /// Patients in the table.
    pub patients: u32,
    /// One row by its primary key.
    pub row: Vec<u64>,
    /// By NHS number.
    pub nhs: Vec<u64>,
    /// By three letters of the family name and the birth date.
    pub prefix_and_birth: Vec<u64>,
    /// By a whole family and given name.
    pub names: Vec<u64>,
    /// By the first four letters of a family name and of a given name.
    pub prefixes: Vec<u64>,
    /// Searches that did not find the patient who was looked for, among those that name them without doubt.
    pub missed: u32,
    /// Bytes of the table, of the index of keys.
    pub bytes: (i64, i64),
}

/// Fills the table, unless it is full, and searches.
pub async fn searches(cx: &Context, patients: u32, searches: u32) -> Result<Measured, LogError> {
    let mut conn = cx.pool.acquire().await?;
    fill(cx, &mut conn, patients).await?;
    let mut measured = Measured {
        patients,
        ..Measured::default()
    };
    // The first are not counted: they bring pages into memory that a working day has there.
    let warm = searches / 4;
    for count in 0..searches + warm {
        let number = below(cx, patients);
        let patient = make(number);
        let is_warm = count >= warm;
        let note = |times: &mut Vec<u64>, took: Duration| {
            if is_warm {
                times.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
            }
        };
        let (_, took) = timed(row::sealed(&mut conn, patient.id)).await?;
        note(&mut measured.row, took);
        let name = patient.name.expose();
        let born = patient
            .born
            .as_ref()
            .map_or(String::new(), |born| born.expose().to_string());
        let letters = |text: &str, count| text.chars().take(count).collect::<String>();
        let nhs = patient.nhs.map_or(String::new(), |nhs| nhs.number.shown());
        let typed = [
            (&mut measured.nhs, nhs, true),
            (
                &mut measured.prefix_and_birth,
                format!("{} {born}", letters(&name.family, 3)),
                true,
            ),
            (
                &mut measured.names,
                format!("{} {}", name.family, name.given),
                false,
            ),
            (
                &mut measured.prefixes,
                format!("{} {}", letters(&name.family, 4), letters(&name.given, 4)),
                false,
            ),
        ];
        // One in eleven has no NHS number to look for.
        for (times, typed, is_sure) in typed.into_iter().filter(|(_, typed, _)| !typed.is_empty()) {
            let query = PatientQuery::parse(&typed, search::today(cx));
            let (found, took) = timed(search::find(cx, &mut conn, &query, Among::All, 25)).await?;
            note(times, took);
            let Found { patients, .. } = found;
            if is_sure && !patients.iter().any(|found| found.id == patient.id) {
                measured.missed += 1;
            }
        }
    }
    measured.bytes = row::sizes(&mut conn).await?;
    Ok(measured)
}

#[expect(clippy::disallowed_methods, reason = "a stop watch is what this is for")]
async fn timed<T, E: Into<LogError>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<(T, Duration), LogError> {
    let begun = std::time::Instant::now();
    let done = work.await.map_err(Into::into)?;
    Ok((done, begun.elapsed()))
}

fn below(cx: &Context, limit: u32) -> u32 {
    cx.rng().next_u32() % limit.max(1)
}

async fn fill(cx: &Context, conn: &mut PgConnection, patients: u32) -> Result<(), LogError> {
    let there = row::count(conn).await?;
    let mut from = u32::try_from(there).unwrap_or(u32::MAX);
    while from < patients {
        let until = patients.min(from.saturating_add(BATCH));
        let held: Vec<Held> = (from..until).map(|number| held(make(number))).collect();
        row::copy(cx, conn, &held).await?;
        from = until;
        if from.is_multiple_of(100 * BATCH) {
            tracing::info!(patients = from, "Made-up patients are there.");
        }
    }
    row::tidy(conn).await?;
    Ok(())
}

fn held(patient: Patient) -> Held {
    Held {
        shown: patient,
        ..Held::new(PatientId::from_bytes([0; 16]))
    }
}

/// Patients that are written at once.
const BATCH: u32 = 1_000;
