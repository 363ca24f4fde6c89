//! The messages that were found: where, who, when, and the words around what was looked for.

use crate::part::derived::Memo;
use crate::part::drawn::view;
use crate::part::plain::{self, QUIET, button};
use crate::prelude::*;
use baton_core::search::{Found, Hit};

use crate::app::{Baton, baton};
use crate::page::shell::go;
use crate::route::Route;
use crate::store::search::STEP;
use crate::{clock, moment};

/// Bytes of a message that are shown.
const EXCERPT: usize = 160;

/// How many were found, and the best of them.
#[component]
pub(super) fn Messages(
    /// What was found.
    found: Memo<Found>,
) -> impl IntoView {
    let search = &baton().store.search;
    let words = move || found.with(|found| count(found.as_typed, found.total));
    let has_more = move || found.with(|found| found.total > found.hits.len());
    view! {
        <section class="baton-found" aria-labelledby="messages-found">
            <h3 class="baton-found__title" id="messages-found" role="status">{words}</h3>
            {move || {
                (found.with(|found| found.total == 0))
                    .then(|| {
                        let hint = if search.is_narrowed() {
                            "Try another word, or clear what narrows it down."
                        } else {
                            "Try fewer letters, another word, or a part of a name."
                        };
                        plain::words("baton-hint", hint)
                    })
            }}
            {move || {
                let (same, similar): (Vec<Hit>, Vec<Hit>) = found
                    .with(|found| found.hits.iter().cloned().partition(|hit| !hit.is_similar()));
                view! {
                    <Hits hits=same label="Messages found" />
                    {(!similar.is_empty())
                        .then(|| {
                            view! {
                                <h4 class="baton-found__similar">"Spelt in another way"</h4>
                                <Hits hits=similar label="Messages with other spellings" />
                            }
                        })}
                }
            }}
            {move || {
                has_more()
                    .then(|| {
                        button(QUIET, "Show more messages", "", move || search.limit.update(|limit| *limit += STEP))
                    })
            }}
        </section>
    }
}

fn count(as_typed: usize, total: usize) -> String {
    let similar = total.saturating_sub(as_typed);
    match (as_typed, similar) {
        (0, 0) => "No messages found".to_owned(),
        (0, 1) => "1 message, spelt in another way".to_owned(),
        (0, many) => format!("{many} messages, spelt in another way"),
        (1, 0) => "1 message".to_owned(),
        (many, 0) => format!("{many} messages"),
        (1, many) => format!("1 message, and {many} spelt in another way"),
        (some, many) => format!("{some} messages, and {many} spelt in another way"),
    }
}

#[component]
fn Hits(hits: Vec<Hit>, label: &'static str) -> impl IntoView {
    let baton = baton();
    (!hits.is_empty()).then(|| {
        let hits = hits.into_iter().map(|hit| line(baton, &hit)).collect_view();
        view! { <ul class="baton-found__list" aria-label=label>{hits}</ul> }
    })
}

/// One message, as a link to its place in the conversation.
fn line(baton: Baton, hit: &Hit) -> impl IntoView + use<> {
    let me = baton.store.me.with_untracked(|me| me.as_ref().map(|me| me.id));
    let author = if me == Some(hit.by) {
        "You".to_owned()
    } else {
        baton.store.people.card_now(hit.by).name
    };
    let title = baton
        .store
        .inbox
        .row(hit.space)
        .map_or_else(String::new, |row| row.title);
    let (to, op) = (Route::Thread(hit.space), hit.op);
    let open = move |event: leptos::ev::MouseEvent| {
        baton.store.thread.want(op);
        go(&event, to);
    };
    view! {
        <li>
            <a class="baton-found__hit" href=to.path() on:click=open>
                <span class="baton-found__top">
                    <span class="baton-found__where">{title}</span>
                    <time class="baton-found__time" datetime=moment::machine(hit.at)>
                        {moment::full(hit.at, clock::now(), clock::zone)}
                    </time>
                </span>
                <span class="baton-found__who">{author}</span>
                <span class="baton-found__text">{marked(hit)}</span>
            </a>
        </li>
    }
}

/// The part of the text around the first word that was looked for, with all such words marked.
fn marked(hit: &Hit) -> impl IntoView + use<> {
    let text = hit.text.as_str();
    let shown = hit.excerpt(EXCERPT);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let mut views = Vec::new();
    if shown.start > 0 {
        views.push("… ".into_any());
    }
    let mut at = shown.start;
    for mark in hit
        .marks
        .iter()
        .filter(|mark| mark.start >= shown.start && mark.end <= shown.end)
    {
        views.push(part(at, mark.start).into_any());
        views.push(view! { <mark>{part(mark.start, mark.end)}</mark> });
        at = mark.end;
    }
    views.push(part(at, shown.end).into_any());
    if shown.end < text.len() {
        views.push(" …".into_any());
    }
    views
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_says_what_is_spelt_otherwise() {
        assert_eq!(count(0, 0), "No messages found");
        assert_eq!(count(0, 1), "1 message, spelt in another way");
        assert_eq!(count(1, 1), "1 message");
        assert_eq!(count(12, 12), "12 messages");
        assert_eq!(count(12, 52), "12 messages, and 40 spelt in another way");
    }
}
