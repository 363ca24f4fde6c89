//! Snapshots: folded states, sealed, each with a checkpoint that the record signed, so that nobody folds a long log from
//! its start.

use baton_core::chain::Seq;
use baton_core::device_api::SealedSnapshot;
use baton_core::id::SpaceId;
use baton_core::seal::Keyring;
use baton_core::snapshot::{self, Checkpoint};
use baton_core::state::SpaceState;
use ed25519_dalek::VerifyingKey;
use sqlx::PgConnection;

use super::folded::Folded;
use super::row::{self, seq_of, signed};
use super::{LogError, current};
use crate::context::Context;

/// A snapshot as it is kept.
pub struct Kept {
    /// Where it stands.
    pub seq: Seq,
    /// The sealed state and its checkpoint.
    pub snapshot: SealedSnapshot,
}

impl Kept {
    /// Opens it; `None` when this version cannot read it, or it was changed: the log itself is folded instead.
    pub fn open(&self, keys: &mut Keyring, record: &VerifyingKey) -> Option<SpaceState> {
        snapshot::open(&self.snapshot.sealed, &self.snapshot.checkpoint, keys, record).ok()
    }
}

/// Reads a space's newest snapshot.
pub async fn newest(conn: &mut PgConnection, space: SpaceId) -> Result<Option<Kept>, LogError> {
    let row: Option<(i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, sealed, checkpoint FROM snapshot WHERE space = $1 ORDER BY seq DESC LIMIT 1",
    )
    .bind(space.uuid())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(seq, sealed, checkpoint)| Kept {
        seq: seq_of(seq),
        snapshot: SealedSnapshot {
            space,
            sealed,
            checkpoint,
        },
    }))
}

/// Gives a snapshot that is at most `behind` entries old, making one if need be; `None` when the log is shorter than that
/// and has none, or there is no such space.
pub async fn fresh(cx: &Context, space: SpaceId, behind: u64) -> Result<Option<SealedSnapshot>, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let Some(row) = row::space(&mut conn, space).await? else {
        return Ok(None);
    };
    let kept = newest(&mut conn, space).await?;
    let at = kept.as_ref().map_or(Seq::ZERO, |kept| kept.seq);
    if row.head.seq.value() <= at.value().saturating_add(behind) {
        return Ok(kept.map(|kept| kept.snapshot));
    }
    drop(conn);
    make(cx, space).await
}

/// Makes a snapshot of where the space stands now and keeps it.
pub async fn make(cx: &Context, space: SpaceId) -> Result<Option<SealedSnapshot>, LogError> {
    let slot = cx.spaces.slot(space);
    let mut held = slot.lock().await;
    let mut conn = cx.pool.acquire().await?;
    let Some(mut folded) = current::current(cx, &mut conn, space, held.take()).await? else {
        return Ok(None);
    };
    let made = seal(cx, &mut folded)?;
    folded.snapshot = folded.state.head.seq;
    let seq = folded.state.head.seq;
    *held = Some(folded);
    drop(held);
    keep(&mut conn, seq, &made).await?;
    cx.metrics.snapshots.inc();
    Ok(Some(made))
}

fn seal(cx: &Context, folded: &mut Folded) -> Result<SealedSnapshot, LogError> {
    let space = folded.state.space;
    let sealed = snapshot::seal(&folded.state, &mut folded.keys.ring, &mut cx.rng())
        .map_err(|_| LogError::Key { space })?;
    let checkpoint = Checkpoint {
        space,
        head: folded.state.head,
        at: cx.now(),
    };
    Ok(SealedSnapshot {
        space,
        sealed,
        checkpoint: checkpoint.sign(cx.signing_key()),
    })
}

async fn keep(conn: &mut PgConnection, seq: Seq, made: &SealedSnapshot) -> Result<(), LogError> {
    sqlx::query(
        "INSERT INTO snapshot (space, seq, sealed, checkpoint) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(made.space.uuid())
    .bind(signed(seq))
    .bind(&made.sealed)
    .bind(&made.checkpoint)
    .execute(&mut *conn)
    .await?;
    // Two are kept: somebody may be reading the one before.
    sqlx::query(
        "DELETE FROM snapshot WHERE space = $1 AND seq <
             (SELECT min(seq) FROM (SELECT seq FROM snapshot WHERE space = $1 ORDER BY seq DESC LIMIT 2) AS newest)",
    )
    .bind(made.space.uuid())
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// After so many entries a snapshot is made without being asked for.
pub const EVERY: u64 = 500;
