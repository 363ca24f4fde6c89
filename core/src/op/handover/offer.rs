//! Patients that change hands: offered, accepted, refused, asked about, signed off.

use serde::{Deserialize, Serialize};

use crate::id::{OpId, PatientId, UserId};
use crate::secret::Personal;

/// More patients than this in one operation are refused.
pub const PATIENTS: usize = 200;

/// More tasks than this in one offer are refused.
pub const TASKS: usize = 200;

/// More roles than this in one offer are refused.
pub const ROLES: usize = 20;

/// More unsent notes than this in one offer are refused.
pub const UNSENT: usize = 100;

/// More people than this who were there are refused.
pub const PRESENT: usize = 50;

/// More handovers of a team than this in which patients wait are refused.
pub const WAITING: usize = 24;

/// Responsibility for more patients than this in one team is refused; care of those who left is to be ended.
pub const RESPONSIBILITIES: usize = 2_000;

/// A place longer than this (in bytes of UTF-8) is refused.
pub const PLACE_BYTES: usize = 200;

/// A note to a whole handover longer than this (in bytes of UTF-8) is refused.
pub const OFFER_NOTE_BYTES: usize = 8 * 1024;

/// A reason, question, answer, read-back or remark longer than this (in bytes of UTF-8) is refused.
pub const SAID_BYTES: usize = 2 * 1024;

/// `handover.offered`: until somebody accepts, the patients stay with who offered them, and so do tasks and roles.
///
/// Which tasks and roles go along is no reason to refuse it: what somebody else has by the time of the acceptance stays there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Whom, in the order in which they are handed over.
    #[serde(rename = "p")]
    pub patients: Vec<PatientId>,
    /// The list that they were taken from; `None` when they were chosen one by one.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub list: Option<OpId>,
    /// To whom.
    #[serde(rename = "o")]
    pub to: To,
    /// Tasks that go along.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<OpId>,
    /// Roles that go along.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<OpId>,
    /// Where it takes place; empty when nobody said.
    #[serde(rename = "w", default, skip_serializing_if = "is_empty")]
    pub place: Personal<String>,
    /// What is to be said of the whole shift; empty when nothing is.
    #[serde(rename = "t", default, skip_serializing_if = "is_empty")]
    pub note: Personal<String>,
    /// Who is there besides.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<UserId>,
    /// What its author had written about the patients and was then only on their device: where the record refuses one of
    /// these, the handover says that it is missing.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub unsent: Vec<Unsent>,
}

/// A note that was only on its author's device when they offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// About whom: the place among the patients of the offer, from 0.
    #[serde(rename = "p")]
    pub patient: u8,
    /// The operation that wrote it.
    #[serde(rename = "n")]
    pub note: OpId,
}

/// To whom patients are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum To {
    /// One person, who alone may accept.
    #[serde(rename = "p")]
    Person(UserId),
    /// Whoever holds a role then, by the operation that defined it.
    #[serde(rename = "r")]
    Role(OpId),
}

/// Which patients of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// All that are still waiting.
    #[serde(rename = "a")]
    All,
    /// These; who of them is no longer waiting stays as decided.
    #[serde(rename = "s")]
    Some(Vec<PatientId>),
}

impl Which {
    /// Whether a patient is among them.
    pub fn includes(&self, patient: PatientId) -> bool {
        match self {
            Self::All => true,
            Self::Some(patients) => patients.contains(&patient),
        }
    }
}

/// `handover.accepted`: from here on the patients are the acceptor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Which handover.
    #[serde(rename = "o")]
    pub handover: OpId,
    /// Which of its patients.
    #[serde(rename = "p")]
    pub patients: Which,
}

/// `handover.refused`: the patients stay with who offered them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Which handover.
    #[serde(rename = "o")]
    pub handover: OpId,
    /// Which of its patients.
    #[serde(rename = "p")]
    pub patients: Which,
    /// Why.
    #[serde(rename = "t")]
    pub reason: Personal<String>,
}

/// `handover.withdrawn`: what was not accepted is no longer offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Which handover.
    #[serde(rename = "o")]
    pub handover: OpId,
}

/// `handover.asked`. A question is named by the id of this operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which handover.
    #[serde(rename = "o")]
    pub handover: OpId,
    /// About which of its patients; `None` when it is about the whole.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// The question.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `handover.answered`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which question.
    #[serde(rename = "q")]
    pub question: OpId,
    /// The answer.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `handover.read_back`: what the receiver understood, in their words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBack {
    /// Which handover.
    #[serde(rename = "o")]
    pub handover: OpId,
    /// About which of its patients.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// What was read back.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// `handover.closed`: one side signs off. A side may sign again later, to say that something was wrong after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Which handover.
    #[serde(rename = "o")]
    pub handover: OpId,
    /// Which side.
    #[serde(rename = "s")]
    pub side: Side,
    /// How good it was; `None` when they did not say.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    /// What is to be said about how it went; empty when nothing is.
    #[serde(rename = "t", default, skip_serializing_if = "is_empty")]
    pub text: Personal<String>,
    /// Who was there besides.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<UserId>,
}

/// A side of a handover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// Who offered.
    #[serde(rename = "g")]
    Giving,
    /// Who was offered to.
    #[serde(rename = "r")]
    Receiving,
}

/// How good a handover was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Satisfaction {
    /// As it should be.
    #[serde(rename = "s")]
    Satisfied,
    /// Late, incomplete or wrong.
    #[serde(rename = "u")]
    Unsatisfied,
    /// So wrong that it is to be followed up as an incident.
    #[serde(rename = "i")]
    Incident,
}

/// `handover.responsibility_taken`: the first to be responsible for these patients, or instead of somebody. Refused when it
/// moved on from who its author saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponsibilityTaken {
    /// For whom.
    #[serde(rename = "p")]
    pub patients: Vec<PatientId>,
    /// Who was responsible for all of them; `None` when nobody was.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UserId>,
}

/// `handover.care_ended`: the team does not look after these patients any more, says who was responsible for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareEnded {
    /// Whom.
    #[serde(rename = "p")]
    pub patients: Vec<PatientId>,
}

fn is_empty(text: &Personal<String>) -> bool {
    text.as_str().is_empty()
}
