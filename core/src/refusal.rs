//! Why the record (or one's own device, first) does not take an operation, and what the person can do about it.

use serde::{Deserialize, Serialize};

/// A reason, for a person to read. The text that they wrote is kept until they correct or discard it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
)]
pub enum Refusal {
    /// The message is not urgent, so there is nothing to acknowledge.
    #[error("This message does not ask to be acknowledged.")]
    #[serde(rename = "ack-routine")]
    AcknowledgeRoutine,
    /// One's own message.
    #[error("You wrote this message, so somebody else has to acknowledge it.")]
    #[serde(rename = "ack-own")]
    AcknowledgeOwn,
    /// A direct conversation has two people for ever.
    #[error("A direct conversation is always between two people. Start a group to include others.")]
    #[serde(rename = "direct-fixed")]
    DirectFixed,
    /// Nothing was written.
    #[error("There is nothing to send. Write something first.")]
    #[serde(rename = "empty")]
    Empty,
    /// The space would have nobody to look after it.
    #[error("You are the only administrator. Make somebody else administrator first.")]
    #[serde(rename = "last-admin")]
    LastAdmin,
    /// What the operation is made of contradicts itself or its envelope.
    #[error("This could not be checked. Reload the app, then try again.")]
    #[serde(rename = "malformed")]
    Malformed,
    /// A newer app made it.
    #[error("The record does not know this kind of item yet. Keep the text and try again later.")]
    #[serde(rename = "unknown-kind")]
    UnknownKind,
    /// Only administrators may.
    #[error("Only an administrator of this team may do this. Ask one of them.")]
    #[serde(rename = "not-admin")]
    NotAdmin,
    /// Only the author may.
    #[error("Only the person who wrote this message may change it.")]
    #[serde(rename = "not-author")]
    NotAuthor,
    /// Not a member, or no longer.
    #[error("You are not a member of this conversation. Ask a member to add you.")]
    #[serde(rename = "not-member")]
    NotMember,
    /// Only the record does this.
    #[error("Only the record itself may do this.")]
    #[serde(rename = "record-only")]
    RecordOnly,
    /// The message is not there.
    #[error("The message that this is about was not found. It may not have been sent.")]
    #[serde(rename = "no-message")]
    NoMessage,
    /// The person is not in this space.
    #[error("This person is not a member of this conversation.")]
    #[serde(rename = "no-such-member")]
    NoSuchMember,
    /// The person is not in the directory.
    #[error("This person was not found in the directory.")]
    #[serde(rename = "no-such-person")]
    NoSuchPerson,
    /// Too long or too many.
    #[error("This is too long. Shorten it, or send it in parts.")]
    #[serde(rename = "too-long")]
    TooLong,
    /// The message was withdrawn.
    #[error("This message was withdrawn, so it can no longer be changed.")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
    /// A reason that a newer record gave.
    #[error("The record did not take this. Reload the app to see why.")]
    #[serde(other, rename = "unknown")]
    Unknown,
}
