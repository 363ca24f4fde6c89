//! From what a message says to what the index takes: HL7's events in the index's words.
//!
//! | event | becomes |
//! | --- | --- |
//! | admitted A01, A06; registered A04, A07; expected A05, A14 | a visit that begins so |
//! | A02, A03, A21, A22 | a transfer, discharge, leave, return |
//! | A11, A12, A13, A27, A38, A52, A53 | the same, withdrawn; A23: the visit is said not to be one |
//! | A08, A54, A55, A61, A62 | what is said of patient and visit |
//! | A09, A10, A15, A16, A25, A26, A32, A33 | the same without a place: nobody has moved yet |
//! | A28, A31, and merges and moves of accounts A35, A41 | what is said of the patient: a visit has no part in it |
//! | A17; A24, A37 | a swap; a link and its end |
//! | A18, A30, A34, A36, A39, A40 | a merge for each `MRG` |
//! | A42, A44, A45, A49, A50 | a visit moved or numbered anew |
//! | A43 | refused, unless it moves nothing: it may be a merge or not, and a person has to look |
//! | A46 to A48; A51 | another number for the same patient; of an alternate visit number nothing is kept |
//! | A29; A20, A60 | said not to be a patient; nothing |
//!
//! Of results (ORU) there is [`report`].

use baton_core::time::At;
use baton_hl7::adt::{self, Adt, Level};
use baton_hl7::{Fault, Precision, Timestamp};

use super::clock::Clock;
use super::reason::Reason;
use crate::patients::change::{
    Cancelled, Change, Details, Event, Subject, Update, VisitDetails, VisitEvent, VisitNumber,
};

mod patient;
mod report;
mod visit;

pub use report::map_reports;

/// What a message says, in the index's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// What happened, in order; empty of what is of no consequence.
    pub events: Vec<Event>,
    /// What could not be read or used: warnings in the answer.
    pub notes: Vec<Fault>,
    /// NHS numbers whose check digit is wrong. They are not taken.
    pub wrong_nhs: usize,
}

/// Says a message in the index's words. `now` is when it came.
pub fn map(adt: &Adt, now: At) -> Result<Mapped, Reason> {
    let mut mapping = Mapping {
        event: Some(&adt.event),
        persons: &adt.persons,
        ..Mapping::of(&adt.header, now, &adt.notes)
    };
    let changes = mapping.changes()?;
    let at = recorded(&adt.header, mapping.clock, now);
    Ok(Mapped {
        events: changes.into_iter().map(|change| Event { at, change }).collect(),
        notes: mapping.notes,
        wrong_nhs: mapping.wrong_nhs,
    })
}

/// When the sender took it down: EVN-2, else MSH-7, whichever is precise; else when it came. Nothing was taken down in the
/// future: a clock that is wrong must not make later words count for nothing.
fn recorded(header: &adt::Header, clock: Clock, now: At) -> At {
    let is_precise = |time: &Timestamp| time.precision >= Precision::Minute;
    let (recorded, made) = (header.recorded, header.made);
    let time = recorded
        .filter(is_precise)
        .or_else(|| made.filter(is_precise))
        .or(recorded)
        .or(made);
    time.map_or(now, |time| clock.moment(&time).min(now))
}

/// Who gave numbers that do not say who did: the sending facility (MSH-4), else the application.
fn sender(header: &adt::Header) -> String {
    let named = [&header.sending_facility, &header.sending_application];
    named
        .into_iter()
        .flatten()
        .map(patient::name_of)
        .next()
        .unwrap_or_default()
}

struct Mapping<'a> {
    header: &'a adt::Header,
    /// What happened; `None` of a message that tells of nothing but results.
    event: Option<&'a adt::Event>,
    persons: &'a [adt::Subject],
    clock: Clock,
    sender: String,
    notes: Vec<Fault>,
    wrong_nhs: usize,
}

impl<'a> Mapping<'a> {
    /// Of a message in which nobody is told of yet.
    fn of(header: &'a adt::Header, now: At, notes: &[Fault]) -> Self {
        Self {
            header,
            event: None,
            persons: &[],
            clock: Clock::of(header.made, now),
            sender: sender(header),
            notes: notes.to_vec(),
            wrong_nhs: 0,
        }
    }
}

impl Mapping<'_> {
    fn changes(&mut self) -> Result<Vec<Change>, Reason> {
        use adt::Event as E;
        let persons = self.persons;
        let (Some(first), Some(event)) = (persons.first(), self.event) else {
            return Ok(Vec::new());
        };
        let changes = match event {
            E::Admitted | E::BecameInpatient => vec![self.visit(first, VisitEvent::Admit)],
            E::Registered | E::BecameOutpatient => vec![self.visit(first, VisitEvent::Attend)],
            E::PreAdmitted | E::AdmissionPending => vec![self.visit(first, VisitEvent::PreAdmit)],
            E::Transferred => vec![self.visit(first, VisitEvent::Transfer)],
            E::Discharged => vec![self.visit(first, VisitEvent::Discharge)],
            E::LeaveStarted => vec![self.visit(first, VisitEvent::LeaveOut)],
            E::LeaveEnded => vec![self.visit(first, VisitEvent::LeaveBack)],
            E::VisitDeleted => vec![self.visit(first, VisitEvent::Remove)],
            E::AdmissionCancelled => vec![self.cancel(first, Cancelled::Admit)],
            E::AdmissionPendingCancelled | E::PreAdmissionCancelled => {
                vec![self.cancel(first, Cancelled::PreAdmit)]
            }
            E::TransferCancelled => vec![self.cancel(first, Cancelled::Transfer)],
            E::DischargeCancelled => vec![self.cancel(first, Cancelled::Discharge)],
            E::LeaveStartCancelled => vec![self.cancel(first, Cancelled::LeaveOut)],
            E::LeaveEndCancelled => vec![self.cancel(first, Cancelled::LeaveBack)],
            E::Updated
            | E::AttendingChanged
            | E::AttendingChangeCancelled
            | E::ConsultingChanged
            | E::ConsultingChangeCancelled
            | E::IdentifierChanged(Level::AlternateVisit) => vec![self.told(first, true)],
            E::Arrived
            | E::ArrivalCancelled
            | E::Departed
            | E::DepartureCancelled
            | E::DischargePending
            | E::DischargePendingCancelled
            | E::TransferPending
            | E::TransferPendingCancelled => vec![self.told(first, false)],
            E::PersonAdded | E::PersonUpdated | E::Merged(Level::Account | Level::AlternateVisit) => persons
                .iter()
                .map(|person| Change::Tell(self.subject(person), None))
                .collect(),
            E::PersonDeleted => vec![Change::Remove(self.subject(first))],
            E::Linked | E::Unlinked | E::BedsSwapped => persons
                .get(1)
                .map(|second| self.both(first, second))
                .into_iter()
                .collect(),
            E::Merged(Level::Patient | Level::PatientAndAccount) => self.merges(),
            E::Merged(Level::Visit) | E::IdentifierChanged(Level::Visit | Level::Account) => {
                self.moves(|_, own, _| own.clone())
            }
            E::Moved(Level::Account | Level::AlternateVisit | Level::Visit) => {
                self.moves(|mapping, _, prior| mapping.prior(prior))
            }
            E::Moved(Level::Patient | Level::PatientAndAccount) => self.moved_patient()?,
            E::IdentifierChanged(Level::Patient | Level::PatientAndAccount) => self.renumbered(),
            E::Irrelevant { .. } => Vec::new(),
        };
        Ok(changes)
    }

    fn visit(&mut self, person: &adt::Subject, event: VisitEvent) -> Change {
        let subject = self.subject(person);
        match self.visit_details(person.visit.as_ref(), Some(event)) {
            Some(details) => Change::Visit(subject, event, details),
            // Of class N there is no visit (v2.5.1 §3.3.28).
            None => Change::Tell(subject, None),
        }
    }

    fn cancel(&mut self, person: &adt::Subject, what: Cancelled) -> Change {
        self.visit(person, VisitEvent::Cancel(what))
    }

    fn told(&mut self, person: &adt::Subject, says_where: bool) -> Change {
        let subject = self.subject(person);
        let mut visit = self.visit_details(person.visit.as_ref(), None);
        if let Some(visit) = visit.as_mut().filter(|_| !says_where) {
            visit.place = Update::Keep;
            visit.status = None;
            self.planned_discharge(visit);
        }
        Change::Tell(subject, visit)
    }

    /// A16 says when somebody is to leave, A25 that they are not to leave then.
    fn planned_discharge(&self, visit: &mut VisitDetails) {
        if !visit.expected_discharge.is_keep() {
            return;
        }
        if self.event == Some(&adt::Event::DischargePending) {
            let planned = self.header.planned;
            visit.expected_discharge = planned.and_then(|time| self.clock.local(&time)).into();
        } else if self.event == Some(&adt::Event::DischargePendingCancelled) {
            visit.expected_discharge = Update::Clear;
        }
    }

    fn both(&mut self, first: &adt::Subject, second: &adt::Subject) -> Change {
        let (one, other) = (self.subject(first), self.subject(second));
        if self.event == Some(&adt::Event::Linked) {
            return Change::Link { one, other };
        }
        if self.event == Some(&adt::Event::Unlinked) {
            return Change::Unlink { one, other };
        }
        let event = Some(VisitEvent::Transfer);
        let [here, there] = [first, second].map(|person| {
            self.visit_details(person.visit.as_ref(), event)
                .unwrap_or_default()
        });
        Change::Swap {
            one: (one, here),
            other: (other, there),
        }
    }

    fn merges(&mut self) -> Vec<Change> {
        let mut merges = Vec::new();
        for person in self.persons {
            for prior in &person.priors {
                merges.push(Change::Merge {
                    survivor: self.subject(person),
                    retired: self.prior(&prior.prior),
                });
            }
        }
        merges
    }

    /// Visits that are another's, or have another number.
    fn moves(&mut self, whose: impl Fn(&mut Self, &Subject, &adt::Prior) -> Subject) -> Vec<Change> {
        let by_account = matches!(
            self.event,
            Some(adt::Event::Moved(Level::Account) | adt::Event::IdentifierChanged(Level::Account))
        );
        let mut moves = Vec::new();
        for person in self.persons {
            for prior in &person.priors {
                let to = self.subject(person);
                let from = whose(self, &to, &prior.prior);
                let (number, becomes) = if by_account {
                    (prior.prior.account.value(), person.patient.account.value())
                } else {
                    let visit = prior.visit.as_ref().or(person.visit.as_ref());
                    let number = prior.prior.visit.value();
                    (number, visit.and_then(|visit| visit.number.value()))
                };
                let number: VisitNumber = number.map(|number| self.number(number));
                let becomes = becomes.map(|number| self.number(number));
                let becomes = becomes.or_else(|| number.clone());
                moves.push(match number {
                    Some(number) => Change::MoveVisit {
                        from,
                        number: Some(number),
                        to,
                        becomes,
                    },
                    None => Change::Tell(to, None),
                });
            }
        }
        moves
    }

    /// Where the numbers stay with who has them, only what is said of them changes.
    fn moved_patient(&mut self) -> Result<Vec<Change>, Reason> {
        let mut told = Vec::new();
        for person in self.persons {
            let subject = self.subject(person);
            for prior in &person.priors {
                let prior = self.prior(&prior.prior);
                let numbers = &subject.details.identifiers;
                if !prior
                    .details
                    .identifiers
                    .iter()
                    .all(|number| numbers.contains(number))
                {
                    return Err(Reason::Moved);
                }
            }
            told.push(Change::Tell(subject, None));
        }
        Ok(told)
    }

    fn renumbered(&mut self) -> Vec<Change> {
        let mut renumbered = Vec::new();
        for person in self.persons {
            for prior in &person.priors {
                renumbered.push(Change::Renumber {
                    from: self.prior(&prior.prior),
                    to: self.subject(person),
                });
            }
        }
        renumbered
    }

    fn subject(&mut self, person: &adt::Subject) -> Subject {
        Subject {
            patient: None,
            details: self.details(&person.patient),
        }
    }

    fn prior(&mut self, prior: &adt::Prior) -> Subject {
        Subject {
            patient: None,
            details: Details {
                name: patient::usual_name(&prior.names),
                ..self.numbers(&prior.identifiers, false)
            },
        }
    }
}

#[cfg(test)]
mod tests;
