//! Why a message is not taken: a closed list, for answers, counters and the quarantine. None holds anything of a message.

use baton_hl7::ack::Outcome;
use baton_hl7::adt::AdtError;
use baton_hl7::{Condition, Fault, Location, ParseError};

use crate::patients::decide::EventRefusal;

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is no ADT message that could be acted on.
    Adt(AdtError),
    /// It was refused before, by a version of the record that named the reason otherwise.
    Before,
    /// The index does not take what it says.
    Index(EventRefusal),
    /// It moves numbers from one patient to another (A43), which may or may not be a merge: a person has to look.
    Moved,
    /// The database refuses it, now and on another try. A fault of ours.
    NotStored,
    /// Another message came with the same MSH-10.
    OtherContent,
    /// It is no single message.
    Parse(ParseError),
    /// It is for training or debugging, or, where that is taken, of real patients (MSH-11).
    Processing,
    /// Its sender is not one of those who are taken.
    Sender,
}

/// A place where it is safe to say what is wrong.
const INDEX: Location = Location::field("PID", 3);

impl Reason {
    /// Its name, for the database and counters.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Adt(error) => match error {
                AdtError::MissingControlId => "missing-control-id",
                AdtError::MissingEvent => "missing-event",
                AdtError::MissingField(_) => "missing-field",
                AdtError::MissingSegment(_) => "missing-segment",
                AdtError::MissingType => "missing-type",
                AdtError::MissingVersion => "missing-version",
                AdtError::OutOfOrder(_) => "out-of-order",
                AdtError::UnsupportedEvent => "unsupported-event",
                AdtError::UnsupportedType => "unsupported-type",
                AdtError::UnsupportedVersion => "unsupported-version",
            },
            Self::Before => "refused-before",
            Self::Index(refusal) => match refusal {
                EventRefusal::NoNumber => "no-number",
                EventRefusal::NoSuchPatient => "no-such-patient",
                EventRefusal::SamePatient => "same-patient",
                EventRefusal::TooMuch => "too-much",
            },
            Self::Moved => "moved-numbers",
            Self::NotStored => "not-stored",
            Self::OtherContent => "other-content",
            Self::Parse(error) => match error {
                ParseError::Batch => "batch",
                ParseError::Empty => "empty",
                ParseError::NoHeader => "no-header",
                ParseError::NotASegment => "not-a-segment",
                ParseError::NotInCharset => "not-in-charset",
                ParseError::Separators => "separators",
                ParseError::SeveralMessages => "several-messages",
                ParseError::TooLong => "too-long",
                ParseError::TooManySegments => "too-many-segments",
                ParseError::UnknownCharset => "unknown-charset",
            },
            Self::Processing => "processing",
            Self::Sender => "sender",
        }
    }

    /// The reason that was kept under a name, of those that do not follow from the message alone.
    pub fn named(label: &str) -> Self {
        [
            Self::Index(EventRefusal::NoNumber),
            Self::Index(EventRefusal::NoSuchPatient),
            Self::Index(EventRefusal::SamePatient),
            Self::Index(EventRefusal::TooMuch),
            Self::Moved,
            Self::NotStored,
            Self::OtherContent,
        ]
        .into_iter()
        .find(|reason| reason.label() == label)
        .unwrap_or(Self::Before)
    }

    /// Whether the message is kept for an operator. Of what is never taken here, of whatever content, nothing is: results and
    /// orders, acknowledgements, messages of others than those who are taken, training. Neither can what has no end be.
    pub const fn is_kept(self) -> bool {
        !matches!(
            self,
            Self::Adt(AdtError::UnsupportedType)
                | Self::Processing
                | Self::Sender
                | Self::Parse(ParseError::TooLong)
        )
    }

    /// What is answered. Rejected is what is decided by the header (HL7 v2.5.1 §2.9.2.2) or cannot be read past it; all else is
    /// an error.
    pub fn outcome(self) -> Outcome<'static> {
        match self {
            Self::Adt(error) => error.into(),
            Self::Before => Outcome::Failed(Fault::of(
                Condition::ApplicationInternalError,
                "Refused before; kept for the receiver's operator",
            )),
            Self::Index(refusal) => Outcome::Failed(index_fault(refusal)),
            Self::Moved => Outcome::Failed(Fault {
                condition: Condition::UnsupportedEventCode,
                location: Some(Location::segment("MRG", 1)),
                message: "A move of identifiers is looked at by a person; kept for the receiver's operator",
            }),
            Self::NotStored => Outcome::Failed(Fault::of(
                Condition::ApplicationInternalError,
                "Could not be stored; kept for the receiver's operator",
            )),
            Self::OtherContent => Outcome::Failed(Fault {
                condition: Condition::DuplicateKeyIdentifier,
                location: Some(Location::field("MSH", 10)),
                message: "Another message had this control id",
            }),
            Self::Parse(error) => error.into(),
            Self::Processing => Outcome::Rejected(Fault::at(
                Condition::UnsupportedProcessingId,
                Location::field("MSH", 11),
            )),
            Self::Sender => Outcome::Rejected(Fault {
                condition: Condition::ApplicationInternalError,
                location: Some(Location::field("MSH", 3)),
                message: "Messages of this sender are not taken here",
            }),
        }
    }
}

const fn index_fault(refusal: EventRefusal) -> Fault {
    let (condition, message) = match refusal {
        EventRefusal::NoNumber => (
            Condition::RequiredFieldMissing,
            "No number says which patient this is",
        ),
        EventRefusal::NoSuchPatient => (Condition::UnknownKeyIdentifier, "Unknown key identifier"),
        EventRefusal::SamePatient => (
            Condition::DuplicateKeyIdentifier,
            "Two different patients are needed",
        ),
        EventRefusal::TooMuch => (Condition::DataType, "More is said than is kept of one patient"),
    };
    Fault {
        condition,
        location: Some(INDEX),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_header_decides_is_rejected_and_content_is_an_error() {
        let rejected = [
            Reason::Adt(AdtError::UnsupportedType),
            Reason::Adt(AdtError::UnsupportedEvent),
            Reason::Adt(AdtError::UnsupportedVersion),
            Reason::Parse(ParseError::Batch),
            Reason::Processing,
            Reason::Sender,
        ];
        assert!(
            rejected
                .iter()
                .all(|reason| matches!(reason.outcome(), Outcome::Rejected(_)))
        );
        let failed = [
            Reason::Adt(AdtError::MissingField(INDEX)),
            Reason::Index(EventRefusal::NoNumber),
            Reason::OtherContent,
            Reason::NotStored,
            Reason::Moved,
        ];
        assert!(
            failed
                .iter()
                .all(|reason| matches!(reason.outcome(), Outcome::Failed(_)))
        );
    }

    #[test]
    fn what_is_never_taken_is_not_kept_and_what_may_be_mended_is() {
        assert!(!Reason::Adt(AdtError::UnsupportedType).is_kept());
        assert!(!Reason::Processing.is_kept() && !Reason::Sender.is_kept());
        assert!(Reason::Adt(AdtError::UnsupportedEvent).is_kept());
        assert!(Reason::Parse(ParseError::NotASegment).is_kept());
        assert!(Reason::OtherContent.is_kept() && Reason::NotStored.is_kept());
    }

    #[test]
    fn a_reason_is_known_again_by_its_name() {
        for reason in [
            Reason::Index(EventRefusal::SamePatient),
            Reason::Moved,
            Reason::OtherContent,
        ] {
            assert_eq!(Reason::named(reason.label()), reason);
        }
        assert_eq!(Reason::named("of-another-version"), Reason::Before);
    }
}
