//! What is being written and not sent yet, by conversation. It lives in memory, so that moving between views loses
//! nothing, and leaves with the tab.

use std::collections::BTreeMap;

use baton_core::id::{OpId, SpaceId};
use leptos::prelude::*;

/// What somebody is writing in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// Whether it is to be sent as urgent.
    pub urgent: bool,
    /// The message that it answers.
    pub reply_to: Option<OpId>,
    /// The message that it corrects.
    pub corrects: Option<OpId>,
}

impl Draft {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.reply_to.is_none() && self.corrects.is_none()
    }
}

/// All drafts.
#[derive(Clone, Copy)]
pub struct Drafts {
    all: RwSignal<BTreeMap<SpaceId, Draft>>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            all: RwSignal::new(BTreeMap::new()),
        }
    }

    /// The draft of a conversation.
    pub fn of(self, space: SpaceId) -> Draft {
        self.all.with(|all| all.get(&space).cloned()).unwrap_or_default()
    }

    /// The draft of a conversation, without following it.
    pub fn of_now(self, space: SpaceId) -> Draft {
        self.all
            .with_untracked(|all| all.get(&space).cloned())
            .unwrap_or_default()
    }

    /// What one would lose by closing the tab.
    pub fn any_text(self) -> bool {
        self.all
            .with_untracked(|all| all.values().any(|draft| !draft.text.trim().is_empty()))
    }

    /// Text of a draft that deserves to be mentioned in the list of conversations.
    pub fn preview(self, space: SpaceId) -> Option<String> {
        self.all.with(|all| {
            let text = all.get(&space)?.text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    /// Changes a draft; a blank one is forgotten.
    pub fn edit(self, space: SpaceId, change: impl FnOnce(&mut Draft)) {
        self.all.update(|all| {
            let draft = all.entry(space).or_default();
            change(draft);
            if draft.is_blank() && !draft.urgent {
                all.remove(&space);
            }
        });
    }

    /// Forgets the draft of a conversation, because it was sent or given up.
    pub fn clear(self, space: SpaceId) {
        self.all.update(|all| {
            all.remove(&space);
        });
    }

    pub(super) fn clear_all(self) {
        self.all.set(BTreeMap::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_stays_until_it_is_blank() {
        let owner = Owner::new();
        owner.set();
        let (drafts, space) = (Drafts::new(), SpaceId::from_bytes([1; 16]));
        drafts.edit(space, |draft| draft.text = "Bed 4".into());
        assert_eq!(drafts.of_now(space).text, "Bed 4");
        assert!(drafts.any_text());
        drafts.edit(space, |draft| draft.text.clear());
        assert_eq!(drafts.of_now(space), Draft::default());
        assert!(!drafts.any_text());
    }
}
