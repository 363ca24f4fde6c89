//! What concerns me on every page: the roles that I hold, what is offered to me or was not taken from me, an urgent task that
//! waits for me or for anybody, what is told once. Who is off duty is interrupted by what is urgent alone.

use crate::part::drawn::view;
use baton_core::id::SpaceId;
use leptos::prelude::*;

use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::command::work::Deed;
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{QUIET, block, button, folded, follows, link, list, none, told, words};
use crate::route::Route;
use crate::store::handover::given::HandoverKey;
use crate::store::work::TaskKey;
use crate::store::work::mine::{Mine, Urgent};
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
    let calls = memo(move || {
        mine.with(|mine| Mine {
            holds: Vec::new(),
            news: Vec::new(),
            ..mine.clone()
        })
    });
    let news = memo(move || mine.with(|mine| (mine.news.clone(), mine.is_away)));
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
        let mut all = if calls.is_away {
            Vec::new()
        } else {
            routine(&calls, wrong)
        };
        all.extend(urgent(&calls, wrong));
        calls_of("Waiting for you", all)
    };
    // They are read out where they arrive.
    let urgent_messages = memo(move || {
        let route = baton.router.route();
        let all = baton.store.inbox.waiting_urgently();
        let other = all.into_iter().filter(|(id, _)| route.space() != Some(*id));
        if route == Route::Inbox {
            Vec::new()
        } else {
            other.collect()
        }
    });
    let messages = move || calls_of("Urgent messages", of_messages(urgent_messages.get()));
    let told_once = move || {
        let (news, is_away) = news.get();
        let told = news.into_iter().filter(|news| news.is_urgent || !is_away);
        calls_of("News", once(told.collect()))
    };
    let quiet = move || {
        let (news, is_away) = news.get();
        if !is_away {
            return none();
        }
        let mut all = routine(&calls.get(), wrong);
        all.extend(once(news.into_iter().filter(|news| !news.is_urgent).collect()));
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
            <div class="baton-mine__calls">{follows(messages)}</div>
            <div class="baton-mine__calls">{follows(told_once)}</div>
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

/// A call: what it says, and what one may do.
fn call(says: String, acts: impl IntoIterator<Item = AnyView>) -> AnyView {
    let mut inside = vec![words("baton-mine__words", says)];
    inside.extend(acts);
    block("baton-mine__call", inside)
}

fn see_role() -> AnyView {
    link(QUIET, Route::Roles, "See the role")
}

fn see_handover(key: HandoverKey) -> AnyView {
    link(QUIET, Route::Handed(key.space, key.id), "See the handover")
}

/// What waits, and interrupts who is on duty.
fn routine(mine: &Mine, wrong: RwSignal<Option<String>>) -> Vec<AnyView> {
    let mut all = Vec::new();
    for (key, offer, title, by) in mine.offers.clone() {
        let accept = move || took(baton().command.do_role(key, RoleDeed::Accept(offer)), wrong);
        let says = format!("{by} offers you {title}");
        all.push(call(says, [button(QUIET, "Accept", title, accept), see_role()]));
    }
    for (key, says) in mine.handovers.clone() {
        all.push(call(says, [see_handover(key)]));
    }
    // What is for anybody is not for who is off duty.
    all.extend(tasks(mine, false, wrong));
    all
}

/// What interrupts also who is off duty.
fn urgent(mine: &Mine, wrong: RwSignal<Option<String>>) -> Vec<AnyView> {
    let mut all = tasks(mine, true, wrong);
    for (key, says) in mine.refused.clone() {
        all.push(call(says, [see_handover(key)]));
    }
    for says in mine.keeps.clone() {
        all.push(call(says, [see_role()]));
    }
    for (key, says) in mine.again.clone() {
        all.push(call(says, [see(key)]));
    }
    all
}

/// Conversations in which an urgent message waits for the reader.
fn of_messages(all: Vec<(SpaceId, String)>) -> Vec<AnyView> {
    let more = all.len().saturating_sub(SHOWN);
    let shown = all.into_iter().take(SHOWN).map(|(id, title)| {
        let says = format!("Urgent message in {title}");
        call(says, [link(QUIET, Route::Thread(id), "See the message")])
    });
    let more = (more > 0).then(|| {
        let says = format!("{more} more conversations with urgent messages");
        call(says, [link(QUIET, Route::Inbox, "See the inbox")])
    });
    shown.chain(more).collect()
}

/// Urgent tasks: the reader's, or those for anybody.
fn tasks(mine: &Mine, are_mine: bool, wrong: RwSignal<Option<String>>) -> Vec<AnyView> {
    let of = mine.urgent.iter().filter(|urgent| urgent.is_mine == are_mine);
    let all: Vec<Urgent> = of.cloned().collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut calls: Vec<AnyView> = Vec::new();
    for urgent in all.into_iter().take(SHOWN) {
        let key = urgent.key;
        let accept = move || took(baton().command.do_task(key, Deed::Accept), wrong);
        let says = format!("{}: {}", urgent.words, urgent.title);
        let accept = urgent
            .may_accept
            .then(|| button(QUIET, "Accept", urgent.title, accept));
        calls.push(call(says, accept.into_iter().chain([see(key)])));
    }
    if more > 0 {
        calls.push(call(format!("{more} more urgent tasks"), [see_tasks()]));
    }
    calls
}

fn see_tasks() -> AnyView {
    link(QUIET, Route::Tasks, "See your tasks")
}

/// What is told once, until the reader has seen it.
fn once(all: Vec<News>) -> Vec<AnyView> {
    let telling = baton().store.work.telling;
    let more = all.len().saturating_sub(SHOWN);
    let mut calls: Vec<AnyView> = Vec::new();
    for news in all.into_iter().take(SHOWN) {
        let key = news.key;
        let seen = move || telling.update(|telling| telling.retain(|other| *other != key));
        let look = news.task.map_or_else(see_role, see);
        let seen = button(QUIET, "Seen", news.words.clone(), seen);
        calls.push(call(news.words, [look, seen]));
    }
    if more > 0 {
        let seen = button(QUIET, "Seen", "all news", move || telling.set(Vec::new()));
        calls.push(call(
            format!("{more} more about tasks and roles"),
            [see_tasks(), seen],
        ));
    }
    calls
}

fn see(key: TaskKey) -> AnyView {
    link(QUIET, Route::Task(key.space, key.task), "See the task")
}

/// So many of a kind are shown at a time, and how many more there are: they follow as these are accepted or seen.
const SHOWN: usize = 3;
