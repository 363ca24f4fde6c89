//! Looking patients up. Who looked whom up, and why, is in the record's audit.

use serde::{Deserialize, Serialize};

use crate::id::{PatientId, SpaceId};
use crate::patient::Patient;
use crate::secret::Personal;

/// Finds patients of the index by what was typed ([`crate::patient::query`]): an NHS number, another number, names, a date
/// of birth, a postcode, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindPatients {
    /// What was typed.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// Patients that were found, best first, at most 25. Addresses, contacts and the visit are left out until one is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPatients {
    /// Who.
    #[serde(rename = "p")]
    pub patients: Vec<Patient>,
    /// True when more match than are told: more has to be typed.
    #[serde(rename = "m", default)]
    pub has_more: bool,
}

/// Asks for all that is known of one patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPatient {
    /// Who.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// Why.
    #[serde(rename = "w")]
    pub why: LookUp,
}

/// Why somebody opens a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LookUp {
    /// A conversation or list of this space is about them. The record checks that it is, and that the person belongs there.
    #[serde(rename = "s")]
    InSpace(SpaceId),
    /// To care for them; what the person wrote.
    #[serde(rename = "o")]
    Other(Personal<String>),
}

/// What is known of one patient, and with which patients they share a space of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedPatient {
    /// Who.
    #[serde(rename = "p")]
    pub patient: Patient,
    /// The space of the people around them, when the asking person belongs to it.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub space: Option<SpaceId>,
}
