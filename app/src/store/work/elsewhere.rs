//! Roles of teams to which the reader does not belong, as the record tells them.

use baton_core::device_api::{OnCallAnswer, OnCallRole};
use baton_core::id::UserId;
use baton_core::sync::Sync;

use super::{name, when};
use crate::store::Viewer;

/// What was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// How many there are, as of when.
    pub says: String,
    /// Which.
    pub roles: Vec<Elsewhere>,
}

/// A role of another team.
#[derive(Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// What it is called, and of which team.
    pub title: String,
    /// Who has it, or that it is vacant and who covers.
    pub who: String,
    /// What they are, how they are called, and since when; to whom it is offered.
    pub says: String,
    /// Whom one can write to.
    pub answers: Option<UserId>,
}

/// Puts an answer of the record into words, without the reader's own teams.
pub fn found(answer: &OnCallAnswer, sync: &Sync, viewer: &Viewer) -> Found {
    let others = answer
        .roles
        .iter()
        .filter(|role| sync.space(role.space).is_none());
    let roles: Vec<Elsewhere> = others.map(|role| elsewhere(role, viewer)).collect();
    let many = roles.len();
    let more = if answer.has_more {
        ". There are more: type what it is called"
    } else {
        ""
    };
    Found {
        says: format!("{many} found, as of {}{more}", when(answer.at, viewer)),
        roles,
    }
}

fn elsewhere(role: &OnCallRole, viewer: &Viewer) -> Elsewhere {
    let person = |user| viewer.people.card_now(user).name;
    let who = match (role.holder, role.cover) {
        (Some(holder), _) => person(holder),
        (None, Some(cover)) => format!("Vacant, covered by {}", person(cover)),
        (None, None) => "Vacant, and nobody covers".to_owned(),
    };
    let card = role.answers().map(|user| viewer.people.card_now(user));
    let known = card
        .as_ref()
        .map(|card| card.known.clone())
        .filter(|known| !known.is_empty());
    let is = card.map(|card| card.role(None));
    let since = role.since.map(|since| format!("since {}", when(since, viewer)));
    let offered = role
        .offered_to
        .map(|user| format!("offered to {}", name(user, viewer)));
    let says = [is, known, since, offered].into_iter().flatten();
    Elsewhere {
        title: format!("{}, {}", role.title.as_str(), role.team.as_str()),
        who,
        says: says.collect::<Vec<_>>().join(", "),
        answers: role.answers(),
    }
}
