//! Quick add: one line that says what is to be done, about whom, by when and for whom, such as `#smith bloods 18:00 @fy1`.
//!
//! | what is typed | what it means |
//! | --- | --- |
//! | `#smith`, `#900 000 0009` | the patient, to be found by this; who it is, a person chooses |
//! | `@fy1`, `@fy1-on-call` | the role or person, to be found by this |
//! | `18:00`, `tomorrow 08:00` | due at the next such time of the clock in the UK |
//! | `+2h`, `+30m`, `+1d` | due so long after now |
//! | `!` | urgent |
//!
//! All other words are what is to be done. Nothing is looked up here, and nothing is guessed: a second patient or a second
//! person is a [`Doubt`], and of two times neither is when it is due: both stay in the text.

use std::time::Duration;

use crate::date::LocalMoment;
use crate::letter;
use crate::secret::Personal;
use crate::time::At;

/// What was understood of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuickAdd {
    /// What is to be done; empty when nothing was said.
    pub title: Personal<String>,
    /// What was typed after `#`.
    pub patient: Option<Personal<String>>,
    /// What was typed after `@`, in lower case, its words apart.
    pub to: Option<Personal<String>>,
    /// By when.
    pub due: Option<Due>,
    /// Whether it is urgent.
    pub is_urgent: bool,
    /// What cannot be made like this.
    pub doubts: Vec<Doubt>,
}

/// By when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// So many minutes after now.
    In(u32),
    /// At this minute of the day (0 to 1439); the next time that it comes round, if no day was said.
    Clock {
        /// Which day; `None` when none was said.
        day: Option<Day>,
        /// The minute.
        minute: u16,
    },
}

/// A day, as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// So many days from today: 0 for today, 1 for tomorrow.
    After(u16),
    /// The next such day of the week, 0 for Monday; today, if the minute is to come.
    Weekday(u8),
}

/// What cannot be made as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Two people or roles.
    #[error("A task is for one person or role. Take one @ away.")]
    TwoPeople,
    /// Two patients.
    #[error("A task is about one patient. Take one # away.")]
    TwoPatients,
}

impl QuickAdd {
    /// Reads a line.
    pub fn parse(line: &str) -> Self {
        let mut said = Self::default();
        let mut title: Vec<&str> = Vec::new();
        let is_one_time = line.split_whitespace().filter_map(due).count() == 1;
        let mut words = line.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if let Some(typed) = after(word, '#') {
                let mut typed = typed.to_owned();
                while let Some(more) = words.next_if(|next| goes_on(&typed, next)) {
                    typed.push(' ');
                    typed.push_str(more);
                }
                let typed = Personal::new(typed.replace(['_', ','], " "));
                said.doubts
                    .extend(said.patient.is_some().then_some(Doubt::TwoPatients));
                said.patient.get_or_insert(typed);
            } else if let Some(typed) = after(word, '@') {
                let typed = letter::lowered(typed);
                said.doubts.extend(said.to.is_some().then_some(Doubt::TwoPeople));
                said.to
                    .get_or_insert(Personal::new(typed.replace(['_', '-', ','], " ")));
            } else if word == "!" {
                said.is_urgent = true;
            } else if let Some(due) = is_one_time.then(|| due(word)).flatten() {
                said.due = Some(due);
            } else if let Some(day) = is_one_time.then(|| day(word)).flatten()
                && let Some(minute) = words.peek().copied().and_then(minute)
            {
                words.next();
                said.due = Some(Due::Clock {
                    day: Some(day),
                    minute,
                });
            } else {
                title.push(word);
            }
        }
        said.title = Personal::new(title.join(" "));
        said
    }
}

impl Due {
    /// Reads what says when something is due, and nothing else: `18:00`, `tomorrow 08:00`, `+2h`; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let said = QuickAdd::parse(text);
        let is_alone = said.title.as_str().is_empty() && said.patient.is_none() && said.to.is_none();
        said.due.filter(|_| is_alone)
    }

    /// The moment that is meant. A time of the clock that does not come on that day, since the clocks go forward, is the moment
    /// an hour later.
    pub fn at(self, now: At) -> At {
        let (day, minute) = match self {
            Self::In(minutes) => return now.plus(Duration::from_mins(u64::from(minutes))),
            Self::Clock { day, minute } => (day, minute),
        };
        let today = LocalMoment::in_uk(now);
        let is_over = minute <= today.minute;
        let day = match day {
            None => u16::from(is_over),
            Some(Day::After(days)) => days,
            Some(Day::Weekday(weekday)) => {
                // The first day of 1970 was a Thursday.
                let ahead = (i32::from(weekday) - today.date.days() - 3).rem_euclid(7);
                let ahead = if ahead == 0 && is_over { 7 } else { ahead };
                u16::try_from(ahead).unwrap_or_default()
            }
        };
        // From the first minute of today, as if every day had as many.
        let midnight = now.millis() / MINUTE - u64::from(today.minute);
        let wanted = midnight + u64::from(day) * DAY + u64::from(minute);
        let shown = |minutes: u64| LocalMoment::in_uk(At::from_millis(minutes * MINUTE));
        let target = today.date.days() + i32::from(day);
        let is_it = |minutes: &u64| {
            let shown = shown(*minutes);
            shown.minute == minute && shown.date.days() == target
        };
        let around = [wanted, wanted.saturating_sub(60), wanted + 60];
        let found = around.into_iter().find(is_it).unwrap_or(wanted);
        At::from_millis(found * MINUTE)
    }
}

/// Whether a name is meant by what was typed: each typed word is the beginning of a word of the name.
pub fn fits(name: &str, typed: &str) -> bool {
    let name = letter::lowered(name);
    let mut typed = typed.split_whitespace().peekable();
    let is_said = typed.peek().is_some();
    let begins = |typed: &str| name.split([' ', '-']).any(|word| word.starts_with(typed));
    is_said && typed.all(begins)
}

/// Whether what was typed is the whole of a name.
pub fn is_whole(name: &str, typed: &str) -> bool {
    let is_between = |letter: char| matches!(letter, ' ' | '-' | '_' | ',');
    let name = letter::lowered(name);
    let words = |text: &str| -> Vec<String> {
        let words = text.split(is_between).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    words(&name) == words(typed)
}

/// How it is typed that something is due so many minutes after now, after a space.
pub fn due_in(minutes: u32) -> String {
    match minutes {
        _ if minutes.is_multiple_of(24 * 60) => format!(" +{}d", minutes / (24 * 60)),
        _ if minutes.is_multiple_of(60) => format!(" +{}h", minutes / 60),
        _ => format!(" +{minutes}m"),
    }
}

/// What stands after a sign, when something does.
fn after(word: &str, sign: char) -> Option<&str> {
    word.strip_prefix(sign).filter(|rest| !rest.is_empty())
}

/// Whether a word belongs to the number that was typed before it: an NHS number is written in threes.
fn goes_on(typed: &str, next: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let is_number = |text: &str| text.chars().all(|sign| sign.is_ascii_digit() || sign == ' ');
    is_number(typed) && is_number(next) && digits(typed) + digits(next) <= 10
}

fn due(word: &str) -> Option<Due> {
    if let Some(minute) = minute(word) {
        return Some(Due::Clock { day: None, minute });
    }
    let rest = word.strip_prefix('+')?;
    let (unit, minutes) = [('m', 1), ('h', 60), ('d', 24 * 60)]
        .into_iter()
        .find(|(unit, _)| rest.ends_with(*unit))?;
    let number: u32 = rest.strip_suffix(unit)?.parse().ok()?;
    (1..=MOST).contains(&number).then_some(Due::In(number * minutes))
}

/// Days of the week in full alone: `sat` is also what is measured with a finger.
fn day(word: &str) -> Option<Day> {
    let is = |name: &&str| word.eq_ignore_ascii_case(name);
    let near = (0..).zip(["today", "tomorrow"]).find(|(_, name)| is(name));
    let weekday = (0..).zip(WEEKDAYS).find(|(_, name)| is(name));
    near.map(|(days, _)| Day::After(days))
        .or(weekday.map(|(day, _)| Day::Weekday(day)))
}

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// A time of the 24-hour clock, `8:05` or `08:05`, as its minute.
fn minute(word: &str) -> Option<u16> {
    let (hour, minute) = word.split_once(':')?;
    let is_written = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.chars().all(|sign| sign.is_ascii_digit())
    };
    if !is_written(hour, 2) || minute.len() != 2 || !is_written(minute, 2) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Longer is not what is added quickly.
const MOST: u32 = 999;
const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-05, a minute of the day in winter, when the UK has UTC.
    fn winter(hour: u64, minute: u64) -> At {
        At::from_millis((1_799_107_200 + hour * 3600 + minute * 60) * 1000)
    }

    fn said(line: &str) -> (String, Option<String>, Option<String>, Option<Due>, bool) {
        let QuickAdd {
            title,
            patient,
            to,
            due,
            is_urgent,
            ..
        } = QuickAdd::parse(line);
        let text = |text: Personal<String>| text.as_str().to_owned();
        (text(title), patient.map(text), to.map(text), due, is_urgent)
    }

    #[test]
    fn a_line_says_what_about_whom_when_and_for_whom_in_any_order() {
        let due = Some(Due::Clock {
            day: None,
            minute: 1080,
        });
        let is = |text: &str| Some(text.to_owned());
        let wanted = ("bloods".to_owned(), is("smith"), is("fy1"), due, false);
        assert_eq!(said("#smith bloods 18:00 @fy1"), wanted);
        assert_eq!(said("  @FY1 18:00   bloods #smith "), wanted);
    }

    #[test]
    fn what_is_only_a_sign_or_has_a_sign_inside_is_text() {
        let is_text = |line: &str| said(line) == (line.to_owned(), None, None, None, false);
        for line in [
            "bed # 4 @ home",
            "write to a@b.uk",
            "1:1 care",
            "25:00 + 2h",
            "wow!",
            "see today",
            "+0m +5x",
        ] {
            assert!(is_text(line), "{line}");
        }
    }

    #[test]
    fn an_nhs_number_in_threes_is_one_patient_and_what_follows_is_not() {
        let (title, patient, ..) = said("#900 000 0009 2 units");
        assert_eq!(
            (title.as_str(), patient.as_deref()),
            ("2 units", Some("900 000 0009"))
        );
        let (title, patient, ..) = said("#smith 2 units");
        assert_eq!((title.as_str(), patient.as_deref()), ("2 units", Some("smith")));
    }

    #[test]
    fn several_words_of_a_name_are_tied_together() {
        let (_, patient, to, ..) = said("#smith_john @fy1-on-call bloods");
        assert_eq!(patient.as_deref(), Some("smith john"));
        assert_eq!(to.as_deref(), Some("fy1 on call"));
    }

    #[test]
    fn two_patients_or_two_people_are_a_doubt_and_the_second_is_not_taken() {
        let said = QuickAdd::parse("#smith #jones bloods @fy1 @fy2");
        assert_eq!(said.doubts, [Doubt::TwoPatients, Doubt::TwoPeople]);
        assert_eq!(said.patient, Some(Personal::from("smith")));
        assert_eq!(said.to, Some(Personal::from("fy1")));
    }

    #[test]
    fn of_two_times_neither_is_when_it_is_due_and_both_stay_in_the_text() {
        let (title, _, _, due, urgent) = said("give at 18:00 and tomorrow 22:00 !");
        let text = "give at 18:00 and tomorrow 22:00";
        assert_eq!((title.as_str(), due, urgent), (text, None, true));
    }

    #[test]
    fn a_time_of_the_clock_is_the_next_one_unless_a_day_is_said() {
        let at = |text: &str, now| Due::parse(text).map(|due| due.at(now));
        assert_eq!(at("18:00", winter(9, 30)), Some(winter(18, 0)));
        assert_eq!(at("8:00", winter(21, 0)), Some(winter(32, 0)));
        assert_eq!(at("tomorrow 08:00", winter(7, 0)), Some(winter(32, 0)));
        assert_eq!(at("Today 08:00", winter(9, 0)), Some(winter(8, 0)));
        assert_eq!(at("+90m", winter(9, 0)), Some(winter(10, 30)));
        assert_eq!(at("+2d", winter(9, 0)), Some(winter(57, 0)));
        assert_eq!(at("18:00 bloods", winter(9, 0)), None);
        // It is a Tuesday.
        assert_eq!(at("Tuesday 18:00", winter(9, 30)), Some(winter(18, 0)));
        assert_eq!(at("tuesday 08:00", winter(9, 0)), Some(winter(7 * 24 + 8, 0)));
        assert_eq!(at("Monday 08:00", winter(9, 0)), Some(winter(6 * 24 + 8, 0)));
        assert_eq!(at("saturday 20:00", winter(9, 0)), Some(winter(4 * 24 + 20, 0)));
        assert_eq!(said("recheck sat 18:00").0, "recheck sat", "not a day");
    }

    #[test]
    fn a_time_on_the_other_side_of_a_change_of_the_clocks_is_the_one_on_the_wall() {
        // 2027-03-27T20:00:00Z; British summer time begins on the 28th at 01:00 UTC.
        let evening = At::from_millis(1_806_177_600_000);
        let at = Due::Clock {
            day: None,
            minute: 480,
        }
        .at(evening);
        assert_eq!(at.since(evening), Duration::from_hours(11));
        let shown = LocalMoment::in_uk(at);
        assert_eq!((shown.date.day(), shown.minute), (28, 480));
        // 2027-10-30T20:00:00Z is 21:00 in the UK; the clocks go back in the night.
        let autumn = At::from_millis(1_824_926_400_000);
        let at = Due::Clock {
            day: Some(Day::After(1)),
            minute: 480,
        }
        .at(autumn);
        assert_eq!(at.since(autumn), Duration::from_hours(12));
    }

    #[test]
    fn a_name_is_meant_by_the_beginnings_of_its_words() {
        assert!(fits("FY1 on call", "fy1"));
        assert!(fits("FY1 on call", "fy1 call"));
        assert!(fits("Dr Amina Khan", "am kh"));
        assert!(!fits("FY1 on call", "fy2"));
        assert!(!fits("FY1 on call", "y1"));
        assert!(!fits("FY1 on call", ""));
    }

    #[test]
    fn what_is_written_for_when_it_is_due_is_read_so_again() {
        for minutes in [1, 30, 59, 60, 90, 240, 999, 1440, 2880] {
            let line = format!("bloods{}", due_in(minutes));
            assert_eq!(
                said(&line),
                ("bloods".to_owned(), None, None, Some(Due::In(minutes)), false),
                "{line}"
            );
        }
    }

    #[test]
    fn a_whole_name_is_told_from_one_that_begins_so() {
        for name in ["FY1 on call", "Dr Siân O'Neill-Price, RN"] {
            let typed = said(&format!("@{}", name.replace(' ', "-"))).2.unwrap();
            assert!(is_whole(name, &typed), "{typed}");
            assert!(!is_whole(&format!("{name} nights"), &typed));
            assert!(fits(&format!("{name} nights"), "fy1 on call") == name.starts_with("FY1"));
        }
    }
}
