//! To whom a task goes: a role, a person, or all. A role that nobody holds is shown with its cover before anything is given to it.

use crate::part::derived::RwSignal;
use baton_core::id::SpaceId;
use baton_core::letter;
use baton_core::op::task::Assignee;
use leptos::prelude::*;

use super::quick::target_button;
use crate::app::baton;
use crate::part::plain::{block, dialog, field, follows, list, told};
use crate::store::work::full::Target;

/// The dialog.
pub fn give(title: &'static str, space: SpaceId, close: Callback<()>, choose: Callback<Assignee>) -> AnyView {
    dialog(title, close, vec![targets("Give to", space, |_| true, choose)])
}

/// Those who may be chosen, narrowed by what is typed.
pub fn targets(
    verb: &'static str,
    space: SpaceId,
    offers: fn(&Target) -> bool,
    choose: Callback<Assignee>,
) -> AnyView {
    let text = RwSignal::new(String::new());
    let found = follows(move || {
        let typed = text.with(|text| letter::lowered(text.trim()));
        let all = baton().command.targets(space).into_iter();
        let fits = |target: &Target| {
            offers(target) && (typed.is_empty() || baton_core::quick_add::fits(&target.name, &typed))
        };
        let found: Vec<AnyView> = all
            .filter(fits)
            .map(|target| {
                let to = target.to;
                target_button(&target, verb, move || choose.run(to))
            })
            .collect();
        if found.is_empty() {
            return told("baton-hint", "status", "Nobody here and no role is called that.");
        }
        list("baton-find__results", "Roles and people", found)
    });
    block(
        "baton-find",
        vec![field("give-to", "Role or person", "", text), found],
    )
}
