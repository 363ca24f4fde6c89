//! What an envelope says of itself in its protected header, where nobody can change it unseen.

use super::{Epoch, OpenError};
use crate::cbor;
use crate::cose::Header;
use crate::id::{DeviceId, OpId, SpaceId};

/// What is in an envelope. Two contents are never the same shape under the same name: a new shape is a new content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// The record says which device is whose.
    Certificate,
    /// The record says where a log stands.
    Checkpoint,
    /// What somebody has received and read.
    Cursor,
    /// A sign-in says which device it is for.
    NewDevice,
    /// An operation.
    Op,
    /// Why an operation was refused.
    Refusal,
    /// A photo ([`crate::photo`]).
    Photo,
    /// The record ends a device.
    Revocation,
    /// The folded state of a space.
    Snapshot,
    /// Somebody is writing.
    Typing,
    /// A vault's key, under what opens it ([`crate::vault`]).
    VaultKey,
    /// A row of a vault ([`crate::vault::row`]).
    VaultRow,
}

impl Content {
    const ALL: [Self; 12] = [
        Self::Certificate,
        Self::Checkpoint,
        Self::Cursor,
        Self::NewDevice,
        Self::Op,
        Self::Photo,
        Self::Refusal,
        Self::Revocation,
        Self::Snapshot,
        Self::Typing,
        Self::VaultKey,
        Self::VaultRow,
    ];

    /// Its number in the protected header. A number is never given another meaning.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Op => 1,
            Self::Cursor => 2,
            Self::Typing => 3,
            Self::Refusal => 4,
            Self::Snapshot => 5,
            Self::Checkpoint => 6,
            Self::Certificate => 7,
            Self::Revocation => 8,
            Self::VaultRow => 9,
            Self::VaultKey => 10,
            Self::NewDevice => 11,
            Self::Photo => 12,
        }
    }

    /// Reads it from a header.
    pub(crate) fn read(header: &Header) -> Result<Self, OpenError> {
        let number = header.find_integer(CONTENT).ok_or(OpenError::Malformed)?;
        Self::ALL
            .into_iter()
            .find(|content| number == i64::from(content.number()))
            .ok_or(OpenError::Malformed)
    }
}

/// The protected header of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it holds.
    pub content: Content,
    /// In which space.
    pub space: SpaceId,
    /// Under which key of the space.
    pub epoch: Epoch,
    /// Sealed by which device ([`DeviceId::RECORD`] for the record).
    pub device: DeviceId,
    /// The operation; for what is not one, an id that its content type gives a meaning.
    pub id: OpId,
}

// Private-use labels (RFC 9052 §11.2: integers less than -65536).
pub(crate) const CONTENT: i64 = -70_000;
const EPOCH: i64 = -70_001;
const SPACE: i64 = -70_002;
const DEVICE: i64 = -70_003;
const ID: i64 = -70_004;

impl Label {
    pub(super) fn header(&self) -> Header {
        Header::default()
            .integer(CONTENT, self.content.number())
            .integer(EPOCH, self.epoch.value())
            .bytes(SPACE, self.space.as_bytes())
            .bytes(DEVICE, self.device.as_bytes())
            .bytes(ID, self.id.as_bytes())
    }

    pub(super) fn read(header: &Header) -> Result<Self, OpenError> {
        let epoch = header
            .find_integer(EPOCH)
            .and_then(|epoch| u32::try_from(epoch).ok())
            .ok_or(OpenError::Malformed)?;
        Ok(Self {
            content: Content::read(header)?,
            space: SpaceId::from_bytes(id(header, SPACE)?),
            epoch: Epoch::new(epoch),
            device: DeviceId::from_bytes(id(header, DEVICE)?),
            id: OpId::from_bytes(id(header, ID)?),
        })
    }

    /// What a signature covers besides the payload: `[space, id, device, epoch]`.
    pub(super) fn external(&self) -> Vec<u8> {
        cbor::to_bytes(&(self.space, self.id, self.device, self.epoch))
    }
}

fn id(header: &Header, label: i64) -> Result<[u8; 16], OpenError> {
    let bytes = header.find_bytes(label).ok_or(OpenError::Malformed)?;
    bytes.try_into().map_err(|_| OpenError::Malformed)
}
