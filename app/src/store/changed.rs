//! Which spaces are to be looked at anew.

use baton_core::id::SpaceId;
use baton_core::sync::{Shown, Space, Sync};

/// The spaces of which what is shown has changed.
#[derive(PartialEq, Eq)]
pub(crate) enum Changed {
    /// All of them, and some may be gone.
    All,
    /// These.
    These(Vec<SpaceId>),
}

impl Default for Changed {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl Changed {
    /// What the machine says.
    pub(super) fn of(shown: &[Shown]) -> Self {
        let mut changed = Self::default();
        changed.add(shown);
        changed
    }

    /// And what it says besides.
    pub(crate) fn add(&mut self, shown: &[Shown]) {
        for change in shown {
            match (change, &mut *self) {
                (Shown::Spaces, _) => *self = Self::All,
                (
                    Shown::Cursors(space)
                    | Shown::History(space)
                    | Shown::Outbox(space)
                    | Shown::Space(space, _),
                    Self::These(these),
                ) if !these.contains(space) => these.push(*space),
                _ => {}
            }
        }
    }

    /// The spaces, as they are now.
    pub(super) fn spaces<'a>(&self, sync: &'a Sync) -> Vec<&'a Space> {
        match self {
            Self::All => sync.spaces().collect(),
            Self::These(these) => these.iter().filter_map(|id| sync.space(*id)).collect(),
        }
    }
}
