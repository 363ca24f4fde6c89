//! Accesses as rows.

use baton_core::id::{PatientId, SpaceId, UserId};
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::millis;
use crate::people::device::Device;

/// An access to be added.
pub(super) struct Line {
    pub(super) id: Uuid,
    pub(super) at: At,
    pub(super) event: &'static str,
    pub(super) space: Option<SpaceId>,
    pub(super) patient: Option<PatientId>,
    pub(super) sealed: Vec<u8>,
}

/// Adds an access.
pub(super) async fn add(conn: &mut PgConnection, device: &Device, line: Line) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO patient_access (id, at, event, user_id, device, space, patient, sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(line.id)
    .bind(millis(line.at))
    .bind(line.event)
    .bind(device.user.uuid())
    .bind(device.id.uuid())
    .bind(line.space.map(SpaceId::uuid))
    .bind(line.patient.map(PatientId::uuid))
    .bind(line.sealed)
    .execute(conn)
    .await?;
    Ok(())
}

/// How often a device did something since then.
pub(super) async fn count(
    conn: &mut PgConnection,
    device: &Device,
    event: &str,
    since: At,
) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM patient_access WHERE user_id = $1 AND at > $2 AND device = $3 AND event = $4",
    )
    .bind(device.user.uuid())
    .bind(millis(since))
    .bind(device.id.uuid())
    .bind(event)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Whether somebody belongs to a space.
pub(super) async fn is_member(
    conn: &mut PgConnection,
    space: SpaceId,
    user: UserId,
) -> Result<bool, sqlx::Error> {
    let row: Option<(bool,)> =
        sqlx::query_as("SELECT true FROM member WHERE space = $1 AND user_id = $2 AND until IS NULL")
            .bind(space.uuid())
            .bind(user.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}

/// The space of the people around a patient, if somebody belongs to it.
pub(super) async fn space_around(
    conn: &mut PgConnection,
    patient: PatientId,
    user: UserId,
) -> Result<Option<SpaceId>, sqlx::Error> {
    let row: Option<(Uuid,)> = sqlx::query_as(
        "SELECT space FROM patient_care_space JOIN member USING (space)
         WHERE patient_care_space.patient = $1 AND member.user_id = $2 AND member.until IS NULL",
    )
    .bind(patient.uuid())
    .bind(user.uuid())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(space,)| SpaceId::from_uuid(space)))
}
