//! The time on the clocks of the United Kingdom, whatever zone a device or a server is set to: the place of care is here.

use super::{Date, LocalMoment};
use crate::time::At;

impl LocalMoment {
    /// The minute of the day in the UK at a moment: Greenwich Mean Time, and an hour more from 01:00 UTC on the last Sunday of March to
    /// 01:00 UTC on the last Sunday of October (Summer Time Act 1972, as amended by the Summer Time Order 2002; so from 1996 on).
    pub fn in_uk(at: At) -> Self {
        let minutes = at.millis() / 60_000;
        let utc = of_minutes(minutes);
        let is_summer = summer(utc.date.year()).is_some_and(|(from, to)| (from..to).contains(&utc));
        if is_summer {
            of_minutes(minutes.saturating_add(60))
        } else {
            utc
        }
    }
}

/// Minutes since 1970; what is past year 9999 is its last minute.
fn of_minutes(minutes: u64) -> LocalMoment {
    let day = i32::try_from(minutes / DAY).ok().and_then(Date::from_days);
    let minute = u16::try_from(minutes % DAY).unwrap_or_default();
    match day {
        Some(date) => LocalMoment { date, minute },
        None => LocalMoment {
            date: Date {
                year: 9999,
                month: 12,
                day: 31,
            },
            minute: 1439,
        },
    }
}

/// When summer time begins and ends, in UTC.
fn summer(year: u16) -> Option<(LocalMoment, LocalMoment)> {
    let change = |month| {
        let last = Date::new(year, month, 31)?;
        let since_sunday = (last.days() + 4).rem_euclid(7);
        Some(LocalMoment {
            date: Date::from_days(last.days() - since_sunday)?,
            minute: 60,
        })
    };
    Some((change(3)?, change(10)?))
}

const DAY: u64 = 24 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn uk(minutes: u64) -> String {
        LocalMoment::in_uk(At::from_millis(minutes * 60_000 + 59_999)).shown()
    }

    #[test]
    fn clocks_go_forward_in_march_and_back_in_october() {
        // 2026-03-29T00:59Z and 01:00Z, 2026-10-25T00:59Z and 01:00Z.
        assert_eq!(uk(29_579_099), "29-Mar-2026 00:59");
        assert_eq!(uk(29_579_100), "29-Mar-2026 02:00");
        assert_eq!(uk(29_881_499), "25-Oct-2026 01:59");
        assert_eq!(uk(29_881_500), "25-Oct-2026 01:00");
    }

    #[test]
    fn a_summer_evening_may_be_the_next_day_here() {
        // 2026-06-30T23:30Z and 2026-12-31T23:30Z.
        assert_eq!(uk(29_714_370), "01-Jul-2026 00:30");
        assert_eq!(uk(29_979_330), "31-Dec-2026 23:30");
    }

    #[test]
    fn any_moment_has_a_place_on_the_clock() {
        assert_eq!(uk(0), "01-Jan-1970 00:00");
        assert_eq!(
            LocalMoment::in_uk(At::from_millis(u64::MAX)).shown(),
            "31-Dec-9999 23:59"
        );
    }
}
