//! What concerns me on every page: the roles that I hold, what is offered to me or was not taken from me, urgent tasks and messages,
//! what is told once. Who is off duty is interrupted by what is pressing alone.

use crate::part::drawn::view;
use leptos::prelude::*;

use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::command::work::Deed;
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{QUIET, block, button, folded, follows, link, list, none, told, words};
use crate::route::Route;
use crate::store::work::TaskKey;
use crate::store::work::mine::{Accept, Call, Mine};
use crate::store::work::tell::News;

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
        memo(move || {
            mine.with(|mine| {
                let calls = mine.calls.iter().filter(|call| is(mine, call));
                calls.cloned().collect::<Vec<Call>>()
            })
        })
    };
    let loud = calls(|mine, call| !is_message(call) && (call.is_pressing || !mine.is_away));
    let messages = calls(|_, call| is_message(call));
    let quiet = calls(|mine, call| !is_message(call) && !call.is_pressing && mine.is_away);
    let news = move |is_loud: bool| {
        memo(move || {
            mine.with(|mine| {
                let news = mine.news.iter();
                let news = news.filter(|news| (news.is_urgent || !mine.is_away) == is_loud);
                news.cloned().collect::<Vec<News>>()
            })
        })
    };
    let (told_now, told_later) = (news(true), news(false));
    let drawn = move |calls: Vec<Call>| calls.into_iter().map(|call| drawn(call, wrong)).collect();
    let waits = move || calls_of("Waiting for you", drawn(loud.get()));
    // They are read out where they arrive, and need not be said where they are read.
    let urgent_messages = move || {
        let route = baton.router.route();
        let mut messages = messages.get();
        messages.retain(|call| {
            route != Route::Inbox && (call.to == Route::Inbox || route.space() != call.to.space())
        });
        calls_of("Urgent messages", drawn(messages))
    };
    let once = move || calls_of("News", told_once(told_now.get()));
    let later = move || {
        let mut all: Vec<AnyView> = drawn(quiet.get());
        all.extend(told_once(told_later.get()));
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
            <div role="alert">{follows(move || told("", "status", wrong.get().unwrap_or_default()))}</div>
            <div class="baton-mine__calls">
                <div aria-live="assertive">{follows(waits)}</div>
                <div>{follows(urgent_messages)}</div>
                <div>{follows(once)}</div>
                <div class="baton-mine__quiet">{follows(later)}</div>
            </div>
        </div>
    }
}

fn is_message(call: &Call) -> bool {
    matches!(call.to, Route::Inbox | Route::Thread(_))
}

fn calls_of(label: &'static str, all: Vec<AnyView>) -> AnyView {
    if all.is_empty() {
        none()
    } else {
        list("", label, all)
    }
}

/// What it says, and what one may do.
fn drawn(call: Call, wrong: RwSignal<Option<String>>) -> AnyView {
    let mut inside = vec![words("baton-mine__words", call.says)];
    if let Some((accept, about)) = call.accept {
        let accept = move || {
            let command = baton().command;
            let done = match accept {
                Accept::Role(key, offer) => command.do_role(key, RoleDeed::Accept(offer)),
                Accept::Task(key) => command.do_task(key, Deed::Accept),
            };
            wrong.set(done.err().map(|refusal| refusal.to_string()));
        };
        inside.push(button(QUIET, "Accept", about, accept));
    }
    inside.push(see(call.to));
    block("baton-mine__call", inside)
}

fn see(to: Route) -> AnyView {
    let says = if matches!(to, Route::Handed(..)) {
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
    };
    link(QUIET, to, says)
}

/// What is told until the reader has seen it.
fn told_once(mut all: Vec<News>) -> Vec<AnyView> {
    let hidden: Vec<TaskKey> = all.drain(all.len().min(SHOWN)..).map(|news| news.key).collect();
    let mut lines: Vec<AnyView> = all
        .into_iter()
        .map(|news| line(news.words, news.to, vec![news.key]))
        .collect();
    if !hidden.is_empty() {
        let says = format!("{} more about tasks and roles", hidden.len());
        lines.push(line(says, Route::Tasks, hidden));
    }
    lines
}

fn line(says: String, to: Route, keys: Vec<TaskKey>) -> AnyView {
    let telling = baton().store.work.telling;
    let seen = move || telling.update(|telling| telling.retain(|key| !keys.contains(key)));
    let inside = vec![
        words("baton-mine__words", says.clone()),
        see(to),
        button(QUIET, "Seen", says, seen),
    ];
    block("baton-mine__call", inside)
}

/// So much of what is told is shown at a time, and how much more there is.
const SHOWN: usize = 3;
