//! A device with a vault, and what is kept in one.

use std::sync::Arc;

use baton_app::clock;
use baton_app::store::drafts::Draft;
use baton_app::store::lists::look::ListKey;
use baton_app::store::patients::LookedUp;
use baton_app::vault::db::{Db, Missing, Raw, Read, Write};
use baton_app::vault::{TABLES, VERSION, Vault, database};
use baton_core::cbor;
use baton_core::chain::{ChainHash, Entry, Seq};
use baton_core::id::{DeviceId, OpId, PatientId, SpaceId, UserId};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::{Body, Op};
use baton_core::patient::{Gender, Patient};
use baton_core::person::{Name, Organisation, Person};
use baton_core::search::SegmentId;
use baton_core::secret::Personal;
use baton_core::sync::{Kept, Row, Store, kept_head};
use baton_core::time::At;
use baton_core::vault::Table;
use baton_core::vault::slot::Keys;
use serde::Serialize;

/// One person's vault on one device.
pub(crate) struct Kit {
    pub(crate) keys: Keys,
}

impl Kit {
    /// A vault that nobody has opened yet.
    pub(crate) fn new() -> Self {
        Self {
            keys: Keys::make(&mut clock::rng()),
        }
    }

    pub(crate) async fn open(&self) -> Vault {
        Vault::make(self.keys.vault).await.unwrap();
        Vault::open(&self.keys).await.unwrap()
    }

    pub(crate) fn database(&self) -> String {
        database(self.keys.vault)
    }

    /// Its rows as they are on the disk.
    pub(crate) async fn rows(&self, table: Table) -> Vec<Raw> {
        let read = self.below().await.read(&[Read::All(table.name())]).await.unwrap();
        read.into_iter().flatten().collect()
    }

    /// Writes to the disk, past the seals.
    pub(crate) async fn write(&self, writes: &[Write]) {
        self.below().await.write(writes, true).await.unwrap();
    }

    /// Changes every row of a table.
    pub(crate) async fn change(&self, table: Table, change: impl Fn(&[u8], &mut Vec<u8>)) {
        let writes: Vec<Write> = self
            .rows(table)
            .await
            .into_iter()
            .map(|(key, mut value)| {
                change(&key, &mut value);
                Write::Put(table.name(), key, value)
            })
            .collect();
        assert!(!writes.is_empty(), "{table:?} has rows");
        self.write(&writes).await;
    }

    async fn below(&self) -> Db {
        Db::open(&self.database(), VERSION, &TABLES, Missing::Fail)
            .await
            .unwrap()
    }
}

/// Keeps something.
pub(crate) async fn keep(vault: &Vault, stored: &[Store]) {
    let mut batch = vault.batch();
    for stored in stored {
        batch.store(stored);
    }
    vault.write(batch).await.unwrap();
}

/// A space, by a number.
pub(crate) fn space(number: u8) -> SpaceId {
    SpaceId::from_bytes([number; 16])
}

/// The row of a space, folded up to a place.
pub(crate) fn space_row(space: SpaceId, head: u64, body: &[u8]) -> Row {
    #[derive(Serialize)]
    struct Kept<'a> {
        v: u16,
        p: SpaceId,
        h: Seq,
        b: &'a serde_bytes::Bytes,
    }
    let row = Row::new(cbor::to_bytes(&Kept {
        v: 1,
        p: space,
        h: Seq::new(head),
        b: serde_bytes::Bytes::new(body),
    }));
    assert_eq!(kept_head(&row), Some((space, Seq::new(head))));
    row
}

/// A space up to a place, as the machine says it.
pub(crate) fn folded(space: SpaceId, head: u64) -> Store {
    Store::Space {
        space,
        head: Seq::new(head),
        row: space_row(space, head, b"folded"),
    }
}

/// The entry of a place. The vault keeps entries as they come, so nothing here is sealed.
pub(crate) fn entry(seq: u64) -> Entry {
    Entry {
        seq: Seq::new(seq),
        op_id: op_of(seq),
        device: DeviceId::from_bytes([2; 16]),
        at: At::from_millis(seq),
        sealed: seq.to_be_bytes().repeat(8),
        chain: ChainHash::from_bytes([3; 32]),
    }
}

/// The operation in the entry of a place.
pub(crate) fn op_of(seq: u64) -> OpId {
    OpId::from_bytes((u128::from(seq) | 1 << 127).to_be_bytes())
}

/// Entries from a place to another.
pub(crate) fn entries(from: u64, to: u64) -> Vec<Entry> {
    (from..=to).map(entry).collect()
}

/// These entries came.
pub(crate) fn came(space: SpaceId, from: u64, to: u64) -> Store {
    Store::Entries {
        space,
        entries: entries(from, to),
        about: Vec::new(),
    }
}

/// Places of entries.
pub(crate) fn places(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq.value()).collect()
}

/// An operation that was done as the `order`th on this device.
pub(crate) fn written(space: SpaceId, order: u64, text: &str) -> Kept {
    Kept {
        space,
        order,
        op: Arc::new(Op {
            id: op_of(1 << 32 | order),
            by: UserId::from_bytes([5; 16]),
            at: At::from_millis(order),
            body: Body::Message(MessageOp::Posted(Posted {
                text: Personal::new(text.to_owned()),
                priority: Priority::Routine,
                reply_to: None,
                mentions: Vec::new(),
                roles: vec![],
                about: None,
                photos: vec![],
            })),
        }),
        refused: None,
    }
}

/// What somebody is writing.
pub(crate) fn draft(text: &str) -> Draft {
    Draft {
        text: text.to_owned(),
        ..Draft::default()
    }
}

/// Somebody in the directory.
pub(crate) fn person(number: u8, family: &str) -> Person {
    Person {
        id: UserId::from_bytes([number; 16]),
        name: Personal::new(Name {
            family: family.to_owned(),
            given: "Zofia".to_owned(),
            title: String::new(),
        }),
        job_title: Personal::new("District nurse".to_owned()),
        organisation: Organisation {
            ods: "RX1".to_owned(),
            name: "A trust".to_owned(),
        },
        registration: None,
        telephone: None,
        bleep: None,
    }
}

/// A name of a segment of the search index.
pub(crate) fn segment(number: u32) -> SegmentId {
    SegmentId {
        first: number,
        last: number,
    }
}

/// A patient whom somebody looked up.
pub(crate) fn looked_up(number: u8, family: &str) -> LookedUp {
    let patient = Patient {
        version: 1,
        name: Personal::new(Name {
            family: family.to_owned(),
            given: "Mary".to_owned(),
            title: String::new(),
        }),
        gender: Gender::Female,
        ..Patient::new(PatientId::from_bytes([number; 16]))
    };
    LookedUp {
        patient: Arc::new(patient),
        at: clock::now(),
        is_whole: true,
    }
}

/// A list of patients.
pub(crate) fn list(number: u8) -> ListKey {
    ListKey {
        space: space(number),
        list: OpId::from_bytes([number; 16]),
    }
}
