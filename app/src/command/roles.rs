//! What a person can do about roles.

use baton_core::device_api::{
    ON_CALL_PATH, OnCall, OnCallAnswer, READ_ROTA_PATH, ReadRota, ReadRotaAnswer, RotaFormat,
};
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::role::{self, Fallback, RoleOp, Shift};
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::state::SpaceState;
use baton_core::sync::Sync;
use baton_core::text::Basis;
use baton_core::time::At;
use leptos::prelude::untrack;

use super::Command;
use crate::session::AskError;
use crate::store::Viewer;
use crate::store::work;
use crate::store::work::elsewhere::{self, Found};
use crate::store::work::mine::Mine;
use crate::store::work::role::{RoleKey, RoleTeam};

/// What is done with a role.
pub enum RoleDeed {
    /// Takes what was offered.
    Accept(OpId),
    /// Puts it away, or takes it out.
    Archive(bool),
    /// Says who covers.
    Cover(Option<Fallback>),
    /// Offers it to somebody.
    Offer(UserId),
    /// Plans shifts from then until then, in place of what is planned there.
    Plan(At, At, Vec<Shift>),
    /// Does not take what was offered, and why.
    Refuse(OpId, String),
    /// Calls it otherwise; what its author had before them when they began.
    Rename(String, Basis),
    /// Hands it back.
    Release,
    /// Takes it, from whom it was seen with.
    Take(Option<UserId>),
    /// No longer offers it.
    Withdraw(OpId),
}

impl Command {
    /// Does something with a role.
    pub fn do_role(self, key: RoleKey, deed: RoleDeed) -> Result<OpId, Refusal> {
        let role = key.role;
        let op = match deed {
            RoleDeed::Accept(offer) => RoleOp::Accepted(role::Accepted { role, offer }),
            RoleDeed::Archive(true) => RoleOp::Archived(role::Archived { role }),
            RoleDeed::Archive(false) => RoleOp::Restored(role::Restored { role }),
            RoleDeed::Cover(fallback) => RoleOp::FallbackSet(role::FallbackSet { role, fallback }),
            RoleDeed::Offer(to) => RoleOp::Offered(role::Offered { role, to }),
            RoleDeed::Plan(from, until, shifts) => {
                let base = |state: &SpaceState, _: &Viewer| state.roles.find(role)?.rota_base();
                RoleOp::RotaSet(role::RotaSet {
                    role,
                    from,
                    until,
                    shifts,
                    base: self.of_space(key.space, base).flatten(),
                })
            }
            RoleDeed::Refuse(offer, reason) => RoleOp::OfferRefused(role::OfferRefused {
                role,
                offer,
                reason: Personal::new(reason),
            }),
            RoleDeed::Rename(title, Basis { base, after }) => RoleOp::Retitled(role::Retitled {
                role,
                title: Personal::from(title.trim()),
                base,
                after,
            }),
            RoleDeed::Release => RoleOp::Released(role::Released { role }),
            RoleDeed::Take(from) => RoleOp::Taken(role::Taken { role, from }),
            RoleDeed::Withdraw(offer) => RoleOp::OfferWithdrawn(role::OfferWithdrawn { role, offer }),
        };
        self.act(key.space, Body::Role(op))
    }

    /// What to name in a change of a role's title that begins now.
    pub fn role_basis(self, key: RoleKey) -> Basis {
        let basis = |state: &SpaceState, _: &Viewer| Some(state.roles.find(key.role)?.title.basis());
        self.of_space(key.space, basis).flatten().unwrap_or_default()
    }

    /// Makes a role of a team.
    pub fn make_role(self, space: SpaceId, title: &str, fallback: Option<Fallback>) -> Result<OpId, Refusal> {
        let title = Personal::from(title.trim());
        self.act(
            space,
            Body::Role(RoleOp::Defined(role::Defined { title, fallback })),
        )
    }

    /// All teams with their roles. Follows changes.
    pub fn roles(self) -> Vec<RoleTeam> {
        self.work(work::role::teams).unwrap_or_default()
    }

    /// What concerns the reader on every screen. Follows changes.
    pub fn my_work(self) -> Mine {
        let telling = self.store.work.telling.get();
        let mine = |sync: &Sync, viewer: &Viewer| Mine {
            news: work::tell::lines(&telling, sync, viewer),
            ..work::mine::mine(sync, viewer)
        };
        self.work(mine).unwrap_or_default()
    }

    /// Finds who is on call in teams to which one does not belong; an empty text lists those of one's own organisation.
    pub async fn on_call(self, text: String) -> Result<Found, AskError> {
        let text = Personal::new(text);
        let answer: OnCallAnswer = self.ask(ON_CALL_PATH, &OnCall { text }).await?;
        self.store.people.learn(&answer.people);
        let found = |sync: &Sync, viewer: &Viewer| elsewhere::found(&answer, sync, viewer);
        untrack(|| self.work(found)).ok_or(AskError::Unreachable)
    }

    /// Who covers a role while nobody holds it.
    pub fn cover_of(self, key: RoleKey) -> Option<Fallback> {
        let cover = |state: &SpaceState, _: &Viewer| state.roles.find(key.role)?.fallback;
        self.of_space(key.space, cover).flatten()
    }

    /// Who may cover a role of a team. Follows changes.
    pub fn covers(self, space: SpaceId, but: Option<OpId>) -> Vec<(String, Fallback)> {
        self.of_space(space, |state, viewer| work::role::covers(state, but, viewer))
            .unwrap_or_default()
    }

    /// Has the record read a rota; nothing is planned by it.
    pub async fn read_rota(
        self,
        space: SpaceId,
        format: RotaFormat,
        file: String,
    ) -> Result<ReadRotaAnswer, AskError> {
        let file = Personal::new(file);
        let question = ReadRota { space, format, file };
        self.ask(READ_ROTA_PATH, &question).await
    }

    /// The shifts of a role that are not over, each in words. Follows changes.
    pub fn planned(self, key: RoleKey) -> Vec<(Shift, String)> {
        let planned = |state: &SpaceState, viewer: &Viewer| {
            let rota = state.roles.find(key.role)?.rota().iter();
            let to_come = rota.filter(|shift| shift.until > viewer.now);
            let said = to_come.map(|shift| (*shift, work::role::shift(shift, viewer)));
            Some(said.collect())
        };
        self.of_space(key.space, planned).flatten().unwrap_or_default()
    }

    /// Shifts in words. Follows changes.
    pub fn shift_words(self, shifts: &[Shift]) -> Vec<String> {
        let words = |_: &Sync, viewer: &Viewer| {
            let shifts = shifts.iter().map(|shift| work::role::shift(shift, viewer));
            shifts.collect()
        };
        self.work(words).unwrap_or_default()
    }
}
