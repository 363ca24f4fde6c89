//! That there is a report of results, as a laboratory or another department told it: which, of when, how final. Never its
//! values: those are read where they are kept, with their units, ranges and comments.

use serde::{Deserialize, Serialize};

use crate::chain::Seq;
use crate::secret::Personal;
use crate::time::At;

/// A report of results (HL7 v2 OBR with its OBX).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was examined, as the department names it: `Full blood count`. At most [`NAME_BYTES`].
    #[serde(rename = "n")]
    pub name: Personal<String>,
    /// When the department issued it; when it came, where that is not said.
    #[serde(rename = "a")]
    pub at: At,
    /// How final it is.
    #[serde(rename = "s")]
    pub status: ReportStatus,
    /// What the department flagged.
    #[serde(rename = "f")]
    pub flag: ReportFlag,
    /// Where in the log of a space it was told; zero before that.
    #[serde(rename = "q")]
    pub told: Seq,
}

/// Which of so many reports is to go first: the oldest, but for the [`KEPT_CRITICAL`] newest that are flagged critical.
pub fn first_to_go<'a>(reports: impl DoubleEndedIterator<Item = &'a Report> + ExactSizeIterator) -> usize {
    let mut critical = 0;
    let mut first = 0;
    for (place, report) in reports.enumerate().rev() {
        if report.flag == ReportFlag::Critical && critical < KEPT_CRITICAL {
            critical += 1;
        } else {
            first = place;
        }
    }
    first
}

/// Of the reports of a patient that are flagged critical, so many are let go only for newer ones that are.
const KEPT_CRITICAL: usize = 4;

/// A longer name is cut.
pub const NAME_BYTES: usize = 120;

/// How final a report is (HL7 v2 table 0123). On the wire a number: what a later version adds is unknown here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub enum ReportStatus {
    /// Not said.
    #[default]
    Unknown = 0,
    /// Some of it, or not verified yet: it may change.
    Preliminary = 1,
    /// Final.
    Final = 2,
    /// Final results that were others before.
    Corrected = 3,
    /// Withdrawn: the examination was not made, or its results do not hold.
    Cancelled = 4,
}

impl From<u8> for ReportStatus {
    fn from(code: u8) -> Self {
        match code {
            1 => Self::Preliminary,
            2 => Self::Final,
            3 => Self::Corrected,
            4 => Self::Cancelled,
            _ => Self::Unknown,
        }
    }
}

impl From<ReportStatus> for u8 {
    fn from(status: ReportStatus) -> Self {
        status as Self
    }
}

/// The gravest flag of a report's results (HL7 v2 table 0078). On the wire a number: a graver one that a later version adds is
/// abnormal here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub enum ReportFlag {
    /// None, which does not say that all is well.
    #[default]
    None = 0,
    /// Something is outside its usual range, or abnormal.
    Abnormal = 1,
    /// Something is beyond its panic limits.
    Critical = 2,
}

impl From<u8> for ReportFlag {
    fn from(code: u8) -> Self {
        match code {
            0 => Self::None,
            2 => Self::Critical,
            _ => Self::Abnormal,
        }
    }
}

impl From<ReportFlag> for u8 {
    fn from(flag: ReportFlag) -> Self {
        flag as Self
    }
}

impl Report {
    /// Whether another is the same report: of the same examination and moment, as final, flagged alike.
    pub fn is_again(&self, other: &Self) -> bool {
        let other = Self {
            told: self.told,
            ..other.clone()
        };
        *self == other
    }

    /// In words: `Full blood count (final, flagged critical)`.
    pub fn words(&self) -> String {
        let status = match self.status {
            ReportStatus::Cancelled => "cancelled",
            ReportStatus::Corrected => "corrected",
            ReportStatus::Final => "final",
            ReportStatus::Preliminary => "preliminary",
            ReportStatus::Unknown => "not said how final",
        };
        let flag = match self.flag {
            ReportFlag::None => "",
            ReportFlag::Abnormal => ", flagged abnormal",
            ReportFlag::Critical => ", flagged critical",
        };
        format!("{} ({status}{flag})", self.name.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor;

    fn report(status: ReportStatus, flag: ReportFlag) -> Report {
        Report {
            name: "Full blood count".into(),
            at: At::from_millis(5),
            status,
            flag,
            told: Seq::ZERO,
        }
    }

    #[test]
    fn a_report_is_told_with_how_final_it_is_and_what_was_flagged() {
        let words = |status, flag| report(status, flag).words();
        assert_eq!(
            words(ReportStatus::Final, ReportFlag::None),
            "Full blood count (final)"
        );
        assert_eq!(
            words(ReportStatus::Preliminary, ReportFlag::Abnormal),
            "Full blood count (preliminary, flagged abnormal)"
        );
        assert_eq!(
            words(ReportStatus::Corrected, ReportFlag::Critical),
            "Full blood count (corrected, flagged critical)"
        );
        assert_eq!(
            words(ReportStatus::Cancelled, ReportFlag::None),
            "Full blood count (cancelled)"
        );
    }

    #[test]
    fn a_status_and_a_flag_are_read_as_they_were_written_and_what_a_later_version_adds_is_not_made_light_of()
    {
        let read = |codes: (u8, u8)| -> (ReportStatus, ReportFlag) {
            cbor::from_bytes(&cbor::to_bytes(&codes)).unwrap()
        };
        for code in 0..=4 {
            assert_eq!(u8::from(read((code, 0)).0), code);
        }
        for code in 0..=2 {
            assert_eq!(u8::from(read((0, code)).1), code);
        }
        assert_eq!(read((5, 3)), (ReportStatus::Unknown, ReportFlag::Abnormal));
    }

    #[test]
    fn nothing_of_it_is_told_by_accident() {
        let told = format!("{:?}", report(ReportStatus::Final, ReportFlag::None));
        assert!(!told.contains("blood"), "{told}");
    }
}
