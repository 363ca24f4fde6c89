//! What concerns me on every page: the roles that I hold, a role that is offered to me, an urgent task that waits for me.

use leptos::prelude::*;

use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::command::work::Deed;
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{QUIET, block, button, follows, link, list, none, told, words};
use crate::route::Route;
use crate::store::work::role::Mine;

/// The strip below the bar.
#[component]
pub(super) fn MyWork() -> impl IntoView {
    let baton = baton();
    let mine = memo(move || baton.command.my_work());
    let wrong = RwSignal::new(None::<String>);
    let holds = memo(move || mine.with(|mine| mine.holds.join(", ")));
    let calls = memo(move || {
        mine.with(|mine| Mine {
            holds: Vec::new(),
            ..mine.clone()
        })
    });
    let hold = move || {
        let holds = holds.get();
        let says = if holds.is_empty() {
            "You hold no role".to_owned()
        } else {
            format!("You hold: {holds}")
        };
        link("baton-mine__holds", Route::Roles, says)
    };
    view! {
        <div class="baton-mine" role="region" aria-label="Your roles">
            {follows(hold)}
            <div role="alert">{follows(move || told("", "status", wrong.get().unwrap_or_default()))}</div>
            <div class="baton-mine__calls" aria-live="assertive">{follows(move || those(calls.get(), wrong))}</div>
        </div>
    }
    .into_any()
}

fn those(mine: Mine, wrong: RwSignal<Option<String>>) -> AnyView {
    if mine == Mine::default() {
        return none();
    }
    let took = move |result: Result<baton_core::id::OpId, baton_core::refusal::Refusal>| {
        wrong.set(result.err().map(|refusal| refusal.to_string()));
    };
    let offers = mine.offers.into_iter().map(|(key, offer, title, by)| {
        let accept = move || took(baton().command.do_role(key, RoleDeed::Accept(offer)));
        let inside = vec![
            words("baton-mine__words", format!("{by} offers you {title}")),
            button(QUIET, "Accept", title, accept),
            link(QUIET, Route::Roles, "See the role"),
        ];
        block("baton-mine__call", inside)
    });
    let urgent = mine.urgent.into_iter().take(URGENT).map(|(key, title)| {
        let accept = move || took(baton().command.do_task(key, Deed::Accept));
        let inside = vec![
            words("baton-mine__words", format!("Urgent task for you: {title}")),
            button(QUIET, "Accept", title, accept),
            link(QUIET, Route::Task(key.space, key.task), "See the task"),
        ];
        block("baton-mine__call", inside)
    });
    let handovers = mine.handovers.into_iter().map(|(key, says)| {
        let inside = vec![
            words("baton-mine__words", says),
            link(QUIET, Route::Handed(key.space, key.id), "See the handover"),
        ];
        block("baton-mine__call", inside)
    });
    let again = mine.again.into_iter().map(|(key, says)| {
        let inside = vec![
            words("baton-mine__words", says),
            link(QUIET, Route::Task(key.space, key.task), "See the task"),
        ];
        block("baton-mine__call", inside)
    });
    list(
        "",
        "Waiting for you",
        offers.chain(handovers).chain(urgent).chain(again).collect(),
    )
}

/// So many urgent tasks are shown at a time; the others follow as these are accepted, and all are on the page of tasks.
const URGENT: usize = 3;
