//! What concerns me on every page: the roles that I hold, a role that is offered to me, an urgent
//! task that waits for me, what became overdue. Who is off duty is interrupted by what is urgent alone.

use crate::part::drawn::view;
use leptos::prelude::*;

use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::command::work::Deed;
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{QUIET, block, button, folded, follows, link, list, none, told, words};
use crate::route::Route;
use crate::store::work::TaskKey;
use crate::store::work::overdue::Overdue;
use crate::store::work::role::Mine;

/// The strip below the bar.
#[component]
pub(super) fn MyWork(
    /// Whether the reader is asked about their duty.
    asks_duty: RwSignal<bool>,
) -> impl IntoView {
    let baton = baton();
    let mine = memo(move || baton.command.my_work());
    let wrong = RwSignal::new(None::<String>);
    let holds = memo(move || mine.with(|mine| mine.holds.join(", ")));
    let calls = memo(move || {
        mine.with(|mine| Mine {
            holds: Vec::new(),
            overdue: Vec::new(),
            ..mine.clone()
        })
    });
    let late = memo(move || mine.with(|mine| (mine.overdue.clone(), mine.is_away)));
    let hold = move || {
        let holds = holds.get();
        let says = if holds.is_empty() {
            "You hold no role".to_owned()
        } else {
            format!("You hold: {holds}")
        };
        link("baton-mine__holds", Route::Roles, says)
    };
    let loud = move || {
        let calls = calls.get();
        let all = if calls.is_away {
            urgent(calls, wrong)
        } else {
            let mut all = routine(calls.clone(), wrong);
            all.extend(urgent(calls, wrong));
            all
        };
        calls_of("Waiting for you", all)
    };
    let overdue_told = move || {
        let (late, is_away) = late.get();
        let told = late.into_iter().filter(|overdue| overdue.is_urgent || !is_away);
        calls_of("Overdue", overdue(told.collect()))
    };
    let quiet = move || {
        let (late, is_away) = late.get();
        if !is_away {
            return none();
        }
        let mut all = routine(calls.get(), wrong);
        let late = late.into_iter().filter(|overdue| !overdue.is_urgent);
        all.extend(overdue(late.collect()));
        if all.is_empty() {
            return none();
        }
        folded(
            "",
            "Not urgent, waits until you are back",
            calls_of("Not urgent", all),
        )
    };
    view! {
        <div class="baton-mine" role="region" aria-label="Your roles">
            {super::duty::switch(asks_duty)}
            {follows(hold)}
            <div role="alert">{follows(move || told_wrong(wrong))}</div>
            <div class="baton-mine__calls" aria-live="assertive">{follows(loud)}</div>
            <div class="baton-mine__calls">{follows(overdue_told)}</div>
            <div class="baton-mine__quiet">{follows(quiet)}</div>
        </div>
    }
}

fn told_wrong(wrong: RwSignal<Option<String>>) -> AnyView {
    told("", "status", wrong.get().unwrap_or_default())
}

fn calls_of(label: &'static str, all: Vec<AnyView>) -> AnyView {
    if all.is_empty() {
        none()
    } else {
        list("", label, all)
    }
}

type Took = Result<baton_core::id::OpId, baton_core::refusal::Refusal>;

fn took(result: Took, wrong: RwSignal<Option<String>>) {
    wrong.set(result.err().map(|refusal| refusal.to_string()));
}

/// What waits, and interrupts who is on duty.
fn routine(mine: Mine, wrong: RwSignal<Option<String>>) -> Vec<AnyView> {
    let offers = mine.offers.into_iter().map(|(key, offer, title, by)| {
        let accept = move || took(baton().command.do_role(key, RoleDeed::Accept(offer)), wrong);
        let inside = vec![
            words("baton-mine__words", format!("{by} offers you {title}")),
            button(QUIET, "Accept", title, accept),
            link(QUIET, Route::Roles, "See the role"),
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
    offers.chain(handovers).collect()
}

/// What interrupts also who is off duty.
fn urgent(mine: Mine, wrong: RwSignal<Option<String>>) -> Vec<AnyView> {
    let urgent = mine.urgent.into_iter().take(URGENT).map(|(key, title)| {
        let accept = move || took(baton().command.do_task(key, Deed::Accept), wrong);
        let inside = vec![
            words("baton-mine__words", format!("Urgent task for you: {title}")),
            button(QUIET, "Accept", title, accept),
            see(key),
        ];
        block("baton-mine__call", inside)
    });
    let again = mine.again.into_iter().map(|(key, says)| {
        let inside = vec![words("baton-mine__words", says), see(key)];
        block("baton-mine__call", inside)
    });
    urgent.chain(again).collect()
}

/// What became overdue, until the reader has seen it.
fn overdue(all: Vec<Overdue>) -> Vec<AnyView> {
    let telling = baton().store.work.telling;
    let more = all.len().saturating_sub(LATE);
    let mut calls: Vec<AnyView> = all
        .into_iter()
        .take(LATE)
        .map(|overdue| {
            let key = overdue.key;
            let seen = move || telling.update(|telling| telling.retain(|other| *other != key));
            let inside = vec![
                words("baton-mine__words", overdue.words.clone()),
                see(key),
                button(QUIET, "Seen", overdue.words, seen),
            ];
            block("baton-mine__call", inside)
        })
        .collect();
    if more > 0 {
        let inside = vec![
            words(
                "baton-mine__words",
                format!("{more} more of your tasks are overdue"),
            ),
            link(QUIET, Route::Tasks, "See your tasks"),
            button(QUIET, "Seen", "all overdue tasks", move || {
                telling.set(Vec::new());
            }),
        ];
        calls.push(block("baton-mine__call", inside));
    }
    calls
}

fn see(key: TaskKey) -> AnyView {
    link(QUIET, Route::Task(key.space, key.task), "See the task")
}

/// So many urgent tasks are shown at a time; the others follow as these are accepted, and all are on the page of tasks.
const URGENT: usize = 3;

/// So many overdue tasks are named; the others are counted.
const LATE: usize = 3;
