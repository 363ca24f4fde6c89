//! Patients to test with: none of them is anybody.

use super::*;
use crate::date::{Date, LocalMoment};

/// The moment of all tests: Thursday 26-Nov-2026 09:30.
pub(crate) fn now() -> LocalMoment {
    LocalMoment {
        date: date(2026, 11, 26),
        minute: 9 * 60 + 30,
    }
}

pub(crate) fn date(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

pub(crate) fn born(year: u16, month: u8, day: u8) -> Personal<PartialDate> {
    Personal::new(PartialDate::Day(date(year, month, day)))
}

pub(crate) fn nhs(digits: &str, is_verified: bool) -> PatientNhsNumber {
    let number = NhsNumber::parse(digits).unwrap();
    PatientNhsNumber { number, is_verified }
}

pub(crate) fn identifier(assigner: &str, value: &str) -> Identifier {
    Identifier {
        assigner: assigner.to_owned(),
        value: value.into(),
    }
}

/// A patient of whom nothing is known but the name.
pub(crate) fn named(number: u8, family: &str, given: &str) -> Patient {
    Patient {
        version: 1,
        name: Personal::new(Name {
            family: family.to_owned(),
            given: given.to_owned(),
            title: String::new(),
        }),
        ..Patient::new(PatientId::from_bytes([number; 16]))
    }
}

/// Mrs Mary Jones, of whom everything is known.
pub(crate) fn patient(number: u8) -> Patient {
    let contact = |kind, value: &str| Contact {
        kind,
        value: value.into(),
    };
    let address = |kind, lines: &[&str], postcode: &str| Address {
        kind,
        lines: Personal::new(lines.iter().map(|line| (*line).to_owned()).collect()),
        postcode: postcode.into(),
    };
    let mut patient = named(number, "Jones", "Mary");
    patient.name = Personal::new(Name {
        family: "Jones".into(),
        given: "Mary".into(),
        title: "Mrs".into(),
    });
    patient.born = Some(born(1945, 7, 14));
    patient.gender = Gender::Female;
    patient.nhs = Some(nhs("9000000009", true));
    patient.identifiers = vec![
        identifier("Northbridge", "A-012345"),
        identifier("RX1", "0077123"),
    ];
    patient.addresses = vec![
        address(AddressKind::Usual, &["12 High Street", "", "Leeds"], "LS1 4AB"),
        address(AddressKind::Temporary, &["Elm Lodge", "York"], "YO1 7HH"),
    ];
    patient.contacts = vec![
        contact(ContactKind::Email, "mary@example.com"),
        contact(ContactKind::Mobile, "07700 900123"),
        contact(ContactKind::Home, "0113 496 0000"),
        contact(ContactKind::Work, "0113 496 0001"),
    ];
    patient.gp = Some(Organisation {
        ods: "B86001".into(),
        name: "Park Surgery".into(),
    });
    patient.visit = Some(Visit {
        status: VisitStatus::Admitted,
        place: Some(Place {
            facility: "Northbridge".into(),
            ward: "Ward 7".into(),
            room: "Bay B".into(),
            bed: "Bed 4".into(),
        }),
        consultant: Some("Dr A Khan".into()),
        specialty: Some("Respiratory".into()),
        from: None,
        until: None,
        expected_discharge: None,
    });
    patient
}
