//! Ages, in the units that suit them (CUI *Patient Banner*, table 7; MPB-0032): minutes below two hours, hours below two days,
//! days below four weeks, weeks and days below a year, months and days below two years, years and months below eighteen,
//! then years.
//!
//! What a birth date leaves open is not made up. Of a birth whose day is known but not its time, ages begin with days. Of one
//! whose day is not known the age is the same for all days it may have been, or else it is approximate, or there is none.

use std::fmt;

use super::Patient;
use crate::date::{Date, LocalMoment, PartialDate, shown_units};

/// How old somebody is, or was. It is personal: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Age {
    amount: Amount,
    is_approximate: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Amount {
    Minutes(u32),
    Hours(u32),
    Days(u32),
    WeeksDays(u32, u32),
    MonthsDays(u32, u32),
    /// Of a child whose day of birth is not known.
    Months(u32),
    YearsMonths(u32, u32),
    Years(u32),
}

impl Age {
    /// The age at a moment, or on a day that is only partly known (of a death). `None` when the birth is after it, or when too
    /// little is known of either.
    pub fn of(born: PartialDate, at: PartialDate) -> Option<Self> {
        match (born.day(), at.day()) {
            (Some(_), Some(_)) => exact(born, at).map(|amount| Self {
                amount,
                is_approximate: false,
            }),
            _ => approximate(born, at),
        }
    }

    /// As a banner shows it: `90min`, `26hrs`, `27d`, `4w 1d`, `13m 8d`, `4y 1m`, `61y`, `Approx 61y` (D+Tb-0030).
    pub fn shown(&self) -> String {
        let amount = match self.amount {
            Amount::Minutes(minutes) => shown_units(&[(minutes, "min")]),
            Amount::Hours(hours) => shown_units(&[(hours, "hrs")]),
            Amount::Days(days) => shown_units(&[(days, "d")]),
            Amount::WeeksDays(weeks, days) => shown_units(&[(weeks, "w"), (days, "d")]),
            Amount::MonthsDays(months, days) => shown_units(&[(months, "m"), (days, "d")]),
            Amount::Months(months) => shown_units(&[(months, "m")]),
            Amount::YearsMonths(years, months) => shown_units(&[(years, "y"), (months, "m")]),
            Amount::Years(years) => shown_units(&[(years, "y")]),
        };
        if self.is_approximate {
            format!("Approx {amount}")
        } else {
            amount
        }
    }

    /// In words, for screen readers: `4 years 1 month`, `about 61 years`.
    pub fn spoken(&self) -> String {
        let parts = match self.amount {
            Amount::Minutes(minutes) => [(minutes, "minute"), (0, "")],
            Amount::Hours(hours) => [(hours, "hour"), (0, "")],
            Amount::Days(days) => [(days, "day"), (0, "")],
            Amount::WeeksDays(weeks, days) => [(weeks, "week"), (days, "day")],
            Amount::MonthsDays(months, days) => [(months, "month"), (days, "day")],
            Amount::Months(months) => [(months, "month"), (0, "")],
            Amount::YearsMonths(years, months) => [(years, "year"), (months, "month")],
            Amount::Years(years) => [(years, "year"), (0, "")],
        };
        let mut spoken = String::new();
        for (number, (amount, unit)) in parts.into_iter().enumerate() {
            if number > 0 && amount == 0 {
                continue;
            }
            if !spoken.is_empty() {
                spoken.push(' ');
            }
            let plural = if amount == 1 { "" } else { "s" };
            for part in [amount.to_string().as_str(), " ", unit, plural] {
                spoken.push_str(part);
            }
        }
        if self.is_approximate {
            format!("about {spoken}")
        } else {
            spoken
        }
    }

    /// Whole years.
    pub fn years(&self) -> u32 {
        match self.amount {
            Amount::Minutes(_) | Amount::Hours(_) | Amount::Days(_) | Amount::WeeksDays(..) => 0,
            Amount::MonthsDays(months, _) | Amount::Months(months) => months / 12,
            Amount::YearsMonths(years, _) | Amount::Years(years) => years,
        }
    }

    /// Whether it stands for a range, as the day of the birth or of the death is not known.
    pub const fn is_approximate(&self) -> bool {
        self.is_approximate
    }
}

impl fmt::Debug for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Age(…)")
    }
}

impl Patient {
    /// The age of a living patient at a moment at the place of care; `None` when it is not known, and of one who has died.
    pub fn age(&self, now: LocalMoment) -> Option<Age> {
        if self.died.is_some() {
            return None;
        }
        Age::of(*self.born.as_ref()?.expose(), now.into())
    }

    /// The age at which the patient died; `None` when it is not known, and of one who lives.
    pub fn age_at_death(&self) -> Option<Age> {
        let died = self.died.as_ref()?.at.as_ref()?;
        Age::of(*self.born.as_ref()?.expose(), *died.expose())
    }
}

fn exact(born: PartialDate, at: PartialDate) -> Option<Amount> {
    let (birthday, day) = (born.day()?, at.day()?);
    // Below two days the time of day counts, and below two years a day is over at the time of the birth. From the second
    // birthday on ages go by the calendar, as the law has it (Family Law Reform Act 1969, section 9).
    let times = minute_of(born).zip(minute_of(at));
    let minutes = times.map(|(from, to)| minutes_between((birthday, from), (day, to)));
    if minutes.is_some_and(|minutes| minutes < 0) || day < birthday {
        return None;
    }
    match minutes.and_then(|minutes| u32::try_from(minutes).ok()) {
        Some(minutes) if minutes < 2 * 60 => return Some(Amount::Minutes(minutes)),
        Some(minutes) if minutes < 2 * 24 * 60 => return Some(Amount::Hours(minutes / 60)),
        Some(_) | None => {}
    }
    let (months, _) = months_and_days(birthday, day);
    if months >= 24 {
        return Some(years_and_months(months));
    }
    let is_earlier_in_the_day = times.is_some_and(|(from, to)| to < from);
    let day = if is_earlier_in_the_day {
        Date::from_days(day.days() - 1)?
    } else {
        day
    };
    let days = u32::try_from(day.days() - birthday.days()).ok()?;
    let (months, rest) = months_and_days(birthday, day);
    Some(match (days, months) {
        (0..28, _) => Amount::Days(days),
        (_, 0..12) => Amount::WeeksDays(days / 7, days % 7),
        _ => Amount::MonthsDays(months, rest),
    })
}

fn approximate(born: PartialDate, at: PartialDate) -> Option<Age> {
    let (earliest, latest) = range(born)?;
    let (from, to) = range(at)?;
    if earliest > to {
        return None;
    }
    let oldest = months_and_days(earliest, to).0 / 12;
    let youngest = if latest > from {
        0
    } else {
        months_and_days(latest, from).0 / 12
    };
    if oldest == youngest && oldest >= 18 {
        return Some(Age {
            amount: Amount::Years(oldest),
            is_approximate: false,
        });
    }
    let (born_about, about) = (middle(earliest, latest)?, middle(to, from)?);
    if born_about > about {
        return None;
    }
    let (months, _) = months_and_days(born_about, about);
    let knows_months = !matches!(born, PartialDate::Year(_)) && !matches!(at, PartialDate::Year(_));
    let amount = match (months, knows_months) {
        (24.., true) => years_and_months(months),
        (24.., false) => Amount::Years(months / 12),
        (1.., true) => Amount::Months(months),
        _ => return None,
    };
    Some(Age {
        amount,
        is_approximate: true,
    })
}

fn years_and_months(months: u32) -> Amount {
    if months < 18 * 12 {
        Amount::YearsMonths(months / 12, months % 12)
    } else {
        Amount::Years(months / 12)
    }
}

/// Whole months from one day to a later one, and the days after them. Somebody born on the 29th of February, or on the 31st of a
/// month, is a month older on the 1st of the next where a month has no such day.
fn months_and_days(from: Date, to: Date) -> (u32, u32) {
    let number = |date: Date| u32::from(date.year()) * 12 + u32::from(date.month()) - 1;
    let months = number(to)
        .saturating_sub(number(from))
        .saturating_sub(u32::from(to.day() < from.day()));
    let reached = number(from) + months;
    let reached = u16::try_from(reached / 12)
        .ok()
        .zip(u8::try_from(reached % 12 + 1).ok())
        .and_then(|(year, month)| {
            Date::new(year, month, from.day()).or_else(|| {
                // The month is shorter: the first of the next.
                Date::new(year, month + 1, 1)
            })
        });
    let days = reached.map_or(0, |reached| to.days() - reached.days());
    (months, u32::try_from(days).unwrap_or(0))
}

fn minutes_between((from, from_minute): (Date, u16), (to, to_minute): (Date, u16)) -> i64 {
    let minute_of = |date: Date, minute: u16| i64::from(date.days()) * 24 * 60 + i64::from(minute);
    minute_of(to, to_minute) - minute_of(from, from_minute)
}

fn minute_of(date: PartialDate) -> Option<u16> {
    match date {
        PartialDate::Minute(_, minute) => Some(minute),
        PartialDate::Day(_) | PartialDate::Month(..) | PartialDate::Year(_) => None,
    }
}

/// The first and the last day that it may be.
fn range(date: PartialDate) -> Option<(Date, Date)> {
    match date {
        PartialDate::Year(year) => Some((Date::new(year, 1, 1)?, Date::new(year, 12, 31)?)),
        PartialDate::Month(year, month) => {
            let first = Date::new(year, month, 1)?;
            let last = (28..=31).rev().find_map(|day| Date::new(year, month, day))?;
            Some((first, last))
        }
        PartialDate::Day(day) | PartialDate::Minute(day, _) => Some((day, day)),
    }
}

/// The day in the middle; of two, the one nearer to the first that is given.
fn middle(one: Date, other: Date) -> Option<Date> {
    Date::from_days(one.days() + (other.days() - one.days()) / 2)
}

#[cfg(test)]
mod tests;
