//! What the record appends to a log, and the hash chain that makes gaps, reordering, replays and rewritten history show.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{DeviceId, OpId, SpaceId};
use crate::time::At;

/// A place in a space's log: 1, 2, 3, ... without gaps. Zero is the place before the first entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Seq(u64);

impl Seq {
    /// Before the first entry.
    pub const ZERO: Self = Self(0);

    /// Takes a number.
    pub const fn new(seq: u64) -> Self {
        Self(seq)
    }

    /// Gives the number.
    pub const fn value(self) -> u64 {
        self.0
    }

    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A SHA-256 over everything in a space's log up to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct ChainHash(#[serde(with = "serde_bytes")] [u8; 32]);

impl ChainHash {
    /// Takes 32 bytes (from a database row).
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Shows the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Where a log stands: the last entry's place and chain hash. The default is an empty log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Head {
    /// The last entry's place; zero when there is none.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// The last entry's chain hash; zeros when there is none.
    #[serde(rename = "c")]
    pub chain: ChainHash,
}

impl Head {
    /// Checks that `entry` is the very next one and gives the head after it.
    pub fn extend(self, entry: &Entry) -> Result<Self, ChainError> {
        if entry.seq <= self.seq {
            return Err(ChainError::Replayed { seq: entry.seq });
        }
        if entry.seq != self.seq.next() {
            return Err(ChainError::Gap {
                after: self.seq,
                found: entry.seq,
            });
        }
        let chain = derive_chain(
            self.chain,
            entry.seq,
            entry.op_id,
            entry.device,
            entry.at,
            &entry.sealed,
        );
        if chain == entry.chain {
            Ok(Self {
                seq: entry.seq,
                chain,
            })
        } else {
            Err(ChainError::Broken { seq: entry.seq })
        }
    }
}

/// One entry of a space's log. What it means is in `sealed`, which the relay cannot open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// The operation that it holds.
    #[serde(rename = "o")]
    pub op_id: OpId,
    /// The device that sealed it.
    #[serde(rename = "d")]
    pub device: DeviceId,
    /// When the record kept it.
    #[serde(rename = "a")]
    pub at: At,
    /// The sealed operation: a `COSE_Encrypt0` (RFC 9052 §5.2).
    #[serde(rename = "s", with = "serde_bytes")]
    pub sealed: Vec<u8>,
    /// The chain up to and with this entry.
    #[serde(rename = "c")]
    pub chain: ChainHash,
}

/// Derives the chain hash of an entry: `SHA-256(previous ‖ seq ‖ op id ‖ device ‖ at ‖ SHA-256(sealed))`, numbers as
/// 8 bytes big-endian, ids as 16 bytes.
pub fn derive_chain(
    previous: ChainHash,
    seq: Seq,
    op: OpId,
    device: DeviceId,
    at: At,
    sealed: &[u8],
) -> ChainHash {
    let mut hash = Sha256::new();
    hash.update(previous.0);
    hash.update(seq.0.to_be_bytes());
    hash.update(op.as_bytes());
    hash.update(device.as_bytes());
    hash.update(at.millis().to_be_bytes());
    hash.update(Sha256::digest(sealed));
    ChainHash(hash.finalize().into())
}

/// The bytes that the record signs for a checkpoint: a fixed namespace, then space, seq and chain.
pub fn checkpoint_bytes(space: SpaceId, head: Head) -> Vec<u8> {
    let mut bytes = b"baton-checkpoint-1".to_vec();
    bytes.extend_from_slice(space.as_bytes());
    bytes.extend_from_slice(&head.seq.0.to_be_bytes());
    bytes.extend_from_slice(head.chain.as_bytes());
    bytes
}

/// Why an entry does not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The hash is not the one that follows from what came before: somebody changed, swapped or forged something.
    #[error("entry {} does not follow from the log before it", seq.value())]
    Broken {
        /// The entry's place.
        seq: Seq,
    },
    /// Entries in between are missing; asking for those after `after` heals it.
    #[error("entries after {} are missing; found {}", after.value(), found.value())]
    Gap {
        /// The last place that is known.
        after: Seq,
        /// The place that came.
        found: Seq,
    },
    /// The place is already taken; harmless when the bytes are the same.
    #[error("entry {} is already known", seq.value())]
    Replayed {
        /// The entry's place.
        seq: Seq,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(head: Head, sealed: &[u8]) -> Entry {
        let (seq, op_id, device, at) = (
            head.seq.next(),
            OpId::from_bytes([1; 16]),
            DeviceId::from_bytes([2; 16]),
            At::from_millis(3),
        );
        let chain = derive_chain(head.chain, seq, op_id, device, at, sealed);
        Entry {
            seq,
            op_id,
            device,
            at,
            sealed: sealed.to_vec(),
            chain,
        }
    }

    #[test]
    fn each_field_of_an_entry_is_bound_by_the_chain() {
        let good = entry(Head::default(), b"sealed");
        let after = Head::default().extend(&good).unwrap();
        assert_eq!(after.seq, Seq::new(1));
        let forged: [fn(&mut Entry); 4] = [
            |e| e.op_id = OpId::from_bytes([9; 16]),
            |e| e.device = DeviceId::from_bytes([9; 16]),
            |e| e.at = At::from_millis(9),
            |e| e.sealed.push(0),
        ];
        for forge in forged {
            let mut bad = good.clone();
            forge(&mut bad);
            assert_eq!(
                Head::default().extend(&bad),
                Err(ChainError::Broken { seq: Seq::new(1) })
            );
        }
    }

    #[test]
    fn gaps_and_replays_are_told_apart() {
        let first = entry(Head::default(), b"a");
        let head = Head::default().extend(&first).unwrap();
        let second = entry(head, b"b");
        assert_eq!(
            head.extend(&first),
            Err(ChainError::Replayed { seq: Seq::new(1) })
        );
        assert_eq!(
            Head::default().extend(&second),
            Err(ChainError::Gap {
                after: Seq::ZERO,
                found: Seq::new(2)
            })
        );
    }
}
