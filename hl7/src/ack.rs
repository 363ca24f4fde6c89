//! Acknowledgements (HL7 v2.5.1 §2.9, §2.13.1): `MSH`, `MSA` and, where something is wrong, `ERR`, in the sender's own
//! separators, version and character set.
//!
//! An answer says fixed sentences, codes and places only: nothing of a patient comes back in it. [`Envelope::read`] says
//! when there is no sensible answer.

use crate::adt::AdtError;
use crate::escape::encode;
use crate::fault::{Fault, Location};
use crate::message::ParseError;
use crate::time::Timestamp;
use crate::version::Version;

mod envelope;

pub use envelope::{Asks, Envelope, Mode, NoAnswer, When};

/// What came of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It was taken (`AA`, `CA`). Notes are sent as warnings where the version has them (ERR-4, since v2.5).
    Accepted(&'a [Fault]),
    /// Its content is wrong (`AE`, `CE`): the same again would be wrong again.
    Failed(Fault),
    /// It is not of a kind that is taken here, or cannot be now (`AR`, `CR`).
    Rejected(Fault),
}

impl From<ParseError> for Outcome<'_> {
    /// What cannot be read beyond its header is rejected.
    fn from(error: ParseError) -> Self {
        Self::Rejected(error.fault())
    }
}

impl From<AdtError> for Outcome<'_> {
    /// MSH-9 and MSH-12 decide about rejection, all else is an error (§2.9.2.2).
    fn from(error: AdtError) -> Self {
        let fault = error.fault();
        match error {
            AdtError::MissingEvent
            | AdtError::MissingType
            | AdtError::MissingVersion
            | AdtError::UnsupportedEvent
            | AdtError::UnsupportedType
            | AdtError::UnsupportedVersion => Self::Rejected(fault),
            AdtError::MissingControlId
            | AdtError::MissingField(_)
            | AdtError::MissingSegment(_)
            | AdtError::OutOfOrder(_) => Self::Failed(fault),
        }
    }
}

/// Which of the two acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// That it is safely kept, before it was acted on (`CA`, `CE`, `CR`). Only in enhanced mode.
    Commit,
    /// What came of it (`AA`, `AE`, `AR`).
    Application,
}

/// What an answer brings of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own<'a> {
    /// MSH-10: the answer's own control id; at most 20 characters before v2.7.
    pub control_id: &'a str,
    /// MSH-7.
    pub at: Timestamp,
}

impl Envelope {
    /// The acknowledgement of this message, without the MLLP block around it; `None` if the message does not ask for it.
    pub fn answer(&self, stage: Stage, outcome: Outcome<'_>, own: Own<'_>) -> Option<Vec<u8>> {
        let asks = self.asks();
        let asked = match stage {
            Stage::Commit => asks.commit,
            Stage::Application => asks.application,
        };
        let succeeded = matches!(outcome, Outcome::Accepted(_));
        let wanted = match asked {
            When::Always => true,
            When::Never => false,
            When::OnError => !succeeded,
            When::OnSuccess => succeeded,
        };
        wanted.then(|| self.write(asks.mode, stage, outcome, own))
    }

    fn write(&self, mode: Mode, stage: Stage, outcome: Outcome<'_>, own: Own<'_>) -> Vec<u8> {
        // An unknown version is answered as v2.4 is, the one that HL7 UK A.3 is made from.
        let version = self.version().unwrap_or(Version::V2_4);
        let mut answer = self.header(mode, version, own);
        answer.extend(self.msa(stage, outcome, version));
        match outcome {
            Outcome::Accepted(notes) if version >= Version::V2_5 => {
                for note in notes.iter().take(WARNINGS) {
                    answer.extend(self.err(*note, b"W", version));
                }
            }
            Outcome::Accepted(_) => {}
            Outcome::Failed(fault) | Outcome::Rejected(fault) => {
                answer.extend(self.err(fault, b"E", version));
            }
        }
        answer
    }

    /// MSH, with sender and receiver changed over.
    fn header(&self, mode: Mode, version: Version, own: Own<'_>) -> Vec<u8> {
        let component = self.separators.component();
        let kind = match self.trigger() {
            Some(trigger) if version >= Version::V2_3 => {
                let mut kind = format!("ACK{component}").into_bytes();
                kind.extend(trigger);
                if version >= Version::V2_3_1 {
                    kind.extend(format!("{component}ACK").into_bytes());
                }
                kind
            }
            Some(_) | None => b"ACK".to_vec(),
        };
        let or = |field: &[u8], otherwise: &[u8]| {
            if field.is_empty() {
                otherwise.to_vec()
            } else {
                field.to_vec()
            }
        };
        // An answer asks for no answer.
        let never: &[u8] = if mode == Mode::Enhanced { b"NE" } else { b"" };
        self.segment(
            "MSH",
            &[
                self.separators.encoding_characters().into_bytes(),
                self.field(5).to_vec(),
                self.field(6).to_vec(),
                self.field(3).to_vec(),
                self.field(4).to_vec(),
                self.text(&own.at.to_string()),
                Vec::new(),
                kind,
                self.text(own.control_id),
                or(self.said(11), b"P"),
                or(self.said(12), b"2.4"),
                Vec::new(),
                Vec::new(),
                never.to_vec(),
                never.to_vec(),
                Vec::new(),
                self.charset().to_vec(),
            ],
        )
    }

    /// MSA: the code, and whose answer it is. MSA-3 and MSA-6 gave way to ERR in v2.5.
    fn msa(&self, stage: Stage, outcome: Outcome<'_>, version: Version) -> Vec<u8> {
        let (code, fault): (&[u8], _) = match (stage, outcome) {
            (Stage::Application, Outcome::Accepted(_)) => (b"AA", None),
            (Stage::Application, Outcome::Failed(fault)) => (b"AE", Some(fault)),
            (Stage::Application, Outcome::Rejected(fault)) => (b"AR", Some(fault)),
            (Stage::Commit, Outcome::Accepted(_)) => (b"CA", None),
            (Stage::Commit, Outcome::Failed(fault)) => (b"CE", Some(fault)),
            (Stage::Commit, Outcome::Rejected(fault)) => (b"CR", Some(fault)),
        };
        let mut fields = vec![code.to_vec(), self.field(10).to_vec()];
        if let Some(fault) = fault.filter(|_| version < Version::V2_5) {
            fields.push(self.text(fault.message));
            if version >= Version::V2_3 {
                fields.extend([
                    Vec::new(),
                    Vec::new(),
                    self.condition(fault, self.separators.component()),
                ]);
            }
        }
        self.segment("MSA", &fields)
    }

    /// ERR: since v2.5 ERR-2 (ERL), -3, -4 and -8; before, ERR-1.
    fn err(&self, fault: Fault, severity: &[u8], version: Version) -> Vec<u8> {
        let component = self.separators.component();
        if version >= Version::V2_5 {
            let place = fault.location.map(place).unwrap_or_default();
            let nothing = Vec::new;
            return self.segment(
                "ERR",
                &[
                    nothing(),
                    place.join(&component.to_string()).into_bytes(),
                    self.condition(fault, component),
                    severity.to_vec(),
                    nothing(),
                    nothing(),
                    nothing(),
                    self.text(fault.message),
                ],
            );
        }
        let location = fault.location.map(|location| Location {
            component: None,
            ..location
        });
        let mut parts = location.map(place).unwrap_or_default();
        parts.resize(3, String::new());
        let mut field = parts.join(&component.to_string()).into_bytes();
        field.extend(component.to_string().into_bytes());
        match self.separators.subcomponent() {
            Some(subcomponent) => field.extend(self.condition(fault, subcomponent)),
            None => field.extend(fault.condition.code().to_string().into_bytes()),
        }
        self.segment("ERR", &[field])
    }

    /// A code of table 0357, with its words and the table's name.
    fn condition(&self, fault: Fault, separator: char) -> Vec<u8> {
        let words = encode(fault.condition.text(), &self.separators);
        format!("{}{separator}{words}{separator}HL70357", fault.condition.code()).into_bytes()
    }

    fn text(&self, text: &str) -> Vec<u8> {
        encode(text, &self.separators).into_bytes()
    }

    /// A segment without empty fields at its end.
    fn segment(&self, name: &str, fields: &[Vec<u8>]) -> Vec<u8> {
        let last = fields
            .iter()
            .rposition(|field| !field.is_empty())
            .map_or(0, |last| last + 1);
        let mut segment = name.as_bytes().to_vec();
        for field in fields.iter().take(last) {
            segment.extend(self.separators.field().to_string().into_bytes());
            segment.extend(field);
        }
        segment.push(b'\r');
        segment
    }
}

/// Segment, which of them, field, repetition and component, as far as they are said.
fn place(location: Location) -> Vec<String> {
    let mut place = vec![location.segment.to_owned(), location.occurrence.to_string()];
    place.extend(location.field.map(|field| field.to_string()));
    if let (Some(_), Some(component)) = (location.field, location.component) {
        place.extend(["1".to_owned(), component.to_string()]);
    }
    place
}

/// How many notes an answer carries at most.
const WARNINGS: usize = 20;

#[cfg(test)]
mod tests;
