//! Handing over everything open at once: all that one has in a team goes to a person or a role.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::op::task::Assignee;

use super::Desk;
use super::give::targets;
use crate::app::baton;
use crate::command::work::Deed;
use crate::page::list::Choice;
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{block, dialog, follows, list, none, told, words};
use crate::store::work::{Key, TaskKey, Team, View};

/// The dialog.
#[component]
pub(super) fn HandOver(
    /// Where it is said what was done.
    desk: Desk,
    /// What happens when it is closed.
    close: Callback<()>,
) -> impl IntoView {
    let baton = baton();
    let mine = memo(move || {
        let keys = baton.command.task_keys(View::default()).into_iter();
        let tasks = keys.filter_map(|key| match key {
            Key::Task(key) => Some(key),
            Key::Heading(_) => None,
        });
        tasks.collect::<Vec<TaskKey>>()
    });
    let teams = memo(move || {
        let all = baton.command.task_teams().into_iter();
        let has = |team: &Team| mine.with(|mine| mine.iter().any(|key| key.space == team.id));
        all.filter(has).collect::<Vec<Team>>()
    });
    let chosen = RwSignal::new(None);
    let here = memo(move || {
        chosen
            .get()
            .or_else(|| teams.with(|teams| teams.first().map(|team| team.id)))
    });
    let options = Signal::derive(move || {
        teams.with(|teams| {
            teams
                .iter()
                .map(|team| (team.title.clone(), team.id.to_string()))
                .collect::<Vec<_>>()
        })
    });
    let value = Signal::derive(move || here.get().map_or_else(String::new, |id| id.to_string()));
    let choose_team = move |word: String| chosen.set(word.parse().ok());
    let all = move |space| {
        mine.with(|mine| {
            mine.iter()
                .copied()
                .filter(|key| key.space == space)
                .collect::<Vec<_>>()
        })
    };
    let give = Callback::new(move |to: Assignee| {
        let Some(space) = here.get_untracked() else { return };
        let (mut given, mut left) = (0_usize, 0_usize);
        for key in untrack(|| all(space)) {
            let line = untrack(|| baton.command.task_line(key));
            let is_given =
                line.is_some_and(|line| baton.command.do_task(key, Deed::Give(to, line.hand)).is_ok());
            given += usize::from(is_given);
            left += usize::from(!is_given);
        }
        let stayed = if left == 0 {
            String::new()
        } else {
            format!(" {left} could not be handed over and are still yours.")
        };
        let tasks = if given == 1 { "task" } else { "tasks" };
        desk.say(format!("{given} {tasks} handed over.{stayed}"), None, false);
        close.run(());
    });
    let inside = follows(move || {
        let Some(space) = here.get() else {
            return told("", "status", "You have no open tasks.");
        };
        let titles = all(space)
            .into_iter()
            .filter_map(|key| baton.command.task_line(key));
        let titles: Vec<AnyView> = titles
            .map(|line| {
                let whom = line.about.and_then(|chip| chip.face).map(|face| face.line);
                words(
                    "",
                    [Some(line.title), whom]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            })
            .collect();
        let many = format!("All {} of these go along:", titles.len());
        block(
            "baton-work__part",
            vec![
                words("", many),
                list("baton-work__titles", "Tasks that go along", titles),
            ],
        )
    });
    let to = follows(move || {
        here.get().map_or_else(none, |space| {
            targets("Hand over to", space, |target| target.to != Assignee::Team, give)
        })
    });
    let team = view! { <Choice id="hand-over-team" label="In" options value choose=choose_team /> };
    dialog("Hand over your open tasks", close, vec![team, inside, to])
}
