//! What stands in one cell of a file.

use baton_core::date::{Date, PartialDate};
use baton_core::patient::{Gender, VisitStatus};

/// The parts of a cell with `;` between, without those that are empty.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// A date as systems write it (`1945-07-14`, `1945-07`, `1945`, `1945-07-14T08:05`), or as people here do (`14/07/1945`).
pub(super) fn date(text: &str) -> Option<PartialDate> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).map(PartialDate::Day)
}

pub(super) fn yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// Words, or the codes of the NHS data dictionary.
pub(super) fn gender(text: &str) -> Option<Gender> {
    match text.to_lowercase().as_str() {
        "female" | "f" | "2" => Some(Gender::Female),
        "male" | "m" | "1" => Some(Gender::Male),
        "not specified" | "indeterminate" | "other" | "9" => Some(Gender::NotSpecified),
        "not known" | "unknown" | "0" => Some(Gender::NotKnown),
        _ => None,
    }
}

pub(super) fn visit(text: &str) -> Option<VisitStatus> {
    match text.to_lowercase().as_str() {
        "admitted" => Some(VisitStatus::Admitted),
        "attending" => Some(VisitStatus::Attending),
        "discharged" => Some(VisitStatus::Discharged),
        "on leave" => Some(VisitStatus::OnLeave),
        "expected" => Some(VisitStatus::PreAdmitted),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_systems_and_as_people_write_them_and_never_month_first() {
        for (text, expected) in [
            ("1945-07-14", "1945-07-14"),
            ("14/07/1945", "1945-07-14"),
            ("1/2/1961", "1961-02-01"),
            ("1945-07", "1945-07"),
            ("1945", "1945"),
        ] {
            assert_eq!(date(text).unwrap().to_string(), expected, "{text}");
        }
        for text in [
            "07/14/1945",
            "14/07/45",
            "31/02/1961",
            "14.07.1945",
            "soon",
            "1/2/3/1961",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
