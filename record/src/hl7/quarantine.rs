//! Messages that were not understood, kept whole and sealed until an operator has dealt with them. What was dealt with is kept a
//! while longer, then deleted: it is about patients.

use std::time::Duration;

use baton_core::time::At;
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::feed::Feed;
use super::read::{Key, Reading};
use super::reason::Reason;
use crate::context::{Context, millis, moment};
use crate::log::LogError;
use crate::people::audit;

/// What is told of a message without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id here.
    pub id: Uuid,
    /// Whose it is.
    pub feed: Feed,
    /// When it came.
    pub at: At,
    /// Why it was refused: [`Reason::label`].
    pub reason: String,
    /// `waiting`, `replayed` or `discarded`.
    pub state: String,
}

/// A message that was kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// All of it, as it came.
    #[serde(rename = "m", with = "serde_bytes")]
    pub message: Vec<u8>,
    /// Why it was discarded, in an operator's words.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Why a message of the quarantine cannot be dealt with.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// It was replayed or discarded before.
    #[error("it was {0} before")]
    Dealt(String),
    /// The database did not do it.
    #[error(transparent)]
    Log(#[from] LogError),
    /// There is none with this id.
    #[error("there is no such message")]
    NoSuchMessage,
    /// What it says is refused. It waits on.
    #[error("it is refused: {}. It waits on", .0.label())]
    Refused(Reason),
}

impl From<sqlx::Error> for QuarantineError {
    fn from(error: sqlx::Error) -> Self {
        Self::Log(error.into())
    }
}

/// Keeps a message, in the transaction in which it is remembered as refused.
pub(super) async fn keep(
    cx: &Context,
    conn: &mut PgConnection,
    reading: &Reading<'_>,
    key: Key,
    reason: Reason,
) -> Result<(), sqlx::Error> {
    let id = cx.make_quarantine_id();
    let kept = Kept {
        message: reading.bytes.to_vec(),
        why: None,
    };
    sqlx::query(
        "INSERT INTO hl7_quarantine (id, feed, at, reason, control, sealed) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(reading.feed.name())
    .bind(millis(cx.now()))
    .bind(reason.label())
    .bind(key.control.as_slice())
    .bind(kept.seal(cx, id))
    .execute(&mut *conn)
    .await?;
    tell_audit(cx, conn, "hl7.quarantined", id).await?;
    cx.metrics.hl7.quarantined.inc();
    Ok(())
}

/// Messages in the order in which they came: those that wait, or all.
pub async fn list(cx: &Context, all: bool) -> Result<Vec<Listed>, sqlx::Error> {
    let rows: Vec<(Uuid, String, i64, String, String)> = sqlx::query_as(
        "SELECT id, feed, at, reason, state FROM hl7_quarantine WHERE $1 OR state = 'waiting' ORDER BY at, id",
    )
    .bind(all)
    .fetch_all(&cx.pool)
    .await?;
    let listed = rows.into_iter().map(|(id, feed, at, reason, state)| Listed {
        id,
        feed: Feed::named(feed),
        at: moment(at),
        reason,
        state,
    });
    Ok(listed.collect())
}

/// Opens a message for an operator's eyes, which the audit says.
pub async fn show(cx: &Context, id: Uuid) -> Result<Kept, QuarantineError> {
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let row: Option<(Vec<u8>,)> = sqlx::query_as("SELECT sealed FROM hl7_quarantine WHERE id = $1")
        .bind(id)
        .fetch_optional(&mut *transaction)
        .await?;
    let (sealed,) = row.ok_or(QuarantineError::NoSuchMessage)?;
    let kept = Kept::open(cx, id, &sealed)?;
    tell_audit(cx, &mut transaction, "hl7.quarantine_shown", id).await?;
    transaction.commit().await?;
    Ok(kept)
}

/// Discards a message, with the operator's reason, which is sealed with it. Sent again, it is refused as before.
pub async fn discard(cx: &Context, id: Uuid, why: &str) -> Result<(), QuarantineError> {
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let (mut kept, _) = waiting(cx, &mut transaction, id).await?;
    kept.why = Some(why.to_owned());
    sqlx::query("UPDATE hl7_quarantine SET state = 'discarded', state_at = $2, sealed = $3 WHERE id = $1")
        .bind(id)
        .bind(millis(cx.now()))
        .bind(kept.seal(cx, id))
        .execute(&mut *transaction)
        .await?;
    tell_audit(cx, &mut transaction, "hl7.discarded", id).await?;
    transaction.commit().await?;
    Ok(())
}

/// A message that waits, locked, and the key under which it is remembered.
pub(super) async fn waiting(
    cx: &Context,
    conn: &mut PgConnection,
    id: Uuid,
) -> Result<(Kept, Vec<u8>), QuarantineError> {
    let row: Option<(Vec<u8>, String, Option<Vec<u8>>)> =
        sqlx::query_as("SELECT sealed, state, control FROM hl7_quarantine WHERE id = $1 FOR UPDATE")
            .bind(id)
            .fetch_optional(conn)
            .await?;
    let (sealed, state, control) = row.ok_or(QuarantineError::NoSuchMessage)?;
    if state != "waiting" {
        return Err(QuarantineError::Dealt(state));
    }
    Ok((Kept::open(cx, id, &sealed)?, control.unwrap_or_default()))
}

/// Whose a message is.
pub(super) async fn feed_of(conn: &mut PgConnection, id: Uuid) -> Result<Feed, QuarantineError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT feed FROM hl7_quarantine WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    let (feed,) = row.ok_or(QuarantineError::NoSuchMessage)?;
    Ok(Feed::named(feed))
}

/// Counts those that wait.
pub async fn count(cx: &Context) -> Result<(), sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM hl7_quarantine WHERE state = 'waiting'")
        .fetch_one(&cx.pool)
        .await?;
    cx.metrics.hl7.quarantined.set(count);
    Ok(())
}

/// Deletes what was dealt with, and forgets messages that were answered, after [`REMEMBERED`]: systems begin their control ids
/// anew, and the index itself knows by an event's moment that it is old.
pub async fn forget(cx: &Context) -> Result<(), sqlx::Error> {
    let since = u64::try_from(REMEMBERED.as_millis()).unwrap_or(u64::MAX);
    let before = millis(At::from_millis(cx.now().millis().saturating_sub(since)));
    sqlx::query("DELETE FROM hl7_seen WHERE at < $1 AND sealed IS NULL")
        .bind(before)
        .execute(&cx.pool)
        .await?;
    sqlx::query("DELETE FROM hl7_quarantine WHERE state <> 'waiting' AND state_at < $1")
        .bind(before)
        .execute(&cx.pool)
        .await?;
    Ok(())
}

pub(super) async fn tell_audit(
    cx: &Context,
    conn: &mut PgConnection,
    event: &'static str,
    id: Uuid,
) -> Result<(), sqlx::Error> {
    let event = audit::Event {
        event,
        subject: Some(id),
        ..audit::Event::default()
    };
    audit::add(conn, cx.now(), event).await
}

impl Kept {
    fn seal(&self, cx: &Context, id: Uuid) -> Vec<u8> {
        let bytes = Zeroizing::new(baton_core::cbor::to_bytes(self));
        cx.keys.seal_row(TABLE, id, &bytes, &mut cx.rng())
    }

    fn open(cx: &Context, id: Uuid, sealed: &[u8]) -> Result<Self, LogError> {
        let damaged = || LogError::Database(sqlx::Error::Protocol("a kept message does not open".into()));
        let bytes = cx.keys.open_row(TABLE, id, sealed).map_err(|_| damaged())?;
        baton_core::cbor::from_bytes(&bytes).map_err(|_| damaged())
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

const TABLE: &str = "hl7_quarantine";

/// How long what was answered, or dealt with, is remembered.
pub const REMEMBERED: Duration = Duration::from_hours(30 * 24);
