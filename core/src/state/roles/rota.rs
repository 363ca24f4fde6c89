//! Who is planned to hold a role when. A plan only: nobody holds a role because it is their shift.

use super::{ROTA, Role, Roles};
use crate::id::{OpId, UserId};
use crate::op::role::{RotaSet, Shift};
use crate::ordered::sort_by_key;
use crate::state::Mark;
use crate::time::At;

impl Roles {
    /// Who is planned to hold a role at a moment.
    pub fn planned(&self, role: OpId, at: At) -> Option<UserId> {
        Some(self.find(role)?.planned(at)?.who)
    }
}

impl Role {
    /// The shifts that are planned, by time.
    pub fn rota(&self) -> &[Shift] {
        &self.rota
    }

    /// The shift of a moment.
    pub fn planned(&self, at: At) -> Option<&Shift> {
        self.rota
            .iter()
            .find(|shift| shift.from <= at && at < shift.until)
    }

    /// The first shift that begins after a moment.
    pub fn next_planned(&self, at: At) -> Option<&Shift> {
        self.rota.iter().find(|shift| shift.from > at)
    }

    /// By which shift who holds it is to hand it on at a moment: another's that has begun, or their own that is over. `None` also
    /// while they offer it, and when they took it after their own.
    pub fn to_hand_on(&self, at: At) -> Option<&Shift> {
        let holder = self.holder.filter(|_| self.offer.is_none())?;
        let shift = self.rota.iter().rev().find(|shift| shift.from <= at)?;
        let is_over = shift.until <= at;
        let is_due = if shift.who == holder.user {
            is_over && holder.since.stamp.at < shift.until
        } else {
            !is_over
        };
        is_due.then_some(shift)
    }

    /// What to name in a rota that is set now.
    pub fn rota_base(&self) -> Option<OpId> {
        self.planned_by.map(|mark| mark.stamp.op)
    }

    /// Replaces what was planned in a stretch. A shift that reaches into it keeps what is outside.
    pub(super) fn plan(&mut self, mark: Mark, set: &RotaSet) -> bool {
        if self.rota_base() != set.base {
            return false;
        }
        let outside = self.rota.iter().flat_map(|shift| {
            let before = Shift {
                until: shift.until.min(set.from),
                ..*shift
            };
            let after = Shift {
                from: shift.from.max(set.until),
                ..*shift
            };
            [before, after]
        });
        let mut rota: Vec<Shift> = outside.filter(|shift| shift.from < shift.until).collect();
        rota.extend(&set.shifts);
        sort_by_key(&mut rota, |shift| shift.from);
        let excess = rota.len().saturating_sub(ROTA);
        rota.drain(..excess);
        self.rota = rota;
        self.planned_by = Some(mark);
        true
    }
}
