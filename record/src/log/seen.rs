//! Cursors: how far each person has received and read. Kept sealed, outside the log; of two of one person, the larger
//! places count, whichever of their devices they come from.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::id::{DeviceId, UserId};
use baton_core::service::{DeviceCursor, Seen, SeenAnswer};
use baton_core::signal::Cursor;
use baton_core::time::At;
use uuid::Uuid;

use super::LogError;
use super::current::{self, Reader};
use crate::context::Context;
use crate::people::device::{self, Device};

/// Keeps cursors; of each says whether it was kept. One that does not open, is not by its device's person, or tells nothing
/// new is not.
pub async fn seen(cx: &Context, seen: Seen) -> Result<SeenAnswer, LogError> {
    let ids: Vec<DeviceId> = seen.cursors.iter().map(|cursor| cursor.device).collect();
    let devices = device::find_all(cx, &ids).await?;
    let none = || SeenAnswer {
        kept: vec![false; seen.cursors.len()],
    };
    let now = cx.now();
    let open_all = |reader: &mut Reader| -> Vec<Option<Cursor>> {
        let cursors = seen.cursors.iter();
        cursors.map(|sent| open(reader, &devices, sent, now)).collect()
    };
    let Some(mut reader) = current::recent_reader(cx, seen.space).await? else {
        return Ok(none());
    };
    let mut opened = open_all(&mut reader);
    if opened.iter().any(Option::is_none) {
        // Another replica may have written since, or begun an epoch.
        let Some(now_reader) = current::reader(cx, seen.space).await? else {
            return Ok(none());
        };
        reader = now_reader;
        opened = open_all(&mut reader);
    }
    for _ in opened.iter().filter(|cursor| cursor.is_none()) {
        cx.metrics.reject("seen", "cursor");
    }
    let kept = keep(cx, &mut reader, &seen, &opened).await?;
    Ok(SeenAnswer { kept })
}

fn open(
    reader: &mut Reader,
    devices: &BTreeMap<DeviceId, Arc<Device>>,
    sent: &DeviceCursor,
    now: At,
) -> Option<Cursor> {
    let user = devices
        .get(&sent.device)
        .filter(|device| device.is_live(now))?
        .user;
    let (cursor, sealed_by) = Cursor::open(&mut reader.ring, &sent.sealed).ok()?;
    let is_theirs = sealed_by == sent.device && cursor.user == user && reader.members.contains(&user);
    // Nobody has read what is not there yet.
    let is_there = cursor.delivered.max(cursor.read) <= reader.head;
    (is_theirs && is_there).then_some(cursor)
}

async fn keep(
    cx: &Context,
    reader: &mut Reader,
    seen: &Seen,
    opened: &[Option<Cursor>],
) -> Result<Vec<bool>, LogError> {
    let mut users: Vec<Uuid> = opened.iter().flatten().map(|cursor| cursor.user.uuid()).collect();
    if users.is_empty() {
        return Ok(vec![false; opened.len()]);
    }
    users.sort_unstable();
    users.dedup();
    let mut conn = cx.pool.acquire().await?;
    let held: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("SELECT user_id, sealed FROM cursor WHERE space = $1 AND user_id = ANY($2)")
            .bind(seen.space.uuid())
            .bind(users)
            .fetch_all(&mut *conn)
            .await?;
    let merged = merge(cx, reader, seen, opened, &held);
    let (users, sealed): (Vec<Uuid>, Vec<Vec<u8>>) = merged.newest.into_iter().unzip();
    if users.is_empty() {
        return Ok(merged.kept);
    }
    // In order, so that two replicas do not lock each other out. No commit waits for the disk: a cursor that a crash takes,
    // or that another replica's overtakes in this very moment, is told again when its device connects.
    sqlx::query(
        "INSERT INTO cursor (space, user_id, sealed)
         SELECT $1, new.* FROM UNNEST($2::uuid[], $3::bytea[]) AS new,
             (SELECT set_config('synchronous_commit', 'off', true) AS set) AS commit WHERE commit.set = 'off'
         ON CONFLICT (space, user_id) DO UPDATE SET sealed = excluded.sealed",
    )
    .bind(seen.space.uuid())
    .bind(users)
    .bind(sealed)
    .execute(&mut *conn)
    .await?;
    Ok(merged.kept)
}

struct Merged {
    kept: Vec<bool>,
    newest: BTreeMap<Uuid, Vec<u8>>,
}

fn merge(
    cx: &Context,
    reader: &mut Reader,
    seen: &Seen,
    opened: &[Option<Cursor>],
    held: &[(Uuid, Vec<u8>)],
) -> Merged {
    let mut known: BTreeMap<UserId, Cursor> = held
        .iter()
        .filter_map(|(_, sealed)| Cursor::open(&mut reader.ring, sealed).ok())
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
            after.seal(&mut reader.ring, DeviceId::RECORD, &mut cx.rng()).ok()
        };
        if let Some(sealed) = sealed {
            merged.newest.insert(cursor.user.uuid(), sealed);
        }
        known.insert(cursor.user, after);
    }
    merged
}
