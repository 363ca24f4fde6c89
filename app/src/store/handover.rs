//! What a handover tells a conversation, in words. Whom it is about is not named there, but counted: names stand where the
//! handover itself is shown.

use baton_core::id::{PatientId, UserId};
use baton_core::op::handover::{HandoverOp, Satisfaction, Side, To, Which};
use baton_core::state::SpaceState;
use baton_core::state::handover::HandoverEvent;

use super::Viewer;
use super::event::name;
use super::work::role;

pub mod changes;
pub mod given;
pub mod offer;
pub mod paper;
pub mod sheet;
pub mod team;
pub mod texts;

/// Tells an event in one sentence.
pub fn words(event: &HandoverEvent, by: UserId, state: &SpaceState, viewer: &Viewer) -> String {
    let who = name(by, viewer, true);
    match event {
        HandoverEvent::Accepted { patients, .. } => format!("{who} accepted {}", which(patients)),
        HandoverEvent::Asked(_) => format!("{who} asked something about a handover"),
        HandoverEvent::CareEnded(patients) => {
            format!("{who} ended this team’s care of {}", count(patients))
        }
        HandoverEvent::Closed {
            side, satisfaction, ..
        } => {
            let side = match side {
                Side::Giving => "signed off a handover that they gave",
                Side::Receiving => "signed off a handover that they received",
            };
            let how = match satisfaction {
                None | Some(Satisfaction::Satisfied) => "",
                Some(Satisfaction::Unsatisfied) => ", and was not satisfied with it",
                Some(Satisfaction::Incident) => ", and marked it as an incident",
            };
            format!("{who} {side}{how}")
        }
        HandoverEvent::Offered { to, patients } => {
            let to = match to {
                To::Person(user) => name(*user, viewer, false),
                To::Role(role) => role::title(*role, state),
            };
            format!("{who} offered {} to {to}", count(patients))
        }
        HandoverEvent::Refused { patients, .. } => format!("{who} did not accept {}", which(patients)),
        HandoverEvent::Taken { patients, from: None } => {
            format!("{who} took responsibility for {}", count(patients))
        }
        HandoverEvent::Taken {
            patients,
            from: Some(from),
        } => {
            let from = name(*from, viewer, false);
            format!(
                "{who} took over responsibility for {} from {from}",
                count(patients)
            )
        }
        HandoverEvent::TemplateSet => format!("{who} changed the headings of the handover sheets"),
        HandoverEvent::Withdrawn(_) => format!("{who} withdrew what was not accepted of a handover"),
    }
}

/// Whom an event names.
pub fn people(event: &HandoverEvent) -> Option<UserId> {
    match event {
        HandoverEvent::Offered {
            to: To::Person(user), ..
        } => Some(*user),
        HandoverEvent::Taken { from, .. } => *from,
        HandoverEvent::Accepted { .. }
        | HandoverEvent::Asked(_)
        | HandoverEvent::CareEnded(_)
        | HandoverEvent::Closed { .. }
        | HandoverEvent::Offered { .. }
        | HandoverEvent::Refused { .. }
        | HandoverEvent::TemplateSet
        | HandoverEvent::Withdrawn(_) => None,
    }
}

/// What was not taken, and the text in it.
pub fn refused(op: &HandoverOp) -> (String, String) {
    let (what, text) = match op {
        HandoverOp::Accepted(_) => ("Accepting patients", ""),
        HandoverOp::Answered(op) => ("Your answer at a handover", op.text.as_str()),
        HandoverOp::Asked(op) => ("Your question at a handover", op.text.as_str()),
        HandoverOp::CareEnded(_) => ("Ending the care of patients", ""),
        HandoverOp::Closed(op) => ("Signing off a handover", op.text.as_str()),
        HandoverOp::NoteSet(op) => ("What you wrote on a handover sheet", op.text.as_str()),
        HandoverOp::Offered(op) => (
            "Your offer of patients. They are still with you",
            op.note.as_str(),
        ),
        HandoverOp::PrioritySet(_) => ("How sick you said that a patient is", ""),
        HandoverOp::ReadBack(op) => ("What you read back", op.text.as_str()),
        HandoverOp::Refused(op) => ("Your refusal of patients", op.reason.as_str()),
        HandoverOp::ResponsibilityTaken(_) => ("Taking responsibility. You are not responsible for them", ""),
        HandoverOp::TemplateSet(_) => ("The headings of the handover sheets", ""),
        HandoverOp::Withdrawn(_) => ("Withdrawing a handover", ""),
    };
    (what.to_owned(), text.to_owned())
}

fn which(which: &Which) -> String {
    match which {
        Which::All => "all who were waiting of a handover".to_owned(),
        Which::Some(patients) => format!("{} of a handover", count(patients)),
    }
}

fn count(patients: &[PatientId]) -> String {
    match patients.len() {
        1 => "one patient".to_owned(),
        more => format!("{more} patients"),
    }
}
