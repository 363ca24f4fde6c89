//! How an `Encounter` stands, and of which class it is.

use baton_core::patient::VisitStatus;
use serde::{Deserialize, Serialize};

use crate::fhir::datatype::Coding;

/// `Encounter.status` (<http://hl7.org/fhir/R4/valueset-encounter-status.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Is there, and waits.
    Arrived,
    /// Will not be.
    Cancelled,
    /// Never was.
    EnteredInError,
    /// Is over.
    Finished,
    /// Goes on.
    InProgress,
    /// On leave.
    #[serde(rename = "onleave")]
    OnLeave,
    /// Is expected.
    Planned,
    /// Is there, and was looked at.
    Triaged,
    /// Nobody knows.
    Unknown,
}

impl Status {
    /// By its code.
    pub fn of(code: &str) -> Option<Self> {
        ALL.into_iter().find(|status| status.code() == code)
    }

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Cancelled => "cancelled",
            Self::EnteredInError => "entered-in-error",
            Self::Finished => "finished",
            Self::InProgress => "in-progress",
            Self::OnLeave => "onleave",
            Self::Planned => "planned",
            Self::Triaged => "triaged",
            Self::Unknown => "unknown",
        }
    }

    /// What the index makes of it; `None` when there is no visit, or nothing is known of it.
    pub const fn stands(self, class: Class) -> Option<VisitStatus> {
        match (self, class) {
            (Self::Arrived | Self::InProgress | Self::Triaged, Class::Stay) => Some(VisitStatus::Admitted),
            (Self::Arrived | Self::InProgress | Self::Triaged, Class::Attendance) => {
                Some(VisitStatus::Attending)
            }
            (Self::Finished, _) => Some(VisitStatus::Discharged),
            (Self::OnLeave, _) => Some(VisitStatus::OnLeave),
            (Self::Planned, _) => Some(VisitStatus::PreAdmitted),
            (Self::Cancelled | Self::EnteredInError | Self::Unknown, _) => None,
        }
    }

    /// The status of a visit of which something else was said last than by FHIR.
    pub const fn of_visit(status: VisitStatus) -> Self {
        match status {
            VisitStatus::Admitted | VisitStatus::Attending => Self::InProgress,
            VisitStatus::Discharged => Self::Finished,
            VisitStatus::OnLeave => Self::OnLeave,
            VisitStatus::PreAdmitted => Self::Planned,
        }
    }
}

const ALL: [Status; 9] = [
    Status::Arrived,
    Status::Cancelled,
    Status::EnteredInError,
    Status::Finished,
    Status::InProgress,
    Status::OnLeave,
    Status::Planned,
    Status::Triaged,
    Status::Unknown,
];

/// Whether somebody stays, or comes and goes: as classes of HL7 v2 are taken (an emergency attendance is no stay).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Comes, or is visited.
    Attendance,
    /// Has a bed.
    Stay,
}

impl Class {
    /// Of `Encounter.class` (v3 `ActEncounterCode`); of a local code it tells whether there is a bed.
    pub fn of(coding: &Coding, has_bed: bool) -> Self {
        match coding.code.as_str() {
            "ACUTE" | "IMP" | "NONAC" | "OBSENC" | "PRENC" | "SS" => Self::Stay,
            "AMB" | "EMER" | "FLD" | "HH" | "VR" => Self::Attendance,
            _ if has_bed => Self::Stay,
            _ => Self::Attendance,
        }
    }
}
