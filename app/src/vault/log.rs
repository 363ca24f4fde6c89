//! Logs as they are kept: chunks of entries as they came, by space and place, and which entries are about which
//! operation. Chunks may overlap, since a page may come twice.

use baton_core::cbor;
use baton_core::chain::{Entry, Seq};
use baton_core::device_api::HistoryAnswer;
use baton_core::id::SpaceId;
use baton_core::ordered::{SortedMap, sort};
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

/// The key of a chunk: by its last place, so that what comes after a place is read without anything before it; then by its
/// first, so that of two that overlap neither takes the other's place.
pub(super) fn chunk_key(tag: &[u8; 16], first: Seq, last: Seq) -> Vec<u8> {
    [&key(tag, last), first.value().to_be_bytes().as_slice()].concat()
}

/// What keys of chunks begin with whose last place is this.
fn key(tag: &[u8; 16], last: Seq) -> Vec<u8> {
    [tag.as_slice(), &last.value().to_be_bytes()].concat()
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
    let end = Seq::new(to.value().saturating_add(longest));
    Read::Between(Table::Log.name(), key(&tag, from), key(&tag, end))
}

/// What some chunks hold.
#[derive(Default)]
pub(super) struct Chunks {
    /// Entries in order, each once.
    pub entries: Vec<Entry>,
    /// How many chunks could not be read: their entries are missing, and are fetched again.
    pub unreadable: usize,
}

/// Takes the entries from `from` to `to` out of what [`between`] has read.
pub(super) fn entries(chunks: Vec<Raw>, from: Seq, to: Seq) -> Chunks {
    let mut by_place = SortedMap::new();
    let mut unreadable = 0;
    let begins_in_time = |(key, _): &Raw| place_of(key).is_none_or(|first| first <= to);
    for (_, chunk) in chunks.into_iter().filter(begins_in_time) {
        match cbor::from_bytes::<Vec<Entry>>(&chunk) {
            Ok(entries) => by_place.extend(entries.into_iter().map(|entry| (entry.seq, entry))),
            Err(_) => unreadable += 1,
        }
    }
    by_place.retain(|seq, _| *seq >= from && *seq <= to);
    Chunks {
        entries: by_place.into_values().collect(),
        unreadable,
    }
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
    let page = entries_before(rows, db, space, before, limit).await?;
    Ok(page.filter(|page| page.is_start || page.entries.len() == limit))
}

/// Reads up to so many entries just before a place, as far as there is no gap, with what was done later to them; `None` when
/// the one before it is not here, or not all of what was done.
pub(super) async fn entries_before(
    rows: &Rows,
    db: &Db,
    space: SpaceId,
    before: Seq,
    most: usize,
) -> Result<Option<HistoryAnswer>, DbError> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let from = Seq::new(before.value().saturating_sub(most).max(1));
    let last = Seq::new(before.value().saturating_sub(1));
    let read = db.read(&[between(rows, space, from, last)]).await?;
    let mut page = entries(read.into_iter().flatten().collect(), from, last).entries;
    let mut next = before;
    let gap = page.iter().rposition(|entry| {
        let follows = entry.seq.next() == next;
        next = entry.seq;
        !follows
    });
    page.drain(..gap.map_or(0, |gap| gap + 1));
    let Some(first) = page.first() else {
        return Ok(None);
    };
    let is_start = first.seq <= Seq::new(1);
    let later = about(rows, db, space, &page, before).await?;
    Ok(later.map(|later| HistoryAnswer {
        entries: page,
        later,
        is_start,
    }))
}

/// Reads the entries from a place on that are about some others; `None` when one of them is not here.
async fn about(
    rows: &Rows,
    db: &Db,
    space: SpaceId,
    others: &[Entry],
    from: Seq,
) -> Result<Option<Vec<Entry>>, DbError> {
    let about = about_tag(rows, space);
    let reads: Vec<Read> = others
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
    sort(&mut places);
    places.dedup();
    places.retain(|seq| *seq >= from);
    let reads: Vec<Read> = places
        .iter()
        .map(|seq| between(rows, space, *seq, *seq))
        .collect();
    let later = db.read(&reads).await?;
    let later: Vec<Entry> = later
        .into_iter()
        .zip(&places)
        .flat_map(|(chunks, seq)| entries(chunks, *seq, *seq).entries)
        .collect();
    Ok((later.len() == places.len()).then_some(later))
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
        let here = entries(read.into_iter().flatten().collect(), from, to).entries;
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
