//! A patient as the record's index knows them: what a banner, a list and a search need, and nothing else.
//!
//! The index is the only author. A space holds a [`Patient`] for everybody that it speaks about, which the record refreshes
//! by an operation (`patient.refreshed`) when the index changes; so a device has it with no network too.
//!
//! | module | what it decides |
//! | --- | --- |
//! | [`banner`], [`age`], `name`, `identify` | how a patient is shown (`docs/cui-rules.md` has the rules) |
//! | [`query`], [`find`] | what was typed into the one box; who matches it, and how well |
//! | [`token`], [`phonetic`], [`postcode`] | how names, numbers and postcodes are compared, here and in the record's blind index |
//! | [`similar`] | whose names are alike |

use serde::{Deserialize, Serialize};

use crate::date::PartialDate;
use crate::id::PatientId;
use crate::nhs_number::NhsNumber;
use crate::person::{Name, Organisation};
use crate::secret::Personal;

pub mod age;
pub mod banner;
pub mod find;
mod identify;
mod name;
pub mod phonetic;
pub mod postcode;
pub mod query;
mod report;
pub mod similar;
pub mod token;

pub use identify::{spoken_label, three_identifiers};
pub use report::{NAME_BYTES, Report, ReportFlag, ReportStatus, first_to_go};

/// What is known of a patient, at one version of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Who.
    #[serde(rename = "i")]
    pub id: PatientId,
    /// Moves on with each change in the index: an older one never takes the place of a newer.
    #[serde(rename = "v")]
    pub version: u64,
    /// The usual name, in the parts that ISB 1506 shows.
    #[serde(rename = "n")]
    pub name: Personal<Name>,
    /// What the patient likes to be called, where that is another name.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Personal<String>>,
    /// When they were born; `None` when it is not known.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub born: Option<Personal<PartialDate>>,
    /// Gender as shown (ISB 1507).
    #[serde(rename = "g", default)]
    pub gender: Gender,
    /// The NHS number that holds; `None` when there is none or it is not known.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub nhs: Option<PatientNhsNumber>,
    /// NHS numbers that were this patient's and no longer are: found by, never shown as theirs.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<NhsNumber>,
    /// Numbers that hospitals and other services gave, in the order of the feed.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Set when the patient has died.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub died: Option<Died>,
    /// Restricted ("sensitive", PDS): address, phone numbers and the like are withheld, and are empty here.
    #[serde(rename = "r", default, skip_serializing_if = "is_false")]
    pub restricted: bool,
    /// Addresses, the usual one first.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Phone numbers and e-mail addresses.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The GP practice.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub gp: Option<Organisation>,
    /// Where they are in care now, or were last.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    /// The patient into whom this one was merged: the same person, known twice.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<PatientId>,
}

/// Gender as the Common User Interface shows it (CUI sex and current gender, ISB 1507).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gender {
    /// Female.
    #[serde(rename = "f")]
    Female,
    /// Male.
    #[serde(rename = "m")]
    Male,
    /// Neither, or indeterminate: `Other` is written *Not Specified* by the guide.
    #[serde(rename = "o")]
    NotSpecified,
    /// Nobody recorded it.
    #[default]
    #[serde(other, rename = "u")]
    NotKnown,
}

impl Gender {
    /// As it is shown: in full, never a code or an abbreviation (CGS-0005, CGS-0006).
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Female => "Female",
            Self::Male => "Male",
            Self::NotSpecified => "Not Specified",
            Self::NotKnown => crate::date::NOT_KNOWN,
        }
    }
}

impl Patient {
    /// A patient of whom nothing is known, before the first version.
    pub fn new(id: PatientId) -> Self {
        Self {
            id,
            version: 0,
            name: Personal::new(Name {
                family: String::new(),
                given: String::new(),
                title: String::new(),
            }),
            preferred: None,
            born: None,
            gender: Gender::NotKnown,
            nhs: None,
            superseded: Vec::new(),
            identifiers: Vec::new(),
            died: None,
            restricted: false,
            addresses: Vec::new(),
            contacts: Vec::new(),
            gp: None,
            visit: None,
            merged_into: None,
        }
    }
}

/// An NHS number and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientNhsNumber {
    /// The number.
    #[serde(rename = "n")]
    pub number: NhsNumber,
    /// Whether it was traced: *number present and verified* (NHS data dictionary, NHS number status indicator 01).
    #[serde(rename = "v")]
    pub is_verified: bool,
}

/// A number that a service gave a patient.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gave it: the assigning authority of the feed, or a FHIR system.
    #[serde(rename = "a")]
    pub assigner: String,
    /// The number.
    #[serde(rename = "n")]
    pub value: Personal<String>,
}

/// That a patient has died.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Died {
    /// When; `None` when only the fact is known.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Personal<PartialDate>>,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Which.
    #[serde(rename = "k")]
    pub kind: AddressKind,
    /// Its lines without the postcode.
    #[serde(rename = "l")]
    pub lines: Personal<Vec<String>>,
    /// The postcode; empty when there is none.
    #[serde(rename = "p", default)]
    pub postcode: Personal<String>,
}

/// Of which kind an address is (PAB-0027).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AddressKind {
    /// *Temporary address*.
    #[serde(rename = "t")]
    Temporary,
    /// *Usual address*.
    #[default]
    #[serde(other, rename = "u")]
    Usual,
}

/// A way to reach a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which.
    #[serde(rename = "k")]
    pub kind: ContactKind,
    /// The number or address.
    #[serde(rename = "v")]
    pub value: Personal<String>,
}

/// Of which kind, in the order in which a banner shows them (PAB-0029).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContactKind {
    /// *Home*.
    #[serde(rename = "h")]
    Home,
    /// *Work*.
    #[serde(rename = "w")]
    Work,
    /// *Mobile*.
    #[serde(rename = "m")]
    Mobile,
    /// *Email*.
    #[serde(rename = "e")]
    Email,
}

/// A stay or an attendance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// How it stands.
    #[serde(rename = "s")]
    pub status: VisitStatus,
    /// Where; `None` when the feed did not say.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The consultant as the feed names them, such as `Dr A Khan`.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub consultant: Option<Personal<String>>,
    /// The specialty or service.
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    /// Since when they are here.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// When they left.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
    /// When they are expected to leave.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub expected_discharge: Option<PartialDate>,
}

/// How a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VisitStatus {
    /// In hospital or in the care home.
    #[serde(rename = "a")]
    Admitted,
    /// On the caseload of a community service, or an outpatient.
    #[serde(rename = "c")]
    Attending,
    /// Left.
    #[serde(rename = "d")]
    Discharged,
    /// On leave of absence: their bed is kept.
    #[serde(rename = "l")]
    OnLeave,
    /// Expected.
    #[serde(rename = "p")]
    PreAdmitted,
}

/// Where a patient is (HL7 v2 PL).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Hospital, home or service.
    #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
    pub facility: String,
    /// Ward, unit or team: the point of care.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub ward: String,
    /// Room or bay.
    #[serde(rename = "r", default, skip_serializing_if = "String::is_empty")]
    pub room: String,
    /// Bed.
    #[serde(rename = "b", default, skip_serializing_if = "String::is_empty")]
    pub bed: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[cfg(test)]
pub(crate) mod tests;
