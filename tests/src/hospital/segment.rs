//! Writing HL7 v2: fields, components, repetitions, with the usual separators and their escapes (HL7 v2.5.1 §2.7).

use baton_core::date::{Date, PartialDate};
use baton_core::time::At;

/// A segment, as it is written.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    fields: Vec<String>,
}

impl Segment {
    /// A segment of this name, with no fields yet.
    pub(super) fn new(name: &str) -> Self {
        Self {
            fields: vec![name.to_owned()],
        }
    }

    /// A field of one text.
    pub(super) fn text(self, place: usize, text: &str) -> Self {
        self.raw(place, escape(text))
    }

    /// A field of components.
    pub(super) fn parts(self, place: usize, parts: &[&str]) -> Self {
        self.raw(place, components(parts))
    }

    /// A field of several repetitions, written already; empty ones are left out.
    pub(super) fn all(self, place: usize, repetitions: &[String]) -> Self {
        let written: Vec<&str> = repetitions
            .iter()
            .map(String::as_str)
            .filter(|each| !each.is_empty())
            .collect();
        self.raw(place, written.join("~"))
    }

    /// A field as it is written.
    pub(super) fn raw(mut self, place: usize, written: String) -> Self {
        if self.fields.len() <= place {
            self.fields.resize(place + 1, String::new());
        }
        if let Some(field) = self.fields.get_mut(place) {
            *field = written;
        }
        self
    }

    /// Writes it, with the carriage return that ends it.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        let filled = self
            .fields
            .iter()
            .rposition(|field| !field.is_empty())
            .unwrap_or(0);
        let fields = self.fields.get(..=filled).unwrap_or_default();
        to.extend_from_slice(fields.join("|").as_bytes());
        to.push(b'\r');
    }
}

/// Components, without the empty ones at the end.
pub(super) fn components(parts: &[&str]) -> String {
    let filled = parts.iter().rposition(|part| !part.is_empty());
    let parts = filled.and_then(|last| parts.get(..=last)).unwrap_or_default();
    parts
        .iter()
        .map(|part| escape(part))
        .collect::<Vec<_>>()
        .join("^")
}

fn escape(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' => written.push_str("\\F\\"),
            '^' => written.push_str("\\S\\"),
            '&' => written.push_str("\\T\\"),
            '~' => written.push_str("\\R\\"),
            '\\' => written.push_str("\\E\\"),
            other => written.push(other),
        }
    }
    written
}

/// A day: `20260112`.
pub(super) fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// As much of a date as is known: `1945`, `194507`, `19450714`, `194507140805`.
pub(super) fn partial(date: PartialDate) -> String {
    match date {
        PartialDate::Year(year) => format!("{year:04}"),
        PartialDate::Month(year, month) => format!("{year:04}{month:02}"),
        PartialDate::Day(date) => day(date),
        PartialDate::Minute(date, minute) => format!("{}{:02}{:02}", day(date), minute / 60, minute % 60),
    }
}

/// A moment to the second, by the clock on the wall: `20260112083015`.
pub(super) fn moment(at: At) -> String {
    let (date, seconds) = calendar(at);
    format!(
        "{}{:02}{:02}{:02}",
        day(date),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The same with how far that clock is ahead, so that no hour comes twice in October: `20260712083015+0100`.
pub(super) fn exact_moment(at: At) -> String {
    let ahead = if is_summer(at) { "+0100" } else { "+0000" };
    format!("{}{ahead}", moment(at))
}

/// Day and second of a moment, by the clock on the wall.
pub(super) fn calendar(at: At) -> (Date, u64) {
    let seconds = at.millis() / 1000 + if is_summer(at) { 3600 } else { 0 };
    (date(seconds), seconds % 86_400)
}

/// Whether it is British Summer Time: from the last Sunday of March to that of October, 01:00 UTC both (The Summer Time Order
/// 2002).
fn is_summer(at: At) -> bool {
    let seconds = at.millis() / 1000;
    let year = date(seconds).year();
    let change = |month| {
        let last = Date::new(year, month, 31).map_or(0, Date::days);
        // 1970 began on a Thursday.
        let sunday = last - (last + 4).rem_euclid(7);
        u64::try_from(sunday).unwrap_or(0) * 86_400 + 3600
    };
    (change(3)..change(10)).contains(&seconds)
}

fn date(seconds: u64) -> Date {
    let days = i32::try_from(seconds / 86_400).unwrap_or(i32::MAX);
    Date::from_days(days).expect("the demonstration ends before the year 10000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_go_forward_in_march_and_back_in_october() {
        for (second, written) in [
            (1_774_745_999, "20260329005959+0000"),
            (1_774_746_000, "20260329020000+0100"),
            (1_792_889_999, "20261025015959+0100"),
            (1_792_890_000, "20261025010000+0000"),
        ] {
            assert_eq!(exact_moment(At::from_millis(second * 1000)), written);
        }
    }
}
