//! What is written about a patient for the next handover, and how sick they are.

use serde::{Deserialize, Serialize};

use super::section::{Section, SectionId};
use crate::chain::Seq;
use crate::id::{OpId, PatientId};
use crate::secret::Personal;

/// A text of a section longer than this (in bytes of UTF-8) is refused.
pub const NOTE_BYTES: usize = 8 * 1024;

/// `handover.note_set`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteSet {
    /// About whom.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// Under which heading.
    #[serde(rename = "s")]
    pub section: SectionId,
    /// The text; empty when it was cleared.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// The place of the version that its author had before them; zero when it was empty.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had written there before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}

/// `handover.priority_set`: the last one in the order of the log stands, and the one before it is shown with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrioritySet {
    /// Of whom.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// How sick they are.
    #[serde(rename = "r")]
    pub priority: Priority,
}

/// How sick a patient is, as somebody judged it: the words of I-PASS. Sickest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Needs somebody now.
    #[serde(rename = "u")]
    Unstable,
    /// May get worse: to be seen again and again.
    #[serde(rename = "w")]
    Watch,
    /// As expected.
    #[serde(rename = "s")]
    Stable,
}

/// `handover.template_set`, by administrators. One that was made on another template than the one that holds is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSet {
    /// The sections, in order. What was written in one that is not among them stays readable.
    #[serde(rename = "s")]
    pub sections: Vec<Section>,
    /// The place of the template that its author had before them; zero when the team had chosen none.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had set before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}
