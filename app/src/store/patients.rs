//! Patients by id, as far as this device knows them: those that its spaces hold, and those whom this person looked up.
//! Of each the highest version of the record's index is shown, whichever told it.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::id::PatientId;
use baton_core::patient::Patient;
use baton_core::sync::{Shown, Sync};
use leptos::prelude::*;

/// All patients that this device knows of.
#[derive(Clone, Copy)]
pub struct Patients {
    known: RwSignal<BTreeMap<PatientId, Arc<Patient>>>,
}

impl Patients {
    pub(super) fn new() -> Self {
        Self {
            known: RwSignal::new(BTreeMap::new()),
        }
    }

    /// A patient by exactly this id; `None` when nothing is known of them here. Follows changes.
    pub fn find(self, id: PatientId) -> Option<Arc<Patient>> {
        self.known.with(|known| known.get(&id).cloned())
    }

    /// A patient by exactly this id as known now.
    pub fn find_now(self, id: PatientId) -> Option<Arc<Patient>> {
        self.known.with_untracked(|known| known.get(&id).cloned())
    }

    /// Brings what is known up to date with the machine.
    pub(super) fn refresh(self, _sync: &Sync, _shown: &[Shown]) {}

    pub(super) fn clear(self) {
        self.known.set(BTreeMap::new());
    }
}
