//! What is wrong with a message, as an acknowledgement says it: a code of table 0357, a place, and a fixed sentence.
//!
//! A [`Fault`] holds nothing that came out of a message, so that it can be sent, logged and counted.

use std::fmt;

/// What is wrong, by HL7 table 0357 "Message error condition codes" (v2.5.1 §2.15.5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// 100: segments are not in the proper order, or required ones are missing.
    SegmentSequence,
    /// 101: a required field is missing.
    RequiredFieldMissing,
    /// 102: a field is not of its data type.
    DataType,
    /// 103: a coded value is not in its table.
    TableValueNotFound,
    /// 200: the message type is not supported.
    UnsupportedMessageType,
    /// 201: the event code is not supported.
    UnsupportedEventCode,
    /// 202: the processing id is not supported.
    UnsupportedProcessingId,
    /// 203: the version id is not supported.
    UnsupportedVersionId,
    /// 204: the patient or visit was not found.
    UnknownKeyIdentifier,
    /// 205: the patient or visit already exists.
    DuplicateKeyIdentifier,
    /// 206: the transaction could not be stored now.
    ApplicationRecordLocked,
    /// 207: an error of the receiver that no other code names.
    ApplicationInternalError,
}

impl Condition {
    /// The code in table 0357.
    pub const fn code(self) -> u16 {
        match self {
            Self::SegmentSequence => 100,
            Self::RequiredFieldMissing => 101,
            Self::DataType => 102,
            Self::TableValueNotFound => 103,
            Self::UnsupportedMessageType => 200,
            Self::UnsupportedEventCode => 201,
            Self::UnsupportedProcessingId => 202,
            Self::UnsupportedVersionId => 203,
            Self::UnknownKeyIdentifier => 204,
            Self::DuplicateKeyIdentifier => 205,
            Self::ApplicationRecordLocked => 206,
            Self::ApplicationInternalError => 207,
        }
    }

    /// The description in table 0357.
    pub const fn text(self) -> &'static str {
        match self {
            Self::SegmentSequence => "Segment sequence error",
            Self::RequiredFieldMissing => "Required field missing",
            Self::DataType => "Data type error",
            Self::TableValueNotFound => "Table value not found",
            Self::UnsupportedMessageType => "Unsupported message type",
            Self::UnsupportedEventCode => "Unsupported event code",
            Self::UnsupportedProcessingId => "Unsupported processing id",
            Self::UnsupportedVersionId => "Unsupported version id",
            Self::UnknownKeyIdentifier => "Unknown key identifier",
            Self::DuplicateKeyIdentifier => "Duplicate key identifier",
            Self::ApplicationRecordLocked => "Application record locked",
            Self::ApplicationInternalError => "Application internal error",
        }
    }

    /// Whether the table calls it a *rejection* (2xx: nothing in the message's content would mend it, or it may be sent
    /// again later as it is) rather than an *error* of content (1xx).
    pub const fn is_rejection(self) -> bool {
        self.code() >= 200
    }
}

/// A place in a message: what `ERR-2` (ERL, v2.5) or `ERR-1` (before) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The segment's name, such as `PID`.
    pub segment: &'static str,
    /// Which of the segments of that name, from 1.
    pub occurrence: u16,
    /// Which field, from 1; `None` for the whole segment.
    pub field: Option<u16>,
    /// Which component, from 1; `None` for the whole field.
    pub component: Option<u16>,
}

impl Location {
    /// A whole segment.
    pub const fn segment(segment: &'static str, occurrence: u16) -> Self {
        Self {
            segment,
            occurrence,
            field: None,
            component: None,
        }
    }

    /// A field of the first segment of that name.
    pub const fn field(segment: &'static str, field: u16) -> Self {
        Self {
            segment,
            occurrence: 1,
            field: Some(field),
            component: None,
        }
    }

    /// The same in another segment of that name.
    #[must_use]
    pub const fn in_occurrence(mut self, occurrence: u16) -> Self {
        self.occurrence = occurrence;
        self
    }

    /// A component of that field.
    #[must_use]
    pub const fn component(mut self, component: u16) -> Self {
        self.component = Some(component);
        self
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.segment)?;
        if self.occurrence > 1 {
            write!(f, "[{}]", self.occurrence)?;
        }
        if let Some(field) = self.field {
            write!(f, "-{field}")?;
        }
        if let Some(component) = self.component {
            write!(f, ".{component}")?;
        }
        Ok(())
    }
}

/// Something wrong, where, and in words that hold no content of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub condition: Condition,
    /// Where; `None` when no place can be named.
    pub location: Option<Location>,
    /// A sentence for whoever looks after the sender, in ASCII. Always a fixed one, so that nothing personal leaves.
    pub message: &'static str,
}

impl Fault {
    /// Names a fault at a place, in the words of table 0357.
    pub const fn at(condition: Condition, location: Location) -> Self {
        Self {
            condition,
            location: Some(location),
            message: condition.text(),
        }
    }

    /// Names a fault that has no place.
    pub const fn of(condition: Condition, message: &'static str) -> Self {
        Self {
            condition,
            location: None,
            message,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.condition.code(), self.message)?;
        if let Some(location) = self.location {
            write!(f, " at {location}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_code_words_and_place() {
        let fault = Fault::at(
            Condition::RequiredFieldMissing,
            Location::field("PID", 3).in_occurrence(2).component(4),
        );
        assert_eq!(fault.to_string(), "101 Required field missing at PID[2]-3.4");
    }

    #[test]
    fn errors_of_content_are_not_rejections() {
        assert!(!Condition::TableValueNotFound.is_rejection());
        assert!(Condition::UnsupportedMessageType.is_rejection());
        assert!(Condition::ApplicationInternalError.is_rejection());
    }
}
