//! Which spaces speak about which patients, and up to which version of the index each was told (`patient_space.told`; zero
//! when it is to be told whatever the version).
//!
//! Whoever writes here has locked the space's row first, or writes with it, so that nobody waits in a circle.

use std::collections::BTreeSet;

use baton_core::id::{PatientId, SpaceId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Those of these patients that the index has.
pub async fn known(
    conn: &mut PgConnection,
    patients: &[PatientId],
) -> Result<BTreeSet<PatientId>, sqlx::Error> {
    let ids: Vec<Uuid> = patients.iter().map(|patient| patient.uuid()).collect();
    let rows: Vec<(Uuid,)> = sqlx::query_as("SELECT id FROM patient WHERE id = ANY($1)")
        .bind(ids)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id,)| PatientId::from_uuid(id)).collect())
}

/// Who stands for a patient: themselves, or the one into whom they were merged at last; `None` when the index has no such
/// patient.
pub async fn stands_for(
    conn: &mut PgConnection,
    patient: PatientId,
) -> Result<Option<PatientId>, sqlx::Error> {
    let row: Option<(Uuid,)> = sqlx::query_as(
        "WITH RECURSIVE standing (id, merged_into, steps) AS (
             SELECT id, merged_into, 0 FROM patient WHERE id = $1
             UNION ALL
             SELECT next.id, next.merged_into, steps + 1 FROM standing
                 JOIN patient AS next ON next.id = standing.merged_into
             WHERE steps < 32)
         SELECT id FROM standing ORDER BY steps DESC LIMIT 1",
    )
    .bind(patient.uuid())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id,)| PatientId::from_uuid(id)))
}

/// A patient whom somebody named in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Who.
    pub patient: PatientId,
    /// Whether the space's state holds them. It holds those who are on its lists and some of the others; one whom it does not
    /// hold, or no longer, has to be told to it whatever it was told before.
    pub is_held: bool,
}

/// Remembers that a space speaks about these patients.
pub async fn remember(conn: &mut PgConnection, space: SpaceId, named: &[Named]) -> Result<(), sqlx::Error> {
    let ids = |named: &mut dyn Iterator<Item = &Named>| {
        let ids: BTreeSet<Uuid> = named.map(|named| named.patient.uuid()).collect();
        ids.into_iter().collect::<Vec<_>>()
    };
    sqlx::query(
        "INSERT INTO patient_space (patient, space) SELECT id, $2 FROM UNNEST($1::uuid[]) AS new (id)
         ON CONFLICT (patient, space) DO UPDATE SET told = 0, due = true WHERE patient_space.patient = ANY($3)",
    )
    .bind(ids(&mut named.iter()))
    .bind(space.uuid())
    .bind(ids(&mut named.iter().filter(|named| !named.is_held)))
    .execute(conn)
    .await?;
    Ok(())
}
