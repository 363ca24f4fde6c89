//! Small things that people's devices tell each other outside the log: how far somebody has read, that somebody is
//! writing. Both are content ("seen" by a consultant is clinical information), so both are sealed.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::cbor;
use crate::chain::Seq;
use crate::id::{DeviceId, OpId, UserId};
use crate::refusal::Refusal;
use crate::seal::{Content, Keyring, OpenError, SealError};
use crate::time::At;

/// How far somebody has received and read a space. It only ever moves on: of two, the larger places count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
    /// Up to here it is on one of their devices.
    #[serde(rename = "d")]
    pub delivered: Seq,
    /// Up to here it was on their screen.
    #[serde(rename = "r")]
    pub read: Seq,
    /// When they last read.
    #[serde(rename = "a")]
    pub at: At,
}

impl Cursor {
    /// Seals it; the envelope's id is the person's.
    pub fn seal(
        &self,
        keys: &mut Keyring,
        device: DeviceId,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SealError> {
        keys.seal(
            Content::Cursor,
            OpId::from_bytes(*self.user.as_bytes()),
            device,
            &cbor::to_bytes(self),
            rng,
        )
    }

    /// Opens one, with the device that sealed it.
    pub fn open(keys: &mut Keyring, sealed: &[u8]) -> Result<(Self, DeviceId), OpenError> {
        let opened = keys.open(Content::Cursor, None, None, sealed)?;
        let cursor: Self = cbor::from_bytes(&opened.bytes)?;
        if opened.label.id.as_bytes() == cursor.user.as_bytes() {
            Ok((cursor, opened.label.device))
        } else {
            Err(OpenError::Relabelled)
        }
    }

    /// Takes what `other` knows beyond this; true when something moved on.
    pub fn advance(&mut self, other: &Self) -> bool {
        let before = (self.delivered, self.read);
        self.delivered = self.delivered.max(other.delivered).max(other.read);
        if other.read > self.read {
            self.read = other.read;
            self.at = other.at;
        }
        before != (self.delivered, self.read)
    }
}

/// Somebody is writing. Shown for a few seconds, never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
    /// When.
    #[serde(rename = "a")]
    pub at: At,
}

impl Typing {
    /// Seals it; the envelope's id is the person's.
    pub fn seal(
        &self,
        keys: &mut Keyring,
        device: DeviceId,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SealError> {
        keys.seal(
            Content::Typing,
            OpId::from_bytes(*self.user.as_bytes()),
            device,
            &cbor::to_bytes(self),
            rng,
        )
    }

    /// Opens one.
    pub fn open(keys: &mut Keyring, sealed: &[u8]) -> Result<Self, OpenError> {
        let opened = keys.open(Content::Typing, None, None, sealed)?;
        let typing: Self = cbor::from_bytes(&opened.bytes)?;
        if opened.label.id.as_bytes() == typing.user.as_bytes() {
            Ok(typing)
        } else {
            Err(OpenError::Relabelled)
        }
    }
}

/// Seals the record's reason for refusing an operation.
pub fn seal_refusal(
    refusal: Refusal,
    op: OpId,
    keys: &mut Keyring,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealError> {
    keys.seal(
        Content::Refusal,
        op,
        DeviceId::RECORD,
        &cbor::to_bytes(&refusal),
        rng,
    )
}

/// Opens the record's reason for refusing an operation.
pub fn open_refusal(op: OpId, keys: &mut Keyring, sealed: &[u8]) -> Result<Refusal, OpenError> {
    let opened = keys.open(Content::Refusal, Some(op), Some(DeviceId::RECORD), sealed)?;
    Ok(cbor::from_bytes(&opened.bytes)?)
}
