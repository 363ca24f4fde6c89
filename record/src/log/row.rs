//! Rows of the log, in and out.

use baton_core::chain::{ChainHash, Entry, Head, Seq};
use baton_core::id::{DeviceId, OpId, SpaceId};
use baton_core::seal::Epoch;
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;

use super::LogError;
use crate::context::moment;
use crate::keys::epoch;

/// An entry as it is written: with what the entry itself does not tell.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The entry.
    pub entry: Entry,
    /// Under which epoch it is sealed.
    pub epoch: Epoch,
    /// The message that it is about.
    pub target: Option<OpId>,
    /// The list that it is about.
    pub list: Option<OpId>,
}

/// Where a space stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpaceRow {
    /// The last entry.
    pub head: Head,
    /// When the last entry was kept.
    pub at: At,
    /// The epoch that everything is sealed under now.
    pub epoch: Epoch,
}

/// An operation that is in the log already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub op_id: OpId,
    /// Its place.
    pub seq: Seq,
    /// Its device.
    pub device: DeviceId,
    /// When.
    pub at: At,
    /// The chain.
    pub chain: ChainHash,
}

type EntryRow = (i64, Uuid, Uuid, i64, Vec<u8>, Vec<u8>);

/// Reads where a space stands; `None` when there is no such space.
pub async fn space(conn: &mut PgConnection, space: SpaceId) -> Result<Option<SpaceRow>, LogError> {
    let row = sqlx::query_as("SELECT head_seq, head_chain, head_at, epoch FROM space WHERE id = $1")
        .bind(space.uuid())
        .fetch_optional(conn)
        .await?;
    row.map(|row| space_row(space, row)).transpose()
}

/// Reads where a space stands, and keeps others from moving it until the transaction ends.
pub async fn lock_space(conn: &mut PgConnection, space: SpaceId) -> Result<Option<SpaceRow>, LogError> {
    let row =
        sqlx::query_as("SELECT head_seq, head_chain, head_at, epoch FROM space WHERE id = $1 FOR UPDATE")
            .bind(space.uuid())
            .fetch_optional(conn)
            .await?;
    row.map(|row| space_row(space, row)).transpose()
}

fn space_row(
    space: SpaceId,
    (seq, chain, at, epoch): (i64, Vec<u8>, i64, i32),
) -> Result<SpaceRow, LogError> {
    Ok(SpaceRow {
        head: head_of(space, seq, &chain)?,
        at: moment(at),
        epoch: epoch::read(epoch),
    })
}

/// Reads a head out of its columns.
pub fn head_of(space: SpaceId, seq: i64, chain: &[u8]) -> Result<Head, LogError> {
    let seq = seq_of(seq);
    Ok(Head {
        seq,
        chain: chain_of(space, seq, chain)?,
    })
}

/// Reads entries after a place, at most `limit` and about `bytes` of sealed operations, but one in any case.
pub async fn entries_after(
    conn: &mut PgConnection,
    space: SpaceId,
    after: Seq,
    limit: u32,
    bytes: usize,
) -> Result<Vec<Entry>, LogError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT seq, op_id, device, at, sealed, chain FROM (
             SELECT *, sum(length(sealed)) OVER (ORDER BY seq) - length(sealed) AS before FROM (
                 SELECT seq, op_id, device, at, sealed, chain FROM log
                 WHERE space = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS page) AS measured
         WHERE before < $4 ORDER BY seq",
    )
    .bind(space.uuid())
    .bind(signed(after))
    .bind(i64::from(limit))
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| entry_of(space, row)).collect()
}

/// Reads the entries just before a place, in order, at most `limit` and about `bytes`.
pub async fn entries_before(
    conn: &mut PgConnection,
    space: SpaceId,
    before: Seq,
    limit: u32,
    bytes: usize,
) -> Result<Vec<Entry>, LogError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT seq, op_id, device, at, sealed, chain FROM (
             SELECT *, sum(length(sealed)) OVER (ORDER BY seq DESC) - length(sealed) AS after FROM (
                 SELECT seq, op_id, device, at, sealed, chain FROM log
                 WHERE space = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) AS page) AS measured
         WHERE after < $4 ORDER BY seq",
    )
    .bind(space.uuid())
    .bind(signed(before))
    .bind(i64::from(limit))
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| entry_of(space, row)).collect()
}

/// Reads the entries from `from` on that are about one of these operations, in order.
pub async fn entries_about(
    conn: &mut PgConnection,
    space: SpaceId,
    targets: &[OpId],
    from: Seq,
) -> Result<Vec<Entry>, LogError> {
    let targets: Vec<Uuid> = targets.iter().map(|id| id.uuid()).collect();
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT seq, op_id, device, at, sealed, chain FROM log
         WHERE space = $1 AND target = ANY($2) AND seq >= $3 ORDER BY seq LIMIT 2000",
    )
    .bind(space.uuid())
    .bind(targets)
    .bind(signed(from))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| entry_of(space, row)).collect()
}

/// Reads the entries just before a place that are about one message or list, what made it included, in order, at most
/// `limit` and about `bytes`.
pub async fn entries_of_one(
    conn: &mut PgConnection,
    space: SpaceId,
    target: OpId,
    before: Seq,
    limit: u32,
    bytes: usize,
) -> Result<Vec<Entry>, LogError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT seq, op_id, device, at, sealed, chain FROM (
             SELECT *, sum(length(sealed)) OVER (ORDER BY seq DESC) - length(sealed) AS after FROM (
                 SELECT seq, op_id, device, at, sealed, chain FROM log
                 WHERE space = $1 AND (list = $2 OR target = $2 OR op_id = $2) AND seq < $3
                 ORDER BY seq DESC LIMIT $4) AS page) AS measured
         WHERE after < $5 ORDER BY seq",
    )
    .bind(space.uuid())
    .bind(target.uuid())
    .bind(signed(before))
    .bind(i64::from(limit))
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| entry_of(space, row)).collect()
}

/// Reads the entries of these operations, in order.
pub async fn entries_of(
    conn: &mut PgConnection,
    space: SpaceId,
    ops: &[OpId],
) -> Result<Vec<Entry>, LogError> {
    let ops: Vec<Uuid> = ops.iter().map(|id| id.uuid()).collect();
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT seq, op_id, device, at, sealed, chain FROM log WHERE space = $1 AND op_id = ANY($2) ORDER BY seq",
    )
    .bind(space.uuid())
    .bind(ops)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| entry_of(space, row)).collect()
}

/// Finds which of these operations are in the log.
pub async fn kept(conn: &mut PgConnection, space: SpaceId, ops: &[OpId]) -> Result<Vec<Kept>, LogError> {
    let ops: Vec<Uuid> = ops.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(i64, Uuid, Uuid, i64, Vec<u8>)> =
        sqlx::query_as("SELECT seq, op_id, device, at, chain FROM log WHERE space = $1 AND op_id = ANY($2)")
            .bind(space.uuid())
            .bind(ops)
            .fetch_all(conn)
            .await?;
    rows.into_iter()
        .map(|(seq, op_id, device, at, chain)| {
            let seq = seq_of(seq);
            Ok(Kept {
                op_id: OpId::from_uuid(op_id),
                seq,
                device: DeviceId::from_uuid(device),
                at: moment(at),
                chain: chain_of(space, seq, &chain)?,
            })
        })
        .collect()
}

fn entry_of(space: SpaceId, (seq, op_id, device, at, sealed, chain): EntryRow) -> Result<Entry, LogError> {
    let seq = seq_of(seq);
    Ok(Entry {
        seq,
        op_id: OpId::from_uuid(op_id),
        device: DeviceId::from_uuid(device),
        at: moment(at),
        sealed,
        chain: chain_of(space, seq, &chain)?,
    })
}

fn chain_of(space: SpaceId, seq: Seq, chain: &[u8]) -> Result<ChainHash, LogError> {
    chain
        .try_into()
        .map(ChainHash::from_bytes)
        .map_err(|_| LogError::Damaged {
            space,
            seq: seq.value(),
        })
}

/// A place as a database row holds it.
pub(crate) fn signed(seq: Seq) -> i64 {
    i64::try_from(seq.value()).unwrap_or(i64::MAX)
}

/// A place out of a database row.
pub(crate) fn seq_of(seq: i64) -> Seq {
    Seq::new(u64::try_from(seq).unwrap_or(0))
}
