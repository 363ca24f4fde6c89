//! What is said at a handover: questions and answers, what is read back, who signs off.

use serde::{Deserialize, Serialize};

use super::{Handover, Mark};
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{HandoverOp, Satisfaction, Side};
use crate::secret::Personal;

/// More bytes than this that were said at one handover are refused, counting [`EACH_BYTES`] with each.
pub const SAID_BYTES: usize = 32 * 1024;

/// What each question, answer, read-back and sign-off counts for besides its text.
pub const EACH_BYTES: usize = 128;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Who asked, when; the question is named by this operation.
    #[serde(rename = "s")]
    pub asked: Mark,
    /// About whom; `None` when it is about the whole.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// What was asked.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// Its answers, in the order of the log.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who answered, when.
    #[serde(rename = "s")]
    pub by: Mark,
    /// What.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// What somebody read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBack {
    /// Who, when.
    #[serde(rename = "s")]
    pub by: Mark,
    /// About whom.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// What.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// That a side signed off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// Who, when.
    #[serde(rename = "s")]
    pub by: Mark,
    /// For which side.
    #[serde(rename = "d")]
    pub side: Side,
    /// How good it was; `None` when they did not say.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    /// What they said of it; empty when nothing.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// Who was there besides.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<UserId>,
}

impl Handover {
    /// A question that was asked at it.
    pub fn question(&self, id: OpId) -> Option<&Question> {
        self.questions
            .iter()
            .find(|question| question.asked.stamp.op == id)
    }

    /// Takes what was said; true when it was not known yet.
    pub(super) fn take_said(&mut self, mark: Mark, op: &HandoverOp) -> bool {
        if self.said().any(|known| known.stamp.op == mark.stamp.op) {
            return false;
        }
        match op {
            HandoverOp::Answered(said) => {
                let mut questions = self.questions.iter_mut();
                let Some(question) = questions.find(|known| known.asked.stamp.op == said.question) else {
                    return false;
                };
                let text = said.text.clone();
                question.answers.push(Answer { by: mark, text });
            }
            HandoverOp::Asked(said) => self.questions.push(Question {
                asked: mark,
                patient: said.patient,
                text: said.text.clone(),
                answers: Vec::new(),
            }),
            HandoverOp::Closed(said) => self.sign_offs.push(SignOff {
                by: mark,
                side: said.side,
                satisfaction: said.satisfaction,
                text: said.text.clone(),
                present: said.present.clone(),
            }),
            HandoverOp::ReadBack(said) => self.read_backs.push(ReadBack {
                by: mark,
                patient: said.patient,
                text: said.text.clone(),
            }),
            HandoverOp::Accepted(_)
            | HandoverOp::CareEnded(_)
            | HandoverOp::NoteSet(_)
            | HandoverOp::Offered(_)
            | HandoverOp::PrioritySet(_)
            | HandoverOp::Refused(_)
            | HandoverOp::ResponsibilityTaken(_)
            | HandoverOp::TemplateSet(_)
            | HandoverOp::Withdrawn(_) => return false,
        }
        true
    }

    /// Who said something, when.
    fn said(&self) -> impl Iterator<Item = Mark> {
        let answers = self.questions.iter().flat_map(|question| &question.answers);
        let asked = self.questions.iter().map(|question| question.asked);
        asked
            .chain(answers.map(|answer| answer.by))
            .chain(self.read_backs.iter().map(|read| read.by))
            .chain(self.sign_offs.iter().map(|signed| signed.by))
    }

    /// The bytes of what was said, as [`SAID_BYTES`] counts them.
    pub fn said_bytes(&self) -> usize {
        let answers = self.questions.iter().flat_map(|question| &question.answers);
        let texts = self.questions.iter().map(|question| &question.text);
        let texts = texts
            .chain(answers.map(|answer| &answer.text))
            .chain(self.read_backs.iter().map(|read| &read.text))
            .chain(self.sign_offs.iter().map(|signed| &signed.text));
        texts.map(|text| text.as_str().len() + EACH_BYTES).sum()
    }
}
