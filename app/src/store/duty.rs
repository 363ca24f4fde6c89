//! Who is off duty, as they say themselves in the teams that the reader shares with them: since when, until when, who covers.
//! Who never said so, or says it where the reader is not, is shown as neither on nor off duty.

use baton_core::id::UserId;
use baton_core::op::role::Fallback;
use baton_core::op::space::SpaceKind;
use baton_core::ordered::SortedMap;
use baton_core::state::handover::view;
use baton_core::state::{Duty, SpaceState};
use baton_core::sync::{Space, Sync};
use baton_core::time::At;

use super::Viewer;
use super::people::Card;
use super::work::{name, open_spaces, role, title, when};
use crate::command::duty::Off;

/// Somebody who is off duty.
#[derive(Clone, PartialEq, Eq)]
pub struct Away {
    since: At,
    until: Option<At>,
    cover: Option<Cover>,
}

/// Who answers for them.
#[derive(Clone, PartialEq, Eq)]
struct Cover {
    /// The title, of a role.
    role: Option<String>,
    /// Who that is now.
    who: Option<UserId>,
}

/// Somebody in a conversation who is off duty.
#[derive(Clone, PartialEq, Eq)]
pub struct Absent {
    /// Since when: `Off duty since 20:10`.
    pub since: String,
    /// Since when, until when, who covers.
    pub words: String,
    /// Who can be written to instead.
    pub cover: Option<Card>,
}

/// What the reader said of themselves, and what they have.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mine {
    /// Whether they are on duty; `None` when they never said so.
    pub is_on: Option<bool>,
    /// That in words, for a line.
    pub words: String,
    /// Until when they said that they are off, and who covers.
    pub off: Off,
    /// That time in words; empty when they named none.
    pub until: String,
    /// Whether every team was told the same.
    pub is_everywhere: bool,
    /// What is theirs, in sentences, each with where it is handed on.
    pub has: Vec<(String, Place)>,
    /// Whether there is a team to say it in.
    pub has_teams: bool,
}

/// Where something is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Patients of a team.
    Handover(baton_core::id::SpaceId),
    /// Roles.
    Roles,
    /// Tasks.
    Tasks,
}

/// What one person said, and where.
type Said<'a> = Vec<(Duty, &'a SpaceState)>;

/// The newest, by when the record had it.
fn newest<'a>(said: &[(Duty, &'a SpaceState)]) -> Option<(Duty, &'a SpaceState)> {
    let newest = said.iter().max_by_key(|(duty, _)| duty.since.kept_at());
    newest.copied()
}

/// All who are off duty.
pub fn gather(sync: &Sync) -> SortedMap<UserId, Away> {
    let mut said: SortedMap<UserId, Said<'_>> = SortedMap::new();
    for space in open_spaces(sync) {
        let state = space.shown();
        for (user, member) in state.members.iter() {
            if let Some(duty) = member.duty {
                said.or_default(user).push((duty, state));
            }
        }
    }
    let all = said
        .iter()
        .filter_map(|(user, said)| away(said).map(|away| (*user, away)));
    all.collect()
}

/// One press is said in every team; only those to which the cover belongs name it.
fn away(said: &[(Duty, &SpaceState)]) -> Option<Away> {
    let (duty, _) = newest(said)?;
    let off = duty.off?;
    let is_same = |other: &&(Duty, &SpaceState)| is_same_press(&other.0, &duty);
    let mut covers = said.iter().filter(is_same).filter_map(|(duty, state)| {
        let cover = duty.off?.cover?;
        Some(match cover {
            Fallback::Person(user) => Cover {
                role: None,
                who: Some(user),
            },
            Fallback::Role(id) => Cover {
                role: Some(role::title(id, state)),
                who: state.roles.answers(id),
            },
        })
    });
    Some(Away {
        since: duty.since.at,
        until: off.until,
        cover: covers.next(),
    })
}

/// One press is said in each team by itself.
fn is_same_press(one: &Duty, other: &Duty) -> bool {
    let (one, other) = (one.since.at.millis(), other.since.at.millis());
    one.abs_diff(other) < PRESS
}

/// What was said within so many milliseconds in several teams was said by one press.
const PRESS: u64 = 60_000;

/// Since when somebody is off duty, until when, and who covers: `duty since 20:10, back tomorrow 08:00. Cover: Dr Omar Sayed`.
fn said(user: UserId, viewer: &Viewer) -> Option<String> {
    let away = viewer.people.away_now(user)?;
    let since = when(away.since, viewer);
    let until = away.until.map_or_else(String::new, |until| {
        let at = super::work::line::moment(until, viewer);
        if until > viewer.now {
            format!(", back {at}")
        } else {
            format!(", was to be back {at}")
        }
    });
    Some(format!("duty since {since}{until}. {}", cover(&away, viewer)))
}

fn cover(away: &Away, viewer: &Viewer) -> String {
    let Some(Cover { role, who }) = &away.cover else {
        return "No cover named".to_owned();
    };
    let who = who.map(|user| {
        let too = if viewer.people.away_now(user).is_some() {
            ", who is off duty too"
        } else {
            ""
        };
        format!("{}{too}", super::event::name(user, viewer, false))
    });
    match (role, who) {
        (None, who) => format!("Cover: {}", who.unwrap_or_default()),
        (Some(role), None) => format!("Cover: {role}, which nobody holds or covers"),
        (Some(role), Some(who)) => format!("Cover: {role}, {who}"),
    }
}

/// That somebody is off duty, behind their name; empty for somebody of whom it is not known.
pub fn after_name(user: UserId, viewer: &Viewer) -> String {
    said(user, viewer).map_or_else(String::new, |said| format!(", off {said}"))
}

/// That somebody is off duty, in a sentence of its own.
pub fn sentence(user: UserId, viewer: &Viewer) -> Option<String> {
    said(user, viewer).map(|said| format!("Off {said}"))
}

/// The others of a conversation who are off duty, by name.
pub fn absent(state: &SpaceState, viewer: &Viewer) -> Vec<Absent> {
    let others = state.members.iter().map(|(user, _)| user);
    let absent = others.filter(|user| *user != viewer.me).filter_map(|user| {
        let (said, away) = (said(user, viewer)?, viewer.people.away_now(user)?);
        let cover = away.cover.and_then(|cover| cover.who);
        let is_there =
            |cover: &UserId| ![user, viewer.me].contains(cover) && viewer.people.away_now(*cover).is_none();
        Some(Absent {
            since: format!("Off duty since {}", when(away.since, viewer)),
            words: format!("{} is off {said}", name(user, viewer)),
            cover: cover.filter(is_there).map(|cover| viewer.people.card_now(cover)),
        })
    });
    let mut absent: Vec<Absent> = absent.collect();
    baton_core::ordered::sort_by_key(&mut absent, |absent| absent.words.clone());
    absent
}

/// What the reader said of themselves, and what they have.
pub fn mine(sync: &Sync, viewer: &Viewer) -> Mine {
    let mut mine = Mine {
        is_everywhere: true,
        ..Mine::default()
    };
    let mut said: Said<'_> = Vec::new();
    for space in open_spaces(sync) {
        let state = space.shown();
        let open = state.tasks.mine(viewer.me, &state.roles).count();
        let team = title(space, viewer);
        let mut has = |words: String, place| mine.has.push((format!("{words} ({team})"), place));
        for (_, held) in state.roles.held_by(viewer.me) {
            has(held.title.newest().to_owned(), Place::Roles);
        }
        match open {
            0 => {}
            1 => has("1 open task".to_owned(), Place::Tasks),
            many => has(format!("{many} open tasks"), Place::Tasks),
        }
        let theirs = view::left_to_hand_over(state, viewer.me);
        match theirs.left.len() + theirs.refused.len() + theirs.waiting.len() {
            0 => {}
            many => has(
                super::handover::given::patients(many),
                Place::Handover(space.id()),
            ),
        }
        if space.kind() == SpaceKind::Team {
            mine.has_teams = true;
            match state.members.duty(viewer.me) {
                Some(duty) => said.push((duty, state)),
                None => mine.is_everywhere = false,
            }
        }
    }
    let newest = newest(&said).map(|(duty, _)| duty);
    mine.is_on = newest.map(|duty| duty.off.is_none());
    mine.is_everywhere &= said
        .iter()
        .all(|(duty, _)| Some(duty.off.is_none()) == mine.is_on);
    if let Some((newest, off)) = newest.and_then(|duty| Some((duty, duty.off?))) {
        let mut same_press = said.iter().filter(|(duty, _)| is_same_press(duty, &newest));
        let cover = same_press.find_map(|(duty, _)| duty.off?.cover);
        let until = off.until.filter(|until| *until > viewer.now);
        mine.until = until.map_or_else(String::new, |until| super::work::line::moment(until, viewer));
        mine.off = Off { until, cover };
    }
    mine.words = match newest {
        None => "Duty: not said".to_owned(),
        Some(duty) if duty.off.is_none() => format!("On duty since {}", when(duty.since.at, viewer)),
        Some(duty) => format!("Off duty since {}", when(duty.since.at, viewer)),
    };
    mine
}

/// The teams in which the reader says it.
pub fn teams(sync: &Sync) -> impl Iterator<Item = &Space> {
    open_spaces(sync).filter(|space| space.kind() == SpaceKind::Team)
}

/// Who may cover for the reader: roles and people of their teams.
pub fn covers(sync: &Sync, viewer: &Viewer) -> Vec<(String, Fallback)> {
    let (mut roles, mut people) = (Vec::new(), Vec::new());
    let mut seen: SortedMap<UserId, ()> = SortedMap::new();
    for space in teams(sync) {
        let state = space.shown();
        let team = title(space, viewer);
        let open = state.roles.iter().filter(|(_, role)| role.archived.is_none());
        roles
            .extend(open.map(|(id, role)| (format!("{} ({team})", role.title.newest()), Fallback::Role(id))));
        for (user, _) in state.members.iter().filter(|(user, _)| *user != viewer.me) {
            if seen.insert(user, ()).is_none() {
                let away = if viewer.people.away_now(user).is_some() {
                    ", off duty"
                } else {
                    ""
                };
                people.push((format!("{}{away}", name(user, viewer)), Fallback::Person(user)));
            }
        }
    }
    baton_core::ordered::sort_by_key(&mut roles, |(name, _)| name.clone());
    baton_core::ordered::sort_by_key(&mut people, |(name, _)| name.clone());
    roles.extend(people);
    roles
}
