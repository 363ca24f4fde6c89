//! Reading a part of a log, as it is kept.

use baton_core::chain::Seq;
use baton_core::device_api::{History, HistoryAnswer, HistoryOf, HistoryOfAnswer};
use baton_core::frame::limit::{ENTRIES_BYTES, ENTRIES_PER_FRAME};
use baton_core::id::{OpId, SpaceId};
use baton_core::service::{Entries, EntriesAnswer};
use sqlx::PgConnection;

use super::{LogError, row};
use crate::context::Context;

/// What came after a place, with the cursors. `None` when there is no such space.
pub async fn after(cx: &Context, asked: &Entries) -> Result<Option<EntriesAnswer>, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let limit = asked
        .limit
        .min(u32::try_from(ENTRIES_PER_FRAME).unwrap_or(u32::MAX));
    let entries = if limit == 0 {
        Vec::new()
    } else {
        row::entries_after(&mut conn, asked.space, asked.after, limit, ENTRIES_BYTES).await?
    };
    let cursors: Vec<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM cursor WHERE space = $1")
        .bind(asked.space.uuid())
        .fetch_all(&mut *conn)
        .await?;
    // Read last, so that the head is never behind what is sent.
    let row = row::space(&mut conn, asked.space).await?;
    Ok(row.map(|row| EntriesAnswer {
        entries,
        head: row.head.seq,
        cursors: cursors
            .into_iter()
            .map(|(sealed,)| serde_bytes::ByteBuf::from(sealed))
            .collect(),
    }))
}

/// What came before a place, with what is about it. The caller has checked that its person is a member.
pub async fn before(conn: &mut PgConnection, asked: &History) -> Result<HistoryAnswer, LogError> {
    let limit = u32::from(asked.limit.clamp(1, HISTORY));
    let entries = row::entries_before(conn, asked.space, asked.before, limit, ENTRIES_BYTES).await?;
    let ids: Vec<OpId> = entries.iter().map(|entry| entry.op_id).collect();
    let next = entries.last().map_or(Seq::ZERO, |entry| entry.seq.next());
    let later = if ids.is_empty() {
        Vec::new()
    } else {
        row::entries_about(conn, asked.space, &ids, next).await?
    };
    let is_start = entries.first().is_none_or(|entry| entry.seq <= Seq::new(1));
    Ok(HistoryAnswer {
        entries,
        later,
        is_start,
    })
}

/// What was done to one message or list. The caller has checked that its person is a member.
pub async fn of_one(conn: &mut PgConnection, asked: &HistoryOf) -> Result<HistoryOfAnswer, LogError> {
    let limit = u32::from(asked.limit.clamp(1, HISTORY));
    let HistoryOf {
        space,
        target,
        before,
        ..
    } = *asked;
    let entries = row::entries_of_one(conn, space, target, before, limit, ENTRIES_BYTES).await?;
    let is_start = entries.first().is_none_or(|entry| entry.op_id == target);
    Ok(HistoryOfAnswer { entries, is_start })
}

/// Whether a device may listen and write to a space.
pub async fn may(cx: &Context, space: SpaceId, device: baton_core::id::DeviceId) -> Result<bool, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let row: Option<(i32,)> = sqlx::query_as(
        "SELECT 1 FROM device JOIN member ON member.user_id = device.user_id
         WHERE member.space = $1 AND member.until IS NULL
             AND device.id = $2 AND device.revoked_at IS NULL AND device.session_until > $3",
    )
    .bind(space.uuid())
    .bind(device.uuid())
    .bind(crate::context::millis(cx.now()))
    .fetch_optional(&mut *conn)
    .await?;
    Ok(row.is_some())
}

/// Entries in one page of history at most.
const HISTORY: u16 = 200;
