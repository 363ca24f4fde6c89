//! Patients by id, as far as this device knows them: those that its spaces hold, those whom this person looked up, and those
//! whom the record found just now. Of each the highest version of the record's index is shown, whoever told it.
//!
//! Those who were looked up are kept in the vault for [`KEPT_FOR`], so that whoever is named by an id has a name with no
//! network too. What a space holds comes back with the space; what was only found is forgotten with the tab.

use std::sync::Arc;
use std::time::Duration;

use crate::part::derived::{RwSignal, StoredValue};
use baton_core::device_api::LookUp;
use baton_core::id::PatientId;
use baton_core::ordered::sort;
use baton_core::ordered::sort_by;
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::patient::Patient;
use baton_core::patient::similar::{Likeness, Similar};
use baton_core::state::Change;
use baton_core::sync::{Shown, Sync};
use baton_core::time::At;

pub mod around;
pub mod change;
pub mod face;
pub mod found;
mod known;
pub mod news;
pub mod timeline;

pub use face::{Chip, Face, Number};
pub use known::{Known, LookedUp, Source};
use known::{put, resolve};

/// Patients who were looked up and are kept at most: the last.
pub const KEPT: usize = 200;

/// A patient who was looked up is kept this long.
pub const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

/// All patients that this device knows of.
#[derive(Clone, Copy)]
pub struct Patients {
    known: RwSignal<SortedMap<PatientId, Known>>,
    looked_up: StoredValue<SortedMap<PatientId, LookedUp>>,
    /// What the record found and nobody has opened.
    found: StoredValue<SortedMap<PatientId, Arc<Patient>>>,
    /// Those of whom something is to be kept, or kept no longer.
    unkept: StoredValue<SortedSet<PatientId>>,
    /// Why this person opened a patient, since they unlocked this device.
    reasons: StoredValue<SortedMap<PatientId, LookUp>>,
    /// Counts up whenever what is said or known of a patient may be another, for what is described on demand.
    pub revision: RwSignal<u32>,
    /// What was typed to find somebody: Back from a patient leads to what was found.
    pub text: RwSignal<String>,
}

impl Patients {
    pub(super) fn new() -> Self {
        Self {
            known: RwSignal::new(SortedMap::new()),
            looked_up: StoredValue::new(SortedMap::new()),
            found: StoredValue::new(SortedMap::new()),
            unkept: StoredValue::new(SortedSet::new()),
            reasons: StoredValue::new(SortedMap::new()),
            revision: RwSignal::new(0),
            text: RwSignal::new(String::new()),
        }
    }

    /// A patient by exactly this id; `None` when nothing is known of them here. Follows changes.
    pub fn find(&self, id: PatientId) -> Option<Arc<Patient>> {
        self.known(id).map(|known| known.patient)
    }

    /// A patient by exactly this id as known now.
    pub fn find_now(&self, id: PatientId) -> Option<Arc<Patient>> {
        self.known
            .with_untracked(|known| known.get(&id).map(|known| known.patient.clone()))
    }

    /// What is known of a patient, by exactly this id. Follows changes.
    pub fn known(&self, id: PatientId) -> Option<Known> {
        self.known.with(|known| known.get(&id).cloned())
    }

    /// Of these, whose names are like another's, and how.
    pub fn alike(&self, ids: &[PatientId]) -> SortedMap<PatientId, &'static str> {
        let all = ids.iter().filter_map(|id| self.standing_now(*id));
        let all: Vec<Arc<Patient>> = all.collect();
        let similar = Similar::among(all.iter().map(AsRef::as_ref));
        let label = |patient: &Arc<Patient>| Some((patient.id, similar.of(patient.id).map(Likeness::label)?));
        all.iter().filter_map(label).collect()
    }

    /// Who stands for a patient now: themselves, or the one into whom they were merged, as far as that one is known. Follows
    /// changes.
    pub fn resolve(&self, id: PatientId) -> PatientId {
        self.known.with(|known| resolve(known, id))
    }

    /// Who stands for a patient, as known now.
    pub fn resolve_now(&self, id: PatientId) -> PatientId {
        self.known.with_untracked(|known| resolve(known, id))
    }

    /// Whoever stands for a patient, as known now; `None` when nothing is known of them here.
    pub fn standing_now(&self, id: PatientId) -> Option<Arc<Patient>> {
        self.find_now(self.resolve_now(id))
    }

    /// All ids of the one person whom an id names: theirs, and those that were merged into them. Follows changes.
    pub fn family(&self, id: PatientId) -> SortedSet<PatientId> {
        self.known.with(|known| {
            let last = resolve(known, id);
            let merged = known
                .keys()
                .copied()
                .filter(|other| resolve(known, *other) == last);
            merged.chain([id, last]).collect()
        })
    }

    /// Everybody whom this device keeps: not who was only found. Follows changes.
    pub fn kept(&self) -> Vec<Arc<Patient>> {
        self.known.with(|known| {
            let kept = known.values().filter(|known| known.source != Source::Found);
            kept.map(|known| known.patient.clone()).collect()
        })
    }

    /// Those who were looked up last, the last first. Follows changes.
    pub fn last_looked_up(&self, most: usize) -> Vec<Arc<Patient>> {
        self.known.track();
        let mut last: Vec<(At, PatientId)> = self.looked_up.with_value(|looked_up| {
            let times = looked_up.iter().map(|(id, looked_up)| (looked_up.at, *id));
            times.collect()
        });
        sort_by(&mut last, |one, other| other.cmp(one));
        let ids = last.into_iter().take(most);
        ids.filter_map(|(_, id)| self.find(id)).collect()
    }

    /// Brings what is known up to date with the machine; true when anything is another.
    pub(super) fn refresh(&self, sync: &Sync, shown: &[Shown]) -> bool {
        let may_have_changed = shown.iter().any(|change| match change {
            Shown::History(_) | Shown::Outbox(_) | Shown::Space(..) | Shown::Spaces => true,
            Shown::Connection | Shown::Cursors(_) | Shown::Typing(_) => false,
        });
        let is_news = self.refresh_known(sync, shown);
        if may_have_changed {
            self.revision
                .update(|revision| *revision = revision.wrapping_add(1));
        }
        is_news
    }

    fn refresh_known(&self, sync: &Sync, shown: &[Shown]) -> bool {
        if shown.contains(&Shown::Spaces) {
            return self.rebuild(sync);
        }
        let mut any = false;
        for change in shown {
            let Shown::Space(id, changes) = change else {
                continue;
            };
            let Some(space) = sync.space(*id) else { continue };
            for change in changes {
                let Change::Patient(patient) = change else {
                    continue;
                };
                if let Some(held) = space.shown().patients.find(*patient) {
                    any |= self.take(Known {
                        patient: held.patient.clone(),
                        is_whole: true,
                        source: Source::Space,
                    });
                }
            }
        }
        any
    }

    fn take(&self, new: Known) -> bool {
        let id = new.patient.id;
        let merged = self.known.with_untracked(|known| {
            let before = known.get(&id);
            let merged = match before {
                Some(before) => before.with(new),
                None => new,
            };
            (before != Some(&merged)).then_some(merged)
        });
        let is_news = merged.is_some();
        if let Some(merged) = merged {
            self.known.update(|known| _ = known.insert(id, merged));
        }
        is_news
    }

    /// Gathers everything anew: what a space held is gone with it.
    fn rebuild(&self, sync: &Sync) -> bool {
        let mut all = self.own();
        for space in sync.spaces().filter(|space| space.is_open()) {
            for held in space.shown().patients.iter() {
                let new = Known {
                    patient: held.patient.clone(),
                    is_whole: true,
                    source: Source::Space,
                };
                put(&mut all, new);
            }
        }
        let is_news = self.known.with_untracked(|known| *known != all);
        if is_news {
            self.known.set(all);
        }
        is_news
    }

    /// What is known besides what spaces hold.
    fn own(&self) -> SortedMap<PatientId, Known> {
        let mut all = SortedMap::new();
        self.looked_up.with_value(|looked_up| {
            for looked_up in looked_up.values() {
                put(&mut all, Known::from(looked_up));
            }
        });
        self.found.with_value(|found| {
            for patient in found.values() {
                let new = Known {
                    patient: patient.clone(),
                    is_whole: false,
                    source: Source::Found,
                };
                put(&mut all, new);
            }
        });
        all
    }

    /// Takes what the record found: it is shown, and not kept.
    pub fn note_found(&self, patients: &[Arc<Patient>]) {
        self.found.update_value(|found| {
            // A device is not to gather the index.
            if found.len() + patients.len() > KEPT {
                found.clear();
            }
            found.extend(patients.iter().map(|patient| (patient.id, patient.clone())));
        });
        for patient in patients {
            _ = self.take(Known {
                patient: patient.clone(),
                is_whole: false,
                source: Source::Found,
            });
        }
    }

    /// Keeps somebody who was chosen or opened.
    pub fn keep(&self, patient: Arc<Patient>, is_whole: bool, at: At) {
        let id = patient.id;
        let new = LookedUp {
            patient,
            at,
            is_whole,
        };
        self.looked_up.update_value(|looked_up| {
            let before = looked_up.remove(&id);
            // What was told in full does not give way to less of the same version.
            let new = match before {
                Some(before)
                    if before.is_whole && before.patient.version >= new.patient.version && !is_whole =>
                {
                    LookedUp { at, ..before }
                }
                Some(_) | None => new.clone(),
            };
            looked_up.insert(id, new);
        });
        self.unkept.update_value(|unkept| _ = unkept.insert(id));
        self.let_go(at);
        _ = self.take(Known::from(&new));
    }

    /// Lets those go who were looked up too long ago, and the first when they are too many.
    fn let_go(&self, now: At) {
        self.looked_up.update_value(|looked_up| {
            let mut times: Vec<(At, PatientId)> = looked_up.iter().map(|(id, it)| (it.at, *id)).collect();
            sort(&mut times);
            let excess = times.len().saturating_sub(KEPT);
            let gone = times
                .into_iter()
                .enumerate()
                .filter(|(place, (at, _))| *place < excess || now.since(*at) > KEPT_FOR);
            for (_, (_, id)) in gone {
                looked_up.remove(&id);
                self.unkept.update_value(|unkept| _ = unkept.insert(id));
            }
        });
    }

    /// Takes what is to be kept anew; `None`: no longer.
    pub fn take_unkept(&self) -> Vec<(PatientId, Option<LookedUp>)> {
        let unkept = self.unkept.try_update_value(std::mem::take).unwrap_or_default();
        self.looked_up.with_value(|looked_up| {
            unkept
                .into_iter()
                .map(|id| (id, looked_up.get(&id).cloned()))
                .collect()
        })
    }

    /// These could not be kept.
    pub fn unkeep(&self, ids: impl Iterator<Item = PatientId>) {
        self.unkept.update_value(|unkept| unkept.extend(ids));
    }

    /// Puts back what this device kept. It is shown with the spaces, which come next.
    pub fn put_back_kept(&self, kept: Vec<LookedUp>, now: At) {
        self.looked_up.update_value(|looked_up| {
            looked_up.extend(kept.into_iter().map(|kept| (kept.patient.id, kept)));
        });
        self.let_go(now);
        self.known.set(self.own());
    }

    /// Takes what another tab keeps, or keeps no longer.
    pub fn put_back(&self, kept: Vec<(PatientId, Option<LookedUp>)>) {
        for (id, kept) in kept {
            self.looked_up.update_value(|looked_up| match &kept {
                Some(kept) => _ = looked_up.insert(id, kept.clone()),
                None => _ = looked_up.remove(&id),
            });
            if let Some(kept) = &kept {
                _ = self.take(Known::from(kept));
            }
        }
    }

    /// Why this person opened a patient before, since they unlocked this device.
    pub fn reason(&self, id: PatientId) -> Option<LookUp> {
        self.reasons
            .try_with_value(|reasons| reasons.get(&id).cloned())
            .flatten()
    }

    /// Notes why this person opened a patient.
    pub fn note_reason(&self, id: PatientId, why: LookUp) {
        self.reasons.update_value(|reasons| _ = reasons.insert(id, why));
    }

    pub(super) fn clear(&self) {
        self.known.set(SortedMap::new());
        self.looked_up.set_value(SortedMap::new());
        self.found.set_value(SortedMap::new());
        self.unkept.set_value(SortedSet::new());
        self.reasons.set_value(SortedMap::new());
        self.text.set(String::new());
    }
}

#[cfg(test)]
mod tests;
