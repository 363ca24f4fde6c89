//! Moments as clinical staff read them: days as `05-Jan-2027`, times on the 24-hour clock (NHS Common User Interface,
//! ISB 1503 and 1501). A [`Zone`] says how far local time is from UTC, so that all of this is tested without a browser.

use baton_core::time::At;
use time::{Date, Duration, OffsetDateTime, UtcOffset};

/// Gives the minutes to add to UTC at a moment.
pub type Zone = fn(At) -> i32;

/// The time of day: `14:05`.
pub fn clock(at: At, zone: Zone) -> String {
    let local = local(at, zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// The day: `05-Jan-2027`.
pub fn date(at: At, zone: Zone) -> String {
    let local = local(at, zone);
    format!(
        "{:02}-{}-{}",
        local.day(),
        MONTHS
            .get(usize::from(u8::from(local.month())) - 1)
            .unwrap_or(&""),
        local.year()
    )
}

/// The day as a separator between messages: `Today`, `Yesterday`, or `Tue 05-Jan-2027`.
pub fn day(at: At, now: At, zone: Zone) -> String {
    match days_apart(at, now, zone) {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ => {
            let weekday = local(at, zone).weekday().number_days_from_monday();
            let name = DAYS.get(usize::from(weekday)).unwrap_or(&"");
            format!("{name} {}", date(at, zone))
        }
    }
}

/// The day and time in full: `05-Jan-2027 14:05`, without the day when it is today.
pub fn full(at: At, now: At, zone: Zone) -> String {
    if days_apart(at, now, zone) == 0 {
        clock(at, zone)
    } else {
        format!("{} {}", date(at, zone), clock(at, zone))
    }
}

/// What a list of conversations shows: the time today, else `Yesterday`, the weekday within a week, or the date.
pub fn brief(at: At, now: At, zone: Zone) -> String {
    match days_apart(at, now, zone) {
        0 => clock(at, zone),
        1 => "Yesterday".to_owned(),
        2..=6 => {
            let weekday = local(at, zone).weekday().number_days_from_monday();
            (*DAYS.get(usize::from(weekday)).unwrap_or(&"")).to_owned()
        }
        _ => date(at, zone),
    }
}

/// True when both moments are on the same local day.
pub fn is_same_day(one: At, other: At, zone: Zone) -> bool {
    local(one, zone).date() == local(other, zone).date()
}

/// For the `datetime` attribute of a `time` element: `2027-01-05T14:05:00Z`.
pub fn machine(at: At) -> String {
    let utc = local(at, |_| 0);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        utc.year(),
        u8::from(utc.month()),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    )
}

/// Local days from `at` to `now`; 0 also for what a wrong clock puts in the future of the same day.
fn days_apart(at: At, now: At, zone: Zone) -> i64 {
    let day = |at: At| {
        let minutes = i64::try_from(at.millis() / 60_000).unwrap_or(0);
        (minutes + i64::from(zone(at))).div_euclid(24 * 60)
    };
    day(now) - day(at)
}

fn local(at: At, zone: Zone) -> OffsetDateTime {
    let seconds = i64::try_from(at.millis() / 1000).unwrap_or(0);
    let utc = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let offset = UtcOffset::from_whole_seconds(zone(at).saturating_mul(60)).unwrap_or(UtcOffset::UTC);
    utc.checked_to_offset(offset).unwrap_or(utc)
}

/// The moment at which a local day begins, or the one `days` later, of a day as `2027-01-05`; `None` if it is none.
pub fn start_of_day(day: &str, days: i64, zone: Zone) -> Option<At> {
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let date = Date::from_calendar_date(year, month.try_into().ok()?, parts.next()?.parse().ok()?).ok()?;
    let midnight = date
        .checked_add(Duration::days(days))?
        .midnight()
        .assume_utc()
        .unix_timestamp();
    let at = |minutes: i32| {
        let seconds = midnight - i64::from(minutes) * 60;
        Some(At::from_millis(u64::try_from(seconds).ok()? * 1000))
    };
    // The zone as it is then: at midnight, not at the same time of UTC.
    at(zone(at(zone(at(0)?))?))
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-05T14:05:09Z, a Tuesday.
    const TUESDAY: At = At::from_millis(1_799_157_909_000);
    const HOUR: u64 = 3_600_000;

    fn later(hours: u64) -> At {
        At::from_millis(TUESDAY.millis() + hours * HOUR)
    }

    #[test]
    fn days_and_times_read_as_clinical_dates() {
        assert_eq!(clock(TUESDAY, |_| 0), "14:05");
        assert_eq!(clock(TUESDAY, |_| 60), "15:05");
        assert_eq!(date(TUESDAY, |_| 0), "05-Jan-2027");
        assert_eq!(machine(TUESDAY), "2027-01-05T14:05:09Z");
    }

    #[test]
    fn recent_days_have_names() {
        assert_eq!(day(TUESDAY, later(1), |_| 0), "Today");
        assert_eq!(day(TUESDAY, later(10), |_| 0), "Yesterday");
        assert_eq!(day(TUESDAY, later(48), |_| 0), "Tue 05-Jan-2027");
        assert_eq!(brief(TUESDAY, later(48), |_| 0), "Tue");
        assert_eq!(brief(TUESDAY, later(24 * 8), |_| 0), "05-Jan-2027");
    }

    #[test]
    fn a_day_begins_at_its_local_midnight() {
        let start = |day, days, zone| start_of_day(day, days, zone).map(machine);
        let is = |words: &str| Some(words.to_owned());
        assert_eq!(start("2027-01-05", 0, |_| 0), is("2027-01-05T00:00:00Z"));
        assert_eq!(start("2027-01-05", 1, |_| 0), is("2027-01-06T00:00:00Z"));
        // British summer time begins at 01:00 UTC on the last Sunday of March.
        let british: Zone = |at| i32::from(at.millis() >= 1_806_195_600_000) * 60;
        assert_eq!(start("2027-03-28", 0, british), is("2027-03-28T00:00:00Z"));
        assert_eq!(start("2027-03-28", 1, british), is("2027-03-28T23:00:00Z"));
        for day in ["", "2027", "2027-13-01", "2027-02-30", "soon", "1969-12-31"] {
            assert_eq!(start(day, 0, |_| 0), None, "{day}");
        }
    }

    #[test]
    fn midnight_is_local() {
        assert!(is_same_day(TUESDAY, later(9), |_| 0));
        assert!(!is_same_day(TUESDAY, later(9), |_| 60));
        assert_eq!(full(TUESDAY, later(9), |_| 60), "05-Jan-2027 15:05");
    }
}
