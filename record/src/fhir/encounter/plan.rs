//! From how a visit stands, and what an `Encounter` says of it, to what happened: pure. FHIR sends how things are; the index keeps
//! what happened.

use baton_core::patient::{Visit, VisitStatus};

use super::read::Said;
use super::status::{Class, Status};
use crate::patients::change::{Cancelled, Update, VisitDetails, VisitEvent};

/// What happened: words about the visit in their order, `None` where something is only told.
pub fn plan(before: Option<&Visit>, said: &Said<'_>) -> Vec<(Option<VisitEvent>, VisitDetails)> {
    let has_moved = match &said.details.place {
        Update::Set(place) => before.and_then(|visit| visit.place.as_ref()) != Some(place),
        Update::Clear | Update::Keep => false,
    };
    let status = before.map(|visit| visit.status);
    let mut words = words(status, said.status, said.class, has_moved);
    // The last one says how things are; those before it only take back what was wrong.
    let last = words.pop();
    let details = match said.status {
        Status::Cancelled | Status::EnteredInError => VisitDetails::default(),
        Status::Arrived
        | Status::Finished
        | Status::InProgress
        | Status::OnLeave
        | Status::Planned
        | Status::Triaged
        | Status::Unknown => said.details.clone(),
    };
    words
        .into_iter()
        .map(|word| (word, VisitDetails::default()))
        .chain(last.map(|word| (word, details)))
        .collect()
}

fn words(before: Option<VisitStatus>, now: Status, class: Class, has_moved: bool) -> Vec<Option<VisitEvent>> {
    use VisitEvent::{Cancel, Discharge, LeaveBack, LeaveOut, PreAdmit, Remove, Transfer};
    let enter = match class {
        Class::Attendance => VisitEvent::Attend,
        Class::Stay => VisitEvent::Admit,
    };
    let in_care = now.stands(class);
    let events = match (now, before) {
        (Status::Unknown, _)
        | (Status::Finished, Some(VisitStatus::Discharged))
        | (Status::OnLeave, Some(VisitStatus::OnLeave)) => return vec![None],
        (Status::Cancelled, None | Some(VisitStatus::PreAdmitted)) => {
            vec![Cancel(Cancelled::PreAdmit), Remove]
        }
        // Whatever else may stand of it goes too.
        (Status::Cancelled, Some(_)) => vec![Cancel(Cancelled::Admit), Remove],
        (Status::EnteredInError, _) => vec![Remove],
        (Status::Planned, None | Some(VisitStatus::PreAdmitted)) => vec![PreAdmit],
        (Status::Planned, Some(_)) => vec![Cancel(Cancelled::Admit), PreAdmit],
        (Status::Finished, _) => vec![Discharge],
        (Status::OnLeave, Some(VisitStatus::Discharged)) => vec![Cancel(Cancelled::Discharge), LeaveOut],
        (Status::OnLeave, _) => vec![LeaveOut],
        (Status::Arrived | Status::InProgress | Status::Triaged, before) if before == in_care => {
            return vec![has_moved.then_some(Transfer)];
        }
        (Status::Arrived | Status::InProgress | Status::Triaged, Some(VisitStatus::Discharged)) => {
            vec![Cancel(Cancelled::Discharge), enter]
        }
        (Status::Arrived | Status::InProgress | Status::Triaged, Some(VisitStatus::OnLeave))
            if class == Class::Stay =>
        {
            vec![LeaveBack]
        }
        (Status::Arrived | Status::InProgress | Status::Triaged, _) => vec![enter],
    };
    events.into_iter().map(Some).collect()
}

#[cfg(test)]
mod tests {
    use baton_core::time::At;

    use super::*;
    use crate::patients::stay::{Said as Word, Stay};

    const STATUSES: [Status; 8] = [
        Status::Planned,
        Status::Arrived,
        Status::Triaged,
        Status::InProgress,
        Status::OnLeave,
        Status::Finished,
        Status::Cancelled,
        Status::EnteredInError,
    ];

    #[test]
    fn after_any_course_of_statuses_a_visit_stands_as_was_said_last() {
        // Every course of four, in both classes: 8^4 * 2^4.
        for course in 0..(16_u32.pow(4)) {
            let mut stay = Stay::new(None);
            let mut at = 0;
            for step in 0..4 {
                let choice = course / 16_u32.pow(step) % 16;
                let status = STATUSES[usize::try_from(choice / 2).unwrap()];
                let class = if choice % 2 == 0 {
                    Class::Stay
                } else {
                    Class::Attendance
                };
                let before = crate::patients::stay::visit(&[&stay]);
                for event in words(before.map(|visit| visit.status), status, class, false) {
                    at += 1;
                    stay.take(Word {
                        at: At::from_millis(at),
                        event,
                        details: VisitDetails::default(),
                    });
                }
                let stands = crate::patients::stay::visit(&[&stay]).map(|visit| visit.status);
                assert_eq!(stands, status.stands(class), "course {course} step {step}");
            }
        }
    }
}
