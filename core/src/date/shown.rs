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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: u16, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn d_ta_0002_to_0009_a_date_is_two_digits_three_letters_and_four_digits_with_hyphens() {
        assert_eq!(day(1945, 7, 14).shown(), "14-Jul-1945");
        assert_eq!(day(2008, 4, 5).shown(), "05-Apr-2008");
        assert_eq!(day(987, 12, 1).shown(), "01-Dec-0987");
        let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
        for (month, name) in (1..).zip(months.split(' ')) {
            assert_eq!(day(2009, month, 5).shown(), format!("05-{name}-2009"));
        }
    }

    #[test]
    fn d_ta_0016_and_0017_the_day_of_the_week_is_short_and_right_before_the_day() {
        for shown in [
            "Tue 01-Jan-2008",
            "Thu 28-Feb-2008",
            "Sat 05-Apr-2008",
            "Wed 31-Dec-2008",
            "Mon 05-Jan-2009",
        ] {
            let (_, date) = shown.split_once(' ').unwrap();
            let mut parts = date.split('-');
            let number = parts.next().unwrap().parse().unwrap();
            let month = month_of(parts.next().unwrap()).unwrap();
            let year = parts.next().unwrap().parse().unwrap();
            assert_eq!(day(year, month, number).shown_with_weekday(), shown);
        }
        assert_eq!(day(1969, 12, 31).weekday(), "Wed");
        assert_eq!(day(1900, 1, 1).weekday(), "Mon");
    }

    #[test]
    fn d_ta_0011_to_0019_the_long_form_has_the_whole_month_and_spaces() {
        assert_eq!(day(2008, 1, 1).shown_long(), "01 January 2008");
        assert_eq!(PartialDate::Month(1945, 9).shown_long(), "September 1945");
        assert_eq!(PartialDate::Year(1945).shown_long(), "1945");
        assert_eq!(
            PartialDate::Minute(day(1945, 7, 14), 485).shown_long(),
            "14 July 1945 08:05"
        );
        assert_eq!(
            PartialDate::Minute(day(1945, 7, 14), 485).shown_long_day(),
            "14 July 1945"
        );
    }

    #[test]
    fn what_is_not_known_of_a_date_is_left_out() {
        assert_eq!(PartialDate::Month(1945, 7).shown(), "Jul-1945");
        assert_eq!(PartialDate::Year(1945).shown(), "1945");
        assert_eq!(PartialDate::Year(1945).shown_day(), "1945");
    }

    #[test]
    fn d_tb_0001_to_0010_times_are_of_the_24_hour_clock_and_midnight_is_its_beginning() {
        assert_eq!(shown_time(0), "00:00");
        assert_eq!(shown_time(8 * 60 + 5), "08:05");
        assert_eq!(shown_time(17 * 60 + 30), "17:30");
        assert_eq!(shown_time(1439), "23:59");
        assert_eq!(shown_time(1440), "00:00", "never 24:00");
        let moment = LocalMoment {
            date: day(2006, 6, 12),
            minute: 150,
        };
        assert_eq!(moment.shown(), "12-Jun-2006 02:30", "D+Tb-0008");
        assert_eq!(PartialDate::from(moment).shown_day(), "12-Jun-2006");
    }

    #[test]
    fn d_tb_0017_to_0033_durations_are_whole_numbers_with_their_units_and_without_zeros() {
        for (minutes, shown) in [
            (10, "10min"),
            (23 * 60, "23hr"),
            (160, "2hr 40min"),
            (4 * 60 + 32, "4hr 32min"),
            (3 * 1440 + 40, "3d 40min"),
            (26 * 1440 + 5 * 60 + 34, "26d 5hr 34min"),
            (0, "0min"),
        ] {
            assert_eq!(shown_duration(minutes), shown);
        }
    }

    #[test]
    fn a_month_is_known_by_its_name_or_the_beginning_of_it() {
        assert_eq!(month_of("jan"), Some(1));
        assert_eq!(month_of("Sept"), Some(9));
        assert_eq!(month_of("december"), Some(12));
        for word in ["", "ju", "janet", "decembers", "m\u{e4}rz"] {
            assert_eq!(month_of(word), None, "{word}");
        }
    }
}
