//! People who are like others: twins, a child and its mother, two whom one mistakes for each other, one known twice.

use baton_core::date::{Date, PartialDate};

use super::{NextOfKin, NhsStatus, Patient, years_between};
use crate::hospital::draw::Draw;
use crate::hospital::home::{Home, Reached};

/// Whom a patient is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// Nobody.
    None,
    /// Mother of the next, who was born in the last days.
    Mother,
    /// Child of the one before.
    ChildOf(u32),
    /// Easily mistaken for the next.
    Mistaken,
    /// Easily mistaken for the one before: a name that sounds alike, or is the same.
    MistakenFor(u32),
    /// Registered again as the next.
    Twice,
    /// The same person as the one before, registered a second time.
    SameAs(u32),
    /// Twin of the next.
    Twin,
    /// Twin of the one before.
    TwinOf(u32),
}

impl Kinship {
    /// What patient `number` is.
    pub const fn of(number: u32) -> Self {
        let before = number.saturating_sub(1);
        match number % EVERY {
            6 => Self::Twin,
            7 => Self::TwinOf(before),
            MISTAKEN => Self::Mistaken,
            19 => Self::MistakenFor(before),
            TWICE => Self::Twice,
            31 => Self::SameAs(before),
            39 => Self::Mother,
            NEWBORN => Self::ChildOf(before),
            _ => Self::None,
        }
    }

    /// After whom this one is made.
    pub const fn follows(self) -> Option<u32> {
        match self {
            Self::ChildOf(of) | Self::MistakenFor(of) | Self::SameAs(of) | Self::TwinOf(of) => Some(of),
            Self::Mistaken | Self::Mother | Self::None | Self::Twice | Self::Twin => None,
        }
    }
}

impl Patient {
    /// Makes this one like `other`, whom it follows.
    pub(super) fn liken(&mut self, other: &Self, today: Date, draw: &mut Draw) {
        match self.kinship {
            Kinship::ChildOf(_) => self.be_child_of(other, today, draw),
            Kinship::MistakenFor(_) => self.be_mistaken_for(other, today, draw),
            Kinship::SameAs(_) => self.be_again(other, draw),
            Kinship::TwinOf(_) => self.be_twin_of(other, draw),
            Kinship::Mistaken | Kinship::Mother | Kinship::None | Kinship::Twice | Kinship::Twin => {}
        }
    }

    /// Becomes a child that was born to `mother` in the five days before `today`.
    pub(in crate::hospital) fn be_child_of(&mut self, mother: &Self, today: Date, draw: &mut Draw) {
        let days = i32::try_from(draw.below(5)).unwrap_or(0);
        let born = Date::from_days(today.days() - days).unwrap_or(today);
        // Today's are of the small hours, so that nobody is born tomorrow.
        let minute = draw.below(if days == 0 { 30 } else { 1440 });
        self.be_born_to(mother, born, u16::try_from(minute).unwrap_or(0), draw);
    }

    /// Becomes a child of `mother`, born at a minute of a day.
    pub(in crate::hospital) fn be_born_to(
        &mut self,
        mother: &Self,
        born: Date,
        minute: u16,
        draw: &mut Draw,
    ) {
        mother.family.clone_into(&mut self.family);
        self.born = Some(PartialDate::Minute(born, minute));
        self.years = 0;
        if draw.thousandth(350) {
            "Baby".clone_into(&mut self.given);
        } else {
            let name = mother.origin.given(self.gender, born.year(), draw);
            name.clone_into(&mut self.given);
        }
        self.middle.clear();
        self.title = "";
        self.marital = "";
        self.preferred = None;
        self.died = None;
        self.restricted = false;
        self.former_nhs = None;
        self.of_twins = 0;
        self.home = mother.home.clone();
        self.reached = Reached::default();
        self.practice = mother.practice;
        self.doctor = mother.doctor;
        self.ethnicity = mother.ethnicity;
        self.language = "";
        self.nhs = self.nhs.filter(|_| draw.thousandth(600));
        self.nhs_status = self.nhs.map_or(NhsStatus::Baby, |_| NhsStatus::Verified);
        self.kin = Some(NextOfKin {
            family: mother.family.clone(),
            given: mother.given.clone(),
            relation: ("MTH", "Mother"),
            phone: mother.reached.mobile.clone(),
        });
    }

    fn be_twin_of(&mut self, first: &Self, draw: &mut Draw) {
        first.family.clone_into(&mut self.family);
        self.born = first.born;
        self.years = first.years;
        self.home = first.home.clone();
        self.practice = first.practice;
        self.doctor = first.doctor;
        self.ethnicity = first.ethnicity;
        self.language = first.language;
        self.religion = first.religion;
        self.of_twins = 2;
        self.reached.email.clear();
        self.origin = first.origin;
        // Half of them are of one gender, and some parents like names that are nearly the same.
        let alike = if draw.thousandth(500) {
            self.gender = first.gender;
            self.title = first.title;
            alike(TWIN_NAMES, &first.given).map(|(_, other)| other)
        } else {
            None
        };
        let year = self.born.map_or(1970, PartialDate::year);
        let mut given = || first.origin.given(self.gender, year, draw);
        let (own, middle) = (alike.unwrap_or_else(&mut given), given());
        own.clone_into(&mut self.given);
        middle.clone_into(&mut self.middle);
        if self.given == first.given {
            let another = if self.given == "Robin" { "Jordan" } else { "Robin" };
            another.clone_into(&mut self.given);
        }
    }

    fn be_mistaken_for(&mut self, other: &Self, today: Date, draw: &mut Draw) {
        self.gender = other.gender;
        self.title = other.title;
        self.marital = other.marital;
        self.ethnicity = other.ethnicity;
        self.family = sounding_like(&other.family, draw);
        self.given = sounding_like(&other.given, draw);
        self.middle.clear();
        self.reached.email.clear();
        let born = other.born.and_then(PartialDate::day).unwrap_or(today);
        let another = match draw.below(8) {
            // The same name and the same day: there are such people.
            0 => {
                self.family.clone_from(&other.family);
                self.given.clone_from(&other.given);
                Some(born)
            }
            1 | 2 => Date::new(
                born.year(),
                u8::try_from(u16::from(born.day()).min(12)).unwrap_or(1),
                born.month(),
            ),
            3 | 4 => Date::new(born.year(), born.month(), born.day() % 28 + 1),
            5 => Date::new(born.year() - 1, born.month(), born.day().min(28)),
            _ => Date::from_days(born.days() - i32::try_from(draw.between(20, 1500)).unwrap_or(20)),
        };
        let another = another.unwrap_or(born);
        self.born = Some(PartialDate::Day(another));
        self.years = years_between(another, today);
    }

    fn be_again(&mut self, first: &Self, draw: &mut Draw) {
        let (number, hospital_number) = (self.number, self.hospital_number.clone());
        let (kinship, phone) = (self.kinship, self.reached.mobile.clone());
        *self = first.clone();
        self.number = number;
        self.hospital_number = hospital_number;
        self.kinship = kinship;
        self.reached.mobile = phone;
        self.kin = None;
        // That is how somebody came to be registered again: the number was not at hand, and something was heard wrongly.
        self.nhs = None;
        self.nhs_status = NhsStatus::NoMatch;
        match draw.below(5) {
            0 => self.given = sounding_like(&first.given, draw),
            1 => self.family = sounding_like(&first.family, draw),
            2 => self.middle.clear(),
            3 => self.home = Home::draw(draw),
            _ => {
                let day = self.born.and_then(PartialDate::day);
                let swapped = day.and_then(|day| Date::new(day.year(), day.day(), day.month()));
                self.born = swapped.map(PartialDate::Day).or(self.born);
            }
        }
    }
}

/// The name, or one that sounds like it.
fn sounding_like(name: &str, draw: &mut Draw) -> String {
    if let Some((one, other)) = alike(SOUND_ALIKE, name) {
        return if one == name { other } else { one }.to_owned();
    }
    // Most slips are of an ending or of a doubled letter.
    let plain = name.chars().all(|letter| letter.is_ascii_alphabetic());
    match (name, draw.below(4)) {
        _ if !plain || name.len() < 4 => name.to_owned(),
        (name, 0) if name.ends_with('y') => name.replace('y', "ie"),
        (name, 0) if name.ends_with('s') => name.trim_end_matches('s').to_owned(),
        (name, 1) if name.ends_with('n') => format!("{name}e"),
        (name, 2) => name
            .replacen("ll", "l", 1)
            .replacen("tt", "t", 1)
            .replacen("ph", "f", 1),
        _ => name.to_owned(),
    }
}

fn alike<'p>(pairs: &'p [(&'p str, &'p str)], name: &str) -> Option<(&'p str, &'p str)> {
    pairs
        .iter()
        .find(|(one, other)| *one == name || *other == name)
        .copied()
}

const SOUND_ALIKE: &[(&str, &str)] = &[
    ("Catherine", "Katherine"),
    ("Stephen", "Steven"),
    ("Sarah", "Sara"),
    ("Ann", "Anne"),
    ("Claire", "Clare"),
    ("Jon", "John"),
    ("Alan", "Allan"),
    ("Geoffrey", "Jeffrey"),
    ("Stuart", "Stewart"),
    ("Jonathan", "Jonathon"),
    ("Iain", "Ian"),
    ("Callum", "Calum"),
    ("Sian", "Siân"),
    ("Siobhan", "Siobhán"),
    ("Mohammed", "Muhammad"),
    ("Fatima", "Fatimah"),
    ("Aisha", "Ayesha"),
    ("Smith", "Smyth"),
    ("Clark", "Clarke"),
    ("Reid", "Read"),
    ("Brown", "Browne"),
    ("Thomson", "Thompson"),
    ("Davis", "Davies"),
    ("Phillips", "Philips"),
    ("Stephens", "Stevens"),
    ("MacDonald", "McDonald"),
    ("O'Neill", "O'Neil"),
    ("Hussain", "Hussein"),
    ("Ahmed", "Ahmad"),
    ("Begum", "Begam"),
    ("Khan", "Kahn"),
    ("Nguyễn", "Nguyen"),
    ("Allen", "Allan"),
    ("Green", "Greene"),
    ("Moore", "Moor"),
    ("White", "Whyte"),
];

const TWIN_NAMES: &[(&str, &str)] = &[
    ("Jessica", "Jessie"),
    ("Amy", "Amelia"),
    ("Jack", "Jacob"),
    ("Leo", "Leon"),
    ("Mohammed", "Mahmoud"),
    ("Ava", "Ada"),
    ("Gurpreet", "Harpreet"),
    ("Mia", "Maia"),
];

/// So often there is one of each.
const EVERY: u32 = 50;

/// Somebody at a place within every fifty; `None` when there are too few people.
pub(in crate::hospital) fn in_fifty(patients: u32, place: u32, draw: &mut Draw) -> Option<u32> {
    let fifties = (patients + EVERY - place - 1) / EVERY;
    (fifties > 0).then(|| draw.below(fifties) * EVERY + place)
}

/// The places, within every fifty, of those whom somebody looks for.
pub(in crate::hospital) const MISTAKEN: u32 = 18;
pub(in crate::hospital) const TWICE: u32 = 30;
pub(in crate::hospital) const NEWBORN: u32 = 40;
