//! Rules for the space itself.

use super::Author;
use crate::op::space::{SpaceKind, SpaceOp};
use crate::refusal::Refusal;
use crate::state::SpaceState;
use crate::text::AFTER;

pub(super) fn may(author: Author, op: &SpaceOp, state: &SpaceState) -> Result<(), Refusal> {
    match op {
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
