//! Times in files: of the clocks of the UK where no zone is given, since that is where the shifts are.

use baton_core::date::{Date, LocalMoment};
use baton_core::device_api::RotaRefusal;
use baton_core::time::At;

/// A time as iCalendar writes it (`20260131T140500`, with `Z` for UTC), as other systems do (`2026-01-31T14:05`), or as people
/// here do (`31/01/2026 14:05`). Never the month first.
pub(super) fn moment(text: &str) -> Result<At, RotaRefusal> {
    let text = text.trim();
    let is_utc = text.ends_with(['Z', 'z']);
    let text = text.trim_end_matches(['Z', 'z']);
    let (day, time) = text.split_once(['T', 't', ' ']).ok_or_else(|| {
        if date(text).is_some() {
            RotaRefusal::Day
        } else {
            RotaRefusal::Time
        }
    })?;
    let date = date(day).ok_or(RotaRefusal::Time)?;
    let minute = minute(time.trim()).ok_or(RotaRefusal::Time)?;
    let local = LocalMoment { date, minute };
    if is_utc { utc(local) } else { uk(local) }
}

/// What the clocks of the UK show. At a change of the clocks there may be no such moment, or two.
fn uk(local: LocalMoment) -> Result<At, RotaRefusal> {
    let winter = utc(local)?;
    let summer = At::from_millis(winter.millis().saturating_sub(HOUR));
    match [winter, summer].map(|at| LocalMoment::in_uk(at) == local) {
        [true, true] => Err(RotaRefusal::TimeTwice),
        [true, false] => Ok(winter),
        [false, true] => Ok(summer),
        [false, false] => Err(RotaRefusal::NoSuchTime),
    }
}

fn utc(local: LocalMoment) -> Result<At, RotaRefusal> {
    let days = u64::try_from(local.date.days()).map_err(|_| RotaRefusal::Time)?;
    Ok(At::from_millis(
        days * 24 * HOUR + u64::from(local.minute) * MINUTE,
    ))
}

fn date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let (year, month, day) = match *parts.as_slice() {
        [day, month, year] if text.contains('/') && !text.contains('-') => (year, month, day),
        [year, month, day] if !text.contains('/') => (year, month, day),
        [_] => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        _ => return None,
    };
    let is_long = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    is_long.then_some(())?;
    Date::new(
        number(year)?,
        number(month)?.try_into().ok()?,
        number(day)?.try_into().ok()?,
    )
}

/// The minute of the day; seconds are passed over.
fn minute(text: &str) -> Option<u16> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match *parts.as_slice() {
        [hours, minutes] => (hours, minutes, "00"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [_] => match text.len() {
            4 => (text.get(..2)?, text.get(2..4)?, "00"),
            6 => (text.get(..2)?, text.get(2..4)?, text.get(4..6)?),
            _ => return None,
        },
        _ => return None,
    };
    if minutes.len() != 2 || seconds.len() != 2 || !(1..=2).contains(&hours.len()) {
        return None;
    }
    let (hours, minutes, seconds) = (number(hours)?, number(minutes)?, number(seconds)?);
    let is_time = hours < 24 && minutes < 60 && seconds < 60;
    is_time.then_some(hours * 60 + minutes)
}

/// Digits and nothing else: no sign.
fn number(text: &str) -> Option<u16> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
