//! A handover of long ago, exactly as it was, from the log.

use super::Handover;
use crate::chain::Head;
use crate::id::OpId;
use crate::op::Op;
use crate::state::{SNAPSHOT_ITEMS, SpaceState};
use crate::time::At;

/// A handover with its document, however long ago it was: the log is folded, and what was said at it is taken as far as it goes.
pub struct Past {
    state: SpaceState,
    id: OpId,
    kept: Option<Handover>,
}

impl Past {
    /// Begins. `state` is a snapshot from before the offer, or [`SpaceState::new`] for a log from its beginning.
    pub fn new(state: SpaceState, id: OpId) -> Self {
        let kept = None;
        Self { state, id, kept }
    }

    /// Goes on by an entry. Those that hold messages or tell of patients may be left out: nothing that is handed over comes from
    /// them. Those of roles, tasks and members may not. False once the team holds it no longer: nothing is said at it any more.
    pub fn fold(&mut self, head: Head, recorded: At, op: &Op) -> bool {
        self.state.fold(head, recorded, op);
        if self.state.timeline.len() > 2 * SNAPSHOT_ITEMS {
            self.state.trim(SNAPSHOT_ITEMS);
        }
        let Some(now) = self.state.handovers.find(self.id) else {
            return self.kept.is_none();
        };
        let mut now = now.clone();
        if let Some(before) = self.kept.as_ref().filter(|_| !now.has_document()) {
            now.fill_from(before);
        }
        self.kept = Some(now);
        true
    }

    /// It; `None` when its offer was not among the entries.
    pub fn handover(self) -> Option<Handover> {
        self.kept.filter(Handover::has_document)
    }
}
