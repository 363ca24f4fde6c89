//! The one encoding: CBOR (RFC 8949), through serde.
//!
//! Decoding is strict where it guards a door: nothing may follow the value, and nesting is bounded, so that hostile
//! bytes cost neither stack nor surprise.

use serde::{Serialize, de::DeserializeOwned};

/// Nesting deeper than this is refused; the deepest of our own types needs about ten.
const DEEPEST: usize = 32;

/// Encodes a value.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    ciborium::into_writer(value, &mut bytes).expect("writing our own types to memory cannot fail");
    bytes
}

/// Decodes exactly one value that fills `bytes`.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut rest = bytes;
    let value =
        ciborium::de::from_reader_with_recursion_limit(&mut rest, DEEPEST).map_err(|error| match error {
            ciborium::de::Error::Io(_) => CborError::Truncated,
            ciborium::de::Error::RecursionLimitExceeded => CborError::TooDeep,
            ciborium::de::Error::Semantic(..) | ciborium::de::Error::Syntax(_) => CborError::Malformed,
        })?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(CborError::Trailing)
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
