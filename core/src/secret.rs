//! Values that never show themselves: keys, and what is personal.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Secret bytes: no revealing `Debug`, compared in constant time, wiped when dropped. Serialised as a byte string, for
/// the places that seal what they write.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<const N: usize>(#[serde(with = "serde_bytes")] [u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes secret bytes.
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Shows the secret bytes: to be handed to a primitive, never kept or written.
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret<{N}>")
    }
}

/// Something personal (a name, what somebody wrote): shown on screens, never in a log, an error or a `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Shows the value: to a screen, a comparison, or a sealed store.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Personal<String> {
    /// Shows the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Personal<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_keys_nor_names() {
        let key = format!("{:?}", Secret::new([0xAB; 32]));
        assert_eq!(key, "Secret<32>");
        let name = format!("{:?}", Personal::from("Okonkwo"));
        assert!(!name.contains("Okonkwo"), "{name}");
    }
}
