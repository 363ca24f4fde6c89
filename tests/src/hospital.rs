//! A hospital that does not exist, the town around it, and its feed: for the demonstration, for tests and for measuring.
//!
//! [`Hospital`] says which: the same seed, size, opening day and pace give the same people and the same bytes. Eastmere
//! University Hospital (`RX1`) has wards with bays and beds; Orchard House is a care home; services see people at home; four
//! practices have them registered. Everybody is invented: NHS numbers are of the range kept for tests (900 to 999),
//! telephone numbers of those that Ofcom keeps for drama, and no postcode is of an area that exists.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`patient`] | the people: twins, newborn children, people whom one mistakes for each other, people known twice |
//! | [`place`], [`staff`] | wards and services, named as the demonstration's teams; consultants and practices |
//! | [`stream`] | the feed: HL7 v2 ADT messages, of an opening day and of all that comes after it |
//! | [`roll`] | the people as lines that `baton-record patients import` reads |
//! | [`replay`] | who is where after a row of messages, read from nothing but the messages |
//! | [`mllp`], [`player`] | sends the feed to a record, and takes up where it left off |

use std::time::Duration;

use baton_core::date::Date;
use baton_core::time::At;

mod adt;
mod census;
mod draw;
pub mod home;
pub mod mllp;
mod number;
mod origin;
pub mod patient;
pub mod place;
pub mod player;
pub mod replay;
pub mod roll;
mod segment;
pub mod staff;
pub mod stream;

#[cfg(test)]
mod tests;

pub use number::MOST_PATIENTS;
pub use patient::Patient;
pub use stream::{SimTime, Stream};

use draw::{Draw, Purpose};
use number::Numbers;

/// A hospital and its town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hospital {
    /// Which of all such hospitals.
    pub seed: u64,
    /// How many patients the index has at first; at most [`MOST_PATIENTS`].
    pub patients: u32,
    /// When the feed begins: ages are of that day.
    pub opened: At,
    /// How much of its own time goes by between two happenings.
    pub pace: Duration,
}

impl Hospital {
    /// The hospital of the demonstration: 2,000 patients.
    pub const fn demo(opened: At, pace: Duration) -> Self {
        Self {
            seed: 4,
            patients: 2_000,
            opened,
            pace,
        }
    }

    /// A patient as they are when the hospital opens. Numbers count from zero.
    pub fn patient(&self, number: u32) -> Patient {
        Patient::derive(self.seed, self.opening_day(), number)
    }

    /// All patients as they are when the hospital opens, one at a time.
    pub fn people(&self) -> impl Iterator<Item = Patient> + use<> {
        let hospital = *self;
        (0..self.patients).map(move |number| hospital.patient(number))
    }

    /// The feed, from the beginning.
    pub fn stream(&self) -> Stream {
        Stream::new(*self)
    }

    /// The day on which the feed begins.
    pub fn opening_day(&self) -> Date {
        segment::calendar(self.opened).0
    }

    fn numbers(&self) -> Numbers {
        Numbers::new(self.seed)
    }

    /// A child that is born to somebody after the hospital opened.
    fn child(&self, number: u32, mother: &Patient, born: Date, minute: u16) -> Patient {
        let mut draw = Draw::new(self.seed, Purpose::Likeness, u64::from(number));
        let mut child = self.patient(number);
        child.kinship = patient::Kinship::ChildOf(mother.number);
        child.be_born_to(mother, born, minute, &mut draw);
        child
    }
}
