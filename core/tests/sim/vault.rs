//! What a simulated device keeps: operations alone, or everything.

use std::collections::BTreeMap;

use baton_core::chain::{Entry, Seq};
use baton_core::id::SpaceId;
use baton_core::sync::{Kept, Restored, RestoredSpace, Row, Store, kept_head};

/// What is on the disk of a device.
#[derive(Default)]
pub struct Vault {
    pub keeps_all: bool,
    pub outbox: Vec<Kept>,
    rows: BTreeMap<SpaceId, Row>,
    cursors: BTreeMap<SpaceId, Row>,
    log: BTreeMap<SpaceId, BTreeMap<Seq, Entry>>,
}

impl Vault {
    pub fn new(keeps_all: bool) -> Self {
        Self {
            keeps_all,
            ..Self::default()
        }
    }

    pub fn keep(&mut self, store: Store) {
        match store {
            Store::Cursors { space, row } => _ = self.cursors.insert(space, row),
            Store::Entries { space, entries, .. } => {
                let log = self.log.entry(space).or_default();
                log.extend(entries.into_iter().map(|entry| (entry.seq, entry)));
            }
            Store::Forget(space) => {
                self.rows.remove(&space);
                self.cursors.remove(&space);
                self.log.remove(&space);
            }
            Store::Put(kept) => match self.outbox.iter_mut().find(|known| known.op.id == kept.op.id) {
                Some(known) => *known = kept,
                None => self.outbox.push(kept),
            },
            Store::Remove { op, .. } => self.outbox.retain(|known| known.op.id != op),
            Store::Space { space, row, .. } => _ = self.rows.insert(space, row),
        }
    }

    pub fn space(&self, id: SpaceId) -> Option<RestoredSpace> {
        let row = self.rows.get(&id)?.clone();
        let (_, head) = kept_head(&row).expect("rows are read back");
        let tail = self
            .log
            .get(&id)
            .into_iter()
            .flat_map(|log| log.range(head.next()..));
        Some(RestoredSpace {
            row,
            cursors: self.cursors.get(&id).cloned(),
            tail: tail.map(|(_, entry)| entry.clone()).collect(),
        })
    }

    pub fn restored(&self) -> Restored {
        Restored {
            spaces: self.rows.keys().filter_map(|id| self.space(*id)).collect(),
            outbox: self.outbox.clone(),
            last_contact: None,
        }
    }
}
