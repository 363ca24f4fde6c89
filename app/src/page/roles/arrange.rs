//! What administrators say of roles: which there are, who covers, who is planned when.

use crate::part::derived::RwSignal;
use crate::part::derived::Signal;
use crate::part::drawn::view;
use baton_core::id::{SpaceId, UserId};
use baton_core::op::role::{Fallback, Shift};
use baton_core::quick_add::Due;
use baton_core::time::At;
use leptos::prelude::*;

use super::Here;
use crate::app::baton;
use crate::clock;
use crate::command::roles::RoleDeed;
use crate::page::list::Choice;
use crate::part::plain::{dialog, error, field, form, words};
use crate::store::work::role::RoleKey;

/// Making a role.
pub(super) fn make(space: SpaceId, here: Here, close: Callback<()>) -> AnyView {
    let (title, cover) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let covers = untrack(|| baton().command.covers(space, None));
    let options = options(&covers);
    let make = move || {
        let fallback = of(&cover.get_untracked(), &covers);
        let made = baton().command.make_role(space, &title.get_untracked(), fallback);
        match made {
            Ok(_) => {
                close.run(());
                here.desk.say(
                    "The role is made. Somebody has to take it.".to_owned(),
                    None,
                    false,
                );
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let inside = vec![
        error(wrong),
        field(
            "role-title",
            "What it is called",
            "For example FY1 on call",
            title,
        ),
        choice(
            "role-cover",
            "Who covers while nobody holds it",
            Some("Nobody"),
            options,
            cover,
        ),
    ];
    dialog(
        "Make a role",
        close,
        vec![form("baton-make", inside, "Make the role", make)],
    )
}

/// What a role is called. Who holds it, and what is to be done for it, stays.
pub(super) fn rename(key: RoleKey, title: String, here: Here, close: Callback<()>) -> AnyView {
    let basis = untrack(|| baton().command.role_basis(key));
    let (heading, title) = (format!("Rename {title}"), RwSignal::new(title));
    let wrong = RwSignal::new(None::<String>);
    let save = move || {
        let deed = RoleDeed::Rename(title.get_untracked(), basis.clone());
        match baton().command.do_role(key, deed) {
            Ok(_) => {
                close.run(());
                here.desk.say("The role is renamed.".to_owned(), None, false);
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let inside = vec![error(wrong), field("role-title", "What it is called", "", title)];
    dialog(heading, close, vec![form("baton-make", inside, "Save", save)])
}

/// Who covers a role.
pub(super) fn cover(key: RoleKey, title: &str, here: Here, close: Callback<()>) -> AnyView {
    let cover = RwSignal::new(String::new());
    let covers = untrack(|| baton().command.covers(key.space, Some(key.role)));
    let options = options(&covers);
    let wrong = RwSignal::new(None::<String>);
    let save = move || {
        let fallback = of(&cover.get_untracked(), &covers);
        match baton().command.do_role(key, RoleDeed::Cover(fallback)) {
            Ok(_) => {
                close.run(());
                here.desk.say("The cover is changed.".to_owned(), None, false);
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let inside = vec![
        error(wrong),
        choice(
            "role-cover",
            "Who covers while nobody holds it",
            Some("Nobody"),
            options,
            cover,
        ),
    ];
    dialog(
        format!("Cover of {title}"),
        close,
        vec![form("baton-make", inside, "Save", save)],
    )
}

/// What a rota does not do.
pub(super) fn plan_hint() -> AnyView {
    words(
        "baton-hint",
        "The rota is a plan. The role moves only when somebody takes or accepts it.",
    )
}

/// Who is planned to hold a role when. A plan moves no role.
pub(super) fn plan(key: RoleKey, title: &str, here: Here, close: Callback<()>) -> AnyView {
    let who = RwSignal::new(String::new());
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let people: Vec<(String, Fallback)> = untrack(|| baton().command.covers(key.space, None))
        .into_iter()
        .filter(|(_, cover)| matches!(cover, Fallback::Person(_)))
        .collect();
    let options = options(&people);
    let plan = move || {
        let planned = shift(
            &who.get_untracked(),
            &people,
            &from.get_untracked(),
            &until.get_untracked(),
        );
        let Some(shift) = planned else {
            return wrong.set(Some(
                "Choose a person, and write both times, such as 20:00 and tomorrow 08:00.".to_owned(),
            ));
        };
        match baton()
            .command
            .do_role(key, RoleDeed::Plan(shift.from, shift.until, vec![shift]))
        {
            Ok(_) => {
                close.run(());
                here.desk.say("The shift is on the rota.".to_owned(), None, false);
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let inside = vec![
        plan_hint(),
        error(wrong),
        choice("shift-who", "Who", Some("Choose a person"), options, who),
        field("shift-from", "From", "For example 20:00", from),
        field("shift-until", "Until", "For example tomorrow 08:00", until),
    ];
    dialog(
        format!("Plan a shift: {title}"),
        close,
        vec![form("baton-make", inside, "Plan", plan)],
    )
}

/// The end is the first such time after the beginning.
fn shift(who: &str, people: &[(String, Fallback)], from: &str, until: &str) -> Option<Shift> {
    let now = clock::now();
    let who = person(of(who, people)?)?;
    let from: At = Due::parse(from)?.at(now);
    let end = Due::parse(until)?;
    let until = end.at(now);
    let until = if until > from { until } else { end.at(from) };
    Some(Shift { from, until, who })
}

fn person(cover: Fallback) -> Option<UserId> {
    match cover {
        Fallback::Person(user) => Some(user),
        Fallback::Role(_) => None,
    }
}

/// Covers as a choice has them.
pub(crate) fn options(covers: &[(String, Fallback)]) -> Vec<(String, String)> {
    let option = |(name, cover): &(String, Fallback)| (name.clone(), word(*cover));
    covers.iter().map(option).collect()
}

fn word(cover: Fallback) -> String {
    match cover {
        Fallback::Person(user) => user.to_string(),
        Fallback::Role(role) => role.to_string(),
    }
}

/// The cover that is chosen.
pub(crate) fn of(chosen: &str, covers: &[(String, Fallback)]) -> Option<Fallback> {
    let found = covers.iter().find(|(_, cover)| word(*cover) == chosen);
    found.map(|(_, cover)| *cover)
}

/// One of several; `any` stands for none.
pub(crate) fn choice(
    id: &'static str,
    label: &'static str,
    any: Option<&'static str>,
    options: Vec<(String, String)>,
    value: RwSignal<String>,
) -> AnyView {
    let choose = move |word: String| value.set(word);
    let any = any.unwrap_or_default();
    view! { <Choice id label any options=Signal::stored(options) value=Signal::from(value) choose /> }
}
