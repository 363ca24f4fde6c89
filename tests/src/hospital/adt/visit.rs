//! What a message says about a stay: PV1, PV2.

use super::{Head, Trigger};
use crate::hospital::census::{Class, Spot, Stay};
use crate::hospital::patient::Patient;
use crate::hospital::place::Facility;
use crate::hospital::segment::{Segment, components, day, moment};

/// PV1 and PV2.
pub(super) fn write(patient: &Patient, stay: &Stay, head: Head, to: &mut Vec<u8>) {
    let doctor = stay.doctor;
    let doctor = components(&[doctor.code, doctor.family, doctor.given, "", "", doctor.title]);
    let is_over = head.trigger == Trigger::A03;
    let (how, whereto) = match (is_over, patient.died.is_some(), stay.class) {
        (false, ..) => ("", ""),
        // NHS discharge method 4 is death; 1 is on clinical advice. Destination 79 is not applicable, 19 is home.
        (true, true, _) => ("4", "79"),
        (true, false, _) => ("1", "19"),
    };
    Segment::new("PV1")
        .text(1, "1")
        .text(2, class(stay.class))
        .raw(3, location(&stay.spot))
        .text(4, if stay.class == Class::Emergency { "E" } else { "R" })
        .raw(6, stay.before.as_ref().map_or(String::new(), location))
        .raw(
            7,
            if stay.class == Class::Caseload {
                String::new()
            } else {
                doctor.clone()
            },
        )
        .raw(
            9,
            if stay.class == Class::Caseload {
                String::new()
            } else {
                doctor
            },
        )
        .text(10, stay.specialty)
        .parts(19, &[&stay.visit_number(), "", "", stay.facility.ods(), "VN"])
        .text(36, how)
        .text(37, whereto)
        .raw(
            44,
            if stay.class == Class::Expected {
                String::new()
            } else {
                moment(stay.from)
            },
        )
        .raw(
            45,
            if is_over {
                moment(head.happened)
            } else {
                String::new()
            },
        )
        .write(to);
    Segment::new("PV2")
        .parts(3, &["", stay.reason])
        .raw(
            8,
            if stay.class == Class::Expected {
                moment(stay.from)
            } else {
                String::new()
            },
        )
        .raw(9, stay.leaves.map_or(String::new(), day))
        .write(to);
}

fn location(spot: &Spot) -> String {
    let (building, floor) = match spot.facility {
        Facility::Hospital => ("Tower Block", ""),
        Facility::CareHome | Facility::Community | Facility::SocialCare => ("", ""),
    };
    components(&[
        spot.ward,
        &spot.room,
        &spot.bed,
        spot.facility.ods(),
        "",
        "",
        building,
        floor,
    ])
}

/// HL7 table 0004.
const fn class(class: Class) -> &'static str {
    match class {
        Class::Caseload => "O",
        Class::Emergency => "E",
        Class::Expected => "P",
        Class::Inpatient => "I",
    }
}
