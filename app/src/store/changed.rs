//! Which spaces are to be shown anew.

use baton_core::id::SpaceId;
use baton_core::sync::{Shown, Space, Sync};

/// The spaces of which what is shown has changed.
#[derive(PartialEq, Eq)]
pub(super) enum Changed {
    /// All of them, and some may be gone.
    All,
    /// These.
    These(Vec<SpaceId>),
}

impl Changed {
    /// What the machine says.
    pub(super) fn of(shown: &[Shown]) -> Self {
        let mut these = Vec::new();
        for change in shown {
            match change {
                Shown::Spaces => return Self::All,
                Shown::Cursors(space)
                | Shown::History(space)
                | Shown::Outbox(space)
                | Shown::Space(space, _) => {
                    if !these.contains(space) {
                        these.push(*space);
                    }
                }
                Shown::Connection | Shown::Typing(_) => {}
            }
        }
        Self::These(these)
    }

    /// The spaces, as they are now.
    pub(super) fn spaces<'a>(&self, sync: &'a Sync) -> Vec<&'a Space> {
        match self {
            Self::All => sync.spaces().collect(),
            Self::These(these) => these.iter().filter_map(|id| sync.space(*id)).collect(),
        }
    }
}
