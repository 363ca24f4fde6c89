//! What is being written at a handover and not saved: sections of sheets, the note of an offer, questions and reasons. Moving
//! between views loses nothing, and the vault keeps it, sealed.

use std::rc::Rc;

use crate::part::derived::{RwSignal, StoredValue};
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::ordered::{SortedMap, SortedSet};
use serde::{Deserialize, Serialize};

use crate::store::lists::look::CellDraft;

/// Which text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TextKey {
    /// The team.
    pub space: SpaceId,
    /// The section of a sheet, or what the text is for.
    pub what: String,
    /// About whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// At which handover, or in answer to which question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<OpId>,
}

impl TextKey {
    /// What a team is for.
    pub fn purpose(space: SpaceId) -> Self {
        Self::of_team(space, "purpose")
    }

    /// A text about a whole team.
    pub fn of_team(space: SpaceId, what: &str) -> Self {
        Self {
            space,
            what: what.to_owned(),
            patient: None,
            at: None,
        }
    }

    /// At this handover, or about this task, role or template.
    #[must_use]
    pub fn at(self, at: OpId) -> Self {
        Self { at: Some(at), ..self }
    }
}

/// What is to be kept anew; `None`: nothing is written there any more.
pub type Unkept = Vec<(TextKey, Option<CellDraft>)>;

/// All that is being written.
#[derive(Clone, Copy)]
pub struct Texts {
    all: RwSignal<SortedMap<TextKey, CellDraft>>,
    unkept: StoredValue<SortedSet<TextKey>>,
    /// Told that something is to be kept.
    keeps: leptos::prelude::StoredValue<Option<Rc<dyn Fn()>>, LocalStorage>,
}

impl Texts {
    pub(in crate::store) fn new() -> Self {
        Self {
            all: RwSignal::new(SortedMap::new()),
            unkept: StoredValue::new(SortedSet::new()),
            keeps: leptos::prelude::StoredValue::new_local(None),
        }
    }

    /// What is being written. Follows changes.
    pub fn of(&self, key: &TextKey) -> Option<CellDraft> {
        self.all.with(|all| all.get(key).cloned())
    }

    /// What is being written now.
    pub fn of_now(&self, key: &TextKey) -> Option<CellDraft> {
        self.all.with_untracked(|all| all.get(key).cloned())
    }

    /// How many sections of a patient's sheet are written and not saved. Follows changes.
    pub fn unsaved(&self, space: SpaceId, patient: PatientId) -> usize {
        let is_theirs =
            |key: &&TextKey| key.space == space && key.patient == Some(patient) && key.at.is_none();
        self.all.with(|all| all.keys().filter(is_theirs).count())
    }

    /// How many one would lose by closing the tab.
    pub fn begun(&self) -> usize {
        self.all.with_untracked(SortedMap::len)
    }

    /// Changes what is being written; `None`: nothing any more.
    pub fn set(&self, key: TextKey, draft: Option<CellDraft>) {
        if self.of_now(&key) == draft {
            return;
        }
        self.unkept.update_value(|unkept| _ = unkept.insert(key.clone()));
        self.put_back(key, draft);
        let keeps = self.keeps.try_with_value(Clone::clone).flatten();
        if let Some(keeps) = keeps {
            keeps();
        }
    }

    /// Puts back what was kept, or what another tab says.
    pub fn put_back(&self, key: TextKey, draft: Option<CellDraft>) {
        self.all.update(|all| match draft {
            Some(draft) => _ = all.insert(key, draft),
            None => _ = all.remove(&key),
        });
    }

    /// From now on tells `keeps` when something is to be kept.
    pub fn tell(&self, keeps: impl Fn() + 'static) {
        self.keeps.set_value(Some(Rc::new(keeps)));
    }

    /// Takes what is to be kept anew.
    pub fn take_unkept(&self) -> Unkept {
        let unkept = self.unkept.try_update_value(std::mem::take).unwrap_or_default();
        let with_draft = |key: TextKey| {
            let draft = self.of_now(&key);
            (key, draft)
        };
        unkept.into_iter().map(with_draft).collect()
    }

    /// These could not be kept.
    pub fn unkeep(&self, unkept: Unkept) {
        self.unkept
            .update_value(|all| all.extend(unkept.into_iter().map(|(key, _)| key)));
    }

    pub(in crate::store) fn clear(&self) {
        self.all.set(SortedMap::new());
        self.unkept.set_value(SortedSet::new());
        self.keeps.set_value(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::cbor;
    use baton_core::chain::Seq;

    fn key(what: &str) -> TextKey {
        TextKey {
            space: SpaceId::from_bytes([1; 16]),
            what: what.to_owned(),
            patient: Some(PatientId::from_bytes([2; 16])),
            at: None,
        }
    }

    fn draft(text: &str) -> CellDraft {
        CellDraft {
            text: text.to_owned(),
            base: Seq::new(4),
            after: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_kept_once_and_stays_until_it_is_taken_away() {
        let owner = Owner::new();
        owner.set();
        let texts = Texts::new();
        texts.set(key("situation"), Some(draft("short of breath")));
        assert_eq!(texts.begun(), 1);
        assert_eq!(texts.unsaved(key("").space, PatientId::from_bytes([2; 16])), 1);
        assert_eq!(texts.take_unkept().len(), 1);
        texts.set(key("situation"), Some(draft("short of breath")));
        assert!(texts.take_unkept().is_empty(), "it is the same");
        texts.set(key("situation"), None);
        assert_eq!(texts.begun(), 0);
        assert!(texts.take_unkept().iter().all(|(_, draft)| draft.is_none()));
    }

    #[test]
    fn a_text_of_a_handover_is_not_taken_for_one_of_a_list() {
        use crate::store::lists::look::CellKey;
        let bytes = cbor::to_bytes(&(key("situation"), draft("chest pain")));
        assert!(cbor::from_bytes::<(CellKey, CellDraft)>(&bytes).is_err());
        let read: (TextKey, CellDraft) = cbor::from_bytes(&bytes).unwrap();
        assert!(read == (key("situation"), draft("chest pain")));
    }
}
