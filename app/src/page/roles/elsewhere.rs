//! Who is on call in teams to which one does not belong. The record has all of them: it is asked, and says as of when.

use crate::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Here, reach};
use crate::app::baton;
use crate::part::derived::RwSignal;
use crate::part::plain::{block, error, field, folded, follows, form, list, maybe, told, words};
use crate::store::work::elsewhere::{Elsewhere, Found};

/// The field, and what was found.
pub(super) fn elsewhere(here: Here) -> AnyView {
    let (text, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let found = RwSignal::new(None::<Found>);
    let baton = baton();
    let find = move || {
        spawn_local(async move {
            let answer = baton.command.on_call(text.get_untracked()).await;
            let says = "The record cannot be reached now. Check the connection, then try again.";
            wrong.try_set(answer.as_ref().err().map(|_| says.to_owned()));
            found.try_set(answer.ok());
        });
    };
    let inside = vec![
        error(wrong),
        field(
            "on-call",
            "Role, team, person or organisation",
            "Nothing typed lists those of your organisation",
            text,
        ),
    ];
    let results = follows(move || maybe(found.get().map(|found| shown(found, here))));
    let inside = vec![form("baton-make", inside, "Find who is on call", find), results];
    folded(
        "",
        "Who is on call in other teams",
        block("baton-work__part", inside),
    )
}

fn shown(found: Found, here: Here) -> AnyView {
    let says = told("baton-hint", "status", found.says);
    let roles = found.roles.into_iter().map(|role| card(role, here)).collect();
    block("", vec![says, list("baton-roles", "Roles of other teams", roles)])
}

fn card(role: Elsewhere, here: Here) -> AnyView {
    let answers = role.answers.map(|user| reach(user, &role.title, here));
    let inside = vec![
        words("baton-role__title", role.title),
        words("", role.who),
        words("baton-hint", role.says),
        block("baton-buttons", answers.unwrap_or_default()),
    ];
    block("baton-role", inside)
}
