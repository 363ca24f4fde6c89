//! Which parts of a text to mark, and which part of a long one to show.

use std::ops::Range;

use super::find::Hit;
use super::pattern::{Grade, TYPO};
use super::query::Sought;
use super::word::Split;

/// What to mark of a text: the words as they were typed or that begin so, and where there are none, what is nearest.
pub(super) fn mark(text: &str, sought: &Sought, split: &mut Split) -> Vec<Range<usize>> {
    split.read(text);
    let mut marks = Vec::new();
    let mut nearest: Vec<&Range<usize>> = Vec::new();
    for patterns in sought.words() {
        let mut best = Grade::MAX;
        nearest.clear();
        for pattern in patterns {
            for (term, folded) in split.terms() {
                let Some(grade) = pattern.grade_of(folded) else {
                    continue;
                };
                let grade = if grade < TYPO { 0 } else { grade };
                if grade < best {
                    nearest.clear();
                    best = grade;
                }
                if grade == best {
                    nearest.push(&term.span);
                }
            }
        }
        for span in &nearest {
            let before = marks.partition_point(|mark: &Range<usize>| mark.start < span.start);
            marks.insert(before, (*span).clone());
        }
    }
    let mut apart: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match apart.last_mut() {
            Some(before) if mark.start <= before.end => before.end = before.end.max(mark.end),
            _ => apart.push(mark),
        }
    }
    apart
}

impl Hit {
    /// Which bytes of the text to show where there is room for about so many: all of it, or whole words around the first
    /// mark.
    pub fn excerpt(&self, bytes: usize) -> Range<usize> {
        let text = self.text.as_str();
        if text.len() <= bytes {
            return 0..text.len();
        }
        let first = self.marks.first().map_or(0, |mark| mark.start);
        let start = first.saturating_sub(bytes / 4).min(text.len() - bytes);
        let start = text.floor_char_boundary(start);
        let end = text.floor_char_boundary(start + bytes);
        // A word that is cut off is left out, unless it is the one to show.
        let is_gap = |at: &usize| text.as_bytes().get(*at).is_some_and(u8::is_ascii_whitespace);
        let start = match (start..first).find(is_gap) {
            Some(gap) if start > 0 => gap + 1,
            _ => start,
        };
        let end = match (first + 1..end).rev().find(is_gap) {
            Some(gap) if end < text.len() => gap,
            _ => end,
        };
        start..end
    }
}
