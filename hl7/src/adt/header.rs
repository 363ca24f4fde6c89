//! The header of a message (MSH, HL7 v2.5.1 §2.15.9) and its event (EVN, §3.4.1). ORU messages have no EVN.

use super::AdtError;
use super::event::Event;
use super::identifier::Assigner;
use super::read::{Reader, whole};
use crate::fault::{Condition, Fault, Location};
use crate::field::Repetition;
use crate::kind::Kind;
use crate::message::Message;
use crate::personal::Said;
use crate::time::Timestamp;
use crate::version::Version;

/// Who sent what, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// MSH-3.
    pub sending_application: Option<Assigner>,
    /// MSH-4: in the UK the ODS code of the organisation or site.
    pub sending_facility: Option<Assigner>,
    /// MSH-5; `ROUTE` when broadcast (ITK HL7 V2 ADT 1.1).
    pub receiving_application: Option<Assigner>,
    /// MSH-6.
    pub receiving_facility: Option<Assigner>,
    /// MSH-7: when the message was made; `None` if not said or not readable.
    pub made: Option<Timestamp>,
    /// The trigger event: MSH-9.2, or EVN-1 where a message of v2.1 or v2.2 has it only there.
    pub trigger: String,
    /// MSH-10: the message's own name, by which a second copy is known. Unique only together with the sender.
    pub control_id: String,
    /// MSH-11.
    pub processing: Processing,
    /// MSH-12.
    pub version: Version,
    /// MSH-13: the sender's count, where the sequence number protocol is used (§2.10.1).
    pub sequence: Option<String>,
    /// EVN-2: when the event was recorded.
    pub recorded: Option<Timestamp>,
    /// EVN-3: when it is planned.
    pub planned: Option<Timestamp>,
    /// EVN-6: when it occurred.
    pub occurred: Option<Timestamp>,
}

/// What a message is for (table 0103).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Processing {
    /// `D`: debugging.
    Debugging,
    /// `P`: production.
    Production,
    /// `T`: training. Of no real patient.
    Training,
    /// Not said, or another code.
    Unknown,
}

impl Header {
    /// Reads the header of an ADT message; the event is decided here, since what else must be there depends on it.
    pub(crate) fn read(message: &Message<'_>, notes: &mut Vec<Fault>) -> Result<(Self, Event), AdtError> {
        let msh = Msh::read(message, Kind::Adt, notes)?;
        let evn = message.segment("EVN");
        if evn.is_none() {
            notes.push(Fault::at(Condition::SegmentSequence, Location::segment("EVN", 1)));
        }
        let mut evn = evn.map(|evn| Reader::new(evn, Location::segment("EVN", 1), notes));
        let stated = evn.as_ref().and_then(|evn| evn.code(1).value().cloned());
        let trigger = whole(msh.kind, 2).or_else(|| stated.clone());
        let trigger = trigger.ok_or(AdtError::MissingEvent)?;
        let event = Event::named(&trigger).ok_or(AdtError::UnsupportedEvent)?;
        if let (Some(evn), Some(stated)) = (&mut evn, stated)
            && stated != trigger
        {
            // MSH-9.2 decides: EVN-1 is kept for backward compatibility only (§3.4.1.1).
            evn.note(1, Condition::TableValueNotFound);
        }
        let times = match &mut evn {
            Some(evn) => [2, 3, 6].map(|number| evn.time(number).value().copied()),
            None => [None; 3],
        };
        Ok((msh.header(trigger, times)?, event))
    }

    /// Reads the header of an ORU message, whose only event here is R01. Its moment is MSH-7.
    pub(crate) fn read_oru(message: &Message<'_>, notes: &mut Vec<Fault>) -> Result<Self, AdtError> {
        let msh = Msh::read(message, Kind::Oru, notes)?;
        let trigger = whole(msh.kind, 2).ok_or(AdtError::MissingEvent)?;
        if trigger != "R01" {
            return Err(AdtError::UnsupportedEvent);
        }
        msh.header(trigger, [None; 3])
    }
}

/// What MSH says, before it is known of what event.
struct Msh<'m> {
    /// MSH-9.
    kind: Repetition<'m>,
    /// MSH-3 to MSH-6.
    parties: [Option<Assigner>; 4],
    made: Option<Timestamp>,
    control_id: Said<String>,
    processing: Processing,
    version: Said<String>,
    sequence: Option<String>,
}

impl<'m> Msh<'m> {
    fn read(message: &'m Message<'_>, expected: Kind, notes: &mut Vec<Fault>) -> Result<Self, AdtError> {
        let msh = message.segment("MSH").ok_or(AdtError::MissingType)?;
        let mut msh = Reader::new(msh, Location::segment("MSH", 1), notes);
        let Said::Value(kind) = msh.field(9) else {
            return Err(AdtError::MissingType);
        };
        if Kind::of(message) != expected {
            return Err(AdtError::UnsupportedType);
        }
        let hd = |number| match msh.field(number) {
            Said::Value(field) => Assigner::read_field(field.first()),
            Said::Absent | Said::Deleted => None,
        };
        let parties = [3, 4, 5, 6].map(hd);
        Ok(Self {
            kind: kind.first(),
            parties,
            made: msh.time(7).value().copied(),
            control_id: msh.code(10),
            processing: Processing::read(&mut msh),
            version: msh.code(12),
            sequence: msh.code(13).value().cloned(),
        })
    }

    /// With the trigger, and EVN-2, EVN-3 and EVN-6.
    fn header(self, trigger: String, times: [Option<Timestamp>; 3]) -> Result<Header, AdtError> {
        let version = match self.version {
            Said::Value(code) => Version::named(&code).ok_or(AdtError::UnsupportedVersion)?,
            Said::Absent | Said::Deleted => return Err(AdtError::MissingVersion),
        };
        let Said::Value(control_id) = self.control_id else {
            return Err(AdtError::MissingControlId);
        };
        let [
            sending_application,
            sending_facility,
            receiving_application,
            receiving_facility,
        ] = self.parties;
        let [recorded, planned, occurred] = times;
        Ok(Header {
            sending_application,
            sending_facility,
            receiving_application,
            receiving_facility,
            made: self.made,
            trigger,
            control_id,
            processing: self.processing,
            version,
            sequence: self.sequence,
            recorded,
            planned,
            occurred,
        })
    }
}

impl Processing {
    fn read(msh: &mut Reader<'_, '_>) -> Self {
        match msh.code(11).value().map(String::as_str) {
            Some("P") => Self::Production,
            Some("T") => Self::Training,
            Some("D") => Self::Debugging,
            Some(_) => {
                msh.note(11, Condition::TableValueNotFound);
                Self::Unknown
            }
            None => {
                msh.note(11, Condition::RequiredFieldMissing);
                Self::Unknown
            }
        }
    }
}
