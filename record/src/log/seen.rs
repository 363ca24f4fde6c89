//! Cursors: how far each person has received and read. Kept sealed, outside the log; of two of one person, the larger
//! places count, whichever of their devices they come from.

use std::collections::BTreeMap;

use baton_core::id::{DeviceId, UserId};
use baton_core::seal::Keyring;
use baton_core::service::{Seen, SeenAnswer};
use baton_core::signal::Cursor;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{LogError, made};
use crate::context::Context;
use crate::people::device;

/// Keeps cursors; of each says whether it was kept. One that does not open, is not by its device's person, or tells nothing
/// new is not.
pub async fn seen(cx: &Context, seen: Seen) -> Result<SeenAnswer, LogError> {
    let ids: Vec<DeviceId> = seen.cursors.iter().map(|cursor| cursor.device).collect();
    let devices = device::find_all(cx, &ids).await?;
    let mut conn = cx.pool.acquire().await?;
    let now = cx.now();
    let opened = made::with_current(cx, &mut conn, seen.space, |folded| {
        let open = |ring: &mut Keyring, device: DeviceId, sealed: &[u8]| {
            let (cursor, sealed_by) = Cursor::open(ring, sealed).ok()?;
            let user = devices.get(&device).filter(|device| device.is_live(now))?.user;
            let is_theirs = sealed_by == device && cursor.user == user;
            is_theirs.then_some(cursor)
        };
        seen.cursors
            .iter()
            .map(|sent| {
                open(&mut folded.keys.ring, sent.device, &sent.sealed)
                    .filter(|cursor| folded.state.members.contains(cursor.user))
                    // Nobody has read what is not there yet.
                    .filter(|cursor| cursor.delivered.max(cursor.read) <= folded.state.head.seq)
            })
            .collect::<Vec<_>>()
    })
    .await?;
    let Some(opened) = opened else {
        return Ok(SeenAnswer {
            kept: vec![false; seen.cursors.len()],
        });
    };
    for _ in opened.iter().filter(|cursor| cursor.is_none()) {
        cx.metrics.reject("seen", "cursor");
    }
    let kept = keep(cx, &mut conn, &seen, &opened).await?;
    Ok(SeenAnswer { kept })
}

async fn keep(
    cx: &Context,
    conn: &mut PgConnection,
    seen: &Seen,
    opened: &[Option<Cursor>],
) -> Result<Vec<bool>, LogError> {
    let mut users: Vec<Uuid> = opened.iter().flatten().map(|cursor| cursor.user.uuid()).collect();
    if users.is_empty() {
        return Ok(vec![false; opened.len()]);
    }
    users.sort_unstable();
    users.dedup();
    let mut transaction = conn.begin().await?;
    // A cursor that a crash takes is told again; no commit waits for the disk.
    sqlx::query("SET LOCAL synchronous_commit = off")
        .execute(&mut *transaction)
        .await?;
    let held: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(
        "SELECT user_id, sealed FROM cursor WHERE space = $1 AND user_id = ANY($2) ORDER BY user_id FOR UPDATE",
    )
    .bind(seen.space.uuid())
    .bind(users)
    .fetch_all(&mut *transaction)
    .await?;
    let merged = merge(cx, &mut transaction, seen, opened, held).await?;
    let (users, sealed): (Vec<Uuid>, Vec<Vec<u8>>) = merged.newest.into_iter().unzip();
    sqlx::query(
        "INSERT INTO cursor (space, user_id, sealed) SELECT $1, * FROM UNNEST($2::uuid[], $3::bytea[])
         ON CONFLICT (space, user_id) DO UPDATE SET sealed = excluded.sealed",
    )
    .bind(seen.space.uuid())
    .bind(users)
    .bind(sealed)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(merged.kept)
}

struct Merged {
    kept: Vec<bool>,
    newest: BTreeMap<Uuid, Vec<u8>>,
}

async fn merge(
    cx: &Context,
    conn: &mut PgConnection,
    seen: &Seen,
    opened: &[Option<Cursor>],
    held: Vec<(Uuid, Vec<u8>)>,
) -> Result<Merged, LogError> {
    let mut rng = cx.rng();
    let merged = made::with_current(cx, conn, seen.space, |folded| {
        let ring = &mut folded.keys.ring;
        let mut known: BTreeMap<UserId, Cursor> = held
            .iter()
            .filter_map(|(_, sealed)| Cursor::open(ring, sealed).ok())
            .map(|(cursor, _)| (cursor.user, cursor))
            .collect();
        let mut merged = Merged {
            kept: Vec::with_capacity(opened.len()),
            newest: BTreeMap::new(),
        };
        for (sent, cursor) in seen.cursors.iter().zip(opened) {
            let Some(cursor) = cursor else {
                merged.kept.push(false);
                continue;
            };
            let before = known.get(&cursor.user).copied();
            let mut after = before.unwrap_or(*cursor);
            let is_news = before.is_none() || after.advance(cursor);
            merged.kept.push(is_news);
            if !is_news {
                continue;
            }
            // Usually the newer cursor is ahead in both; where two devices are each ahead in one, the record says so itself.
            let is_all = after.delivered == cursor.delivered && after.read == cursor.read;
            let sealed = if is_all {
                Some(sent.sealed.clone())
            } else {
                after.seal(ring, DeviceId::RECORD, &mut rng).ok()
            };
            if let Some(sealed) = sealed {
                merged.newest.insert(cursor.user.uuid(), sealed);
            }
            known.insert(cursor.user, after);
        }
        merged
    })
    .await?;
    merged.ok_or(LogError::Damaged {
        space: seen.space,
        seq: 0,
    })
}
