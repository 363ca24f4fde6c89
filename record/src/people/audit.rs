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
    /// The device's own time, of what it tells afterwards; `None` when it was the record that saw it happen.
    pub device_at: Option<At>,
}

/// Adds it, in the transaction of what it tells of. What a device told before is not added again.
pub async fn add(conn: &mut PgConnection, at: At, event: Event) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit (at, event, user_id, device, space, subject, device_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
    )
    .bind(millis(at))
    .bind(event.event)
    .bind(event.user.map(UserId::uuid))
    .bind(event.device.map(DeviceId::uuid))
    .bind(event.space.map(SpaceId::uuid))
    .bind(event.subject)
    .bind(event.device_at.map(millis))
    .execute(conn)
    .await?;
    Ok(())
}
