//! A simulated clock: what is to happen, in the order of its moment, and of its being scheduled within one.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_core::time::At;

/// A clock and what is to happen.
pub struct Clock<E> {
    pub now: At,
    queue: BTreeMap<(At, u64), E>,
    scheduled: u64,
}

impl<E> Clock<E> {
    pub fn new(now: At) -> Self {
        Self {
            now,
            queue: BTreeMap::new(),
            scheduled: 0,
        }
    }

    pub fn at(&mut self, at: At, event: E) {
        self.scheduled += 1;
        self.queue.insert((at.max(self.now), self.scheduled), event);
    }

    pub fn after(&mut self, wait: Duration, event: E) {
        self.at(self.now.plus(wait), event);
    }

    /// Moves to the next thing that happens, if that is not after `until`.
    pub fn next(&mut self, until: At) -> Option<E> {
        let first = self.queue.first_entry().filter(|first| first.key().0 <= until)?;
        self.now = first.key().0;
        Some(first.remove())
    }
}
