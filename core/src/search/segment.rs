//! A segment: so many messages with the dictionary of their words, made once and never changed.
//!
//! What happens to its messages afterwards is told by newer segments: what they have as *removed* (messages that were
//! withdrawn, or corrected and so written again; all messages of a forgotten space) is gone from every older one. A segment also tells which stretches of which
//! logs it was fed, so that a lost one is noticed and its part fed again.
//!
//! `layout` has the columns and their bytes, `merge` makes one segment of several.

pub(super) mod layout;
pub(super) mod merge;

use std::cmp::Ordering;

use super::dictionary::Dictionary;
use crate::chain::Seq;
use crate::id::{OpId, SpaceId, UserId};
use crate::time::At;
use layout::{Columns, length};

/// Names a segment within an index: the first and the last of the seals that made it. A segment that was merged takes the
/// place of those that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SegmentId {
    /// The first seal.
    pub first: u32,
    /// The last.
    pub last: u32,
}

impl SegmentId {
    /// Its name for a store: eight bytes.
    pub fn to_bytes(self) -> [u8; 8] {
        (u64::from(self.first) << 32 | u64::from(self.last)).to_be_bytes()
    }

    /// Reads [`Self::to_bytes`].
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        let half = |half: &[u8]| half.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        let (first, last) = bytes.split_at(4);
        Self {
            first: half(first),
            last: half(last),
        }
    }
}

/// Why bytes are not a segment. Holds nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// Numbers that cannot be, or text that is none.
    #[error("malformed")]
    Malformed,
    /// Another version of the app made it: feed its messages again.
    #[error("another version")]
    OtherVersion,
    /// More than [`super::SEGMENT_BYTES`].
    #[error("too large")]
    TooLarge,
    /// The bytes end before the segment does.
    #[error("truncated")]
    Truncated,
}

/// A message's name in all of an index: ids of operations are unique only within their space.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) op: Id,
    pub(super) space: Id,
}

impl Key {
    /// Names every message of a space; no operation has this id.
    pub(super) fn every(space: Id) -> Self {
        Self {
            op: [0xff; 16],
            space,
        }
    }

    /// The space, if it names every message of it.
    pub(super) fn whole_space(self) -> Option<Id> {
        (self == Self::every(self.space)).then_some(self.space)
    }

    pub(super) fn of(space: SpaceId, op: OpId) -> Self {
        Self {
            op: *op.as_bytes(),
            space: *space.as_bytes(),
        }
    }
}

/// An id of any kind.
pub(super) type Id = [u8; 16];

/// A stretch of a log that was fed: every entry after `after`, up to and with `upto`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) space: Id,
    pub(super) after: u64,
    pub(super) upto: u64,
}

/// Joins a stretch with those that it touches.
pub(super) fn cover(covered: &mut Vec<Stretch>, mut stretch: Stretch) {
    covered.retain(|other| {
        let touches =
            other.space == stretch.space && other.after <= stretch.upto && stretch.after <= other.upto;
        if touches {
            stretch.after = stretch.after.min(other.after);
            stretch.upto = stretch.upto.max(other.upto);
        }
        !touches
    });
    if stretch.after < stretch.upto {
        covered.push(stretch);
    }
}

/// Takes the stretches of a space out.
pub(super) fn uncover(covered: &mut Vec<Stretch>, space: Id) {
    covered.retain(|stretch| stretch.space != space);
}

/// Puts something into a list in its order, once.
pub(super) fn put<T: Ord>(list: &mut Vec<T>, one: T) {
    if let Err(at) = list.binary_search(&one) {
        list.insert(at, one);
    }
}

/// Messages that can be searched: read with [`Segment::parse`], handed to [`super::Index::load`].
pub struct Segment {
    pub(super) columns: Columns,
    pub(super) dictionary: Dictionary,
    /// Which messages newer segments say are gone.
    pub(super) gone: Vec<bool>,
    /// How many are not.
    left: usize,
    /// Messages of forgotten spaces are still in it.
    has_forgotten: bool,
}

/// A message of a segment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Held<'a> {
    pub(super) key: Key,
    pub(super) seq: Seq,
    pub(super) by: UserId,
    pub(super) at: At,
    pub(super) text: &'a str,
}

impl Segment {
    /// Reads a segment's bytes, of which nothing is believed.
    pub fn parse(bytes: &[u8]) -> Result<Self, SegmentError> {
        let columns = Columns::parse(bytes)?;
        columns.check()?;
        let segment = Self::new(columns);
        let is_sound = segment.dictionary.is_sound(segment.len());
        if is_sound {
            Ok(segment)
        } else {
            Err(SegmentError::Malformed)
        }
    }

    /// Which segment it is.
    pub fn id(&self) -> SegmentId {
        self.columns.id
    }

    /// Takes columns that were made here.
    pub(super) fn new(mut columns: Columns) -> Self {
        let messages = columns.ops.len();
        Self {
            dictionary: Dictionary::take(&mut columns),
            columns,
            gone: vec![false; messages],
            left: messages,
            has_forgotten: false,
        }
    }

    /// How many messages are in it, gone or not.
    pub(super) fn len(&self) -> usize {
        self.gone.len()
    }

    /// How many of them are not gone.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// What merging it costs, roughly, in messages.
    pub(super) fn weight(&self) -> usize {
        1 + self.left + self.columns.removed.len() + self.columns.covered.len()
    }

    /// Whether it still has texts of a forgotten space.
    pub(super) fn has_forgotten(&self) -> bool {
        self.has_forgotten
    }

    /// Where a message is.
    pub(super) fn position(&self, key: Key) -> Option<usize> {
        let (mut first, mut after) = (0, self.len());
        while first < after {
            let middle = first.midpoint(after);
            match self.columns.key(middle)?.cmp(&key) {
                Ordering::Less => first = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => after = middle,
            }
        }
        None
    }

    /// A message that is not gone.
    pub(super) fn held(&self, number: usize) -> Option<Held<'_>> {
        if *self.gone.get(number)? {
            return None;
        }
        let columns = &self.columns;
        Some(Held {
            key: columns.key(number)?,
            seq: Seq::new(*columns.seqs.get(number)?),
            by: columns.author(number)?,
            at: At::from_millis(*columns.ats.get(number)?),
            text: columns.text(number)?,
        })
    }

    /// Whether it has messages of the space at a place in its list of spaces.
    pub(super) fn has_of(&self, space: u32) -> bool {
        let mut messages = self.columns.space_of.iter().zip(&self.gone);
        messages.any(|(of, gone)| !gone && *of == space)
    }

    /// What a newer segment says is gone. Says whether it was ever in this one.
    pub(super) fn remove(&mut self, key: Key) -> bool {
        if let Some(space) = key.whole_space() {
            let index = self
                .columns
                .spaces
                .iter()
                .position(|known| *known == space)
                .map(length);
            for number in 0..self.len() {
                if self.columns.space_of.get(number).copied() == index {
                    self.has_forgotten = true;
                    self.mark_gone(number);
                }
            }
            return self.has_forgotten;
        }
        let number = self.position(key);
        if let Some(number) = number {
            self.mark_gone(number);
        }
        number.is_some()
    }

    fn mark_gone(&mut self, number: usize) {
        if let Some(gone) = self.gone.get_mut(number) {
            self.left -= usize::from(!*gone);
            *gone = true;
        }
    }
}
