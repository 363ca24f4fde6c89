//! A team's template: the headings of its handover sheets.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Mark;
use crate::chain::Seq;
use crate::op::handover::section::standard;
use crate::op::handover::{Section, SectionId, TemplateSet};
use crate::text::Basis;

/// The headings of a team's sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What the team chose last; `None` when it never did, and [`standard`] holds.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    chosen: Option<Chosen>,
    /// Sections that left the template, with the title that they had last.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    left: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Chosen {
    #[serde(rename = "s")]
    sections: Vec<Section>,
    #[serde(rename = "m")]
    by: Mark,
}

impl Template {
    /// True when the team has chosen no sections.
    pub fn is_standard(&self) -> bool {
        self.chosen.is_none()
    }

    /// The sections, in order.
    pub fn sections(&self) -> Cow<'_, [Section]> {
        match &self.chosen {
            Some(chosen) => Cow::Borrowed(&chosen.sections),
            None => Cow::Owned(standard()),
        }
    }

    /// Sections that were in the template once, in the order in which they left it.
    pub fn left(&self) -> &[Section] {
        &self.left
    }

    /// Whether there is such a section now.
    pub fn includes(&self, id: &SectionId) -> bool {
        self.sections().iter().any(|section| section.id == *id)
    }

    /// All headings under which something may have been written: those of the template, then those that left it.
    pub fn headings(&self) -> Vec<Section> {
        let mut headings = self.sections().into_owned();
        headings.extend(self.left.iter().cloned());
        headings
    }

    /// Who chose it last, when; `None` when nobody did.
    pub fn chosen(&self) -> Option<Mark> {
        self.chosen.as_ref().map(|chosen| chosen.by)
    }

    /// What to name in a choice that is made now.
    pub fn basis(&self) -> Basis {
        match self.chosen() {
            Some(mark) if mark.stamp.recorded.is_none() => Basis {
                base: Seq::ZERO,
                after: vec![mark.stamp.op],
            },
            Some(mark) => mark.seq.into(),
            None => Basis::default(),
        }
    }

    /// Whether a choice was made on the template that holds.
    pub fn is_seen_by(&self, set: &TemplateSet) -> bool {
        self.chosen()
            .is_none_or(|mark| mark.seq <= set.base || set.after.contains(&mark.stamp.op))
    }

    /// How many sections there would ever have been with these.
    pub fn ever_with(&self, sections: &[Section]) -> usize {
        let is_new = |section: &&Section| sections.iter().all(|new| new.id != section.id);
        sections.len() + self.headings().iter().filter(is_new).count()
    }

    pub(super) fn set(&mut self, mark: Mark, set: &TemplateSet) -> bool {
        if !self.is_seen_by(set) {
            return false;
        }
        let is_in = |section: &Section| set.sections.iter().any(|new| new.id == section.id);
        let mut left = std::mem::take(&mut self.left);
        let gone = self.sections().into_owned();
        left.extend(gone);
        left.retain(|section| !is_in(section));
        self.left = left;
        self.chosen = Some(Chosen {
            sections: set.sections.clone(),
            by: mark,
        });
        true
    }
}
