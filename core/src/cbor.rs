//! The one encoding: CBOR (RFC 8949), through serde.
//!
//! Decoding is strict where it guards a door: nothing may follow the value, and nesting is bounded, so that hostile
//! bytes cost neither stack nor surprise.

use serde::{Serialize, de::DeserializeOwned};

use read::{Reader, Unread};
use write::Writer;

mod head;
mod read;
mod write;

/// Nesting deeper than this is refused; the deepest of our own types needs about twenty (an enum, an option and what is
/// in them count one each).
const DEEPEST: usize = 64;

/// Encodes a value.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut writer = Writer(Vec::with_capacity(128));
    match value.serialize(&mut writer) {
        Ok(()) => writer.0,
        Err(never) => match never {},
    }
}

/// Decodes exactly one value that fills `bytes`.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut reader = Reader::new(bytes, DEEPEST);
    let value = T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|Unread| reader.why())
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
mod tests;
