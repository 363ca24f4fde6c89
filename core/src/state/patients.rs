//! What the record told a space of the patients that it speaks about. Of each the highest version is held, whatever comes
//! when.
//!
//! A ward sees thousands of patients in a year. So that a space does not grow with them, only those are held for good who
//! are on one of its lists or around whom it is, and of the others the [`OTHERS`] of whom something was said last. When
//! somebody names one again who was let go, the record tells of them again.

use std::sync::Arc;

use crate::ordered::sort;
use crate::ordered::{SortedMap, SortedSet};
use serde::{Deserialize, Serialize};

use super::Change;
use crate::chain::Seq;
use crate::id::PatientId;
use crate::op::patient::Refreshed;
use crate::patient::{Patient, Report, first_to_go};

/// Patients that a space holds besides those on its lists.
pub const OTHERS: usize = 200;

/// Of the reports of a patient's results, so many are held.
pub const REPORTS: usize = 12;

/// A patient as a space holds them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What is known.
    #[serde(rename = "p")]
    pub patient: Arc<Patient>,
    /// Where in the log this was told.
    #[serde(rename = "t")]
    pub told: Seq,
    /// Where in the log something was last said of them.
    #[serde(rename = "n")]
    named: Seq,
    /// Reports of results, each with where it was told, oldest first; at most [`REPORTS`].
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Report>,
}

/// The patients that a space holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Held>", into = "Vec<Held>")]
pub struct Patients(SortedMap<PatientId, Held>);

impl From<Vec<Held>> for Patients {
    fn from(held: Vec<Held>) -> Self {
        Self(held.into_iter().map(|held| (held.patient.id, held)).collect())
    }
}

impl From<Patients> for Vec<Held> {
    fn from(patients: Patients) -> Self {
        patients.0.into_values().collect()
    }
}

impl Patients {
    /// A patient by exactly this id; `None` when nothing was told of them yet, or they were let go.
    pub fn find(&self, id: PatientId) -> Option<&Held> {
        self.0.get(&id)
    }

    /// Who stands for a patient now: themselves, or the one into whom they were merged, as far as that one is held. Where
    /// merges go round in a circle nobody stands for anybody else.
    pub fn resolve(&self, id: PatientId) -> PatientId {
        let mut seen = vec![id];
        let mut last = id;
        while let Some(next) = self.0.get(&last).and_then(|held| held.patient.merged_into) {
            if seen.contains(&next) {
                return id;
            }
            if !self.0.contains_key(&next) {
                return last;
            }
            seen.push(next);
            last = next;
        }
        last
    }

    /// The patients, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Held> {
        self.0.values()
    }

    /// How many are held.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when none are held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes what was told; whether it is of one more patient, and what changed.
    pub(super) fn take(&mut self, seq: Seq, refreshed: &Refreshed) -> (bool, Option<Change>) {
        let patient = &refreshed.patient;
        let changed = Some(Change::Patient(patient.id));
        let is_new = !self.0.contains_key(&patient.id);
        let held = self.0.or_insert_with(patient.id, || Held {
            patient: Arc::new(patient.clone()),
            told: seq,
            named: seq,
            reports: Vec::new(),
        });
        // A result says nothing of whether somebody here has to do with them.
        if refreshed.reports.is_empty() {
            held.named = held.named.max(seq);
        }
        if !is_new && held.patient.version >= patient.version {
            return (false, None);
        }
        if !is_new {
            held.patient = Arc::new(patient.clone());
            held.told = seq;
        }
        for report in &refreshed.reports {
            held.reports.push(Report {
                told: seq,
                ..report.clone()
            });
            if held.reports.len() > REPORTS {
                held.reports.remove(first_to_go(held.reports.iter()));
            }
        }
        (is_new, changed)
    }

    /// Somebody said something of a patient.
    pub(super) fn name(&mut self, id: PatientId, seq: Seq) {
        if let Some(held) = self.0.get_mut(&id) {
            held.named = held.named.max(seq);
        }
    }

    /// Lets those go of whom nothing was said for longest, but for those who are needed and those who stand for them.
    pub(super) fn let_go(&mut self, mut needed: SortedSet<PatientId>) {
        let survivors: Vec<PatientId> = needed.iter().map(|id| self.resolve(*id)).collect();
        needed.extend(survivors);
        let mut others: Vec<(Seq, PatientId)> = self
            .0
            .iter()
            .filter(|(id, _)| !needed.contains(id))
            .map(|(id, held)| (held.named, *id))
            .collect();
        sort(&mut others);
        for (_, id) in others.iter().take(others.len().saturating_sub(OTHERS)) {
            self.0.remove(id);
        }
    }
}

#[cfg(test)]
mod tests;
