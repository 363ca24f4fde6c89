//! A report: what was asked, when it was answered, how final and how grave the answer is (OBR, OBX; HL7 v2.5.1 §7.4.1,
//! §7.4.2). The results themselves are not read.

use crate::adt::read::{Placed, whole};
use crate::fault::{Condition, Fault};
use crate::personal::{Personal, Said};
use crate::time::Timestamp;

/// What a message says of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// OBR-4, what was asked for: its text (.2), else its alternate text (.5), else its code (.1). Empty, and noted, where
    /// it has none of them.
    pub name: Personal<String>,
    /// OBR-22, when it was reported or its status changed. `None` if that is not said: when what was observed was taken (OBR-7) may be
    /// days before.
    pub at: Option<Timestamp>,
    /// How final it is.
    pub status: Status,
    /// How grave.
    pub flag: Flag,
}

impl Report {
    pub(super) fn read(obr: Placed<'_>, observations: &[Placed<'_>], notes: &mut Vec<Fault>) -> Self {
        let mut obr = obr.reader(notes);
        let name = match obr.field(4) {
            Said::Value(field) => [2, 5, 1]
                .into_iter()
                .find_map(|number| whole(field.first(), number)),
            Said::Absent | Said::Deleted => None,
        };
        if name.is_none() {
            obr.note(4, Condition::RequiredFieldMissing);
        }
        let at = obr.time(22).value().copied();
        let stated = match obr.code(25) {
            Said::Value(code) => {
                let status = Status::of_report(&code);
                if status.is_none() {
                    obr.note(25, Condition::TableValueNotFound);
                }
                Some(status.unwrap_or(Status::Unknown))
            }
            Said::Absent | Said::Deleted => {
                obr.note(25, Condition::RequiredFieldMissing);
                None
            }
        };
        let mut statuses = Vec::new();
        let mut flag = Flag::None;
        for observation in observations {
            let status = observation_status(*observation, notes);
            statuses.extend(status);
            if status != Some(Status::Cancelled) {
                flag = flag.max(Flag::read(*observation, notes));
            }
        }
        // What was withdrawn as wrong is a correction of all that stands beside it.
        let is_corrected = statuses.contains(&Status::Corrected)
            || observations.iter().any(|observation| is_withdrawn(*observation));
        let stated = stated.unwrap_or_else(|| Status::amount(&statuses));
        let status = if stated == Status::Final && is_corrected {
            Status::Corrected
        } else {
            stated
        };
        Self {
            name: Personal::new(name.unwrap_or_default()),
            at,
            status,
            flag,
        }
    }
}

/// How final a report is: OBR-25 (table 0123); where that is empty, what OBX-11 of its observations (table 0085) amounts
/// to. A final report in which an observation is a correction, or was withdrawn, is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `A`, `P`, `R`: some results are there, or all but not verified.
    Preliminary,
    /// `F`.
    Final,
    /// `C`: final, and other than a final report before it.
    Corrected,
    /// `X`: there will be no results. Also where each observation is withdrawn.
    Cancelled,
    /// `O`, `I`, `S`: nothing is resulted yet.
    Pending,
    /// Not said, or another code.
    Unknown,
}

impl Status {
    /// By OBR-25; `None` if table 0123 (v2.5.1) has no such code.
    fn of_report(code: &str) -> Option<Self> {
        Some(match code {
            "A" | "P" | "R" => Self::Preliminary,
            "F" => Self::Final,
            "C" => Self::Corrected,
            "X" => Self::Cancelled,
            "O" | "I" | "S" => Self::Pending,
            // No order, no patient: answers to queries only.
            "Y" | "Z" => Self::Unknown,
            _ => return None,
        })
    }

    /// What the statuses of observations amount to: a report is as final as the least final of them, and those that are
    /// withdrawn say nothing beside others. Where some are resulted and some are not yet, it is preliminary.
    fn amount(statuses: &[Self]) -> Self {
        let any = |status| statuses.contains(&status);
        let is_resulted = any(Self::Final) || any(Self::Corrected);
        if any(Self::Preliminary) || (any(Self::Pending) && is_resulted) {
            Self::Preliminary
        } else if any(Self::Unknown) {
            Self::Unknown
        } else if any(Self::Pending) {
            Self::Pending
        } else if any(Self::Corrected) {
            Self::Corrected
        } else if any(Self::Final) {
            Self::Final
        } else if any(Self::Cancelled) {
            Self::Cancelled
        } else {
            Self::Unknown
        }
    }
}

/// Whether OBX-11 says that a result does not hold: deleted (`D`), or sent as another's or otherwise wrong (`W`).
fn is_withdrawn(obx: Placed<'_>) -> bool {
    let code = obx.segment.field(11).and_then(|field| whole(field.first(), 1));
    matches!(code.as_deref(), Some("D" | "W"))
}

/// OBX-11 (table 0085; `A`, `B` and `V` since v2.8). `Cancelled` is what is withdrawn, was wrong or cannot be had; `None`
/// is no observation: not asked, or a detail of the order.
fn observation_status(obx: Placed<'_>, notes: &mut Vec<Fault>) -> Option<Status> {
    let mut obx = obx.reader(notes);
    let Said::Value(code) = obx.code(11) else {
        return Some(Status::Unknown);
    };
    match code.as_str() {
        "P" | "R" | "S" => Some(Status::Preliminary),
        "B" | "F" | "U" | "V" => Some(Status::Final),
        "A" | "C" => Some(Status::Corrected),
        "D" | "W" | "X" => Some(Status::Cancelled),
        "I" => Some(Status::Pending),
        "N" | "O" => None,
        _ => {
            obx.note(11, Condition::TableValueNotFound);
            Some(Status::Unknown)
        }
    }
}

/// How grave a report is: the gravest of the abnormal flags OBX-8 (table 0078, which sites may extend) of its observations.
/// Those that are withdrawn (OBX-11 `D`, `W`, `X`) do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// None, or one that says that nothing is out of order: `N`, `NEG`, `ND`, `NR`, and of a germ that it is susceptible (`S`, `MS`,
    /// `VS`). Nothing said is not a result in range.
    None,
    /// Any other: outside of the range (`L`, `H`, `A`), off the scale (`<`, `>`), another way to say it, or a site's own.
    Abnormal,
    /// `LL`, `HH`, `AA`: beyond the panic limits.
    Critical,
}

impl Flag {
    /// The gravest of an observation.
    fn read(obx: Placed<'_>, notes: &mut Vec<Fault>) -> Self {
        let obx = obx.reader(notes);
        let Said::Value(field) = obx.field(8) else {
            return Self::None;
        };
        let codes = field.repetitions().filter_map(|repetition| whole(repetition, 1));
        codes.map(|code| Self::of(&code)).max().unwrap_or(Self::None)
    }

    fn of(code: &str) -> Self {
        match code.to_ascii_uppercase().as_str() {
            "N" | "NEG" | "ND" | "NR" | "S" | "MS" | "VS" => Self::None,
            "LL" | "HH" | "AA" => Self::Critical,
            _ => Self::Abnormal,
        }
    }
}
