//! What a feed, a file or another system says of patients, in words of our own: neither HL7 nor FHIR.
//!
//! Nothing here knows what the index holds. [`super::decide`] says what becomes of it.

use baton_core::date::PartialDate;
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{
    Address, Contact, Died, Gender, Identifier, PatientNhsNumber, Place, Report, VisitStatus,
};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use baton_core::time::At;
use serde::{Deserialize, Serialize};

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When the sending system took it down (HL7 v2 EVN-2, else MSH-7), not when it arrived; over FHIR, when it arrived, since the
    /// standard has the server set `meta.lastUpdated`. It is
    /// what orders events: an older one never undoes a newer one, however late it comes. Of two with the same moment the
    /// one that arrives later is the newer.
    pub at: At,
    /// What happened.
    pub change: Change,
}

/// What happened. Each carries what its message says of the patient besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "events are few at a time, and read once"
)]
pub enum Change {
    /// Two were said to be the same person, without becoming one: each stays a patient of their own (HL7 v2 A24).
    Link {
        /// One of them.
        one: Subject,
        /// The other.
        other: Subject,
    },
    /// One turned out to be another known twice, and stands for both from here on (A18, A34, A40 and kin).
    Merge {
        /// Who stands for both.
        survivor: Subject,
        /// Who was merged away: found by what names them, and made if not known.
        retired: Subject,
    },
    /// A visit was one of another patient (A43 to A45, A50).
    MoveVisit {
        /// Whose it was thought to be.
        from: Subject,
        /// Its number then.
        number: VisitNumber,
        /// Whose it is.
        to: Subject,
        /// Its number now.
        becomes: VisitNumber,
    },
    /// A patient got another number in place of one that they had (A46, A47). The old one still finds them.
    Renumber {
        /// Found by the old number.
        from: Subject,
        /// Everything that is said of them, with the new number.
        to: Subject,
    },
    /// Results of a patient were reported (ORU). Of one whom the index does not know nothing becomes of it: who reports results
    /// does not say who is a patient.
    Report(Subject, Vec<Report>),
    /// The whole patient is said not to be one (A29): marked, never erased. Not found any more, until a newer event
    /// speaks of them.
    Remove(Subject),
    /// Two patients changed places (A17). Each visit is as it is after.
    Swap {
        /// One of them.
        one: (Subject, VisitDetails),
        /// The other.
        other: (Subject, VisitDetails),
    },
    /// Something is said of a patient, perhaps of a visit too (A04, A08, A28, A31): a visit that is known keeps its status.
    Tell(Subject, Option<VisitDetails>),
    /// A link was wrong (A37 of linked ones).
    Unlink {
        /// One of them.
        one: Subject,
        /// The other.
        other: Subject,
    },
    /// A merge was wrong: who was merged away is a patient of their own again (A37).
    Unmerge {
        /// Who is given back.
        retired: Subject,
    },
    /// Something happened to a visit.
    Visit(Subject, VisitEvent, VisitDetails),
}

impl Change {
    /// Whether everything for which an index may refuse it is in itself. It is where patients are named by their numbers, unless
    /// two have to be two, which they may turn out not to be.
    pub fn is_certain(&self) -> bool {
        let by_numbers = |subject: &Subject| subject.patient.is_none();
        match self {
            Self::Link { .. } | Self::Swap { .. } | Self::Unlink { .. } => false,
            Self::Merge { survivor, retired } => by_numbers(survivor) && by_numbers(retired),
            Self::MoveVisit { from, to, .. } | Self::Renumber { from, to } => {
                by_numbers(from) && by_numbers(to)
            }
            Self::Remove(subject)
            | Self::Report(subject, _)
            | Self::Tell(subject, _)
            | Self::Visit(subject, ..) => by_numbers(subject),
            Self::Unmerge { retired } => by_numbers(retired),
        }
    }
}

/// What happens to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VisitEvent {
    /// Admitted (A01, A06).
    #[serde(rename = "a")]
    Admit,
    /// Came as an outpatient, or went onto a caseload (A04, A07).
    #[serde(rename = "r")]
    Attend,
    /// What was said last is withdrawn (A11, A12, A13, A38, A52, A53). With it goes what followed from it: cancelling an
    /// admission cancels the transfers after it.
    #[serde(rename = "c")]
    Cancel(Cancelled),
    /// Left (A03).
    #[serde(rename = "d")]
    Discharge,
    /// Back from leave (A22).
    #[serde(rename = "b")]
    LeaveBack,
    /// On leave (A21).
    #[serde(rename = "l")]
    LeaveOut,
    /// Expected (A05, A14).
    #[serde(rename = "p")]
    PreAdmit,
    /// The visit is said not to be one (A23): marked, never erased.
    #[serde(rename = "x")]
    Remove,
    /// Moved to another place (A02).
    #[serde(rename = "t")]
    Transfer,
}

/// What is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cancelled {
    /// An admission, or an attendance (A11).
    #[serde(rename = "a")]
    Admit,
    /// A discharge (A13).
    #[serde(rename = "d")]
    Discharge,
    /// A return from leave (A53).
    #[serde(rename = "b")]
    LeaveBack,
    /// A leave (A52).
    #[serde(rename = "l")]
    LeaveOut,
    /// An expected admission (A38, A27).
    #[serde(rename = "p")]
    PreAdmit,
    /// A transfer (A12).
    #[serde(rename = "t")]
    Transfer,
}

/// Of whom something is said, and what is said of them.
///
/// Found by `patient`; else by the first of `identifiers`, the sender's own; else by another of them, of whose patient the date
/// of birth and the given name are not others; else by the NHS number, if the date of birth and the given name agree: never by
/// an NHS number alone. Else they are new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The index's own id, where the sender knows it.
    pub patient: Option<PatientId>,
    /// What is said of them.
    pub details: Details,
}

/// What is said of a patient. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Numbers that services gave, the sender's own first. They are added to those that are known; one that is another
    /// patient's is left there.
    #[serde(rename = "l", default)]
    pub identifiers: Vec<Identifier>,
    /// The NHS number. Another than before makes the one before a superseded one.
    #[serde(rename = "h", default)]
    pub nhs: Update<PatientNhsNumber>,
    /// NHS numbers that are said to be superseded.
    #[serde(rename = "s", default)]
    pub superseded: Vec<NhsNumber>,
    /// The usual name.
    #[serde(rename = "n", default)]
    pub name: Update<Personal<Name>>,
    /// What they like to be called.
    #[serde(rename = "p", default)]
    pub preferred: Update<Personal<String>>,
    /// When they were born.
    #[serde(rename = "b", default)]
    pub born: Update<Personal<PartialDate>>,
    /// That they died; `Clear` withdraws a death.
    #[serde(rename = "d", default)]
    pub died: Update<Died>,
    /// Gender.
    #[serde(rename = "g", default)]
    pub gender: Update<Gender>,
    /// Whether address, phone numbers and the like are withheld.
    #[serde(rename = "r", default)]
    pub restricted: Update<bool>,
    /// All addresses, the usual one first.
    #[serde(rename = "a", default)]
    pub addresses: Update<Vec<Address>>,
    /// All phone numbers and e-mail addresses.
    #[serde(rename = "c", default)]
    pub contacts: Update<Vec<Contact>>,
    /// The GP practice.
    #[serde(rename = "q", default)]
    pub gp: Update<Organisation>,
}

/// What a message says of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Update<T> {
    /// It is empty now (HL7 v2 `""`).
    #[serde(rename = "c")]
    Clear,
    /// Nothing: it stays as it is (HL7 v2 empty field).
    #[default]
    #[serde(rename = "k")]
    Keep,
    /// It is this now.
    #[serde(rename = "s")]
    Set(T),
}

impl<T> Update<T> {
    /// Nothing is said.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// What it is now, if that is said.
    pub const fn set(&self) -> Option<&T> {
        match self {
            Self::Clear | Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T> From<Option<T>> for Update<T> {
    /// What is not there is left as it is.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// A visit's number (HL7 v2 PV1-19, FHIR `Encounter.identifier`), with who gave it. `None` where a feed gives none: then a
/// patient has one visit at a time.
pub type VisitNumber = Option<Identifier>;

/// What is said of a visit. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitDetails {
    /// Which visit.
    #[serde(rename = "n", default)]
    pub number: VisitNumber,
    /// How it stands, of a visit that is not known yet (an A08 about somebody who was admitted before the feed began).
    #[serde(rename = "s", default)]
    pub status: Option<VisitStatus>,
    /// Where they are. Of a cancelled transfer or discharge: where they are again.
    #[serde(rename = "p", default)]
    pub place: Update<Place>,
    /// The consultant as the feed names them.
    #[serde(rename = "c", default)]
    pub consultant: Update<Personal<String>>,
    /// The specialty or service.
    #[serde(rename = "y", default)]
    pub specialty: Update<String>,
    /// Since when they are here.
    #[serde(rename = "f", default)]
    pub from: Update<PartialDate>,
    /// When they left.
    #[serde(rename = "t", default)]
    pub until: Update<PartialDate>,
    /// When they are expected to leave.
    #[serde(rename = "e", default)]
    pub expected_discharge: Update<PartialDate>,
}
