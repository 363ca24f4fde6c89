//! What the index holds of one patient: as they are shown, and what the feeds said and when, from which that follows.
//!
//! Everything that is said carries its moment, so that what arrives late or twice finds its place: of each field the newest
//! word stands.

use baton_core::date::PartialDate;
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::op::patient::News;
use baton_core::patient::{
    Address, Contact, Died, Gender, Identifier, Patient, PatientNhsNumber, Report, first_to_go,
};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use baton_core::time::At;
use serde::{Deserialize, Serialize};

use super::change::{Details, Update, VisitNumber};
use super::stay::{Base, Said, Stay, goes_on};

/// A patient of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// As spaces and searches see them. Restricted ones have no address here.
    pub shown: Patient,
    /// From what that follows.
    pub history: History,
}

/// What the feeds said of a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Their particulars.
    #[serde(rename = "f")]
    pub facts: Facts,
    /// Numbers of services that are this patient's own, the newest named first.
    #[serde(rename = "l", default)]
    pub numbers: Vec<Identifier>,
    /// When those were named last.
    #[serde(rename = "la", default)]
    pub numbers_at: At,
    /// NHS numbers that were theirs.
    #[serde(rename = "s", default)]
    pub past_nhs: Vec<NhsNumber>,
    /// Visits, as far back as matters.
    #[serde(rename = "v", default)]
    pub stays: Vec<Stay>,
    /// What happened in visits that are forgotten was no later than this.
    #[serde(rename = "va", default)]
    pub stays_before: At,
    /// Into whom they were merged.
    #[serde(rename = "m", default)]
    pub merged: Stamped<Option<PatientId>>,
    /// Who was said to be the same person without being merged.
    #[serde(rename = "k", default)]
    pub links: Vec<(PatientId, Stamped<bool>)>,
    /// Whether they were said not to be a patient.
    #[serde(rename = "x", default)]
    pub removed: Stamped<bool>,
    /// Who may be the same person: found out once.
    #[serde(rename = "o", default)]
    pub doubts: Vec<PatientId>,
    /// The last events, so that one that comes again does nothing.
    #[serde(rename = "e", default)]
    pub seen: Vec<u64>,
    /// What spaces have to be told, with the version that it led to.
    #[serde(rename = "n", default)]
    pub news: Vec<(u64, News)>,
    /// Reports of results that spaces have to be told, likewise.
    #[serde(rename = "r", default)]
    pub reports: Vec<(u64, Report)>,
}

/// Particulars, each with the moment of the word that stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The NHS number.
    #[serde(rename = "h", default)]
    pub nhs: Stamped<Option<PatientNhsNumber>>,
    /// The usual name.
    #[serde(rename = "n", default)]
    pub name: Stamped<Option<Personal<Name>>>,
    /// What they like to be called.
    #[serde(rename = "p", default)]
    pub preferred: Stamped<Option<Personal<String>>>,
    /// When they were born.
    #[serde(rename = "b", default)]
    pub born: Stamped<Option<Personal<PartialDate>>>,
    /// That they died.
    #[serde(rename = "d", default)]
    pub died: Stamped<Option<Died>>,
    /// Gender.
    #[serde(rename = "g", default)]
    pub gender: Stamped<Option<Gender>>,
    /// Whether they are restricted.
    #[serde(rename = "r", default)]
    pub restricted: Stamped<Option<bool>>,
    /// Addresses, of restricted patients too: they never leave the index.
    #[serde(rename = "a", default)]
    pub addresses: Stamped<Option<Vec<Address>>>,
    /// Phone numbers and e-mail addresses, likewise.
    #[serde(rename = "c", default)]
    pub contacts: Stamped<Option<Vec<Contact>>>,
    /// The GP practice.
    #[serde(rename = "q", default)]
    pub gp: Stamped<Option<Organisation>>,
}

/// A value and the moment of the word that set it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped<T> {
    /// When it was said; the beginning of time when it never was.
    #[serde(rename = "a")]
    pub at: At,
    /// What.
    #[serde(rename = "v")]
    pub value: T,
}

impl<T> Stamped<T> {
    /// Takes a word unless a newer one stands. Of two of the same moment the one that arrives later stands.
    pub fn take(&mut self, at: At, value: T) -> bool {
        let is_newest = at >= self.at;
        if is_newest {
            *self = Self { at, value };
        }
        is_newest
    }
}

impl<T: Clone> Stamped<Option<T>> {
    fn update(&mut self, at: At, update: &Update<T>) {
        match update {
            Update::Clear => {
                self.take(at, None);
            }
            Update::Keep => {}
            Update::Set(value) => {
                self.take(at, Some(value.clone()));
            }
        }
    }
}

impl Held {
    /// A patient of whom nothing is known.
    pub fn new(id: PatientId) -> Self {
        Self {
            shown: Patient::new(id),
            history: History::default(),
        }
    }
}

impl History {
    /// Takes what is said of particulars. `nhs_is_sure` is false when somebody else has that NHS number: then it is kept as
    /// not verified.
    pub fn take(&mut self, at: At, said: &Details, nhs_is_sure: bool) {
        self.take_nhs(at, &said.nhs, nhs_is_sure);
        for number in &said.superseded {
            self.add_past(*number);
        }
        let facts = &mut self.facts;
        facts.name.update(at, &said.name);
        facts.preferred.update(at, &said.preferred);
        facts.born.update(at, &said.born);
        facts.died.update(at, &said.died);
        facts.gender.update(at, &said.gender);
        facts.restricted.update(at, &said.restricted);
        facts.addresses.update(at, &said.addresses);
        facts.contacts.update(at, &said.contacts);
        facts.gp.update(at, &said.gp);
    }

    fn take_nhs(&mut self, at: At, said: &Update<PatientNhsNumber>, is_sure: bool) {
        let said = match said {
            Update::Clear => None,
            Update::Keep => return,
            Update::Set(said) => Some(PatientNhsNumber {
                is_verified: said.is_verified && is_sure,
                ..*said
            }),
        };
        let before = self.facts.nhs.value;
        let old = if self.facts.nhs.take(at, said) {
            before
        } else {
            said
        };
        let now = self.facts.nhs.value.map(|nhs| nhs.number);
        if let Some(old) = old.filter(|old| Some(old.number) != now) {
            self.add_past(old.number);
        }
        self.past_nhs.retain(|number| Some(*number) != now);
    }

    fn add_past(&mut self, number: NhsNumber) {
        let is_current = self.facts.nhs.value.is_some_and(|nhs| nhs.number == number);
        if !is_current && !self.past_nhs.contains(&number) {
            self.past_nhs.push(number);
            self.past_nhs.sort_unstable();
        }
    }

    /// Takes numbers that are this patient's. Those of the newest word come first.
    pub fn take_numbers(&mut self, at: At, numbers: Vec<Identifier>) {
        if numbers.is_empty() {
            return;
        }
        if at >= self.numbers_at {
            self.numbers_at = at;
            let others: Vec<_> = self
                .numbers
                .drain(..)
                .filter(|known| !numbers.contains(known))
                .collect();
            self.numbers = numbers;
            self.numbers.extend(others);
        } else {
            for number in numbers {
                if !self.numbers.contains(&number) {
                    self.numbers.push(number);
                }
            }
        }
    }

    /// Takes a word about a visit to its place.
    pub fn take_visit(&mut self, number: Option<&Identifier>, said: Said) {
        self.take_stay(&number.cloned(), None, vec![said]);
    }

    /// Takes what was said of a visit.
    pub fn take_stay(&mut self, number: &VisitNumber, base: Option<Base>, said: Vec<Said>) {
        let known = self.stays.iter().position(|stay| stay.number == *number);
        let mut stay = match known {
            Some(place) => self.stays.remove(place),
            None => Stay::new(number.clone()),
        };
        if stay.base.as_ref().map(|base| base.at) < base.as_ref().map(|base| base.at) {
            stay.base = base;
        }
        for said in said {
            // Of a visit that may be forgotten, nothing old is begun anew.
            if known.is_some() || said.at > self.stays_before {
                stay.take(said);
            }
        }
        if stay.base.is_some() || !stay.said.is_empty() {
            self.stays.push(stay);
            self.stays.sort_by(|one, other| one.number.cmp(&other.number));
            self.forget_oldest_stay();
        }
    }

    fn forget_oldest_stay(&mut self) {
        if self.stays.len() <= STAYS {
            return;
        }
        let is_over = |stay: &&Stay| super::stay::visit(&[*stay]).is_none_or(|visit| !goes_on(visit.status));
        let oldest = |stays: &[Stay]| stays.iter().map(Stay::at).min();
        let at = self.stays.iter().filter(is_over).map(Stay::at).min();
        let at = at.or_else(|| oldest(&self.stays));
        if let Some(place) = self.stays.iter().position(|stay| Some(stay.at()) == at) {
            let gone = self.stays.remove(place);
            self.stays_before = self.stays_before.max(gone.at());
        }
    }

    /// Remembers an event.
    pub fn see(&mut self, digest: u64) {
        if self.seen.len() >= SEEN {
            self.seen.remove(0);
        }
        self.seen.push(digest);
    }

    /// Remembers what spaces have to be told.
    pub fn tell(&mut self, version: u64, news: Vec<News>) {
        self.news.extend(news.into_iter().map(|news| (version, news)));
        let many = self.news.len().saturating_sub(NEWS);
        self.news.drain(..many);
    }

    /// Keeps reports of results for spaces that were not told yet.
    pub fn report(&mut self, version: u64, reports: Vec<Report>) {
        for report in reports {
            self.reports.push((version, report));
            if self.reports.len() > baton_core::state::patients::REPORTS {
                let first = first_to_go(self.reports.iter().map(|(_, report)| report));
                self.reports.remove(first);
            }
        }
    }
}

/// Events of one patient that are known again: those of the same second are what matters, since older ones are known by
/// their time.
const SEEN: usize = 32;

/// Visits of one patient that are remembered. One that is over goes first.
const STAYS: usize = 16;

/// News of one patient that are kept for spaces that were not told yet.
const NEWS: usize = 40;
