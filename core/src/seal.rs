//! Sealing: how an operation becomes bytes that the relay cannot read and nobody can pass off as another.
//!
//! 1. The operation is signed by its device: a `COSE_Sign1` (RFC 9052 §4.2), `EdDSA`, with space, operation, device and
//!    epoch as external data ([`sign`]).
//! 2. It is padded to a bucket, so that length says little ([`pad`]).
//! 3. It is sealed as a `COSE_Encrypt0` (RFC 9052 §5.2), A256GCM, under a key derived for this device from the space's
//!    key of the epoch ([`key`]), with a random IV. Its protected header names what it is, space, epoch, device and id
//!    ([`label`]), so that something that was moved, replayed or relabelled does not open.
//!
//! Cursors, typing notices, refusals and snapshots are sealed the same way without a signature, under content numbers of
//! their own.

use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_core::CryptoRng;

use crate::cbor::CborError;
use crate::chain::Entry;
use crate::cose::Encrypt0;
use crate::id::{DeviceId, OpId, SpaceId};
use crate::op::Op;

pub mod key;
pub mod label;
pub mod pad;
pub mod sign;

pub use key::{Epoch, Keyring};
pub use label::{Content, Label};

/// Sealed bytes longer than this are not looked at.
const SEALED_BYTES: usize = 4 * 1024 * 1024;

/// What an envelope held.
#[derive(Debug)]
pub struct Opened {
    /// Its label, as it was sealed.
    pub label: Label,
    /// What was sealed, without padding.
    pub bytes: Vec<u8>,
}

/// An operation out of its envelope, whose signature is not verified yet.
#[derive(Debug)]
pub struct OpenedOp {
    /// The operation.
    pub op: Op,
    /// Its label, as it was sealed.
    pub label: Label,
    signed: sign::Signed,
}

impl OpenedOp {
    /// Verifies that `device` signed exactly this, for exactly this place.
    pub fn verify(&self, device: &VerifyingKey) -> Result<(), OpenError> {
        self.signed.verify(&self.label.external(), device)
    }
}

impl Keyring {
    /// Seals `bytes` under the newest epoch.
    pub fn seal(
        &mut self,
        content: Content,
        id: OpId,
        device: DeviceId,
        bytes: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SealError> {
        let epoch = self.newest().ok_or(SealError::NoKey)?;
        let label = Label {
            content,
            space: self.space(),
            epoch,
            device,
            id,
        };
        let mut iv = [0; 12];
        rng.fill_bytes(&mut iv);
        let cipher = self.cipher(epoch, device).ok_or(SealError::NoKey)?;
        Ok(Encrypt0::seal(&label.header(), cipher, iv, &pad::pad(bytes), &[]))
    }

    /// Opens an envelope that must be of this content, and of this id and device where given.
    pub fn open(
        &mut self,
        content: Content,
        id: Option<OpId>,
        device: Option<DeviceId>,
        sealed: &[u8],
    ) -> Result<Opened, OpenError> {
        if sealed.len() > SEALED_BYTES {
            return Err(OpenError::TooLarge);
        }
        let envelope = Encrypt0::parse(sealed)?;
        let label = Label::read(&envelope.header)?;
        let is_expected = label.content == content
            && label.space == self.space()
            && id.is_none_or(|id| id == label.id)
            && device.is_none_or(|device| device == label.device);
        if !is_expected {
            return Err(OpenError::Relabelled);
        }
        let cipher = self
            .cipher(label.epoch, label.device)
            .ok_or(OpenError::NoKey { epoch: label.epoch })?;
        Ok(Opened {
            label,
            bytes: pad::unpad(envelope.open(cipher, &[])?)?,
        })
    }

    /// Signs and seals an operation under the newest epoch.
    pub fn seal_op(
        &mut self,
        op: &Op,
        device: DeviceId,
        signer: &SigningKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SealError> {
        let epoch = self.newest().ok_or(SealError::NoKey)?;
        let label = Label {
            content: Content::Op,
            space: self.space(),
            epoch,
            device,
            id: op.id,
        };
        let signed = sign::sign(Content::Op, &op.to_bytes(), &label.external(), signer);
        self.seal(Content::Op, op.id, device, &signed, rng)
    }

    /// Opens an operation that a device sent, or that stands in the log. Its signature is not verified yet.
    pub fn open_op(&mut self, id: OpId, device: DeviceId, sealed: &[u8]) -> Result<OpenedOp, OpenError> {
        let opened = self.open(Content::Op, Some(id), Some(device), sealed)?;
        let signed = sign::Signed::parse(Content::Op, &opened.bytes)?;
        let op = Op::from_bytes(signed.payload())?;
        if op.id == id {
            Ok(OpenedOp {
                op,
                label: opened.label,
                signed,
            })
        } else {
            Err(OpenError::Relabelled)
        }
    }

    /// Opens the operation of an entry.
    pub fn open_entry(&mut self, entry: &Entry) -> Result<OpenedOp, OpenError> {
        self.open_op(entry.op_id, entry.device, &entry.sealed)
    }
}

/// The space of an envelope, read without opening it.
pub fn space_of(sealed: &[u8]) -> Result<SpaceId, OpenError> {
    Ok(Label::read(&Encrypt0::parse(sealed)?.header)?.space)
}

/// Why something cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// This device holds no key of the space: it has to ask the record.
    #[error("no key of this space is held")]
    NoKey,
}

/// Why an envelope does not open. Says no more than that about what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The signature is not the device's, or not over this.
    #[error("not signed by this device for this place")]
    BadSignature,
    /// Opened with the right key it is not what was sealed: somebody changed it.
    #[error("changed since it was sealed")]
    Forged,
    /// Not an envelope, or not the content that its label promises.
    #[error("not an envelope of this kind")]
    Malformed,
    /// This device does not hold the key of that epoch.
    #[error("the key of epoch {} is not held", epoch.value())]
    NoKey {
        /// Which epoch.
        epoch: Epoch,
    },
    /// An envelope of another kind, space, device or id in the place of this one.
    #[error("an envelope that belongs elsewhere")]
    Relabelled,
    /// Longer than anything that is ever sealed.
    #[error("too large")]
    TooLarge,
}

impl From<CborError> for OpenError {
    fn from(_: CborError) -> Self {
        Self::Malformed
    }
}

#[cfg(test)]
mod tests;
