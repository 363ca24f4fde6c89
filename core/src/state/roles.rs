//! Roles of a team: who holds which baton since when, to whom it is offered, who answers while nobody holds it.
//!
//! At most one person holds a role. What does not fit what is there changes nothing, here too and not only by the rules: so
//! a role that somebody takes without a network is not shown as theirs once it is known that another has it.
//!
//! Of those who held a role the newest [`PAST`] are held, of refused offers the newest [`REFUSED`], of its rota the latest
//! [`ROTA`] shifts; the log has all.

use serde::{Deserialize, Serialize};

use super::Mark;
use super::handover::Went;
use crate::chain::Seq;
use crate::id::{OpId, UserId};
use crate::op::role::{Defined, Fallback, RoleOp, Shift};
use crate::ordered::SortedMap;
use crate::secret::Personal;
use crate::text::{Basis, TextField};

mod cover;
mod news;
mod rota;

pub use cover::Cover;
pub use news::RoleNews;

/// Of those who held a role before, so many are held.
pub const PAST: usize = 50;

/// Of the offers that were refused, so many are held.
pub const REFUSED: usize = 10;

/// Of the shifts of a role, so many are held.
pub const ROTA: usize = 400;

/// The roles of a team, by the operation that defined each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(SortedMap<OpId, Role>);

impl Roles {
    /// A role, if there is such.
    pub fn find(&self, id: OpId) -> Option<&Role> {
        self.0.get(&id)
    }

    /// All roles, those in the archive too, in the order of their ids, which is about that in which they were defined.
    pub fn iter(&self) -> impl Iterator<Item = (OpId, &Role)> {
        self.0.iter().map(|(id, role)| (*id, role))
    }

    /// How many there are, those in the archive too.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The roles that somebody holds.
    pub fn held_by(&self, user: UserId) -> impl Iterator<Item = (OpId, &Role)> {
        self.iter().filter(move |(_, role)| role.is_held_by(user))
    }

    /// The roles that are offered to somebody.
    pub fn offered_to(&self, user: UserId) -> impl Iterator<Item = (OpId, &Role)> {
        let is_theirs = move |role: &Role| role.offer.is_some_and(|offer| offer.to == user);
        self.iter().filter(move |(_, role)| is_theirs(role))
    }

    /// Applies an operation; gives the role when something of it changed.
    pub(super) fn apply(&mut self, mark: Mark, op: &RoleOp) -> Option<OpId> {
        if let RoleOp::Defined(defined) = op {
            let id = mark.stamp.op;
            let is_new = !self.0.contains_key(&id);
            self.0.or_insert_with(id, || Role::new(mark, defined));
            return is_new.then_some(id);
        }
        let id = op.target()?;
        let role = self.0.get_mut(&id)?;
        let has_changed = role.apply(mark, op);
        if has_changed {
            role.changed = mark.seq;
        }
        has_changed.then_some(id)
    }

    /// A role goes along with patients to who accepted them, if it is with who offered.
    pub(super) fn hand_over(&mut self, mark: Mark, id: OpId, from: UserId) -> Went {
        let Some(role) = self.0.get_mut(&id) else {
            return Went::Elsewhere(None);
        };
        if role.archived.is_some() {
            return Went::Ended;
        }
        if !role.is_held_by(from) {
            return Went::Elsewhere(role.holder.map(|holder| holder.user));
        }
        role.hand_to(Some(mark.stamp.by), mark);
        role.changed = mark.seq;
        Went::Passed
    }

    /// Somebody no longer belongs to the team: they hold nothing, nothing is offered to them, and they answer for nothing.
    /// Gives the roles that changed.
    pub(super) fn leave(&mut self, mark: Mark, user: UserId) -> Vec<OpId> {
        let mut changed = Vec::new();
        for (id, role) in &mut self.0 {
            if role.leave(mark, user) {
                role.changed = mark.seq;
                changed.push(*id);
            }
        }
        changed
    }
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Who defined it.
    #[serde(rename = "s")]
    pub defined: Mark,
    /// Its title.
    #[serde(rename = "t")]
    pub title: TextField,
    /// Who answers for it while nobody holds it.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// Who holds it; `None` while it is vacant.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The offer that stands. Invariant: by who holds it.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Who held it before, oldest first; at most [`PAST`].
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Held>,
    /// Offers that were refused, oldest first; at most [`REFUSED`].
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedOffer>,
    /// Who is planned when, by time; at most [`ROTA`]. No two at a time.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    rota: Vec<Shift>,
    /// Who set the rota last.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub planned_by: Option<Mark>,
    /// Set while it is in the archive.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<Mark>,
    /// The place of what was last done to it.
    #[serde(rename = "q")]
    pub changed: Seq,
}

/// Who holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    #[serde(rename = "u")]
    pub user: UserId,
    /// Since when: that they took or accepted it.
    #[serde(rename = "s")]
    pub since: Mark,
}

/// An offer that stands; it is named by its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// To whom.
    #[serde(rename = "u")]
    pub to: UserId,
    /// Who made it, when.
    #[serde(rename = "s")]
    pub made: Mark,
}

/// Who held a role before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Who, since when.
    #[serde(rename = "h")]
    pub holder: Holder,
    /// What ended it: handed back, accepted or taken by another, put into the archive, or that they left the team.
    #[serde(rename = "x")]
    pub until: Mark,
}

/// An offer that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedOffer {
    /// The offer.
    #[serde(rename = "o")]
    pub offer: Offer,
    /// Who refused it, when.
    #[serde(rename = "s")]
    pub by: Mark,
    /// Why.
    #[serde(rename = "t")]
    pub reason: Personal<String>,
}

impl Role {
    fn new(mark: Mark, defined: &Defined) -> Self {
        let mut title = TextField::default();
        title.edit(mark.version(&defined.title), &Basis::default());
        Self {
            defined: mark,
            title,
            fallback: defined.fallback,
            holder: None,
            offer: None,
            past: Vec::new(),
            refused: Vec::new(),
            rota: Vec::new(),
            planned_by: None,
            archived: None,
            changed: mark.seq,
        }
    }

    /// Whether somebody holds it.
    pub fn is_held_by(&self, user: UserId) -> bool {
        self.holder.is_some_and(|holder| holder.user == user)
    }

    /// The offer that an operation made, while it stands.
    pub fn offer(&self, made_by: OpId) -> Option<&Offer> {
        let offer = self.offer.as_ref();
        offer.filter(|offer| offer.made.stamp.op == made_by && self.is_held_by(offer.made.stamp.by))
    }

    /// Applies an operation about this role; true when something changed.
    fn apply(&mut self, mark: Mark, op: &RoleOp) -> bool {
        let by = mark.stamp.by;
        match op {
            RoleOp::Accepted(accepted) => {
                let is_theirs = self.offer(accepted.offer).is_some_and(|offer| offer.to == by);
                is_theirs && self.hand_to(Some(by), mark)
            }
            RoleOp::Archived(_) => {
                let is_news = self.archived.is_none();
                if is_news {
                    self.hand_to(None, mark);
                    self.archived = Some(mark);
                }
                is_news
            }
            RoleOp::Defined(_) => false,
            RoleOp::FallbackSet(set) => {
                let is_news = self.fallback != set.fallback;
                self.fallback = set.fallback;
                is_news
            }
            RoleOp::Offered(offered) => {
                let (to, made) = (offered.to, mark);
                let may = self.is_held_by(by);
                if may {
                    self.offer = Some(Offer { to, made });
                }
                may
            }
            RoleOp::OfferRefused(refused) => {
                let known = self.offer(refused.offer).filter(|offer| offer.to == by);
                let Some(offer) = known.copied() else { return false };
                self.offer = None;
                let reason = refused.reason.clone();
                self.refused.push(RefusedOffer {
                    offer,
                    by: mark,
                    reason,
                });
                let excess = self.refused.len().saturating_sub(REFUSED);
                self.refused.drain(..excess);
                true
            }
            RoleOp::OfferWithdrawn(withdrawn) => {
                let may = self.is_held_by(by) && self.offer(withdrawn.offer).is_some();
                if may {
                    self.offer = None;
                }
                may
            }
            RoleOp::Released(_) => self.is_held_by(by) && self.hand_to(None, mark),
            RoleOp::Restored(_) => self.archived.take().is_some(),
            RoleOp::Retitled(retitled) => {
                mark.rewrite(&mut self.title, &retitled.title, retitled.base, &retitled.after);
                true
            }
            RoleOp::RotaSet(set) => self.plan(mark, set),
            RoleOp::Taken(taken) => {
                let is_as_seen = self.holder.map(|holder| holder.user) == taken.from;
                let may = is_as_seen && self.archived.is_none() && !self.is_held_by(by);
                may && self.hand_to(Some(by), mark)
            }
        }
    }

    /// Gives the role to somebody, or to nobody; an offer of who had it ends. True when something changed.
    fn hand_to(&mut self, user: Option<UserId>, mark: Mark) -> bool {
        let before = self.holder.take();
        let offer = self.offer.take();
        self.past
            .extend(before.map(|holder| Held { holder, until: mark }));
        let excess = self.past.len().saturating_sub(PAST);
        self.past.drain(..excess);
        self.holder = user.map(|user| Holder { user, since: mark });
        before.is_some() || offer.is_some() || user.is_some()
    }

    fn leave(&mut self, mark: Mark, user: UserId) -> bool {
        let held = self.is_held_by(user) && self.hand_to(None, mark);
        let offered = self.offer.take_if(|offer| offer.to == user).is_some();
        let answered = self
            .fallback
            .take_if(|fallback| *fallback == Fallback::Person(user))
            .is_some();
        held || offered || answered
    }
}

#[cfg(test)]
mod tests;
