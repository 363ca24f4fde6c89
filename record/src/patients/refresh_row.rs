//! What is due to be told, as rows.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{OpId, PatientId, SpaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::history::Held;
use super::refresh::Move;

/// Spaces that have something to be told.
pub(super) async fn due_spaces(conn: &mut PgConnection, limit: i64) -> Result<Vec<SpaceId>, sqlx::Error> {
    let rows: Vec<(Uuid,)> = sqlx::query_as(
        "(SELECT DISTINCT space FROM patient_space WHERE due LIMIT $1)
         UNION (SELECT DISTINCT space FROM auto_list_patient WHERE due LIMIT $1)",
    )
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(space,)| SpaceId::from_uuid(space))
        .collect())
}

/// Takes the telling of a space until the transaction ends; false when another replica has it.
pub(super) async fn try_lock(conn: &mut PgConnection, space: SpaceId) -> Result<bool, sqlx::Error> {
    let low = space.as_bytes().last_chunk::<4>().copied().unwrap_or_default();
    let (is_taken,): (bool,) = sqlx::query_as("SELECT pg_try_advisory_xact_lock($1, $2)")
        .bind(LOCK_SPACE)
        .bind(i32::from_be_bytes(low))
        .fetch_one(conn)
        .await?;
    Ok(is_taken)
}

/// Patients of whom a space has to be told, with the version that it was told.
pub(super) async fn due_patients(
    conn: &mut PgConnection,
    space: SpaceId,
    limit: i64,
) -> Result<BTreeMap<PatientId, u64>, sqlx::Error> {
    // Those who stand for others come after them: their news is that.
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT patient, told FROM patient_space WHERE space = $1 AND due ORDER BY patient LIMIT $2 FOR UPDATE",
    )
    .bind(space.uuid())
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(patient, told)| (PatientId::from_uuid(patient), u64::try_from(told).unwrap_or(0)))
        .collect())
}

/// Who comes onto lists of a space and who left, of those patients whom the space knows or is about to.
pub(super) async fn due_moves(
    conn: &mut PgConnection,
    space: SpaceId,
    about_to: &[PatientId],
    limit: i64,
) -> Result<Vec<Move>, sqlx::Error> {
    let about_to: Vec<Uuid> = about_to.iter().map(|patient| patient.uuid()).collect();
    let rows: Vec<(Uuid, Uuid, bool)> = sqlx::query_as(
        "SELECT list, patient, here FROM auto_list_patient
         WHERE space = $1 AND due AND (NOT here OR patient = ANY($2) OR EXISTS (
             SELECT 1 FROM patient_space
             WHERE patient_space.patient = auto_list_patient.patient AND patient_space.space = $1 AND NOT due))
         ORDER BY list, patient LIMIT $3 FOR UPDATE OF auto_list_patient",
    )
    .bind(space.uuid())
    .bind(about_to)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(list, patient, here)| Move {
            list: OpId::from_uuid(list),
            patient: PatientId::from_uuid(patient),
            here,
        })
        .collect())
}

/// Writes down what a space was told. With one who was merged away it gets the one who stands for them.
pub(super) async fn told(
    conn: &mut PgConnection,
    space: SpaceId,
    patients: &[Held],
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = patients.iter().map(|held| held.shown.id.uuid()).collect();
    let versions: Vec<i64> = patients
        .iter()
        .map(|held| i64::try_from(held.shown.version).unwrap_or(i64::MAX))
        .collect();
    sqlx::query(
        "UPDATE patient_space SET told = done.version, due = false
         FROM UNNEST($2::uuid[], $3::bigint[]) AS done (patient, version)
         WHERE patient_space.patient = done.patient AND space = $1",
    )
    .bind(space.uuid())
    .bind(&ids)
    .bind(&versions)
    .execute(&mut *conn)
    .await?;
    let into: BTreeSet<Uuid> = patients
        .iter()
        .filter_map(|held| held.shown.merged_into)
        .map(PatientId::uuid)
        .collect();
    if into.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO patient_space (patient, space) SELECT id, $1 FROM UNNEST($2::uuid[]) AS into_whom (id)
         ON CONFLICT DO NOTHING",
    )
    .bind(space.uuid())
    .bind(into.into_iter().collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that a space was told who comes and who left. Those for whom there was no room are not here.
pub(super) async fn moved(
    conn: &mut PgConnection,
    space: SpaceId,
    moves: &[Move],
    full: &BTreeSet<(OpId, PatientId)>,
) -> Result<(), sqlx::Error> {
    if moves.is_empty() {
        return Ok(());
    }
    let here: Vec<bool> = moves
        .iter()
        .map(|change| change.here && !full.contains(&(change.list, change.patient)))
        .collect();
    sqlx::query(
        "UPDATE auto_list_patient SET due = false, here = done.here
         FROM UNNEST($2::uuid[], $3::uuid[], $4::bool[]) AS done (list, patient, here)
         WHERE auto_list_patient.space = $1 AND auto_list_patient.list = done.list
             AND auto_list_patient.patient = done.patient",
    )
    .bind(space.uuid())
    .bind(moves.iter().map(|change| change.list.uuid()).collect::<Vec<_>>())
    .bind(
        moves
            .iter()
            .map(|change| change.patient.uuid())
            .collect::<Vec<_>>(),
    )
    .bind(here)
    .execute(conn)
    .await?;
    Ok(())
}

/// The first half of the names of our locks ("told").
const LOCK_SPACE: i32 = 0x746f_6c64;
