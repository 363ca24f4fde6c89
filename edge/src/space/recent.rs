//! The recent entries of a space, in memory only: what a reconnecting device missed is usually here, so that a storm of
//! them does not reach the record.
//!
//! It also knows the head of the log, and so tells what is new from what comes twice, and sees gaps.

use std::collections::VecDeque;

use baton_core::chain::{Entry, Seq};
use baton_core::frame::limit::{ENTRIES_BYTES, ENTRIES_PER_FRAME};
use baton_core::id::DeviceId;
use serde_bytes::ByteBuf;

use crate::limit::{RECENT_BYTES, RECENT_ENTRIES};

/// The end of a space's log.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    /// Invariant: without gaps, and when not empty its last place is `head`.
    entries: VecDeque<Entry>,
    bytes: usize,
    /// `None`: nothing is known yet.
    head: Option<Seq>,
    /// `None`: not asked for yet.
    cursors: Option<Vec<ByteBuf>>,
    /// Newer cursors, by the device they came from.
    newer: Vec<(DeviceId, ByteBuf)>,
}

/// A part of the log for one frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// In order, without gaps.
    pub(crate) entries: Vec<Entry>,
    /// The last place of the log as it is known.
    pub(crate) head: Seq,
    /// True when the log goes on after these.
    pub(crate) more: bool,
}

/// What is new among entries that came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fresh {
    /// In order, the next ones after the head.
    pub(crate) entries: Vec<Entry>,
    /// True when entries between the head and one that came are missing.
    pub(crate) gap: bool,
}

impl Recent {
    /// The last place that is known.
    pub(crate) fn head(&self) -> Option<Seq> {
        self.head
    }

    /// What comes after a place, if memory covers it and the cursors are known too.
    pub(crate) fn after(&self, after: Seq) -> Option<Page> {
        let head = self.head?;
        self.cursors.as_ref()?;
        if after >= head {
            return Some(Page {
                entries: Vec::new(),
                head,
                more: false,
            });
        }
        let first = self.entries.front()?.seq;
        let skip = after.next().value().checked_sub(first.value())?;
        let skip = usize::try_from(skip).ok()?;
        let entries = cut(self.entries.iter().skip(skip)).cloned().collect::<Vec<_>>();
        let more = entries.last().is_none_or(|last| last.seq < head);
        Some(Page { entries, head, more })
    }

    /// Takes in an answer of the record to "what comes after `after`?" and gives the page for who asked.
    pub(crate) fn learn(&mut self, after: Seq, entries: &[Entry], head: Seq, cursors: Vec<ByteBuf>) -> Page {
        let reaches = entries.last().map_or(after, |last| last.seq) >= head;
        if self.head.is_none() && reaches {
            self.head = Some(head);
            self.keep(entries.iter().cloned());
        } else if reaches {
            self.prepend(entries);
        }
        if reaches {
            self.cursors = Some(cursors);
            self.newer.clear();
        }
        let known = self.head.map_or(head, |known| known.max(head));
        let entries = cut(entries.iter()).cloned().collect::<Vec<_>>();
        let more = entries.last().map_or(after, |last| last.seq) < known;
        Page {
            entries,
            head: known,
            more,
        }
    }

    /// Sorts out what is new, and moves the head behind it. The caller passes the new ones on, then gives them to
    /// [`Recent::keep`].
    pub(crate) fn advance(&mut self, mut entries: Vec<Entry>) -> Fresh {
        entries.sort_by_key(|entry| entry.seq);
        let mut fresh = Fresh {
            entries: Vec::with_capacity(entries.len()),
            gap: false,
        };
        for entry in entries {
            let head = self.head.unwrap_or(Seq::new(entry.seq.value().saturating_sub(1)));
            if entry.seq == head.next() {
                self.head = Some(entry.seq);
                fresh.entries.push(entry);
            } else if entry.seq > head {
                fresh.gap = true;
                break;
            }
        }
        fresh
    }

    /// Puts entries at the end, of which the head is already known, and lets go of the oldest past the bounds.
    pub(crate) fn keep(&mut self, entries: impl Iterator<Item = Entry>) {
        for entry in entries {
            if self
                .entries
                .back()
                .is_some_and(|last| last.seq.next() != entry.seq)
            {
                self.entries.clear();
                self.bytes = 0;
            }
            self.bytes += cost(&entry);
            self.entries.push_back(entry);
        }
        while self.bytes > RECENT_BYTES || self.entries.len() > RECENT_ENTRIES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(cost(&oldest));
        }
        if self
            .entries
            .back()
            .is_some_and(|last| Some(last.seq) != self.head)
        {
            self.entries.clear();
            self.bytes = 0;
        }
    }

    /// The sealed cursors as they are known, at most a frame's worth of the newest.
    pub(crate) fn cursors(&self) -> Vec<ByteBuf> {
        let known = self
            .cursors
            .iter()
            .flatten()
            .chain(self.newer.iter().map(|(_, sealed)| sealed));
        let all: Vec<_> = known.cloned().collect();
        let skip = all.len().saturating_sub(ENTRIES_PER_FRAME);
        all.into_iter().skip(skip).collect()
    }

    /// Takes in a cursor that the record kept.
    pub(crate) fn see(&mut self, device: DeviceId, sealed: ByteBuf) {
        self.newer.retain(|(known, _)| *known != device);
        self.newer.push((device, sealed));
        if self.newer.len() > ENTRIES_PER_FRAME {
            // Past that the record's own list is shorter.
            self.cursors = None;
            self.newer.clear();
        }
    }

    /// Puts older entries before those that are here, as far as they meet and fit.
    fn prepend(&mut self, older: &[Entry]) {
        for entry in older.iter().rev() {
            let meets = match self.entries.front() {
                Some(first) => entry.seq.next() == first.seq,
                None => Some(entry.seq) == self.head,
            };
            let cost = cost(entry);
            if meets && self.bytes + cost <= RECENT_BYTES && self.entries.len() < RECENT_ENTRIES {
                self.bytes += cost;
                self.entries.push_front(entry.clone());
            }
        }
    }
}

/// Cuts what goes into one frame; at least one entry does.
fn cut<'a>(entries: impl Iterator<Item = &'a Entry>) -> impl Iterator<Item = &'a Entry> {
    let mut bytes = 0;
    entries.take(ENTRIES_PER_FRAME).take_while(move |entry| {
        let fits = bytes < ENTRIES_BYTES;
        bytes += entry.sealed.len();
        fits
    })
}

/// What an entry costs in memory.
fn cost(entry: &Entry) -> usize {
    entry.sealed.len() + 128
}

#[cfg(test)]
mod tests;
