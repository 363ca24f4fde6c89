//! What is looked for, and how far what this device holds can be searched. It outlives the page, so that Back from a
//! message leads to what was found.

use crate::part::derived::RwSignal;
use baton_core::id::{SpaceId, UserId};

/// Hits that are shown at first, and so many more each time.
pub const STEP: usize = 20;

/// The search.
#[derive(Clone, Copy)]
pub struct Search {
    /// What was typed.
    pub text: RwSignal<String>,
    /// Only what this person wrote.
    pub by: RwSignal<Option<UserId>>,
    /// Only what is in this conversation.
    pub space: RwSignal<Option<SpaceId>>,
    /// Only from this day on, as `2027-01-05`; empty: from any.
    pub from: RwSignal<String>,
    /// Only up to and with this day; empty: to any.
    pub upto: RwSignal<String>,
    /// How many hits are shown at most.
    pub limit: RwSignal<usize>,
    /// What this device holds is still being read.
    pub is_reading: RwSignal<bool>,
    /// Conversations of which older messages are not on this device.
    pub incomplete: RwSignal<usize>,
    /// Counts up whenever something else may be found.
    pub revision: RwSignal<u32>,
}

impl Search {
    pub(super) fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            by: RwSignal::new(None),
            space: RwSignal::new(None),
            from: RwSignal::new(String::new()),
            upto: RwSignal::new(String::new()),
            limit: RwSignal::new(STEP),
            is_reading: RwSignal::new(false),
            incomplete: RwSignal::new(0),
            revision: RwSignal::new(0),
        }
    }

    /// Something else may be found than before.
    pub fn renew(&self) {
        self.revision
            .update(|revision| *revision = revision.wrapping_add(1));
    }

    /// Whether anything narrows the search down.
    pub fn is_narrowed(&self) -> bool {
        self.by.get().is_some()
            || self.space.get().is_some()
            || self.from.with(|day| !day.is_empty())
            || self.upto.with(|day| !day.is_empty())
    }

    /// Narrows it down no longer.
    pub fn widen(&self) {
        self.by.set(None);
        self.space.set(None);
        self.from.set(String::new());
        self.upto.set(String::new());
    }

    pub(super) fn clear(&self) {
        self.text.set(String::new());
        self.widen();
        self.limit.set(STEP);
        self.is_reading.set(false);
        self.incomplete.set(0);
    }
}
