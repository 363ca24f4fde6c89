//! What administrators say of roles: which there are, and who covers.

use crate::part::derived::RwSignal;
use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::op::role::Fallback;

use super::Here;
use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::page::list::Choice;
use crate::part::plain::{dialog, error, field, form};
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
            "For example FY1 on call, bleep 2001",
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
    let (now, covers) = untrack(|| {
        let command = baton().command;
        (command.cover_of(key), command.covers(key.space, Some(key.role)))
    });
    let cover = RwSignal::new(now.map(word).unwrap_or_default());
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

/// Covers as a choice has them.
pub(crate) fn options(covers: &[(String, Fallback)]) -> Vec<(String, String)> {
    let option = |(name, cover): &(String, Fallback)| (name.clone(), word(*cover));
    covers.iter().map(option).collect()
}

/// A cover as the value of a choice.
pub(crate) fn word(cover: Fallback) -> String {
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
