//! Times of FHIR (`date`, `dateTime`, `instant`; <http://hl7.org/fhir/R4/datatypes.html#dateTime>) and of HTTP. The index has days and
//! minutes as the clock on the ward's wall shows them, in the UK.

use baton_core::date::{Date, LocalMoment, PartialDate};
use baton_core::time::At;

/// A `dateTime`: as it was written, and where it has a time, as clocks in the UK showed it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// As written.
    pub written: PartialDate,
    /// By clocks in the UK; the same where there is no time.
    pub here: PartialDate,
    /// The first minute that it may be, counted from 1970 in UTC.
    pub earliest: i64,
    /// The last one.
    pub latest: i64,
}

impl DateTime {
    /// Parses a `dateTime`.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((day, rest)) = text.split_once('T') else {
            let written: PartialDate = text.parse().ok()?;
            return Some(Self {
                written,
                here: written,
                earliest: i64::from(first_day(written)?.days()) * DAY,
                latest: i64::from(last_day(written)?.days()) * DAY + DAY - 1,
            });
        };
        let date = day.parse::<PartialDate>().ok()?.day()?;
        let (time, offset) = zone(rest)?;
        let (minutes, seconds) = time.rsplit_once(':')?;
        if !are_seconds(seconds) {
            return None;
        }
        let PartialDate::Minute(_, minute) = format!("{day}T{minutes}").parse().ok()? else {
            return None;
        };
        let utc = i64::from(date.days()) * DAY + i64::from(minute) - offset;
        let written = PartialDate::Minute(date, minute);
        Some(Self {
            written,
            here: here(date, utc).unwrap_or(written),
            earliest: utc,
            latest: utc,
        })
    }

    /// Whether it is over.
    pub fn is_before(&self, now: At) -> bool {
        i64::try_from(now.millis() / 60_000).is_ok_and(|now| self.latest < now)
    }
}

/// Before 1996 the rule was another one, and what was written counts.
fn here(date: Date, utc: i64) -> Option<PartialDate> {
    if date.year() < 1996 {
        return None;
    }
    let millis = u64::try_from(utc).ok()? * 60_000;
    Some(LocalMoment::in_uk(At::from_millis(millis)).into())
}

fn first_day(when: PartialDate) -> Option<Date> {
    match when {
        PartialDate::Day(day) | PartialDate::Minute(day, _) => Some(day),
        PartialDate::Month(year, month) => Date::new(year, month, 1),
        PartialDate::Year(year) => Date::new(year, 1, 1),
    }
}

fn last_day(when: PartialDate) -> Option<Date> {
    let (year, month) = match when {
        PartialDate::Day(day) | PartialDate::Minute(day, _) => return Some(day),
        PartialDate::Month(year, month) => (year, month),
        PartialDate::Year(year) => (year, 12),
    };
    (28..=31).rev().find_map(|day| Date::new(year, month, day))
}

fn zone(rest: &str) -> Option<(&str, i64)> {
    if let Some(time) = rest.strip_suffix('Z') {
        return Some((time, 0));
    }
    let at = rest.rfind(['+', '-'])?;
    let (time, zone) = rest.split_at_checked(at)?;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let number = |text: &str| {
        let is_two = text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit());
        is_two.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some((time, sign * (hours * 60 + minutes)))
}

fn are_seconds(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    whole.len() == 2 && are_digits(whole) && whole <= "60" && are_digits(fraction) && fraction.len() <= 9
}

/// As a `date` or `dateTime`. A minute gets the offset that clocks in the UK had then.
pub fn date_time(when: PartialDate) -> String {
    let PartialDate::Minute(date, minute) = when else {
        return when.to_string();
    };
    let local = i64::from(date.days()) * DAY + i64::from(minute);
    let is_summer = here(date, local - 60) == Some(when) && here(date, local) != Some(when);
    format!("{when}:00{}", if is_summer { "+01:00" } else { "+00:00" })
}

/// As an `instant`.
pub fn instant(at: At) -> String {
    let (date, seconds) = parts(at);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let millis = at.millis() % 1000;
    let day = PartialDate::Day(date);
    format!("{day}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// As `Last-Modified` writes it (RFC 9110 §5.6.7).
pub fn http_date(at: At) -> String {
    let (date, seconds) = parts(at);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from((date.days() + 4).rem_euclid(7)).unwrap_or_default();
    let weekday = WEEKDAYS.get(weekday).copied().unwrap_or_default();
    let month = MONTHS
        .get(usize::from(date.month()) - 1)
        .copied()
        .unwrap_or_default();
    let (day, year) = (date.day(), date.year());
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

fn parts(at: At) -> (Date, u64) {
    let seconds = at.millis() / 1000;
    let days = i32::try_from(seconds / 86_400).ok().and_then(Date::from_days);
    let date = days.or_else(|| Date::new(9999, 12, 31));
    (date.expect("the last day is one"), seconds % 86_400)
}

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAY: i64 = 24 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn here(text: &str) -> String {
        DateTime::parse(text).unwrap().here.to_string()
    }

    #[test]
    fn what_is_known_of_a_time_is_kept_and_a_time_is_that_of_the_wall() {
        assert_eq!(here("1945"), "1945");
        assert_eq!(here("1945-07"), "1945-07");
        assert_eq!(here("1945-07-14"), "1945-07-14");
        assert_eq!(here("2026-06-01T12:00:00Z"), "2026-06-01T13:00");
        assert_eq!(here("2026-06-01T12:00:00+01:00"), "2026-06-01T12:00");
        assert_eq!(here("2026-01-31T23:30:59.123-01:00"), "2026-02-01T00:30");
        assert_eq!(here("1945-07-14T08:05:00+01:00"), "1945-07-14T08:05");
    }

    #[test]
    fn what_is_no_date_time_of_the_standard_is_none() {
        for text in [
            "",
            "45",
            "1945-7-14",
            "1945-02-30",
            "2026-06-01T12:00",
            "2026-06-01T12:00:00",
            "2026-06-01T12:00Z",
            "2026-06-01T24:00:00Z",
            "2026-06-01T12:00:61Z",
            "2026-06-01T12:00:00+15:00",
            "2026-06-01T12:00:00+1:00",
            "2026-06T12:00:00Z",
            "2026-06-01 12:00:00Z",
            "2026-06-01T12:00:00.Z",
            "20260601",
            "2026-06-01Tx\u{e9}:00Z",
        ] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_written_so_that_they_are_read_as_the_same() {
        for text in [
            "2026-06-01T12:00:00+01:00",
            "2026-01-31T23:30:00+00:00",
            "1945-07-14T08:05:00+00:00",
            "1945-07",
            "2026-10-25T01:30:00+00:00",
        ] {
            assert_eq!(date_time(DateTime::parse(text).unwrap().here), text);
        }
        let at = At::from_millis(1_800_000_000_123);
        assert_eq!(instant(at), "2027-01-15T08:00:00.123Z");
        assert_eq!(http_date(at), "Fri, 15 Jan 2027 08:00:00 GMT");
    }

    #[test]
    fn a_period_is_over_when_its_last_day_is() {
        let is_over = |text: &str| {
            DateTime::parse(text)
                .unwrap()
                .is_before(At::from_millis(1_800_000_000_000))
        };
        assert!(is_over("2027-01-14") && is_over("2026") && is_over("2027-01-15T07:59:00Z"));
        assert!(!is_over("2027-01-15") && !is_over("2027") && !is_over("2027-01-15T08:59:00Z"));
    }
}
