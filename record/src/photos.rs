//! Photos of messages, as devices sealed them ([`baton_core::photo`]): kept before the message that shows them is taken, given to
//! members of the space.

use std::collections::BTreeSet;

use baton_core::id::{DeviceId, SpaceId};
use baton_core::photo::PhotoId;
use baton_core::time::At;
use sqlx::PgConnection;

use crate::context::{Context, millis};

/// What came of keeping a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deposit {
    /// It is durable.
    Kept,
    /// So many of this device wait for their messages that no more are taken.
    TooMany,
}

/// Keeps a photo; once more does no harm.
pub(crate) async fn keep(
    conn: &mut PgConnection,
    space: SpaceId,
    device: DeviceId,
    at: At,
    sealed: &[u8],
) -> Result<Deposit, sqlx::Error> {
    let kept = sqlx::query(
        "INSERT INTO photo (space, id, device, at, sealed)
         SELECT $1, $2, $3, $4, $5
         WHERE (SELECT count(*) FROM photo WHERE device = $3 AND NOT shown) < $6
             OR EXISTS (SELECT 1 FROM photo WHERE space = $1 AND id = $2)
         ON CONFLICT (space, id) DO UPDATE SET at = GREATEST(photo.at, excluded.at)",
    )
    .bind(space.uuid())
    .bind(PhotoId::of(sealed).as_bytes().as_slice())
    .bind(device.uuid())
    .bind(millis(at))
    .bind(sealed)
    .bind(UNSHOWN)
    .execute(conn)
    .await?;
    Ok(if kept.rows_affected() == 1 {
        Deposit::Kept
    } else {
        Deposit::TooMany
    })
}

/// Finds a photo of a space.
pub(crate) async fn find(
    conn: &mut PgConnection,
    space: SpaceId,
    photo: PhotoId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let found: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM photo WHERE space = $1 AND id = $2")
        .bind(space.uuid())
        .bind(photo.as_bytes().as_slice())
        .fetch_optional(conn)
        .await?;
    Ok(found.map(|(sealed,)| sealed))
}

/// Which of these the record has.
pub(crate) async fn known(
    conn: &mut PgConnection,
    space: SpaceId,
    photos: &BTreeSet<PhotoId>,
) -> Result<Vec<PhotoId>, sqlx::Error> {
    let ids: Vec<Vec<u8>> = photos.iter().map(|photo| photo.as_bytes().to_vec()).collect();
    let found: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT id FROM photo WHERE space = $1 AND id = ANY($2)")
        .bind(space.uuid())
        .bind(ids)
        .fetch_all(conn)
        .await?;
    let is_known = |photo: &&PhotoId| found.iter().any(|(id,)| id.as_slice() == photo.as_bytes());
    Ok(photos.iter().filter(is_known).copied().collect())
}

/// Messages show these from now on.
pub(crate) async fn show(
    conn: &mut PgConnection,
    space: SpaceId,
    photos: &[PhotoId],
) -> Result<(), sqlx::Error> {
    let ids: Vec<Vec<u8>> = photos.iter().map(|photo| photo.as_bytes().to_vec()).collect();
    sqlx::query("UPDATE photo SET shown = true WHERE space = $1 AND id = ANY($2) AND NOT shown")
        .bind(space.uuid())
        .bind(ids)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes photos that no message shows and whose devices had long enough to send one; gives how many.
pub async fn forget_unshown(cx: &Context) -> Result<u64, sqlx::Error> {
    let before = cx.now().millis().saturating_sub(WAITS_MILLIS);
    let gone = sqlx::query("DELETE FROM photo WHERE NOT shown AND at < $1")
        .bind(millis(At::from_millis(before)))
        .execute(&cx.pool)
        .await?;
    Ok(gone.rows_affected())
}

/// So many photos of one device may wait for their messages.
const UNSHOWN: i64 = 100;

/// For so long: 30 days.
const WAITS_MILLIS: u64 = 30 * 24 * 60 * 60 * 1_000;
