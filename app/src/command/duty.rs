//! What a person says of being on or off duty.

use baton_core::id::{SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{CameOnDuty, MemberOp, WentOffDuty};
use baton_core::op::role::Fallback;
use baton_core::refusal::Refusal;
use baton_core::state::SpaceState;
use baton_core::sync::Sync;
use baton_core::time::At;

use super::Command;
use crate::store::duty::{self, Absent, Mine};

/// What somebody says who goes off duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Off {
    /// When they mean to be back.
    pub until: Option<At>,
    /// Who covers; named in the teams to which they belong.
    pub cover: Option<Fallback>,
}

impl Command {
    /// Says in all one's teams that one is off duty, or on duty with `None`.
    pub fn set_duty(self, off: Option<Off>) -> Result<(), Refusal> {
        let teams = |sync: &Sync| {
            let said = duty::teams(sync).map(|space| (space.id(), body(off, sync.user(), space.shown())));
            said.collect::<Vec<_>>()
        };
        for (space, body) in self.look(teams).unwrap_or_default() {
            self.act(space, Body::Member(body))?;
        }
        Ok(())
    }

    /// What the reader said of themselves, and what they have. Follows changes.
    pub fn my_duty(self) -> Mine {
        self.work(duty::mine).unwrap_or_default()
    }

    /// Who may cover for the reader. Follows changes.
    pub fn duty_covers(self) -> Vec<(String, Fallback)> {
        self.work(duty::covers).unwrap_or_default()
    }

    /// That somebody is off duty, since when, until when, who covers. Follows changes.
    pub fn away(self, user: UserId) -> Option<String> {
        self.work(|_, viewer| duty::sentence(user, viewer)).flatten()
    }

    /// That the reader is. Follows changes.
    pub fn i_am_away(self) -> Option<String> {
        self.work(|_, viewer| duty::sentence(viewer.me, viewer)).flatten()
    }

    /// The others of a conversation who are off duty. Follows changes.
    pub fn absent(self, space: SpaceId) -> Vec<Absent> {
        self.of_space(space, duty::absent).unwrap_or_default()
    }
}

fn body(off: Option<Off>, me: UserId, state: &SpaceState) -> MemberOp {
    let base = state.members.duty(me).map(|duty| duty.said);
    let Some(Off { until, cover }) = off else {
        return MemberOp::CameOnDuty(CameOnDuty { base });
    };
    let is_here = |cover: &Fallback| match cover {
        Fallback::Person(user) => state.members.contains(*user),
        Fallback::Role(role) => state
            .roles
            .find(*role)
            .is_some_and(|role| role.archived.is_none()),
    };
    let cover = cover.filter(is_here);
    MemberOp::WentOffDuty(WentOffDuty { until, cover, base })
}
