//! Rules for the space itself.

use super::Author;
use crate::op::space::{PINNED, PINNED_BYTES, PURPOSE_BYTES, SpaceKind, SpaceOp};
use crate::refusal::Refusal;
use crate::state::SpaceState;
use crate::text::AFTER;

pub(super) fn may(author: Author, op: &SpaceOp, state: &SpaceState) -> Result<(), Refusal> {
    match op {
        SpaceOp::AnnouncementsOnly(_) => team_admin(author, state),
        SpaceOp::NotePinned(pinned) => {
            team_admin(author, state)?;
            super::text_fits(pinned.text.as_str(), PINNED_BYTES)?;
            if state.team.pinned().len() >= PINNED {
                Err(Refusal::TooManyPinned)
            } else {
                Ok(())
            }
        }
        SpaceOp::NoteUnpinned(unpinned) => {
            team_admin(author, state)?;
            let note = state.team.note(unpinned.note);
            note.map(drop).ok_or(Refusal::NoPinned)
        }
        SpaceOp::PurposeSet(set) => {
            team_admin(author, state)?;
            if set.text.as_str().len() > PURPOSE_BYTES {
                return Err(Refusal::TooLong);
            }
            super::edit_fits(set.base, &set.after, Some(&state.team.purpose), state)
        }
        SpaceOp::Created(_) => match author {
            Author::Person(_) => Err(Refusal::RecordOnly),
            Author::Record if state.kind.is_some() => Err(Refusal::Malformed),
            Author::Record => Ok(()),
        },
        SpaceOp::Renamed(renamed) => {
            if let Author::Person(user) = author {
                match state.kind {
                    Some(SpaceKind::Direct) => return Err(Refusal::DirectFixed),
                    // A title could name another patient than the one around whom it is.
                    Some(SpaceKind::Own | SpaceKind::Patient) => return Err(Refusal::NoTitle),
                    Some(SpaceKind::Team) if !state.members.is_admin(user) => return Err(Refusal::NotAdmin),
                    Some(SpaceKind::Group | SpaceKind::Team) | None => {}
                }
            }
            super::title_fits(renamed.title.as_str())?;
            if renamed.after.len() > AFTER {
                Err(Refusal::Malformed)
            } else {
                Ok(())
            }
        }
    }
}

/// What a team says of itself is for its administrators to say.
fn team_admin(author: Author, state: &SpaceState) -> Result<(), Refusal> {
    let Author::Person(user) = author else {
        return Err(Refusal::Malformed);
    };
    match state.kind {
        Some(SpaceKind::Team) if state.members.is_admin(user) => Ok(()),
        Some(SpaceKind::Team) => Err(Refusal::NotAdmin),
        Some(SpaceKind::Direct | SpaceKind::Group | SpaceKind::Own | SpaceKind::Patient) | None => {
            Err(Refusal::TeamsOnly)
        }
    }
}
