//! Drawing lots that come out the same each time: from a seed, what is drawn, and for whom.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A row of lots.
#[derive(Clone, Debug)]
pub(super) struct Draw(ChaCha8Rng);

/// What is drawn: rows of different purposes have nothing to do with each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// What a patient is.
    Patient = 1,
    /// In what somebody differs from whom they are like.
    Likeness,
    /// Who lies where at first.
    Load,
    /// What happens next.
    Day,
    /// In which order numbers are given out.
    Numbers,
}

impl Draw {
    /// The row of this seed and purpose for number `of`.
    pub(super) fn new(seed: u64, purpose: Purpose, of: u64) -> Self {
        let mut key = [0_u8; 32];
        let parts = seed
            .to_le_bytes()
            .into_iter()
            .chain((purpose as u64).to_le_bytes())
            .chain(of.to_le_bytes());
        for (to, from) in key.iter_mut().zip(parts) {
            *to = from;
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `end`; zero when that is zero.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        // The bias is below one in a thousand million for what is drawn here.
        let drawn = (self.0.next_u64() >> 32) * u64::from(end);
        u32::try_from(drawn >> 32).unwrap_or(0)
    }

    /// A number from `first` to `last`, both possible.
    pub(super) fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// True so many times in a thousand.
    pub(super) fn thousandth(&mut self, times: u32) -> bool {
        self.below(1000) < times
    }

    /// One of these; the type's default when there are none.
    pub(super) fn one<T: Copy + Default>(&mut self, of: &[T]) -> T {
        self.pick(of).copied().unwrap_or_default()
    }

    /// One of these.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(index(self.below(u32::try_from(of.len()).ok()?)))
    }

    /// One of these, each as likely as its weight.
    pub(super) fn weighted<'a, T>(&mut self, of: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let mut left = self.below(of.iter().map(&weight).sum());
        of.iter().find(|each| {
            let its = weight(each);
            let found = left < its;
            left = left.saturating_sub(its);
            found
        })
    }
}

/// A number as a place in a slice.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
