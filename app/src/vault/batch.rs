//! What is to be written together, sealed before the transaction begins.

use baton_core::cbor;
use baton_core::chain::{Entry, Seq};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::person::Person;
use baton_core::photo::PhotoId;
use baton_core::search::SegmentId;
use baton_core::sync::{Kept, Row, Store};
use baton_core::vault::{Rows, Table};

use super::db::Write;
use super::{CHUNK, log, photo, tag_of_op};
use crate::clock;
use crate::store::drafts::Draft;
use crate::store::handover::texts::TextKey;
use crate::store::lists::look::{CellDraft, CellKey, ListKey, Look};
use crate::store::patients::LookedUp;

/// Rows to be written, in their order.
pub struct Batch<'a> {
    rows: &'a Rows,
    writes: Vec<Write>,
    is_of_a_person: bool,
}

impl<'a> Batch<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        Self {
            rows,
            writes: Vec::new(),
            is_of_a_person: false,
        }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Keeps what the machine said.
    pub fn store(&mut self, store: &Store) {
        match store {
            Store::Cursors { space, row } => {
                self.put(Table::Space, cursors_tag(self.rows, *space), row.expose());
            }
            Store::Entries {
                space,
                entries,
                about,
            } => self.put_entries(*space, entries, about),
            Store::Forget(space) => self.forget(*space),
            Store::Put(kept) => self.put_outbox(kept),
            Store::Remove { op, .. } => {
                let key = self.rows.derive_tag(Table::Outbox, op.as_bytes()).to_vec();
                self.writes.push(Write::Remove(Table::Outbox.name(), key));
            }
            Store::Space { space, row, .. } => self.put_space(*space, row),
        }
    }

    /// Keeps who this is.
    pub fn put_me(&mut self, me: &[u8]) {
        self.put(Table::Me, b"me".to_vec(), me);
    }

    /// Keeps a person's name.
    pub fn put_person(&mut self, person: &Person) {
        let key = self.rows.derive_tag(Table::People, person.id.as_bytes()).to_vec();
        self.put(Table::People, key, &cbor::to_bytes(person));
    }

    /// Keeps a patient who was looked up; `None`: they are to be kept no longer.
    pub fn put_patient(&mut self, id: PatientId, patient: Option<&LookedUp>) {
        let key = self.rows.derive_tag(Table::Patient, id.as_bytes()).to_vec();
        match patient {
            Some(patient) => self.put(Table::Patient, key, &cbor::to_bytes(patient)),
            None => self.writes.push(Write::Remove(Table::Patient.name(), key)),
        }
    }

    /// Keeps what is being written; `None`: nothing is.
    pub fn put_draft(&mut self, space: SpaceId, draft: Option<&Draft>) {
        let key = self.rows.derive_tag(Table::Draft, space.as_bytes()).to_vec();
        self.is_of_a_person = true;
        match draft {
            Some(draft) => self.put(Table::Draft, key, &cbor::to_bytes(&(space, draft))),
            None => self.writes.push(Write::Remove(Table::Draft.name(), key)),
        }
    }

    /// Keeps what is being written in a cell of a list; `None`: nothing is.
    pub fn put_cell(&mut self, cell: CellKey, draft: Option<&CellDraft>) {
        let key = self
            .rows
            .derive_tag(Table::Draft, &cbor::to_bytes(&cell))
            .to_vec();
        self.is_of_a_person = true;
        match draft {
            Some(draft) => self.put(Table::Draft, key, &cbor::to_bytes(&(cell, draft))),
            None => self.writes.push(Write::Remove(Table::Draft.name(), key)),
        }
    }

    /// Keeps what is being written at a handover; `None`: nothing is.
    pub fn put_text(&mut self, text: &TextKey, draft: Option<&CellDraft>) {
        let name = cbor::to_bytes(text);
        let key = self.rows.derive_tag(Table::Draft, &name).to_vec();
        self.is_of_a_person = true;
        match draft {
            Some(draft) => self.put(Table::Draft, key, &cbor::to_bytes(&(text, draft))),
            None => self.writes.push(Write::Remove(Table::Draft.name(), key)),
        }
    }

    /// Keeps a photo that was taken here, sealed for the record.
    pub fn put_taken(&mut self, photo: PhotoId, sealed: Vec<u8>) {
        self.is_of_a_person = true;
        let key = photo::taken_key(self.rows, photo);
        self.writes.push(Write::Put(Table::Taken.name(), key, sealed));
    }

    /// Keeps a photo of a message, as it came.
    pub fn put_photo(&mut self, space: SpaceId, photo: PhotoId, sealed: Vec<u8>) {
        let key = photo::key(self.rows, space, photo);
        self.writes.push(Write::Put(Table::Photo.name(), key, sealed));
    }

    /// Keeps how this person looks at a list.
    pub fn put_look(&mut self, list: ListKey, look: &Look) {
        let name = [list.space.as_bytes().as_slice(), list.list.as_bytes()].concat();
        let key = self.rows.derive_tag(Table::Look, &name).to_vec();
        self.put(Table::Look, key, &cbor::to_bytes(&(list, look)));
    }

    /// Keeps that a conversation is muted, or no longer.
    pub fn put_muted(&mut self, space: SpaceId, is_muted: bool) {
        let key = self.rows.derive_tag(Table::Look, space.as_bytes()).to_vec();
        if is_muted {
            self.put(Table::Look, key, &cbor::to_bytes(&space));
        } else {
            self.writes.push(Write::Remove(Table::Look.name(), key));
        }
    }

    /// Keeps a segment of the search index; `None`: it is no more.
    pub fn put_segment(&mut self, id: SegmentId, segment: Option<&[u8]>) {
        let key = id.to_bytes().to_vec();
        match segment {
            Some(segment) => self.put(Table::Search, key, segment),
            None => self.writes.push(Write::Remove(Table::Search.name(), key)),
        }
    }

    /// Keeps nothing of the search index.
    pub fn clear_segments(&mut self) {
        self.writes.push(Write::Clear(Table::Search.name()));
    }

    fn put_space(&mut self, space: SpaceId, row: &Row) {
        let key = self.rows.derive_tag(Table::Space, space.as_bytes()).to_vec();
        self.put(Table::Space, key, row.expose());
    }

    fn put_outbox(&mut self, kept: &Kept) {
        let key = self
            .rows
            .derive_tag(Table::Outbox, kept.op.id.as_bytes())
            .to_vec();
        self.is_of_a_person = true;
        self.put(Table::Outbox, key, &cbor::to_bytes(kept));
    }

    fn put_entries(&mut self, space: SpaceId, entries: &[Entry], about: &[(Seq, OpId)]) {
        for chunk in entries.chunks(CHUNK) {
            let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else {
                continue;
            };
            let key = log::chunk_key(&log::tag(self.rows, space), first.seq, last.seq);
            // Entries are kept sealed as they came.
            self.writes
                .push(Write::Put(Table::Log.name(), key, cbor::to_bytes(chunk)));
        }
        for (seq, op) in about {
            let mut key = log::about_tag(self.rows, space).to_vec();
            key.extend_from_slice(&tag_of_op(self.rows, *op));
            key.extend_from_slice(&seq.value().to_be_bytes());
            self.writes.push(Write::Put(Table::Log.name(), key, Vec::new()));
        }
    }

    fn forget(&mut self, space: SpaceId) {
        for key in [
            self.rows.derive_tag(Table::Space, space.as_bytes()).to_vec(),
            cursors_tag(self.rows, space),
        ] {
            self.writes.push(Write::Remove(Table::Space.name(), key));
        }
        for tag in [log::tag(self.rows, space), log::about_tag(self.rows, space)] {
            let (from, to) = log::all_of(&tag);
            self.writes.push(Write::Between(Table::Log.name(), from, to));
        }
        let (from, to) = photo::all_of(self.rows, space);
        self.writes.push(Write::Between(Table::Photo.name(), from, to));
    }

    fn put(&mut self, table: Table, key: Vec<u8>, plain: &[u8]) {
        let sealed = self.rows.seal(table, &key, plain, &mut clock::rng());
        self.writes.push(Write::Put(table.name(), key, sealed));
    }

    /// The sealed rows, and whether somebody wrote any of it here.
    pub fn finish(self) -> (Vec<Write>, bool) {
        (self.writes, self.is_of_a_person)
    }
}

/// The key of a space's cursors.
pub(super) fn cursors_tag(rows: &Rows, space: SpaceId) -> Vec<u8> {
    rows.derive_tag(Table::Space, &[b"cursors", space.as_bytes().as_slice()].concat())
        .to_vec()
}
