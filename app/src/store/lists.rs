//! Lists of patients, of teams and of one's own.

use baton_core::sync::{Shown, Sync};
use leptos::prelude::*;

use super::Viewer;

/// The lists.
#[derive(Clone, Copy)]
pub struct Lists {
    /// Counts up whenever a list may have changed, for what is described on demand.
    pub revision: RwSignal<u32>,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self {
            revision: RwSignal::new(0),
        }
    }

    /// Brings the lists up to date with the machine.
    pub(super) fn refresh(self, _sync: &Sync, shown: &[Shown], _viewer: &Viewer) {
        let may_have_changed = shown.iter().any(|change| match change {
            Shown::Space(..) | Shown::Spaces | Shown::Outbox(_) => true,
            Shown::Connection | Shown::Cursors(_) | Shown::History(_) | Shown::Typing(_) => false,
        });
        if may_have_changed {
            self.revision
                .update(|revision| *revision = revision.wrapping_add(1));
        }
    }

    pub(super) fn clear(self) {
        self.revision.set(0);
    }
}
