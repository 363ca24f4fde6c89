//! Rules for the space itself.

use super::Author;
use crate::op::space::{SpaceKind, SpaceOp, TITLE_CHARS};
use crate::refusal::Refusal;
use crate::state::SpaceState;

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
                    Some(SpaceKind::Team) if !state.members.is_admin(user) => return Err(Refusal::NotAdmin),
                    Some(SpaceKind::Group | SpaceKind::Own | SpaceKind::Patient | SpaceKind::Team) | None => {
                    }
                }
            }
            super::text_fits(renamed.title.as_str(), TITLE_CHARS * 4)?;
            if renamed.title.as_str().chars().count() > TITLE_CHARS {
                Err(Refusal::TooLong)
            } else {
                Ok(())
            }
        }
    }
}
