//! An ADT message, typed: what happened ([`Event`]), to whom, and where they are now (HL7 v2.5.1 chapter 3).
//!
//! What an event cannot do without is demanded: its patients and an identifier of each, a visit where it is about one,
//! and for a merge what is merged. All else may be absent, and a field that cannot be read becomes a note
//! ([`Adt::notes`]), not a refusal. Segments that are not expected are ignored (§2.6.3), unless it would be unclear whom
//! the message is about.

use crate::fault::{Condition, Fault, Location};
use crate::message::Message;

pub mod event;
pub mod header;
pub mod identifier;
pub mod patient;
pub mod person;
pub mod visit;

pub(crate) mod group;
pub(crate) mod read;

pub use event::{Event, Level};
pub use header::{Header, Processing};
pub use identifier::{Assigner, Identifier, Source};
pub use patient::{Death, NhsNumberStatus, Patient, Prior, Sex};
pub use person::{Address, Medium, Name, NameKind, Organisation, Practitioner, Telecom};
pub use visit::{Class, PersonLocation, Visit};

/// An ADT message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adt {
    /// Who sent it, when, and when the event was.
    pub header: Header,
    /// What happened.
    pub event: Event,
    /// To whom: one, but two of swapped beds and of linked records, one or more of a merge, none of what is irrelevant.
    pub persons: Vec<Subject>,
    /// What could not be read, or is missed, and was of no consequence for the event. Warnings in an acknowledgement.
    pub notes: Vec<Fault>,
}

/// A patient of a message, with what is said of their visit and of what is merged into them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who. Of a merge: whose record remains.
    pub patient: Patient,
    /// Their visit; `None` if the message has none. Of class [`Class::NotApplicable`] it stands for none as well (§3.3.28).
    pub visit: Option<Visit>,
    /// What is merged, moved or renamed; empty unless the event is one of those.
    pub priors: Vec<PriorVisit>,
}

/// One `MRG`, with the `PV1` that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriorVisit {
    /// What it was known by.
    pub prior: Prior,
    /// The visit that is meant, as it is now known (A42, A45, A50); `None` if not said.
    pub visit: Option<Visit>,
}

impl Adt {
    /// Reads a message as an ADT message.
    pub fn read(message: &Message<'_>) -> Result<Self, AdtError> {
        let mut notes = Vec::new();
        let (header, event) = Header::read(message, &mut notes)?;
        let persons = group::subjects(message, event.needs(), &mut notes)?;
        Ok(Self {
            header,
            event,
            persons,
            notes,
        })
    }
}

/// Why a message is no ADT message, or no ORU message, that could be acted on. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdtError {
    /// MSH-10 is empty: a second copy could not be known.
    #[error("MSH-10, the message control id, is missing")]
    MissingControlId,
    /// Neither MSH-9.2 nor EVN-1 says what happened.
    #[error("MSH-9.2, the trigger event, is missing")]
    MissingEvent,
    /// A field that the event needs is empty.
    #[error("{0} is missing")]
    MissingField(Location),
    /// A segment that the event needs is not there.
    #[error("segment {0} is missing")]
    MissingSegment(Location),
    /// MSH-9 is empty.
    #[error("MSH-9, the message type, is missing")]
    MissingType,
    /// MSH-12 is empty.
    #[error("MSH-12, the version, is missing")]
    MissingVersion,
    /// A segment is there once too often, or before the one it belongs to.
    #[error("segment {0} is out of order")]
    OutOfOrder(Location),
    /// The trigger event is not one of an ADT message, or not R01 of an ORU message.
    #[error("unsupported trigger event in MSH-9.2")]
    UnsupportedEvent,
    /// Another type of message.
    #[error("unsupported message type in MSH-9")]
    UnsupportedType,
    /// Another version of HL7.
    #[error("unsupported version in MSH-12")]
    UnsupportedVersion,
}

impl AdtError {
    /// What to answer.
    pub const fn fault(self) -> Fault {
        let (condition, location) = match self {
            Self::MissingControlId => (Condition::RequiredFieldMissing, Location::field("MSH", 10)),
            Self::MissingEvent => (
                Condition::RequiredFieldMissing,
                Location::field("MSH", 9).component(2),
            ),
            Self::MissingField(location) => (Condition::RequiredFieldMissing, location),
            Self::MissingSegment(location) | Self::OutOfOrder(location) => {
                (Condition::SegmentSequence, location)
            }
            Self::MissingType => (Condition::RequiredFieldMissing, Location::field("MSH", 9)),
            Self::MissingVersion => (Condition::RequiredFieldMissing, Location::field("MSH", 12)),
            Self::UnsupportedEvent => (
                Condition::UnsupportedEventCode,
                Location::field("MSH", 9).component(2),
            ),
            Self::UnsupportedType => (
                Condition::UnsupportedMessageType,
                Location::field("MSH", 9).component(1),
            ),
            Self::UnsupportedVersion => (Condition::UnsupportedVersionId, Location::field("MSH", 12)),
        };
        Fault::at(condition, location)
    }
}
