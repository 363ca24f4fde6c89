//! What not everybody has: another number, a half-known birthday, a name of their own choice, a death.

use baton_core::date::{Date, PartialDate};
use baton_core::patient::Gender;

use super::Patient;
use crate::hospital::draw::Draw;
use crate::hospital::number::{Numbers, Which};

/// NHS number status indicator (NHS data dictionary; `NSTS01` and so on in PID-32 of the ITK messages).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NhsStatus {
    /// 01, number present and verified.
    Verified,
    /// 02, number present but not traced.
    NotTraced,
    /// 03, trace required.
    TraceRequired,
    /// 04, trace attempted, none or several found.
    NoMatch,
    /// 07, number not present and trace not required.
    NotRequired,
    /// 08, trace postponed, a baby under six weeks.
    Baby,
}

impl NhsStatus {
    /// The indicator, two digits.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Verified => "01",
            Self::NotTraced => "02",
            Self::TraceRequired => "03",
            Self::NoMatch => "04",
            Self::NotRequired => "07",
            Self::Baby => "08",
        }
    }
}

impl Patient {
    /// Draws what not everybody has.
    pub(super) fn meet_fate(&mut self, numbers: &Numbers, today: Date, draw: &mut Draw) {
        self.lose_numbers(numbers, draw);
        if let Some(born) = self.born.and_then(PartialDate::day) {
            self.born = match draw.below(1000) {
                0..6 => None,
                6..12 => Some(PartialDate::Year(born.year())),
                12..15 => Some(PartialDate::Month(born.year(), born.month())),
                _ => self.born,
            };
            self.die(born, today, draw);
        }
        self.restricted = draw.thousandth(8);
        if draw.thousandth(6) {
            self.practice = None;
        }
        if self.years > 2 && draw.thousandth(70) {
            self.preferred = Some(self.better_name(draw));
        }
        if draw.thousandth(4) {
            LONG_MIDDLE.clone_into(&mut self.middle);
        }
        if draw.thousandth(3) {
            self.family = format!("{}-{}", self.family, LONG_FAMILY);
        }
    }

    fn lose_numbers(&mut self, numbers: &Numbers, draw: &mut Draw) {
        match draw.below(1000) {
            0..45 => self.nhs_status = NhsStatus::NotTraced,
            45..55 => self.nhs_status = NhsStatus::TraceRequired,
            55..75 => {
                self.nhs = None;
                self.nhs_status = draw.one_of(NhsStatus::NoMatch, NhsStatus::NotRequired);
            }
            75..90 => self.former_nhs = Some(numbers.nhs(self.number, Which::Former)),
            _ => {}
        }
    }

    fn die(&mut self, born: Date, today: Date, draw: &mut Draw) {
        let times = match self.years {
            ..60 => 6,
            60..85 => 60,
            85.. => 180,
        };
        if !draw.thousandth(times) {
            return;
        }
        let ago = i32::try_from(draw.between(3, 1500)).unwrap_or(3);
        let day = Date::from_days((today.days() - ago).max(born.days())).unwrap_or(today);
        self.died = Some(match draw.below(10) {
            0 => None,
            1 => Some(PartialDate::Month(day.year(), day.month())),
            2..5 => Some(PartialDate::Minute(
                day,
                u16::try_from(draw.below(1440)).unwrap_or(0),
            )),
            _ => Some(PartialDate::Day(day)),
        });
    }

    fn better_name(&self, draw: &mut Draw) -> String {
        let short = SHORT.iter().find(|(long, _)| *long == self.given);
        match (short, draw.below(3)) {
            (Some((_, short)), _) => (*short).to_owned(),
            (None, 0) if !self.middle.is_empty() => self.middle.clone(),
            (None, 1) => draw
                .one(&["Bunty", "Pip", "Sunny", "Jay", "Dee", "T.J.", "Ali", "Kit"])
                .to_owned(),
            (None, _) => self
                .origin
                .given(
                    if self.gender == Gender::Male {
                        Gender::Male
                    } else {
                        Gender::Female
                    },
                    1990,
                    draw,
                )
                .to_owned(),
        }
    }
}

impl Draw {
    fn one_of<T>(&mut self, first: T, second: T) -> T {
        if self.thousandth(500) { first } else { second }
    }
}

/// What people with these names are often called.
const SHORT: &[(&str, &str)] = &[
    ("Margaret", "Peggy"),
    ("Dorothy", "Dot"),
    ("Kathleen", "Kath"),
    ("Elizabeth", "Betty"),
    ("Susan", "Sue"),
    ("Catherine", "Cathy"),
    ("Katherine", "Kate"),
    ("Patricia", "Pat"),
    ("Deborah", "Debs"),
    ("Rebecca", "Becky"),
    ("Victoria", "Vicky"),
    ("William", "Bill"),
    ("Ronald", "Ron"),
    ("Frederick", "Fred"),
    ("Robert", "Bob"),
    ("Michael", "Mick"),
    ("Anthony", "Tony"),
    ("Christopher", "Chris"),
    ("Andrew", "Drew"),
    ("Matthew", "Matt"),
    ("Mohammed", "Mo"),
    ("Oluwaseun", "Seun"),
    ("Harpreet", "Harry"),
    ("Krzysztof", "Kris"),
    ("Małgorzata", "Gosia"),
];

const LONG_MIDDLE: &str = "Alexandrina Wilhelmina Bartholomew Montgomery Fitzwilliam Peregrine Aloysius";

const LONG_FAMILY: &str = "Wolstenholme-Featherstonehaugh";
