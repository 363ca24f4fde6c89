//! Running a query: every segment gives each of its messages a grade, the best are kept in order.
//!
//! A message's rank is the sum of what each word's best term is worth in it. The word in the fewest messages is looked up
//! first, and the others leave out what they are not in; what a query costs is bounded by the postings of the terms that it
//! matches.

use std::cmp::Ordering;
use std::ops::Range;

use super::dictionary::place;
use super::mark::mark;
use super::pattern::{Grade, Pattern, TYPO};
use super::query::{MOST_HITS, Query, Sought};
use super::segment::layout::length;
use super::segment::{Held, Id, Segment};
use super::word::Split;
use crate::chain::Seq;
use crate::id::{OpId, SpaceId, UserId};
use crate::ordered::sort_by_key;
use crate::secret::Personal;
use crate::time::At;

/// What a query found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Found {
    /// The best, at most as many as were asked for: by rank, the newest first within a rank.
    pub hits: Vec<Hit>,
    /// How many messages match, also beyond those given.
    pub total: usize,
    /// How many of those have every word as it was typed, or a word that begins with it.
    pub as_typed: usize,
}

impl Found {
    /// Leaves hits out.
    pub(crate) fn leave_out(&mut self, which: impl Fn(&Hit) -> bool) {
        let mut left = (0, 0);
        self.hits.retain(|hit| {
            let goes = which(hit);
            left.0 += usize::from(goes);
            left.1 += usize::from(goes && !hit.is_similar());
            !goes
        });
        self.total -= left.0;
        self.as_typed -= left.1;
    }

    /// Takes the hits of another index in.
    pub(crate) fn join(&mut self, other: Self, limit: usize) {
        self.total += other.total;
        self.as_typed += other.as_typed;
        self.hits.extend(other.hits);
        sort_by_key(&mut self.hits, |hit| {
            (hit.rank, std::cmp::Reverse((hit.at, hit.op)))
        });
        self.hits.truncate(limit.min(MOST_HITS));
    }
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
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
    /// How well it matches: 0 has every word whole; below 16 each word or one that begins with it; more, some otherwise.
    pub rank: u8,
    /// All of its text.
    pub text: Personal<String>,
    /// Which bytes of the text to mark: whole letters, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
}

/// A message that may be a hit.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    rank: u8,
    at: u64,
    segment: &'a Segment,
    number: usize,
}

/// Ranks of a segment's messages.
#[derive(Default)]
struct Ranks {
    /// The rank of each message; [`MISS`] is none.
    all: Vec<u8>,
    /// The grade of one word in each.
    word: Vec<u8>,
    /// Those that have a rank.
    ranked: Vec<u32>,
}

/// The terms that match a word, with their grades.
#[derive(Default)]
struct Matches {
    terms: Vec<(usize, Grade)>,
    /// How many bytes of postings they have.
    weight: usize,
}

/// Runs a query over segments, oldest first.
pub(super) fn find<'a>(segments: impl DoubleEndedIterator<Item = &'a Segment>, query: &Query) -> Found {
    let sought = Sought::of(query.text.as_str());
    let limit = query.limit.min(MOST_HITS);
    let mut found = Found::default();
    let mut best: Vec<Candidate<'a>> = Vec::new();
    let mut ranks = Ranks::default();
    // The rank and the moment of the worst that is kept, once enough are.
    let mut bar = (MISS, 0);
    for segment in segments.rev() {
        ranks.rank(segment, &sought);
        ranks.narrow(segment, query);
        found.total += ranks.ranked.len();
        // The newest first, so that most of the others are told apart at a glance.
        for number in ranks.ranked.iter().rev() {
            let number = place(*number);
            let rank = ranks.all.get(number).copied().unwrap_or(MISS);
            let at = segment.columns.ats.get(number).copied().unwrap_or(0);
            found.as_typed += usize::from(rank < TYPO);
            if rank > bar.0 || (rank == bar.0 && at < bar.1) {
                continue;
            }
            let candidate = Candidate {
                rank,
                at,
                segment,
                number,
            };
            let before = best.partition_point(|other| other.cmp(&candidate).is_lt());
            best.insert(before, candidate);
            best.truncate(limit);
            if let Some(worst) = best.last().filter(|_| best.len() == limit) {
                bar = (worst.rank, worst.at);
            }
        }
    }
    let mut split = Split::default();
    found.hits = best
        .iter()
        .filter_map(|candidate| candidate.hit(&sought, &mut split))
        .collect();
    found
}

impl Hit {
    /// Whether a word is not in it as it was typed, but one like it.
    pub fn is_similar(&self) -> bool {
        self.rank >= TYPO
    }
}

impl Ranks {
    /// Ranks the messages that have every word.
    fn rank(&mut self, segment: &Segment, sought: &Sought) {
        let messages = segment.len();
        self.ranked.clear();
        self.all.resize(messages, MISS);
        self.word.resize(messages, MISS);
        let mut words: Vec<Matches> = sought
            .words()
            .map(|patterns| Matches::of(patterns, segment))
            .collect();
        let lightest = words.iter().enumerate().min_by_key(|(_, word)| word.weight);
        let Some((lightest, _)) = lightest else {
            self.all.fill(0);
            self.ranked.extend(0..length(messages));
            return;
        };
        let first = words.swap_remove(lightest);
        self.all.fill(MISS);
        for (term, grade) in first.terms {
            for number in segment.dictionary.postings(term) {
                if let Some(rank) = self.all.get_mut(place(number)) {
                    if *rank == MISS {
                        self.ranked.push(number);
                    }
                    *rank = grade.min(*rank);
                }
            }
        }
        for word in words {
            if self.ranked.is_empty() {
                return;
            }
            self.word.fill(MISS);
            for (term, grade) in word.terms {
                for number in segment.dictionary.postings(term) {
                    if let Some(best) = self.word.get_mut(place(number)) {
                        *best = grade.min(*best);
                    }
                }
            }
            let Self { all, word, ranked } = self;
            ranked.retain(
                |number| match (all.get_mut(place(*number)), word.get(place(*number))) {
                    (Some(rank), Some(grade)) => {
                        *rank = rank.saturating_add(*grade);
                        *rank != MISS
                    }
                    _ => false,
                },
            );
        }
    }

    /// Leaves out what is gone and what the rest of the query does not let through.
    fn narrow(&mut self, segment: &Segment, query: &Query) {
        let columns = &segment.columns;
        // Somebody or some space that is nowhere in the segment has no place there.
        let by = query.by.map(|by| place_of(&columns.authors, by.as_bytes()));
        let space = query
            .space
            .map(|space| place_of(&columns.spaces, space.as_bytes()));
        let from = query.from.map_or(0, At::millis);
        let before = query.before.map_or(u64::MAX, At::millis);
        let is_narrow = query.from.is_some() || query.before.is_some() || by.is_some() || space.is_some();
        if !is_narrow && segment.left() == segment.len() {
            return;
        }
        self.ranked.retain(|number| {
            let number = place(*number);
            let at = columns.ats.get(number).copied().unwrap_or(0);
            segment.gone.get(number) == Some(&false)
                && by.is_none_or(|by| columns.author_of.get(number).copied() == by)
                && space.is_none_or(|space| columns.space_of.get(number).copied() == space)
                && at >= from
                && (at < before || query.before.is_none())
        });
    }
}

fn place_of(list: &[Id], one: &Id) -> Option<u32> {
    list.iter().position(|known| known == one).map(length)
}

impl Matches {
    fn of<'a>(patterns: impl Iterator<Item = &'a Pattern>, segment: &Segment) -> Self {
        let mut matches = Self::default();
        for pattern in patterns {
            segment.dictionary.find(pattern, &mut |term, grade| {
                matches.terms.push((term, grade));
                matches.weight += segment.dictionary.weight(term);
            });
        }
        matches
    }
}

impl Candidate<'_> {
    /// Whether it comes before another: by rank, then the newest, then by name.
    fn cmp(&self, other: &Self) -> Ordering {
        let later = |one: &Self| (one.at, one.segment.columns.key(one.number));
        self.rank
            .cmp(&other.rank)
            .then_with(|| later(other).cmp(&later(self)))
    }

    fn hit(&self, sought: &Sought, split: &mut Split) -> Option<Hit> {
        let Held {
            key,
            seq,
            by,
            at,
            text,
        } = self.segment.held(self.number)?;
        Some(Hit {
            space: SpaceId::from_bytes(key.space),
            seq,
            op: OpId::from_bytes(key.op),
            by,
            at,
            rank: self.rank,
            text: text.into(),
            marks: mark(text, sought, split),
        })
    }
}

/// No rank: eight words of the worst grade stay below it.
const MISS: Grade = u8::MAX;
