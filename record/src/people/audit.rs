//! The audit: who did what when. Ids only; what the ids name is in sealed columns elsewhere.

use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::millis;

/// Something that happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Event {
    /// What, such as `signed_in`.
    pub event: &'static str,
    /// Who did it; `None` when the record or its operator did.
    pub user: Option<UserId>,
    /// By which device.
    pub device: Option<DeviceId>,
    /// In which space.
    pub space: Option<SpaceId>,
    /// To whom or what.
    pub subject: Option<Uuid>,
}

/// Adds it, in the transaction of what it tells of.
pub async fn add(conn: &mut PgConnection, at: At, event: Event) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit (at, event, user_id, device, space, subject) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(millis(at))
    .bind(event.event)
    .bind(event.user.map(UserId::uuid))
    .bind(event.device.map(DeviceId::uuid))
    .bind(event.space.map(SpaceId::uuid))
    .bind(event.subject)
    .execute(conn)
    .await?;
    Ok(())
}
