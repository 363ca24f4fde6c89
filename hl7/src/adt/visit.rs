//! A visit: where a patient is, who looks after them, and from when to when (PV1, PV2; HL7 v2.5.1 §3.4.3, §3.4.4).

use super::identifier::{Assigner, Identifier};
use super::person::Practitioner;
use super::read::{Reader, part, personal, whole};
use crate::field::Repetition;
use crate::personal::{Personal, Said};
use crate::time::Timestamp;

/// What a message says of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// PV1-2.
    pub class: Said<Personal<Class>>,
    /// PV1-3: where the patient is. Of a cancelled transfer: where they are again.
    pub location: Said<PersonLocation>,
    /// PV1-6: where they were.
    pub prior_location: Said<PersonLocation>,
    /// PV1-11: where they are for a time, the assigned location kept.
    pub temporary_location: Said<PersonLocation>,
    /// PV1-42: where they are to go.
    pub pending_location: Said<PersonLocation>,
    /// PV1-7: who has charge of them.
    pub attending: Said<Vec<Practitioner>>,
    /// PV1-8: who referred them.
    pub referring: Said<Vec<Practitioner>>,
    /// PV1-9: who was consulted. In the UK the consultant is in PV1-7 or here, as the site has it.
    pub consulting: Said<Vec<Practitioner>>,
    /// PV1-17: who admitted them.
    pub admitting: Said<Vec<Practitioner>>,
    /// PV1-10: the hospital service, or specialty.
    pub service: Said<Personal<String>>,
    /// PV1-16: VIP indicator, a site's own code (table 0099).
    pub vip: Said<Personal<String>>,
    /// PV1-19: the visit number.
    pub number: Said<Identifier>,
    /// PV1-50: another number of the visit.
    pub alternate_number: Said<Identifier>,
    /// PV1-44: admitted.
    pub admitted: Said<Personal<Timestamp>>,
    /// PV1-45: discharged.
    pub discharged: Said<Personal<Timestamp>>,
    /// PV2-8: expected to be admitted.
    pub expected_admission: Said<Personal<Timestamp>>,
    /// PV2-9: expected to be discharged.
    pub expected_discharge: Said<Personal<Timestamp>>,
    /// PV2-47: expected back from a leave of absence (since v2.5).
    pub expected_return: Said<Personal<Timestamp>>,
}

impl Visit {
    pub(crate) fn read(mut pv1: Reader<'_, '_>, pv2: Option<Reader<'_, '_>>) -> Self {
        let expected = pv2.map(|mut pv2| [8, 9, 47].map(|field| pv2.time(field).map(Personal::new)));
        let [expected_admission, expected_discharge, expected_return] = expected.unwrap_or([Said::Absent; 3]);
        Self {
            class: pv1.code(2).map(|code| Personal::new(Class::of(code))),
            location: pv1.one(3, PersonLocation::read),
            prior_location: pv1.one(6, PersonLocation::read),
            temporary_location: pv1.one(11, PersonLocation::read),
            pending_location: pv1.one(42, PersonLocation::read),
            attending: pv1.practitioners(7),
            referring: pv1.practitioners(8),
            consulting: pv1.practitioners(9),
            admitting: pv1.practitioners(17),
            service: pv1.text(10),
            vip: pv1.text(16),
            number: pv1.identifier(19),
            alternate_number: pv1.identifier(50),
            admitted: pv1.time(44).map(Personal::new),
            discharged: pv1.time(45).map(Personal::new),
            expected_admission,
            expected_discharge,
            expected_return,
        }
    }
}

/// The class of a patient (table 0004, which sites may extend).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `E`.
    Emergency,
    /// `I`.
    Inpatient,
    /// `N`: not applicable, in a message without a visit.
    NotApplicable,
    /// `B`.
    Obstetrics,
    /// `O`.
    Outpatient,
    /// `P`.
    PreAdmit,
    /// `R`.
    Recurring,
    /// `U`.
    Unknown,
    /// A site's own.
    Local(String),
}

impl Class {
    fn of(code: String) -> Self {
        match code.as_str() {
            "B" => Self::Obstetrics,
            "E" => Self::Emergency,
            "I" => Self::Inpatient,
            "N" => Self::NotApplicable,
            "O" => Self::Outpatient,
            "P" => Self::PreAdmit,
            "R" => Self::Recurring,
            "U" => Self::Unknown,
            _ => Self::Local(code),
        }
    }
}

/// A place in a hospital (PL, v2.5.1 §2.A.53; the CM of v2.1 and v2.2 has the same first four parts).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLocation {
    /// PL.1: point of care: the ward, unit or clinic.
    pub point_of_care: Option<Personal<String>>,
    /// PL.2.
    pub room: Option<Personal<String>>,
    /// PL.3.
    pub bed: Option<Personal<String>>,
    /// PL.4: the hospital.
    pub facility: Option<Personal<Assigner>>,
    /// PL.6: what kind of place (table 0305).
    pub kind: Option<Personal<String>>,
    /// PL.7.
    pub building: Option<Personal<String>>,
    /// PL.8.
    pub floor: Option<Personal<String>>,
    /// PL.9: in words.
    pub description: Option<Personal<String>>,
}

impl PersonLocation {
    fn read(repetition: Repetition<'_>) -> Option<Self> {
        let location = Self {
            point_of_care: part(repetition, 1, 1).map(Personal::new),
            room: part(repetition, 2, 1).map(Personal::new),
            bed: part(repetition, 3, 1).map(Personal::new),
            facility: Assigner::read(repetition, 4).map(Personal::new),
            kind: personal(repetition, 6),
            building: part(repetition, 7, 1).map(Personal::new),
            floor: part(repetition, 8, 1).map(Personal::new),
            description: whole(repetition, 9).map(Personal::new),
        };
        let says = location.facility.is_some()
            || [
                &location.point_of_care,
                &location.room,
                &location.bed,
                &location.building,
                &location.floor,
                &location.description,
            ]
            .into_iter()
            .any(Option::is_some);
        says.then_some(location)
    }
}
