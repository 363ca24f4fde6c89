//! What one person keeps on this device: typed rows over a database whose names and keys tell nothing.
//!
//! | table | row | key |
//! | --- | --- | --- |
//! | me | who this is, the device's keys | one |
//! | space | a space's keys and folded state; how far everybody has read | tag of the space |
//! | log | entries as they came, up to [`CHUNK`] in a row; which are about which | tag of the space, then the last place and the first |
//! | outbox | an operation that the record is not proven to have | tag of the operation |
//! | photo | a photo of a message, as it came | tag of the space, then of the photo |
//! | taken | a photo that was taken here and that the record may not have, sealed for it | tag of the photo |
//! | draft | what is being written in a conversation, or in a cell of a list | tag of the space, or of the cell |
//! | look | how this person looks at a list, and what they have seen of it; that a conversation is muted | tag of the list, or of the space |
//! | patient | a patient whom this person looked up | tag of the patient |
//! | people | a person as the directory shows them | tag of the person |
//! | search | a segment of the search index | its name |
//!
//! All but log entries and photos, which are sealed already, are sealed by [`baton_core::vault::Rows`] for their place. A [`Batch`] is
//! made and sealed first and then written whole or not at all.

use baton_core::cbor;
use baton_core::chain::{Entry, Seq};
use baton_core::device_api::HistoryAnswer;
use baton_core::id::{OpId, SpaceId, VaultId};
use baton_core::ordered::SortedMap;
use baton_core::person::Person;
use baton_core::search::SegmentId;
use baton_core::sync::{Kept, Restored, RestoredSpace, Row, kept_head};
use baton_core::vault::slot::Keys;
use baton_core::vault::{Rows, Table};

use crate::store::drafts::Draft;
use crate::store::handover::texts::TextKey;
use crate::store::lists::look::{CellDraft, CellKey, ListKey, Look};
use crate::store::patients::LookedUp;

mod batch;
pub mod db;
mod log;
mod photo;
pub mod registry;
pub mod rest;

pub use batch::Batch;
pub use db::DbError;
use db::{Db, Missing, Raw, Read, Write};

/// An open vault.
pub struct Vault {
    rows: Rows,
    db: Db,
}

/// What a vault held.
#[derive(Default)]
pub struct Found {
    /// Who this is ([`Batch::put_me`]); `None` in a vault that was just made.
    pub me: Option<Vec<u8>>,
    /// For the machine.
    pub restored: Restored,
    /// What was being written.
    pub drafts: SortedMap<SpaceId, Draft>,
    /// What was being written in cells of lists.
    pub cells: Vec<(CellKey, CellDraft)>,
    /// What was being written at handovers.
    pub texts: Vec<(TextKey, CellDraft)>,
    /// How this person looks at lists.
    pub looks: Vec<(ListKey, Look)>,
    /// Conversations that are muted.
    pub muted: Vec<SpaceId>,
    /// Patients who were looked up.
    pub patients: Vec<LookedUp>,
    /// Everybody's names.
    pub people: Vec<Person>,
    /// Rows that could not be read, by table: what they held of a log is fetched again, the rest is lost.
    pub unreadable: Vec<Table>,
}

impl Vault {
    /// Makes the database of a new vault.
    pub async fn make(vault: VaultId) -> Result<(), DbError> {
        let name = database(vault);
        let made = Db::open(&name, VERSION, &TABLES, Missing::Make).await;
        made.map(drop)
    }

    /// Opens a vault that was made; [`DbError::Erased`] when it is no longer there.
    pub async fn open(keys: &Keys) -> Result<Self, DbError> {
        Ok(Self {
            rows: Rows::derive(keys.vault, &keys.vault_key),
            db: Db::open(&database(keys.vault), VERSION, &TABLES, Missing::Fail).await?,
        })
    }

    /// Deletes a vault.
    pub async fn delete(vault: VaultId) -> Result<(), DbError> {
        db::delete(&database(vault)).await
    }

    /// Keeps nothing of a vault but what its author wrote and the record does not have, and who that is. Says whether there is
    /// anything of the kind. No key is needed for it.
    pub async fn keep_the_unsent_alone(vault: VaultId) -> Result<bool, DbError> {
        let db = Db::open(&database(vault), VERSION, &TABLES, Missing::Fail).await?;
        let written = [Table::Draft, Table::Outbox].map(|table| Read::All(table.name()));
        let is_unsent = db.read(&written).await?.iter().any(|rows| !rows.is_empty());
        let rest = [
            Table::Log,
            Table::Look,
            Table::Patient,
            Table::People,
            Table::Photo,
            Table::Search,
            Table::Space,
        ];
        db.write(&rest.map(|table| Write::Clear(table.name())), true)
            .await?;
        Ok(is_unsent)
    }

    /// Begins a batch.
    pub fn batch(&self) -> Batch<'_> {
        Batch::new(&self.rows)
    }

    /// Writes a batch, whole or not at all.
    pub async fn write(&self, batch: Batch<'_>) -> Result<(), DbError> {
        let (writes, is_of_a_person) = batch.finish();
        self.put(&writes, is_of_a_person).await
    }

    /// Writes sealed rows, whole or not at all.
    pub(crate) async fn put(&self, writes: &[Write], strict: bool) -> Result<(), DbError> {
        self.db.write(writes, strict).await
    }

    /// Reads what a start needs, as it is once the `rest` is written. The work does not grow with the history.
    pub async fn restore(&self, rest: &[Write]) -> Result<Found, DbError> {
        let tables = [
            Table::Me,
            Table::Space,
            Table::Outbox,
            Table::Draft,
            Table::Look,
            Table::Patient,
            Table::People,
        ];
        let mut reads = Vec::from(tables.map(|table| Read::All(table.name())));
        reads.push(photo::names());
        let mut read = self.db.read(&reads).await?;
        rest::lay_over(&reads, &mut read, rest);
        // More photos of messages than a device needs come again when they are looked at.
        if read.pop().is_some_and(|photos| photos.len() > photo::PHOTOS) {
            _ = self.db.write(&[Write::Clear(Table::Photo.name())], false).await;
        }
        let mut found = Found::default();
        let mut spaces: SortedMap<SpaceId, (Row, Seq)> = SortedMap::new();
        let mut cursors: Vec<(Vec<u8>, Row)> = Vec::new();
        for (table, rows) in tables.into_iter().zip(read) {
            for (key, sealed) in rows {
                let Ok(plain) = self.rows.open(table, &key, &sealed) else {
                    found.unreadable.push(table);
                    continue;
                };
                let is_read = match table {
                    Table::Me => found.me.replace(plain.to_vec()).is_none(),
                    Table::Space => {
                        self.take_space(&key, Row::new(plain.to_vec()), &mut spaces, &mut cursors)
                    }
                    Table::Outbox => read_into(&plain, |kept: Kept| found.restored.outbox.push(kept)),
                    // Of one table: what somebody wrote outlives a lease that ends.
                    Table::Draft => {
                        read_into(&plain, |(space, draft): (SpaceId, Draft)| {
                            found.drafts.insert(space, draft);
                        }) || read_into(&plain, |cell: (CellKey, CellDraft)| found.cells.push(cell))
                            || read_into(&plain, |text: (TextKey, CellDraft)| found.texts.push(text))
                    }
                    Table::Look => {
                        read_into(&plain, |look: (ListKey, Look)| found.looks.push(look))
                            || read_into(&plain, |space: SpaceId| found.muted.push(space))
                    }
                    Table::Patient => read_into(&plain, |patient: LookedUp| found.patients.push(patient)),
                    Table::People => read_into(&plain, |person: Person| found.people.push(person)),
                    Table::Log | Table::Photo | Table::Search | Table::Taken => true,
                };
                if !is_read {
                    found.unreadable.push(table);
                }
            }
        }
        let ids: Vec<(SpaceId, Seq)> = spaces.iter().map(|(id, (_, head))| (*id, *head)).collect();
        let mut tails = self.tails(&ids, rest).await?.into_iter();
        for (id, (row, _)) in spaces {
            let tag = self.cursors_tag(id);
            let cursors = cursors
                .iter()
                .find(|(key, _)| *key == tag)
                .map(|(_, row)| row.clone());
            let tail = tails.next().unwrap_or_default();
            found.unreadable.extend((0..tail.unreadable).map(|_| Table::Log));
            found.restored.spaces.push(RestoredSpace {
                row,
                cursors,
                tail: tail.entries,
            });
        }
        Ok(found)
    }

    fn take_space(
        &self,
        key: &[u8],
        row: Row,
        spaces: &mut SortedMap<SpaceId, (Row, Seq)>,
        cursors: &mut Vec<(Vec<u8>, Row)>,
    ) -> bool {
        match kept_head(&row) {
            Some((id, head)) if self.rows.derive_tag(Table::Space, id.as_bytes()) == *key => {
                spaces.insert(id, (row, head));
            }
            Some(_) => return false,
            None => cursors.push((key.to_vec(), row)),
        }
        true
    }

    /// Reads one space as it is kept; `None` when it is not, or cannot be read.
    pub async fn space(&self, id: SpaceId) -> Result<Option<RestoredSpace>, DbError> {
        let tag = self.rows.derive_tag(Table::Space, id.as_bytes()).to_vec();
        let cursors_tag = self.cursors_tag(id);
        let name = Table::Space.name();
        let read = self
            .db
            .read(&[Read::One(name, tag), Read::One(name, cursors_tag)])
            .await?;
        let mut rows = read.into_iter().map(|rows| {
            let (key, sealed) = rows.into_iter().next()?;
            let plain = self.rows.open(Table::Space, &key, &sealed).ok()?;
            Some(Row::new(plain.to_vec()))
        });
        let (row, cursors) = (rows.next().flatten(), rows.next().flatten());
        let Some(row) = row else { return Ok(None) };
        let Some((_, head)) = kept_head(&row) else {
            return Ok(None);
        };
        let tail = self
            .tails(&[(id, head)], &[])
            .await?
            .pop()
            .unwrap_or_default()
            .entries;
        Ok(Some(RestoredSpace { row, cursors, tail }))
    }

    /// Reads a page of older entries, if this device has all of it.
    pub async fn page(
        &self,
        id: SpaceId,
        before: Seq,
        limit: usize,
    ) -> Result<Option<HistoryAnswer>, DbError> {
        log::page(&self.rows, &self.db, id, before, limit).await
    }

    /// Reads the entries of some places, as far as they are here.
    pub async fn entries(&self, id: SpaceId, from: Seq, to: Seq) -> Result<Vec<Entry>, DbError> {
        let read = self.db.read(&[log::between(&self.rows, id, from, to)]).await?;
        Ok(log::entries(read.into_iter().flatten().collect(), from, to).entries)
    }

    /// From which place on the log of a space is here without a gap up to `head`; `None` when nothing is.
    pub async fn reaches_back_to(&self, id: SpaceId, head: Seq) -> Result<Option<Seq>, DbError> {
        log::reaches_back_to(&self.rows, &self.db, id, head).await
    }

    /// The search index's segments, but for those that cannot be read.
    pub async fn segments(&self) -> Result<Vec<(SegmentId, Vec<u8>)>, DbError> {
        let read = self.db.read(&[Read::All(Table::Search.name())]).await?;
        let open = |(key, sealed): Raw| {
            let id = SegmentId::from_bytes(key.as_slice().try_into().ok()?);
            let plain = self.rows.open(Table::Search, &key, &sealed).ok()?;
            Some((id, plain.to_vec()))
        };
        Ok(read.into_iter().flatten().filter_map(open).collect())
    }

    /// Up to so many entries that come just before a place, without a gap among them, with those that are about them; `None`
    /// when the one before it is not here.
    pub async fn entries_before(
        &self,
        id: SpaceId,
        before: Seq,
        most: usize,
    ) -> Result<Option<HistoryAnswer>, DbError> {
        log::entries_before(&self.rows, &self.db, id, before, most).await
    }

    async fn tails(&self, spaces: &[(SpaceId, Seq)], rest: &[Write]) -> Result<Vec<log::Chunks>, DbError> {
        let reads: Vec<Read> = spaces
            .iter()
            .map(|(id, head)| log::between(&self.rows, *id, head.next(), END))
            .collect();
        let mut read = self.db.read(&reads).await?;
        rest::lay_over(&reads, &mut read, rest);
        let after = |(chunks, (_, head)): (Vec<Raw>, &(SpaceId, Seq))| log::entries(chunks, head.next(), END);
        Ok(read.into_iter().zip(spaces).map(after).collect())
    }

    fn cursors_tag(&self, id: SpaceId) -> Vec<u8> {
        batch::cursors_tag(&self.rows, id)
    }
}

fn read_into<T: serde::de::DeserializeOwned>(plain: &[u8], take: impl FnOnce(T)) -> bool {
    cbor::from_bytes(plain).map(take).is_ok()
}

/// The name of a vault's database.
pub fn database(vault: VaultId) -> String {
    format!("baton-v-{}", vault.uuid().simple())
}

/// An operation's name in the log, for what is about it.
fn tag_of_op(rows: &Rows, op: OpId) -> [u8; 16] {
    rows.derive_tag(Table::Log, op.as_bytes())
}

/// The shape of the database. 1: all tables but the next two; 2: `look` and `patient`; 3: `photo` and `taken`. A version adds tables; a row that changes its shape says so itself.
pub const VERSION: u32 = 3;

/// The tables of the database.
pub const TABLES: [&str; Table::NAMES.len()] = Table::NAMES;

/// Entries in one row of the log: 128 KiB of messages of usual length.
const CHUNK: usize = 256;

/// After every place.
const END: Seq = Seq::new(u64::MAX);
