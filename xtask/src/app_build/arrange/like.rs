//! Which function comes after which: the one that shares most with the last few.
//!
//! Functions share what short runs of bytes they have. The next is always the one left that has the largest part of its runs in
//! common with the last few: the least of it is new. Where none has enough, what is left goes on in the order of types and bytes.
//! Same functions, same order.

use std::collections::{BTreeSet, HashMap};

/// What is compared of a function.
pub(super) struct Shape {
    /// Whether it is called through a table. Those that are stand together: tables then name numbers near each other.
    pub(super) is_in_table: bool,
    /// The number of its type.
    pub(super) of_type: u32,
    /// Its code.
    pub(super) bytes: Vec<u8>,
}

/// How likeness is measured.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// So many functions before it are what the next one is compared with.
    last: usize,
    /// One in so many runs of a function must be shared for it to come next.
    enough: usize,
}

/// The ways that are tried: none is always best.
pub(super) const WAYS: [Way; 5] = [
    Way { last: 1, enough: 50 },
    Way { last: 2, enough: 50 },
    Way { last: 3, enough: 25 },
    Way { last: 4, enough: 25 },
    Way { last: 4, enough: 50 },
];

/// The order, by indices of the shapes.
pub(super) fn order(shapes: &[Shape], way: Way) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..shapes.len()).collect();
    sorted.sort_by_key(|index| {
        let shape = shapes.get(*index);
        shape.map(|shape| (shape.is_in_table, shape.of_type, &shape.bytes))
    });
    let mut chain = Chain::of(shapes);
    let mut order = Vec::with_capacity(shapes.len());
    for first in sorted {
        let mut next = chain.take(first);
        while let Some(index) = next {
            order.push(index);
            next = chain.nearest(&order, way).and_then(|near| chain.take(near));
        }
    }
    order
}

/// The functions that have no place yet.
struct Chain<'a> {
    shapes: &'a [Shape],
    /// The runs of each, every one once.
    runs: Vec<Vec<u64>>,
    /// Who has a run.
    holders: HashMap<u64, Vec<usize>>,
    is_left: Vec<bool>,
    /// How many runs each shares with those that are looked at; all 0 in between.
    shared: Vec<usize>,
}

impl<'a> Chain<'a> {
    fn of(shapes: &'a [Shape]) -> Self {
        let runs: Vec<_> = shapes.iter().map(|shape| runs_of(&shape.bytes)).collect();
        let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
        for (index, runs) in runs.iter().enumerate() {
            for run in runs {
                holders.entry(*run).or_default().push(index);
            }
        }
        Self {
            shapes,
            runs,
            holders,
            is_left: vec![true; shapes.len()],
            shared: vec![0; shapes.len()],
        }
    }

    /// Takes one that is left.
    fn take(&mut self, index: usize) -> Option<usize> {
        let is_left = self.is_left.get_mut(index)?;
        std::mem::take(is_left).then_some(index)
    }

    /// The one left that has most in common with the last of these, if that is enough.
    fn nearest(&mut self, order: &[usize], way: Way) -> Option<usize> {
        let last = order.iter().rev().take(way.last);
        let shape = self.shapes.get(*order.last()?)?;
        let runs: BTreeSet<u64> = last
            .filter_map(|index| self.runs.get(*index))
            .flatten()
            .copied()
            .collect();
        let mut met = Vec::new();
        for holders in runs.iter().filter_map(|run| self.holders.get(run)) {
            if holders.len() > COMMON {
                continue;
            }
            for other in holders {
                let (Some(true), Some(shared)) = (self.is_left.get(*other), self.shared.get_mut(*other))
                else {
                    continue;
                };
                if *shared == 0 {
                    met.push(*other);
                }
                *shared += 1;
            }
        }
        met.sort_unstable();
        let mut best = (1, way.enough, None);
        for other in met {
            let shared = self.shared.get_mut(other).map(std::mem::take)?;
            let all = self.runs.get(other)?.len();
            let is_alike = self.shapes.get(other)?.is_in_table == shape.is_in_table;
            if is_alike && shared * best.1 > best.0 * all {
                best = (shared, all, Some(other));
            }
        }
        best.2
    }
}

fn runs_of(bytes: &[u8]) -> Vec<u64> {
    let number = |run: &[u8]| run.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let mut runs: Vec<_> = bytes.windows(RUN).map(number).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// Bytes of a run: two instructions.
const RUN: usize = 4;

/// A run that more functions have than this says nothing of what they are like.
const COMMON: usize = 3000;
