//! What is looked for: the words of the box, and what narrows it down.

use std::ops::Range;

use super::pattern::Pattern;
use super::word::Split;
use crate::id::{SpaceId, UserId};
use crate::secret::Personal;
use crate::time::At;

/// More hits than this are not given at once.
pub const MOST_HITS: usize = 500;

/// Words after the eighth are not looked at.
const MOST_WORDS: usize = 8;

/// Nor is what is typed after so many bytes.
const MOST_TYPED: usize = 512;

/// What is looked for. Without a word, everything is found that the rest lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What was typed, as it was typed. Every word must be in a message, in any order.
    pub text: Personal<String>,
    /// Only what this person wrote.
    pub by: Option<UserId>,
    /// Only what is in this space.
    pub space: Option<SpaceId>,
    /// Only from this moment on.
    pub from: Option<At>,
    /// Only before this moment.
    pub before: Option<At>,
    /// How many hits are wanted at most; [`MOST_HITS`] when more.
    pub limit: usize,
}

impl Query {
    /// Looks for words everywhere, for the best 20.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            by: None,
            space: None,
            from: None,
            before: None,
            limit: 20,
        }
    }
}

/// The words that are looked for.
pub(super) struct Sought {
    patterns: Vec<Pattern>,
    /// For each word, which patterns it may be: itself, and what it is joined into.
    words: Vec<Vec<usize>>,
}

impl Sought {
    /// Splits what was typed.
    pub(super) fn of(typed: &str) -> Self {
        let end = typed.floor_char_boundary(MOST_TYPED);
        let typed = typed.get(..end).unwrap_or_default();
        let split = Split::of(typed);
        let mut sought = Self {
            patterns: Vec::new(),
            words: Vec::new(),
        };
        for (term, folded) in split.terms() {
            sought.push(folded, term.words.clone());
        }
        if let Some((groups, digits)) = split.unfinished_number() {
            sought.push(&digits, groups);
        }
        sought
    }

    fn push(&mut self, folded: &str, words: Range<usize>) {
        if words.end > MOST_WORDS {
            return;
        }
        let Some(pattern) = Pattern::new(folded) else {
            return;
        };
        if words.end > self.words.len() {
            self.words.push(Vec::new());
        }
        for patterns in self.words.get_mut(words).unwrap_or_default() {
            patterns.push(self.patterns.len());
        }
        self.patterns.push(pattern);
    }

    /// For each word, the patterns that it may be.
    pub(super) fn words(&self) -> impl Iterator<Item = impl Iterator<Item = &Pattern>> {
        self.words
            .iter()
            .map(|patterns| patterns.iter().filter_map(|at| self.patterns.get(*at)))
    }
}
