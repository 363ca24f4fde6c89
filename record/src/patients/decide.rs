//! What becomes of the index when something is said: pure, so that it can be tested without a database. Whoever calls
//! brings in what the events speak about ([`Index`]) and writes down what changed.
//!
//! - An event applies to the patient whose number it names. Who was merged away keeps what is theirs, and who stands for
//!   them is shown with it ([`super::group`]).
//! - A number of a service is one patient's for good. An event that names numbers of two patients moves none: it is told as a
//!   possible duplicate.
//! - Each word has its moment, and the newest stands. An event that comes twice does nothing.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::Identifier;
use sha2::{Digest, Sha256};

use super::change::{Change, Event, Subject};
use super::history::Held;

mod event;
mod find;
mod news;
mod work;

pub use find::agrees;

/// The part of the index that some events speak about: all of it, or what was read for them.
#[derive(Clone, Debug, Default)]
pub struct Index {
    patients: BTreeMap<PatientId, Held>,
    owners: BTreeMap<NumberKey, PatientId>,
    holders: BTreeMap<NhsNumber, BTreeSet<PatientId>>,
    changes: Changes,
}

/// What has to be written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Patients of whom something was said.
    pub patients: BTreeSet<PatientId>,
    /// Those of them who are new.
    pub made: BTreeSet<PatientId>,
    /// Those whom spaces have to be told about.
    pub visible: BTreeSet<PatientId>,
    /// Numbers that became somebody's.
    pub numbers: Vec<(Identifier, PatientId)>,
    /// Who was merged into whom: spaces that hold the first get the second.
    pub merged: Vec<(PatientId, PatientId)>,
    /// Who was given back by whom.
    pub unmerged: Vec<(PatientId, PatientId)>,
    /// Two who may be one: a number of both was named together, or both have one NHS number.
    pub possible_duplicates: BTreeSet<(PatientId, PatientId)>,
}

/// A number as it is compared: without case and outer spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberKey {
    /// Who gave it.
    pub assigner: String,
    /// The number.
    pub value: String,
}

impl From<&Identifier> for NumberKey {
    fn from(identifier: &Identifier) -> Self {
        let plain = |text: &str| text.trim().to_uppercase();
        Self {
            assigner: plain(&identifier.assigner),
            value: plain(identifier.value.as_str()),
        }
    }
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The patient that it names; `None` when it was about none that is known.
    pub patient: Option<PatientId>,
    /// What it did.
    pub effect: Effect,
}

/// What an event did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It changed something.
    Changed,
    /// It made a patient.
    Made,
    /// Nothing: it came before, or newer words stand.
    Nothing,
}

/// Why an event cannot be taken. What it said stays with whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventRefusal {
    /// It names nobody: no number of a service, no NHS number.
    #[error("no number says which patient this is")]
    NoNumber,
    /// It names a patient by an id that the index does not have.
    #[error("the index has no such patient")]
    NoSuchPatient,
    /// Two that should be two are one.
    #[error("two different patients are needed")]
    SamePatient,
    /// It says more than an index takes of one patient ([`DETAILS_BYTES`], [`NUMBERS`], [`REPORTS`]).
    #[error("more is said than is kept of one patient")]
    TooMuch,
}

/// More bytes than this said of one patient in one event are refused.
pub const DETAILS_BYTES: usize = 32 * 1024;

/// More reports of one patient than this in one event are refused.
pub const REPORTS: usize = 500;

/// More numbers of services than this in one event are refused.
pub const NUMBERS: usize = 50;

impl Index {
    /// Brings in a patient as the index holds them. With a patient come all who are merged with them.
    pub fn insert(&mut self, held: Held) {
        let id = held.shown.id;
        self.remember_nhs(&held);
        self.patients.insert(id, held);
    }

    /// Brings in whose a number is.
    pub fn insert_number(&mut self, key: NumberKey, patient: PatientId) {
        self.owners.insert(key, patient);
    }

    /// A patient.
    pub fn patient(&self, id: PatientId) -> Option<&Held> {
        self.patients.get(&id)
    }

    /// All patients that were brought in or made, by id.
    pub fn patients(&self) -> impl Iterator<Item = &Held> {
        self.patients.values()
    }

    /// Whose a number is.
    pub fn owner(&self, identifier: &Identifier) -> Option<PatientId> {
        self.owners.get(&NumberKey::from(identifier)).copied()
    }

    /// What is to be written down since the last time.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Takes an event. Nothing has changed when it is refused. `make` gives ids for new patients.
    pub fn take(
        &mut self,
        event: &Event,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        check(&event.change)?;
        let digest = digest(event);
        let at = event.at;
        match &event.change {
            Change::Tell(subject, visit) => {
                let said = visit.as_ref().map(|visit| (None, visit));
                self.one(at, digest, subject, said, make)
            }
            Change::Visit(subject, what, visit) => {
                self.one(at, digest, subject, Some((Some(*what), visit)), make)
            }
            Change::Merge { survivor, retired } => self.merge(at, digest, survivor, retired, make),
            Change::Unmerge { retired } => self.unmerge(at, digest, retired, make),
            Change::Link { one, other } => self.link(at, digest, one, other, true, make),
            Change::Unlink { one, other } => self.link(at, digest, one, other, false, make),
            Change::Swap { one, other } => self.swap(at, digest, one, other, make),
            Change::MoveVisit {
                from,
                number,
                to,
                becomes,
            } => self.move_visit(at, digest, (from, number), (to, becomes), make),
            Change::Renumber { from, to } => self.renumber(at, digest, from, to, make),
            Change::Remove(subject) => self.remove(at, digest, subject),
            Change::Report(subject, reports) => self.report(at, digest, subject, reports),
        }
    }

    /// Who stands for a patient: themselves, or the one into whom they were merged, at whatever remove.
    pub fn stands_for(&self, patient: PatientId) -> PatientId {
        self.chain(patient).last().copied().unwrap_or(patient)
    }

    /// A patient, and into whom they were merged, and so on.
    fn chain(&self, patient: PatientId) -> Vec<PatientId> {
        let mut chain = vec![patient];
        let mut at = patient;
        while let Some(next) = self.patients.get(&at).and_then(|held| held.history.merged.value) {
            // A circle is never made; should one be in the database, this ends all the same.
            if chain.contains(&next) || !self.patients.contains_key(&next) {
                break;
            }
            chain.push(next);
            at = next;
        }
        chain
    }

    /// Those who stand merged into a patient, at whatever remove.
    fn merged_into(&self, patient: PatientId) -> Vec<&Held> {
        let mut found: Vec<&Held> = Vec::new();
        let mut seen = BTreeSet::from([patient]);
        let mut open = vec![patient];
        while let Some(into) = open.pop() {
            for held in self.patients.values() {
                if held.history.merged.value == Some(into) && seen.insert(held.shown.id) {
                    open.push(held.shown.id);
                    found.push(held);
                }
            }
        }
        found.sort_by_key(|held| held.shown.id);
        found
    }

    fn remember_nhs(&mut self, held: &Held) {
        let facts = &held.history.facts;
        let current = facts.nhs.value.map(|nhs| nhs.number);
        for number in held.history.past_nhs.iter().copied().chain(current) {
            self.holders.entry(number).or_default().insert(held.shown.id);
        }
    }
}

fn check(change: &Change) -> Result<(), EventRefusal> {
    let is_sound = |subject: &Subject| {
        subject.details.identifiers.len() <= NUMBERS
            && baton_core::cbor::to_bytes(&subject.details).len() <= DETAILS_BYTES
    };
    let all_sound = match change {
        Change::Link { one, other } | Change::Unlink { one, other } => is_sound(one) && is_sound(other),
        Change::Merge { survivor, retired } => is_sound(survivor) && is_sound(retired),
        Change::MoveVisit { from, to, .. } | Change::Renumber { from, to } => is_sound(from) && is_sound(to),
        Change::Report(subject, reports) => is_sound(subject) && reports.len() <= REPORTS,
        Change::Remove(subject) | Change::Tell(subject, _) | Change::Visit(subject, ..) => is_sound(subject),
        Change::Swap { one, other } => is_sound(&one.0) && is_sound(&other.0),
        Change::Unmerge { retired } => is_sound(retired),
    };
    if all_sound {
        Ok(())
    } else {
        Err(EventRefusal::TooMuch)
    }
}

/// The first 64 bits of an event's SHA-256: it stays in the sealed part, and tells an event from others of one patient.
fn digest(event: &Event) -> u64 {
    let hash = Sha256::digest(baton_core::cbor::to_bytes(event));
    hash.first_chunk::<8>()
        .map_or(0, |first| u64::from_be_bytes(*first))
}
