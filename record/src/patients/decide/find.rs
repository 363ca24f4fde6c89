//! Whose it is: a patient by the numbers that an event names. Never by an NHS number alone, and never by the names alone.

use baton_core::date::Date;
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::Patient;
use baton_core::secret::Personal;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{EventRefusal, Index, NumberKey};
use crate::patients::change::{Details, Subject};

impl Index {
    /// That an event names somebody at all.
    pub(super) fn is_named(&self, subject: &Subject) -> Result<(), EventRefusal> {
        if let Some(patient) = subject.patient {
            return if self.patients.contains_key(&patient) {
                Ok(())
            } else {
                Err(EventRefusal::NoSuchPatient)
            };
        }
        let details = &subject.details;
        let is_whole = details.nhs.set().is_some()
            && day(details).is_some()
            && details
                .name
                .set()
                .is_some_and(|name| !plain(&name.expose().family).is_empty());
        if has_number(details) || is_whole {
            Ok(())
        } else {
            Err(EventRefusal::NoNumber)
        }
    }

    /// That an event names somebody who was merged away: an NHS number is enough, since it is compared with the survivor.
    pub(super) fn is_named_at_all(&self, subject: &Subject) -> Result<(), EventRefusal> {
        let details = &subject.details;
        if subject.patient.is_none() && (has_number(details) || details.nhs.set().is_some()) {
            return Ok(());
        }
        self.is_named(subject)
    }

    /// Finds whom this very event made, when it had no number of a service and they are called otherwise by now.
    pub(super) fn made_by(&self, details: &Details, digest: u64) -> Option<PatientId> {
        let number = details.nhs.set()?.number;
        self.holders
            .get(&number)?
            .iter()
            .find(|id| {
                let held = self.patients.get(id);
                held.is_some_and(|held| held.history.seen.contains(&digest))
            })
            .copied()
    }

    /// Finds whom an event names: by id; by the first number of a service that is known; by the NHS number, where birth date
    /// and given name agree. `None` when it is nobody who is known.
    pub fn find(
        &self,
        details: &Details,
        patient: Option<PatientId>,
    ) -> Result<Option<PatientId>, EventRefusal> {
        if let Some(patient) = patient {
            return if self.patients.contains_key(&patient) {
                Ok(Some(patient))
            } else {
                Err(EventRefusal::NoSuchPatient)
            };
        }
        let by_number = self.by_number(details);
        if by_number.is_some() {
            return Ok(by_number);
        }
        let Some(nhs) = details.nhs.set() else {
            return Ok(None);
        };
        Ok(self.holder(nhs.number, |shown| agrees(details, shown)))
    }

    /// The sender's own number, which comes first, names a patient by itself; one of another service names nobody of whom
    /// the birth date or the first given name is another.
    fn by_number(&self, details: &Details) -> Option<PatientId> {
        let (own, others) = details.identifiers.split_first()?;
        self.owner(own).or_else(|| {
            let known = others.iter().filter_map(|number| self.owner(number));
            known.into_iter().find(|patient| {
                let held = self.patients.get(&self.stands_for(*patient));
                held.is_some_and(|held| !contradicts(details, &held.shown))
            })
        })
    }

    /// Whether the birth date or the name that is said is that of who stands for a patient, and neither is another.
    pub(super) fn is_borne_out(&self, subject: &Subject, patient: PatientId) -> bool {
        let details = &subject.details;
        let held = self.patients.get(&self.stands_for(patient));
        held.is_some_and(|held| {
            (is_born_then(details, &held.shown) || is_called_so(details, &held.shown))
                && !contradicts(details, &held.shown)
        })
    }

    /// Finds who has an NHS number and agrees with a patient in birth date and given name.
    pub(super) fn holder_like(&self, number: NhsNumber, like: PatientId) -> Option<PatientId> {
        let like = &self.patients.get(&like)?.shown;
        let born = born_on(like)?;
        let name = like.name.expose();
        self.holder(number, |shown| {
            shown.id != like.id
                && Some(born) == born_on(shown)
                && do_names_agree((&name.family, &name.given), shown)
        })
    }

    /// Finds the one who has an NHS number and of whom something holds: whose number it is now before whose it was.
    fn holder(&self, number: NhsNumber, holds: impl Fn(&Patient) -> bool) -> Option<PatientId> {
        let is_current = |patient: &&Patient| patient.nhs.is_some_and(|nhs| nhs.number == number);
        let found: Vec<&Patient> = self
            .holders
            .get(&number)?
            .iter()
            .filter_map(|id| self.patients.get(id))
            .map(|held| &held.shown)
            .filter(|shown| holds(shown))
            .collect();
        found
            .iter()
            .find(|patient| is_current(patient))
            .or_else(|| found.first())
            .map(|patient| patient.id)
    }

    /// Patients who have this NHS number now, but for this one and those who are one with them.
    pub(super) fn other_holders(&self, number: NhsNumber, patient: PatientId) -> Vec<PatientId> {
        let top = self.stands_for(patient);
        self.holders
            .get(&number)
            .into_iter()
            .flatten()
            .filter(|id| self.stands_for(**id) != top)
            .filter(|id| {
                let held = self.patients.get(id);
                let nhs = held.and_then(|held| held.history.facts.nhs.value);
                nhs.is_some_and(|nhs| nhs.number == number)
            })
            .copied()
            .collect()
    }
}

/// Whether what is said agrees with a patient in birth date and given name: without that an NHS number names nobody.
pub fn agrees(details: &Details, shown: &Patient) -> bool {
    is_born_then(details, shown) && is_called_so(details, shown)
}

fn is_born_then(details: &Details, shown: &Patient) -> bool {
    let born = day(details);
    born.is_some() && born == born_on(shown)
}

fn is_called_so(details: &Details, shown: &Patient) -> bool {
    let name = details.name.set().map(Personal::expose);
    name.is_some_and(|name| do_names_agree((&name.family, &name.given), shown))
}

fn born_on(shown: &Patient) -> Option<Date> {
    shown.born.as_ref().and_then(|born| born.expose().day())
}

/// Whether what is said cannot be of a patient: the birth date is another, or the first given name.
fn contradicts(details: &Details, shown: &Patient) -> bool {
    let known = born_on(shown);
    let is_other_day = matches!((day(details), known), (Some(one), Some(other)) if one != other);
    let given = details
        .name
        .set()
        .and_then(|name| first_word(&name.expose().given));
    let known = first_word(&shown.name.expose().given);
    is_other_day || matches!((given, known), (Some(one), Some(other)) if one != other)
}

fn has_number(details: &Details) -> bool {
    details
        .identifiers
        .iter()
        .any(|identifier| !NumberKey::from(identifier).value.is_empty())
}

fn day(details: &Details) -> Option<Date> {
    details.born.set().and_then(|born| born.expose().day())
}

/// The first given names are the same; where one of the two has none, the family names. Twins have the same birth date and
/// family name, and their NHS numbers are confused.
fn do_names_agree((family, given): (&str, &str), shown: &Patient) -> bool {
    let known = shown.name.expose();
    if let (Some(one), Some(other)) = (first_word(given), first_word(&known.given)) {
        return one == other;
    }
    let family = plain(family);
    !family.is_empty() && family == plain(&known.family)
}

fn first_word(text: &str) -> Option<String> {
    text.split_whitespace().map(plain).find(|word| !word.is_empty())
}

/// Letters only, without case and accents.
fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter) && letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
