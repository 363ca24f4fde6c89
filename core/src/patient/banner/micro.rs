//! The banner of a small screen (CUI *Micro Patient Banner*, MPB-0001 to MPB-0063): never beside a list of patients (MPB-0016),
//! never with a ward or bed (MPB-0020), never with anything clinical (MPB-0005).

use super::{Item, Note, build};
use crate::date::LocalMoment;
use crate::patient::Patient;
use crate::secret::Personal;

/// A patient's banner on a small screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicroBanner {
    /// The patient has died: another background colour and another pattern (MPB-0055).
    pub is_deceased: bool,
    /// `JONES, Mary (Mrs)`: wrapped where it is too long, never cut short (MPB-0054).
    pub name: Personal<String>,
    /// *Preferred name*, immediately below the name (MPB-0053).
    pub preferred: Option<Item>,
    /// *Born*, with the age of a living patient in brackets (MPB-0019, MPB-0031).
    pub born: Item,
    /// *Died* and *Age at Death*, below *Born* (MPB-0057 to MPB-0060).
    pub death: Option<[Item; 2]>,
    /// *NHS No.* (MPB-0035).
    pub nhs: Item,
    /// What must be seen with the identity.
    pub notes: Vec<Note>,
    /// Zone 2, closed at first: *Gender*, then all addresses (MPB-0028 to MPB-0030).
    pub more: Vec<Item>,
}

impl MicroBanner {
    /// The banner at a moment at the place of care. `survivor` is the patient into whom this one was merged, when the caller holds
    /// them.
    pub fn of(patient: &Patient, now: LocalMoment, survivor: Option<&Patient>) -> Self {
        build::micro_banner(patient, now, survivor)
    }

    /// The items of zone 1 after the name, in their order (MPB-0017, MPB-0058).
    pub fn identity(&self) -> impl Iterator<Item = &Item> {
        std::iter::once(&self.born)
            .chain(self.death.iter().flatten())
            .chain([&self.nhs])
    }
}
