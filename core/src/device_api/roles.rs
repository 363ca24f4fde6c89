//! Who is on call now, over all teams: how to reach whoever answers for a role.

use serde::{Deserialize, Serialize};

use crate::id::{OpId, SpaceId, UserId};
use crate::person::Person;
use crate::secret::Personal;
use crate::time::At;

/// Finds roles by the beginnings of words of their titles, their teams, the organisations of those teams' members, or the
/// names of who answers for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// What was typed; empty lists the roles of one's own teams and organisation.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

/// Roles as they stand at a moment, one's own teams' first, then one's own organisation's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCallAnswer {
    /// The moment, by the record's clock.
    #[serde(rename = "a")]
    pub at: At,
    /// The roles; those in the archive are left out.
    #[serde(rename = "r")]
    pub roles: Vec<OnCallRole>,
    /// Everybody whom they name, in the order of their names: with the id one begins a conversation with them.
    #[serde(rename = "p")]
    pub people: Vec<Person>,
    /// True when more match than are told: more has to be typed.
    #[serde(rename = "m", default)]
    pub has_more: bool,
}

/// A role as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCallRole {
    /// Of which team.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// The operation that defined it.
    #[serde(rename = "r")]
    pub role: OpId,
    /// Its title.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// The team's title.
    #[serde(rename = "e")]
    pub team: Personal<String>,
    /// Who holds it; `None` while it is vacant.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<UserId>,
    /// Since when somebody holds it, or since when it is vacant, by the record's clock; `None` while nobody ever held it.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub since: Option<At>,
    /// Who answers while it is vacant; `None` while it is held, and where nobody does.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<UserId>,
    /// The role that who covers holds, or whose fallback they are, where it is another one.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub through: Option<OpId>,
    /// To whom the holder has offered it, and who has not accepted.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub offered_to: Option<UserId>,
}

impl OnCallRole {
    /// Who answers for it now.
    pub fn answers(&self) -> Option<UserId> {
        self.holder.or(self.cover)
    }
}
