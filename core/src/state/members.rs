//! Who belongs to a space.

use crate::ordered::SortedMap;
use serde::{Deserialize, Serialize};

use crate::chain::Seq;
use crate::id::UserId;
use crate::op::member::MemberOp;

/// A member of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// May add and remove others and rename the space.
    #[serde(rename = "a")]
    pub admin: bool,
    /// Where in the log they joined.
    #[serde(rename = "s")]
    pub since: Seq,
}

/// The members of a space, by person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Members(SortedMap<UserId, Member>);

impl Members {
    /// Whether somebody is a member.
    pub fn contains(&self, user: UserId) -> bool {
        self.0.contains_key(&user)
    }

    /// A member, if they are one.
    pub fn find(&self, user: UserId) -> Option<&Member> {
        self.0.get(&user)
    }

    /// Whether somebody is an administrator.
    pub fn is_admin(&self, user: UserId) -> bool {
        self.0.get(&user).is_some_and(|member| member.admin)
    }

    /// All members, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (UserId, &Member)> {
        self.0.iter().map(|(user, member)| (*user, member))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Administrators besides `user`.
    pub fn other_admins(&self, user: UserId) -> usize {
        self.0
            .iter()
            .filter(|(id, member)| member.admin && **id != user)
            .count()
    }

    /// Applies an operation by somebody; true when something changed. Adding a member twice is one addition.
    pub(super) fn apply(&mut self, seq: Seq, by: UserId, op: &MemberOp) -> bool {
        match op {
            MemberOp::Added(added) => {
                if self.contains(added.user) {
                    return false;
                }
                self.0.insert(
                    added.user,
                    Member {
                        admin: added.admin,
                        since: seq,
                    },
                );
                true
            }
            MemberOp::Left(_) => self.0.remove(&by).is_some(),
            MemberOp::MadeAdmin(made) => match self.0.get_mut(&made.user) {
                Some(member) if !member.admin => {
                    member.admin = true;
                    true
                }
                Some(_) | None => false,
            },
            MemberOp::Removed(removed) => self.0.remove(&removed.user).is_some(),
        }
    }
}
