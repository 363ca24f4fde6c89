//! The people: patient N of a hospital is the same each time, and is made without making those before.
//!
//! Every fifty there are twins, a newborn child with the mother, two different people who are easily mistaken for each
//! other, and one person who was registered twice ([`Kinship`]). Among the others some have no NHS number, one that
//! nobody traced or one that is superseded, no birth date or half of one, a name that they like better; some have died, are
//! restricted, are older than a hundred.

use baton_core::date::{Date, PartialDate};
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::Gender;

use super::draw::{Draw, Purpose};
use super::home::{Home, Reached};
use super::number::{Numbers, Which};
use super::origin::Origin;
use super::staff::{Doctor, Practice};

mod fate;
mod kin;
mod likeness;

pub use fate::NhsStatus;
pub use kin::NextOfKin;
pub use likeness::Kinship;
pub(super) use likeness::{MISTAKEN, NEWBORN, TWICE, in_fifty};

/// A patient. All of it is invented.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    /// Which of the hospital's patients.
    pub number: u32,
    /// The hospital's number for them, such as `E0412345`.
    pub hospital_number: String,
    /// The NHS number; `None` when there is none or it is not known.
    pub nhs: Option<NhsNumber>,
    /// How sure the NHS number is, or why there is none.
    pub nhs_status: NhsStatus,
    /// An NHS number that was theirs and is superseded.
    pub former_nhs: Option<NhsNumber>,
    /// Family name; never empty.
    pub family: String,
    /// Given name; empty for those who have one name.
    pub given: String,
    /// Further given names; mostly one or none.
    pub middle: String,
    /// Title, such as `Mrs`; often empty.
    pub title: &'static str,
    /// What they like to be called, when that is another name.
    pub preferred: Option<String>,
    /// When they were born, as far as it is known.
    pub born: Option<PartialDate>,
    /// The age in years at the hospital's first day, known or not.
    pub years: u16,
    /// Gender.
    pub gender: Gender,
    /// When they died; `Some(None)` when only the fact is known.
    pub died: Option<Option<PartialDate>>,
    /// Whether address, telephone numbers and practice are withheld.
    pub restricted: bool,
    /// Where they live.
    pub home: Home,
    /// How they are reached.
    pub reached: Reached,
    /// The practice where they are registered; `None` for those without.
    pub practice: Option<&'static Practice>,
    /// Their doctor there.
    pub doctor: Doctor,
    /// Who is nearest to them.
    pub kin: Option<NextOfKin>,
    /// Ethnic category (NHS data dictionary).
    pub ethnicity: &'static str,
    /// Language other than English; empty when it is English.
    pub language: &'static str,
    /// Religion as coded; often empty.
    pub religion: &'static str,
    /// Marital status (NHS data dictionary), such as `M`; empty for children.
    pub marital: &'static str,
    /// First or second of twins; zero for all others.
    pub of_twins: u8,
    /// Whom they are like.
    pub kinship: Kinship,
    pub(super) origin: &'static Origin,
}

impl Patient {
    /// Patient `number` of the hospital of this seed, as they are on `today`.
    pub(super) fn derive(seed: u64, today: Date, number: u32) -> Self {
        let numbers = Numbers::new(seed);
        let kinship = Kinship::of(number);
        let mut draw = Draw::new(seed, Purpose::Patient, u64::from(number));
        let mut own = Self::plain(&numbers, today, number, kinship, &mut draw);
        let Some(other) = kinship.follows() else {
            return own;
        };
        let mut before = Draw::new(seed, Purpose::Patient, u64::from(other));
        let other = Self::plain(&numbers, today, other, Kinship::of(other), &mut before);
        let mut lots = Draw::new(seed, Purpose::Likeness, u64::from(number));
        own.liken(&other, today, &mut lots);
        own
    }

    /// All given names.
    pub fn all_given(&self) -> String {
        format!("{} {}", self.given, self.middle).trim().to_owned()
    }

    /// Whether they are of the first 28 days.
    pub fn is_newborn(&self, today: Date) -> bool {
        let born = self.born.and_then(PartialDate::day);
        born.is_some_and(|born| (0..28).contains(&(today.days() - born.days())))
    }

    /// Somebody of whom nobody knows yet who they are, as an emergency department registers them.
    pub(super) fn derive_unknown(seed: u64, number: u32, gender: Gender) -> Self {
        let called = if gender == Gender::Female {
            "Female"
        } else {
            "Male"
        };
        Self {
            number,
            hospital_number: Numbers::new(seed).hospital(number),
            nhs: None,
            nhs_status: NhsStatus::TraceRequired,
            former_nhs: None,
            family: UNKNOWN.to_owned(),
            given: called.to_owned(),
            middle: String::new(),
            title: "",
            preferred: None,
            born: None,
            years: 40,
            gender,
            died: None,
            restricted: false,
            home: Home::unknown(),
            reached: Reached::default(),
            practice: None,
            doctor: Doctor::default(),
            kin: None,
            ethnicity: "Z",
            language: "",
            religion: "",
            marital: "",
            of_twins: 0,
            kinship: Kinship::None,
            origin: &Origin::ENGLISH,
        }
    }

    /// Whether nobody knows yet who they are.
    pub fn is_unknown(&self) -> bool {
        self.family == UNKNOWN && self.born.is_none()
    }

    /// The number that the care home, community service or council has for them.
    pub fn number_at(&self, facility: super::place::Facility) -> String {
        format!("{}-{:07}", facility.ods(), self.number)
    }

    fn plain(numbers: &Numbers, today: Date, number: u32, kinship: Kinship, draw: &mut Draw) -> Self {
        let origin = Origin::draw(draw);
        let (years, born) = age(kinship, today, draw);
        let gender = match draw.below(1000) {
            _ if kinship == Kinship::Mother => Gender::Female,
            0..505 => Gender::Female,
            505..997 => Gender::Male,
            997 => Gender::NotKnown,
            _ => Gender::NotSpecified,
        };
        let called = origin.name(gender, born.year(), draw);
        let practice = Practice::draw(draw);
        let home = Home::draw(draw);
        let reached = Reached::draw(&called.given, &called.family, years, draw);
        let marital = marital(years, draw);
        let mut patient = Self {
            number,
            hospital_number: numbers.hospital(number),
            nhs: Some(numbers.nhs(number, Which::Present)),
            nhs_status: NhsStatus::Verified,
            former_nhs: None,
            title: title(gender, years, marital, draw),
            preferred: None,
            born: Some(PartialDate::Day(born)),
            years,
            gender,
            died: None,
            restricted: false,
            home,
            practice: Some(practice),
            doctor: draw.one(practice.doctors),
            kin: NextOfKin::draw(origin, &called.family, years, marital, draw),
            reached,
            ethnicity: origin.ethnicity,
            language: if draw.thousandth(400) { origin.language } else { "" },
            religion: if draw.thousandth(350) { origin.religion } else { "" },
            marital,
            of_twins: u8::from(kinship == Kinship::Twin),
            kinship,
            origin,
            family: called.family,
            given: called.given,
            middle: called.middle,
        };
        if kinship == Kinship::None {
            patient.meet_fate(numbers, today, draw);
        }
        patient
    }
}

/// Age in years and birth date: as a hospital's people are, so older than the country.
fn age(kinship: Kinship, today: Date, draw: &mut Draw) -> (u16, Date) {
    let (youngest, oldest) = match (kinship, draw.below(1000)) {
        (Kinship::Mother, _) => (19, 42),
        // Whom one can mistake, and who is registered twice, is grown up.
        (Kinship::Mistaken | Kinship::Twice, 0..500) => (18, 64),
        (Kinship::Mistaken | Kinship::Twice, _) => (65, 95),
        (_, 0..60) => (0, 4),
        (_, 60..170) => (5, 15),
        (_, 170..310) => (16, 29),
        (_, 310..480) => (30, 44),
        (_, 480..650) => (45, 59),
        (_, 650..820) => (60, 74),
        (_, 820..970) => (75, 89),
        (_, 970..994) => (90, 99),
        _ => (100, 109),
    };
    // No leap day less than there are: nobody comes out older than the years say.
    let days = draw.between(youngest * 366, oldest * 365 + 300);
    let born = Date::from_days(today.days() - i32::try_from(days).unwrap_or(0)).unwrap_or(today);
    (years_between(born, today), born)
}

/// Whole years from one day to another; zero when it is not after it.
pub(super) fn years_between(born: Date, today: Date) -> u16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today
        .year()
        .saturating_sub(born.year())
        .saturating_sub(u16::from(!had_birthday))
}

fn marital(years: u16, draw: &mut Draw) -> &'static str {
    match years {
        ..18 => "",
        18..30 => draw.one(&["S", "S", "S", "M", ""]),
        30..70 => draw.one(&["S", "M", "M", "M", "D", "P", ""]),
        70.. => draw.one(&["M", "M", "W", "W", "D", "S"]),
    }
}

fn title(gender: Gender, years: u16, marital: &str, draw: &mut Draw) -> &'static str {
    if draw.thousandth(40) {
        return "";
    }
    match (gender, years) {
        (_, ..16) if draw.thousandth(700) => "",
        (Gender::Female, ..16) => "Miss",
        (Gender::Male, ..16) => "Master",
        (_, 25..) if draw.thousandth(30) => {
            draw.one(&["Dr", "Dr", "Prof", "Rev", "Cllr", "Rt Hon Lady Justice"])
        }
        (Gender::Female, _) if matches!(marital, "M" | "W" | "D") => draw.one(&["Mrs", "Mrs", "Mrs", "Ms"]),
        (Gender::Female, _) => draw.one(&["Miss", "Ms", "Ms"]),
        (Gender::Male, _) => "Mr",
        (Gender::NotKnown | Gender::NotSpecified, _) => draw.one(&["Mx", ""]),
    }
}

/// The family name of those of whom nobody knows who they are.
const UNKNOWN: &str = "Unknown";
