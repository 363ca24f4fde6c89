//! What is being written and not sent yet, by conversation. Moving between views loses nothing, and the vault keeps it over
//! a reload, a lock and a crash.

use std::fmt;
use std::rc::Rc;

use crate::part::derived::{RwSignal, StoredValue};
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::photo::Photo;
use serde::{Deserialize, Serialize};

/// What somebody is writing in one conversation.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// Whether it is to be sent as urgent.
    pub urgent: bool,
    /// The message that it answers.
    pub reply_to: Option<OpId>,
    /// The message that it corrects.
    pub corrects: Option<OpId>,
    /// The patient that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// The photos that it will show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").finish_non_exhaustive()
    }
}

impl Draft {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
            && self.reply_to.is_none()
            && self.corrects.is_none()
            && self.about.is_none()
            && self.photos.is_empty()
    }
}

/// All drafts.
#[derive(Clone, Copy)]
pub struct Drafts {
    all: RwSignal<SortedMap<SpaceId, Draft>>,
    /// Those that changed since they were last kept.
    unkept: StoredValue<SortedSet<SpaceId>>,
    /// Told that something is to be kept.
    keeps: leptos::prelude::StoredValue<Option<Rc<dyn Fn()>>, LocalStorage>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            all: RwSignal::new(SortedMap::new()),
            unkept: StoredValue::new(SortedSet::new()),
            keeps: leptos::prelude::StoredValue::new_local(None),
        }
    }

    /// The draft of a conversation.
    pub fn of(&self, space: SpaceId) -> Draft {
        self.all.with(|all| all.get(&space).cloned()).unwrap_or_default()
    }

    /// The draft of a conversation, without following it.
    pub fn of_now(&self, space: SpaceId) -> Draft {
        self.all
            .with_untracked(|all| all.get(&space).cloned())
            .unwrap_or_default()
    }

    /// How many one would lose by closing the tab.
    pub fn begun(&self) -> usize {
        let has_text = |draft: &&Draft| !draft.text.trim().is_empty() || !draft.photos.is_empty();
        self.all
            .with_untracked(|all| all.values().filter(has_text).count())
    }

    /// Text of a draft that deserves to be mentioned in the list of conversations.
    pub fn preview(&self, space: SpaceId) -> Option<String> {
        self.all.with(|all| {
            let text = all.get(&space)?.text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    /// Changes a draft; a blank one is forgotten.
    pub fn edit(&self, space: SpaceId, change: impl FnOnce(&mut Draft)) {
        self.changed(space);
        self.all.update(|all| {
            let draft = all.or_default(space);
            change(draft);
            if draft.is_blank() && !draft.urgent {
                all.remove(&space);
            }
        });
    }

    /// What was written is sent. Photos that a correction did not show wait for the message after it.
    pub fn sent(&self, space: SpaceId) {
        self.edit(space, |draft| {
            let sent = std::mem::take(draft);
            if sent.corrects.is_some() {
                draft.photos = sent.photos;
            }
        });
    }

    /// From now on tells `keeps` when something is to be kept.
    pub fn tell(&self, keeps: impl Fn() + 'static) {
        self.keeps.set_value(Some(Rc::new(keeps)));
    }

    fn changed(&self, space: SpaceId) {
        self.unkept.update_value(|unkept| _ = unkept.insert(space));
        let keeps = self.keeps.try_with_value(Clone::clone).flatten();
        if let Some(keeps) = keeps {
            keeps();
        }
    }

    /// Takes what is to be kept anew; `None`: nothing is written there any more.
    pub fn take_unkept(&self) -> Vec<(SpaceId, Option<Draft>)> {
        let unkept = self.unkept.try_update_value(std::mem::take).unwrap_or_default();
        self.all.with_untracked(|all| {
            unkept
                .into_iter()
                .map(|space| (space, all.get(&space).cloned()))
                .collect()
        })
    }

    /// These could not be kept.
    pub fn unkeep(&self, spaces: impl Iterator<Item = SpaceId>) {
        self.unkept.update_value(|unkept| unkept.extend(spaces));
    }

    /// Puts back what was kept, or what another tab says.
    pub fn put_back(&self, space: SpaceId, draft: Option<Draft>) {
        self.all.update(|all| match draft {
            Some(draft) => _ = all.insert(space, draft),
            None => _ = all.remove(&space),
        });
    }

    pub(super) fn clear_all(&self) {
        self.all.set(SortedMap::new());
        self.unkept.set_value(SortedSet::new());
        self.keeps.set_value(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_with_a_patient_stays_and_one_that_was_kept_without_is_read() {
        #[derive(Serialize)]
        struct Before {
            text: String,
            urgent: bool,
            reply_to: Option<OpId>,
            corrects: Option<OpId>,
        }
        let owner = Owner::new();
        owner.set();
        let (drafts, space) = (Drafts::new(), SpaceId::from_bytes([1; 16]));
        let patient = PatientId::from_bytes([2; 16]);
        drafts.edit(space, |draft| draft.about = Some(patient));
        assert_eq!(drafts.of_now(space).about, Some(patient));
        let before = Before {
            text: "Bed 4".into(),
            urgent: true,
            reply_to: None,
            corrects: None,
        };
        let read: Draft = baton_core::cbor::from_bytes(&baton_core::cbor::to_bytes(&before)).unwrap();
        assert_eq!(
            (read.text.as_str(), read.urgent, read.about),
            ("Bed 4", true, None)
        );
    }

    #[test]
    fn a_draft_stays_until_it_is_blank() {
        let owner = Owner::new();
        owner.set();
        let (drafts, space) = (Drafts::new(), SpaceId::from_bytes([1; 16]));
        drafts.edit(space, |draft| draft.text = "Bed 4".into());
        assert_eq!(drafts.of_now(space).text, "Bed 4");
        assert_eq!(drafts.begun(), 1);
        drafts.edit(space, |draft| draft.text.clear());
        assert_eq!(drafts.of_now(space), Draft::default());
        assert_eq!(drafts.begun(), 0);
    }
}
