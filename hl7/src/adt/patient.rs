//! A patient, as PID and PD1 say them (HL7 v2.5.1 §3.4.2, §3.4.10), and whom a merge takes in, as MRG says (§3.4.9).

use super::identifier::Identifier;
use super::person::{Address, Name, NameKind, Organisation, Practitioner, Telecom};
use super::read::{Reader, whole};
use crate::fault::Condition;
use crate::personal::{Personal, Said};
use crate::time::Timestamp;

/// What a message says of a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Every identifier: PID-3, then PID-2, PID-4 and PID-19 of older versions. Never empty.
    pub identifiers: Vec<Identifier>,
    /// PID-18: the account, which in many systems stands for a spell.
    pub account: Said<Identifier>,
    /// PID-5: the names.
    pub names: Said<Vec<Name>>,
    /// PID-9: other names (to v2.3.1; later they are repetitions of PID-5).
    pub aliases: Said<Vec<Name>>,
    /// PID-7: the birth, as precisely as it is known.
    pub birth: Said<Personal<Timestamp>>,
    /// PID-8: administrative sex.
    pub sex: Said<Personal<Sex>>,
    /// PID-29 and PID-30.
    pub death: Death,
    /// PID-11: the addresses.
    pub addresses: Said<Vec<Address>>,
    /// PID-13: home telephones and e-mail.
    pub home_telecoms: Said<Vec<Telecom>>,
    /// PID-14: work telephones.
    pub work_telecoms: Said<Vec<Telecom>>,
    /// PID-40: all of them, since v2.7.
    pub telecoms: Said<Vec<Telecom>>,
    /// PD1-3 (XON) and PD1-4 (XCN): the practice and the general practitioner.
    pub practice: Said<Organisation>,
    /// PD1-4.
    pub general_practitioner: Said<Practitioner>,
    /// PD1-12, protection indicator: whether access is to be restricted.
    pub restricted: Said<Personal<bool>>,
    /// PID-32: how far the NHS number is verified (ITK HL7 V2 ADT 1.1, its table 0445).
    pub nhs_number_status: Said<Personal<NhsNumberStatus>>,
    /// PID-32: every code of it (table 0445: `AL` the name is an alias, `UD` the birth is unknown or a default, `UA` the
    /// address is).
    pub reliability: Said<Vec<String>>,
}

impl Patient {
    /// The identifiers that the sender says are NHS numbers.
    pub fn nhs_numbers(&self) -> impl Iterator<Item = &Identifier> {
        self.identifiers
            .iter()
            .filter(|identifier| identifier.is_nhs_number())
    }

    /// The legal name: the first that is said to be, else the first of no said kind.
    pub fn legal_name(&self) -> Option<&Name> {
        let names = self.names.value()?;
        let of = |kind: &NameKind| names.iter().find(|name| name.kind == *kind);
        of(&NameKind::Legal).or_else(|| of(&NameKind::Unstated))
    }

    /// What the patient prefers to be called.
    pub fn preferred_name(&self) -> Option<&Name> {
        self.names
            .value()?
            .iter()
            .find(|name| name.kind == NameKind::Preferred)
    }

    pub(crate) fn read(mut pid: Reader<'_, '_>, pd1: Option<Reader<'_, '_>>) -> Option<Self> {
        let identifiers: Vec<Identifier> = [3, 2, 4, 19]
            .into_iter()
            .filter_map(|field| match pid.identifiers(field) {
                Said::Value(identifiers) => Some(identifiers),
                Said::Absent | Said::Deleted => None,
            })
            .flatten()
            .collect();
        if identifiers.is_empty() {
            return None;
        }
        let reliability = pid.each(32, |repetition| whole(repetition, 1));
        let (practice, general_practitioner, restricted) = match pd1 {
            Some(mut pd1) => (
                pd1.one(3, Organisation::read),
                pd1.one(4, Practitioner::read),
                pd1.yes_or_no(12).map(Personal::new),
            ),
            None => (Said::Absent, Said::Absent, Said::Absent),
        };
        let names = pid.names(5);
        if names.is_absent() {
            pid.note(5, Condition::RequiredFieldMissing);
        }
        Some(Self {
            identifiers,
            account: pid.identifier(18),
            names,
            aliases: pid.names(9),
            birth: pid.time(7).map(Personal::new),
            sex: pid.code(8).map(|code| Personal::new(Sex::of(code))),
            death: Death::read(&mut pid),
            addresses: pid.addresses(11),
            home_telecoms: pid.telecoms(13),
            work_telecoms: pid.telecoms(14),
            telecoms: pid.telecoms(40),
            practice,
            general_practitioner,
            restricted,
            nhs_number_status: NhsNumberStatus::among(&reliability),
            reliability,
        })
    }
}

/// Administrative sex (table 0001).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// `A`.
    Ambiguous,
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `N`.
    NotApplicable,
    /// `O`.
    Other,
    /// `U`.
    Unknown,
    /// A code that the table does not have, such as `1` of the NHS Data Dictionary: for the site's own mapping.
    Local(String),
}

impl Sex {
    fn of(code: String) -> Self {
        match code.as_str() {
            "A" => Self::Ambiguous,
            "F" => Self::Female,
            "M" => Self::Male,
            "N" => Self::NotApplicable,
            "O" => Self::Other,
            "U" => Self::Unknown,
            _ => Self::Local(code),
        }
    }
}

/// What a message says of a death. It may come with any event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// PID-29: when.
    pub at: Said<Personal<Timestamp>>,
    /// PID-30: whether.
    pub indicator: Said<Personal<bool>>,
}

impl Death {
    /// Whether the patient has died: the indicator; without one, a date of death. `Deleted` if one of them was emptied and
    /// none says that they have. An indicator of *no* beside a date says nothing (and is noted).
    pub fn has_died(&self) -> Said<bool> {
        match (self.indicator, self.at) {
            (Said::Value(indicator), Said::Absent | Said::Deleted) => Said::Value(*indicator.expose()),
            (Said::Value(indicator), Said::Value(_)) if !indicator.expose() => Said::Absent,
            (_, Said::Value(_)) => Said::Value(true),
            (Said::Absent, Said::Absent) => Said::Absent,
            (Said::Deleted, _) | (Said::Absent, Said::Deleted) => Said::Deleted,
        }
    }

    fn read(pid: &mut Reader<'_, '_>) -> Self {
        let (at, indicator) = (pid.time(29), pid.yes_or_no(30));
        if indicator == Said::Value(false) && at.value().is_some() {
            pid.note(30, Condition::DataType);
        }
        Self {
            at: at.map(Personal::new),
            indicator: indicator.map(Personal::new),
        }
    }
}

/// How far an NHS number is verified: the NHS Data Dictionary's "NHS number status indicator code", as HL7 UK puts it into
/// PID-32 (`NSTS01` to `NSTS08`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NhsNumberStatus {
    /// 01: number present and verified.
    Verified,
    /// 02: number present but not traced.
    NotTraced,
    /// 03: trace required.
    TraceRequired,
    /// 04: trace attempted, no match or several.
    TraceFailed,
    /// 05: trace to be resolved: the number or details conflict.
    TraceUnresolved,
    /// 06: trace in progress.
    TraceInProgress,
    /// 07: number not present and trace not required.
    NotRequired,
    /// 08: trace postponed (a baby under six weeks old).
    TracePostponed,
}

impl NhsNumberStatus {
    fn among(codes: &Said<Vec<String>>) -> Said<Personal<Self>> {
        match codes {
            Said::Absent => Said::Absent,
            Said::Deleted => Said::Deleted,
            Said::Value(codes) => {
                let status = codes.iter().find_map(|code| Self::of(code));
                status.map_or(Said::Absent, |status| Said::Value(Personal::new(status)))
            }
        }
    }

    fn of(code: &str) -> Option<Self> {
        Some(match code.strip_prefix("NSTS").unwrap_or(code) {
            "01" => Self::Verified,
            "02" => Self::NotTraced,
            "03" => Self::TraceRequired,
            "04" => Self::TraceFailed,
            "05" => Self::TraceUnresolved,
            "06" => Self::TraceInProgress,
            "07" => Self::NotRequired,
            "08" => Self::TracePostponed,
            _ => return None,
        })
    }
}

/// What is merged into a patient, moved to them, or was their wrong identifier (MRG).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prior {
    /// MRG-1, then MRG-2 and MRG-4 of older versions: who it was.
    pub identifiers: Vec<Identifier>,
    /// MRG-3: the account.
    pub account: Said<Identifier>,
    /// MRG-5: the visit.
    pub visit: Said<Identifier>,
    /// MRG-6: the visit, by its alternate identifier.
    pub alternate_visit: Said<Identifier>,
    /// MRG-7: the name.
    pub names: Said<Vec<Name>>,
}

impl Prior {
    pub(crate) fn read(mut mrg: Reader<'_, '_>) -> Self {
        let identifiers = [1, 2, 4]
            .into_iter()
            .filter_map(|field| match mrg.identifiers(field) {
                Said::Value(identifiers) => Some(identifiers),
                Said::Absent | Said::Deleted => None,
            });
        Self {
            identifiers: identifiers.flatten().collect(),
            account: mrg.identifier(3),
            visit: mrg.identifier(5),
            alternate_visit: mrg.identifier(6),
            names: mrg.names(7),
        }
    }
}
