//! Relay frames: what a device and the edge say to each other over one binary WebSocket, in CBOR.
//!
//! Frames carry ids, places, times and sealed bytes; nothing else, since the edge reads them. Keep-alive is the text
//! pair [`PING`]/[`PONG`], which the runtime answers without waking an object. A frame that is too large, truncated, of
//! an unknown kind or with too many items is refused with a [`FrameError`]; the sizes are in [`limit`].

use serde::{Deserialize, Serialize};

use crate::cbor::{self, CborError};
use crate::chain::{Entry, Seq};
use crate::id::{DeviceId, OpId, SpaceId};
use crate::time::At;

pub mod limit;

/// The version of this protocol that both sides name at the start.
pub const VERSION: u16 = 1;

/// Keep-alive, device to edge, as a text frame.
pub const PING: &str = "ping";

/// Keep-alive, edge to device, as a text frame.
pub const PONG: &str = "pong";

/// Device to edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToEdge {
    /// The first frame of a connection.
    #[serde(rename = "h")]
    Hello {
        /// The relay token (JWT, `EdDSA`): device id and user id, minutes long.
        #[serde(rename = "t")]
        token: String,
        /// [`VERSION`].
        #[serde(rename = "v")]
        version: u16,
    },
    /// Listen to a space, and send what came after `after`. Asked again with a higher `after` while
    /// [`FromEdge::Entries::more`] is true.
    #[serde(rename = "s")]
    Subscribe {
        /// Which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// The last place that the device has.
        #[serde(rename = "q")]
        after: Seq,
    },
    /// Stop listening to a space.
    #[serde(rename = "u")]
    Unsubscribe {
        /// Which space.
        #[serde(rename = "p")]
        space: SpaceId,
    },
    /// Append operations, in this order. A device has one such frame in flight per space.
    #[serde(rename = "a")]
    Append {
        /// To which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// At most [`limit::OPS_PER_APPEND`].
        #[serde(rename = "o")]
        ops: Vec<SealedOp>,
    },
    /// What this person has received and read: a sealed cursor.
    #[serde(rename = "c")]
    Seen {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// `COSE_Encrypt0`, at most [`limit::SIGNAL_BYTES`].
        #[serde(rename = "s", with = "serde_bytes")]
        sealed: Vec<u8>,
    },
    /// This person is writing; never kept.
    #[serde(rename = "y")]
    Typing {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// `COSE_Encrypt0`, at most [`limit::SIGNAL_BYTES`].
        #[serde(rename = "s", with = "serde_bytes")]
        sealed: Vec<u8>,
    },
}

/// An operation as a device sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedOp {
    /// Its id.
    #[serde(rename = "o")]
    pub op_id: OpId,
    /// `COSE_Encrypt0`, at most [`limit::SEALED_BYTES`].
    #[serde(rename = "s", with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// Edge to device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromEdge {
    /// The token is good; the device may speak.
    #[serde(rename = "w")]
    Welcome {
        /// [`VERSION`].
        #[serde(rename = "v")]
        version: u16,
        /// The device that the token names.
        #[serde(rename = "d")]
        device: DeviceId,
        /// The edge's time, for a first guess at clock skew.
        #[serde(rename = "a")]
        at: At,
    },
    /// Entries of a space, in order, both the answer to `Subscribe` and live.
    #[serde(rename = "e")]
    Entries {
        /// Of which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// At most [`limit::ENTRIES_PER_FRAME`].
        #[serde(rename = "e")]
        entries: Vec<Entry>,
        /// True when there are more: subscribe again after the last of these. Always false for live entries.
        #[serde(rename = "m", default)]
        more: bool,
    },
    /// The record has these operations (also when it already had them).
    #[serde(rename = "k")]
    Appended {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// In the order in which they were sent.
        #[serde(rename = "k")]
        appended: Vec<Appended>,
    },
    /// The record refused an operation; later ones of the same frame are answered on their own.
    #[serde(rename = "r")]
    Refused {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// Which operation.
        #[serde(rename = "o")]
        op_id: OpId,
        /// The sealed reason, since reasons can hold content.
        #[serde(rename = "s", with = "serde_bytes")]
        sealed: Vec<u8>,
    },
    /// These operations were sealed under an epoch that has ended: fetch keys, seal again, send again.
    #[serde(rename = "x")]
    StaleEpoch {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// Which operations.
        #[serde(rename = "o")]
        op_ids: Vec<OpId>,
    },
    /// What others have received and read: sealed cursors.
    #[serde(rename = "c")]
    Cursors {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// One `COSE_Encrypt0` each.
        #[serde(rename = "s")]
        sealed: Vec<serde_bytes::ByteBuf>,
    },
    /// Somebody is writing.
    #[serde(rename = "y")]
    Typing {
        /// In which space.
        #[serde(rename = "p")]
        space: SpaceId,
        /// `COSE_Encrypt0`.
        #[serde(rename = "s", with = "serde_bytes")]
        sealed: Vec<u8>,
    },
    /// The members or keys of a space changed: fetch the keys. `None`: the list of this person's spaces changed.
    #[serde(rename = "n")]
    MembersChanged {
        /// Which space.
        #[serde(rename = "p")]
        space: Option<SpaceId>,
    },
    /// This person may not (or no longer) listen or write to this space.
    #[serde(rename = "f")]
    NotAllowed {
        /// Which space.
        #[serde(rename = "p")]
        space: SpaceId,
    },
    /// This device was revoked: the record's signed order.
    #[serde(rename = "v")]
    Revoked {
        /// What the record signed; a device obeys only what its pinned key verifies.
        #[serde(rename = "s", with = "serde_bytes")]
        signed: Vec<u8>,
    },
    /// Not now. What was sent for this space (or, without one, at all) was not taken: try again later.
    #[serde(rename = "b")]
    Busy {
        /// Which space; `None` means the connection.
        #[serde(rename = "p")]
        space: Option<SpaceId>,
        /// Wait at least this long, in milliseconds.
        #[serde(rename = "w")]
        wait: u32,
    },
}

/// Where the record put an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appended {
    /// The operation.
    #[serde(rename = "o")]
    pub op_id: OpId,
    /// Its place.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// When the record kept it.
    #[serde(rename = "a")]
    pub at: At,
}

/// Encodes a frame.
pub fn encode<F: Serialize>(frame: &F) -> Vec<u8> {
    cbor::to_bytes(frame)
}

/// Decodes a frame from a device, within all limits.
pub fn decode_to_edge(bytes: &[u8]) -> Result<ToEdge, FrameError> {
    if bytes.len() > limit::FRAME_BYTES {
        return Err(FrameError::TooLarge);
    }
    let frame: ToEdge = cbor::from_bytes(bytes)?;
    match &frame {
        ToEdge::Append { ops, .. } => {
            if ops.is_empty() || ops.len() > limit::OPS_PER_APPEND {
                return Err(FrameError::TooManyItems);
            }
            if ops.iter().any(|op| op.sealed.len() > limit::SEALED_BYTES) {
                return Err(FrameError::TooLarge);
            }
        }
        ToEdge::Seen { sealed, .. } | ToEdge::Typing { sealed, .. } if sealed.len() > limit::SIGNAL_BYTES => {
            return Err(FrameError::TooLarge);
        }
        ToEdge::Hello { token, .. } if token.len() > limit::TOKEN_BYTES => return Err(FrameError::TooLarge),
        ToEdge::Hello { .. }
        | ToEdge::Subscribe { .. }
        | ToEdge::Unsubscribe { .. }
        | ToEdge::Seen { .. }
        | ToEdge::Typing { .. } => {}
    }
    Ok(frame)
}

/// Decodes a frame from the edge, within all limits. An edge is not trusted either.
pub fn decode_from_edge(bytes: &[u8]) -> Result<FromEdge, FrameError> {
    if bytes.len() > limit::FRAME_BYTES_FROM_EDGE {
        return Err(FrameError::TooLarge);
    }
    let frame: FromEdge = cbor::from_bytes(bytes)?;
    let items = match &frame {
        FromEdge::Entries { entries, .. } => entries.len(),
        FromEdge::Appended { appended, .. } => appended.len(),
        FromEdge::StaleEpoch { op_ids, .. } => op_ids.len(),
        FromEdge::Cursors { sealed, .. } => sealed.len(),
        FromEdge::Welcome { .. }
        | FromEdge::Refused { .. }
        | FromEdge::Typing { .. }
        | FromEdge::MembersChanged { .. }
        | FromEdge::NotAllowed { .. }
        | FromEdge::Revoked { .. }
        | FromEdge::Busy { .. } => 0,
    };
    if items > limit::ENTRIES_PER_FRAME {
        Err(FrameError::TooManyItems)
    } else {
        Ok(frame)
    }
}

/// Why bytes are not a frame; the sender is at fault. Holds nothing of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not CBOR, not a known kind of frame, truncated, or followed by something.
    #[error("not a frame: {0}")]
    Malformed(#[from] CborError),
    /// A part is larger than its limit.
    #[error("frame or part too large")]
    TooLarge,
    /// None, or more than the limit.
    #[error("no items, or too many, in one frame")]
    TooManyItems,
}

#[cfg(test)]
mod tests;
