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
use baton_core::op::patient::News;
use baton_core::patient::Identifier;
use baton_core::time::At;
use sha2::{Digest, Sha256};

use super::change::{Change, Details, Event, Subject, VisitDetails, VisitEvent, VisitNumber};
use super::group;
use super::history::{Held, Stamped};
use super::stay::{Said, Stay};

mod find;
mod news;

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
    /// It says more than an index takes of one patient ([`DETAILS_BYTES`], [`NUMBERS`]).
    #[error("more is said than is kept of one patient")]
    TooMuch,
}

/// Others who may be the same person that are remembered of one patient.
const DOUBTS: usize = 16;

/// More bytes than this said of one patient in one event are refused.
pub const DETAILS_BYTES: usize = 32 * 1024;

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
        }
    }

    fn one(
        &mut self,
        at: At,
        digest: u64,
        subject: &Subject,
        visit: Option<(Option<VisitEvent>, &VisitDetails)>,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        let patient = work.find_or_make(subject, make)?;
        if !work.is_seen(&[patient]) {
            work.tell(patient, &subject.details);
            if let Some((event, details)) = visit {
                work.say(patient, event, details);
            }
        }
        Ok(work.done(
            Some(patient),
            matches!(visit, Some((Some(VisitEvent::Cancel(_)), _))),
        ))
    }

    fn merge(
        &mut self,
        at: At,
        digest: u64,
        survivor: &Subject,
        retired: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(survivor)?;
        work.index.is_named_at_all(retired)?;
        let into = work.find_or_make(survivor, make)?;
        let away = work.find_retired(retired, into, make)?;
        if away == into {
            // Only an NHS number of theirs that holds no more.
            work.tell(into, &survivor.details);
            return Ok(work.done(Some(into), false));
        }
        if !work.is_seen(&[into, away]) {
            // One person's NHS number is no doubt, so they are joined first.
            work.claim(away, &retired.details.identifiers);
            work.join(away, into);
            work.tell(into, &survivor.details);
        }
        Ok(work.done(Some(into), false))
    }

    fn unmerge(
        &mut self,
        at: At,
        digest: u64,
        retired: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        let patient = work.find_or_make(retired, make)?;
        if !work.is_seen(&[patient]) {
            work.part(patient);
            work.tell(patient, &retired.details);
        }
        Ok(work.done(Some(patient), false))
    }

    fn link(
        &mut self,
        at: At,
        digest: u64,
        one: &Subject,
        other: &Subject,
        are_linked: bool,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(one)?;
        work.index.is_named(other)?;
        let first = work.find_or_make(one, make)?;
        let second = work.find_or_make(other, make)?;
        if first == second {
            return Err(work.refuse(EventRefusal::SamePatient));
        }
        if !work.is_seen(&[first, second]) {
            // Unlinking what was merged is an unmerge: feeds use one message for both.
            if !are_linked {
                work.part_from(second, first);
            }
            work.tell(first, &one.details);
            work.tell(second, &other.details);
            work.set_link(first, second, are_linked);
            work.set_link(second, first, are_linked);
        }
        Ok(work.done(Some(first), false))
    }

    fn swap(
        &mut self,
        at: At,
        digest: u64,
        one: &(Subject, VisitDetails),
        other: &(Subject, VisitDetails),
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(&one.0)?;
        work.index.is_named(&other.0)?;
        let first = work.find_or_make(&one.0, make)?;
        let second = work.find_or_make(&other.0, make)?;
        if first == second {
            return Err(work.refuse(EventRefusal::SamePatient));
        }
        if !work.is_seen(&[first, second]) {
            for (patient, (subject, visit)) in [(first, one), (second, other)] {
                work.tell(patient, &subject.details);
                work.say(patient, Some(VisitEvent::Transfer), visit);
            }
        }
        Ok(work.done(Some(first), false))
    }

    fn move_visit(
        &mut self,
        at: At,
        digest: u64,
        (from, number): (&Subject, &VisitNumber),
        (to, becomes): (&Subject, &VisitNumber),
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(from)?;
        work.index.is_named(to)?;
        let to_whom = work.find_or_make(to, make)?;
        let Some(whose) = work.index.find(&from.details, from.patient)? else {
            work.tell(to_whom, &to.details);
            return Ok(work.done(Some(to_whom), false));
        };
        if !work.is_seen(&[to_whom, whose]) {
            work.tell(to_whom, &to.details);
            work.move_stay(whose, number, to_whom, becomes);
        }
        Ok(work.done(Some(to_whom), false))
    }

    fn renumber(
        &mut self,
        at: At,
        digest: u64,
        from: &Subject,
        to: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        self.is_named(to)?;
        let known = self.find(&from.details, from.patient)?;
        let mut work = Work::new(self, at, digest);
        let patient = match known {
            Some(patient) => {
                work.touch(patient);
                patient
            }
            None => work.find_or_make(to, make)?,
        };
        if !work.is_seen(&[patient]) {
            work.claim(patient, &from.details.identifiers);
            work.tell(patient, &to.details);
        }
        Ok(work.done(Some(patient), false))
    }

    fn remove(&mut self, at: At, digest: u64, subject: &Subject) -> Result<Outcome, EventRefusal> {
        self.is_named(subject)?;
        let found = self.find(&subject.details, subject.patient)?;
        let mut work = Work::new(self, at, digest);
        if let Some(patient) = found
            && !work.is_seen(&[patient])
        {
            work.held(patient).history.removed.take(at, true);
        }
        Ok(work.done(found, false))
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

/// One event at work. What it touches is compared with what was before when it is done.
struct Work<'a> {
    index: &'a mut Index,
    at: At,
    digest: u64,
    before: BTreeMap<PatientId, Option<Held>>,
    numbers: usize,
    news: Vec<(PatientId, News)>,
}

impl<'a> Work<'a> {
    fn new(index: &'a mut Index, at: At, digest: u64) -> Self {
        let numbers = index.changes.numbers.len();
        Self {
            index,
            at,
            digest,
            before: BTreeMap::new(),
            numbers,
            news: Vec::new(),
        }
    }

    /// Remembers how a patient, and all who stand for them, were before.
    fn touch(&mut self, patient: PatientId) {
        for id in self.index.chain(patient) {
            let held = self.index.patients.get(&id).cloned();
            self.before.entry(id).or_insert(held);
        }
    }

    fn held(&mut self, patient: PatientId) -> &mut Held {
        self.touch(patient);
        self.index
            .patients
            .entry(patient)
            .or_insert_with(|| Held::new(patient))
    }

    fn find_or_make(
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
    fn find_retired(
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
    fn is_seen(&mut self, patients: &[PatientId]) -> bool {
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

    fn tell(&mut self, patient: PatientId, said: &Details) {
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
    fn doubt(&mut self, patient: PatientId, other: PatientId) {
        let doubts = &mut self.held(patient).history.doubts;
        if !doubts.contains(&other) && doubts.len() < DOUBTS {
            doubts.push(other);
            let pair = (patient.min(other), patient.max(other));
            self.index.changes.possible_duplicates.insert(pair);
        }
    }

    /// Takes numbers for a patient, but for those that are another's.
    fn claim(&mut self, patient: PatientId, identifiers: &[Identifier]) {
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

    fn say(&mut self, patient: PatientId, event: Option<VisitEvent>, details: &VisitDetails) {
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

    fn join(&mut self, away: PatientId, into: PatientId) {
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

    fn part(&mut self, patient: PatientId) {
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

    fn part_from(&mut self, second: PatientId, first: PatientId) {
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

    fn set_link(&mut self, patient: PatientId, other: PatientId, value: bool) {
        let at = self.at;
        let links = &mut self.held(patient).history.links;
        match links.iter_mut().find(|(known, _)| *known == other) {
            Some((_, link)) => {
                link.take(at, value);
            }
            None => links.push((other, Stamped { at, value })),
        }
    }

    fn move_stay(&mut self, from: PatientId, number: &VisitNumber, to: PatientId, becomes: &VisitNumber) {
        let stays = &mut self.held(from).history.stays;
        let Some(place) = stays.iter().position(|stay| stay.number == *number) else {
            return;
        };
        let Stay { base, said, .. } = stays.remove(place);
        self.held(to).history.take_stay(becomes, base, said);
    }

    fn refuse(&mut self, refusal: EventRefusal) -> EventRefusal {
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
    fn done(mut self, patient: Option<PatientId>, is_cancel: bool) -> Outcome {
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
            let is_visible = is_new || shown != held.shown;
            if is_visible {
                let version = held.shown.version + 1;
                held.shown = shown;
                held.shown.version = version;
                held.history.tell(version, news);
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

fn check(change: &Change) -> Result<(), EventRefusal> {
    let is_sound = |subject: &Subject| {
        subject.details.identifiers.len() <= NUMBERS
            && baton_core::cbor::to_bytes(&subject.details).len() <= DETAILS_BYTES
    };
    let all_sound = match change {
        Change::Link { one, other } | Change::Unlink { one, other } => is_sound(one) && is_sound(other),
        Change::Merge { survivor, retired } => is_sound(survivor) && is_sound(retired),
        Change::MoveVisit { from, to, .. } | Change::Renumber { from, to } => is_sound(from) && is_sound(to),
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
