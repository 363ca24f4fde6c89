//! How a patient is shown: from what was said of them, and of those who were merged into them. Nothing is copied when two become
//! one, so that an unmerge has nothing to undo.

use std::collections::BTreeSet;

use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{Identifier, Patient, PatientNhsNumber, Visit};
use baton_core::time::At;

use super::history::{Facts, Held, Stamped};
use super::stay::{self, Stay};

/// Shows a patient. `others` are those who stand merged into them, at whatever remove.
pub fn show(patient: &Held, others: &[&Held]) -> Patient {
    let group = Group { patient, others };
    let nhs = group.nhs();
    let restricted = group.is_restricted();
    let facts = &patient.history.facts;
    Patient {
        id: patient.shown.id,
        version: patient.shown.version,
        name: group
            .newest(|facts| &facts.name)
            .unwrap_or_else(|| Held::new(patient.shown.id).shown.name),
        preferred: group.newest(|facts| &facts.preferred),
        born: group.newest(|facts| &facts.born),
        gender: group.newest(|facts| &facts.gender).unwrap_or_default(),
        nhs,
        superseded: group.superseded(nhs),
        identifiers: group.identifiers(),
        // Whoever of them died, the person did.
        died: group
            .all()
            .map(|held| &held.history.facts.died)
            .max_by_key(|died| died.at)
            .and_then(|died| died.value.clone()),
        restricted,
        addresses: shared(restricted, group.newest(|facts| &facts.addresses)),
        contacts: shared(restricted, group.newest(|facts| &facts.contacts)),
        gp: group.newest(|facts| &facts.gp).or_else(|| facts.gp.value.clone()),
        visit: group.visit(),
        merged_into: patient.history.merged.value,
    }
}

fn shared<T>(restricted: bool, known: Option<Vec<T>>) -> Vec<T> {
    if restricted {
        Vec::new()
    } else {
        known.unwrap_or_default()
    }
}

struct Group<'a> {
    patient: &'a Held,
    others: &'a [&'a Held],
}

impl<'a> Group<'a> {
    fn all(&self) -> impl Iterator<Item = &'a Held> {
        std::iter::once(self.patient).chain(self.others.iter().copied())
    }

    /// The newest word. Of those who were merged away only what was said since counts: the survivor's particulars stand.
    fn newest<T: Clone>(&self, field: impl Fn(&Facts) -> &Stamped<Option<T>>) -> Option<T> {
        let own = field(&self.patient.history.facts);
        let since = self
            .others
            .iter()
            .map(|held| (field(&held.history.facts), held.history.merged.at))
            .filter(|(word, merged)| word.at > *merged)
            .map(|(word, _)| word);
        since
            .fold(
                own,
                |newest, word| if word.at > newest.at { word } else { newest },
            )
            .value
            .clone()
    }

    /// Restricted if anybody says so: a merge never lays open what was withheld.
    fn is_restricted(&self) -> bool {
        self.all()
            .any(|held| held.history.facts.restricted.value == Some(true))
    }

    /// The survivor's own; where there is none, that of one who was merged.
    fn nhs(&self) -> Option<PatientNhsNumber> {
        self.newest(|facts| &facts.nhs).or_else(|| {
            self.others
                .iter()
                .map(|held| held.history.facts.nhs)
                .filter(|nhs| nhs.value.is_some())
                .max_by_key(|nhs| nhs.at)
                .and_then(|nhs| nhs.value)
        })
    }

    fn superseded(&self, now: Option<PatientNhsNumber>) -> Vec<NhsNumber> {
        let numbers: BTreeSet<NhsNumber> = self
            .all()
            .flat_map(|held| {
                let current = held.history.facts.nhs.value.map(|nhs| nhs.number);
                held.history.past_nhs.iter().copied().chain(current)
            })
            .filter(|number| Some(*number) != now.map(|nhs| nhs.number))
            .collect();
        numbers.into_iter().collect()
    }

    fn identifiers(&self) -> Vec<Identifier> {
        self.all()
            .flat_map(|held| held.history.numbers.iter().cloned())
            .collect()
    }

    fn visit(&self) -> Option<Visit> {
        let stays: Vec<&Stay> = self.all().flat_map(|held| &held.history.stays).collect();
        stay::visit(&stays)
    }
}

/// The last moment at which somebody was said to be merged, or not to be.
pub fn merged_at(held: &Held) -> At {
    held.history.merged.at
}
