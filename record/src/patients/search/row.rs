//! Candidates as rows.

use baton_core::id::PatientId;
use baton_core::patient::Patient;
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use super::Among;
use crate::context::Context;
use crate::log::LogError;
use crate::patients::row::open;

/// A row that may be what somebody looks for.
#[derive(sqlx::FromRow)]
pub(in crate::patients) struct Candidate {
    pub(in crate::patients) id: Uuid,
    pub(in crate::patients) version: i64,
    pub(in crate::patients) sealed: Vec<u8>,
}

/// Patients who have a key of each condition, in no order.
pub(in crate::patients) async fn candidates(
    conn: &mut PgConnection,
    conditions: &[Vec<i64>],
    among: Among,
    limit: i64,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let mut sql = QueryBuilder::new("SELECT id, version, sealed FROM patient WHERE NOT deleted");
    for keys in conditions {
        sql.push(" AND keys && ").push_bind(keys.as_slice());
    }
    if let Among::SpacesOf(user) = among {
        sql.push(
            " AND EXISTS (SELECT 1 FROM patient_space JOIN member USING (space)
               WHERE patient_space.patient = patient.id AND member.until IS NULL AND member.user_id = ",
        )
        .push_bind(user.uuid())
        .push(")");
    }
    sql.push(" LIMIT ").push_bind(limit);
    sql.build_query_as().fetch_all(conn).await
}

/// Whether somebody may find a patient.
pub(in crate::patients) async fn may_find(
    conn: &mut PgConnection,
    among: Among,
    patient: PatientId,
) -> Result<bool, sqlx::Error> {
    let Among::SpacesOf(user) = among else {
        return Ok(true);
    };
    let row: Option<(bool,)> = sqlx::query_as(
        "SELECT true FROM patient_space JOIN member USING (space)
         WHERE patient_space.patient = $1 AND member.user_id = $2 AND member.until IS NULL LIMIT 1",
    )
    .bind(patient.uuid())
    .bind(user.uuid())
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Who stands for one who was merged away; `None` when they were said not to be a patient.
pub(in crate::patients) async fn stands_for(
    cx: &Context,
    conn: &mut PgConnection,
    patient: PatientId,
) -> Result<Option<Patient>, LogError> {
    let row: Option<(Uuid, i64, Vec<u8>)> = sqlx::query_as(
        "WITH RECURSIVE chain (id, merged_into) AS (
             SELECT id, merged_into FROM patient WHERE id = $1
             UNION
             SELECT patient.id, patient.merged_into FROM patient JOIN chain ON patient.id = chain.merged_into)
         SELECT id, version, sealed FROM patient
         WHERE id = (SELECT id FROM chain WHERE merged_into IS NULL) AND NOT deleted",
    )
    .bind(patient.uuid())
    .fetch_optional(conn)
    .await?;
    row.map(|(id, version, sealed)| open(&cx.keys, id, version, &sealed))
        .transpose()
}
