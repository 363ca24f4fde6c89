//! A patient in one line, by three identifiers and never by one alone: for confirmations, prints and screen readers.

use super::banner::NOT_VERIFIED;
use super::{Patient, PatientNhsNumber};
use crate::date::NOT_KNOWN;

/// Name, date of birth and NHS number in one line: `JONES, Mary (Mrs), Born 14-Jul-1945, NHS No. 900 000 0009`. Without an NHS
/// number it has the first local number and who gave it; what is not known says so.
pub fn three_identifiers(patient: &Patient) -> String {
    let born = patient
        .born
        .as_ref()
        .map_or_else(|| NOT_KNOWN.to_owned(), |born| born.expose().shown_day());
    let number = match (patient.nhs, patient.identifiers.first()) {
        (
            Some(PatientNhsNumber {
                number,
                is_verified: true,
            }),
            _,
        ) => format!("NHS No. {}", number.shown()),
        (
            Some(PatientNhsNumber {
                number,
                is_verified: false,
            }),
            _,
        ) => {
            format!("NHS No. {} ({NOT_VERIFIED})", number.shown())
        }
        (None, Some(local)) => format!("{} No. {}", local.assigner.trim(), local.value.as_str().trim()),
        (None, None) => format!("NHS No. {NOT_KNOWN}"),
    };
    format!("{}, Born {born}, {number}", patient.shown_name())
}

/// The same for a screen reader. It begins with the name as it is shown, so that it may name a control that shows no more than
/// that (WCAG 2.5.3); the date is in the long form (D+Ta-0015) and digits are read one by one.
pub fn spoken_label(patient: &Patient) -> String {
    let born = patient
        .born
        .as_ref()
        .map_or_else(|| NOT_KNOWN.to_owned(), |born| born.expose().shown_long_day());
    let number = match (patient.nhs, patient.identifiers.first()) {
        (Some(PatientNhsNumber { number, is_verified }), _) => {
            let verified = if is_verified { "" } else { ", not verified" };
            format!("NHS number {}{verified}", spoken_digits(&number.shown()))
        }
        (None, Some(local)) => format!(
            "{} number {}",
            local.assigner.trim(),
            spoken_digits(local.value.as_str().trim())
        ),
        (None, None) => format!("NHS number {NOT_KNOWN}"),
    };
    let died = match &patient.died {
        Some(died) => match &died.at {
            Some(at) => format!(", died {}", at.expose().shown_long_day()),
            None => ", has died".to_owned(),
        },
        None => String::new(),
    };
    format!("{}, born {born}{died}, {number}", patient.shown_name())
}

/// A number's digits apart from each other, with a pause between groups: `9 0 0, 0 0 0, 0 0 0 9`.
pub(super) fn spoken_digits(number: &str) -> String {
    let mut spoken = String::new();
    for character in number.chars() {
        if character == ' ' {
            spoken.push(',');
            continue;
        }
        if !spoken.is_empty() {
            spoken.push(' ');
        }
        spoken.push(character);
    }
    spoken
}
