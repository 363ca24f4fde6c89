//! What concerns me on every page: the roles that I hold, what is offered to me or was not taken from me, urgent tasks and messages,
//! what is told once. Who is off duty is interrupted by what is pressing alone.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::command::work::Deed;
use crate::page::shell::go;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::plain::{QUIET, block, button, folded, follows, link, none, told, words};
use crate::part::rows::{RowKey, rows};
use crate::route::Route;
use crate::store::work::TaskKey;
use crate::store::work::mine::{Accept, Call, Mine, keys};
use crate::store::work::tell::News;
use crate::web;

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
    let hold = move || {
        let holds = holds.get();
        let says = if holds.is_empty() {
            "You hold no role".to_owned()
        } else {
            format!("You hold: {holds}")
        };
        link("baton-mine__holds", Route::Roles, says)
    };
    // Each follows its own: what is read out is not read out again when something else comes or one goes to another page.
    let calls = move |is: fn(&Mine, &Call) -> bool| {
        mine.with(|mine| {
            let calls = mine.calls.iter().filter(|call| is(mine, call));
            calls.cloned().collect::<Vec<Call>>()
        })
    };
    let news = move |is_loud: bool| {
        mine.with(|mine| {
            let news = mine.news.iter();
            let news = news.filter(|news| (news.is_urgent || !mine.is_away) == is_loud);
            told_once(news.cloned().collect())
        })
    };
    let waits = memo(move || calls(|mine, call| !is_message(call) && (call.is_pressing || !mine.is_away)));
    // They are read out where they arrive, and need not be said where they are read.
    let messages = memo(move || {
        let route = baton.router.route();
        let mut messages = calls(|_, call| is_message(call));
        messages.retain(|call| {
            route != Route::Inbox && (call.to == Route::Inbox || route.space() != call.to.space())
        });
        messages
    });
    let once = memo(move || news(true));
    let later = memo(move || {
        let mut all = calls(|mine, call| !is_message(call) && !call.is_pressing && mine.is_away);
        all.extend(news(false));
        all
    });
    let is_quiet = memo(move || later.with(Vec::is_empty));
    let quiet = move || {
        if is_quiet.get() {
            return none();
        }
        let inside = calls_of("Not urgent", later, wrong);
        folded("", "Not urgent, waits until you are back", inside)
    };
    view! {
        <div class="baton-mine" role="region" aria-label="Your roles">
            {super::duty::switch(asks_duty)}
            {follows(hold)}
            <div role="alert">{follows(move || told("", "status", wrong.get().unwrap_or_default()))}</div>
            <div class="baton-mine__calls">
                <div aria-live="assertive">{calls_of("Waiting for you", waits, wrong)}</div>
                {calls_of("Urgent messages", messages, wrong)}
                {calls_of("News", once, wrong)}
                <div class="baton-mine__quiet">{follows(quiet)}</div>
            </div>
        </div>
    }
}

fn is_message(call: &Call) -> bool {
    matches!(call.to, Route::Inbox | Route::Thread(_))
}

/// Each stays what it is while others come and go: what has the focus, or is about to be pressed, never becomes another.
fn calls_of(label: &'static str, all: Memo<Vec<Call>>, wrong: RwSignal<Option<String>>) -> AnyView {
    let is_empty = memo(move || all.with(Vec::is_empty));
    follows(move || {
        if is_empty.get() {
            return none();
        }
        let of_all = move || all.with(|all| keys(all));
        let row = move |key: RowKey| {
            let call = all.with_untracked(|all| {
                let place = keys(all).iter().position(|other| *other == key)?;
                all.get(place).cloned()
            });
            call.map_or_else(none, |call| view! { <li>{drawn(call, wrong)}</li> })
        };
        view! { <ul aria-label=label>{rows(of_all, row)}</ul> }
    })
}

/// What it says, and what one may do.
fn drawn(call: Call, wrong: RwSignal<Option<String>>) -> AnyView {
    let Call {
        says,
        accept,
        seen,
        to,
        ..
    } = call;
    let see = view! {
        <a class=QUIET href=to.path() aria-label=format!("{}: {says}", seeing(to)) on:click=move |event| go(&event, to)>
            {seeing(to)}
        </a>
    };
    let mut inside = vec![words("baton-mine__words", says.clone())];
    if let Some((accept, about)) = accept {
        let accept = move || {
            let command = baton().command;
            let done = match accept {
                Accept::Role(key, offer) => command.do_role(key, RoleDeed::Accept(offer)),
                Accept::Task(key) => command.do_task(key, Deed::Accept),
            };
            wrong.set(done.err().map(|refusal| refusal.to_string()));
            web::focus("main");
        };
        inside.push(button(QUIET, "Accept", about, accept));
    }
    inside.push(see);
    if !seen.is_empty() {
        let telling = baton().store.work.telling;
        let seen = move || {
            telling.update(|telling| telling.retain(|key| !seen.contains(key)));
            web::focus("main");
        };
        inside.push(button(QUIET, "Seen", says, seen));
    }
    block("baton-mine__call", inside)
}

fn seeing(to: Route) -> &'static str {
    if matches!(to, Route::Handed(..)) {
        "See the handover"
    } else if to == Route::Roles {
        "See the role"
    } else if to == Route::Tasks {
        "See your tasks"
    } else if matches!(to, Route::Thread(_)) {
        "See the message"
    } else if to == Route::Inbox {
        "See the inbox"
    } else {
        "See the task"
    }
}

/// What is told until the reader has seen it.
fn told_once(mut all: Vec<News>) -> Vec<Call> {
    let hidden: Vec<TaskKey> = all.drain(all.len().min(SHOWN)..).map(|news| news.key).collect();
    let mut calls: Vec<Call> = all
        .into_iter()
        .map(|news| Call::told(news.words, news.to, vec![news.key]))
        .collect();
    if !hidden.is_empty() {
        let says = format!("{} more about tasks and roles", hidden.len());
        calls.push(Call::told(says, Route::Tasks, hidden));
    }
    calls
}

/// So much of what is told is shown at a time, and how much more there is.
const SHOWN: usize = 3;
