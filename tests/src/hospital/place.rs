//! Places of care: a hospital's wards with their bays and beds, a care home, and services that come to people. Wards and
//! services are called as the demonstration's teams are (`xtask/demo/teams.json`), so that lists fill by themselves.

use baton_core::patient::Gender;

mod wards;

pub use wards::{SERVICES, WARDS};

/// An organisation of the demonstration, by its ODS code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facility {
    /// Eastmere University Hospital.
    Hospital,
    /// Orchard House Care Home.
    CareHome,
    /// Eastmere Community Health.
    Community,
    /// Eastmere Council Adult Social Care.
    SocialCare,
}

impl Facility {
    /// Its ODS code.
    pub const fn ods(self) -> &'static str {
        match self {
            Self::Hospital => "RX1",
            Self::CareHome => "VM9X1",
            Self::Community => "RY9",
            Self::SocialCare => "901",
        }
    }
}

/// A ward, or a care home.
#[derive(Clone, Copy, Debug)]
pub struct Ward {
    /// As staff and lists call it.
    pub name: &'static str,
    /// Whose it is.
    pub facility: Facility,
    /// Bays, and what is like them.
    pub bays: &'static [Bay],
    /// Whom it takes.
    pub takes: Takes,
    /// Whether women and men lie in bays of their own.
    pub single_sex: bool,
    /// Specialty, as it is shown.
    pub specialty: &'static str,
    /// Of how many beds in a hundred somebody is in.
    pub full: u32,
    /// How often something happens there, against 1 for most.
    pub busy: u32,
}

/// A bay, a single room, or the cots of a bay.
#[derive(Clone, Copy, Debug)]
pub struct Bay {
    /// What the bay or room is called; cots are in the bay of the mothers.
    pub room: &'static str,
    /// What its beds are called, before their number.
    pub prefix: &'static str,
    /// How many beds it has.
    pub beds: u32,
    /// Whether its beds are cots.
    pub cots: bool,
}

/// Whom a ward takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// People of 16 and more.
    Adults,
    /// Of any age.
    Anybody,
    /// Under 16, but for the newborn.
    Children,
    /// Newborn children.
    Newborn,
    /// People of 72 and more.
    Older,
    /// Women of 16 to 46.
    Mothers,
}

/// A bed: its number in a row of all beds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bed(pub(super) usize);

/// Where a bed is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BedPlace {
    /// The place in [`WARDS`].
    pub ward: usize,
    /// Bay or room.
    pub room: String,
    /// The bed, in words that are unique on the ward; empty where the room is for one.
    pub bed: String,
    /// Whether it is a cot.
    pub is_cot: bool,
}

/// All beds, ward by ward.
pub fn beds() -> Vec<BedPlace> {
    let mut all = Vec::new();
    for (number, ward) in WARDS.iter().enumerate() {
        for bay in ward.bays {
            for bed in 1..=bay.beds {
                all.push(BedPlace {
                    ward: number,
                    room: bay.room.to_owned(),
                    bed: match bay.beds {
                        1 => bay.prefix.to_owned(),
                        _ => format!("{}{bed}", bay.prefix),
                    },
                    is_cot: bay.cots,
                });
            }
        }
    }
    all
}

impl Takes {
    /// Whether somebody of this age (in years) and gender is taken. The newborn are those of the first 28 days.
    pub fn takes(self, years: u16, is_newborn: bool, gender: Gender) -> bool {
        match self {
            Self::Adults => years >= 16,
            Self::Anybody => !is_newborn,
            Self::Children => years < 16 && !is_newborn,
            Self::Newborn => is_newborn,
            Self::Older => years >= 72,
            Self::Mothers => (16..=46).contains(&years) && gender == Gender::Female,
        }
    }
}

/// A service that people are on the caseload of.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// As teams and lists call it.
    pub name: &'static str,
    /// Whose it is.
    pub facility: Facility,
    /// What it does, as it is shown.
    pub specialty: &'static str,
    /// Of a thousand people, how many are on its caseload.
    pub share: u32,
}
