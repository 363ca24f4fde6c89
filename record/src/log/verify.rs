//! Verify: reads whole logs as they are kept and checks everything that was promised of them: places without gaps, the
//! chain, every envelope, every signature, the rules, and that checkpoints and projections agree. Reads only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_core::chain::{Entry, Head};
use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::rule::{self, Author};
use baton_core::snapshot::Checkpoint;
use baton_core::state::SpaceState;
use ed25519_dalek::VerifyingKey;
use sqlx::PgConnection;
use uuid::Uuid;

use super::row::{self, seq_of};
use super::{LogError, snapshot};
use crate::context::Context;
use crate::keys::epoch::{self, SpaceKeys};
use crate::people::device::{self, Device};
use crate::roles::standing;

/// What was found of one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The space.
    pub space: SpaceId,
    /// Entries that were read.
    pub entries: u64,
    /// What is wrong; nothing, if all is well.
    pub faults: Vec<Fault>,
}

/// Something that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The chain hash does not follow, or a place is missing or doubled.
    #[error("entry {0}: the chain is broken")]
    Chain(u64),
    /// The checkpoint of a snapshot is not of this log.
    #[error("snapshot at {0}: its checkpoint is not of this log")]
    Checkpoint(u64),
    /// The space's row is elsewhere than its log.
    #[error("the space's head is not that of its log")]
    Head,
    /// A key does not open.
    #[error("a key of the space does not open")]
    Key,
    /// The envelope does not open.
    #[error("entry {0}: the envelope does not open")]
    Envelope(u64),
    /// The members in the table are not those of the log.
    #[error("the members are not those of the log")]
    Members,
    /// The roles in the table are not those of the log.
    #[error("the roles are not those of the log")]
    Roles,
    /// The rules do not allow it.
    #[error("entry {0}: the rules do not allow it")]
    Rule(u64),
    /// The signature does not verify, or its device is not known.
    #[error("entry {0}: the signature does not verify")]
    Signature(u64),
    /// A snapshot does not open, or holds another state than the log leads to.
    #[error("snapshot at {0}: it is not what the log leads to")]
    Snapshot(u64),
    /// An entry's time is before that of the one before it.
    #[error("entry {0}: its time is before the one before it")]
    Time(u64),
}

/// Verifies one space, or `None` when there is no such space.
pub async fn space(cx: &Context, space: SpaceId) -> Result<Option<Found>, LogError> {
    let mut conn = cx.pool.acquire().await?;
    // One moment of the database, however long it takes.
    sqlx::query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .execute(&mut *conn)
        .await?;
    let found = in_snapshot(cx, &mut conn, space).await;
    sqlx::query("COMMIT").execute(&mut *conn).await?;
    found
}

/// The ids of all spaces.
pub async fn all(cx: &Context) -> Result<Vec<SpaceId>, LogError> {
    let rows: Vec<(Uuid,)> = sqlx::query_as("SELECT id FROM space ORDER BY id")
        .fetch_all(&cx.pool)
        .await?;
    Ok(rows.into_iter().map(|(id,)| SpaceId::from_uuid(id)).collect())
}

async fn in_snapshot(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
) -> Result<Option<Found>, LogError> {
    let Some(row) = row::space(conn, space).await? else {
        return Ok(None);
    };
    let keys = match epoch::load(conn, &cx.keys, space).await {
        Ok(keys) => keys,
        Err(LogError::Key { .. }) => {
            return Ok(Some(Found {
                space,
                entries: 0,
                faults: vec![Fault::Key],
            }));
        }
        Err(error) => return Err(error),
    };
    let mut check = Check {
        record: cx.verifying_key(),
        keys,
        devices: BTreeMap::new(),
        state: SpaceState::new(space),
        head: Head::default(),
        snapshots: snapshots(conn, space).await?,
        found: Found {
            space,
            entries: 0,
            faults: Vec::new(),
        },
        last: None,
    };
    check.snapshots_at_head();
    loop {
        let page = row::entries_after(conn, space, check.head.seq, 1000, 8 * 1024 * 1024).await?;
        if page.is_empty() {
            break;
        }
        check.load_devices(conn, &page).await?;
        for entry in &page {
            check.entry(entry);
        }
    }
    if check.head != row.head {
        check.found.faults.push(Fault::Head);
    }
    for seq in check.snapshots.keys() {
        check.found.faults.push(Fault::Checkpoint(*seq));
    }
    check.members(conn).await?;
    check.roles(cx, conn).await?;
    Ok(Some(check.found))
}

struct Check {
    record: VerifyingKey,
    keys: SpaceKeys,
    devices: BTreeMap<DeviceId, Arc<Device>>,
    state: SpaceState,
    head: Head,
    snapshots: BTreeMap<u64, snapshot::Kept>,
    found: Found,
    last: Option<Entry>,
}

impl Check {
    async fn load_devices(&mut self, conn: &mut PgConnection, page: &[Entry]) -> Result<(), LogError> {
        let missing: BTreeSet<DeviceId> = page
            .iter()
            .map(|entry| entry.device)
            .filter(|device| !self.devices.contains_key(device))
            .collect();
        let missing: Vec<DeviceId> = missing.into_iter().collect();
        self.devices.extend(device::load(conn, &missing).await?);
        Ok(())
    }

    fn entry(&mut self, entry: &Entry) {
        let seq = entry.seq.value();
        self.found.entries += 1;
        match self.head.extend(entry) {
            Ok(_) => {}
            Err(_) => self.found.faults.push(Fault::Chain(seq)),
        }
        if self.last.as_ref().is_some_and(|last| entry.at < last.at) {
            self.found.faults.push(Fault::Time(seq));
        }
        // Goes on from what is kept, so that one fault is told once.
        self.head = Head {
            seq: entry.seq,
            chain: entry.chain,
        };
        self.open(entry);
        self.snapshots_at_head();
        self.last = Some(Entry {
            sealed: Vec::new(),
            ..entry.clone()
        });
    }

    fn open(&mut self, entry: &Entry) {
        let seq = entry.seq.value();
        let Ok(opened) = self.keys.ring.open_entry(entry) else {
            self.found.faults.push(Fault::Envelope(seq));
            self.state.head = self.head;
            return;
        };
        let author = if entry.device == DeviceId::RECORD {
            Some((self.record, Author::Record))
        } else {
            let device = self.devices.get(&entry.device);
            device.map(|device| (device.verifying_key, Author::Person(device.user)))
        };
        match author {
            Some((key, author)) if opened.verify(&key).is_ok() => {
                if rule::may(author, &opened.op, &self.state).is_err() {
                    self.found.faults.push(Fault::Rule(seq));
                }
            }
            Some(_) | None => self.found.faults.push(Fault::Signature(seq)),
        }
        self.state.fold(self.head, entry.at, &opened.op);
    }

    fn snapshots_at_head(&mut self) {
        let seq = self.head.seq.value();
        let Some(kept) = self.snapshots.remove(&seq) else {
            return;
        };
        let space = self.state.space;
        match Checkpoint::open(space, &kept.snapshot.checkpoint, &self.record) {
            Ok(checkpoint) if checkpoint.head == self.head => {}
            Ok(_) | Err(_) => {
                self.found.faults.push(Fault::Checkpoint(seq));
                return;
            }
        }
        let opened = kept.open(&mut self.keys.ring, &self.record);
        if opened.is_none_or(|state| state.hash() != self.state.hash()) {
            self.found.faults.push(Fault::Snapshot(seq));
        }
    }

    async fn roles(&mut self, cx: &Context, conn: &mut PgConnection) -> Result<(), LogError> {
        let kept: Option<BTreeMap<_, _>> = match standing::read(cx, conn, Some(self.state.space)).await {
            Ok(kept) => Some(kept.into_iter().map(|role| (role.role, role)).collect()),
            Err(LogError::Damaged { .. }) => None,
            Err(error) => return Err(error),
        };
        if kept != Some(standing::standing(&self.state)) {
            self.found.faults.push(Fault::Roles);
        }
        Ok(())
    }

    async fn members(&mut self, conn: &mut PgConnection) -> Result<(), LogError> {
        let rows: Vec<(Uuid, bool)> = sqlx::query_as(
            "SELECT user_id, admin FROM member WHERE space = $1 AND until IS NULL ORDER BY user_id",
        )
        .bind(self.state.space.uuid())
        .fetch_all(conn)
        .await?;
        let kept: BTreeMap<UserId, bool> = rows
            .into_iter()
            .map(|(user, admin)| (UserId::from_uuid(user), admin))
            .collect();
        let folded: BTreeMap<UserId, bool> = self
            .state
            .members
            .iter()
            .map(|(user, member)| (user, member.admin))
            .collect();
        if kept != folded {
            self.found.faults.push(Fault::Members);
        }
        Ok(())
    }
}

async fn snapshots(
    conn: &mut PgConnection,
    space: SpaceId,
) -> Result<BTreeMap<u64, snapshot::Kept>, LogError> {
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT seq, sealed, checkpoint FROM snapshot WHERE space = $1")
            .bind(space.uuid())
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(seq, sealed, checkpoint)| {
            let seq = seq_of(seq);
            let snapshot = baton_core::device_api::SealedSnapshot {
                space,
                sealed,
                checkpoint,
            };
            (seq.value(), snapshot::Kept { seq, snapshot })
        })
        .collect())
}
