//! Vaults: what a person keeps on a device, as far as the record knows of it: a share of what opens it, and its lease.

use std::time::Duration;

use baton_core::id::{DeviceId, UserId, VaultId};
use baton_core::secret::Secret;
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::context::{Context, millis, moment};
use crate::log::LogError;

/// A vault's share and lease.
pub struct Lent {
    /// Opens it for a person who has signed in in full.
    pub share: Secret<32>,
    /// Until when a device may hold it without asking again.
    pub lease_until: At,
    /// It was made just now.
    pub is_new: bool,
}

/// Makes a person's vault, or prolongs its lease, as the one that this device has. Whichever device had it before is this one
/// now: its session ends. `None` when the vault is somebody else's, or has ended: which of the two is not told.
pub async fn lend(
    cx: &Context,
    conn: &mut PgConnection,
    vault: VaultId,
    device: DeviceId,
    user: UserId,
    kept: bool,
) -> Result<Option<Lent>, LogError> {
    let now = cx.now();
    let lease_until = now.plus(Duration::from_millis(cx.config.policy.offline_lease));
    let mut share = Zeroizing::new([0; 32]);
    rand_core::Rng::fill_bytes(&mut cx.rng(), share.as_mut());
    let sealed = cx
        .keys
        .seal_row("vault", vault.uuid(), share.as_ref(), &mut cx.rng());
    let row: Option<(Option<Vec<u8>>, i64)> = sqlx::query_as(
        "INSERT INTO vault (id, user_id, share, kept, lease_until, made_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET kept = $4, lease_until = $5
         WHERE vault.user_id = $2 AND vault.ended_at IS NULL
         RETURNING share, made_at",
    )
    .bind(vault.uuid())
    .bind(user.uuid())
    .bind(&sealed)
    .bind(kept)
    .bind(millis(lease_until))
    .bind(millis(now))
    .fetch_optional(&mut *conn)
    .await?;
    let Some((Some(held), made_at)) = row else {
        return Ok(None);
    };
    let replaced: Vec<(Uuid,)> = sqlx::query_as(
        "UPDATE device SET vault = NULL, session_until = LEAST(session_until, $3) WHERE vault = $1 AND id <> $2
         RETURNING id",
    )
    .bind(vault.uuid())
    .bind(device.uuid())
    .bind(millis(now))
    .fetch_all(&mut *conn)
    .await?;
    for (replaced,) in replaced {
        cx.devices.forget(DeviceId::from_uuid(replaced));
    }
    sqlx::query("UPDATE device SET vault = $1 WHERE id = $2")
        .bind(vault.uuid())
        .bind(device.uuid())
        .execute(conn)
        .await?;
    let damaged = || LogError::Database(sqlx::Error::Protocol("a vault's row does not open".into()));
    let opened = cx
        .keys
        .open_row("vault", vault.uuid(), &held)
        .map_err(|_| damaged())?;
    Ok(Some(Lent {
        share: Secret::new(opened.as_slice().try_into().map_err(|_| damaged())?),
        lease_until,
        is_new: held == sealed && moment(made_at) == now,
    }))
}

/// Whether this is a vault of a person that stays on its device.
pub async fn is_kept(conn: &mut PgConnection, vault: VaultId, user: UserId) -> Result<bool, sqlx::Error> {
    let row: Option<(bool,)> =
        sqlx::query_as("SELECT kept FROM vault WHERE id = $1 AND user_id = $2 AND ended_at IS NULL")
            .bind(vault.uuid())
            .bind(user.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some_and(|(kept,)| kept))
}

/// Ends a person's vault: nobody is given its share any more. False when there is none that has not ended.
pub async fn end(
    conn: &mut PgConnection,
    vault: VaultId,
    user: UserId,
    now: At,
) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE vault SET share = NULL, ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
    )
    .bind(vault.uuid())
    .bind(user.uuid())
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() > 0)
}

/// Ends the vault that a device has, with the device.
pub async fn end_of_device(conn: &mut PgConnection, device: DeviceId, now: At) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE vault SET share = NULL, ended_at = $2
         WHERE ended_at IS NULL AND id = (SELECT vault FROM device WHERE id = $1)",
    )
    .bind(device.uuid())
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(())
}
