//! What changed on the screen while one event was handled, told once at its end.

use super::{Action, Shown};
use crate::id::SpaceId;
use crate::ordered::{SortedMap, SortedSet};
use crate::state::Change;

/// What changed on the screen.
#[derive(Debug, Default)]
pub(super) struct Screen {
    connection: bool,
    spaces: bool,
    changes: SortedMap<SpaceId, Vec<Change>>,
    cursors: SortedSet<SpaceId>,
    history: SortedSet<SpaceId>,
    outbox: SortedSet<SpaceId>,
    typing: SortedSet<SpaceId>,
}

impl Screen {
    pub(super) fn connection(&mut self) {
        self.connection = true;
    }

    pub(super) fn spaces(&mut self) {
        self.spaces = true;
    }

    /// The confirmed state changed, or how it stands.
    pub(super) fn space(&mut self, id: SpaceId, changes: Vec<Change>) {
        self.changes.or_default(id).extend(changes);
    }

    pub(super) fn cursors(&mut self, id: SpaceId) {
        self.cursors.insert(id);
    }

    pub(super) fn history(&mut self, id: SpaceId) {
        self.history.insert(id);
    }

    /// Something in the outbox changed its state.
    pub(super) fn outbox(&mut self, id: SpaceId) {
        self.outbox.insert(id);
    }

    /// Something in the outbox came, went or was refused.
    pub(super) fn replay(&mut self, id: SpaceId) {
        self.outbox.insert(id);
        self.space(id, Vec::new());
    }

    pub(super) fn typing(&mut self, id: SpaceId) {
        self.typing.insert(id);
    }

    /// The spaces whose shown state is to be made again.
    pub(super) fn touched(&self) -> Vec<SpaceId> {
        self.changes.keys().copied().collect()
    }

    /// The spaces whose cursors moved.
    pub(super) fn moved_cursors(&self) -> impl Iterator<Item = SpaceId> {
        self.cursors.iter().copied()
    }

    /// Takes everything, as actions.
    pub(super) fn take(&mut self) -> Vec<Action> {
        let all = std::mem::take(self);
        let mut shown = Vec::new();
        if all.connection {
            shown.push(Shown::Connection);
        }
        if all.spaces {
            shown.push(Shown::Spaces);
        }
        shown.extend(
            all.changes
                .into_iter()
                .map(|(id, changes)| Shown::Space(id, changes)),
        );
        shown.extend(all.history.into_iter().map(Shown::History));
        shown.extend(all.outbox.into_iter().map(Shown::Outbox));
        shown.extend(all.cursors.into_iter().map(Shown::Cursors));
        shown.extend(all.typing.into_iter().map(Shown::Typing));
        shown.into_iter().map(Action::Show).collect()
    }
}
