//! One visit: what was said of it, in the order of its moments, and what follows from that. What arrives late takes its place
//! among the rest; what was cancelled is left out, and so what was before it stands again.

use std::collections::BTreeSet;

use baton_core::patient::{Visit, VisitStatus};
use baton_core::time::At;
use serde::{Deserialize, Serialize};

use super::change::{Cancelled, Update, VisitDetails, VisitEvent, VisitNumber};

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Its number.
    #[serde(rename = "n", default)]
    pub number: VisitNumber,
    /// What older words led to, which are forgotten.
    #[serde(rename = "b", default)]
    pub base: Option<Base>,
    /// What was said, in the order of its moments; of the same moment, in that of arrival.
    #[serde(rename = "s")]
    pub said: Vec<Said>,
}

/// How a visit stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// After what was said until then.
    #[serde(rename = "a")]
    pub at: At,
    /// `None` when it was said not to be.
    #[serde(rename = "v", default)]
    pub visit: Option<Visit>,
}

/// One word about a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// When.
    #[serde(rename = "a")]
    pub at: At,
    /// What happened; `None` when something was only told.
    #[serde(rename = "e", default)]
    pub event: Option<VisitEvent>,
    /// What is said of the visit; its number is the stay's.
    #[serde(rename = "d")]
    pub details: VisitDetails,
}

impl Stay {
    /// A visit of which nothing was said.
    pub const fn new(number: VisitNumber) -> Self {
        Self {
            number,
            base: None,
            said: Vec::new(),
        }
    }

    /// Takes a word to its place. False when it is known, or older than what is remembered.
    pub fn take(&mut self, said: Said) -> bool {
        if self.base.as_ref().is_some_and(|base| said.at <= base.at) || self.said.contains(&said) {
            return false;
        }
        let place = self.said.partition_point(|known| known.at <= said.at);
        self.said.insert(place, said);
        self.forget_oldest();
        true
    }

    /// The last moment of which something was said.
    pub fn at(&self) -> At {
        let base = self.base.as_ref().map(|base| base.at);
        self.said.last().map(|said| said.at).max(base).unwrap_or_default()
    }

    fn forget_oldest(&mut self) {
        if self.said.len() <= SAID {
            return;
        }
        let Some(until) = self.said.get(self.said.len() - SAID).map(|said| said.at) else {
            return;
        };
        // All of one moment stay or go together.
        let count = self.said.partition_point(|said| said.at <= until);
        let gone: Vec<Said> = self.said.drain(..count).collect();
        let before = self.base.take().and_then(|base| base.visit);
        self.base = Some(Base {
            at: until,
            visit: follow(before, gone.iter()),
        });
    }
}

/// A visit as it stands, and the last moment of which something was said of it.
pub type Standing = (Visit, At);

/// What stands of these stays, which may be of one person known several times: what was said of the same visit counts
/// together. The one that counts is one that goes on; else the newest.
pub fn visit(stays: &[&Stay]) -> Option<Visit> {
    let numbers: BTreeSet<&VisitNumber> = stays.iter().map(|stay| &stay.number).collect();
    numbers
        .into_iter()
        .filter_map(|number| {
            let same: Vec<&Stay> = stays
                .iter()
                .copied()
                .filter(|stay| stay.number == *number)
                .collect();
            together(&same)
        })
        .max_by_key(|(visit, at)| (goes_on(visit.status), *at))
        .map(|(visit, _)| visit)
}

/// Whether somebody is in care now.
pub const fn goes_on(status: VisitStatus) -> bool {
    match status {
        VisitStatus::Admitted | VisitStatus::Attending | VisitStatus::OnLeave => true,
        VisitStatus::Discharged | VisitStatus::PreAdmitted => false,
    }
}

fn together(same: &[&Stay]) -> Option<Standing> {
    let at = same.iter().map(|stay| stay.at()).max()?;
    let base = same
        .iter()
        .filter_map(|stay| stay.base.as_ref())
        .max_by_key(|base| base.at);
    let since = base.map(|base| base.at);
    let mut said: Vec<&Said> = same
        .iter()
        .flat_map(|stay| &stay.said)
        .filter(|said| since.is_none_or(|since| said.at > since))
        .collect();
    said.sort_by_key(|said| said.at);
    let visit = follow(base.and_then(|base| base.visit.clone()), said.into_iter())?;
    Some((visit, at))
}

/// What follows from words in the order of their moments.
pub fn follow<'a>(base: Option<Visit>, said: impl Iterator<Item = &'a Said>) -> Option<Visit> {
    let mut base = base;
    let mut standing: Vec<&Said> = Vec::new();
    for said in said {
        match said.event {
            Some(VisitEvent::Cancel(what)) => cancel(&mut base, &mut standing, what, said),
            Some(VisitEvent::Remove) => {
                base = None;
                standing.clear();
            }
            Some(
                VisitEvent::Admit
                | VisitEvent::Attend
                | VisitEvent::Discharge
                | VisitEvent::LeaveBack
                | VisitEvent::LeaveOut
                | VisitEvent::PreAdmit
                | VisitEvent::Transfer,
            )
            | None => standing.push(said),
        }
    }
    standing.into_iter().fold(base, step)
}

/// Takes the last of what is cancelled out; with an admission, all that came after it.
fn cancel<'a>(base: &mut Option<Visit>, standing: &mut Vec<&'a Said>, what: Cancelled, said: &'a Said) {
    let place = standing
        .iter()
        .rposition(|known| known.event.is_some_and(|event| is_cancelled(event, what)));
    match what {
        Cancelled::Admit | Cancelled::PreAdmit => {
            if place.is_none() {
                *base = None;
            }
            standing.truncate(place.unwrap_or(0));
        }
        Cancelled::Discharge | Cancelled::LeaveBack | Cancelled::LeaveOut | Cancelled::Transfer => {
            if let Some(place) = place {
                standing.remove(place);
            }
            // It says how things are after it.
            standing.push(said);
        }
    }
}

const fn is_cancelled(event: VisitEvent, what: Cancelled) -> bool {
    matches!(
        (event, what),
        (VisitEvent::Admit | VisitEvent::Attend, Cancelled::Admit)
            | (VisitEvent::Discharge, Cancelled::Discharge)
            | (VisitEvent::LeaveBack, Cancelled::LeaveBack)
            | (VisitEvent::LeaveOut, Cancelled::LeaveOut)
            | (VisitEvent::PreAdmit, Cancelled::PreAdmit)
            | (VisitEvent::Transfer, Cancelled::Transfer)
    )
}

fn step(before: Option<Visit>, said: &Said) -> Option<Visit> {
    let details = &said.details;
    // What happens to somebody who had left, or of whom nothing was known, begins anew.
    let current = |before: Option<Visit>| before.filter(|visit| visit.status != VisitStatus::Discharged);
    match said.event {
        None => match before {
            Some(visit) => Some(told(visit, details)),
            None => details.status.map(|status| told(empty(status), details)),
        },
        Some(VisitEvent::Admit | VisitEvent::LeaveBack) => {
            Some(entered(current(before), VisitStatus::Admitted, details))
        }
        Some(VisitEvent::Attend) => Some(entered(current(before), VisitStatus::Attending, details)),
        Some(VisitEvent::PreAdmit) => Some(entered(current(before), VisitStatus::PreAdmitted, details)),
        Some(VisitEvent::Transfer) => {
            let current = current(before);
            let status = match current.as_ref().map(|visit| visit.status) {
                Some(kept @ (VisitStatus::OnLeave | VisitStatus::Attending)) => kept,
                Some(VisitStatus::Admitted | VisitStatus::Discharged | VisitStatus::PreAdmitted) | None => {
                    VisitStatus::Admitted
                }
            };
            Some(entered(current, status, details))
        }
        Some(VisitEvent::Discharge) => {
            let visit = before.unwrap_or_else(|| empty(VisitStatus::Discharged));
            Some(Visit {
                status: VisitStatus::Discharged,
                ..told(visit, details)
            })
        }
        Some(VisitEvent::LeaveOut) => Some(entered(current(before), VisitStatus::OnLeave, details)),
        Some(VisitEvent::Cancel(what)) => Some(cancelled(before, what, details)),
        Some(VisitEvent::Remove) => None,
    }
}

fn entered(before: Option<Visit>, status: VisitStatus, details: &VisitDetails) -> Visit {
    let visit = before.unwrap_or_else(|| empty(status));
    Visit {
        status,
        until: None,
        ..told(visit, details)
    }
}

/// How things are after something was withdrawn. When it had not been heard of, the visit is as if it had been undone.
fn cancelled(before: Option<Visit>, what: Cancelled, details: &VisitDetails) -> Visit {
    let was_known = before.is_some();
    let mut visit = before.unwrap_or_else(|| told(empty(VisitStatus::Admitted), details));
    match (what, visit.status) {
        (Cancelled::Discharge, VisitStatus::Discharged) | (Cancelled::LeaveOut, VisitStatus::OnLeave) => {
            visit.status = VisitStatus::Admitted;
            visit.until = None;
        }
        (Cancelled::LeaveBack, VisitStatus::Admitted) => visit.status = VisitStatus::OnLeave,
        (
            Cancelled::Admit
            | Cancelled::Discharge
            | Cancelled::LeaveBack
            | Cancelled::LeaveOut
            | Cancelled::PreAdmit
            | Cancelled::Transfer,
            _,
        ) => {}
    }
    let says_where = matches!(what, Cancelled::Discharge | Cancelled::Transfer);
    if was_known
        && says_where
        && let Update::Set(place) = &details.place
    {
        visit.place = Some(place.clone());
    }
    visit
}

const fn empty(status: VisitStatus) -> Visit {
    Visit {
        status,
        place: None,
        consultant: None,
        specialty: None,
        from: None,
        until: None,
        expected_discharge: None,
    }
}

fn told(mut visit: Visit, details: &VisitDetails) -> Visit {
    update(&mut visit.place, &details.place);
    update(&mut visit.consultant, &details.consultant);
    update(&mut visit.specialty, &details.specialty);
    update(&mut visit.from, &details.from);
    update(&mut visit.until, &details.until);
    update(&mut visit.expected_discharge, &details.expected_discharge);
    visit
}

fn update<T: Clone>(field: &mut Option<T>, said: &Update<T>) {
    match said {
        Update::Clear => *field = None,
        Update::Keep => {}
        Update::Set(value) => *field = Some(value.clone()),
    }
}

/// Words about one visit that are remembered; older ones are followed into what they led to, and cannot be cancelled
/// one by one any more.
const SAID: usize = 24;
