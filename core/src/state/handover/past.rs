//! A handover of long ago, exactly as it was, from the log.

use super::Handover;
use crate::chain::Head;
use crate::id::OpId;
use crate::op::Op;
use crate::state::{SNAPSHOT_ITEMS, SpaceState};
use crate::time::At;

/// Gives a handover with its document, however long ago it was: folds `entries`, which go on from `state`, and takes what was
/// said at it as far as they go.
///
/// `state` is a snapshot from before the offer, or [`SpaceState::new`] for a log from its beginning. Entries that hold
/// messages or tell of patients may be left out: nothing that is handed over comes from them. Those of roles, tasks and
/// members may not. `None` when the offer is not
/// among the entries.
pub fn handover<'a>(
    mut state: SpaceState,
    entries: impl IntoIterator<Item = (Head, At, &'a Op)>,
    id: OpId,
) -> Option<Handover> {
    let mut kept: Option<Handover> = None;
    for (head, recorded, op) in entries {
        state.fold(head, recorded, op);
        if state.timeline.len() > 2 * SNAPSHOT_ITEMS {
            state.trim(SNAPSHOT_ITEMS);
        }
        let Some(now) = state.handovers.find(id) else {
            continue;
        };
        let mut now = now.clone();
        if let Some(before) = kept.as_ref().filter(|_| !now.has_document()) {
            now.fill_from(before);
        }
        kept = Some(now);
    }
    kept.filter(Handover::has_document)
}
