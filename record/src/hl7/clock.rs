//! What the clock on the ward's wall shows. Hospital systems write local time, often without an offset, and the United
//! Kingdom changes its clocks.
//!
//! Moments of care are of today: older rules of summer time are not known ([`LocalMoment::in_uk`]). A birth is never converted: it
//! is a day of the calendar.

use baton_core::date::{Date, LocalMoment, PartialDate};
use baton_core::time::At;
use baton_hl7::{Precision, Timestamp};

/// How a message's times are read.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// When the message came: tells the two hours apart that have one name when the clocks go back.
    now: At,
    /// The sender's own zone, where its clock is not that of the United Kingdom.
    abroad: Option<i64>,
}

impl Clock {
    /// Of a message that was made at `made` (MSH-7) and came `now`. The offset in MSH-7 is that of other times in the
    /// message that have none (HL7 v2.5.1 §2.15.9.7), but that of a British clock changes with the season: it counts where
    /// it is not what a British clock showed when the message was made.
    pub fn of(made: Option<Timestamp>, now: At) -> Self {
        let offset = made.and_then(|made| Some((made, i64::from(made.offset?))));
        let abroad = offset
            .filter(|(made, offset)| ahead(minutes(made) - offset) != *offset)
            .map(|(_, offset)| offset);
        Self { now, abroad }
    }

    /// The moment.
    pub fn moment(&self, time: &Timestamp) -> At {
        let utc = self.utc(time);
        let seconds = u64::try_from(utc).unwrap_or(0) * 60 + u64::from(time.second);
        At::from_millis(seconds * 1000 + u64::from(time.microsecond / 1000))
    }

    /// As it is shown at the place of care. Of less than a minute's precision only the day counts.
    pub fn local(&self, time: &Timestamp) -> Option<PartialDate> {
        if time.precision < Precision::Minute {
            return calendar(time);
        }
        let utc = self.utc(time);
        let local = utc + ahead(utc);
        let date = Date::from_days(i32::try_from(local.div_euclid(DAY)).ok()?)?;
        Some(PartialDate::Minute(
            date,
            u16::try_from(local.rem_euclid(DAY)).ok()?,
        ))
    }

    /// Minutes since 1970, UTC.
    fn utc(&self, time: &Timestamp) -> i64 {
        let written = minutes(time);
        if let Some(offset) = time.offset.map(i64::from).or(self.abroad) {
            return written - offset;
        }
        let readings = [60, 0].map(|offset| written - offset);
        let now = i64::try_from(self.now.millis() / 60_000).unwrap_or(i64::MAX);
        readings
            .into_iter()
            .filter(|utc| utc + ahead(*utc) == written)
            .min_by_key(|utc| utc.abs_diff(now))
            // The hour that is left out in March.
            .unwrap_or(written)
    }
}

/// A day of the calendar as it was written, with as much of it as is known. Midnight sharp is how systems write that they
/// know no time.
pub fn born(time: &Timestamp) -> Option<PartialDate> {
    let minute = u16::from(time.hour) * 60 + u16::from(time.minute);
    if time.precision < Precision::Minute || (minute == 0 && time.second == 0) {
        return calendar(time);
    }
    Some(PartialDate::Minute(day(time)?, minute))
}

/// The moment as an answer writes it: local, with its offset.
pub fn written(at: At) -> Timestamp {
    let seconds = at.millis() / 1000;
    let utc = i64::try_from(seconds / 60).unwrap_or(i64::MAX);
    let offset = ahead(utc);
    let local = utc.saturating_add(offset);
    let date = i32::try_from(local.div_euclid(DAY))
        .ok()
        .and_then(Date::from_days);
    let (year, month, day) = date.map_or((9999, 12, 31), |date| (date.year(), date.month(), date.day()));
    let part = |value: i64| u8::try_from(value).unwrap_or(0);
    let minute = local.rem_euclid(DAY);
    Timestamp {
        year,
        month,
        day,
        hour: part(minute / 60),
        minute: part(minute % 60),
        second: u8::try_from(seconds % 60).unwrap_or(0),
        microsecond: 0,
        precision: Precision::Second,
        offset: i16::try_from(offset).ok(),
    }
}

fn calendar(time: &Timestamp) -> Option<PartialDate> {
    match time.precision {
        Precision::Year => Some(PartialDate::Year(time.year)),
        Precision::Month => Some(PartialDate::Month(time.year, time.month)),
        Precision::Day | Precision::Fraction | Precision::Hour | Precision::Minute | Precision::Second => {
            day(time).map(PartialDate::Day)
        }
    }
}

fn day(time: &Timestamp) -> Option<Date> {
    Date::new(time.year, time.month, time.day)
}

/// Minutes since 1970 by the clock that wrote it.
fn minutes(time: &Timestamp) -> i64 {
    let days = day(time).map_or(0, Date::days);
    i64::from(days) * DAY + i64::from(time.hour) * 60 + i64::from(time.minute)
}

/// How many minutes British clocks are ahead of UTC.
fn ahead(utc: i64) -> i64 {
    let Ok(minutes) = u64::try_from(utc) else {
        return 0;
    };
    let shown = LocalMoment::in_uk(At::from_millis(minutes.saturating_mul(60_000)));
    i64::from(shown.date.days()) * DAY + i64::from(shown.minute) - utc
}

const DAY: i64 = 24 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn clock(now: &str) -> Clock {
        let utc = Clock {
            now: At::default(),
            abroad: Some(0),
        };
        Clock {
            now: utc.moment(&read(now)),
            abroad: None,
        }
    }

    fn local(clock: Clock, text: &str) -> String {
        clock.local(&read(text)).unwrap().to_string()
    }

    #[test]
    fn times_with_an_offset_are_shown_as_british_clocks_show_them() {
        let clock = clock("202606011200");
        assert_eq!(local(clock, "202606011200+0000"), "2026-06-01T13:00");
        assert_eq!(local(clock, "202606011200+0100"), "2026-06-01T12:00");
        assert_eq!(local(clock, "202601312330-0100"), "2026-02-01T00:30");
        assert_eq!(local(clock, "202606011200"), "2026-06-01T12:00");
        assert_eq!(local(clock, "202606012359"), "2026-06-01T23:59");
    }

    #[test]
    fn clocks_change_on_the_last_sundays_of_march_and_october() {
        let clock = clock("202601010000");
        assert_eq!(local(clock, "202603290059+0000"), "2026-03-29T00:59");
        assert_eq!(local(clock, "202603290100+0000"), "2026-03-29T02:00");
        assert_eq!(local(clock, "202610250059+0000"), "2026-10-25T01:59");
        assert_eq!(local(clock, "202610250100+0000"), "2026-10-25T01:00");
        assert_eq!(local(clock, "202403310100+0000"), "2024-03-31T02:00");
    }

    #[test]
    fn the_hour_that_comes_twice_is_the_one_that_is_near() {
        let first = clock("202610250040").moment(&read("20261025013000"));
        let second = clock("202610250140").moment(&read("20261025013000"));
        assert_eq!(second.since(first).as_secs(), 3600);
    }

    #[test]
    fn a_sender_with_another_clock_is_read_by_it() {
        let made = |text| Clock::of(Some(read(text)), At::default());
        assert_eq!(
            local(made("202606011200+0000"), "202606011130"),
            "2026-06-01T12:30"
        );
        assert_eq!(
            local(made("202606011200+0100"), "202601011130"),
            "2026-01-01T11:30"
        );
        assert_eq!(local(made("202606011200"), "202606011130"), "2026-06-01T11:30");
    }

    #[test]
    fn what_is_not_known_of_a_time_is_not_made_up() {
        let clock = clock("202606011200");
        for (text, shown) in [
            ("1945", "1945"),
            ("194507", "1945-07"),
            ("19450714", "1945-07-14"),
            ("1945071409", "1945-07-14"),
        ] {
            assert_eq!(local(clock, text), shown);
            assert_eq!(born(&read(text)).unwrap().to_string(), shown);
        }
        let born = |text| born(&read(text)).unwrap().to_string();
        assert_eq!(born("194507140000"), "1945-07-14");
        assert_eq!(born("202601140805"), "2026-01-14T08:05");
        assert_eq!(born("19450713230000+0000"), "1945-07-13T23:00");
    }

    #[test]
    fn an_answer_says_the_time_with_its_offset() {
        let at = clock("202606011200").now;
        assert_eq!(written(at).to_string(), "20260601130000+0100");
        let at = clock("202601011200").now;
        assert_eq!(written(at).to_string(), "20260101120000+0000");
    }
}
