//! Joining a team by invitation: an administrator makes one, whoever has it asks to join, and an administrator lets them in, by
//! adding them as anybody is added. Nobody joins by an invitation alone (ADR 20).

use serde::{Deserialize, Serialize};

use crate::id::{InvitationId, SpaceId, UserId};
use crate::person::Person;
use crate::time::At;

/// Asks how it stands with the invitation of a team, of which one is an administrator, and changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The team.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// What is to be done.
    #[serde(rename = "d")]
    pub deed: InviteDeed,
}

/// What an administrator does with the invitation of their team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InviteDeed {
    /// Does not let somebody in who asked.
    #[serde(rename = "decline")]
    Decline(UserId),
    /// Withdraws the invitation. Who asked by it is still let in or not.
    #[serde(rename = "end")]
    End,
    /// Makes one, in the place of the one before.
    #[serde(rename = "make")]
    Make,
    /// Nothing.
    #[serde(rename = "see")]
    See,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAnswer {
    /// The invitation, to who has just made it: the record itself does not know it any more.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub made: Option<InvitationId>,
    /// Until when one is open; `None` while there is none.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub until: Option<At>,
    /// Who asked to join and is no member, who asked first first.
    #[serde(rename = "a")]
    pub asking: Vec<Person>,
}

/// Asks to join a team by its invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The invitation.
    #[serde(rename = "i")]
    pub invitation: InvitationId,
}

/// It was asked. Which team it is stays with its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinAnswer {
    /// Who made the invitation.
    #[serde(rename = "b")]
    pub by: Person,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor;

    #[test]
    fn questions_and_answers_are_read_as_they_were_written() {
        let (space, user) = (SpaceId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
        for deed in [
            InviteDeed::Decline(user),
            InviteDeed::End,
            InviteDeed::Make,
            InviteDeed::See,
        ] {
            let asked = Invite { space, deed };
            assert_eq!(
                cbor::from_bytes::<Invite>(&cbor::to_bytes(&asked)).unwrap(),
                asked
            );
        }
        for made in [None, Some(InvitationId::from_bytes([3; 16]))] {
            let answer = InviteAnswer {
                made,
                until: made.map(|_| At::from_millis(7)),
                asking: Vec::new(),
            };
            assert_eq!(
                cbor::from_bytes::<InviteAnswer>(&cbor::to_bytes(&answer)).unwrap(),
                answer
            );
        }
    }
}
