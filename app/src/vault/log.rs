//! Logs as they are kept: chunks of entries as they came, by space and first place, and which entries are about which
//! operation. Chunks may overlap, since a page may come twice.

use std::collections::BTreeMap;

use baton_core::cbor;
use baton_core::chain::{Entry, Seq};
use baton_core::device_api::HistoryAnswer;
use baton_core::id::SpaceId;
use baton_core::vault::{Rows, Table};

use super::db::{Db, DbError, Raw, Read};
use super::{CHUNK, tag_of_op};

/// What the chunks of a space's log begin with.
pub(super) fn tag(rows: &Rows, space: SpaceId) -> [u8; 16] {
    rows.derive_tag(Table::Log, space.as_bytes())
}

/// What tells which entries of a space are about which operation begins with this.
pub(super) fn about_tag(rows: &Rows, space: SpaceId) -> [u8; 16] {
    rows.derive_tag(Table::Log, &[b"about", space.as_bytes().as_slice()].concat())
}

/// The key of a chunk.
pub(super) fn key(tag: &[u8; 16], first: Seq) -> Vec<u8> {
    [tag.as_slice(), &first.value().to_be_bytes()].concat()
}

/// Everything that begins with a tag.
pub(super) fn all_of(tag: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let end = [tag, &[0xFF; 32]].concat();
    (tag.to_vec(), end)
}

/// Reads all chunks that may hold places from `from` to `to`.
pub(super) fn between(rows: &Rows, space: SpaceId, from: Seq, to: Seq) -> Read {
    let tag = tag(rows, space);
    let longest = u64::try_from(CHUNK).unwrap_or(u64::MAX);
    let first = Seq::new(from.value().saturating_sub(longest - 1));
    Read::Between(Table::Log.name(), key(&tag, first), key(&tag, to.next()))
}

/// The entries of some chunks, in order, each once. A chunk that cannot be read is passed over: its entries are missing, and
/// are fetched again.
pub(super) fn entries(chunks: impl Iterator<Item = Raw>, is_wanted: impl Fn(Seq) -> bool) -> Vec<Entry> {
    let chunks = chunks.filter_map(|(_, chunk)| cbor::from_bytes::<Vec<Entry>>(&chunk).ok());
    let by_place: BTreeMap<Seq, Entry> = chunks
        .flatten()
        .filter(|entry| is_wanted(entry.seq))
        .map(|entry| (entry.seq, entry))
        .collect();
    by_place.into_values().collect()
}

/// Reads a page of entries just before a place, with what was done later to what is on it; `None` when this device does
/// not have all of it.
pub(super) async fn page(
    rows: &Rows,
    db: &Db,
    space: SpaceId,
    before: Seq,
    limit: usize,
) -> Result<Option<HistoryAnswer>, DbError> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let from = Seq::new(before.value().saturating_sub(limit).max(1));
    let last = Seq::new(before.value().saturating_sub(1));
    let read = db.read(&[between(rows, space, from, last)]).await?;
    let page = entries(read.into_iter().flatten(), |seq| seq >= from && seq < before);
    let is_whole =
        u64::try_from(page.len()).is_ok_and(|count| count == before.value().saturating_sub(from.value()));
    if !is_whole {
        return Ok(None);
    }
    let about = about_tag(rows, space);
    let reads: Vec<Read> = page
        .iter()
        .map(|entry| {
            let prefix = [about.as_slice(), &tag_of_op(rows, entry.op_id)].concat();
            let (from, to) = all_of(&prefix);
            Read::Keys(Table::Log.name(), from, to)
        })
        .collect();
    let keys = db.read(&reads).await?;
    let mut places: Vec<Seq> = keys
        .into_iter()
        .flatten()
        .filter_map(|(key, _)| place_of(&key))
        .collect();
    places.sort_unstable();
    places.dedup();
    places.retain(|seq| *seq >= before);
    let reads: Vec<Read> = places
        .iter()
        .map(|seq| between(rows, space, *seq, *seq))
        .collect();
    let later = db.read(&reads).await?;
    let later = entries(later.into_iter().flatten(), |seq| {
        places.binary_search(&seq).is_ok()
    });
    Ok((later.len() == places.len()).then_some(HistoryAnswer {
        entries: page,
        later,
        is_start: from <= Seq::new(1),
    }))
}

/// From which place on a log is here without a gap up to `head`.
pub(super) async fn reaches_back_to(
    rows: &Rows,
    db: &Db,
    space: SpaceId,
    head: Seq,
) -> Result<Option<Seq>, DbError> {
    let mut reached = None;
    let mut to = head;
    loop {
        let from = Seq::new(to.value().saturating_sub(AT_ONCE - 1).max(1));
        let read = db.read(&[between(rows, space, from, to)]).await?;
        let here = entries(read.into_iter().flatten(), |seq| seq >= from && seq <= to);
        for entry in here.iter().rev() {
            let is_next = reached.map_or(entry.seq == head, |reached: Seq| entry.seq.next() == reached);
            if !is_next {
                return Ok(reached);
            }
            reached = Some(entry.seq);
        }
        let is_done = from <= Seq::new(1) || reached != Some(from);
        if is_done {
            return Ok(reached);
        }
        to = Seq::new(from.value().saturating_sub(1));
    }
}

fn place_of(key: &[u8]) -> Option<Seq> {
    let (_, place) = key.split_last_chunk::<8>()?;
    Some(Seq::new(u64::from_be_bytes(*place)))
}

/// Entries that are looked at together.
const AT_ONCE: u64 = 4096;
