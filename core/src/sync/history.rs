//! How much of a space's history is held, and pages of it.

use super::Sync;
use super::show::HistoryState;
use crate::chain::{Entry, Seq};
use crate::id::SpaceId;
use crate::op::Op;
use crate::state::{SNAPSHOT_ITEMS, SpaceState};
use crate::time::At;

/// How much of one space's history is held.
#[derive(Debug)]
pub(super) struct History {
    /// From here on nothing is missing; urgent messages that wait are held also from before.
    from: Seq,
    asked: Option<Asked>,
    /// What was done to messages that are not held, while a page of them may be on its way without it.
    orphans: Vec<(Seq, At, Op)>,
}

/// What was asked of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A page before this place.
    Page(Seq),
    /// The one entry at this place, to see whether it is an operation of this device.
    Place(Seq),
}

impl History {
    /// That of an empty state.
    pub(super) fn new() -> Self {
        Self {
            from: Seq::new(1),
            asked: None,
            orphans: Vec::new(),
        }
    }

    /// That of a state from a snapshot: its newest items are held without gaps.
    pub(super) fn of_snapshot(state: &SpaceState) -> Self {
        let oldest = state.timeline.items().rev().nth(SNAPSHOT_ITEMS - 1);
        Self {
            from: oldest.map_or(Seq::new(1), crate::state::Item::seq),
            ..Self::new()
        }
    }

    /// That of a state that was kept, from this place on without gaps.
    pub(super) fn of_kept(from: Seq) -> Self {
        Self { from, ..Self::new() }
    }

    /// From where on nothing is missing.
    pub(super) fn from(&self) -> Seq {
        self.from
    }

    pub(super) fn state(&self) -> HistoryState {
        match self.asked {
            Some(Asked::Page(_)) => HistoryState::Loading,
            Some(Asked::Place(_)) | None if self.from <= Seq::new(1) => HistoryState::Complete,
            Some(Asked::Place(_)) | None => HistoryState::More,
        }
    }

    pub(super) fn asked(&self) -> Option<Asked> {
        self.asked
    }

    /// Wants a page; the place before which it is to be, unless something is asked already or nothing is missing.
    pub(super) fn want_page(&mut self) -> Option<Seq> {
        if self.asked.is_some() || self.from <= Seq::new(1) {
            return None;
        }
        self.asked = Some(Asked::Page(self.from));
        Some(self.from)
    }

    /// Wants the one entry at a place; false when something is asked already.
    pub(super) fn want_place(&mut self, seq: Seq) -> bool {
        let is_free = self.asked.is_none();
        if is_free {
            self.asked = Some(Asked::Place(seq));
        }
        is_free
    }

    /// The question was answered, or given up.
    pub(super) fn answered(&mut self) -> Vec<(Seq, At, Op)> {
        self.asked = None;
        std::mem::take(&mut self.orphans)
    }

    /// Everything from a place on is held.
    pub(super) fn reaches(&mut self, from: Seq) {
        self.from = self.from.min(from);
    }

    /// Something was done to a message that is not held. While a page is on its way it is kept, since that page may
    /// hold the message and not know of this. False when too much has gathered: the page has to be asked again.
    pub(super) fn keep_orphan(&mut self, seq: Seq, at: At, op: Op) -> bool {
        if !matches!(self.asked, Some(Asked::Page(_))) {
            return true;
        }
        if self.orphans.len() == ORPHANS {
            return false;
        }
        self.orphans.push((seq, at, op));
        true
    }
}

/// Something that was done, out of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its place.
    pub seq: Seq,
    /// When the record kept it.
    pub recorded: At,
    /// What was done.
    pub op: Op,
}

impl Sync {
    /// Opens entries that the record gave for [`crate::device_api::HistoryOf`], in their order. `None` when one of them does
    /// not open: then nothing is shown rather than a history with a hole in it. What only a newer version of the app can
    /// read is left out.
    pub fn read_about(&mut self, space: SpaceId, entries: &[Entry]) -> Option<Vec<Past>> {
        let space = self.spaces.get_mut(&space)?;
        let mut past = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(op) = space.open_entry(entry).ok()? {
                past.push(Past {
                    seq: entry.seq,
                    recorded: entry.at,
                    op,
                });
            }
        }
        Some(past)
    }
}

/// Corrections and such of unheld messages that are kept while one page is on its way.
const ORPHANS: usize = 1024;

/// Entries in a page.
pub(super) const PAGE: u16 = 100;
