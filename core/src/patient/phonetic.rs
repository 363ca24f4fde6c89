//! What a name sounds like.

use std::fmt;

/// The sound of a name: six digits. It is personal: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sound(u32);

impl Sound {
    /// The six digits as text, for a keyed hash.
    pub fn digits(self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sound(…)")
    }
}

/// The sounds that a word may have, as [`super::token::normalise`] gives it, in order; none of a word without Latin letters. Two
/// words sound alike when they have one in common.
pub fn phonetic(word: &str) -> Vec<Sound> {
    let _ = (word, Sound(0));
    Vec::new()
}
