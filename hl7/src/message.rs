//! One message: its segments, after its separators and its character set have been found (HL7 v2.5.1 §2.5, §2.6).
//!
//! Tolerated, as systems send it: any separators, a byte order mark, blank lines, and segments that end with a line feed
//! or both rather than the carriage return of the standard. A line feed alone, in a message whose segments end with
//! carriage returns, before something that is no segment, is part of a field. Refused: what is no single message.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::charset::Charset;
use crate::escape::Syntax;
use crate::fault::{Condition, Fault, Location};
use crate::segment::{Segment, begins_segment};
use crate::separators::Separators;

/// How much one message may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes at most.
    pub bytes: usize,
    /// Segments at most.
    pub segments: usize,
}

impl Limits {
    /// 1 MiB and 2,000 segments: an ADT message is some kilobytes; one with a hundred diagnoses and next of kin is below
    /// a tenth of this.
    pub const ADT: Self = Self {
        bytes: 1 << 20,
        segments: 2_000,
    };
    /// 1 MiB and 10,000 segments: a report has a segment for each observation and for each line that is written about it,
    /// and a message may have the reports of several patients. Fits ADT messages as well, where it is not yet known which
    /// a message is.
    pub const ORU: Self = Self {
        bytes: 1 << 20,
        segments: 10_000,
    };
}

/// A message.
#[derive(Clone)]
pub struct Message<'a> {
    text: Cow<'a, str>,
    segments: Vec<Range<usize>>,
    syntax: Syntax,
    charset_assumed: bool,
}

impl<'a> Message<'a> {
    /// Parses what stood in one MLLP block.
    pub fn parse(bytes: &'a [u8], limits: Limits) -> Result<Self, ParseError> {
        if bytes.len() > limits.bytes {
            return Err(ParseError::TooLong);
        }
        let (bytes, marked) = start(bytes);
        match bytes.get(..3) {
            Some(b"MSH") => {}
            Some(b"BHS" | b"FHS" | b"BTS" | b"FTS") => return Err(ParseError::Batch),
            _ if bytes.is_empty() => return Err(ParseError::Empty),
            _ => return Err(ParseError::NoHeader),
        }
        let separators = Separators::read(bytes).ok_or(ParseError::Separators)?;
        let named = Charset::named(charset_name(bytes, separators)).ok_or(ParseError::UnknownCharset)?;
        let declared = if marked { Some(Charset::UTF_8) } else { named };
        let (text, charset, charset_assumed) =
            Charset::read(declared, bytes).ok_or(ParseError::NotInCharset)?;
        let syntax = Syntax { separators, charset };
        let segments = divide(&text, separators.field(), limits.segments)?;
        let message = Self {
            text,
            segments,
            syntax,
            charset_assumed,
        };
        for (index, segment) in message.segments().enumerate() {
            match segment.name() {
                "BHS" | "BTS" | "FHS" | "FTS" => return Err(ParseError::Batch),
                "MSH" if index > 0 => return Err(ParseError::SeveralMessages),
                _ => {}
            }
        }
        Ok(message)
    }

    /// The segments, in order; the first is `MSH`.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.segments
            .iter()
            .filter_map(|range| self.text.get(range.clone()))
            .map(|raw| Segment::new(raw, self.syntax))
    }

    /// The first segment of that name.
    pub fn segment(&self, name: &str) -> Option<Segment<'_>> {
        self.segments().find(|segment| segment.name() == name)
    }

    /// Its separators.
    pub const fn separators(&self) -> Separators {
        self.syntax.separators
    }

    /// The character set it was read in.
    pub const fn charset(&self) -> Charset {
        self.syntax.charset
    }

    /// Whether the character set is a guess: it names none, or ASCII, and holds other characters.
    pub const fn is_charset_assumed(&self) -> bool {
        self.charset_assumed
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.segments()).finish()
    }
}

/// The bytes from where the message begins, and whether a UTF-8 byte order mark stood before it.
pub(crate) fn start(bytes: &[u8]) -> (&[u8], bool) {
    let bytes = bytes.trim_ascii_start();
    match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(marked) => (marked.trim_ascii_start(), true),
        None => (bytes, false),
    }
}

/// MSH-18, its first repetition, before anything can be decoded: the names of table 0211 are ASCII.
fn charset_name(bytes: &[u8], separators: Separators) -> &str {
    let mut ends = bytes.split(|byte| matches!(byte, b'\r' | b'\n'));
    let header = ends.next().unwrap_or_default();
    let mut fields = header.split(|byte| char::from(*byte) == separators.field());
    let field = fields.nth(17).unwrap_or_default();
    let mut repetitions = field.split(|byte| char::from(*byte) == separators.repetition());
    let name = str::from_utf8(repetitions.next().unwrap_or_default()).unwrap_or("?");
    if name.trim() == "\"\"" { "" } else { name }
}

/// Where the segments are.
fn divide(text: &str, field_separator: char, most: usize) -> Result<Vec<Range<usize>>, ParseError> {
    let has_returns = text.contains('\r');
    let mut segments: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut after_return = true;
    for line in text.split_inclusive(['\r', '\n']) {
        let content = line.trim_end_matches(['\r', '\n']);
        let trimmed = content.trim_start_matches([' ', '\t']);
        let range = at + (content.len() - trimmed.len())..at + content.len();
        at += line.len();
        if begins_segment(trimmed, field_separator) {
            if segments.len() == most {
                return Err(ParseError::TooManySegments);
            }
            segments.push(range);
            after_return = false;
        } else if !trimmed.is_empty() {
            match segments.last_mut() {
                Some(last) if has_returns && !after_return => last.end = range.end,
                _ => return Err(ParseError::NotASegment),
            }
        }
        after_return |= line.ends_with('\r');
    }
    Ok(segments)
}

/// Why bytes are not one HL7 v2 message. Holds nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It has batch segments (`FHS`, `BHS`, `BTS`, `FTS`), or is a part of a batch.
    #[error("a batch, or a part of one; messages are taken one by one")]
    Batch,
    /// There is nothing.
    #[error("empty")]
    Empty,
    /// It does not begin with `MSH`.
    #[error("does not begin with MSH")]
    NoHeader,
    /// A line is no segment.
    #[error("a line is not a segment")]
    NotASegment,
    /// It has bytes that the character set it names does not have.
    #[error("bytes outside the character set that MSH-18 names")]
    NotInCharset,
    /// MSH-1 and MSH-2 cannot be used.
    #[error("separators in MSH-1 and MSH-2 that cannot be used")]
    Separators,
    /// There is another message in it.
    #[error("more than one message")]
    SeveralMessages,
    /// It is longer than [`Limits::bytes`].
    #[error("too long")]
    TooLong,
    /// It has more than [`Limits::segments`].
    #[error("too many segments")]
    TooManySegments,
    /// It names a character set that is not known here.
    #[error("unknown character set in MSH-18")]
    UnknownCharset,
}

impl ParseError {
    /// What to answer.
    pub const fn fault(self) -> Fault {
        let (condition, location, message) = match self {
            Self::Batch => (
                Condition::UnsupportedMessageType,
                None,
                "Batches are not supported",
            ),
            Self::Empty => (Condition::SegmentSequence, None, "Empty message"),
            Self::NoHeader => (
                Condition::SegmentSequence,
                None,
                "Message does not begin with MSH",
            ),
            Self::NotASegment => (Condition::SegmentSequence, None, "A line is not a segment"),
            Self::NotInCharset => (
                Condition::DataType,
                Some(Location::field("MSH", 18)),
                "Bytes outside the character set of MSH-18",
            ),
            Self::Separators => (
                Condition::DataType,
                Some(Location::field("MSH", 2)),
                "Unusable encoding characters",
            ),
            Self::SeveralMessages => (
                Condition::SegmentSequence,
                Some(Location::segment("MSH", 2)),
                "More than one message in a block",
            ),
            Self::TooLong => (Condition::ApplicationInternalError, None, "Message too long"),
            Self::TooManySegments => (Condition::ApplicationInternalError, None, "Too many segments"),
            Self::UnknownCharset => (
                Condition::TableValueNotFound,
                Some(Location::field("MSH", 18)),
                "Unknown character set",
            ),
        };
        Fault {
            condition,
            location,
            message,
        }
    }
}

#[cfg(test)]
mod tests;
