//! One segment of several neighbours, without what is gone: columns are copied and numbers of messages moved, no text is
//! split again.

use super::layout::{Columns, length};
use super::{Held, Segment, cover, put, uncover};
use crate::search::dictionary::place;
use crate::search::postings;

/// Merges neighbours, oldest first. What they say of older segments is kept unless there is none.
pub(in crate::search) fn merge(segments: &[&Segment], is_oldest: bool) -> Columns {
    let mut merged = Columns::default();
    if let (Some(first), Some(last)) = (segments.first(), segments.last()) {
        merged.id.first = first.id().first;
        merged.id.last = last.id().last;
    }
    let moved = merge_messages(segments, &mut merged);
    merge_terms(segments, &moved, &mut merged);
    for segment in segments {
        for key in &segment.columns.removed {
            if let Some(space) = key.whole_space() {
                uncover(&mut merged.covered, space);
            }
            if !is_oldest {
                put(&mut merged.removed, *key);
            }
        }
        for stretch in &segment.columns.covered {
            cover(&mut merged.covered, *stretch);
        }
    }
    merged
}

/// Copies the messages that are left, and gives each segment's new numbers: [`GONE`] for those that are not.
fn merge_messages(segments: &[&Segment], merged: &mut Columns) -> Vec<Vec<u32>> {
    let mut moved: Vec<Vec<u32>> = segments
        .iter()
        .map(|segment| Vec::with_capacity(segment.len()))
        .collect();
    let mut heads: Vec<Option<Held<'_>>> = segments.iter().zip(&mut moved).map(head).collect();
    loop {
        let sources = segments.iter().zip(&mut moved).zip(&mut heads);
        let all = sources.filter_map(|(source, next)| Some(((*next)?, source, next)));
        let Some((message, source, next)) = all.min_by_key(|(message, ..)| message.key) else {
            break;
        };
        let number = merged.ops.len();
        let is_twice = number.checked_sub(1).and_then(|before| merged.key(before)) == Some(message.key);
        source.1.push(if is_twice { GONE } else { length(number) });
        if !is_twice {
            merged.push_message(&message);
        }
        *next = head(source);
    }
    moved
}

/// The next message of a segment that is not gone.
fn head<'a>((segment, moved): (&&'a Segment, &mut Vec<u32>)) -> Option<Held<'a>> {
    while *segment.gone.get(moved.len())? {
        moved.push(GONE);
    }
    segment.held(moved.len())
}

fn merge_terms(segments: &[&Segment], moved: &[Vec<u32>], merged: &mut Columns) {
    // Each segment's next term and its number; an empty one after the last.
    let mut heads: Vec<(&str, usize)> = segments
        .iter()
        .map(|segment| (segment.dictionary.term(0), 0))
        .collect();
    let mut numbers = Vec::new();
    loop {
        let terms = heads.iter().map(|(term, _)| *term);
        let Some(least) = terms.filter(|term| !term.is_empty()).min() else {
            break;
        };
        numbers.clear();
        for ((segment, moved), head) in segments.iter().zip(moved).zip(&mut heads) {
            if head.0 == least {
                let start = numbers.len();
                for number in segment.dictionary.postings(head.1) {
                    let number = moved.get(place(number)).copied();
                    numbers.extend(number.filter(|number| *number != GONE));
                }
                unite(&mut numbers, start);
                let next = head.1 + 1;
                *head = (segment.dictionary.term(next), next);
            }
        }
        let mut next = 0;
        for number in &numbers {
            postings::write(&mut merged.postings, &mut next, *number);
        }
        if !numbers.is_empty() {
            merged.push_term(least);
        }
    }
}

/// Makes one ascending list of two: up to a place, and from there.
fn unite(numbers: &mut Vec<u32>, start: usize) {
    let Some((one, other)) = numbers.split_at_checked(start) else {
        return;
    };
    if one.is_empty() || one.last() <= other.first() {
        return;
    }
    let mut both = Vec::with_capacity(numbers.len());
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let least = match (one.peek(), other.peek()) {
            (Some(left), Some(right)) if left <= right => one.next(),
            (_, Some(_)) => other.next(),
            (_, None) => one.next(),
        };
        match least {
            Some(number) => both.push(*number),
            None => break,
        }
    }
    *numbers = both;
}

const GONE: u32 = u32::MAX;
