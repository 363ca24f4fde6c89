//! The terms of a segment in order, each with the messages that it is in.
//!
//! Terms that match a word with slips are found by walking the terms in order, as one would walk a tree of their letters:
//! what was learnt of a beginning that two neighbours share is not learnt again, and all terms with a beginning that cannot
//! match are passed over. Of 25,000 terms a word with one slip looks at some 600 letters, one with two at 4,000.

use super::pattern::{Grade, Pattern};
use super::postings::{self, Postings};
use super::segment::layout::{Columns, length};
use super::word::LONGEST;

/// Terms in ascending order.
#[derive(Default)]
pub(super) struct Dictionary {
    terms: String,
    /// Where each term ends in `terms`.
    ends: Vec<u32>,
    /// How many bytes, which are whole letters, each term shares with the one before it.
    shared: Vec<u8>,
    postings: Vec<u8>,
    /// Where each term's messages end in `postings`.
    posting_ends: Vec<u32>,
}

impl Dictionary {
    /// Takes the columns that are its own.
    pub(super) fn take(columns: &mut Columns) -> Self {
        let mut dictionary = Self {
            shared: Vec::with_capacity(columns.term_ends.len()),
            terms: std::mem::take(&mut columns.terms),
            ends: std::mem::take(&mut columns.term_ends),
            postings: std::mem::take(&mut columns.postings),
            posting_ends: std::mem::take(&mut columns.posting_ends),
        };
        for number in 0..dictionary.len() {
            let before = number.checked_sub(1).map_or("", |before| dictionary.term(before));
            let term = dictionary.term(number);
            let shared = u8::try_from(shared_bytes(before, term)).unwrap_or(u8::MAX);
            dictionary.shared.push(shared);
        }
        dictionary
    }

    /// Whether terms ascend and are as long as words can be, each in one or more of so many messages, and nothing is left.
    pub(super) fn is_sound(&self, messages: usize) -> bool {
        let whole = place(self.ends.last().copied().unwrap_or(0)) == self.terms.len()
            && place(self.posting_ends.last().copied().unwrap_or(0)) == self.postings.len();
        let mut before = "";
        whole
            && (0..self.len()).all(|number| {
                let term = self.term(number);
                let ascends = before < term && term.len() <= LONGEST * 4;
                before = term;
                let postings = range(&self.posting_ends, number).and_then(|range| self.postings.get(range));
                ascends && postings::are_sound(postings.unwrap_or_default(), length(messages))
            })
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A term; empty past the last.
    pub(super) fn term(&self, number: usize) -> &str {
        let range = range(&self.ends, number);
        range.and_then(|range| self.terms.get(range)).unwrap_or_default()
    }

    /// The messages that a term is in.
    pub(super) fn postings(&self, number: usize) -> Postings<'_> {
        let range = range(&self.posting_ends, number);
        Postings::read(
            range
                .and_then(|range| self.postings.get(range))
                .unwrap_or_default(),
        )
    }

    /// How many bytes of postings a term has.
    pub(super) fn weight(&self, number: usize) -> usize {
        range(&self.posting_ends, number).map_or(0, |range| range.len())
    }

    /// Tells every term that matches a word, with its grade.
    pub(super) fn find(&self, pattern: &Pattern, found: &mut dyn FnMut(usize, Grade)) {
        match pattern.as_typed() {
            Some(word) => self.find_as_typed(word, found),
            None => self.find_alike(pattern, found),
        }
    }

    fn find_as_typed(&self, word: &str, found: &mut dyn FnMut(usize, Grade)) {
        let (mut first, mut after) = (0, self.len());
        while first < after {
            let middle = first.midpoint(after);
            if self.term(middle) < word {
                first = middle + 1;
            } else {
                after = middle;
            }
        }
        for number in first..self.len() {
            let term = self.term(number);
            if !term.starts_with(word) {
                break;
            }
            found(number, Grade::from(term.len() > word.len()));
        }
    }

    fn find_alike(&self, pattern: &Pattern, found: &mut dyn FnMut(usize, Grade)) {
        // The steps after each byte of the term that was read last, so that the next begins where the two part.
        let mut path = vec![pattern.start(); LONGEST * 4 + 1];
        let (mut number, mut start) = (0, 0);
        while let (Some(shared), Some(end)) = (self.shared.get(number), self.ends.get(number)) {
            let end = place(*end);
            let mut depth = usize::from(*shared);
            let Some(mut step) = path.get(depth).copied() else {
                return;
            };
            while start + depth < end && !step.is_over() {
                let letter = self.letter_at(start + depth);
                pattern.read(&mut step, letter);
                depth += letter.len_utf8();
                if let Some(place) = path.get_mut(depth) {
                    *place = step;
                }
            }
            if step.has_matched()
                && let Some(grade) = pattern.grade(&step, self.term(number))
            {
                found(number, grade);
            }
            number += 1;
            start = end;
            if step.is_over() {
                while self
                    .shared
                    .get(number)
                    .is_some_and(|shared| usize::from(*shared) >= depth)
                {
                    number += 1;
                }
                start = number
                    .checked_sub(1)
                    .and_then(|last| self.ends.get(last))
                    .map_or(0, |end| place(*end));
            }
        }
    }

    /// The letter that begins with a byte of the terms.
    fn letter_at(&self, byte: usize) -> char {
        match self.terms.as_bytes().get(byte) {
            Some(ascii @ ..0x80) => char::from(*ascii),
            _ => self
                .terms
                .get(byte..)
                .and_then(|rest| rest.chars().next())
                .unwrap_or_default(),
        }
    }
}

/// How many bytes two terms begin with alike, counting whole letters only.
fn shared_bytes(one: &str, other: &str) -> usize {
    let letters = one.chars().zip(other.chars());
    letters
        .take_while(|(one, other)| one == other)
        .map(|(letter, _)| letter.len_utf8())
        .sum()
}

fn range(ends: &[u32], number: usize) -> Option<std::ops::Range<usize>> {
    let start = match number.checked_sub(1) {
        Some(before) => *ends.get(before)?,
        None => 0,
    };
    Some(place(start)..place(*ends.get(number)?))
}

/// A number of a segment as a place in memory.
pub(super) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
