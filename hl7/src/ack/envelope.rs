//! As much of a message's header as an answer needs, read from its bytes: also of a message that is otherwise unreadable.

use std::fmt;

use crate::charset::Charset;
use crate::message::start;
use crate::separators::Separators;
use crate::version::Version;

/// The header of a message that can be answered. Its fields are kept as they were sent, so that an answer repeats them in
/// the sender's own characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    pub(super) separators: Separators,
    /// `MSH`, then MSH-2 and so on: the field MSH-n is at n - 1.
    fields: Vec<Vec<u8>>,
}

impl Envelope {
    /// Reads the header of a message, which need not be valid nor whole.
    pub fn read(bytes: &[u8]) -> Result<Self, NoAnswer> {
        let (bytes, _) = start(bytes);
        let separators = Separators::read(bytes).ok_or(NoAnswer::NoHeader)?;
        let is_end = |byte: &u8| matches!(*byte, b'\r' | b'\n');
        let field = |byte: &u8| char::from(*byte) == separators.field();
        let mut lines = bytes.split(is_end);
        let header = lines.next().unwrap_or_default();
        let clean = |field: &[u8]| {
            field
                .iter()
                .copied()
                .filter(|byte| !byte.is_ascii_control())
                .collect()
        };
        let envelope = Self {
            separators,
            fields: header.split(field).take(FIELDS).map(clean).collect(),
        };
        let kind = envelope.component(9, 1);
        let answers = lines.any(|line| line.split(field).next() == Some(b"MSA"));
        if answers || matches!(kind, b"ACK" | b"MCF") {
            return Err(NoAnswer::IsAnswer);
        }
        Ok(envelope)
    }

    /// Which acknowledgements the message asks for (§2.9.2, §2.9.3, table 0155).
    ///
    /// Neither MSH-15 nor MSH-16: original mode, an application acknowledgement always. Either: enhanced mode, and the one
    /// that is left out is not asked for. A code that is not in the table asks always: an answer too many harms less than
    /// a sender that waits.
    pub fn asks(&self) -> Asks {
        let when = |number| match self.said(number) {
            b"" => None,
            b"NE" => Some(When::Never),
            b"ER" => Some(When::OnError),
            b"SU" => Some(When::OnSuccess),
            _ => Some(When::Always),
        };
        match (when(15), when(16)) {
            (None, None) => Asks {
                mode: Mode::Original,
                commit: When::Never,
                application: When::Always,
            },
            (commit, application) => Asks {
                mode: Mode::Enhanced,
                commit: commit.unwrap_or(When::Never),
                application: application.unwrap_or(When::Never),
            },
        }
    }

    /// MSH-12, where it is a version that is known.
    pub fn version(&self) -> Option<Version> {
        Version::named(str::from_utf8(self.component(12, 1)).ok()?.trim())
    }

    /// A field of the header, as it was sent, without control characters; empty if it was not.
    pub(super) fn field(&self, number: usize) -> &[u8] {
        let field = number.checked_sub(1).and_then(|index| self.fields.get(index));
        field.map(Vec::as_slice).unwrap_or_default()
    }

    /// The same, empty where it is null.
    pub(super) fn said(&self, number: usize) -> &[u8] {
        let field = self.field(number).trim_ascii();
        if field == b"\"\"" { b"" } else { field }
    }

    /// The trigger event, where it is a code as table 0003 has them.
    pub(super) fn trigger(&self) -> Option<&[u8]> {
        let trigger = self.component(9, 2);
        (trigger.len() == 3 && trigger.iter().all(u8::is_ascii_alphanumeric)).then_some(trigger)
    }

    /// MSH-18, where it is a character set that an answer can be in.
    pub(super) fn charset(&self) -> &[u8] {
        let mut repetitions = self
            .said(18)
            .split(|byte| char::from(*byte) == self.separators.repetition());
        let name = repetitions.next().unwrap_or_default();
        let known = str::from_utf8(name).is_ok_and(|name| Charset::named(name).is_some());
        if known { name } else { b"" }
    }

    fn component(&self, field: usize, number: usize) -> &[u8] {
        let mut components = self
            .said(field)
            .split(|byte| char::from(*byte) == self.separators.component());
        components.nth(number - 1).unwrap_or_default().trim_ascii()
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("version", &self.version())
            .field("asks", &self.asks())
            .finish_non_exhaustive()
    }
}

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// Which rules.
    pub mode: Mode,
    /// When it wants to hear that the message is safely kept, or will not be.
    pub commit: When,
    /// When it wants to hear what came of it.
    pub application: When,
}

/// The two sets of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One answer, once the message was acted on (§2.9.2).
    Original,
    /// An answer when it is kept, and another, later, when it was acted on (§2.9.3).
    Enhanced,
}

/// When an answer is wanted (table 0155).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `AL`.
    Always,
    /// `NE`.
    Never,
    /// `ER`: of errors and rejections.
    OnError,
    /// `SU`: of success.
    OnSuccess,
}

/// Why bytes have no sensible answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// It is an acknowledgement, or the answer to a query: to answer it would go on for ever.
    #[error("an answer is not answered")]
    IsAnswer,
    /// It has no header with separators: it is unknown to whom, and how, an answer would be written. Also a batch.
    #[error("no header to answer")]
    NoHeader,
}

/// MSH-1 to MSH-18.
const FIELDS: usize = 18;
