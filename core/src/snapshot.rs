//! Folded state as bytes and back, with the checkpoint that says which log it came from.

use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::cbor;
use crate::chain::Head;
use crate::id::{DeviceId, OpId, SpaceId};
use crate::seal::sign::{open_statement, sign_statement};
use crate::seal::{Content, Keyring, OpenError, SealError};
use crate::state::{SNAPSHOT_ITEMS, SpaceState};
use crate::time::At;

/// The version of the state's shape; a device that does not know it asks for the entries instead.
pub const VERSION: u16 = 1;

/// The record says where a log stood at a moment; signed as [`Content::Checkpoint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Which space.
    pub space: SpaceId,
    /// Its head.
    pub head: Head,
    /// When.
    pub at: At,
}

impl Checkpoint {
    /// Signs it.
    pub fn sign(&self, record: &SigningKey) -> Vec<u8> {
        sign_statement(Content::Checkpoint, self, record)
    }

    /// Verifies and reads one of this space.
    pub fn open(space: SpaceId, signed: &[u8], record: &VerifyingKey) -> Result<Self, OpenError> {
        let checkpoint: Self = open_statement(Content::Checkpoint, signed, record)?;
        if checkpoint.space == space {
            Ok(checkpoint)
        } else {
            Err(OpenError::Relabelled)
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Versioned {
    #[serde(rename = "v")]
    version: u16,
    #[serde(rename = "s")]
    state: SpaceState,
}

/// Seals the newest part of a state ([`SNAPSHOT_ITEMS`] items) with the space's key, as the record.
pub fn seal(state: &SpaceState, keys: &mut Keyring, rng: &mut impl CryptoRng) -> Result<Vec<u8>, SealError> {
    let mut state = state.clone();
    state.trim(SNAPSHOT_ITEMS);
    let id = OpId::from_bytes(*state.space.as_bytes());
    let bytes = cbor::to_bytes(&Versioned {
        version: VERSION,
        state,
    });
    keys.seal(Content::Snapshot, id, DeviceId::RECORD, &bytes, rng)
}

/// Opens a snapshot that must be of this space and stand where the signed checkpoint says.
pub fn open(
    sealed: &[u8],
    checkpoint: &[u8],
    keys: &mut Keyring,
    record: &VerifyingKey,
) -> Result<SpaceState, OpenError> {
    let space = keys.space();
    let checkpoint = Checkpoint::open(space, checkpoint, record)?;
    let id = OpId::from_bytes(*space.as_bytes());
    let opened = keys.open(Content::Snapshot, Some(id), Some(DeviceId::RECORD), sealed)?;
    let Versioned { version, state } = cbor::from_bytes(&opened.bytes)?;
    if version != VERSION {
        return Err(OpenError::Malformed);
    }
    if state.space == space && state.head == checkpoint.head {
        Ok(state)
    } else {
        Err(OpenError::Relabelled)
    }
}
