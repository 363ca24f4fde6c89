//! Messages that are kept and answered, and not in the index yet: into it in their order, many in one transaction, by one replica at
//! a time. Nothing that was answered is lost: a message waits in the database, sealed, until the transaction that takes what
//! it says into the index, or that puts it into the quarantine.
//!
//! Nearly everything can be refused for itself alone ([`refusal`]), before it is answered. So what waits here and was answered is not
//! refused later. What needs two patients (a link, a swap) may turn out to be of one and the same: its answer comes after its
//! turn ([`drain`]).

use std::time::Duration;

use baton_core::time::At;
use sqlx::{Acquire, Connection, PgConnection, PgExecutor, PgTransaction};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::map::Mapped;
use super::quarantine;
use super::read::{self, Key, Reading};
use super::reason::Reason;
use super::take::{ACCEPTED, HOPELESS, is_away, tell};
use crate::context::{Context, millis, moment};
use crate::log::LogError;
use crate::patients;
use crate::patients::decide::Index;

/// Why a message is refused whatever the index holds.
pub(super) fn refusal(cx: &Context, mapped: &Mapped) -> Option<Reason> {
    let mut nobody = Index::default();
    let mut refused = mapped
        .events
        .iter()
        .filter(|event| event.change.is_certain())
        .map(|event| nobody.take(event, &mut || cx.make_patient_id()));
    refused.find_map(Result::err).map(Reason::Index)
}

/// Whether it can be answered before it is in the index.
pub(super) fn is_certain(mapped: &Mapped) -> bool {
    mapped.events.iter().all(|event| event.change.is_certain())
}

/// Keeps a message that is to be taken; what is of no consequence is remembered only. False if one is remembered under its key.
/// Durable when it returns.
pub(super) async fn keep(
    cx: &Context,
    reading: &Reading<'_>,
    key: Key,
    mapped: &Mapped,
) -> Result<bool, sqlx::Error> {
    let sealed = (!mapped.events.is_empty()).then(|| {
        cx.keys
            .seal_row(TABLE, id(&key.control), reading.bytes, &mut cx.rng())
    });
    let is_new = remember(&cx.pool, reading, key, ACCEPTED, sealed).await?;
    if is_new {
        cx.hl7_waiting.notify_one();
    }
    Ok(is_new)
}

/// Remembers a message, and keeps it where it is `sealed`. False if one is remembered under its key.
pub(super) async fn remember(
    database: impl PgExecutor<'_>,
    reading: &Reading<'_>,
    key: Key,
    outcome: &str,
    sealed: Option<Vec<u8>>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO hl7_seen (feed, control, digest, at, outcome, sealed) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(reading.feed.name())
    .bind(key.control.as_slice())
    .bind(key.digest.as_slice())
    .bind(millis(reading.at))
    .bind(outcome)
    .bind(sealed)
    .execute(database)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes what waits into the index until the future is dropped.
pub async fn run(cx: Context) {
    loop {
        match drain_slowly(&cx).await {
            Ok(()) => {}
            Err(error) => tracing::warn!(
                error.kind = %error.detail(),
                "HL7 messages that were answered cannot be taken into the index now; they wait."
            ),
        }
        // What another replica kept does not wake this one, and neither may a wake that was missed matter.
        if tokio::time::timeout(EVERY, cx.hl7_waiting.notified())
            .await
            .is_ok()
        {
            tokio::time::sleep(GATHER).await;
        }
    }
}

/// Takes all that waits into the index. An error means that the database could not do it now: it waits on.
pub async fn drain(cx: &Context) -> Result<(), LogError> {
    while take_batch(cx).await? > 0 {}
    Ok(())
}

/// The same, in batches as large as what comes in a while.
async fn drain_slowly(cx: &Context) -> Result<(), LogError> {
    loop {
        let taken = take_batch(cx).await?;
        if taken == 0 {
            return Ok(());
        }
        if taken < usize::from(AT_ONCE) {
            tokio::time::sleep(GATHER).await;
        }
    }
}

/// Takes the first that wait; gives how many.
async fn take_batch(cx: &Context) -> Result<usize, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let taken = match take_some(cx, &mut conn).await {
        Ok(Batch::Taken(taken)) => taken,
        Err(LogError::Database(error)) if is_away(&error) => return Err(error.into()),
        Ok(Batch::Refused) | Err(_) => take_one_by_one(cx, &mut conn).await?,
    };
    if taken == 0 {
        cx.metrics.hl7.waiting.set(0);
    }
    Ok(taken)
}

/// How many wait.
pub(super) async fn count(cx: &Context) -> Result<(), sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM hl7_seen WHERE sealed IS NOT NULL")
        .fetch_one(&cx.pool)
        .await?;
    cx.metrics.hl7.waiting.set(count);
    Ok(())
}

/// What became of a batch.
enum Batch {
    /// So many are in the index.
    Taken(usize),
    /// One of them is refused, and nothing was written.
    Refused,
}

/// A message that waits: its place, when it came, and all of it.
struct Waiting {
    seq: i64,
    at: At,
    bytes: Zeroizing<Vec<u8>>,
}

async fn take_some(cx: &Context, conn: &mut PgConnection) -> Result<Batch, LogError> {
    let mut transaction = begin(conn).await?;
    let waiting = first(cx, &mut transaction, AT_ONCE.into()).await?;
    if waiting.is_empty() {
        return Ok(Batch::Taken(0));
    }
    let read: Result<Vec<Mapped>, Reason> = waiting
        .iter()
        .map(|message| read::content(&cx.config.hl7, &message.bytes, message.at))
        .collect();
    let Ok(messages) = read else {
        return Ok(Batch::Refused);
    };
    if tell(cx, &mut transaction, &messages).await?.is_err() {
        transaction.rollback().await?;
        return Ok(Batch::Refused);
    }
    let seqs: Vec<i64> = waiting.iter().map(|message| message.seq).collect();
    done(&mut transaction, &seqs, ACCEPTED).await?;
    transaction.commit().await?;
    patients::wake(cx);
    Ok(Batch::Taken(waiting.len()))
}

/// Each for itself: what is refused, or what the database will never do, is put into the quarantine.
async fn take_one_by_one(cx: &Context, conn: &mut PgConnection) -> Result<usize, LogError> {
    let mut faults = 0;
    let mut taken = 0;
    while taken < AT_ONCE.into() {
        match take_first(cx, conn, faults >= HOPELESS).await {
            Ok(false) => break,
            Ok(true) => {
                faults = 0;
                taken += 1;
            }
            Err(LogError::Database(error)) if is_away(&error) => return Err(error.into()),
            Err(error) if faults >= HOPELESS => return Err(error),
            Err(_) => faults += 1,
        }
    }
    Ok(taken)
}

/// Takes the first that waits. False if none does.
async fn take_first(cx: &Context, conn: &mut PgConnection, is_hopeless: bool) -> Result<bool, LogError> {
    let mut transaction = begin(conn).await?;
    let waiting = first(cx, &mut transaction, 1).await?;
    let Some(message) = waiting.first() else {
        return Ok(false);
    };
    let reading = Reading::of_kept(cx, &message.bytes, message.at);
    let told = match &reading.content {
        Ok(_) if is_hopeless => Err(Reason::NotStored),
        Ok(mapped) => {
            let mut part = transaction.begin().await?;
            let told = tell(cx, &mut part, std::slice::from_ref(mapped)).await?;
            match told {
                Ok(_) => part.commit().await?,
                Err(_) => part.rollback().await?,
            }
            told.map(drop)
        }
        Err(reason) => Err(*reason),
    };
    let outcome = told.err().map_or(ACCEPTED, Reason::label);
    if let Err(reason) = told {
        quarantine::keep(cx, &mut transaction, &reading, reading.key, reason).await?;
    }
    done(&mut transaction, &[message.seq], outcome).await?;
    transaction.commit().await?;
    patients::wake(cx);
    Ok(true)
}

/// Begins a transaction, waiting for whoever takes messages into the index until theirs ends. What it reads afterwards is as
/// that one left it.
async fn begin(conn: &mut PgConnection) -> Result<PgTransaction<'_>, sqlx::Error> {
    conn.begin_with(BEGIN).await
}

async fn first(cx: &Context, conn: &mut PgConnection, most: i64) -> Result<Vec<Waiting>, LogError> {
    let rows: Vec<(i64, Vec<u8>, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, control, at, sealed FROM (
             SELECT *, sum(octet_length(sealed)) OVER (ORDER BY seq) - octet_length(sealed) AS before FROM (
                 SELECT * FROM hl7_seen WHERE sealed IS NOT NULL ORDER BY seq LIMIT $1) AS first) AS counted
         WHERE before < $2 ORDER BY seq",
    )
    .bind(most)
    .bind(BYTES)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(seq, control, at, sealed)| {
            let bytes = cx.keys.open_row(TABLE, id(&control), &sealed);
            let bytes = bytes.map_err(|_| {
                LogError::Database(sqlx::Error::Protocol("a message that waits does not open".into()))
            })?;
            Ok(Waiting {
                seq,
                at: moment(at),
                bytes,
            })
        })
        .collect()
}

async fn done(conn: &mut PgConnection, seqs: &[i64], outcome: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE hl7_seen SET sealed = NULL, outcome = $2 WHERE seq = ANY($1) AND sealed IS NOT NULL")
        .bind(seqs)
        .bind(outcome)
        .execute(conn)
        .await?;
    Ok(())
}

/// A row is sealed for its place, which the first half of the message's key names.
fn id(control: &[u8]) -> Uuid {
    let half = control.first_chunk::<16>().copied().unwrap_or_default();
    Uuid::from_bytes(half)
}

const TABLE: &str = "hl7_seen";

/// The name of the lock is "hl7 wait".
const BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(7524449690010610036)";

/// Messages in one transaction, at most.
const AT_ONCE: u16 = 200;

/// Their bytes, at most, but for the last one's.
const BYTES: i64 = 4 * 1024 * 1024;

/// Another replica may have kept something and ended.
const EVERY: Duration = Duration::from_secs(1);

/// What comes in a burst is taken together: that costs a fraction of taking each, and keeps the database free for answers.
const GATHER: Duration = Duration::from_millis(250);
