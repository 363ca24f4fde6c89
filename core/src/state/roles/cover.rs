//! Who answers for a role: its holder, or while it is vacant whoever its fallbacks lead to.

use super::Roles;
use crate::id::{OpId, UserId};
use crate::op::role::Fallback;

/// Who answers for a role, and by which way one comes to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The role that was asked for, then the roles to which fallbacks led. The last one is held, or its fallback is a
    /// person, or nobody answers.
    pub through: Vec<OpId>,
    /// Who answers; `None` when nobody does.
    pub who: Option<UserId>,
}

impl Cover {
    /// Whether the role itself is held.
    pub fn is_holder(&self) -> bool {
        self.who.is_some() && self.through.len() == 1
    }
}

impl Roles {
    /// Follows the fallbacks of a role to somebody who answers for it now. A role in the archive is passed through: nobody
    /// holds it. Gives nobody where the way goes round in a circle, which the rules refuse to make.
    pub fn cover(&self, role: OpId) -> Cover {
        let mut through = Vec::new();
        let mut next = Some(role);
        while let Some(id) = next.filter(|id| !through.contains(id)) {
            let Some(role) = self.find(id) else { break };
            through.push(id);
            if let Some(holder) = role.holder {
                let who = Some(holder.user);
                return Cover { through, who };
            }
            next = match role.fallback {
                Some(Fallback::Person(user)) => {
                    let who = Some(user);
                    return Cover { through, who };
                }
                Some(Fallback::Role(id)) => Some(id),
                None => None,
            };
        }
        Cover { through, who: None }
    }

    /// Who answers for a role now, if anybody does.
    pub fn answers(&self, role: OpId) -> Option<UserId> {
        self.cover(role).who
    }

    /// Whether the fallbacks of `from` lead to `to`: what may not be, if `to` is to fall back to `from`.
    pub fn leads_to(&self, from: OpId, to: OpId) -> bool {
        let mut seen = Vec::new();
        let mut next = Some(from);
        while let Some(id) = next.filter(|id| !seen.contains(id)) {
            if id == to {
                return true;
            }
            seen.push(id);
            next = self.find(id).and_then(|role| match role.fallback {
                Some(Fallback::Role(id)) => Some(id),
                Some(Fallback::Person(_)) | None => None,
            });
        }
        false
    }
}
