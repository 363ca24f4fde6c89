//! Which team a screen of tasks is about: the one that was chosen last, else the first.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::op::space::SpaceKind;

use crate::app::baton;
use crate::page::list::Choice;
use crate::part::derived::{Memo, memo};
use crate::store::work::Team;

/// The team, and the choice of it.
pub fn team_choice(
    id: &'static str,
    label: &'static str,
    offers: fn(&Team) -> bool,
    changed: impl Fn() + Send + Sync + 'static,
) -> (Memo<Option<SpaceId>>, AnyView) {
    let baton = baton();
    let chosen = baton.store.work.team;
    let teams = memo(move || {
        let mut teams = baton.command.task_teams();
        teams.retain(offers);
        teams
    });
    let here = memo(move || {
        let last = chosen.get();
        teams.with(|teams| {
            let known = last.filter(|last| teams.iter().any(|team| team.id == *last));
            known.or(teams.first().map(|team| team.id))
        })
    });
    let options = Signal::derive(move || {
        let option = |team: &Team| (team.title.clone(), team.id.to_string());
        teams.with(|teams| teams.iter().map(option).collect::<Vec<_>>())
    });
    let value = Signal::derive(move || here.get().map_or_else(String::new, |id| id.to_string()));
    let choose = move |word: String| {
        changed();
        chosen.set(word.parse().ok());
    };
    let choice = view! { <Choice id label options value choose /> };
    (here, choice.into_any())
}

/// Whether it is a team, and no other conversation.
pub fn is_team(team: &Team) -> bool {
    team.kind == SpaceKind::Team
}
