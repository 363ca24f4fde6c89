//! What a team says of itself: what it is for, what everybody should know, and who may write.

use serde::{Deserialize, Serialize};

use super::{Change, Mark};
use crate::id::OpId;
use crate::op::space::SpaceOp;
use crate::secret::Personal;
use crate::text::TextField;

/// What a team says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// What it is for; the versions before the one that holds as of lists.
    #[serde(rename = "p", default)]
    pub purpose: TextField,
    /// In the order in which they were pinned.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pinned: Vec<Pinned>,
    /// Set while only administrators write.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub announcements_only: Option<Mark>,
}

/// A pinned note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// Who pinned it, when; its id is that of this operation.
    #[serde(rename = "s")]
    pub by: Mark,
    /// What it says.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

impl Pinned {
    /// Its id.
    pub fn id(&self) -> OpId {
        self.by.stamp.op
    }
}

impl Team {
    /// The pinned notes, in the order in which they were pinned.
    pub fn pinned(&self) -> impl ExactSizeIterator<Item = &Pinned> {
        self.pinned.iter()
    }

    /// A pinned note, while it is pinned.
    pub fn note(&self, id: OpId) -> Option<&Pinned> {
        self.pinned.iter().find(|note| note.id() == id)
    }

    /// True when nothing was ever said.
    pub fn is_empty(&self) -> bool {
        let is_blank = self.purpose.versions().next().is_none();
        is_blank && self.pinned.is_empty() && self.announcements_only.is_none()
    }

    /// Applies an operation; gives what changed.
    pub(super) fn apply(&mut self, mark: Mark, op: &SpaceOp) -> Option<Change> {
        let has_changed = match op {
            SpaceOp::AnnouncementsOnly(op) if op.on => {
                let is_news = self.announcements_only.is_none();
                self.announcements_only.get_or_insert(mark);
                is_news
            }
            SpaceOp::AnnouncementsOnly(_) => self.announcements_only.take().is_some(),
            SpaceOp::NotePinned(op) => {
                let is_news = self.note(mark.stamp.op).is_none();
                if is_news {
                    let text = op.text.clone();
                    self.pinned.push(Pinned { by: mark, text });
                }
                is_news
            }
            SpaceOp::NoteUnpinned(op) => {
                let before = self.pinned.len();
                self.pinned.retain(|note| note.id() != op.note);
                self.pinned.len() < before
            }
            SpaceOp::PurposeSet(op) => {
                mark.rewrite(&mut self.purpose, &op.text, op.base, &op.after);
                true
            }
            SpaceOp::Created(_) | SpaceOp::Renamed(_) => false,
        };
        has_changed.then_some(Change::About)
    }
}

#[cfg(test)]
mod tests;
