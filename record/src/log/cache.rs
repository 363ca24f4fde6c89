//! The folded spaces that this replica holds in memory: a bounded cache. What it holds is only ever a guess at where a
//! space stands; the database's row decides.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::id::SpaceId;
use tokio::sync::Mutex as AsyncMutex;

use super::folded::Folded;

/// One space's place in the cache. Whoever holds the lock works on the space; within a replica they take turns.
pub type Slot = Arc<AsyncMutex<Option<Folded>>>;

/// The cache.
#[derive(Default)]
pub struct Spaces(Mutex<Slots>);

#[derive(Default)]
struct Slots {
    by_space: BTreeMap<SpaceId, (u64, Slot)>,
    turn: u64,
}

impl Spaces {
    /// The slot of a space; empty when it is not held.
    pub fn slot(&self, space: SpaceId) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.turn += 1;
        let turn = slots.turn;
        if slots.by_space.len() >= HELD && !slots.by_space.contains_key(&space) {
            slots.drop_oldest();
        }
        let (used, slot) = slots.by_space.entry(space).or_default();
        *used = turn;
        Arc::clone(slot)
    }
}

impl Slots {
    /// Drops the quarter that was used longest ago, but for those in use.
    fn drop_oldest(&mut self) {
        let mut turns: Vec<u64> = self.by_space.values().map(|(used, _)| *used).collect();
        turns.sort_unstable();
        let Some(limit) = turns.get(turns.len() / 4).copied() else {
            return;
        };
        self.by_space
            .retain(|_, (used, slot)| *used > limit || Arc::strong_count(slot) > 1);
    }
}

/// Spaces held at once, of about 100 KiB each when busy.
const HELD: usize = 4096;
