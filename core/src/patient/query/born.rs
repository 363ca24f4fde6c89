//! Dates of birth as they are typed in the UK: the day first, then the month, by its number or its name, then the year in two
//! digits or four; or the other way round with four, as systems write them.

use super::piece::{Piece, Shape};
use crate::date::{Date, PartialDate, month_of};

/// What a few pieces say of a birth.
pub(super) enum Read {
    /// Any of these, the likeliest first.
    Born(Vec<PartialDate>),
    /// It is written as a date, and there is no such day.
    NoSuchDate,
}

/// Reads a date that is written as one and can be nothing else, at the beginning of some pieces, and tells how many it takes.
pub(super) fn read(pieces: &[Piece], today: Date) -> Option<(usize, Read)> {
    match pieces {
        [day, month, year, ..] => read_three(day, month, year, today)
            .or_else(|| read_two(day, month, today))
            .or_else(|| read_one(day, today)),
        [first, second] => read_two(first, second, today).or_else(|| read_one(first, today)),
        [only] => read_one(only, today),
        [] => None,
    }
}

/// What one run of digits may say of a birth: `19610102`, `02011961`, `020161`, `1961`.
pub(super) fn in_digits(digits: &str, today: Date) -> Vec<PartialDate> {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u16>().ok());
    let mut dates = Vec::new();
    match digits.len() {
        8 => {
            for (year, month, day) in [
                (part(0, 4), part(4, 6), part(6, 8)),
                (part(4, 8), part(2, 4), part(0, 2)),
            ] {
                let date = year
                    .zip(month)
                    .zip(day)
                    .and_then(|((year, month), day)| date(year, month, day));
                dates.extend(
                    date.filter(|date| is_a_lifetime_ago(*date, today))
                        .map(PartialDate::Day),
                );
            }
        }
        6 => {
            let (day, month, year) = (part(0, 2), part(2, 4), part(4, 6));
            if let Some(((day, month), year)) = day.zip(month).zip(year) {
                dates = in_two_digits(year, month, day, today);
            }
        }
        4 => {
            let year =
                part(0, 4).filter(|year| (today.year().saturating_sub(OLDEST)..=today.year()).contains(year));
            dates.extend(year.map(PartialDate::Year));
        }
        _ => {}
    }
    dates
}

/// The month by whose name a word is, when a year of four digits follows: otherwise it is a name as well, such as `May` or `June`.
pub(super) fn month_before_year(word: &Piece, next: Option<&Piece>) -> Option<u8> {
    let year = next.filter(|next| next.shape == Shape::Digits && next.folded.len() == 4)?;
    year.gap.sign()?;
    (word.shape == Shape::Letters)
        .then(|| month_of(&word.folded))
        .flatten()
}

fn read_three(first: &Piece, second: &Piece, third: &Piece, today: Date) -> Option<(usize, Read)> {
    let (sign, next) = (second.gap.sign()?, third.gap.sign()?);
    let named = if second.shape == Shape::Letters {
        month_of(&second.folded)
    } else {
        None
    };
    if let Some(month) = named {
        let day = first.number(2).or_else(|| ordinal(&first.folded))?;
        return Some((3, day_month_year(day, u16::from(month), third, today)?));
    }
    let month = second.number(2).filter(|_| sign == next)?;
    if first.folded.len() == 4 && third.folded.len() <= 2 {
        let dates = date(first.number(4)?, month, third.number(2)?);
        return settle(dates.map(|date| vec![PartialDate::Day(date)]), sign);
    }
    let read = day_month_year(first.number(2)?, month, third, today)?;
    match read {
        Read::NoSuchDate => settle(None, sign),
        Read::Born(dates) => settle(Some(dates), sign),
    }
}

/// Three numbers with spaces between are a date only if there is that day.
fn settle(dates: Option<Vec<PartialDate>>, sign: char) -> Option<(usize, Read)> {
    match dates {
        Some(dates) => Some((3, Read::Born(dates))),
        None => (sign != ' ').then_some((3, Read::NoSuchDate)),
    }
}

/// `07/1945`, `Jul-1945`.
fn read_two(first: &Piece, second: &Piece, today: Date) -> Option<(usize, Read)> {
    let year = second
        .number(4)
        .filter(|_| second.gap.is_tight() && second.folded.len() == 4)?;
    let month = match first.shape {
        Shape::Letters => month_of(&first.folded)?,
        Shape::Digits | Shape::Mixed => u8::try_from(first.number(2)?).ok()?,
    };
    let is_month = (1..=12).contains(&month) && (1..=today.year()).contains(&year);
    is_month.then(|| (2, Read::Born(vec![PartialDate::Month(year, month)])))
}

/// `02jan1961`, `2jan61`, `jan1961`.
fn read_one(piece: &Piece, today: Date) -> Option<(usize, Read)> {
    if piece.shape != Shape::Mixed {
        return None;
    }
    let text = piece.folded.as_str();
    let from = text.find(|letter: char| !letter.is_ascii_digit())?;
    let to = text.rfind(|letter: char| letter.is_ascii_lowercase())? + 1;
    let (day, name, year) = (text.get(..from)?, text.get(from..to)?, text.get(to..)?);
    let month = month_of(name)?;
    let number: u16 = year.parse().ok()?;
    if day.is_empty() {
        let is_year = year.len() == 4 && number > 0;
        return is_year.then(|| (1, Read::Born(vec![PartialDate::Month(number, month)])));
    }
    let day = day.parse().ok().filter(|_| day.len() <= 2)?;
    Some((1, of_year(day, u16::from(month), year, today)?))
}

fn day_month_year(day: u16, month: u16, year: &Piece, today: Date) -> Option<Read> {
    (year.shape == Shape::Digits)
        .then(|| of_year(day, month, &year.folded, today))
        .flatten()
}

fn of_year(day: u16, month: u16, year: &str, today: Date) -> Option<Read> {
    let number: u16 = year.parse().ok()?;
    let dates = match year.len() {
        2 => in_two_digits(number, month, day, today),
        4 => date(number, month, day)
            .map(PartialDate::Day)
            .into_iter()
            .collect(),
        _ => return None,
    };
    Some(if dates.is_empty() {
        Read::NoSuchDate
    } else {
        Read::Born(dates)
    })
}

/// A year of two digits is the last one that leaves the day in the past; who is over a hundred is not left out.
fn in_two_digits(year: u16, month: u16, day: u16, today: Date) -> Vec<PartialDate> {
    let century = today.year() / 100 * 100;
    [century, century.saturating_sub(100), century.saturating_sub(200)]
        .into_iter()
        .filter_map(|century| date(century + year, month, day))
        .filter(|date| is_a_lifetime_ago(*date, today))
        .map(PartialDate::Day)
        .collect()
}

fn is_a_lifetime_ago(date: Date, today: Date) -> bool {
    date <= today && today.year() - date.year() <= OLDEST
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// `2nd`.
fn ordinal(word: &str) -> Option<u16> {
    let digits = ["st", "nd", "rd", "th"]
        .into_iter()
        .find_map(|suffix| word.strip_suffix(suffix))?;
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// Nobody is older, in years.
const OLDEST: u16 = 120;
