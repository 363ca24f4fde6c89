//! What a team says of itself, as its details and its conversation show it.

use baton_core::id::{OpId, SpaceId};
use baton_core::op::space::SpaceKind;
use baton_core::state::{Mark, Pinned, SpaceState};
use baton_core::sync::Sync;

use super::Viewer;
use super::handover::sheet::{Written, standing};
use super::work::line::by;

/// What a team says of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct About {
    /// Whether the reader may change it.
    pub is_admin: bool,
    /// What everybody should know, in the order in which it was pinned.
    pub pinned: Vec<Pin>,
    /// Who set that only administrators write, and when; `None` while everybody does.
    pub announcements_only: Option<String>,
}

/// A pinned note.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin {
    /// Which.
    pub id: OpId,
    /// What it says.
    pub text: String,
    /// Who pinned it, and when.
    pub by: String,
}

/// What a team says of itself; `None` where people are together in another way.
pub fn about(sync: &Sync, space: SpaceId, viewer: &Viewer) -> Option<About> {
    let space = sync.space(space)?;
    let state = space.shown();
    let team = &state.team;
    let pin = |note: &Pinned| {
        let stamp = note.by.stamp;
        let here = if stamp.recorded.is_none() {
            ". On this device"
        } else {
            ""
        };
        Pin {
            id: note.id(),
            text: note.text.as_str().to_owned(),
            by: format!("{}{here}", by(stamp.by, stamp.at, viewer)),
        }
    };
    let set = |mark: Mark| format!("Set by {}", by(mark.stamp.by, mark.stamp.at, viewer));
    (space.kind() == SpaceKind::Team).then(|| About {
        is_admin: space.is_open() && state.members.is_admin(viewer.me),
        pinned: team.pinned().map(pin).collect(),
        announcements_only: team.announcements_only.map(set),
    })
}

/// What the team is for.
pub fn purpose(state: &SpaceState, viewer: &Viewer) -> Written {
    standing(Some(&state.team.purpose), viewer)
}
