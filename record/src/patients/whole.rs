//! Patients with all that was said of them, and whose a number is: for doors that give back what they were told.

use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{Identifier, token};
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;

use super::decide::NumberKey;
use super::history::Held;
use super::{keys, row};
use crate::context::{Context, moment};
use crate::log::LogError;

/// A patient, with what the banner does not need.
pub struct Whole {
    /// As they are shown, and from what that follows.
    pub held: Held,
    /// When the index was last changed about them.
    pub updated_at: At,
    /// Who was merged into them, without those who were merged into those.
    pub took_in: Vec<PatientId>,
}

/// Reads patients, in the order of their ids; those that are not known are left out.
pub async fn read(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[PatientId],
) -> Result<Vec<Whole>, LogError> {
    let ids: Vec<Uuid> = patients.iter().map(|patient| patient.uuid()).collect();
    let moments: Vec<(Uuid, i64)> = sqlx::query_as("SELECT id, updated_at FROM patient WHERE id = ANY($1)")
        .bind(&ids)
        .fetch_all(&mut *conn)
        .await?;
    let merged: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT merged_into, id FROM patient WHERE merged_into = ANY($1) ORDER BY id")
            .bind(&ids)
            .fetch_all(&mut *conn)
            .await?;
    let held = row::load(cx, conn, patients).await?;
    Ok(held
        .into_iter()
        .map(|held| {
            let id = held.shown.id.uuid();
            let updated_at = moments.iter().find(|(known, _)| *known == id);
            Whole {
                updated_at: updated_at.map_or_else(At::default, |(_, at)| moment(*at)),
                took_in: merged
                    .iter()
                    .filter(|(into, _)| *into == id)
                    .map(|(_, away)| PatientId::from_uuid(*away))
                    .collect(),
                held,
            }
        })
        .collect())
}

/// Whose a service's number is.
pub async fn owner(
    cx: &Context,
    conn: &mut PgConnection,
    number: &Identifier,
) -> Result<Option<PatientId>, LogError> {
    let key = keys::number(&cx.keys, &NumberKey::from(number));
    let owners = row::owners(conn, std::iter::once(&key)).await?;
    Ok(owners.first().map(|(_, patient)| *patient))
}

/// Who has an NHS number, or had it.
pub async fn with_nhs(
    cx: &Context,
    conn: &mut PgConnection,
    number: NhsNumber,
) -> Result<Vec<PatientId>, LogError> {
    Ok(row::with_keys(conn, &[keys::nhs(&cx.keys, number)]).await?)
}

/// Who may have a number of some service, whichever: those with one that is written alike are among them.
pub async fn with_value(
    cx: &Context,
    conn: &mut PgConnection,
    value: &str,
) -> Result<Vec<PatientId>, LogError> {
    let key = keys::value(&cx.keys, &token::normalise_number(value));
    Ok(row::with_keys(conn, &[key]).await?)
}
