//! The headings of a handover sheet: a team's template, and what there is to choose from.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::secret::Personal;

/// A section's id longer than this (in bytes) is refused.
pub const SECTION_ID_BYTES: usize = 32;

/// More sections than this in one template are refused.
pub const SECTIONS: usize = 24;

/// More sections than this that a team ever had are refused: what was written in one that is gone stays readable.
pub const SECTIONS_EVER: usize = 60;

/// Names a section of a handover sheet: lower-case letters, digits and hyphens. A text and no number, so that a section
/// which a newer version knows is no fault to an older one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SectionId(String);

impl SectionId {
    /// Takes an id as it is; [`Self::is_sound`] says whether a template may hold it.
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// Shows the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is made as ids of sections are.
    pub fn is_sound(&self) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !self.0.is_empty() && self.0.len() <= SECTION_ID_BYTES && self.0.bytes().all(is_plain)
    }
}

impl fmt::Display for SectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A section of a handover sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What it is named by.
    #[serde(rename = "i")]
    pub id: SectionId,
    /// Its heading.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// Whether it is to be filled in for every patient: one that is empty is shown as a gap.
    #[serde(rename = "e", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_expected: bool,
}

/// The sections of a team that has chosen none: SBAR, and what audits of out-of-hours handovers found missing most often
/// (resuscitation status, ceiling of care, results awaited).
pub fn standard() -> Vec<Section> {
    let mut sections: Vec<Section> = STANDARD.iter().map(|heading| heading.section(true)).collect();
    if let Some(last) = sections.last_mut() {
        last.is_expected = false;
    }
    sections
}

/// A heading to choose for a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The section's id.
    pub id: &'static str,
    /// What it says.
    pub title: &'static str,
}

impl Heading {
    /// The section of a template that has it.
    pub fn section(self, is_expected: bool) -> Section {
        Section {
            id: SectionId::new(self.id),
            title: self.title.into(),
            is_expected,
        }
    }
}

const fn heading(id: &'static str, title: &'static str) -> Heading {
    Heading { id, title }
}

/// Resuscitation status.
pub const RESUSCITATION: &str = "resuscitation";

/// Ceiling of care.
pub const CEILING: &str = "ceiling-of-care";

/// The headings of [`standard`], in order. All but the last are expected.
pub const STANDARD: [Heading; 7] = [
    heading("situation", "Situation"),
    heading("background", "Background"),
    heading("assessment", "Assessment"),
    heading("recommendation", "Recommendation"),
    heading(RESUSCITATION, "Resuscitation status"),
    heading(CEILING, "Ceiling of care"),
    heading("results-awaited", "Results awaited"),
];

/// More headings, worded as those of the Professional Record Standards Body for discharges and transfers of care.
pub const PRSB: [Heading; 17] = [
    heading("admission-details", "Admission details"),
    heading("reason-for-admission", "Reason for admission"),
    heading("diagnoses", "Diagnoses"),
    heading("procedures", "Procedures"),
    heading("clinical-summary", "Clinical summary"),
    heading("allergies", "Allergies and adverse reactions"),
    heading("medications", "Medications and medical devices"),
    heading("investigation-results", "Investigation results"),
    heading("assessment-scales", "Assessment scales"),
    heading("safety-alerts", "Safety alerts"),
    heading("infection-control", "Infection prevention and control"),
    heading("legal-information", "Legal information"),
    heading("social-context", "Social context"),
    heading("individual-requirements", "Individual requirements"),
    heading("about-me", "About me"),
    heading("plan", "Plan and requested actions"),
    heading("information-given", "Information and advice given"),
];
