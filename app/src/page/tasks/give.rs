//! To whom a task goes: a role, a person, or all. A role that nobody holds is shown with its cover before anything is given to it.

use crate::part::derived::{RwSignal, memo};
use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::letter;
use baton_core::op::task::Assignee;

use super::quick::target_button;
use crate::app::baton;
use crate::part::plain::{block, dialog, field, follows, told};
use crate::part::rows::steady;
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
    let command = baton().command;
    let found = memo(move || {
        let typed = text.with(|text| letter::lowered(text.trim()));
        let all = command.targets(space).into_iter();
        let fits = |target: &Target| {
            offers(target) && (typed.is_empty() || baton_core::quick_add::fits(&target.name, &typed))
        };
        all.filter(fits).collect::<Vec<Target>>()
    });
    let one = move |target: Target| {
        let to = target.to;
        target_button(&target, verb, move || choose.run(to))
    };
    let nobody = follows(move || {
        let says = if found.with(Vec::is_empty) {
            "Nobody here and no role is called that."
        } else {
            ""
        };
        told("baton-hint", "status", says)
    });
    let all = steady("baton-find__results", "Roles and people", found, Target::id, one);
    block(
        "baton-find",
        vec![field("give-to", "Role or person", "", text), nobody, all],
    )
}
