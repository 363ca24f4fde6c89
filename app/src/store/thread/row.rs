//! One row of a conversation, ready to be shown: everything in words, nothing to be looked up.

use baton_core::chain::Seq;
use baton_core::id::OpId;
use baton_core::photo::Photo;

use crate::store::patients::Chip;
use crate::store::people::Card;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The operation that made it.
    pub id: OpId,
    /// Its place.
    pub seq: Seq,
    /// The day, where it is another than that of the row before.
    pub day: Option<String>,
    /// Whether the "New" divider stands before it.
    pub starts_unread: bool,
    /// Whether messages that are not held here come before it.
    pub follows_gap: bool,
    /// What it is.
    pub kind: Kind,
}

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something happened to the conversation.
    Event {
        /// In one sentence.
        words: String,
        /// The time of day.
        time: String,
    },
    /// Somebody wrote something.
    Message(Box<MessageRow>),
    /// An operation of one's own that the record refused and that is no message of its own.
    Refused {
        /// What it was.
        what: String,
        /// The text that somebody wrote, which stays until they correct or discard it.
        text: String,
        /// Why, and what one can do.
        reason: String,
    },
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact about what is shown or may be done"
)]
pub struct MessageRow {
    /// Who wrote it.
    pub author: Card,
    /// Whether name and picture stand above it (the first of a run by one person).
    pub starts_run: bool,
    /// Whether it is the last of a run by one person.
    pub ends_run: bool,
    /// Whether the author works for another organisation than the reader.
    pub is_outside: bool,
    /// Whether the reader wrote it.
    pub mine: bool,
    /// The text as it is now; empty when withdrawn.
    pub text: String,
    /// The photos that it shows; none when withdrawn.
    pub photos: Vec<Photo>,
    /// Whether it is urgent.
    pub urgent: bool,
    /// The patient that it is about; `None` also in the conversation around that patient.
    pub about: Option<Chip>,
    /// That it names the reader, or a role that the reader holds or covers; empty when it does not.
    pub to_me: String,
    /// What it answers.
    pub reply: Option<Quote>,
    /// The time of day at which it was written.
    pub time: String,
    /// For the `datetime` attribute.
    pub datetime: String,
    /// When the record kept it, where that must be shown beside the time of writing.
    pub recorded: Option<String>,
    /// When it was last corrected.
    pub corrected: Option<String>,
    /// Earlier and present versions with who and when, oldest first; empty when never corrected.
    pub versions: Vec<(String, String)>,
    /// Who withdrew it, when.
    pub withdrawn: Option<String>,
    /// Who acknowledged it, when, in the order of the log.
    pub acknowledged: Vec<(String, String)>,
    /// Whether the reader may acknowledge it.
    pub may_acknowledge: bool,
    /// Whether the reader may correct or withdraw it.
    pub may_change: bool,
    /// Where it is on its way; only for one's own.
    pub status: Option<StatusLine>,
    /// Why the record refused it, and what one can do.
    pub refused: Option<String>,
}

/// A message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Which.
    pub id: OpId,
    /// Who wrote it.
    pub author: String,
    /// Its beginning.
    pub text: String,
}

/// Where a message is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// Its picture.
    pub tick: Tick,
    /// In words.
    pub words: String,
}

/// The picture of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// On this device only.
    Clock,
    /// The record has it.
    Sent,
    /// On others' devices.
    Delivered,
    /// Read by somebody.
    Read,
    /// Refused.
    Refused,
}
