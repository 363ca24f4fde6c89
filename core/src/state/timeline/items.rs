//! Items by place, each found by its place and each message by its id.

use std::sync::Arc;

use super::Item;
use crate::chain::Seq;
use crate::id::OpId;
use crate::op::message::Priority;
use crate::ordered::{SortedMap, SortedSet};

/// Items by place.
#[derive(Clone, Debug, Default)]
pub(super) struct Items {
    pub(super) by_place: SortedMap<Seq, Arc<Item>>,
    /// Invariant: the place of every message in `by_place`.
    pub(super) messages: SortedMap<OpId, Seq>,
    /// Invariant: the place of every urgent message in `by_place`.
    pub(super) urgent: SortedSet<Seq>,
}

impl Items {
    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.by_place.values().map(Arc::as_ref)
    }

    pub(super) fn after(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &Item> {
        self.by_place.after(&seq).map(|(_, item)| &**item)
    }

    pub(super) fn insert(&mut self, item: Arc<Item>) {
        if let Item::Message(message) = item.as_ref() {
            self.messages.insert(message.id(), message.seq);
            if message.priority == Priority::Urgent {
                self.urgent.insert(message.seq);
            }
        }
        self.by_place.insert(item.seq(), item);
    }

    pub(super) fn take_all(&mut self, other: &mut Self) {
        self.by_place.extend(std::mem::take(&mut other.by_place));
        self.messages.extend(std::mem::take(&mut other.messages));
        self.urgent.extend(std::mem::take(&mut other.urgent));
    }
}
