//! What happens to the machine: everything it is told from outside.

use crate::chain::Seq;
use crate::device_api;
use crate::id::SpaceId;
use crate::photo::PhotoId;

/// Something that happened, for [`super::Sync::handle_event`].
#[derive(Debug)]
pub enum Event {
    /// An [`Ask`] was not answered.
    AskFailed(Ask, Failure),
    /// The record keeps this photo of a space ([`Ask::Deposit`]).
    Deposited(SpaceId, PhotoId),
    /// A binary frame of the socket that is open. An edge is not trusted: any bytes will do.
    Frame(Vec<u8>),
    /// This device made or was given a space outside a session (the answer to `device_api::Create`).
    Granted(Box<device_api::SpaceGrant>),
    /// The answer to [`Ask::History`] of this space.
    History(SpaceId, device_api::HistoryAnswer),
    /// The answer to [`Ask::Keys`] of this space.
    Keys(SpaceId, device_api::KeysAnswer),
    /// This photo of a space cannot be given to the record: it is not on the device, or no record would take it.
    NoPhoto(SpaceId, PhotoId),
    /// The system says that there is no network.
    Offline,
    /// The system says that there is a network again (or the app came back to the front): dials at once.
    Online,
    /// The text frame [`crate::frame::PONG`] came.
    Pong,
    /// A session came: after sign-in, or as the answer to [`Ask::Session`].
    Session(Box<device_api::Session>),
    /// The answer to [`Ask::Snapshots`] of these spaces.
    Snapshots(Vec<SpaceId>, device_api::SnapshotsAnswer),
    /// The socket closed, or could not be opened. Not to be told of a socket that [`super::Action::HangUp`] gave up.
    SocketClosed(CloseReason),
    /// The socket that was dialled is open.
    SocketOpened,
    /// The moment of [`super::Sync::poll_timeout`] has come. Coming early or late does no harm.
    TimeReached,
}

/// Why a socket closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseReason {
    /// The close code (RFC 6455 §7.4), 1006 when there was none. The edge's own are 4400 and up.
    pub code: u16,
}

/// A question to the record, through Oblivious HTTP ([`device_api`]).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// Keep a photo of a space ([`device_api::DepositPhoto`]), for a message that will come.
    Deposit(SpaceId, PhotoId),
    /// Older entries of a space ([`device_api::History`]).
    History {
        /// Of which space.
        space: SpaceId,
        /// Before which place.
        before: Seq,
        /// At most so many.
        limit: u16,
    },
    /// The keys of a space ([`device_api::Keys`]).
    Keys(SpaceId),
    /// A fresh session ([`device_api::SESSION_PATH`]).
    Session,
    /// The newest snapshots of these spaces, at most 100 ([`device_api::Snapshots`]).
    Snapshots(Vec<SpaceId>),
}

/// Why an [`Ask`] was not answered, as the answer's status and problem say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The record says that this is not for this person (403): not a member, or no longer.
    NotAllowed,
    /// No answer, or one that is worth trying again (429, 5xx, a broken connection, an HTML page).
    Retry,
    /// The record itself says that this device was revoked.
    Revoked,
    /// The session has ended (401).
    SignInNeeded,
}
