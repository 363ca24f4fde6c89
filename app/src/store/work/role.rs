//! Roles in words: who holds what, who covers what nobody holds, what is offered to whom.

use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::role::{Fallback, Shift};
use baton_core::op::space::SpaceKind;
use baton_core::ordered::sort_by_key;
use baton_core::state::{Role, SpaceState};
use baton_core::sync::{Space, Sync};

use super::line::{by, moment, sent_about};
use super::{name, open_spaces, when};
use crate::store::people::Card;
use crate::store::{Viewer, duty, event, inbox};

/// Names a role: the team that has it, and its id there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleKey {
    /// Which team.
    pub space: SpaceId,
    /// Which role.
    pub role: OpId,
}

/// A role.
#[derive(Clone, PartialEq, Eq)]
pub struct RoleLine {
    /// Which.
    pub key: RoleKey,
    /// Its title; all of it where several versions wait to be settled.
    pub title: String,
    /// Who holds it, and since when; `None` while it is vacant.
    pub holder: Option<(Card, String)>,
    /// Whether the reader holds it.
    pub is_mine: bool,
    /// Who answers for it: the holder, or its cover.
    pub answers: Option<UserId>,
    /// That in a sentence, for a role that nobody holds.
    pub cover: String,
    /// The offer that stands.
    pub offer: Option<OfferLine>,
    /// Where what was done here with it is, while it is not in the record.
    pub sent: Option<&'static str>,
    /// Who was refused what, or is planned next, in sentences.
    pub notes: Vec<String>,
    /// Who held it before, newest first.
    pub past: Vec<String>,
    /// The last messages to it that this device holds, newest first: which, by whom, when, how it begins.
    pub messages: Vec<(OpId, String)>,
    /// Open tasks of it.
    pub tasks: usize,
    /// Whether it is in the archive.
    pub is_archived: bool,
    /// Whether the reader says which roles there are.
    pub is_admin: bool,
}

/// An offer that stands.
#[derive(Clone, PartialEq, Eq)]
pub struct OfferLine {
    /// Which.
    pub id: OpId,
    /// From whom, to whom, when.
    pub words: String,
    /// Whether it is to the reader.
    pub is_to_me: bool,
}

/// A team with roles, or one that the reader may give some.
#[derive(Clone, PartialEq, Eq)]
pub struct RoleTeam {
    /// Which.
    pub id: SpaceId,
    /// What it is called.
    pub title: String,
    /// Whether the reader says which roles there are.
    pub is_admin: bool,
    /// Its roles, by title; those in the archive last.
    pub roles: Vec<RoleLine>,
}

/// All teams with their roles.
pub fn teams(sync: &Sync, viewer: &Viewer) -> Vec<RoleTeam> {
    let teams = open_spaces(sync).filter(|space| space.kind() == SpaceKind::Team);
    let mut teams: Vec<RoleTeam> = teams.map(|space| team(space, viewer)).collect();
    sort_by_key(&mut teams, |team| (team.title.clone(), team.id));
    teams
}

fn team(space: &Space, viewer: &Viewer) -> RoleTeam {
    let state = space.shown();
    let mut roles: Vec<RoleLine> = state
        .roles
        .iter()
        .map(|(id, role)| line(space, id, role, viewer))
        .collect();
    let to_roles = state.timeline.messages().rev();
    for message in to_roles.filter(|message| !message.roles.is_empty() && message.withdrawn.is_none()) {
        for role in roles
            .iter_mut()
            .filter(|role| message.roles.contains(&role.key.role))
        {
            if role.messages.len() < MESSAGES {
                let by = by(message.stamp.by, message.stamp.at, viewer);
                let says = format!("{by}: {}", inbox::one_line(message.text()));
                role.messages.push((message.id(), says));
            }
        }
    }
    sort_by_key(&mut roles, |role| {
        (role.is_archived, role.title.clone(), role.key.role)
    });
    RoleTeam {
        id: space.id(),
        title: inbox::face(space, viewer).title,
        is_admin: state.members.is_admin(viewer.me),
        roles,
    }
}

fn line(space: &Space, id: OpId, role: &Role, viewer: &Viewer) -> RoleLine {
    let state = space.shown();
    let held = role.holder.map(|holder| {
        let since = format!("Since {}", when(holder.since.stamp.at, viewer));
        (viewer.people.card_now(holder.user), since)
    });
    let offer = role
        .offer
        .filter(|offer| role.offer(offer.made.stamp.op).is_some());
    let offer = offer.map(|offer| OfferLine {
        id: offer.made.stamp.op,
        words: format!(
            "{} offered it to {}, {}",
            name(offer.made.stamp.by, viewer),
            event::name(offer.to, viewer, false),
            when(offer.made.stamp.at, viewer),
        ),
        is_to_me: offer.to == viewer.me,
    });
    let refused = role
        .refused
        .last()
        .filter(|refused| refused.by.seq == role.changed);
    let refused = refused.map(|refused| {
        let by = by(refused.by.stamp.by, refused.by.stamp.at, viewer);
        format!("Not taken by {by}: {}", refused.reason.as_str())
    });
    let shift = |words: &str, planned: &Shift| format!("{words}: {}", shift(planned, viewer));
    let now = role
        .planned(viewer.now)
        .map(|planned| shift("On the rota now", planned));
    let next = role
        .next_planned(viewer.now)
        .map(|next| shift("Next on the rota", next));
    let past = role.past.iter().rev().map(|held| {
        let (from, until) = (held.holder.since.stamp.at, held.until.stamp.at);
        let who = name(held.holder.user, viewer);
        format!("{who}, {} to {}", when(from, viewer), when(until, viewer))
    });
    let titles = role.title.current().iter().map(|version| version.text.as_str());
    RoleLine {
        key: RoleKey {
            space: space.id(),
            role: id,
        },
        title: titles.collect::<Vec<_>>().join(" / "),
        holder: held,
        is_mine: role.is_held_by(viewer.me),
        answers: state.roles.answers(id),
        cover: answers(id, state, viewer),
        offer,
        sent: sent(space, id),
        notes: refused.into_iter().chain(now).chain(next).collect(),
        past: past.take(PAST).collect(),
        messages: Vec::new(),
        tasks: state.tasks.of_role(id).count(),
        is_archived: role.archived.is_some(),
        is_admin: state.members.is_admin(viewer.me),
    }
}

/// Where the last of what was done here with a role is, while it is not in the record.
pub fn sent(space: &Space, role: OpId) -> Option<&'static str> {
    sent_about(space, role, |body| matches!(body, Body::Role(_)))
}

/// Who is planned, from when until when.
pub fn shift(shift: &Shift, viewer: &Viewer) -> String {
    let (from, until) = (moment(shift.from, viewer), moment(shift.until, viewer));
    format!("{}, {from} to {until}", name(shift.who, viewer))
}

/// What a role is called.
pub fn title(role: OpId, state: &SpaceState) -> String {
    let role = state.roles.find(role);
    role.map_or_else(|| "A role".to_owned(), |role| role.title.newest().to_owned())
}

/// Who answers for a role: its holder, or that it is vacant and who covers; and whether they are off duty.
pub fn answers(role: OpId, state: &SpaceState, viewer: &Viewer) -> String {
    let cover = state.roles.cover(role);
    let through = cover.through.iter().skip(1).map(|role| title(*role, state));
    let through: Vec<String> = through.collect();
    let away = |user| duty::after_name(user, viewer);
    match cover.who {
        Some(user) if cover.is_holder() && state.roles.find(role).is_some_and(|it| it.holder.is_some()) => {
            format!("{}{}", name(user, viewer), away(user))
        }
        Some(user) if through.is_empty() => {
            let by = event::name(user, viewer, false);
            format!("vacant, covered by {by}{}", away(user))
        }
        Some(user) => {
            let by = event::name(user, viewer, false);
            format!(
                "vacant, covered by {by} ({}){}",
                through.join(", then "),
                away(user)
            )
        }
        None => "vacant, and nobody covers".to_owned(),
    }
}

/// The cover that a role may be given, in words, and the value it has in a choice.
pub fn covers(state: &SpaceState, but: Option<OpId>, viewer: &Viewer) -> Vec<(String, Fallback)> {
    let roles = state
        .roles
        .iter()
        .filter(|(id, role)| role.archived.is_none() && Some(*id) != but)
        .map(|(id, role)| (role.title.newest().to_owned(), Fallback::Role(id)));
    let people = state
        .members
        .iter()
        .map(|(user, _)| (name(user, viewer), Fallback::Person(user)));
    roles.chain(people).collect()
}

/// Of those who held a role, so many are shown.
const PAST: usize = 10;

/// Of the messages to a role, so many are shown.
const MESSAGES: usize = 5;
