//! How dates, times and durations are shown: in one way, whatever the reader's browser or region says (ISB 1503 and 1501;
//! CUI *Date Display* D+Ta, *Time Display* D+Tb).
//!
//! Clinical data is shown in the short form, `14-Jul-1945` or `14-Jul-1945 08:05`. Screen readers, and what is written to
//! patients, get the long form, `14 July 1945` (D+Ta-0011, D+Ta-0015). What is not known of a date is left out, never made up.

use super::{Date, LocalMoment, PartialDate};

/// What stands for a value that is not known (PAB-0019, D+Ta-0022, D+Tb-0011): never a question mark, never a dash.
pub const NOT_KNOWN: &str = "Not Known";

impl Date {
    /// The short form: `05-Jan-2009` (D+Ta-0006).
    pub fn shown(self) -> String {
        PartialDate::Day(self).shown()
    }

    /// The short form with the day of the week: `Mon 05-Jan-2009` (D+Ta-0016, D+Ta-0017).
    pub fn shown_with_weekday(self) -> String {
        format!("{} {}", self.weekday(), self.shown())
    }

    /// The long form: `05 January 2009` (D+Ta-0019).
    pub fn shown_long(self) -> String {
        PartialDate::Day(self).shown_long()
    }

    /// The day of the week as it is abbreviated: `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat` or `Sun` (D+Ta-0016).
    pub fn weekday(self) -> &'static str {
        // 1970-01-01 was a Thursday.
        let since_monday = (self.days() + 3).rem_euclid(7);
        usize::try_from(since_monday)
            .ok()
            .and_then(|at| WEEKDAYS.get(at))
            .copied()
            .unwrap_or_default()
    }
}

impl PartialDate {
    /// The short form, as far as it is known: `14-Jul-1945`, `Jul-1945`, `1945`, `14-Jul-1945 08:05`.
    pub fn shown(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Month(year, month) => format!("{}-{year:04}", short_month(month)),
            Self::Day(Date { year, month, day }) => format!("{day:02}-{}-{year:04}", short_month(month)),
            Self::Minute(date, minute) => format!("{} {}", date.shown(), shown_time(minute)),
        }
    }

    /// The short form without the time of day: of a birth, which identifies by its day.
    pub fn shown_day(self) -> String {
        self.day().map_or_else(|| self.shown(), Date::shown)
    }

    /// The long form: `14 July 1945`, `July 1945`, `1945`, `14 July 1945 08:05` (D+Ta-0011 to D+Ta-0015, D+Ta-0019).
    pub fn shown_long(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Month(year, month) => format!("{} {year:04}", month_name(month)),
            Self::Day(Date { year, month, day }) => format!("{day:02} {} {year:04}", month_name(month)),
            Self::Minute(date, minute) => format!("{} {}", date.shown_long(), shown_time(minute)),
        }
    }

    /// The long form without the time of day.
    pub fn shown_long_day(self) -> String {
        self.day().map_or_else(|| self.shown_long(), Date::shown_long)
    }
}

impl LocalMoment {
    /// The short form: `14-Jul-1945 08:05`.
    pub fn shown(self) -> String {
        PartialDate::from(self).shown()
    }
}

/// A minute of the day on the 24-hour clock: `08:05`; midnight is `00:00` (D+Tb-0001 to D+Tb-0010).
pub fn shown_time(minute: u16) -> String {
    let minute = minute % (24 * 60);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A duration in minutes as days, hours and minutes: `4hr 32min`, `3d 40min`. Units that are zero are left out; no time at all
/// is `0min` (D+Tb-0017, D+Tb-0018, D+Tb-0026 to D+Tb-0029, D+Tb-0033).
pub fn shown_duration(minutes: u32) -> String {
    let parts = [
        (minutes / (24 * 60), "d"),
        (minutes / 60 % 24, "hr"),
        (minutes % 60, "min"),
    ];
    shown_units(&parts)
}

/// Amounts with their units, the largest first: those that are zero are left out, but for the last when all are.
pub(crate) fn shown_units(parts: &[(u32, &str)]) -> String {
    let mut shown = String::new();
    let is_nothing = parts.iter().all(|(amount, _)| *amount == 0);
    let from = if is_nothing {
        parts.len().saturating_sub(1)
    } else {
        0
    };
    for (amount, unit) in parts.iter().skip(from) {
        if *amount == 0 && !is_nothing {
            continue;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(&amount.to_string());
        shown.push_str(unit);
    }
    shown
}

/// The number of a month by its name or the beginning of it, of three letters at least and in lower case; `None` of another
/// word.
pub(crate) fn month_of(word: &str) -> Option<u8> {
    (1..).zip(MONTHS).find_map(|(number, name)| {
        let is_beginning = word.len() >= 3 && name.len() >= word.len();
        let begins = name
            .bytes()
            .zip(word.bytes())
            .all(|(here, there)| here.eq_ignore_ascii_case(&there));
        (is_beginning && begins).then_some(number)
    })
}

fn month_name(month: u8) -> &'static str {
    usize::from(month)
        .checked_sub(1)
        .and_then(|at| MONTHS.get(at))
        .copied()
        .unwrap_or_default()
}

fn short_month(month: u8) -> &'static str {
    let name = month_name(month);
    name.get(..3).unwrap_or(name)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
