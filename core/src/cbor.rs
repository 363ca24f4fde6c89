//! The one encoding: CBOR (RFC 8949), through serde.
//!
//! Decoding is strict where it guards a door: nothing may follow the value, and nesting is bounded, so that hostile
//! bytes cost neither stack nor surprise.

use std::convert::Infallible;

use cbor4ii::core::dec::{Error, Read, Reference};
use cbor4ii::serde::{DecodeError, Deserializer};
use serde::{Serialize, de::DeserializeOwned};

/// Nesting deeper than this is refused; the deepest of our own types needs about twenty (an enum, an option and what is
/// in them count one each).
const DEEPEST: usize = 64;

/// Encodes a value.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    cbor4ii::serde::to_vec(Vec::with_capacity(128), &value)
        .expect("writing our own types to memory cannot fail")
}

/// Decodes exactly one value that fills `bytes`.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut decoder = Deserializer::new(Bounded {
        rest: bytes,
        steps: DEEPEST,
    });
    let value = T::deserialize(&mut decoder).map_err(|error| match error {
        DecodeError::Core(Error::Eof { .. }) => CborError::Truncated,
        DecodeError::Core(Error::DepthOverflow { .. }) => CborError::TooDeep,
        DecodeError::Core(_) | DecodeError::Custom(_) => CborError::Malformed,
    })?;
    if decoder.into_inner().rest.is_empty() {
        Ok(value)
    } else {
        Err(CborError::Trailing)
    }
}

/// Bytes in memory, with so many levels of nesting left.
struct Bounded<'a> {
    rest: &'a [u8],
    steps: usize,
}

impl<'a> Read<'a> for Bounded<'a> {
    type Error = Infallible;

    fn fill<'b>(&'b mut self, want: usize) -> Result<Reference<'a, 'b>, Infallible> {
        Ok(Reference::Long(self.rest.get(..want).unwrap_or(self.rest)))
    }

    fn advance(&mut self, by: usize) {
        self.rest = self.rest.get(by..).unwrap_or_default();
    }

    fn step_in(&mut self) -> bool {
        let left = self.steps.checked_sub(1);
        self.steps = left.unwrap_or_default();
        left.is_some()
    }

    fn step_out(&mut self) {
        self.steps += 1;
    }
}

/// Why bytes are not the value that was expected. Holds nothing of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// Not CBOR, or not the shape that was expected.
    #[error("malformed")]
    Malformed,
    /// Nested too deeply.
    #[error("nested too deeply")]
    TooDeep,
    /// Something follows the value.
    #[error("bytes follow the value")]
    Trailing,
    /// The bytes end before the value does.
    #[error("truncated")]
    Truncated,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_must_fill_the_bytes() {
        let bytes = to_bytes(&(1_u8, "a"));
        assert_eq!(from_bytes::<(u8, String)>(&bytes).unwrap(), (1, "a".to_owned()));
        assert_eq!(from_bytes::<(u8, String)>(&bytes[..2]), Err(CborError::Truncated));
        assert_eq!(
            from_bytes::<(u8, String)>(&[bytes, vec![0]].concat()),
            Err(CborError::Trailing)
        );
        assert_eq!(from_bytes::<(u8, String)>(&[0xff]), Err(CborError::Malformed));
    }

    #[test]
    fn deep_nesting_costs_no_stack() {
        let deep = vec![0x81; 1_000_000];
        let refused = from_bytes::<ciborium::Value>(&deep);
        assert!(matches!(refused, Err(CborError::TooDeep)), "{refused:?}");
    }

    #[test]
    fn a_giant_claimed_length_costs_no_memory() {
        // A byte string that claims 2^62 bytes and holds one.
        let lie = [0x5b, 0x40, 0, 0, 0, 0, 0, 0, 0, 1];
        assert!(from_bytes::<serde_bytes::ByteBuf>(&lie).is_err());
    }
}
