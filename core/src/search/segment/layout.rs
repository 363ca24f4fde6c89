//! A segment's columns, and their bytes.
//!
//! All numbers are little-endian, nothing is aligned, and nothing follows the last section.
//!
//! | bytes | what |
//! | --- | --- |
//! | 4 | `bsg1`: the kind of thing, and the version of this layout and of the rules that split and fold words |
//! | 4, 4 | the first and the last seal |
//! | 9 × 4 | how many: spaces, authors, messages, terms, removed, stretches; bytes of texts, terms, postings |
//! | 16 each | spaces; authors; operations of messages |
//! | 4 each | each message's space and author, as places in those lists |
//! | 8 each | each message's place in its log; when it was said, in milliseconds |
//! | 4 each | where each message's text ends; where each term ends; where each term's postings end |
//! | 32 each | removed messages: operation (all ones for every one), space |
//! | 32 each | stretches of logs that were fed: space, after which place, up to and with which |
//! | | texts, in UTF-8; terms, in UTF-8; postings ([`crate::search`]'s `postings`) |
//!
//! Messages ascend by operation and space, terms by their bytes.

use super::{Held, Id, Key, SegmentError, SegmentId, Stretch};
use crate::id::UserId;
use crate::search::SEGMENT_BYTES;
use crate::search::dictionary::place;

/// A segment as columns, one value a message or a term.
#[derive(Default)]
pub(in crate::search) struct Columns {
    pub(in crate::search) id: SegmentId,
    pub(in crate::search) spaces: Vec<Id>,
    pub(in crate::search) authors: Vec<Id>,
    pub(in crate::search) ops: Vec<Id>,
    pub(in crate::search) space_of: Vec<u32>,
    pub(in crate::search) author_of: Vec<u32>,
    pub(in crate::search) seqs: Vec<u64>,
    pub(in crate::search) ats: Vec<u64>,
    pub(in crate::search) texts: String,
    pub(in crate::search) text_ends: Vec<u32>,
    pub(in crate::search) removed: Vec<Key>,
    pub(in crate::search) covered: Vec<Stretch>,
    pub(in crate::search) terms: String,
    pub(in crate::search) term_ends: Vec<u32>,
    pub(in crate::search) postings: Vec<u8>,
    pub(in crate::search) posting_ends: Vec<u32>,
}

impl Columns {
    pub(in crate::search) fn key(&self, number: usize) -> Option<Key> {
        let space = self.spaces.get(place(*self.space_of.get(number)?));
        Some(Key {
            op: *self.ops.get(number)?,
            space: *space?,
        })
    }

    pub(in crate::search) fn author(&self, number: usize) -> Option<UserId> {
        let author = self.authors.get(place(*self.author_of.get(number)?));
        author.copied().map(UserId::from_bytes)
    }

    pub(in crate::search) fn text(&self, number: usize) -> Option<&str> {
        let start = match number.checked_sub(1) {
            Some(before) => *self.text_ends.get(before)?,
            None => 0,
        };
        self.texts.get(place(start)..place(*self.text_ends.get(number)?))
    }

    /// Puts a message after the others, whose keys are less.
    pub(in crate::search) fn push_message(&mut self, message: &Held<'_>) {
        let space = place_in(&mut self.spaces, message.key.space);
        let author = place_in(&mut self.authors, *message.by.as_bytes());
        self.ops.push(message.key.op);
        self.space_of.push(space);
        self.author_of.push(author);
        self.seqs.push(message.seq.value());
        self.ats.push(message.at.millis());
        self.texts.push_str(message.text);
        self.text_ends.push(length(self.texts.len()));
    }

    /// Puts a term after the others, whose postings were just written.
    pub(in crate::search) fn push_term(&mut self, term: &str) {
        self.terms.push_str(term);
        self.term_ends.push(length(self.terms.len()));
        self.posting_ends.push(length(self.postings.len()));
    }

    /// Checks all but the terms.
    pub(super) fn check(&self) -> Result<(), SegmentError> {
        let ascends = (1..self.ops.len()).all(|number| self.key(number - 1) < self.key(number));
        let known = (0..self.ops.len()).all(|number| {
            self.key(number).is_some() && self.author(number).is_some() && self.text(number).is_some()
        });
        let whole = place(self.text_ends.last().copied().unwrap_or(0)) == self.texts.len();
        if ascends && known && whole && self.id.first <= self.id.last {
            Ok(())
        } else {
            Err(SegmentError::Malformed)
        }
    }

    /// Writes them.
    pub(in crate::search) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(
            self.texts.len() + self.terms.len() + self.postings.len() + self.ops.len() * 48 + 4096,
        );
        bytes.extend_from_slice(MAGIC);
        let counts = [
            self.spaces.len(),
            self.authors.len(),
            self.ops.len(),
            self.term_ends.len(),
            self.removed.len(),
            self.covered.len(),
            self.texts.len(),
            self.terms.len(),
            self.postings.len(),
        ];
        write_short(&mut bytes, &[self.id.first, self.id.last]);
        write_short(&mut bytes, &counts.map(length));
        for ids in [&self.spaces, &self.authors, &self.ops] {
            bytes.extend_from_slice(ids.as_flattened());
        }
        write_short(&mut bytes, &self.space_of);
        write_short(&mut bytes, &self.author_of);
        write_long(&mut bytes, &self.seqs);
        write_long(&mut bytes, &self.ats);
        write_short(&mut bytes, &self.text_ends);
        write_short(&mut bytes, &self.term_ends);
        write_short(&mut bytes, &self.posting_ends);
        for key in &self.removed {
            bytes.extend_from_slice(&key.op);
            bytes.extend_from_slice(&key.space);
        }
        for stretch in &self.covered {
            bytes.extend_from_slice(&stretch.space);
            write_long(&mut bytes, &[stretch.after, stretch.upto]);
        }
        bytes.extend_from_slice(self.texts.as_bytes());
        bytes.extend_from_slice(self.terms.as_bytes());
        bytes.extend_from_slice(&self.postings);
        bytes
    }

    /// Reads them. No more memory is taken than the bytes take.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, SegmentError> {
        if bytes.len() > SEGMENT_BYTES {
            return Err(SegmentError::TooLarge);
        }
        let mut rest = Rest { bytes, error: None };
        let magic = rest.take(1, MAGIC.len());
        if magic != MAGIC {
            let is_other = magic
                .split_last()
                .is_some_and(|(_, kind)| MAGIC.starts_with(kind));
            let error = if is_other {
                SegmentError::OtherVersion
            } else {
                SegmentError::Malformed
            };
            return Err(rest.error.unwrap_or(error));
        }
        let mut columns = Self::default();
        let mut counts = rest.short(11).into_iter();
        let mut count = || counts.next().unwrap_or(0);
        columns.id.first = count();
        columns.id.last = count();
        let mut count = || place(count());
        let (spaces, authors, messages, terms) = (count(), count(), count(), count());
        let (removed, covered) = (count(), count());
        columns.spaces = rest.ids(spaces);
        columns.authors = rest.ids(authors);
        columns.ops = rest.ids(messages);
        columns.space_of = rest.short(messages);
        columns.author_of = rest.short(messages);
        columns.seqs = rest.long(messages);
        columns.ats = rest.long(messages);
        columns.text_ends = rest.short(messages);
        columns.term_ends = rest.short(terms);
        columns.posting_ends = rest.short(terms);
        for pair in rest.ids(removed.saturating_mul(2)).as_chunks().0 {
            let [op, space] = *pair;
            columns.removed.push(Key { op, space });
        }
        let mut stretches = Rest {
            bytes: rest.take(covered, 32),
            error: None,
        };
        while let ([space], [after, upto]) = (stretches.ids(1).as_slice(), stretches.long(2).as_slice()) {
            columns.covered.push(Stretch {
                space: *space,
                after: *after,
                upto: *upto,
            });
        }
        columns.texts = rest.text(count());
        columns.terms = rest.text(count());
        columns.postings = rest.take(count(), 1).to_vec();
        match rest.error {
            Some(error) => Err(error),
            None if rest.bytes.is_empty() => Ok(columns),
            None => Err(SegmentError::Malformed),
        }
    }
}

/// What is not read yet. After an error there is nothing more.
struct Rest<'a> {
    bytes: &'a [u8],
    error: Option<SegmentError>,
}

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize, size: usize) -> &'a [u8] {
        let taken = count
            .checked_mul(size)
            .and_then(|bytes| self.bytes.split_at_checked(bytes));
        let Some((taken, rest)) = taken else {
            return self.fail(SegmentError::Truncated);
        };
        self.bytes = rest;
        taken
    }

    fn fail(&mut self, error: SegmentError) -> &'a [u8] {
        self.error.get_or_insert(error);
        self.bytes = &[];
        &[]
    }

    #[inline(never)]
    fn ids(&mut self, count: usize) -> Vec<Id> {
        self.take(count, 16).as_chunks().0.to_vec()
    }

    #[inline(never)]
    fn short(&mut self, count: usize) -> Vec<u32> {
        let numbers = self.take(count, 4).as_chunks().0;
        numbers.iter().map(|number| u32::from_le_bytes(*number)).collect()
    }

    #[inline(never)]
    fn long(&mut self, count: usize) -> Vec<u64> {
        let numbers = self.take(count, 8).as_chunks().0;
        numbers.iter().map(|number| u64::from_le_bytes(*number)).collect()
    }

    fn text(&mut self, bytes: usize) -> String {
        let Ok(text) = std::str::from_utf8(self.take(bytes, 1)) else {
            self.fail(SegmentError::Malformed);
            return String::new();
        };
        text.to_owned()
    }
}

/// Where something is in a list, after putting it there if it was not.
fn place_in(list: &mut Vec<Id>, one: Id) -> u32 {
    let known = list.iter().position(|known| *known == one);
    if known.is_none() {
        list.push(one);
    }
    length(known.unwrap_or(list.len() - 1))
}

fn write_short(bytes: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
}

fn write_long(bytes: &mut Vec<u8>, numbers: &[u64]) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
}

/// A count or a length as it is written; a segment is far smaller than 4 GB.
pub(in crate::search) fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

const MAGIC: &[u8; 4] = b"bsg1";
