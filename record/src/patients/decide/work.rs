//! One event at work on the index: finding or making whom it names, taking what it says, and comparing with what was before.

use std::collections::BTreeMap;

use baton_core::id::PatientId;
use baton_core::op::patient::News;
use baton_core::patient::{Identifier, Report};
use baton_core::time::At;

use super::{Effect, EventRefusal, Index, NumberKey, Outcome, news};
use crate::patients::change::{Details, Subject, VisitDetails, VisitEvent, VisitNumber};
use crate::patients::group;
use crate::patients::history::{Held, Stamped};
use crate::patients::stay::{Said, Stay};

/// One event at work. What it touches is compared with what was before when it is done.
pub(super) struct Work<'a> {
    pub(super) index: &'a mut Index,
    at: At,
    digest: u64,
    before: BTreeMap<PatientId, Option<Held>>,
    numbers: usize,
    news: Vec<(PatientId, News)>,
    reports: Vec<(PatientId, Report)>,
}

impl<'a> Work<'a> {
    pub(super) fn new(index: &'a mut Index, at: At, digest: u64) -> Self {
        let numbers = index.changes.numbers.len();
        Self {
            index,
            at,
            digest,
            before: BTreeMap::new(),
            numbers,
            news: Vec::new(),
            reports: Vec::new(),
        }
    }

    /// Remembers how a patient, and all who stand for them, were before.
    pub(super) fn touch(&mut self, patient: PatientId) {
        for id in self.index.chain(patient) {
            let held = self.index.patients.get(&id).cloned();
            self.before.entry(id).or_insert(held);
        }
    }

    pub(super) fn held(&mut self, patient: PatientId) -> &mut Held {
        self.touch(patient);
        self.index
            .patients
            .entry(patient)
            .or_insert_with(|| Held::new(patient))
    }

    pub(super) fn find_or_make(
        &mut self,
        subject: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<PatientId, EventRefusal> {
        self.index.is_named(subject)?;
        let found = self.index.find(&subject.details, subject.patient)?;
        let found = found.or_else(|| self.index.made_by(&subject.details, self.digest));
        let patient = found.unwrap_or_else(make);
        self.held(patient);
        // The other half of this event must find them.
        if found.is_none() {
            self.claim(patient, &subject.details.identifiers);
        }
        Ok(patient)
    }

    /// Who was merged away. Without a number of a service, an NHS number alone is enough only for one who agrees with
    /// the survivor; else it is the survivor's own, superseded.
    pub(super) fn find_retired(
        &mut self,
        retired: &Subject,
        into: PatientId,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<PatientId, EventRefusal> {
        if let Some(found) = self.index.find(&retired.details, retired.patient)? {
            self.touch(found);
            return Ok(found);
        }
        if retired.details.identifiers.is_empty() {
            let number = retired.details.nhs.set().map(|nhs| nhs.number);
            let number = number.ok_or(EventRefusal::NoNumber)?;
            if let Some(found) = self.index.holder_like(number, into) {
                self.touch(found);
                return Ok(found);
            }
            let superseded = Details {
                superseded: vec![number],
                ..Details::default()
            };
            self.tell(into, &superseded);
            return Ok(into);
        }
        let patient = make();
        let at = self.at;
        self.held(patient).history.take(at, &retired.details, false);
        self.claim(patient, &retired.details.identifiers);
        Ok(patient)
    }

    /// Whether one of these has seen this event; else they have now.
    pub(super) fn is_seen(&mut self, patients: &[PatientId]) -> bool {
        let digest = self.digest;
        let is_seen = patients
            .iter()
            .filter_map(|patient| self.index.patients.get(patient))
            .any(|held| held.history.seen.contains(&digest));
        if !is_seen {
            for patient in patients {
                self.held(*patient).history.see(digest);
            }
        }
        is_seen
    }

    pub(super) fn tell(&mut self, patient: PatientId, said: &Details) {
        let number = said.nhs.set().map(|nhs| nhs.number);
        let others = number.map_or_else(Vec::new, |number| self.index.other_holders(number, patient));
        let at = self.at;
        let history = &mut self.held(patient).history;
        history.take(at, said, others.is_empty());
        history.removed.take(at, false);
        for other in others {
            self.doubt(patient, other);
        }
        self.claim(patient, &said.identifiers);
        if let Some(held) = self.index.patients.get(&patient).cloned() {
            self.index.remember_nhs(&held);
        }
    }

    /// Two may be one: told once.
    pub(super) fn doubt(&mut self, patient: PatientId, other: PatientId) {
        let doubts = &mut self.held(patient).history.doubts;
        if !doubts.contains(&other) && doubts.len() < DOUBTS {
            doubts.push(other);
            let pair = (patient.min(other), patient.max(other));
            self.index.changes.possible_duplicates.insert(pair);
        }
    }

    /// Takes numbers for a patient, but for those that are another's.
    pub(super) fn claim(&mut self, patient: PatientId, identifiers: &[Identifier]) {
        let mut own: Vec<Identifier> = Vec::new();
        for identifier in identifiers {
            let key = NumberKey::from(identifier);
            if key.value.is_empty() {
                continue;
            }
            match self.index.owners.get(&key).copied() {
                Some(owner) if owner == patient => {}
                Some(owner) => {
                    if self.index.stands_for(owner) != self.index.stands_for(patient) {
                        self.doubt(patient, owner);
                    }
                    continue;
                }
                None => {
                    self.index.owners.insert(key.clone(), patient);
                    self.index.changes.numbers.push((identifier.clone(), patient));
                }
            }
            let history = &self.held(patient).history;
            let known = history
                .numbers
                .iter()
                .find(|known| NumberKey::from(*known) == key);
            let identifier = known.unwrap_or(identifier).clone();
            if !own.contains(&identifier) {
                own.push(identifier);
            }
        }
        let at = self.at;
        self.held(patient).history.take_numbers(at, own);
    }

    /// Results were reported: told of the one who stands for them.
    pub(super) fn report(&mut self, patient: PatientId, reports: &[Report]) {
        let stands = self.index.stands_for(patient);
        let known = &self.held(stands).history.reports;
        // Who reports sends all of an order again when one more part of it is there.
        let is_known = |report: &&Report| known.iter().any(|(_, known)| known.is_again(report));
        let new = reports.iter().filter(|report| !is_known(report));
        let new: Vec<_> = new.map(|report| (stands, report.clone())).collect();
        self.reports.extend(new);
    }

    pub(super) fn say(&mut self, patient: PatientId, event: Option<VisitEvent>, details: &VisitDetails) {
        let said = Said {
            at: self.at,
            event,
            details: VisitDetails {
                number: None,
                ..details.clone()
            },
        };
        let history = &mut self.held(patient).history;
        history.take_visit(details.number.as_ref(), said);
    }

    pub(super) fn join(&mut self, away: PatientId, into: PatientId) {
        let (away_top, into_top) = (self.index.stands_for(away), self.index.stands_for(into));
        let at = self.at;
        if away_top == into_top {
            // The newest merge says who stands: the other way round than before.
            let merged = self.index.patients.get(&into).map(|held| held.history.merged);
            if into != into_top && merged.is_some_and(|merged| at > merged.at) {
                self.held(into_top);
                self.held(into).history.merged = Stamped { at, value: None };
                self.held(into_top).history.merged = Stamped {
                    at,
                    value: Some(into),
                };
                self.index.changes.merged.push((into_top, into));
                self.news.push((into, News::TookIn(into_top)));
                self.news.push((into_top, News::MergedInto(into)));
            }
            return;
        }
        // Into whom it was said, not into whom that one was merged meanwhile: should they part, this one goes with them.
        self.touch(into);
        if self.held(away_top).history.merged.take(at, Some(into)) {
            self.index.changes.merged.push((away_top, into));
            self.news.push((into, News::TookIn(away_top)));
            self.news.push((away_top, News::MergedInto(into)));
        }
    }

    pub(super) fn part(&mut self, patient: PatientId) {
        // Who stood for them changes too.
        self.touch(patient);
        let at = self.at;
        let from = self.index.stands_for(patient);
        if self.held(patient).history.merged.take(at, None) && from != patient {
            self.index.changes.unmerged.push((patient, from));
            self.news.push((patient, News::Unmerged(from)));
            self.news.push((from, News::Unmerged(patient)));
        }
    }

    pub(super) fn part_from(&mut self, second: PatientId, first: PatientId) {
        if self.index.stands_for(first) != self.index.stands_for(second) {
            return;
        }
        let is_second = self
            .index
            .patients
            .get(&second)
            .is_some_and(|held| held.history.merged.value.is_some());
        self.part(if is_second { second } else { first });
    }

    pub(super) fn set_link(&mut self, patient: PatientId, other: PatientId, value: bool) {
        let at = self.at;
        let links = &mut self.held(patient).history.links;
        match links.iter_mut().find(|(known, _)| *known == other) {
            Some((_, link)) => {
                link.take(at, value);
            }
            None => links.push((other, Stamped { at, value })),
        }
    }

    pub(super) fn move_stay(
        &mut self,
        from: PatientId,
        number: &VisitNumber,
        to: PatientId,
        becomes: &VisitNumber,
    ) {
        let stays = &mut self.held(from).history.stays;
        let Some(place) = stays.iter().position(|stay| stay.number == *number) else {
            return;
        };
        let Stay { base, said, .. } = stays.remove(place);
        self.held(to).history.take_stay(becomes, base, said);
    }

    pub(super) fn refuse(&mut self, refusal: EventRefusal) -> EventRefusal {
        for (patient, before) in std::mem::take(&mut self.before) {
            match before {
                Some(held) => {
                    self.index.patients.insert(patient, held);
                }
                None => {
                    self.index.patients.remove(&patient);
                }
            }
        }
        let numbers: Vec<_> = self.index.changes.numbers.drain(self.numbers..).collect();
        for (identifier, _) in numbers {
            self.index.owners.remove(&NumberKey::from(&identifier));
        }
        refusal
    }

    /// Shows everybody anew who may look different, and says what that means.
    pub(super) fn done(mut self, patient: Option<PatientId>, is_cancel: bool) -> Outcome {
        let (mut is_made, mut is_changed) = (false, false);
        // Who is merged stands with the one who stands for them, before and after.
        let touched: Vec<PatientId> = self.before.keys().copied().collect();
        for id in touched {
            self.touch(id);
        }
        let is_merge = self
            .news
            .iter()
            .any(|(_, news)| matches!(news, News::MergedInto(_) | News::Unmerged(_)));
        for (id, before) in std::mem::take(&mut self.before) {
            let Some(held) = self.index.patients.get(&id) else {
                continue;
            };
            let shown = group::show(held, &self.index.merged_into(id));
            let told = self
                .news
                .iter()
                .filter(|(whose, _)| *whose == id)
                .map(|(_, news)| news.clone());
            let news = match &before {
                Some(before) => {
                    let seen = news::Seen { is_cancel, is_merge };
                    news::of(&before.shown, &shown, seen)
                        .into_iter()
                        .chain(told)
                        .collect()
                }
                None => told.collect(),
            };
            let Some(held) = self.index.patients.get_mut(&id) else {
                continue;
            };
            let is_new = before.is_none();
            let reports: Vec<Report> = self
                .reports
                .iter()
                .filter(|(whose, _)| *whose == id)
                .map(|(_, report)| report.clone())
                .collect();
            let is_visible = is_new || shown != held.shown || !reports.is_empty();
            if is_visible {
                let version = held.shown.version + 1;
                held.shown = shown;
                held.shown.version = version;
                held.history.tell(version, news);
                held.history.report(version, reports);
                self.index.changes.visible.insert(id);
            }
            if is_new {
                self.index.changes.made.insert(id);
            }
            // That it was seen is kept, and changes nothing else.
            let is_same = before.is_some_and(|before| {
                let seen = before.history.seen == held.history.seen;
                if !seen {
                    self.index.changes.patients.insert(id);
                }
                let mut before = before;
                before.history.seen.clone_from(&held.history.seen);
                before == *held
            });
            if !is_same {
                self.index.changes.patients.insert(id);
            }
            is_changed |= !is_same;
            is_made |= is_new && Some(id) == patient;
        }
        let effect = match (is_made, is_changed) {
            (true, _) => Effect::Made,
            (false, true) => Effect::Changed,
            (false, false) => Effect::Nothing,
        };
        Outcome { patient, effect }
    }
}

/// Others who may be the same person that are remembered of one patient.
const DOUBTS: usize = 16;
