//! Local search: everything that a device holds, found while one types, with no network.
//!
//! An [`Index`] takes messages as they come, and answers a [`Query`] over 50,000 of them in about a millisecond. What is
//! typed is words: every word must be in a message, whole, as the beginning of a word, or with a slip or two
//! (`potasium`); case and accents make no difference; numbers are taken as typed, but for the spaces in an NHS number or
//! before a unit. A person, a space and two moments narrow it down. The best come first, the newest first among equals.
//!
//! # What is kept
//!
//! New messages gather in memory. [`Index::seal_off`] makes them a **segment** and merges it with its neighbours, so that
//! there are few; what it returns is for the store to write, and to erase, in one transaction. A segment is never changed:
//! corrected and withdrawn messages and forgotten spaces are noted in newer segments. It has the texts, so a hit is shown
//! without opening the log. Its bytes are plain: whoever stores them seals them.
//!
//! Nothing is lost with a segment, since everything in it is in the log. The index notes what it was fed
//! ([`Index::cover`]) in the same segment; what [`Index::covered`] says after loading is what need not be fed again. Feeding
//! twice does no harm.
//!
//! ```
//! use baton_core::chain::Seq;
//! use baton_core::id::{OpId, SpaceId, UserId};
//! use baton_core::search::{Index, Message, Query, Segment};
//! use baton_core::secret::Personal;
//! use baton_core::time::At;
//!
//! let space = SpaceId::from_bytes([1; 16]);
//! let mut index = Index::new();
//! index.put(&Message {
//!     space,
//!     seq: Seq::new(7),
//!     op: OpId::from_bytes([2; 16]),
//!     by: UserId::from_bytes([3; 16]),
//!     at: At::from_millis(1_795_000_000_000),
//!     text: Personal::new("Bed 4: potassium 6.1, please review"),
//! });
//! index.cover(space, Seq::ZERO, Seq::new(7));
//!
//! let found = index.find(&Query::new("potasium bed 4"));
//! assert_eq!(found.total, 1);
//! let hit = &found.hits[0];
//! let marked: Vec<&str> = hit.marks.iter().map(|mark| &hit.text.as_str()[mark.clone()]).collect();
//! assert_eq!(marked, ["Bed", "4", "potassium"]);
//!
//! // To a store, and back.
//! let sealed = index.seal_off().expect("there is something new");
//! let (mut index, _superseded) = Index::load(vec![Segment::parse(&sealed.bytes)?]);
//! assert_eq!(index.covered(space, Seq::ZERO), Seq::new(7));
//! assert_eq!(index.find(&Query::new("pot")).total, 1);
//! # Ok::<(), baton_core::search::SegmentError>(())
//! ```
//!
//! | file | what it is |
//! | --- | --- |
//! | `fold`, `word` | letters without case and accents; a text as its words |
//! | `pattern` | whether a term matches a word, and how well |
//! | `dictionary`, `postings` | a segment's terms in order; the messages that each is in |
//! | `segment`, `segment/layout`, `segment/merge` | immutable messages; their bytes; one of several |
//! | `open` | messages since the last seal |
//! | `query`, `find`, `mark` | what is looked for; ranks; what to show of a text |
//! | `people` | finding people |

use crate::chain::Seq;
use crate::id::{OpId, SpaceId, UserId};
use crate::secret::Personal;
use crate::time::At;

mod dictionary;
mod find;
mod fold;
mod mark;
mod open;
mod pattern;
mod people;
mod postings;
mod query;
mod segment;
mod word;

pub use find::{Found, Hit};
pub use fold::is_of_word;
pub(crate) use fold::{Kind, fold};
pub use people::{People, PersonHit};
pub use query::{MOST_HITS, Query};
pub use segment::{Segment, SegmentError, SegmentId};

use open::Open;
use segment::merge::merge;
use segment::{Held, Key, Stretch};

/// An open segment of so many messages is to be sealed off ([`Index::is_full`]).
pub const SEAL_AFTER: usize = 256;

/// A merge that would make a segment of more messages than this is not made, so that none takes long; but for the one that
/// leaves out what was forgotten.
pub const LARGEST: usize = 32_768;

/// Longer bytes than this are no segment.
pub const SEGMENT_BYTES: usize = 512 * 1024 * 1024;

/// A message as it stands.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Its space.
    pub space: SpaceId,
    /// Its place in the space's log.
    pub seq: Seq,
    /// The operation that posted it.
    pub op: OpId,
    /// Who wrote it.
    pub by: UserId,
    /// When it was said.
    pub at: At,
    /// What it says, as corrected last.
    pub text: Personal<&'a str>,
}

/// Everything that can be searched.
#[derive(Default)]
pub struct Index {
    /// Oldest first.
    segments: Vec<Segment>,
    open: Open,
    /// The open segment as it was searched last; `None` when it changed since.
    frozen: Option<Segment>,
    /// What all segments and the open one were fed.
    covered: Vec<Stretch>,
}

/// A segment that a store is to write and those that it is to erase, in one transaction.
pub struct Sealed {
    /// Which segment to write.
    pub id: SegmentId,
    /// Its bytes, in the clear.
    pub bytes: Vec<u8>,
    /// The segments that it takes the place of.
    pub replaces: Vec<SegmentId>,
}

impl Index {
    /// An index of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of the segments that a store has, in any order. The names are those of segments that others have taken the
    /// place of, to be erased.
    pub fn load(mut segments: Vec<Segment>) -> (Self, Vec<SegmentId>) {
        let mut index = Self::new();
        let mut superseded = Vec::new();
        // The one that begins first, and of those the one that reaches farthest.
        let next = |segments: &[Segment]| {
            let ids = segments.iter().map(Segment::id).enumerate();
            let next = ids.min_by_key(|(_, id)| (id.first, std::cmp::Reverse(id.last)));
            next.map(|(place, _)| place)
        };
        while let Some(place) = next(&segments) {
            let segment = segments.swap_remove(place);
            let id = segment.id();
            if index
                .segments
                .last()
                .is_some_and(|before| id.first <= before.id().last)
            {
                superseded.push(id);
                continue;
            }
            for key in &segment.columns.removed {
                index.remove_older(*key);
            }
            for stretch in &segment.columns.covered {
                segment::cover(&mut index.covered, *stretch);
            }
            index.segments.push(segment);
        }
        (index, superseded)
    }

    /// Whether a segment between others was lost: what was withdrawn may still be found, so an index is to be made anew.
    pub fn has_gap(&self) -> bool {
        let firsts = self.segments.iter().map(|segment| segment.id().first);
        let ends = self
            .segments
            .iter()
            .map(|segment| segment.id().last.saturating_add(1));
        std::iter::once(0)
            .chain(ends)
            .zip(firsts)
            .any(|(end, first)| end != first)
    }

    /// How many messages can be found.
    pub fn len(&self) -> usize {
        self.segments.iter().map(Segment::left).sum::<usize>() + self.open.len()
    }

    /// Whether there is nothing to be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a message in, in the place of what it said before (`op` names it within its space).
    pub fn put(&mut self, message: &Message<'_>) {
        let held = message.held();
        if self.held(held.key).is_some_and(|before| before == held) {
            return;
        }
        self.take_out(held.key);
        self.open.add(&held);
    }

    /// Puts another text in the place of a message's. Says whether it is here; when it is not, there is nothing to find.
    pub fn replace(&mut self, space: SpaceId, op: OpId, text: Personal<&str>) -> bool {
        let Some(Held { seq, by, at, .. }) = self.held(Key::of(space, op)) else {
            return false;
        };
        self.put(&Message {
            space,
            seq,
            op,
            by,
            at,
            text,
        });
        true
    }

    /// Takes a message out: it was withdrawn. Says whether it was here.
    pub fn remove(&mut self, space: SpaceId, op: OpId) -> bool {
        let key = Key::of(space, op);
        let was_here = self.held(key).is_some();
        self.take_out(key);
        was_here
    }

    /// Takes everything of a space out, and what it was fed. Its texts are no longer in what [`Index::seal_off`] leaves
    /// behind.
    pub fn forget(&mut self, space: SpaceId) {
        let space = *space.as_bytes();
        self.remove_older(Key::every(space));
        self.open.forget(space);
        self.frozen = None;
    }

    /// Notes that every entry after one place of a space's log, up to and with another, was fed: as messages, or because
    /// there is nothing in it to find.
    pub fn cover(&mut self, space: SpaceId, after: Seq, upto: Seq) {
        let stretch = Stretch {
            space: *space.as_bytes(),
            after: after.value(),
            upto: upto.value(),
        };
        segment::cover(&mut self.covered, stretch);
        self.open.cover(stretch);
    }

    /// The place up to which every entry of a space's log after `after` was fed; `after` itself when the next was not.
    pub fn covered(&self, space: SpaceId, after: Seq) -> Seq {
        let here = self.covered.iter().find(|stretch| {
            stretch.space == *space.as_bytes() && (stretch.after..stretch.upto).contains(&after.value())
        });
        here.map_or(after, |stretch| Seq::new(stretch.upto))
    }

    /// The places of a space's log that were fed: those after the first, up to and with the second. `None` when none were, or
    /// there is a gap among them, since a segment was lost: then what was done to a message may be missing, and the space is
    /// to be forgotten and fed anew.
    pub fn fed(&self, space: SpaceId) -> Option<(Seq, Seq)> {
        let mut here = self
            .covered
            .iter()
            .filter(|stretch| stretch.space == *space.as_bytes());
        let only = here.next()?;
        (here.next().is_none()).then_some((Seq::new(only.after), Seq::new(only.upto)))
    }

    /// The spaces that anything was fed of, in order: what the device no longer holds is to be forgotten.
    pub fn spaces(&self) -> Vec<SpaceId> {
        let mut spaces = Vec::new();
        for segment in &self.segments {
            for (number, space) in (0..).zip(&segment.columns.spaces) {
                if segment.has_of(number) {
                    segment::put(&mut spaces, *space);
                }
            }
        }
        let covered = self.covered.iter().map(|stretch| stretch.space);
        for space in self.open.spaces().chain(covered) {
            segment::put(&mut spaces, space);
        }
        spaces.into_iter().map(SpaceId::from_bytes).collect()
    }

    /// Whether it is time to seal off.
    pub fn is_full(&self) -> bool {
        self.open.len() >= SEAL_AFTER
    }

    /// Seals what is new, if anything is, and merges segments so that there stay few of them: each is at least as large as all newer ones
    /// together, or as large as they become.
    pub fn seal_off(&mut self) -> Option<Sealed> {
        let forgotten = self.segments.iter().position(Segment::has_forgotten);
        if self.open.is_empty() && forgotten.is_none() {
            return None;
        }
        let newest = Segment::new(self.open.columns(self.next_id()));
        self.open = Open::default();
        self.frozen = None;
        let mut weight = newest.weight();
        let mut first = self.segments.len();
        while let Some(before) = first.checked_sub(1).and_then(|before| self.segments.get(before)) {
            if before.weight() >= weight * 2 || before.weight() + weight > LARGEST {
                break;
            }
            weight += before.weight();
            first -= 1;
        }
        // All that is newer comes along: were a corrected message left out of one segment and its correction in another that
        // is lost, then nothing would tell that it is missing.
        first = first.min(forgotten.unwrap_or(first));
        let older = self.segments.split_off(first);
        let replaces = older.iter().map(Segment::id).collect();
        let all: Vec<&Segment> = older.iter().chain([&newest]).collect();
        let columns = merge(&all, first == 0);
        let (id, bytes) = (columns.id, columns.to_bytes());
        self.segments.push(Segment::new(columns));
        Some(Sealed { id, bytes, replaces })
    }

    /// Finds messages.
    pub fn find(&mut self, query: &Query) -> Found {
        if self.frozen.is_none() && !self.open.is_empty() {
            self.frozen = Some(Segment::new(self.open.columns(self.next_id())));
        }
        find::find(self.segments.iter().chain(&self.frozen), query)
    }

    fn held(&self, key: Key) -> Option<Held<'_>> {
        let sealed = self
            .segments
            .iter()
            .rev()
            .filter_map(|segment| segment.held(segment.position(key)?));
        self.open.held(key).into_iter().chain(sealed).next()
    }

    /// Takes a message out of wherever it is, and sees to it that it stays out.
    fn take_out(&mut self, key: Key) {
        if self.remove_older(key) {
            self.open.note_removed(key);
        }
        self.open.remove(key);
        self.frozen = None;
    }

    /// Says whether any segment has or had what is removed.
    fn remove_older(&mut self, key: Key) -> bool {
        if let Some(space) = key.whole_space() {
            segment::uncover(&mut self.covered, space);
        }
        let mut any = false;
        for segment in &mut self.segments {
            any |= segment.remove(key);
        }
        any
    }

    fn next_id(&self) -> SegmentId {
        let next = self
            .segments
            .last()
            .map_or(0, |newest| newest.id().last.saturating_add(1));
        SegmentId {
            first: next,
            last: next,
        }
    }
}

impl<'a> Message<'a> {
    fn held(&self) -> Held<'a> {
        Held {
            key: Key::of(self.space, self.op),
            seq: self.seq,
            by: self.by,
            at: self.at,
            text: self.text.expose(),
        }
    }
}

#[cfg(test)]
mod tests;
