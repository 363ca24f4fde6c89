//! What a handover tells a conversation: nobody gets or loses a patient unseen.

use serde::{Deserialize, Serialize};

use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{HandoverOp, Satisfaction, Side, To, Which};

/// What happened, as the operation alone tells it: of an older page nothing else is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandoverEvent {
    /// Somebody accepted patients.
    #[serde(rename = "a")]
    Accepted {
        /// Of which handover.
        #[serde(rename = "o")]
        handover: OpId,
        /// Which of those who were waiting.
        #[serde(rename = "p")]
        patients: Which,
    },
    /// Somebody asked something about this handover.
    #[serde(rename = "q")]
    Asked(OpId),
    /// The team does not look after these any more.
    #[serde(rename = "e")]
    CareEnded(Vec<PatientId>),
    /// A side signed this handover off.
    #[serde(rename = "z")]
    Closed {
        /// Which handover.
        #[serde(rename = "o")]
        handover: OpId,
        /// Which side.
        #[serde(rename = "s")]
        side: Side,
        /// How good they said that it was.
        #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
        satisfaction: Option<Satisfaction>,
    },
    /// Somebody offered patients; the handover is named by the same operation.
    #[serde(rename = "h")]
    Offered {
        /// To whom.
        #[serde(rename = "o")]
        to: To,
        /// Whom.
        #[serde(rename = "p")]
        patients: Vec<PatientId>,
    },
    /// Somebody refused patients.
    #[serde(rename = "r")]
    Refused {
        /// Of which handover.
        #[serde(rename = "o")]
        handover: OpId,
        /// Which of those who were waiting.
        #[serde(rename = "p")]
        patients: Which,
    },
    /// Somebody became responsible without an offer.
    #[serde(rename = "t")]
    Taken {
        /// For whom.
        #[serde(rename = "p")]
        patients: Vec<PatientId>,
        /// Instead of whom.
        #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
        from: Option<UserId>,
    },
    /// The headings of the sheets changed.
    #[serde(rename = "s")]
    TemplateSet,
    /// What was not accepted of this handover was withdrawn.
    #[serde(rename = "w")]
    Withdrawn(OpId),
}

impl HandoverEvent {
    /// What an operation tells a conversation; nothing for what is written on a sheet, answered or read back, which are read
    /// where they stand.
    pub fn of(op: &HandoverOp) -> Option<Self> {
        Some(match op {
            HandoverOp::Accepted(op) => Self::Accepted {
                handover: op.handover,
                patients: op.patients.clone(),
            },
            HandoverOp::Asked(op) => Self::Asked(op.handover),
            HandoverOp::CareEnded(op) => Self::CareEnded(op.patients.clone()),
            HandoverOp::Closed(op) => Self::Closed {
                handover: op.handover,
                side: op.side,
                satisfaction: op.satisfaction,
            },
            HandoverOp::Offered(op) => Self::Offered {
                to: op.to,
                patients: op.patients.clone(),
            },
            HandoverOp::Refused(op) => Self::Refused {
                handover: op.handover,
                patients: op.patients.clone(),
            },
            HandoverOp::ResponsibilityTaken(op) => Self::Taken {
                patients: op.patients.clone(),
                from: op.from,
            },
            HandoverOp::TemplateSet(_) => Self::TemplateSet,
            HandoverOp::Withdrawn(op) => Self::Withdrawn(op.handover),
            HandoverOp::Answered(_)
            | HandoverOp::NoteSet(_)
            | HandoverOp::PrioritySet(_)
            | HandoverOp::ReadBack(_) => return None,
        })
    }

    /// The patients that it names; of an offer that was accepted or refused whole, its handover knows them.
    pub fn patients(&self) -> &[PatientId] {
        match self {
            Self::Accepted { patients, .. } | Self::Refused { patients, .. } => match patients {
                Which::All => &[],
                Which::Some(patients) => patients,
            },
            Self::CareEnded(patients) | Self::Offered { patients, .. } | Self::Taken { patients, .. } => {
                patients
            }
            Self::Asked(_) | Self::Closed { .. } | Self::TemplateSet | Self::Withdrawn(_) => &[],
        }
    }
}
