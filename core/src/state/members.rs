//! Who belongs to a space, and who of them is on duty, as they said themselves.

use crate::ordered::SortedMap;
use serde::{Deserialize, Serialize};

use super::{Mark, Stamp};
use crate::chain::Seq;
use crate::id::{OpId, UserId};
use crate::op::member::MemberOp;
use crate::op::role::Fallback;
use crate::time::At;

/// A member of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// May add and remove others and rename the space.
    #[serde(rename = "a")]
    pub admin: bool,
    /// Where in the log they joined.
    #[serde(rename = "s")]
    pub since: Seq,
    /// Whether they are on duty; `None` when they never said so, which means neither.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<Duty>,
}

/// That somebody is on or off duty. Nothing but what they say ends it: no time that passes, and nothing that they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The operation that said it last.
    #[serde(rename = "o")]
    pub said: OpId,
    /// Since when: the first that said so, since they said otherwise.
    #[serde(rename = "s")]
    pub since: Stamp,
    /// Set while they are off duty.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub off: Option<OffDuty>,
}

/// What somebody said who went off duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffDuty {
    /// When they mean to be back.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub until: Option<At>,
    /// Who answers for them. A person who left is not named any more.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Fallback>,
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

    /// Whether somebody is on duty, if they ever said so.
    pub fn duty(&self, user: UserId) -> Option<Duty> {
        self.find(user)?.duty
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

    /// Applies an operation about who belongs; true when something changed. Adding a member twice is one addition.
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
                        duty: None,
                    },
                );
                true
            }
            MemberOp::CameOnDuty(_) | MemberOp::WentOffDuty(_) => false,
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
    /// Takes what somebody says of their duty, if they had before them what stands; true when something changed.
    pub(super) fn take_duty(&mut self, mark: Mark, op: &MemberOp) -> bool {
        let (base, off) = match op {
            MemberOp::CameOnDuty(op) => (op.base, None),
            MemberOp::WentOffDuty(op) => {
                let (until, cover) = (op.until, op.cover);
                (op.base, Some(OffDuty { until, cover }))
            }
            MemberOp::Added(_) | MemberOp::Left(_) | MemberOp::MadeAdmin(_) | MemberOp::Removed(_) => {
                return false;
            }
        };
        let stamp = mark.stamp;
        let Some(member) = self.0.get_mut(&stamp.by) else {
            return false;
        };
        if member.duty.map(|duty| duty.said) != base {
            return false;
        }
        let goes_on = member.duty.filter(|duty| duty.off.is_some() == off.is_some());
        member.duty = Some(Duty {
            said: stamp.op,
            since: goes_on.map_or(stamp, |duty| duty.since),
            off,
        });
        true
    }

    /// Somebody no longer belongs here: they answer for nobody. Gives those for whom they did.
    pub(super) fn uncover(&mut self, user: UserId) -> Vec<UserId> {
        let mut uncovered = Vec::new();
        for (id, member) in &mut self.0 {
            let off = member.duty.as_mut().and_then(|duty| duty.off.as_mut());
            let gone = off.and_then(|off| off.cover.take_if(|cover| *cover == Fallback::Person(user)));
            uncovered.extend(gone.map(|_| *id));
        }
        uncovered
    }
}
