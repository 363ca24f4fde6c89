//! Moments as HL7 writes them: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]` (TS and DTM, v2.5.1 §2.A.76, §2.A.22).
//!
//! A moment is as precise as it was sent: a birth in `1945` has no day, and none is made up.

use std::fmt;

/// A moment, in the sender's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12; 1 if not said.
    pub month: u8,
    /// 1 to 31, as the month has it; 1 if not said.
    pub day: u8,
    /// 0 to 23; 0 if not said.
    pub hour: u8,
    /// 0 to 59; 0 if not said.
    pub minute: u8,
    /// 0 to 59; 0 if not said.
    pub second: u8,
    /// 0 to 999,999; 0 if not said.
    pub microsecond: u32,
    /// What of it was said.
    pub precision: Precision,
    /// Minutes ahead of UTC; `None` if not said: the sender's own zone (§2.15.9.7: that of MSH-7, if there).
    pub offset: Option<i16>,
}

/// How far a moment was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The second.
    Second,
    /// A fraction of it.
    Fraction,
}

impl Precision {
    /// TS.2 "degree of precision" of v2.3 to v2.5 (table 0529).
    pub fn named(code: &str) -> Option<Self> {
        match code {
            "Y" => Some(Self::Year),
            "L" => Some(Self::Month),
            "D" => Some(Self::Day),
            "H" => Some(Self::Hour),
            "M" => Some(Self::Minute),
            "S" => Some(Self::Second),
            _ => None,
        }
    }
}

impl Timestamp {
    /// Parses a moment.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let (digits, offset) = match text.find(['+', '-']) {
            Some(at) => {
                let (digits, offset) = text.split_at_checked(at).ok_or(TimeError::Shape)?;
                (digits, Some(offset_minutes(offset)?))
            }
            None => (text, None),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let precision = match (whole.len(), fraction) {
            (4, None) => Precision::Year,
            (6, None) => Precision::Month,
            (8, None) => Precision::Day,
            (10, None) => Precision::Hour,
            (12, None) => Precision::Minute,
            (14, None) => Precision::Second,
            (14, Some(_)) => Precision::Fraction,
            _ => return Err(TimeError::Shape),
        };
        let part = |from: usize, to: usize, absent: u8| match whole.get(from..to) {
            Some(digits) => number(digits).and_then(|n| u8::try_from(n).map_err(|_| TimeError::Shape)),
            None => Ok(absent),
        };
        let time = Self {
            year: number(whole.get(..4).unwrap_or_default())?,
            month: part(4, 6, 1)?,
            day: part(6, 8, 1)?,
            hour: part(8, 10, 0)?,
            minute: part(10, 12, 0)?,
            second: part(12, 14, 0)?,
            microsecond: fraction.map_or(Ok(0), microseconds)?,
            precision,
            offset,
        };
        if time.exists() {
            Ok(time)
        } else {
            Err(TimeError::NoSuchMoment)
        }
    }

    /// The same, said no further than `precision`.
    #[must_use]
    pub fn at_most(mut self, precision: Precision) -> Self {
        if self.precision <= precision {
            return self;
        }
        self.precision = precision;
        let keep = |from: Precision| precision >= from;
        self.month = if keep(Precision::Month) { self.month } else { 1 };
        self.day = if keep(Precision::Day) { self.day } else { 1 };
        self.hour = if keep(Precision::Hour) { self.hour } else { 0 };
        self.minute = if keep(Precision::Minute) { self.minute } else { 0 };
        self.second = if keep(Precision::Second) { self.second } else { 0 };
        self.microsecond = 0;
        self
    }

    fn exists(&self) -> bool {
        let leap =
            self.year.is_multiple_of(4) && !self.year.is_multiple_of(100) || self.year.is_multiple_of(400);
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        };
        self.year > 0
            && (1..=days).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
    }
}

impl fmt::Display for Timestamp {
    /// As HL7 writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        let parts = [
            (Precision::Month, self.month),
            (Precision::Day, self.day),
            (Precision::Hour, self.hour),
            (Precision::Minute, self.minute),
            (Precision::Second, self.second),
        ];
        for (precision, part) in parts {
            if self.precision >= precision {
                write!(f, "{part:02}")?;
            }
        }
        if self.precision == Precision::Fraction {
            write!(f, ".{:04}", self.microsecond / 100)?;
        }
        if let Some(offset) = self.offset {
            let sign = if offset < 0 { '-' } else { '+' };
            write!(
                f,
                "{sign}{:02}{:02}",
                offset.unsigned_abs() / 60,
                offset.unsigned_abs() % 60
            )?;
        }
        Ok(())
    }
}

/// Decimal digits and nothing else.
fn number(digits: &str) -> Result<u16, TimeError> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().map_err(|_| TimeError::Shape)
    } else {
        Err(TimeError::Shape)
    }
}

/// One to six digits of a second's fraction; the standard has four.
fn microseconds(digits: &str) -> Result<u32, TimeError> {
    let places = u32::try_from(digits.len()).map_err(|_| TimeError::Shape)?;
    if !(1..=6).contains(&places) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TimeError::Shape);
    }
    let value: u32 = digits.parse().map_err(|_| TimeError::Shape)?;
    Ok(value * 10_u32.pow(6 - places))
}

/// `+0100` in minutes.
fn offset_minutes(text: &str) -> Result<i16, TimeError> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').ok_or(TimeError::Shape)?),
    };
    if digits.len() != 4 {
        return Err(TimeError::Shape);
    }
    let value = number(digits)?;
    let (hours, minutes) = (value / 100, value % 100);
    if hours > 14 || minutes > 59 {
        return Err(TimeError::NoSuchMoment);
    }
    i16::try_from(hours * 60 + minutes)
        .map(|minutes| sign * minutes)
        .map_err(|_| TimeError::Shape)
}

/// Why text is no moment. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// A calendar or a clock has no such moment.
    #[error("no such day or time")]
    NoSuchMoment,
    /// Not written as HL7 writes moments.
    #[error("not a time as HL7 writes it")]
    Shape,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_as_precise_as_it_was_sent() {
        for (text, precision) in [
            ("1945", Precision::Year),
            ("194507", Precision::Month),
            ("19450714", Precision::Day),
            ("1945071409", Precision::Hour),
            ("194507140930", Precision::Minute),
            ("19450714093015", Precision::Second),
            ("19450714093015.1230", Precision::Fraction),
            ("194507+0100", Precision::Month),
            ("19450714093015.1230-0530", Precision::Fraction),
        ] {
            let time = Timestamp::parse(text).unwrap();
            assert_eq!(time.precision, precision, "{text}");
            assert_eq!(time.to_string(), text);
        }
        assert_eq!(Timestamp::parse(" 19450714 ").unwrap().day, 14);
    }

    #[test]
    fn the_offset_is_in_minutes() {
        let offset = |text| Timestamp::parse(text).map(|time| time.offset);
        assert_eq!(offset("202601010000"), Ok(None));
        assert_eq!(offset("202601010000+0100"), Ok(Some(60)));
        assert_eq!(offset("202601010000-0330"), Ok(Some(-210)));
        assert_eq!(offset("202601010000-0000"), Ok(Some(0)));
        assert_eq!(offset("202601010000+1500"), Err(TimeError::NoSuchMoment));
        assert_eq!(offset("202601010000+01"), Err(TimeError::Shape));
        assert_eq!(offset("202601010000+01-2"), Err(TimeError::Shape));
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in [
            "20260230",
            "20250229",
            "19000229",
            "20260431",
            "202613",
            "20260100",
            "202600",
            "0000",
            "2026010124",
            "202601010060",
            "20260101000060",
        ] {
            assert_eq!(Timestamp::parse(text), Err(TimeError::NoSuchMoment), "{text}");
        }
        assert!(Timestamp::parse("20240229").is_ok());
        assert!(Timestamp::parse("20000229").is_ok());
    }

    #[test]
    fn other_writing_is_refused() {
        for text in [
            "",
            "196203520",
            "20161001508000a",
            "2026-01-01",
            "26",
            "something",
            "2026010100000.1",
            "20260101.5",
            "20260101000000.",
            "20260101000000.1234567",
            "２０２６",
        ] {
            assert_eq!(Timestamp::parse(text), Err(TimeError::Shape), "{text}");
        }
    }

    #[test]
    fn a_moment_can_be_said_less_precisely() {
        let time = Timestamp::parse("19450714093015.1230").unwrap();
        assert_eq!(time.at_most(Precision::Month).to_string(), "194507");
        assert_eq!(Precision::named("L"), Some(Precision::Month));
        assert_eq!(time.at_most(Precision::Fraction), time);
    }
}
