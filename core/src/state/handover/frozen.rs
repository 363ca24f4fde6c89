//! What stood on a patient's sheet at one moment.

use serde::{Deserialize, Serialize};

use super::Rated;
use crate::chain::Seq;
use crate::op::handover::SectionId;
use crate::text::TextVersion;

/// What stood on a patient's sheet when they were offered or accepted. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// How sick they were said to be.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Rated>,
    /// What was said before that.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub priority_before: Option<Rated>,
    /// The sections that were not empty, with what held in each: several versions where they waited to be settled.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<(SectionId, Vec<TextVersion>)>,
    /// The place of what was then last written about them or judged.
    #[serde(rename = "q")]
    pub changed: Seq,
}

impl Frozen {
    /// What held in a section; nothing when it was empty.
    pub fn text(&self, section: &SectionId) -> &[TextVersion] {
        let found = self.texts.iter().find(|(known, _)| known == section);
        found.map_or(&[], |(_, versions)| versions.as_slice())
    }

    /// The bytes of its texts.
    pub fn bytes(&self) -> usize {
        let versions = self.texts.iter().flat_map(|(_, versions)| versions);
        versions.map(|version| version.text.as_str().len()).sum()
    }
}
