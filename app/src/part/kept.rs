//! What is typed and not sent yet: kept in the vault, sealed, so that a lock, a reload or an update loses nothing of it.

use baton_core::text::Basis;

use crate::app::baton;
use crate::part::derived::{RwSignal, effect};
use crate::store::handover::texts::TextKey;
use crate::store::lists::look::CellDraft;

/// A text that is kept while it is typed.
pub fn kept(key: TextKey) -> RwSignal<String> {
    begun(key, String::new(), Basis::default()).0
}

/// A text that is kept while it differs from what it begins with; and what the reader had before them when it was begun.
pub fn begun(key: TextKey, first: String, basis: Basis) -> (RwSignal<String>, Basis) {
    let texts = &baton().store.texts;
    let (now, basis) = match texts.of_now(&key) {
        Some(CellDraft { text, base, after }) => (text, Basis { base, after }),
        None => (first.clone(), basis),
    };
    let (text, of) = (RwSignal::new(now), basis.clone());
    effect(move || {
        let typed = text.get();
        let Basis { base, after } = of.clone();
        let is_another = typed.trim() != first.trim();
        let draft = is_another.then_some(CellDraft {
            text: typed,
            base,
            after,
        });
        texts.set(key.clone(), draft);
    });
    (text, basis)
}

/// It was sent, or is not to be.
pub fn no_longer(key: TextKey) {
    baton().store.texts.set(key, None);
}
