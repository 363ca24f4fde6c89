//! What is known of a patient, and whence.

use std::fmt;
use std::sync::Arc;

use baton_core::id::PatientId;
use baton_core::ordered::SortedMap;
use baton_core::patient::Patient;
use baton_core::time::At;
use serde::{Deserialize, Serialize};

/// A patient whom this person looked up, as the record told of them then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedUp {
    /// Who, and what was known.
    pub patient: Arc<Patient>,
    /// When they were looked up, by this device's clock.
    pub at: At,
    /// Whether address, contacts and visit were told too: they are when a patient is opened, not when one is found.
    pub is_whole: bool,
}

impl fmt::Debug for LookedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookedUp").finish_non_exhaustive()
    }
}

/// What is known of a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub patient: Arc<Patient>,
    /// Whether address, contacts and visit are among it.
    pub is_whole: bool,
    /// Whence.
    pub source: Source,
}

/// Whence a patient is known, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The record found them for this person, who has not chosen them.
    Found,
    /// This person looked them up then; nobody keeps that up to date.
    LookedUp(At),
    /// A space holds them, and the record keeps that up to date.
    Space,
}

impl From<&LookedUp> for Known {
    fn from(looked_up: &LookedUp) -> Self {
        Self {
            patient: looked_up.patient.clone(),
            is_whole: looked_up.is_whole,
            source: Source::LookedUp(looked_up.at),
        }
    }
}

impl Known {
    /// Both together: the newer version, of the same version the whole one, and the better source.
    pub(super) fn with(&self, other: Self) -> Self {
        let order = |known: &Self| (known.patient.version, known.is_whole);
        let source = self.source.max(other.source);
        let is_better = order(&other) > order(self);
        let better = if is_better { other } else { self.clone() };
        Self { source, ..better }
    }
}

pub(super) fn put(all: &mut SortedMap<PatientId, Known>, new: Known) {
    let id = new.patient.id;
    let merged = match all.get(&id) {
        Some(before) => before.with(new),
        None => new,
    };
    all.insert(id, merged);
}

/// Follows merges. Where they go round in a circle nobody stands for anybody else.
pub(super) fn resolve(known: &SortedMap<PatientId, Known>, id: PatientId) -> PatientId {
    let mut seen = vec![id];
    let mut last = id;
    while let Some(next) = known.get(&last).and_then(|known| known.patient.merged_into) {
        if seen.contains(&next) {
            return id;
        }
        if !known.contains_key(&next) {
            break;
        }
        seen.push(next);
        last = next;
    }
    last
}
