//! A hospital that makes things happen to a few patients, and what is true of them in the end, worked out in the plainest way: a
//! stack of states for each visit, a pointer for each merge. What it says comes late, twice, and in another order.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::date::{Date, PartialDate};
use baton_core::id::PatientId;
use baton_core::patient::{Identifier, Patient, Place, VisitStatus};
use baton_core::person::Name;
use baton_core::secret::Personal;
use baton_core::time::At;
use baton_record::patients::change::{
    Cancelled, Change, Details, Event, Subject, Update, VisitDetails, VisitEvent,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Patients of the hospital.
pub(crate) const PATIENTS: usize = 6;

/// One who is never merged, and whose first visit has no number.
const UNMERGED: usize = PATIENTS - 1;

/// What is true.
pub(crate) struct Hospital {
    rng: ChaCha20Rng,
    at: u64,
    patients: Vec<Person>,
    visits: Vec<Visit>,
    /// All that happened, in the order in which it did.
    pub(crate) events: Vec<Event>,
}

#[derive(Default)]
struct Person {
    /// Every name that was said of them, and when.
    names: Vec<(u64, String)>,
    merged: Option<(u64, usize)>,
}

struct Visit {
    of: usize,
    number: Option<usize>,
    now: Option<(VisitStatus, String)>,
    before: Vec<(VisitEvent, Option<(VisitStatus, String)>)>,
    at: u64,
}

/// What is shown of one patient.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    name: Option<String>,
    numbers: BTreeSet<usize>,
    visit: Option<(VisitStatus, String)>,
    merged_into: Option<usize>,
}

impl Hospital {
    pub(crate) fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        let mut hospital = Self {
            rng: ChaCha20Rng::from_seed(bytes),
            at: 1_000,
            patients: (0..PATIENTS).map(|_| Person::default()).collect(),
            visits: Vec::new(),
            events: Vec::new(),
        };
        for patient in 0..PATIENTS {
            hospital.name(patient);
        }
        hospital
    }

    /// Below a number, at random.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap();
        usize::try_from(self.rng.next_u64() % limit).unwrap()
    }

    /// Makes something happen.
    pub(crate) fn happen(&mut self) {
        let patient = self.below(PATIENTS);
        match self.below(12) {
            0 => self.name(patient),
            1 | 2 => self.merge(patient),
            3 => self.unmerge(patient),
            _ => self.visit(patient),
        }
    }

    fn push(&mut self, change: Change) {
        let at = At::from_millis(self.at);
        self.events.push(Event { at, change });
    }

    fn tick(&mut self) -> u64 {
        self.at += 1 + u64::try_from(self.below(1000)).unwrap();
        self.at
    }

    fn name(&mut self, patient: usize) {
        let at = self.tick();
        let name = format!("Name{at}");
        self.patients[patient].names.push((at, name.clone()));
        let mut subject = subject(patient);
        subject.details.name = Update::Set(Personal::new(Name {
            family: name,
            given: "Ann".to_owned(),
            title: String::new(),
        }));
        subject.details.born = Update::Set(Personal::new(PartialDate::Day(Date::new(1950, 1, 1).unwrap())));
        self.push(Change::Tell(subject, None));
    }

    fn top(&self, patient: usize) -> usize {
        let mut at = patient;
        while let Some((_, next)) = self.patients[at].merged {
            at = next;
        }
        at
    }

    fn merge(&mut self, away: usize) {
        let into = self.below(PATIENTS);
        // A hospital merges patients who stand for themselves.
        if [away, into].contains(&UNMERGED)
            || self.patients[away].merged.is_some()
            || self.patients[into].merged.is_some()
            || self.top(away) == self.top(into)
        {
            return;
        }
        let at = self.tick();
        self.patients[away].merged = Some((at, into));
        self.push(Change::Merge {
            survivor: subject(into),
            retired: subject(away),
        });
    }

    fn unmerge(&mut self, patient: usize) {
        if self.patients[patient].merged.is_none() {
            return;
        }
        self.tick();
        self.patients[patient].merged = None;
        self.push(Change::Unmerge {
            retired: subject(patient),
        });
    }

    fn visit(&mut self, patient: usize) {
        let own: Vec<usize> = (0..self.visits.len())
            .filter(|visit| self.visits[*visit].of == patient)
            .collect();
        let place = format!("Ward {}", self.below(5));
        let visit = if own.is_empty() || (own.len() < 3 && self.below(4) == 0) {
            let number = (patient != UNMERGED || !own.is_empty()).then_some(self.visits.len());
            self.visits.push(Visit {
                of: patient,
                number,
                now: None,
                before: Vec::new(),
                at: 0,
            });
            self.visits.len() - 1
        } else {
            own[self.below(own.len())]
        };
        let at = self.tick();
        let is_back = self.below(3) == 0;
        let known = &mut self.visits[visit];
        known.at = at;
        let last = known.before.last().map(|(event, _)| *event);
        let event = if let Some(cancelled) = last.filter(|_| is_back).and_then(cancel) {
            known.now = known.before.pop().unwrap().1;
            VisitEvent::Cancel(cancelled)
        } else {
            let status = known.now.as_ref().map(|(status, _)| *status);
            let old = known.now.as_ref().map(|(_, place)| place.clone());
            let (event, now) = match status {
                None | Some(VisitStatus::Discharged) => {
                    (VisitEvent::Admit, (VisitStatus::Admitted, place.clone()))
                }
                Some(VisitStatus::OnLeave) => (VisitEvent::LeaveBack, (VisitStatus::Admitted, old.unwrap())),
                Some(VisitStatus::PreAdmitted) => (VisitEvent::Admit, (VisitStatus::Admitted, place.clone())),
                Some(VisitStatus::Admitted | VisitStatus::Attending) => match at % 3 {
                    0 => (VisitEvent::Discharge, (VisitStatus::Discharged, old.unwrap())),
                    1 => (VisitEvent::LeaveOut, (VisitStatus::OnLeave, old.unwrap())),
                    _ => (VisitEvent::Transfer, (VisitStatus::Admitted, place.clone())),
                },
            };
            let before = known.now.replace(now);
            known.before.push((event, before));
            event
        };
        let says_where = matches!(event, VisitEvent::Admit | VisitEvent::Transfer);
        let details = VisitDetails {
            number: known.number.map(|number| identifier("visits", number)),
            place: if says_where {
                Update::Set(Place {
                    ward: place,
                    ..Place::default()
                })
            } else {
                Update::Keep
            },
            ..VisitDetails::default()
        };
        self.push(Change::Visit(subject(patient), event, details));
    }

    /// What a patient has to look like.
    pub(crate) fn truth(&self, patient: usize) -> Shown {
        let members: Vec<usize> = (0..PATIENTS)
            .filter(|other| self.stands_under(*other, patient))
            .collect();
        let names = members.iter().flat_map(|member| {
            let since = self.patients[*member].merged.map_or(0, |(at, _)| at);
            let since = if *member == patient { 0 } else { since };
            let names = self.patients[*member].names.iter();
            names.filter(move |(at, _)| *at > since)
        });
        let visits = self.visits.iter().filter(|visit| members.contains(&visit.of));
        // Each patient's visit without a number is one with those of the patients that are one with them.
        let mut by_number: BTreeMap<Option<usize>, Vec<&Visit>> = BTreeMap::new();
        for visit in visits {
            by_number.entry(visit.number).or_default().push(visit);
        }
        let visit = by_number
            .into_values()
            .filter_map(|same| same.into_iter().max_by_key(|visit| visit.at))
            .filter_map(|visit| visit.now.as_ref().map(|now| (now.0, visit.at, now)))
            .max_by_key(|(status, at, _)| {
                let goes_on = !matches!(status, VisitStatus::Discharged | VisitStatus::PreAdmitted);
                (goes_on, *at)
            })
            .map(|(_, _, now)| now.clone());
        Shown {
            name: names.max().map(|(_, name)| name.clone()),
            numbers: members.into_iter().collect(),
            visit,
            merged_into: self.patients[patient].merged.map(|(_, into)| into),
        }
    }

    fn stands_under(&self, patient: usize, top: usize) -> bool {
        let mut at = patient;
        loop {
            if at == top {
                return true;
            }
            match self.patients[at].merged {
                Some((_, next)) => at = next,
                None => return false,
            }
        }
    }

    /// What happened as a feed with faults says it: some of it late, some of it twice. Merges keep their order among each
    /// other.
    pub(crate) fn as_it_arrives(&mut self) -> Vec<Event> {
        let mut arriving: Vec<(usize, Event)> = Vec::new();
        for (place, event) in self.events.clone().into_iter().enumerate() {
            let is_link = matches!(event.change, Change::Merge { .. } | Change::Unmerge { .. });
            let late = if !is_link && self.below(3) == 0 {
                self.below(8)
            } else {
                0
            };
            arriving.push((2 * (place + late), event.clone()));
            if self.below(3) == 0 {
                let again = late + 1 + self.below(20);
                arriving.push((2 * (place + again) + 1, event));
            }
        }
        arriving.sort_by_key(|(place, _)| *place);
        arriving.into_iter().map(|(_, event)| event).collect()
    }
}

fn cancel(event: VisitEvent) -> Option<Cancelled> {
    match event {
        VisitEvent::Admit => Some(Cancelled::Admit),
        VisitEvent::Discharge => Some(Cancelled::Discharge),
        VisitEvent::LeaveBack => Some(Cancelled::LeaveBack),
        VisitEvent::LeaveOut => Some(Cancelled::LeaveOut),
        VisitEvent::Transfer => Some(Cancelled::Transfer),
        _ => None,
    }
}

/// A patient by their number.
pub(crate) fn subject(patient: usize) -> Subject {
    Subject {
        patient: None,
        details: Details {
            identifiers: vec![number(patient)],
            ..Details::default()
        },
    }
}

/// The number of a patient.
pub(crate) fn number(patient: usize) -> Identifier {
    identifier("hospital", patient)
}

fn identifier(assigner: &str, number: usize) -> Identifier {
    Identifier {
        assigner: assigner.to_owned(),
        value: Personal::new(format!("{number}")),
    }
}

/// A patient of the index as the model compares them. `ids` are those of the hospital's patients.
pub(crate) fn shown(patient: &Patient, ids: &BTreeMap<PatientId, usize>) -> Shown {
    let name = &patient.name.expose().family;
    Shown {
        name: (!name.is_empty()).then(|| name.clone()),
        numbers: patient
            .identifiers
            .iter()
            .map(|identifier| identifier.value.as_str().parse().unwrap())
            .collect(),
        visit: patient.visit.as_ref().map(|visit| {
            let place = visit.place.as_ref().map(|place| place.ward.clone());
            (visit.status, place.unwrap_or_default())
        }),
        merged_into: patient.merged_into.map(|into| ids[&into]),
    }
}
