//! Days of the calendar as records of patients have them: often with a part that nobody knows. Shown in one way
//! (`14-Jul-1945`; ISB 1503, CUI D+Ta). There is no clock here: a day is the day of the place of care, in the UK.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod shown;
mod uk;

pub use shown::{NOT_KNOWN, shown_duration, shown_time};
pub(crate) use shown::{month_of, shown_units};

/// A day of the Gregorian calendar, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A day, or only its month or year; or a minute of a day. Written as FHIR `dateTime` without a zone: `1945`, `1945-07`,
/// `1945-07-14`, `1945-07-14T08:05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartialDate {
    /// Only the year is known.
    Year(u16),
    /// Only year and month.
    Month(u16, u8),
    /// The day.
    Day(Date),
    /// The day and the minute of it, 0 to 1439.
    Minute(Date, u16),
}

/// A minute of a day at the place of care: what the clock on its wall shows. Two of them on both sides of a change of the clocks
/// are an hour more or less apart than they seem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalMoment {
    /// The day.
    pub date: Date,
    /// The minute of it, 0 to 1439.
    pub minute: u16,
}

impl From<LocalMoment> for PartialDate {
    fn from(moment: LocalMoment) -> Self {
        Self::Minute(moment.date, moment.minute)
    }
}

impl Date {
    /// A day, if there is such a day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_day = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        is_day.then_some(Self { year, month, day })
    }

    /// The year, 1 to 9999.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01; negative before.
    pub fn days(self) -> i32 {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the odd day is last.
        let (year, month, day) = (i32::from(self.year), i32::from(self.month), i32::from(self.day));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day that is so many days after 1970-01-01; `None` past year 9999 or before year 1.
    pub fn from_days(days: i32) -> Option<Self> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }
}

/// How many days a month has.
fn days_in(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl PartialDate {
    /// The day, when it is known.
    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Year(_) | Self::Month(..) => None,
            Self::Day(day) | Self::Minute(day, _) => Some(day),
        }
    }

    /// The year.
    pub const fn year(self) -> u16 {
        match self {
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(day) | Self::Minute(day, _) => day.year,
        }
    }
}

impl fmt::Display for PartialDate {
    /// As it is written down, not as it is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(Date { year, month, day }) => write!(f, "{year:04}-{month:02}-{day:02}"),
            Self::Minute(Date { year, month, day }, minute) => {
                let (hour, minute) = (minute / 60, minute % 60);
                write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
            }
        }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    /// Reads what [`fmt::Display`] wrote.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let number = |part: Option<&str>, width: usize| {
            part.filter(|part| part.len() == width && part.bytes().all(|digit| digit.is_ascii_digit()))
                .and_then(|part| part.parse::<u16>().ok())
                .ok_or(DateError)
        };
        let (date, time) = text
            .split_once('T')
            .map_or((text, None), |(date, time)| (date, Some(time)));
        let mut parts = date.split('-');
        let year = number(parts.next(), 4)
            .ok()
            .filter(|year| *year > 0)
            .ok_or(DateError)?;
        let (month, day) = (parts.next(), parts.next());
        if parts.next().is_some() || (time.is_some() && day.is_none()) {
            return Err(DateError);
        }
        let Some(month) = month else {
            return Ok(Self::Year(year));
        };
        let month = u8::try_from(number(Some(month), 2)?).map_err(|_| DateError)?;
        if !(1..=12).contains(&month) {
            return Err(DateError);
        }
        let Some(day) = day else {
            return Ok(Self::Month(year, month));
        };
        let day = u8::try_from(number(Some(day), 2)?).map_err(|_| DateError)?;
        let date = Date::new(year, month, day).ok_or(DateError)?;
        let Some(time) = time else {
            return Ok(Self::Day(date));
        };
        let (hour, minute) = time.split_once(':').ok_or(DateError)?;
        let (hour, minute) = (number(Some(hour), 2)?, number(Some(minute), 2)?);
        if hour < 24 && minute < 60 {
            Ok(Self::Minute(date, hour * 60 + minute))
        } else {
            Err(DateError)
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// The text is no such date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date: expected 1945, 1945-07, 1945-07-14 or 1945-07-14T08:05")]
pub struct DateError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_back_and_forth_over_four_centuries() {
        let first = Date::new(1600, 1, 1).unwrap().days();
        let last = Date::new(2400, 12, 31).unwrap().days();
        let mut before = None;
        for days in first..=last {
            let date = Date::from_days(days).unwrap();
            assert_eq!(date.days(), days);
            assert!(before < Some(date));
            before = Some(date);
        }
        assert_eq!(Date::new(1970, 1, 1).unwrap().days(), 0);
    }

    #[test]
    fn a_day_that_does_not_exist_is_none() {
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Date::new(1900, 2, 29), None);
        assert!(Date::new(2000, 2, 29).is_some());
        assert_eq!(Date::new(2023, 13, 1), None);
        assert_eq!(Date::new(0, 1, 1), None);
    }

    #[test]
    fn what_is_known_of_a_date_survives_being_written() {
        for text in [
            "1945",
            "1945-07",
            "1945-07-14",
            "1945-07-14T08:05",
            "1945-07-14T00:00",
        ] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for text in [
            "",
            "0000",
            "45",
            "1945-7",
            "1945-13",
            "1945-02-30",
            "1945-07-14T24:00",
            "1945-07T08:05",
            "1945-07-14-01",
        ] {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError), "{text}");
        }
    }
}
