//! Rules for messages.

use super::Author;
use crate::id::{OpId, UserId};
use crate::op::message::{MENTIONS, MessageOp, PHOTOS, Posted, Priority, ROLES, TEXT_BYTES};
use crate::photo::Photo;
use crate::refusal::Refusal;
use crate::state::{Message, SpaceState};

pub(super) fn may(author: Author, op: &MessageOp, state: &SpaceState) -> Result<(), Refusal> {
    let Author::Person(user) = author else {
        return Err(Refusal::Malformed);
    };
    match op {
        MessageOp::Acknowledged(acknowledged) => {
            let message = standing(acknowledged.message, state)?;
            if message.priority != Priority::Urgent {
                Err(Refusal::AcknowledgeRoutine)
            } else if message.stamp.by == user {
                Err(Refusal::AcknowledgeOwn)
            } else {
                Ok(())
            }
        }
        MessageOp::Corrected(corrected) => {
            super::text_fits(corrected.text.as_str(), TEXT_BYTES)?;
            standing(corrected.message, state).and_then(|message| author_of(message, user))
        }
        MessageOp::Posted(posted) => {
            super::text_fits(posted.text.as_str(), TEXT_BYTES)?;
            may_write(posted, user, state)?;
            if posted.mentions.len() > MENTIONS
                || posted.roles.len() > ROLES
                || posted.photos.len() > PHOTOS
                || !posted.photos.iter().all(Photo::has_a_size)
            {
                Err(Refusal::TooLong)
            } else {
                Ok(())
            }
        }
        MessageOp::Withdrawn(withdrawn) => {
            let message = state
                .timeline
                .message(withdrawn.message)
                .ok_or(Refusal::NoMessage)?;
            author_of(message, user)
        }
    }
}

/// Where only administrators write, an urgent answer is taken from everybody: it interrupts and asks to be acknowledged, so it
/// is no chatter, and nobody is kept from saying that they cannot come. That it is an answer is told by the operation alone,
/// since not every device holds the message.
fn may_write(posted: &Posted, user: UserId, state: &SpaceState) -> Result<(), Refusal> {
    let is_urgent_answer = posted.priority == Priority::Urgent && posted.reply_to.is_some();
    if state.team.announcements_only.is_none() || is_urgent_answer || state.members.is_admin(user) {
        Ok(())
    } else {
        Err(Refusal::AnnouncementsOnly)
    }
}

fn standing(id: OpId, state: &SpaceState) -> Result<&Message, Refusal> {
    let message = state.timeline.message(id).ok_or(Refusal::NoMessage)?;
    if message.withdrawn.is_some() {
        Err(Refusal::Withdrawn)
    } else {
        Ok(message)
    }
}

fn author_of(message: &Message, user: UserId) -> Result<(), Refusal> {
    if message.stamp.by == user {
        Ok(())
    } else {
        Err(Refusal::NotAuthor)
    }
}
