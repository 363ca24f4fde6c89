//! A rota from a file: the record reads the file and says what it has; an administrator of the team then sets the rota
//! ([`crate::op::role::RotaSet`]), so that a person answers for it.

use serde::{Deserialize, Serialize};

use crate::id::SpaceId;
use crate::op::role::Shift;
use crate::secret::Personal;

/// Asks what a file says of one role. Only for administrators of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRota {
    /// Of which team: its members are who may be named.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// How it is written.
    #[serde(rename = "k")]
    pub format: RotaFormat,
    /// The whole file.
    #[serde(rename = "f")]
    pub file: Personal<String>,
}

/// How a rota is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RotaFormat {
    /// iCalendar (RFC 5545): an event for each shift, of the person whom `ATTENDEE` or else `SUMMARY` names.
    #[serde(rename = "i")]
    Calendar,
    /// Comma-separated values (RFC 4180) with the columns `person`, `from` and `until`; others are passed over.
    #[serde(rename = "c")]
    Csv,
}

/// What a file says. Nothing is set by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRotaAnswer {
    /// Its shifts, by time; no two at a time.
    #[serde(rename = "s")]
    pub shifts: Vec<Shift>,
    /// What is not taken, by line.
    #[serde(rename = "n")]
    pub refused: Vec<RotaLine>,
}

/// A line that is not taken, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RotaLine {
    /// Which; the first of the file is 1. Of a shift in a calendar, the line on which its event begins.
    #[serde(rename = "l")]
    pub line: u32,
    /// Why.
    #[serde(rename = "w")]
    pub why: RotaRefusal,
}

/// Why something of a file is not taken, and what to do. Holds nothing of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
pub enum RotaRefusal {
    /// It ends before it begins.
    #[error("The shift ends before it begins. Check both times.")]
    #[serde(rename = "backwards")]
    Backwards,
    /// The end of the file is missing.
    #[error("The file was cut short: its end is missing. Export it again.")]
    #[serde(rename = "cut")]
    CutShort,
    /// A whole day.
    #[error("The shift has no times of day. Give it a start and an end.")]
    #[serde(rename = "day")]
    Day,
    /// A column is missing.
    #[error("The first line has to name the columns person, from and until, each once.")]
    #[serde(rename = "heading")]
    Heading,
    /// Neither start nor end, or one of them twice.
    #[error("The shift needs one start and one end.")]
    #[serde(rename = "incomplete")]
    Incomplete,
    /// It cannot be read.
    #[error("This line is not written as this kind of file is. Export it again, or correct the line.")]
    #[serde(rename = "line")]
    Line,
    /// Nobody of this name.
    #[error(
        "No member of the team has this name. Write it as the directory does, or give the registration number."
    )]
    #[serde(rename = "nobody")]
    Nobody,
    /// On the day on which the clocks go forward.
    #[error("There is no such time on that day, as the clocks go forward. Check it.")]
    #[serde(rename = "no-such-time")]
    NoSuchTime,
    /// Not a calendar.
    #[error("The file is not an iCalendar file.")]
    #[serde(rename = "not-calendar")]
    NotCalendar,
    /// Another shift is at the same time.
    #[error(
        "Another shift of the file is at the same time. Only one person can hold the role: shorten one of them."
    )]
    #[serde(rename = "overlaps")]
    Overlaps,
    /// An event that repeats.
    #[error("The shift repeats. Export each shift by itself.")]
    #[serde(rename = "repeats")]
    Repeats,
    /// Several people have this name, or several are named.
    #[error("More than one person fits. Give the registration number of one.")]
    #[serde(rename = "several")]
    Several,
    /// Not a time.
    #[error("This is not a date and time. Write it as 2026-01-31T14:05 or 31/01/2026 14:05.")]
    #[serde(rename = "time")]
    Time,
    /// In the hour that comes twice.
    #[error("This time comes twice on that day, as the clocks go back. Write it in UTC, with Z at the end.")]
    #[serde(rename = "time-twice")]
    TimeTwice,
    /// More than one operation takes.
    #[error("There are more than 200 shifts. Import the file in parts.")]
    #[serde(rename = "too-many")]
    TooMany,
    /// Another time zone.
    #[error("The times are in a time zone that is not the UK's. Export the file in UK time or UTC.")]
    #[serde(rename = "zone")]
    Zone,
}
