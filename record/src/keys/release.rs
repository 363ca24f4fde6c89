//! Giving a space's keys to a device of a current member, sealed so that only that device opens them.

use baton_core::device::{DevicePublic, SealedToDevice};
use baton_core::device_api::EpochKeys;
use baton_core::id::{SpaceId, UserId};
use baton_core::seal::Epoch;
use baton_core::seal::key::SpaceKey;
use rand_core::CryptoRng;
use sqlx::PgConnection;

use super::epoch;
use crate::context::Context;
use crate::log::LogError;

/// Seals keys to a device. The caller has checked that its person is a member.
pub fn seal(
    space: SpaceId,
    keys: Vec<(Epoch, SpaceKey)>,
    device: &DevicePublic,
    rng: &mut impl CryptoRng,
) -> Result<SealedToDevice, LogError> {
    let released = EpochKeys { space, keys };
    let bytes = zeroize::Zeroizing::new(baton_core::cbor::to_bytes(&released));
    device.seal(&bytes, rng).map_err(|_| LogError::Key { space })
}

/// The keys of a space, sealed to a device of this person; `None` when they are not a member.
pub async fn to_member(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    user: UserId,
    device: &DevicePublic,
) -> Result<Option<SealedToDevice>, LogError> {
    if !is_member(conn, space, user).await? {
        return Ok(None);
    }
    let keys = epoch::load(conn, &cx.keys, space).await?;
    seal(space, keys.to_release(), device, &mut cx.rng()).map(Some)
}

/// Says whether somebody is a member now.
pub async fn is_member(conn: &mut PgConnection, space: SpaceId, user: UserId) -> Result<bool, LogError> {
    let row: Option<(i32,)> =
        sqlx::query_as("SELECT 1 FROM member WHERE space = $1 AND user_id = $2 AND until IS NULL")
            .bind(space.uuid())
            .bind(user.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}
