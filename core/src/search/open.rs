//! What came in since the last seal: few messages, kept as they are and made into a segment when somebody searches.

use std::collections::BinaryHeap;

use super::postings;
use super::segment::layout::Columns;
use super::segment::{Held, Id, Key, SegmentId, Stretch, cover, put, uncover};
use super::word::Split;
use crate::chain::Seq;
use crate::id::UserId;
use crate::secret::Personal;
use crate::time::At;

/// The open segment.
#[derive(Default)]
pub(super) struct Open {
    /// In the order of their keys.
    messages: Vec<(Key, OpenMessage)>,
    removed: Vec<Key>,
    covered: Vec<Stretch>,
}

struct OpenMessage {
    seq: Seq,
    by: UserId,
    at: At,
    text: Personal<String>,
}

impl Open {
    /// How many messages are in it.
    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there is nothing to seal.
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.removed.is_empty() && self.covered.is_empty()
    }

    /// The spaces that it has messages of, some often.
    pub(super) fn spaces(&self) -> impl Iterator<Item = Id> {
        self.messages.iter().map(|(key, _)| key.space)
    }

    /// A message.
    pub(super) fn held(&self, key: Key) -> Option<Held<'_>> {
        let place = self.place(key).ok()?;
        self.messages.get(place).map(|(_, message)| Held {
            key,
            seq: message.seq,
            by: message.by,
            at: message.at,
            text: message.text.as_str(),
        })
    }

    /// Puts a message in that was not there.
    pub(super) fn add(&mut self, message: &Held<'_>) {
        if let Err(place) = self.place(message.key) {
            let open = OpenMessage {
                seq: message.seq,
                by: message.by,
                at: message.at,
                text: message.text.into(),
            };
            self.messages.insert(place, (message.key, open));
        }
    }

    /// Takes a message out. Says whether it was there.
    pub(super) fn remove(&mut self, key: Key) -> bool {
        let place = self.place(key);
        place.map(|place| self.messages.remove(place)).is_ok()
    }

    /// Notes that a message is gone from older segments.
    pub(super) fn note_removed(&mut self, key: Key) {
        put(&mut self.removed, key);
    }

    /// Drops all of a space, and notes that it is gone from older segments.
    pub(super) fn forget(&mut self, space: Id) {
        self.messages.retain(|(key, _)| key.space != space);
        self.removed.retain(|key| key.space != space);
        uncover(&mut self.covered, space);
        put(&mut self.removed, Key::every(space));
    }

    /// Notes that a stretch of a log was fed.
    pub(super) fn cover(&mut self, stretch: Stretch) {
        cover(&mut self.covered, stretch);
    }

    /// Makes its columns.
    pub(super) fn columns(&self, id: SegmentId) -> Columns {
        let mut columns = Columns {
            id,
            removed: self.removed.clone(),
            covered: self.covered.clone(),
            ..Columns::default()
        };
        let mut folded = String::new();
        let mut places = Vec::new();
        let mut split = Split::default();
        for (number, (key, message)) in (0..).zip(&self.messages) {
            columns.push_message(&Held {
                key: *key,
                seq: message.seq,
                by: message.by,
                at: message.at,
                text: message.text.as_str(),
            });
            split.read(message.text.as_str());
            for (_, term) in split.terms() {
                places.push((folded.len(), term.len(), number));
                folded.push_str(term);
            }
        }
        let term = |start: usize, bytes: usize| folded.get(start..start + bytes).unwrap_or_default();
        let terms: Vec<(&str, u32)> = places
            .into_iter()
            .map(|(start, bytes, number)| (term(start, bytes), number))
            .collect();
        let mut terms = BinaryHeap::from(terms).into_sorted_vec();
        terms.dedup();
        for occurrences in terms.chunk_by(|(one, _), (other, _)| one == other) {
            let mut next = 0;
            for (_, number) in occurrences {
                postings::write(&mut columns.postings, &mut next, *number);
            }
            if let Some((term, _)) = occurrences.first() {
                columns.push_term(term);
            }
        }
        columns
    }

    fn place(&self, key: Key) -> Result<usize, usize> {
        self.messages.binary_search_by_key(&key, |(key, _)| *key)
    }
}
