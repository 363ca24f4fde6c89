//! A space's log folded into its state, with its keys: loaded from the newest snapshot and what follows it, and kept up
//! with what other replicas write.

use std::collections::BTreeMap;

use baton_core::chain::{Entry, Seq};
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::seal::{Keyring, OpenedOp};
use baton_core::state::{SpaceState, Stamp};
use baton_core::time::At;
use sqlx::PgConnection;

use super::row::{self, Kept, SpaceRow};
use super::{LogError, snapshot};
use crate::context::Context;
use crate::keys::epoch::{self, SpaceKeys};

/// A space in memory.
pub struct Folded {
    /// Its state; the oldest items are dropped.
    pub state: SpaceState,
    /// Its keys.
    pub keys: SpaceKeys,
    /// Where it stands: always that of `state`.
    pub row: SpaceRow,
    /// Where the newest snapshot stands.
    pub snapshot: Seq,
    /// Items that were left when the oldest were dropped last.
    left: usize,
    recent: BTreeMap<Seq, Kept>,
    recent_ids: BTreeMap<OpId, Seq>,
}

impl Folded {
    /// Loads a space; `None` when there is no such space.
    pub async fn load(
        cx: &Context,
        conn: &mut PgConnection,
        space: SpaceId,
    ) -> Result<Option<Self>, LogError> {
        let Some(row) = row::space(conn, space).await? else {
            return Ok(None);
        };
        let mut keys = epoch::load(conn, &cx.keys, space).await?;
        let newest = snapshot::newest(conn, space).await?;
        let state = newest
            .and_then(|newest| newest.open(&mut keys.ring, &cx.verifying_key()))
            .filter(|state| state.head.seq <= row.head.seq)
            .unwrap_or_else(|| SpaceState::new(space));
        let mut folded = Self {
            snapshot: state.head.seq,
            row: SpaceRow {
                head: state.head,
                at: At::default(),
                epoch: row.epoch,
            },
            state,
            keys,
            left: 0,
            recent: BTreeMap::new(),
            recent_ids: BTreeMap::new(),
        };
        folded.read_to(conn, row).await?;
        Ok(Some(folded))
    }

    /// Copies it, to read on from here without changing what is held in memory.
    #[must_use]
    pub fn copy(&self) -> Self {
        let mut ring = Keyring::new(self.state.space);
        for (epoch, key) in self.keys.ring.iter() {
            ring.insert(epoch, key.clone());
        }
        Self {
            state: self.state.clone(),
            keys: SpaceKeys {
                ring,
                ended: self.keys.ended.clone(),
            },
            row: self.row,
            snapshot: self.snapshot,
            left: self.left,
            recent: BTreeMap::new(),
            recent_ids: BTreeMap::new(),
        }
    }

    /// Catches up with what others wrote, to where the space's row stands.
    pub async fn catch_up(
        &mut self,
        cx: &Context,
        conn: &mut PgConnection,
        row: SpaceRow,
    ) -> Result<(), LogError> {
        if row.epoch != self.row.epoch {
            self.keys = epoch::load(conn, &cx.keys, self.state.space).await?;
        }
        self.read_to(conn, row).await
    }

    async fn read_to(&mut self, conn: &mut PgConnection, row: SpaceRow) -> Result<(), LogError> {
        let space = self.state.space;
        while self.state.head.seq < row.head.seq {
            let page = row::entries_after(conn, space, self.state.head.seq, PAGE, PAGE_BYTES).await?;
            if page.is_empty() {
                return Err(self.damaged(self.state.head.seq.next()));
            }
            for entry in page.iter().take_while(|entry| entry.seq <= row.head.seq) {
                self.fold(entry)?;
            }
            self.trim();
        }
        if self.state.head != row.head {
            return Err(self.damaged(row.head.seq));
        }
        self.row = row;
        Ok(())
    }

    fn fold(&mut self, entry: &Entry) -> Result<(), LogError> {
        let head = self
            .state
            .head
            .extend(entry)
            .map_err(|_| self.damaged(entry.seq))?;
        if let Ok(OpenedOp { op, .. }) = self.keys.ring.open_entry(entry) {
            self.state.fold(head, entry.at, &op);
        } else {
            let stamp = Stamp {
                op: entry.op_id,
                by: UserId::RECORD,
                at: entry.at,
                recorded: Some(entry.at),
            };
            self.state.fold_unreadable(head, stamp);
        }
        self.remember(entry);
        Ok(())
    }

    /// Takes what this replica wrote itself.
    pub fn advance<'a>(
        &mut self,
        state: SpaceState,
        row: SpaceRow,
        written: impl Iterator<Item = &'a Entry>,
    ) {
        self.state = state;
        self.row = row;
        for entry in written {
            self.remember(entry);
        }
        self.trim();
    }

    /// The operation in the log, if it is a recent one.
    pub fn recent(&self, op: OpId) -> Option<&Kept> {
        self.recent.get(self.recent_ids.get(&op)?)
    }

    /// Whether a snapshot should be made.
    pub fn is_snapshot_due(&self, every: u64) -> bool {
        self.state.head.seq.value() >= self.snapshot.value().saturating_add(every)
    }

    fn remember(&mut self, entry: &Entry) {
        self.recent_ids.insert(entry.op_id, entry.seq);
        self.recent.insert(
            entry.seq,
            Kept {
                op_id: entry.op_id,
                seq: entry.seq,
                device: entry.device,
                at: entry.at,
                chain: entry.chain,
            },
        );
        if self.recent.len() > RECENT
            && let Some((_, oldest)) = self.recent.pop_first()
        {
            self.recent_ids.remove(&oldest.op_id);
        }
    }

    /// Once in [`ITEMS`] items: it costs as much as there is left, and urgent messages that nobody acknowledged stay, however
    /// many they are.
    fn trim(&mut self) {
        if self.state.timeline.len() > self.left.max(ITEMS) + ITEMS {
            self.state.trim(ITEMS);
            self.left = self.state.timeline.len();
        }
    }

    fn damaged(&self, seq: Seq) -> LogError {
        LogError::Damaged {
            space: self.state.space,
            seq: seq.value(),
        }
    }
}

/// Entries read at once while catching up.
const PAGE: u32 = 1000;
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// Items of the timeline that stay in memory; more than a snapshot holds.
const ITEMS: usize = 100;

/// Operations that are known to be in the log without asking the database.
const RECENT: usize = 512;
