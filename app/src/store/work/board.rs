//! What a coordinator sees of a team: jobs that nobody has taken on, and what each person has to do.

use baton_core::id::{SpaceId, UserId};
use baton_core::ordered::sort_by_key;
use baton_core::state::Task;
use baton_core::state::tasks::{Load, order};
use baton_core::sync::{Space, Sync};

use super::TaskKey;
use crate::store::Viewer;
use crate::store::people::Card;

/// The board of a team.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// Jobs that nobody has taken on, in the order in which they are to be done.
    pub jobs: Vec<TaskKey>,
    /// Jobs past their time that somebody has taken on.
    pub overdue: Vec<TaskKey>,
    /// Everybody, who has least to do first; who holds a role before who holds none.
    pub loads: Vec<LoadLine>,
}

/// A person and what they have to do.
#[derive(Clone, PartialEq, Eq)]
pub struct LoadLine {
    /// Who.
    pub card: Card,
    /// The roles that they hold.
    pub holds: Vec<String>,
    /// `3 open, 1 urgent`; `Nothing to do`.
    pub words: String,
}

/// Gathers the board of a team.
pub fn board(sync: &Sync, space: SpaceId, viewer: &Viewer) -> Board {
    let Some(state) = sync.space(space).map(Space::shown) else {
        return Board::default();
    };
    let mut jobs: Vec<&Task> = state.tasks.unaccepted(&state.roles).collect();
    order(&mut jobs, |task| task, viewer.now);
    let mut overdue: Vec<&Task> = state
        .tasks
        .overdue(viewer.now)
        .filter(|task| task.is_accepted(&state.roles))
        .collect();
    order(&mut overdue, |task| task, viewer.now);
    let keys = |tasks: Vec<&Task>| {
        let key = |task: &Task| TaskKey {
            space,
            task: task.id(),
        };
        tasks.into_iter().map(key).collect()
    };
    let loads = state.tasks.load(&state.roles, viewer.now);
    let mut people: Vec<(UserId, Load)> = state
        .members
        .iter()
        .map(|(user, _)| (user, loads.get(&user).copied().unwrap_or_default()))
        .collect();
    let holds = |user: UserId| state.roles.held_by(user).count();
    sort_by_key(&mut people, |(user, load)| {
        (holds(*user) == 0, load.open, load.urgent, *user)
    });
    Board {
        jobs: keys(jobs),
        overdue: keys(overdue),
        loads: people
            .into_iter()
            .map(|(user, load)| LoadLine {
                card: viewer.people.card_now(user),
                holds: state
                    .roles
                    .held_by(user)
                    .map(|(_, role)| role.title.newest().to_owned())
                    .collect(),
                words: words(load),
            })
            .collect(),
    }
}

fn words(load: Load) -> String {
    let parts = [
        (load.open, "open"),
        (load.urgent, "urgent"),
        (load.overdue, "overdue"),
        (load.waiting, "not accepted"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, what)| format!("{many} {what}"))
        .collect();
    if said.is_empty() {
        "Nothing to do".to_owned()
    } else {
        said.join(", ")
    }
}
