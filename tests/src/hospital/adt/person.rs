//! What a message says about a patient: PID, PD1, NK1.

use baton_core::patient::Gender;

use super::{Head, Trigger};
use crate::hospital::home::{Home, Reached};
use crate::hospital::patient::Patient;
use crate::hospital::place::Facility;
use crate::hospital::segment::{Segment, components, moment, partial};

/// PID and PD1.
pub(super) fn write(patient: &Patient, head: Head, to: &mut Vec<u8>) {
    let (died_at, is_dead) = match (&patient.died, head.trigger) {
        (Some(at), _) => (at.map_or(String::new(), partial), "Y"),
        // Only where a person is updated is it worth saying that a death was a mistake, which is written as two quotes.
        (None, Trigger::A31) => ("\"\"".to_owned(), "N"),
        (None, _) => (String::new(), ""),
    };
    Segment::new("PID")
        .text(1, "1")
        .all(3, &identifiers(patient, head.sender))
        .all(5, &names(patient))
        .raw(7, patient.born.map_or(String::new(), partial))
        .text(8, gender(patient.gender))
        .all(11, &[address(&patient.home)])
        .all(13, &at_home(&patient.reached))
        .all(14, &[phone(&patient.reached.work, "WPN", "PH")])
        .text(15, patient.language)
        .text(16, patient.marital)
        .text(17, patient.religion)
        .text(22, patient.ethnicity)
        .text(24, if patient.of_twins > 0 { "Y" } else { "" })
        .text(25, &order(patient.of_twins))
        .raw(29, died_at)
        .text(30, is_dead)
        .text(31, if patient.is_unknown() { "Y" } else { "" })
        .text(32, &format!("NSTS{}", patient.nhs_status.code()))
        .text(33, &moment(head.at))
        .write(to);
    let doctor = patient.doctor;
    let mut details = Segment::new("PD1").text(12, if patient.restricted { "Y" } else { "N" });
    if let Some(practice) = patient.practice {
        // v2.4 has the code as the third component; later versions have a tenth for it.
        let organisation = if head.sender == Facility::Hospital {
            components(&[practice.name, "", practice.ods])
        } else {
            components(&[practice.name, "", "", "", "", "", "", "", "", practice.ods])
        };
        details = details.raw(3, organisation).parts(
            4,
            &[doctor.code, doctor.family, doctor.given, "", "", doctor.title],
        );
    }
    details.write(to);
}

/// NK1, when somebody is known.
pub(super) fn next_of_kin(patient: &Patient, to: &mut Vec<u8>) {
    let Some(kin) = &patient.kin else { return };
    Segment::new("NK1")
        .text(1, "1")
        .parts(2, &[&kin.family, &kin.given])
        .parts(3, &[kin.relation.0, kin.relation.1])
        .all(5, &[phone(&kin.phone, "PRN", "CP")])
        .write(to);
}

/// The numbers by which a system knows a patient: the NHS number, the hospital's, and its own.
pub(super) fn identifiers(patient: &Patient, sender: Facility) -> Vec<String> {
    let nhs = patient.nhs.map_or(String::new(), |number| {
        components(&[&number.digits(), "", "", "NHS", "NH"])
    });
    let hospital = components(&[&patient.hospital_number, "", "", "RX1", "MR"]);
    let own = if sender == Facility::Hospital {
        String::new()
    } else {
        components(&[&patient.number_at(sender), "", "", sender.ods(), "PI"])
    };
    vec![nhs, hospital, own]
}

/// Names: the usual one, then one that they like better.
pub(super) fn names(patient: &Patient) -> Vec<String> {
    let usual = components(&[
        &patient.family,
        &patient.given,
        &patient.middle,
        "",
        patient.title,
        "",
        "L",
    ]);
    let preferred = patient.preferred.as_deref().map_or(String::new(), |preferred| {
        components(&["", preferred, "", "", "", "", "N"])
    });
    vec![usual, preferred]
}

fn address(home: &Home) -> String {
    // XAD has two lines; what is more goes into the first, as systems do it.
    let (first, second) = match (home.within.is_empty(), home.locality.is_empty()) {
        (true, _) => (home.street.clone(), home.locality.clone()),
        (false, true) => (home.within.clone(), home.street.clone()),
        (false, false) => (format!("{}, {}", home.within, home.street), home.locality.clone()),
    };
    components(&[
        &first,
        &second,
        &home.town,
        &home.county,
        &home.postcode,
        "GBR",
        "H",
    ])
}

fn at_home(reached: &Reached) -> Vec<String> {
    let email = if reached.email.is_empty() {
        String::new()
    } else {
        components(&["", "NET", "Internet", &reached.email])
    };
    vec![
        phone(&reached.home, "PRN", "PH"),
        phone(&reached.mobile, "PRN", "CP"),
        email,
    ]
}

fn phone(number: &str, used: &str, equipment: &str) -> String {
    if number.is_empty() {
        return String::new();
    }
    components(&[number, used, equipment])
}

fn order(of_twins: u8) -> String {
    if of_twins == 0 {
        return String::new();
    }
    of_twins.to_string()
}

/// HL7 table 0001.
const fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "F",
        Gender::Male => "M",
        Gender::NotSpecified => "O",
        Gender::NotKnown => "U",
    }
}
