//! Ending devices: one signs out of its own, or one is taken from its person, who may have lost it.
//!
//! A device that was taken is told to forget everything, at once if it is connected and else by the order that it finds when
//! it asks. Its person's spaces begin new epochs; that they have to is written with the ending, so that a crash in between
//! leaves none of them under a key that a thief may hold.

use baton_core::device::Revocation;
use baton_core::id::{DeviceId, UserId};
use baton_core::service::{REVOKE_PATH, Revoke};
use serde_bytes::ByteBuf;
use sqlx::Connection;
use uuid::Uuid;

use crate::context::{Context, millis, moment};
use crate::log::{self, LogError};
use crate::notice;
use crate::people::{audit, person, vault};

/// Who ends a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A person, from another device: theirs, or one of a colleague whose organisation they administrate.
    Another(UserId),
    /// Its own person, who signs out.
    Itself(UserId),
    /// The record's operator.
    Operator,
}

impl By {
    /// Somebody else may hold the device.
    fn is_from_outside(self) -> bool {
        match self {
            Self::Another(_) | Self::Operator => true,
            Self::Itself(_) => false,
        }
    }

    fn user(self) -> Option<UserId> {
        match self {
            Self::Another(user) | Self::Itself(user) => Some(user),
            Self::Operator => None,
        }
    }
}

/// Ends a device, and the vault that it has. Unless it signs out by itself, somebody else may hold it: then all spaces of its
/// person begin a new epoch. False when it had ended before, or there is none; what was not finished then is finished now.
pub async fn revoke(cx: &Context, device: DeviceId, by: By) -> Result<bool, LogError> {
    let is_ended = end(cx, device, by).await?;
    if by.is_from_outside() {
        begin_epochs(cx, Some(device)).await?;
    }
    Ok(is_ended)
}

async fn end(cx: &Context, device: DeviceId, by: By) -> Result<bool, LogError> {
    let now = cx.now();
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    // The vault's row before the device's, as when a vault is asked for: nobody waits for each other.
    vault::end_of_device(&mut transaction, device, now).await?;
    let ended: Option<(Uuid,)> = sqlx::query_as(
        "UPDATE device SET revoked_at = $2, epochs_due = $3 WHERE id = $1 AND revoked_at IS NULL RETURNING user_id",
    )
    .bind(device.uuid())
    .bind(millis(now))
    .bind(by.is_from_outside())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((user,)) = ended else {
        return Ok(false);
    };
    let event = audit::Event {
        event: if by.is_from_outside() {
            "device.revoked"
        } else {
            "signed_out"
        },
        user: by.user(),
        device: Some(device),
        subject: Some(user),
        ..audit::Event::default()
    };
    audit::add(&mut transaction, now, event).await?;
    let order = Revoke {
        user: UserId::from_uuid(user),
        device,
        signed: Revocation { device, at: now }.sign(cx.signing_key()),
    };
    notice::add(&mut transaction, now, REVOKE_PATH, &order).await?;
    transaction.commit().await?;
    cx.devices.forget(device);
    cx.notices.notify_one();
    Ok(true)
}

/// Begins the epochs that are still due because a device was taken from its person. Twice does no harm.
pub async fn begin_due_epochs(cx: &Context) -> Result<(), LogError> {
    begin_epochs(cx, None).await
}

/// One space that cannot now does not keep the others from it; it stays due.
async fn begin_epochs(cx: &Context, only: Option<DeviceId>) -> Result<(), LogError> {
    let due: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT id, user_id FROM device WHERE epochs_due AND ($1::uuid IS NULL OR id = $1) ORDER BY id",
    )
    .bind(only.map(DeviceId::uuid))
    .fetch_all(&cx.pool)
    .await?;
    let mut outcome = Ok(());
    for (device, user) in due {
        let spaces = person::spaces(&mut *cx.pool.acquire().await?, UserId::from_uuid(user)).await?;
        let mut begun = Ok(());
        for space in spaces {
            begun = begun.and(log::current::begin_epoch(cx, space).await);
        }
        if begun.is_ok() {
            sqlx::query("UPDATE device SET epochs_due = false WHERE id = $1")
                .bind(device)
                .execute(&cx.pool)
                .await?;
        }
        outcome = outcome.and(begun);
    }
    outcome
}

/// The signed orders for those of these devices that were ended.
pub async fn orders(cx: &Context, devices: &[DeviceId]) -> Result<Vec<(DeviceId, ByteBuf)>, LogError> {
    let ids: Vec<Uuid> = devices.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, i64)> =
        sqlx::query_as("SELECT id, revoked_at FROM device WHERE id = ANY($1) AND revoked_at IS NOT NULL")
            .bind(ids)
            .fetch_all(&cx.pool)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(id, at)| {
            let device = DeviceId::from_uuid(id);
            let order = Revocation {
                device,
                at: moment(at),
            }
            .sign(cx.signing_key());
            (device, ByteBuf::from(order))
        })
        .collect())
}
