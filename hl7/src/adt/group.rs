//! Which segments belong to which patient: `{ PID [PD1] [PV1 [PV2]] [{ MRG [PV1 [PV2]] }] }` covers the structures of all
//! ADT events (HL7 v2.5.1 §3.3).

use super::event::{Level, Needs, Patients};
use super::patient::{Patient, Prior};
use super::read::{Placed, placed};
use super::visit::Visit;
use super::{AdtError, PriorVisit, Subject};
use crate::fault::{Condition, Fault, Location};
use crate::message::Message;
use crate::personal::Said;

/// The patients of a message.
pub(super) fn subjects(
    message: &Message<'_>,
    needs: Needs,
    notes: &mut Vec<Fault>,
) -> Result<Vec<Subject>, AdtError> {
    if needs.patients == Patients::Any {
        return Ok(Vec::new());
    }
    let groups = groups(message, needs, notes)?;
    match (needs.patients, groups.len(), groups.get(2)) {
        (_, 0, _) => return Err(AdtError::MissingSegment(Location::segment("PID", 1))),
        (Patients::Two, 1, _) => return Err(AdtError::MissingSegment(Location::segment("PID", 2))),
        (Patients::Two, _, Some(third)) => return Err(AdtError::OutOfOrder(third.pid.place)),
        _ => {}
    }
    groups.into_iter().map(|group| group.read(needs, notes)).collect()
}

/// The segments of a visit.
struct VisitGroup<'m> {
    pv1: Placed<'m>,
    pv2: Option<Placed<'m>>,
}

/// The segments of a patient.
struct Group<'m> {
    pid: Placed<'m>,
    pd1: Option<Placed<'m>>,
    visit: Option<VisitGroup<'m>>,
    priors: Vec<(Placed<'m>, Option<VisitGroup<'m>>)>,
}

fn groups<'m>(
    message: &'m Message<'_>,
    needs: Needs,
    notes: &mut Vec<Fault>,
) -> Result<Vec<Group<'m>>, AdtError> {
    let one = needs.patients == Patients::One;
    let mut groups: Vec<Group<'m>> = Vec::new();
    for placed in placed(message, NAMES) {
        let place = placed.place;
        let out_of_order = Err(AdtError::OutOfOrder(place));
        if place.segment == "PID" {
            if one && !groups.is_empty() {
                return out_of_order;
            }
            groups.push(Group {
                pid: placed,
                pd1: None,
                visit: None,
                priors: Vec::new(),
            });
            continue;
        }
        let Some(group) = groups.last_mut() else {
            // The patient may be missing altogether, which says more.
            let anyone = message.segment("PID").is_some();
            return if anyone {
                out_of_order
            } else {
                Err(AdtError::MissingSegment(Location::segment("PID", 1)))
            };
        };
        let taken = match place.segment {
            "PD1" => group.pd1.replace(placed).is_none(),
            "MRG" if needs.prior.is_none() => {
                notes.push(Fault::at(Condition::SegmentSequence, place));
                true
            }
            "MRG" => {
                group.priors.push((placed, None));
                true
            }
            _ => group.take_visit(placed, notes),
        };
        if !taken {
            return out_of_order;
        }
    }
    Ok(groups)
}

impl<'m> Group<'m> {
    /// Takes a `PV1` or a `PV2`; false if it cannot be of this patient.
    fn take_visit(&mut self, placed: Placed<'m>, notes: &mut Vec<Fault>) -> bool {
        let visit = match self.priors.last_mut() {
            Some((_, visit)) => visit,
            None => &mut self.visit,
        };
        match (placed.place.segment, visit) {
            ("PV1", Some(_)) => false,
            ("PV1", visit) => {
                *visit = Some(VisitGroup {
                    pv1: placed,
                    pv2: None,
                });
                true
            }
            (_, Some(visit)) => visit.pv2.replace(placed).is_none(),
            (_, None) => {
                notes.push(Fault::at(Condition::SegmentSequence, placed.place));
                true
            }
        }
    }

    fn read(self, needs: Needs, notes: &mut Vec<Fault>) -> Result<Subject, AdtError> {
        let pid = self.pid.place;
        if needs.visit && self.visit.is_none() {
            return Err(AdtError::MissingSegment(Location::segment("PV1", pid.occurrence)));
        }
        if needs.prior.is_some() && self.priors.is_empty() {
            return Err(AdtError::MissingSegment(Location::segment("MRG", pid.occurrence)));
        }
        let patient = patient(self.pid, self.pd1, notes)?;
        let visit = self.visit.map(|visit| visit.read(notes));
        let mut priors = Vec::new();
        for (mrg, visit) in self.priors {
            let prior = Prior::read(mrg.reader(notes));
            if let Some(level) = needs.prior {
                demand(&prior, level, mrg.place)?;
            }
            priors.push(PriorVisit {
                prior,
                visit: visit.map(|visit| visit.read(notes)),
            });
        }
        let subject = Subject {
            patient,
            visit,
            priors,
        };
        match needs.target {
            Some(level) => subject.demand_target(level, pid.occurrence).map(|()| subject),
            None => Ok(subject),
        }
    }
}

/// A patient, of whom an identifier is demanded.
pub(crate) fn patient(
    pid: Placed<'_>,
    pd1: Option<Placed<'_>>,
    notes: &mut Vec<Fault>,
) -> Result<Patient, AdtError> {
    let mut of_pd1 = Vec::new();
    let pd1 = pd1.map(|pd1| pd1.reader(&mut of_pd1));
    let patient = Patient::read(pid.reader(notes), pd1).ok_or(AdtError::MissingField(Location {
        field: Some(3),
        ..pid.place
    }))?;
    notes.append(&mut of_pd1);
    Ok(patient)
}

impl VisitGroup<'_> {
    fn read(self, notes: &mut Vec<Fault>) -> Visit {
        let mut of_pv2 = Vec::new();
        let visit = Visit::read(
            self.pv1.reader(notes),
            self.pv2.map(|pv2| pv2.reader(&mut of_pv2)),
        );
        notes.append(&mut of_pv2);
        visit
    }
}

impl Subject {
    /// What a merge leads to, or the right value of an identifier, must be said (§3.3.41, §3.3.42, §3.3.49 to §3.3.51).
    fn demand_target(&self, level: Level, occurrence: u16) -> Result<(), AdtError> {
        let visits = || {
            self.priors
                .iter()
                .map(|prior| prior.visit.as_ref().or(self.visit.as_ref()))
        };
        let all = |number: fn(&Visit) -> bool| visits().all(|visit| visit.is_some_and(number));
        let (there, location) = match level {
            Level::Patient => return Ok(()),
            Level::Account | Level::PatientAndAccount => {
                (self.patient.account.value().is_some(), Location::field("PID", 18))
            }
            Level::Visit => (
                all(|visit| visit.number.value().is_some()),
                Location::field("PV1", 19),
            ),
            Level::AlternateVisit => (
                all(|visit| visit.alternate_number.value().is_some()),
                Location::field("PV1", 50),
            ),
        };
        if there {
            Ok(())
        } else {
            Err(AdtError::MissingField(location.in_occurrence(occurrence)))
        }
    }
}

/// What `MRG` must name for the event to have a subject.
fn demand(prior: &Prior, level: Level, place: Location) -> Result<(), AdtError> {
    let said = |identifier: &Said<_>| identifier.value().is_some();
    let patient = !prior.identifiers.is_empty();
    let (there, field) = match level {
        Level::Patient => (patient, 1),
        Level::PatientAndAccount if !patient => (false, 1),
        Level::PatientAndAccount | Level::Account => (said(&prior.account), 3),
        Level::Visit => (said(&prior.visit) || said(&prior.alternate_visit), 5),
        Level::AlternateVisit => (said(&prior.alternate_visit), 6),
    };
    if there {
        Ok(())
    } else {
        Err(AdtError::MissingField(Location {
            field: Some(field),
            ..place
        }))
    }
}

/// The segments that are read.
const NAMES: [&str; 5] = ["PID", "PD1", "PV1", "PV2", "MRG"];
