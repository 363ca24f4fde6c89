//! What the edge and the record say to each other: CBOR bodies of HTTPS requests, each side proving itself by a
//! signed service token (JWT, `EdDSA`, one minute).
//!
//! | request | path | body → answer |
//! | --- | --- | --- |
//! | edge → record | [`APPEND_PATH`] | [`Append`] → [`AppendAnswer`] |
//! | edge → record | [`ENTRIES_PATH`] | [`Entries`] → [`EntriesAnswer`] |
//! | edge → record | [`AUTHORISE_PATH`] | [`Authorise`] → [`AuthoriseAnswer`] |
//! | edge → record | [`SEEN_PATH`] | [`Seen`] → [`SeenAnswer`] |
//! | edge → record | [`OHTTP_PATH`] | `message/ohttp-req` → `message/ohttp-res` (RFC 9458), passed on unread |
//! | record → edge | [`PUBLISH_PATH`] | [`Publish`] → 204 |
//! | record → edge | [`REVOKE_PATH`] | [`Revoke`] → 204 |
//!
//! A failure is an HTTP status with a problem document (RFC 9457): 400 malformed, 401 no or bad service token, 413 too
//! large, 429 and 503 with `Retry-After`. Only 429, 5xx and a broken connection are worth trying again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{ChainHash, Entry, Seq};
use crate::frame::SealedOp;
use crate::id::{DeviceId, OpId, SpaceId, UserId};
use crate::time::At;

/// Path at the record.
pub const APPEND_PATH: &str = "/edge/append";
/// Path at the record.
pub const AUTHORISE_PATH: &str = "/edge/authorise";
/// Path at the record.
pub const ENTRIES_PATH: &str = "/edge/entries";
/// Path at the record.
pub const OHTTP_PATH: &str = "/edge/ohttp";
/// Path at the record.
pub const SEEN_PATH: &str = "/edge/seen";
/// Path at the edge.
pub const PUBLISH_PATH: &str = "/record/publish";
/// Path at the edge.
pub const REVOKE_PATH: &str = "/record/revoke";

/// `aud` of the edge's service tokens; their `iss` is [`EDGE`].
pub const RECORD: &str = "baton-record";
/// `aud` of the record's service tokens to the edge; their `iss` is [`RECORD`].
pub const EDGE: &str = "baton-edge";
/// `aud` of the relay tokens that devices show; their `iss` is [`RECORD`], `sub` the device id, `user` the user id.
pub const RELAY: &str = "baton-relay";

/// Appends operations to one space, in this order, from any number of devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Append {
    /// To which space.
    pub space: SpaceId,
    /// At most [`crate::frame::limit::OPS_PER_BATCH`].
    pub ops: Vec<DeviceOp>,
}

/// A sealed operation and the device whose socket it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceOp {
    /// The device, by its relay token. (The signature inside is what counts; the edge cannot make one.)
    pub device: DeviceId,
    /// The operation.
    #[serde(flatten)]
    pub op: SealedOp,
}

/// What became of each operation of an [`Append`], in its order. What is `Appended` is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendAnswer {
    /// One for each operation.
    pub results: Vec<AppendResult>,
    /// Entries that the record made itself in the same transaction, to be passed on after the others by `seq`.
    #[serde(default)]
    pub made: Vec<Entry>,
    /// What the edge has to tell whom.
    #[serde(default)]
    pub changed: Changed,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppendResult {
    /// It is in the log.
    Appended {
        /// Its place.
        seq: Seq,
        /// When the record kept it.
        at: At,
        /// The chain up to and with it.
        chain: ChainHash,
        /// True when it was already there from an earlier request; `seq`, `at` and `chain` are those of then.
        again: bool,
    },
    /// It will never be in the log as it is.
    Refused {
        /// The sealed reason.
        #[serde(with = "serde_bytes")]
        sealed: Vec<u8>,
    },
    /// Sealed under an epoch that has ended.
    StaleEpoch,
    /// The device may not write to this space at all (not a member, revoked, unknown).
    NotAllowed,
}

/// Consequences of appended operations that the edge carries out. Empty means nothing to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// People whose list of spaces changed: each of their devices gets `MembersChanged` without a space.
    pub spaces_of: Vec<UserId>,
    /// People who left this space: their subscriptions end now, with `NotAllowed`.
    pub removed: Vec<UserId>,
    /// The space has a new epoch: everyone who still listens gets `MembersChanged` with it.
    pub new_epoch: bool,
}

/// Reads a part of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// Of which space.
    pub space: SpaceId,
    /// After which place.
    pub after: Seq,
    /// At most so many.
    pub limit: u32,
}

/// A part of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesAnswer {
    /// In order, without gaps.
    pub entries: Vec<Entry>,
    /// The last place of the log as it is.
    pub head: Seq,
    /// The sealed cursors of the space's members.
    pub cursors: Vec<serde_bytes::ByteBuf>,
}

/// Asks whether a device may listen and write to a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorise {
    /// Which space.
    pub space: SpaceId,
    /// Which device.
    pub device: DeviceId,
}

/// Answers [`Authorise`]. The edge may keep a yes for a minute, a no not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthoriseAnswer {
    /// Yes or no.
    pub allowed: bool,
}

/// Keeps cursors of a space; the newest of each person counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Of which space.
    pub space: SpaceId,
    /// One of each device at most.
    pub cursors: Vec<DeviceCursor>,
}

/// A sealed cursor and the device whose socket it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCursor {
    /// The device.
    pub device: DeviceId,
    /// The sealed cursor.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// Answers [`Seen`], in its order: true when kept, and then passed on to the other members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenAnswer {
    /// One for each cursor.
    pub kept: Vec<bool>,
}

/// Entries and changes that the record made on its own, or that came by another replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// Of which space.
    pub space: SpaceId,
    /// In order, without gaps among themselves.
    pub entries: Vec<Entry>,
    /// What the edge has to tell whom.
    pub changed: Changed,
}

/// Ends a device: its sockets close, with the signed order as their last frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoke {
    /// Whose device.
    pub user: UserId,
    /// Which device.
    pub device: DeviceId,
    /// The order that the record signed.
    #[serde(with = "serde_bytes")]
    pub signed: Vec<u8>,
}

/// Claims of a relay token (RFC 7519), besides the registered `iss`, `aud`, `exp`, `iat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayClaims {
    /// The device.
    pub sub: DeviceId,
    /// Its user; gateway objects are sharded by it.
    pub user: UserId,
}

/// Derives the number of a user's gateway, 0 to 255: the first byte of the SHA-256 of the id. A device names it when it
/// connects (`/socket?g=<number>`), so that the edge finds the gateway object before it has seen a frame; the gateway
/// compares it with the token in `Hello`.
pub fn derive_gateway(user: UserId) -> u8 {
    let hash: [u8; 32] = Sha256::digest(user.as_bytes()).into();
    hash[0]
}

/// The operations of one batch by id, for matching results to devices.
pub fn op_ids(ops: &[DeviceOp]) -> impl Iterator<Item = OpId> + '_ {
    ops.iter().map(|sent| sent.op.op_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor;

    #[test]
    fn a_users_gateway_never_changes() {
        assert_eq!(derive_gateway(UserId::from_bytes([0; 16])), 0x37);
        assert_eq!(
            derive_gateway(UserId::from_bytes([7; 16])),
            derive_gateway(UserId::from_bytes([7; 16]))
        );
    }

    #[test]
    fn a_batch_and_its_answer_survive_the_wire() {
        let op = SealedOp {
            op_id: OpId::from_bytes([3; 16]),
            sealed: vec![1, 2],
        };
        let batch = Append {
            space: SpaceId::from_bytes([1; 16]),
            ops: vec![DeviceOp {
                device: DeviceId::from_bytes([2; 16]),
                op,
            }],
        };
        assert_eq!(
            cbor::from_bytes::<Append>(&cbor::to_bytes(&batch)).unwrap(),
            batch
        );
        assert_eq!(op_ids(&batch.ops).count(), 1);
        let answer = AppendAnswer {
            results: vec![
                AppendResult::StaleEpoch,
                AppendResult::NotAllowed,
                AppendResult::Refused { sealed: vec![9] },
            ],
            made: vec![],
            changed: Changed {
                new_epoch: true,
                ..Changed::default()
            },
        };
        assert_eq!(
            cbor::from_bytes::<AppendAnswer>(&cbor::to_bytes(&answer)).unwrap(),
            answer
        );
    }
}
