//! A patient in one line, by three identifiers and never by one alone: for confirmations, prints and screen readers.

use super::banner::{BORN, DIED, NHS_NUMBER, NOT_VERIFIED};
use super::{Identifier, Patient, PatientNhsNumber};
use crate::date::NOT_KNOWN;

/// Name, date of birth and NHS number in one line: `JONES, Mary (Mrs) · Born 14-Jul-1945 · NHS No. 900 000 0009`. Without an NHS
/// number it has the first local number and who gave it; what is not known says so. Of one who has died it says that too.
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
        ) => format!("{NHS_NUMBER} {}", number.shown()),
        (
            Some(PatientNhsNumber {
                number,
                is_verified: false,
            }),
            _,
        ) => {
            format!("{NHS_NUMBER} {} ({NOT_VERIFIED})", number.shown())
        }
        (None, Some(local)) => format!("{} No. {}", assigner(local), local.value.as_str().trim()),
        (None, None) => format!("{NHS_NUMBER} {NOT_KNOWN}"),
    };
    let died = match &patient.died {
        Some(died) => {
            let at = died
                .at
                .as_ref()
                .map_or_else(|| NOT_KNOWN.to_owned(), |at| at.expose().shown_day());
            format!(" · {DIED} {at}")
        }
        None => String::new(),
    };
    format!("{} · {BORN} {born}{died} · {number}", patient.shown_name())
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
            assigner(local),
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

/// Who gave a number; *Local* when the feed did not say.
pub(super) fn assigner(identifier: &Identifier) -> &str {
    match identifier.assigner.trim() {
        "" => "Local",
        assigner => assigner,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::PartialDate;
    use crate::patient::Died;
    use crate::patient::tests::{identifier, named, nhs, patient};
    use crate::secret::Personal;

    #[test]
    fn three_identifiers_are_name_birth_date_and_nhs_number() {
        let mut patient = patient(1);
        assert_eq!(
            three_identifiers(&patient),
            "JONES, Mary (Mrs) · Born 14-Jul-1945 · NHS No. 900 000 0009"
        );
        patient.nhs = Some(nhs("9000000009", false));
        assert_eq!(
            three_identifiers(&patient),
            "JONES, Mary (Mrs) · Born 14-Jul-1945 · NHS No. 900 000 0009 (Not verified)"
        );
    }

    #[test]
    fn without_an_nhs_number_the_first_local_one_stands_with_who_gave_it() {
        let mut patient = patient(1);
        patient.nhs = None;
        assert_eq!(
            three_identifiers(&patient),
            "JONES, Mary (Mrs) · Born 14-Jul-1945 · Northbridge No. A-012345"
        );
        assert_eq!(
            spoken_label(&patient),
            "JONES, Mary (Mrs), born 14 July 1945, Northbridge number A - 0 1 2 3 4 5"
        );
    }

    #[test]
    fn a_number_that_nobody_is_said_to_have_given_is_a_local_one() {
        let mut patient = named(1, "Jones", "Mary");
        patient.identifiers = vec![identifier(" ", " 77 ")];
        assert_eq!(
            three_identifiers(&patient),
            "JONES, Mary · Born Not Known · Local No. 77"
        );
    }

    #[test]
    fn what_is_not_known_says_so_and_never_with_a_question_mark() {
        let unknown = named(1, "", "");
        assert_eq!(
            three_identifiers(&unknown),
            "Name not recorded · Born Not Known · NHS No. Not Known"
        );
        assert_eq!(
            spoken_label(&unknown),
            "Name not recorded, born Not Known, NHS number Not Known"
        );
    }

    #[test]
    fn a_screen_reader_hears_the_long_date_and_each_digit() {
        let mut patient = patient(1);
        assert_eq!(
            spoken_label(&patient),
            "JONES, Mary (Mrs), born 14 July 1945, NHS number 9 0 0, 0 0 0, 0 0 0 9"
        );
        assert!(
            spoken_label(&patient).starts_with(&patient.shown_name()),
            "WCAG 2.5.3"
        );
        patient.nhs = Some(nhs("9000000009", false));
        patient.identifiers = vec![identifier("RX1", "1")];
        assert!(spoken_label(&patient).ends_with("0 0 0 9, not verified"));
    }

    #[test]
    fn that_a_patient_has_died_is_always_said() {
        let mut patient = patient(1);
        patient.died = Some(Died::default());
        assert!(three_identifiers(&patient).contains(" · Died Not Known · "));
        assert!(spoken_label(&patient).contains(", has died, "));
        patient.died = Some(Died {
            at: Some(Personal::new(PartialDate::Month(2024, 3))),
        });
        assert!(three_identifiers(&patient).contains(" · Died Mar-2024 · "));
        assert!(spoken_label(&patient).contains(", died March 2024, "));
    }
}
