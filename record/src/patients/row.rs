//! Patients as rows: sealed, found by id or by keyed hashes.

use std::collections::BTreeSet;

use baton_core::id::{PatientId, SpaceId};
use baton_core::patient::{Identifier, Patient};
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::decide::NumberKey;
use super::history::{Held, History};
use super::keys;
use crate::context::{Context, millis, moment};
use crate::keys::KeyEncryption;
use crate::log::LogError;

/// A patient, as somebody who reads gets them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// As they are shown.
    pub patient: Patient,
    /// Whether they were said not to be a patient.
    pub is_removed: bool,
    /// When the index was last changed about them.
    pub updated_at: At,
}

/// Whether a space speaks about a patient.
pub(super) async fn is_held(
    conn: &mut PgConnection,
    space: SpaceId,
    patient: PatientId,
) -> Result<bool, sqlx::Error> {
    let row: Option<(bool,)> =
        sqlx::query_as("SELECT true FROM patient_space WHERE patient = $1 AND space = $2")
            .bind(patient.uuid())
            .bind(space.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}

/// Reads patients; those that are not known are left out.
pub async fn read(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[PatientId],
) -> Result<Vec<Read>, LogError> {
    let rows: Vec<(Uuid, i64, Vec<u8>, bool, i64)> = sqlx::query_as(
        "SELECT id, version, sealed, deleted, updated_at FROM patient WHERE id = ANY($1) ORDER BY id",
    )
    .bind(uuids(patients))
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(id, version, sealed, is_removed, updated_at)| {
            Ok(Read {
                patient: open(&cx.keys, id, version, &sealed)?,
                is_removed,
                updated_at: moment(updated_at),
            })
        })
        .collect()
}

/// Waits for others who speak of the same numbers, until this transaction ends.
pub(super) async fn wait_for(
    conn: &mut PgConnection,
    numbers: impl Iterator<Item = &[u8; 32]>,
    nhs: &[i64],
) -> Result<(), sqlx::Error> {
    let of_numbers = numbers.filter_map(|key| key.first_chunk::<2>().copied());
    let of_nhs = nhs
        .iter()
        .filter_map(|key| key.to_be_bytes().first_chunk::<2>().copied());
    // A batch of any size takes no more locks than this.
    let stripes: BTreeSet<i32> = of_numbers
        .chain(of_nhs)
        .map(|bytes| i32::from(u16::from_be_bytes(bytes) % STRIPES))
        .collect();
    sqlx::query("SELECT pg_advisory_xact_lock($1, stripe) FROM UNNEST($2::int[]) AS stripes (stripe)")
        .bind(LOCK_SPACE)
        .bind(stripes.into_iter().collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose numbers are.
pub(super) async fn owners(
    conn: &mut PgConnection,
    numbers: impl Iterator<Item = &[u8; 32]>,
) -> Result<Vec<([u8; 32], PatientId)>, sqlx::Error> {
    let keys: Vec<&[u8]> = numbers.map(<[u8; 32]>::as_slice).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Vec<u8>, Uuid)> =
        sqlx::query_as("SELECT key, patient FROM patient_identifier WHERE key = ANY($1)")
            .bind(keys)
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, patient)| Some((key.try_into().ok()?, PatientId::from_uuid(patient))))
        .collect())
}

/// Patients who have one of these keys.
pub(super) async fn with_keys(conn: &mut PgConnection, keys: &[i64]) -> Result<Vec<PatientId>, sqlx::Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid,)> = sqlx::query_as("SELECT id FROM patient WHERE keys && $1")
        .bind(keys)
        .fetch_all(conn)
        .await?;
    Ok(ids(rows).collect())
}

/// Locks patients and all who are merged with them, in the order of their ids, and reads them.
pub(super) async fn lock_groups(
    cx: &Context,
    conn: &mut PgConnection,
    patients: BTreeSet<PatientId>,
) -> Result<Vec<Held>, LogError> {
    let mut wanted = patients;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    loop {
        let named: Vec<PatientId> = wanted.iter().copied().collect();
        wanted.extend(groups(conn, &named).await?);
        let all: Vec<PatientId> = wanted.iter().copied().collect();
        let rows: Vec<HeldRow> = sqlx::query_as(
            "SELECT id, version, sealed, history FROM patient WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        )
        .bind(uuids(&all))
        .fetch_all(&mut *conn)
        .await?;
        // Somebody may have been merged while we waited.
        let now = groups(conn, &all).await?;
        if now.is_subset(&wanted) {
            return rows.into_iter().map(|row| held(cx, row)).collect();
        }
        wanted.extend(now);
    }
}

/// Reads patients with all that was said of them.
pub(super) async fn load(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[PatientId],
) -> Result<Vec<Held>, LogError> {
    let rows: Vec<HeldRow> =
        sqlx::query_as("SELECT id, version, sealed, history FROM patient WHERE id = ANY($1) ORDER BY id")
            .bind(uuids(patients))
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(|row| held(cx, row)).collect()
}

/// Reads patients with all that was said of them, and keeps them from being changed until the transaction ends. Those who are
/// being changed now are left out: whoever changes them comes to what the caller writes only after it.
pub(super) async fn hold_still(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[PatientId],
) -> Result<Vec<Held>, LogError> {
    let rows: Vec<HeldRow> = sqlx::query_as(
        "SELECT id, version, sealed, history FROM patient WHERE id = ANY($1) ORDER BY id FOR SHARE SKIP LOCKED",
    )
    .bind(uuids(patients))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| held(cx, row)).collect()
}

type HeldRow = (Uuid, i64, Vec<u8>, Vec<u8>);

fn held(cx: &Context, (id, version, sealed, history): HeldRow) -> Result<Held, LogError> {
    Ok(Held {
        shown: open(&cx.keys, id, version, &sealed)?,
        history: open_history(&cx.keys, id, &history)?,
    })
}

async fn groups(conn: &mut PgConnection, patients: &[PatientId]) -> Result<BTreeSet<PatientId>, sqlx::Error> {
    let rows: Vec<(Uuid,)> = sqlx::query_as(
        "WITH RECURSIVE member (id) AS (
             SELECT id FROM UNNEST($1::uuid[]) AS named (id)
             UNION
             SELECT near.id FROM member, LATERAL (
                 SELECT patient.id FROM patient WHERE patient.merged_into = member.id
                 UNION ALL
                 SELECT patient.merged_into FROM patient WHERE patient.id = member.id AND merged_into IS NOT NULL
             ) AS near (id))
         SELECT id FROM member",
    )
    .bind(uuids(patients))
    .fetch_all(conn)
    .await?;
    Ok(ids(rows).collect())
}

/// Writes new patients.
pub(super) async fn insert(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[&Held],
) -> Result<(), sqlx::Error> {
    if patients.is_empty() {
        return Ok(());
    }
    let rows = Rows::of(cx, patients);
    // Who is merged into whom comes after, when all of them are there.
    sqlx::query(
        "INSERT INTO patient (id, version, sealed, history, keys, deleted, updated_at)
         SELECT new.id, new.version, new.sealed, new.history, new.keys::bigint[], new.deleted, $7
         FROM UNNEST($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::text[], $6::bool[])
             AS new (id, version, sealed, history, keys, deleted)",
    )
    .bind(&rows.ids)
    .bind(&rows.versions)
    .bind(&rows.sealed)
    .bind(&rows.histories)
    .bind(&rows.keys)
    .bind(&rows.deleted)
    .bind(millis(cx.now()))
    .execute(&mut *conn)
    .await?;
    let merged: Vec<&Held> = patients
        .iter()
        .copied()
        .filter(|held| held.shown.merged_into.is_some())
        .collect();
    update(cx, conn, &merged).await
}

/// Writes patients that are known, with their rows locked.
pub(super) async fn update(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[&Held],
) -> Result<(), sqlx::Error> {
    if patients.is_empty() {
        return Ok(());
    }
    let rows = Rows::of(cx, patients);
    sqlx::query(
        "UPDATE patient SET version = new.version, sealed = new.sealed, history = new.history,
             keys = new.keys::bigint[], merged_into = new.merged_into, deleted = new.deleted, updated_at = $8
         FROM UNNEST($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::text[], $6::bool[], $7::uuid[])
             AS new (id, version, sealed, history, keys, deleted, merged_into)
         WHERE patient.id = new.id",
    )
    .bind(&rows.ids)
    .bind(&rows.versions)
    .bind(&rows.sealed)
    .bind(&rows.histories)
    .bind(&rows.keys)
    .bind(&rows.deleted)
    .bind(&rows.merged_into)
    .bind(millis(cx.now()))
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks the next patients in the order of their ids, and reads them as they are shown.
pub(super) async fn lock_after(
    cx: &Context,
    conn: &mut PgConnection,
    after: PatientId,
    limit: i64,
) -> Result<Vec<Patient>, LogError> {
    let rows: Vec<(Uuid, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT id, version, sealed FROM patient WHERE id > $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE",
    )
    .bind(after.uuid())
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(id, version, sealed)| open(&cx.keys, id, version, &sealed))
        .collect()
}

/// Writes the keys of patients whose rows are locked, and says of how many they are others than before.
pub(super) async fn write_keys(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[Patient],
) -> Result<u64, sqlx::Error> {
    let keys: Vec<String> = patients
        .iter()
        .map(|patient| array(&keys::of(&cx.keys, patient)))
        .collect();
    let ids: Vec<Uuid> = patients.iter().map(|patient| patient.id.uuid()).collect();
    let written = sqlx::query(
        "UPDATE patient SET keys = new.keys::bigint[] FROM UNNEST($1::uuid[], $2::text[]) AS new (id, keys)
         WHERE patient.id = new.id AND patient.keys <> new.keys::bigint[]",
    )
    .bind(ids)
    .bind(keys)
    .execute(conn)
    .await?;
    Ok(written.rows_affected())
}

#[derive(Default)]
pub(super) struct Rows {
    pub(super) ids: Vec<Uuid>,
    pub(super) versions: Vec<i64>,
    pub(super) sealed: Vec<Vec<u8>>,
    pub(super) histories: Vec<Vec<u8>>,
    pub(super) keys: Vec<String>,
    pub(super) deleted: Vec<bool>,
    pub(super) merged_into: Vec<Option<Uuid>>,
}

impl Rows {
    pub(super) fn of(cx: &Context, patients: &[&Held]) -> Self {
        let mut rows = Self::default();
        let mut rng = cx.rng();
        for held in patients {
            let id = held.shown.id.uuid();
            let shown = Zeroizing::new(baton_core::cbor::to_bytes(&held.shown));
            let history = Zeroizing::new(baton_core::cbor::to_bytes(&held.history));
            rows.ids.push(id);
            rows.versions
                .push(i64::try_from(held.shown.version).unwrap_or(i64::MAX));
            rows.sealed
                .push(cx.keys.seal_row("patient", id, &shown, &mut rng));
            rows.histories
                .push(cx.keys.seal_row("patient.history", id, &history, &mut rng));
            rows.keys.push(array(&keys::of(&cx.keys, &held.shown)));
            rows.deleted.push(held.history.removed.value);
            rows.merged_into.push(held.shown.merged_into.map(PatientId::uuid));
        }
        rows
    }
}

/// As PostgreSQL writes an array: several of different lengths do not fit into one parameter.
fn array(keys: &BTreeSet<i64>) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    format!("{{{}}}", keys.join(","))
}

/// Writes down whose numbers are.
pub(super) async fn add_numbers(
    cx: &Context,
    conn: &mut PgConnection,
    numbers: &[(Identifier, PatientId)],
) -> Result<(), sqlx::Error> {
    if numbers.is_empty() {
        return Ok(());
    }
    let keys: Vec<Vec<u8>> = numbers
        .iter()
        .map(|(number, _)| keys::number(&cx.keys, &NumberKey::from(number)).to_vec())
        .collect();
    let patients: Vec<Uuid> = numbers.iter().map(|(_, patient)| patient.uuid()).collect();
    sqlx::query(
        "INSERT INTO patient_identifier (key, patient) SELECT * FROM UNNEST($1::bytea[], $2::uuid[])",
    )
    .bind(keys)
    .bind(patients)
    .execute(conn)
    .await?;
    Ok(())
}

/// Every space that holds one who was merged away gets the one who stands for them.
pub(super) async fn spaces_of_merged(
    conn: &mut PgConnection,
    merged: &[(PatientId, PatientId)],
) -> Result<(), sqlx::Error> {
    for (away, into) in merged {
        sqlx::query(
            "INSERT INTO patient_space (patient, space) SELECT $2, space FROM patient_space WHERE patient = $1
             ON CONFLICT DO NOTHING",
        )
        .bind(away.uuid())
        .bind(into.uuid())
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Makes the refresher tell every space that speaks about them.
pub(super) async fn make_due(
    conn: &mut PgConnection,
    patients: &BTreeSet<PatientId>,
) -> Result<(), sqlx::Error> {
    let patients: Vec<PatientId> = patients.iter().copied().collect();
    sqlx::query("UPDATE patient_space SET due = true WHERE patient = ANY($1)")
        .bind(uuids(&patients))
        .execute(conn)
        .await?;
    Ok(())
}

/// Opens a patient's row.
pub(super) fn open(keys: &KeyEncryption, id: Uuid, version: i64, sealed: &[u8]) -> Result<Patient, LogError> {
    let bytes = keys.open_row("patient", id, sealed).map_err(|_| damaged())?;
    let patient: Patient = baton_core::cbor::from_bytes(&bytes).map_err(|_| damaged())?;
    if patient.id.uuid() == id && u64::try_from(version) == Ok(patient.version) {
        Ok(patient)
    } else {
        Err(damaged())
    }
}

fn open_history(keys: &KeyEncryption, id: Uuid, sealed: &[u8]) -> Result<History, LogError> {
    let bytes = keys
        .open_row("patient.history", id, sealed)
        .map_err(|_| damaged())?;
    baton_core::cbor::from_bytes(&bytes).map_err(|_| damaged())
}

fn damaged() -> LogError {
    LogError::Database(sqlx::Error::Protocol("a patient's row does not open".into()))
}

fn ids(rows: Vec<(Uuid,)>) -> impl Iterator<Item = PatientId> {
    rows.into_iter().map(|(id,)| PatientId::from_uuid(id))
}

fn uuids(patients: &[PatientId]) -> Vec<Uuid> {
    patients.iter().map(|patient| patient.uuid()).collect()
}

/// The first half of the names of our locks ("pati").
const LOCK_SPACE: i32 = 0x7061_7469;

/// Transactions that speak of the same numbers wait for each other; of others one in so many does for nothing.
const STRIPES: u16 = 1024;
