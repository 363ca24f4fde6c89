//! Epochs: a space's key ends when a member leaves, a device is taken from its person, or after 30 days; the next one
//! begins in the same moment, and earlier ones stay readable for members.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_core::id::SpaceId;
use baton_core::seal::key::{SpaceKey, make_space_key};
use baton_core::seal::{Epoch, Keyring};
use baton_core::time::At;
use rand_core::CryptoRng;
use sqlx::PgConnection;

use super::KeyEncryption;
use crate::context::{millis, moment};
use crate::log::LogError;

/// The keys of a space, and when they ended.
pub struct SpaceKeys {
    /// The keys themselves.
    pub ring: Keyring,
    /// Of epochs that have ended, when they did.
    pub ended: BTreeMap<Epoch, At>,
}

impl SpaceKeys {
    /// Says whether something sealed under this epoch is still taken.
    pub fn is_taken(&self, epoch: Epoch, now: At) -> bool {
        self.ended
            .get(&epoch)
            .is_none_or(|ended| now <= ended.plus(STALE_AFTER))
    }

    /// The keys by epoch, for a member.
    pub fn to_release(&self) -> Vec<(Epoch, SpaceKey)> {
        self.ring
            .iter()
            .map(|(epoch, key)| (epoch, key.clone()))
            .collect()
    }
}

/// Loads a space's keys.
pub async fn load(
    conn: &mut PgConnection,
    keys: &KeyEncryption,
    space: SpaceId,
) -> Result<SpaceKeys, LogError> {
    let rows: Vec<(i32, Vec<u8>, Option<i64>)> =
        sqlx::query_as("SELECT epoch, wrapped, ended_at FROM space_key WHERE space = $1 ORDER BY epoch")
            .bind(space.uuid())
            .fetch_all(conn)
            .await?;
    let mut loaded = SpaceKeys {
        ring: Keyring::new(space),
        ended: BTreeMap::new(),
    };
    for (epoch, wrapped, ended) in rows {
        let epoch = read(epoch);
        let key = keys
            .unwrap(space, epoch, &wrapped)
            .map_err(|_| LogError::Key { space })?;
        loaded.ring.insert(epoch, key);
        if let Some(ended) = ended {
            loaded.ended.insert(epoch, moment(ended));
        }
    }
    Ok(loaded)
}

/// Writes the first key of a new space.
pub async fn first(
    conn: &mut PgConnection,
    keys: &KeyEncryption,
    space: SpaceId,
    now: At,
    rng: &mut impl CryptoRng,
) -> Result<SpaceKey, LogError> {
    let key = make_space_key(rng);
    insert(
        conn,
        space,
        Epoch::FIRST,
        &keys.wrap(space, Epoch::FIRST, &key, rng),
        now,
    )
    .await?;
    Ok(key)
}

/// Ends a space's epoch and begins the next. The space's row is locked by the caller's transaction.
pub async fn begin_next(
    conn: &mut PgConnection,
    keys: &KeyEncryption,
    space: SpaceId,
    now: At,
    rng: &mut impl CryptoRng,
) -> Result<(Epoch, SpaceKey), LogError> {
    let (epoch,): (i32,) =
        sqlx::query_as("UPDATE space SET epoch = epoch + 1, epoch_at = $2 WHERE id = $1 RETURNING epoch")
            .bind(space.uuid())
            .bind(millis(now))
            .fetch_one(&mut *conn)
            .await?;
    sqlx::query("UPDATE space_key SET ended_at = $2 WHERE space = $1 AND ended_at IS NULL")
        .bind(space.uuid())
        .bind(millis(now))
        .execute(&mut *conn)
        .await?;
    let (epoch, key) = (read(epoch), make_space_key(rng));
    insert(conn, space, epoch, &keys.wrap(space, epoch, &key, rng), now).await?;
    Ok((epoch, key))
}

async fn insert(
    conn: &mut PgConnection,
    space: SpaceId,
    epoch: Epoch,
    wrapped: &[u8],
    now: At,
) -> Result<(), LogError> {
    sqlx::query("INSERT INTO space_key (space, epoch, wrapped, created_at) VALUES ($1, $2, $3, $4)")
        .bind(space.uuid())
        .bind(write(epoch))
        .bind(wrapped)
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// An epoch out of a database row.
pub(crate) fn read(epoch: i32) -> Epoch {
    Epoch::new(u32::try_from(epoch).unwrap_or(0))
}

/// An epoch as a database row holds it.
pub(crate) fn write(epoch: Epoch) -> i32 {
    i32::try_from(epoch.value()).unwrap_or(i32::MAX)
}

/// So long after its end an epoch's key is still taken.
pub const STALE_AFTER: Duration = Duration::from_mins(1);

/// No epoch is longer.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);
