//! What a device keeps of its spaces, so that a restart needs no network, and what the tabs of one device tell each other.
//!
//! Of a space three things are kept. Its **row** has its keys and its folded state with the newest items, as of some place
//! in the log; it is made anew only now and then, since the **entries** after that place, which are kept as they came,
//! lead on from it. How far everybody has read changes often and is small, and has a row of its own. The work of a start
//! is therefore bounded by [`ENTRIES_BETWEEN`], not by the length of the history.
//!
//! A tab that follows another is the same machine: it starts from the same rows, and is then told each [`Store`] as it is
//! written. It has no connection until it is to [`Sync::resume`]. What a person does in it goes the same way back.

use crate::ordered::sort_by_key;
use crate::ordered::{SortedMap, SortedSet};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::history::History;
use super::inbox::Base;
use super::{Action, Kept, Row, Space, Store, Sync};
use crate::cbor;
use crate::chain::{Entry, Head, Seq};
use crate::device_api::HistoryAnswer;
use crate::id::{OpId, SpaceId};
use crate::op::space::SpaceKind;
use crate::seal::Epoch;
use crate::seal::key::SpaceKey;
use crate::signal::Cursor;
use crate::state::{SNAPSHOT_ITEMS, SpaceState};
use crate::time::At;

/// Everything that a device kept.
#[derive(Debug, Default)]
pub struct Restored {
    /// Its spaces.
    pub spaces: Vec<RestoredSpace>,
    /// Operations.
    pub outbox: Vec<Kept>,
    /// When something last came from the edge; `None` if that is not known.
    pub last_contact: Option<At>,
}

impl From<Vec<Kept>> for Restored {
    fn from(outbox: Vec<Kept>) -> Self {
        Self {
            outbox,
            ..Self::default()
        }
    }
}

/// What a device kept of one space.
#[derive(Debug)]
pub struct RestoredSpace {
    /// [`Store::Space`].
    pub row: Row,
    /// [`Store::Cursors`]; `None` if there is none.
    pub cursors: Option<Row>,
    /// Entries after [`kept_head`], in order.
    pub tail: Vec<Entry>,
}

/// The space and the place from which a kept space needs its entries; `None` when it is not such a row.
pub fn kept_head(row: &Row) -> Option<(SpaceId, Seq)> {
    let head: KeptHead = cbor::from_bytes(row.expose()).ok()?;
    (head.version == VERSION).then_some((head.space, head.seq))
}

/// The outside of a kept space, read without the rest.
#[derive(Serialize, Deserialize)]
struct KeptHead {
    #[serde(rename = "v")]
    version: u16,
    #[serde(rename = "p")]
    space: SpaceId,
    #[serde(rename = "h")]
    seq: Seq,
    #[serde(rename = "b")]
    body: ByteBuf,
}

#[derive(Serialize, Deserialize)]
struct KeptBody {
    #[serde(rename = "k")]
    kind: SpaceKind,
    #[serde(rename = "e")]
    keys: Vec<(Epoch, SpaceKey)>,
    #[serde(rename = "s")]
    state: SpaceState,
    /// From where on nothing is missing in the timeline.
    #[serde(rename = "f")]
    from: Seq,
    /// Operations of this device that were seen in the log and are not proven.
    #[serde(rename = "u")]
    unproven: Vec<(Seq, OpId)>,
    /// Operations of this device that may stand in a part of the log that it did not see entry by entry.
    #[serde(rename = "w", default, skip_serializing_if = "SortedSet::is_empty")]
    unwatched: SortedSet<OpId>,
}

/// What is to be kept anew.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    is_on: bool,
    /// Spaces whose row is to be made anew.
    spaces: SortedSet<SpaceId>,
    /// Entries since a space's row was made.
    since: SortedMap<SpaceId, usize>,
    cursors: SortedSet<SpaceId>,
}

impl Keeping {
    /// The row of a space is to be made anew.
    pub(super) fn space(&mut self, id: SpaceId) {
        if self.is_on {
            self.spaces.insert(id);
        }
    }

    /// Cursors of these moved.
    pub(super) fn cursors(&mut self, ids: impl Iterator<Item = SpaceId>) {
        if self.is_on {
            self.cursors.extend(ids);
        }
    }

    fn entries(&mut self, id: SpaceId, count: usize) {
        let since = self.since.or_default(id);
        *since += count;
        if *since >= ENTRIES_BETWEEN {
            self.spaces.insert(id);
        }
    }

    pub(super) fn forget(&mut self, id: SpaceId) {
        self.spaces.remove(&id);
        self.since.remove(&id);
        self.cursors.remove(&id);
    }

    pub(super) fn clear(&mut self) {
        *self = Self {
            is_on: self.is_on,
            ..Self::default()
        };
    }
}

impl Space {
    fn keep(&self) -> Row {
        let mut state = self.confirmed.clone();
        let has_more = state.timeline.len() > SNAPSHOT_ITEMS;
        state.trim(SNAPSHOT_ITEMS);
        let newest = state.timeline.items().rev().nth(SNAPSHOT_ITEMS - 1);
        let from = newest.filter(|_| has_more).map_or(self.history.from(), |oldest| {
            oldest.seq().max(self.history.from())
        });
        let seq = state.head.seq;
        let body = KeptBody {
            kind: self.kind,
            keys: self
                .keys
                .iter()
                .map(|(epoch, key)| (epoch, key.clone()))
                .collect(),
            state,
            from,
            unproven: self.outbox.unproven().collect(),
            unwatched: self.outbox.unwatched().collect(),
        };
        let head = KeptHead {
            version: VERSION,
            space: self.id(),
            seq,
            body: ByteBuf::from(cbor::to_bytes(&body)),
        };
        Row::new(cbor::to_bytes(&head))
    }

    fn keep_cursors(&self) -> Row {
        Row::new(cbor::to_bytes(
            &self.cursors.iter().copied().collect::<Vec<Cursor>>(),
        ))
    }
}

impl Sync {
    /// From here on everything that a restart needs is told as [`Store`], not operations alone.
    pub fn keep_all(&mut self) {
        self.keeping.is_on = true;
        let ids: Vec<SpaceId> = self.spaces.keys().copied().collect();
        self.keeping.spaces.extend(ids);
    }

    /// Takes rows that are to be kept anew, now that there is time to write them: of [`SPACES_AT_ONCE`] spaces at most, since
    /// they are large. To be written with, or after, the [`Store`] actions that were given before.
    pub fn take_unkept(&mut self) -> Vec<Store> {
        let mut rows = Vec::new();
        for _ in 0..SPACES_AT_ONCE {
            let Some(id) = self.keeping.spaces.pop_first() else {
                break;
            };
            self.keeping.since.remove(&id);
            if let Some(space) = self
                .spaces
                .get(&id)
                .filter(|space| space.is_open && space.inbox.base == Base::Held)
            {
                rows.push(Store::Space {
                    space: id,
                    head: space.confirmed.head.seq,
                    row: space.keep(),
                });
            }
        }
        for id in std::mem::take(&mut self.keeping.cursors) {
            if let Some(space) = self.spaces.get(&id).filter(|space| space.is_open) {
                rows.push(Store::Cursors {
                    space: id,
                    row: space.keep_cursors(),
                });
            }
        }
        rows
    }

    /// Whether [`Self::take_unkept`] has something.
    pub fn has_unkept(&self) -> bool {
        !self.keeping.spaces.is_empty() || !self.keeping.cursors.is_empty()
    }

    pub(super) fn keep_entries<'a>(
        &mut self,
        id: SpaceId,
        entries: impl Iterator<Item = &'a Entry>,
        about: Vec<(Seq, OpId)>,
    ) {
        if !self.keeping.is_on {
            return;
        }
        let entries: Vec<Entry> = entries.cloned().collect();
        if !entries.is_empty() {
            self.keeping.entries(id, entries.len());
            self.actions.push_back(Action::Store(Store::Entries {
                space: id,
                entries,
                about,
            }));
        }
    }

    /// Puts back what a device kept, before anything else is told. Gives how many rows could not be read: their spaces come
    /// from the record again.
    pub fn restore(&mut self, kept: Restored, now: At) -> usize {
        let tick = self.clock.tick(now);
        self.link.last_contact = kept.last_contact;
        let mut unread = 0;
        let mut by_space: SortedMap<SpaceId, Vec<Kept>> = SortedMap::new();
        let mut outbox = kept.outbox;
        sort_by_key(&mut outbox, |kept| kept.order);
        for kept in outbox {
            self.last_order = self.last_order.max(kept.order);
            by_space.or_default(kept.space).push(kept);
        }
        let is_on = std::mem::take(&mut self.keeping.is_on);
        for space in kept.spaces {
            let outbox = kept_head(&space.row)
                .and_then(|(id, _)| by_space.remove(&id))
                .unwrap_or_default();
            match self.put_back(&space.row, outbox) {
                Ok(id) => {
                    if let Some(cursors) = &space.cursors {
                        self.take_kept_cursors(id, cursors, tick);
                    }
                    _ = self.fold_entries(id, &space.tail, tick);
                }
                Err(outbox) => {
                    unread += 1;
                    for kept in outbox {
                        by_space.or_default(kept.space).push(kept);
                    }
                }
            }
        }
        self.keeping.is_on = is_on;
        for (space, kept) in by_space {
            if kept.iter().all(|kept| kept.refused.is_some()) {
                self.take_restored(space, kept);
            } else {
                self.restored.insert(space, kept);
            }
        }
        self.screen.spaces();
        self.reveal();
        unread
    }

    /// Takes a kept space; the operations of its outbox come back when it cannot be read.
    fn put_back(&mut self, row: &Row, outbox: Vec<Kept>) -> Result<SpaceId, Vec<Kept>> {
        let Some((id, body)) = read(row) else {
            return Err(outbox);
        };
        let mut space = Space::new(id, body.kind, self.setup.user);
        for (epoch, key) in body.keys {
            space.keys.insert(epoch, key);
        }
        space.start_from(body.state);
        space.history = History::of_kept(body.from);
        for kept in outbox {
            let seen = body.unproven.iter().find(|(_, op)| *op == kept.op.id);
            match seen {
                Some((seq, _)) => space.outbox.saw_before(*seq, kept),
                None => space.outbox.push(kept),
            }
        }
        space.outbox.lose_sight(|op| body.unwatched.contains(&op));
        let changes = space.confirmed.everything();
        self.spaces.insert(id, space);
        self.screen.space(id, changes);
        self.screen.cursors(id);
        Ok(id)
    }

    /// Looks at a page of older entries that is to be kept and not shown: gives which of them are about which operation; `None`
    /// when they do not follow each other, or one does not open.
    pub fn read_older(&mut self, id: SpaceId, page: &HistoryAnswer) -> Option<Vec<(Seq, OpId)>> {
        let space = self.spaces.get_mut(&id)?;
        let follows = page.entries.windows(2).all(|pair| {
            let [first, second] = pair else { return true };
            let head = Head {
                seq: first.seq,
                chain: first.chain,
            };
            head.extend(second).is_ok()
        });
        let mut about = Vec::new();
        for entry in page.entries.iter().chain(&page.later).filter(|_| follows) {
            let op = space.open_entry(entry).ok()?;
            let target = op.and_then(|op| op.amends());
            about.extend(target.map(|target| (entry.seq, target)));
        }
        follows.then_some(about)
    }

    /// A machine that was restored connects: this tab leads now.
    pub fn resume(&mut self, now: At, rng: &mut impl CryptoRng) {
        let tick = self.clock.tick(now);
        if self.token.is_none() && self.connection != super::Connection::Revoked {
            self.begin_from(self.link.last_contact.unwrap_or(now), tick);
        }
        self.advance(tick, rng);
    }

    /// Another tab of this device has kept something. False when it does not lead on from what is held here: then the space
    /// is to be [`Self::restore_space`]d from what is kept.
    pub fn take_stored(&mut self, stored: Store, now: At, rng: &mut impl CryptoRng) -> bool {
        let tick = self.clock.tick(now);
        let is_on = std::mem::take(&mut self.keeping.is_on);
        let follows = match stored {
            Store::Cursors { space, row } => {
                self.take_kept_cursors(space, &row, tick);
                true
            }
            Store::Entries { space, entries, .. } => self.take_stored_entries(space, &entries, tick),
            Store::Forget(space) => {
                self.lose(space);
                true
            }
            Store::Put(kept) => {
                self.take_stored_op(kept);
                true
            }
            Store::Remove { space, op } => {
                if let Some(held) = self.spaces.get_mut(&space) {
                    held.outbox.drop_kept(op);
                    self.screen.replay(space);
                }
                true
            }
            Store::Space { space, row, .. } => self.take_stored_space(space, &row),
        };
        self.keeping.is_on = is_on;
        self.actions.retain(|action| !matches!(action, Action::Store(_)));
        self.advance(tick, rng);
        follows
    }

    fn take_stored_entries(&mut self, id: SpaceId, entries: &[Entry], tick: At) -> bool {
        let Some(space) = self.spaces.get(&id) else {
            return false;
        };
        let head = space.confirmed.head.seq;
        let newer: Vec<Entry> = entries.iter().filter(|entry| entry.seq > head).cloned().collect();
        // A page of history that another tab fetched is no concern of this one, which fetches it when it is wanted.
        newer.is_empty() || self.fold_entries(id, &newer, tick).1.is_none()
    }

    fn take_stored_op(&mut self, kept: Kept) {
        let id = kept.space;
        // What is done here from now on comes after it, also in the same millisecond.
        self.last_order = self.last_order.max(kept.order);
        let Some(space) = self.spaces.get_mut(&id) else {
            self.restored.or_default(id).push(kept);
            return;
        };
        let op = kept.op.id;
        if space.outbox.unproven().any(|(_, seen)| seen == op) {
            return;
        }
        match (space.outbox.find(op).is_some(), kept.refused) {
            (true, Some(reason)) => _ = space.outbox.refuse(op, reason),
            (true, None) => space.outbox.wait_again(op),
            (false, _) => space.outbox.push(kept),
        }
        self.screen.replay(id);
    }

    fn take_stored_space(&mut self, id: SpaceId, row: &Row) -> bool {
        let Some((_, body)) = read(row) else { return true };
        let Some(space) = self.spaces.get_mut(&id).filter(|space| space.is_open) else {
            return self.restore_row(row);
        };
        for (epoch, key) in body.keys {
            space.keys.insert(epoch, key);
        }
        if body.state.head.seq > space.confirmed.head.seq {
            return self.restore_row(row);
        }
        true
    }

    /// Takes a space anew from what is kept of it, without losing what waits here.
    pub fn restore_space(&mut self, kept: &RestoredSpace, now: At) {
        let tick = self.clock.tick(now);
        let is_on = std::mem::take(&mut self.keeping.is_on);
        if let Some((id, _)) = kept_head(&kept.row)
            && self.restore_row(&kept.row)
        {
            if let Some(cursors) = &kept.cursors {
                self.take_kept_cursors(id, cursors, tick);
            }
            _ = self.fold_entries(id, &kept.tail, tick);
        }
        self.keeping.is_on = is_on;
        self.reveal();
    }

    fn restore_row(&mut self, row: &Row) -> bool {
        let Some((id, _)) = kept_head(row) else {
            return true;
        };
        let outbox = self
            .spaces
            .remove(&id)
            .map(|space| space.outbox.into_kept(id))
            .unwrap_or_default();
        let waiting = self.restored.remove(&id).unwrap_or_default();
        let outbox = outbox.into_iter().chain(waiting).collect();
        if self.put_back(row, outbox).is_ok() {
            self.screen.spaces();
        }
        true
    }

    fn take_kept_cursors(&mut self, id: SpaceId, row: &Row, tick: At) {
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        let Ok(cursors) = cbor::from_bytes::<Vec<Cursor>>(row.expose()) else {
            return;
        };
        for cursor in &cursors {
            if space.cursors.restore(cursor, tick) {
                self.screen.cursors(id);
            }
        }
    }
}

fn read(row: &Row) -> Option<(SpaceId, KeptBody)> {
    let head: KeptHead = cbor::from_bytes(row.expose()).ok()?;
    let body = zeroize::Zeroizing::new(head.body.into_vec());
    let body: KeptBody = cbor::from_bytes(&body).ok()?;
    (head.version == VERSION && body.state.space == head.space && body.state.head.seq == head.seq)
        .then_some((head.space, body))
}

/// The shape of a kept space. One of another shape is fetched from the record again.
const VERSION: u16 = 1;

/// Rows of so many spaces are made at a time: a few milliseconds, after which a screen has its turn.
const SPACES_AT_ONCE: usize = 4;

/// A space's row is made anew after so many entries: opening and folding them takes a few milliseconds at a start.
const ENTRIES_BETWEEN: usize = 200;
