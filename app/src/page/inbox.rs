//! The list of conversations: what is urgent first, then by latest activity.

use crate::part::drawn::view;
use crate::part::plain::{self, told, words};
use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::op::space::SpaceKind;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::page::shell::go;
use crate::part::derived::{Memo, RwSignal, effect, memo};
use crate::part::icon::Icon;
use crate::part::person::Picture;
use crate::part::rows::rows_of_ids;
use crate::route::Route;
use crate::store::connection::Mood;
use crate::store::inbox::{Filter, Row, unread};
use crate::web;

/// Rows that a screen shows at once, and a few more.
const IN_SIGHT: usize = 14;

/// The first rows are on the screen after so many milliseconds.
const PAINTED_WITHIN: i32 = 100;

/// The list pane.
#[component]
pub fn InboxPane(
    /// The conversation that is open.
    open: Memo<Option<SpaceId>>,
) -> impl IntoView {
    let baton = baton();
    let inbox = &baton.store.inbox;
    let urgent = memo(move || inbox.urgent());
    let all = memo(move || inbox.rest());
    // Those in sight first, and the others once they are painted; anew when others are listed.
    let painted = RwSignal::new(None::<Filter>);
    let rest = memo(move || {
        let is_painted = painted.get() == Some(inbox.filter());
        let most = if is_painted { usize::MAX } else { IN_SIGHT };
        all.with(|all| all.iter().take(most).copied().collect::<Vec<_>>())
    });
    let listed = memo(move || (!all.with(Vec::is_empty)).then(|| inbox.filter()));
    effect(move || {
        let listed = listed.get();
        if listed.is_some() {
            spawn_local(async move {
                web::wait(PAINTED_WITHIN).await;
                _ = painted.try_set(listed);
            });
        }
    });
    let is_loading = memo(move || inbox.loading());
    let has_urgent = memo(move || !urgent.with(Vec::is_empty));
    let is_empty = move || urgent.with(Vec::is_empty) && rest.with(Vec::is_empty) && is_loading.get() == 0;
    view! {
        <section class="baton-list" aria-labelledby="inbox-title">
            <header class="baton-list__head">
                <h2 class="baton-list__title" id="inbox-title">"Inbox"</h2>
                <a
                    class="baton-list__new"
                    href=Route::New.path()
                    on:click=move |event| go(&event, Route::New)
                >
                    {Icon::Pencil.draw()} "New conversation"
                </a>
                <Filters />
                {plain::follows(move || {
                    plain::maybe(baton.shared.with(|shared| !shared.is_empty()).then(|| plain::told("baton-inbox__shared", "status", SHARED)))
                })}
            </header>
            <div class="baton-list__scroll">
                {move || {
                    has_urgent
                        .get()
                        .then(|| {
                            view! {
                                <h3 class="baton-list__group baton-list__group--urgent">
                                    {Icon::Warning.draw()} "Urgent, waiting for you"
                                </h3>
                                <Rows ids=urgent open />
                            }
                        })
                }}
                {move || {
                    (has_urgent.get() && !rest.with(Vec::is_empty))
                        .then(|| view! { <h3 class="baton-list__group">"Other conversations"</h3> })
                }}
                <Rows ids=rest open />
                {move || {
                    let count = is_loading.get();
                    (count > 0)
                        .then(|| told("baton-list__empty", "status", loading(count)))
                }}
                {move || is_empty().then(|| view! { <Empty /> })}
            </div>
        </section>
    }
}

#[component]
fn Filters() -> impl IntoView {
    let inbox = &baton().store.inbox;
    view! {
        <div class="baton-filters" role="group" aria-label="Show">
            {Filter::ALL
                .map(|filter| {
                    let count = move || inbox.count(filter);
                    view! {
                        <button
                            type="button"
                            class="baton-filters__button"
                            aria-pressed=move || (inbox.filter() == filter).to_string()
                            on:click=move |_| inbox.set_filter(filter)
                        >
                            {filter.label()}
                            {move || {
                                (filter != Filter::All && count() > 0)
                                    .then(|| view! { <span class="baton-filters__count">{count()}</span> })
                            }}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

#[component]
fn Rows(ids: Memo<Vec<SpaceId>>, open: Memo<Option<SpaceId>>) -> impl IntoView {
    view! {
        <ul class="baton-list__rows">
            {rows_of_ids(
                move || ids.with(|ids| ids.iter().map(|id| *id.as_bytes()).collect()),
                move |id| view! { <li><RowLink id=SpaceId::from_bytes(id) open /></li> },
            )}
        </ul>
    }
}

#[component]
fn RowLink(id: SpaceId, open: Memo<Option<SpaceId>>) -> impl IntoView {
    let baton = baton();
    let row = memo(move || baton.store.inbox.row(id));
    let draft = memo(move || baton.store.drafts.preview(id));
    let is_unread = move || row.with(|row| row.as_ref().is_some_and(|row| row.unread > 0));
    let is_muted = memo(move || baton.store.inbox.is_muted(id));
    let is_urgent = move || row.with(|row| row.as_ref().is_some_and(|row| row.urgent > 0));
    view! {
        <a
            class="baton-space"
            class:baton-space--unread=is_unread
            class:baton-space--urgent=is_urgent
            href=Route::Thread(id).path()
            aria-current=move || (open.get() == Some(id)).then_some("true")
            on:click=move |event| go(&event, Route::Thread(id))
        >
            {move || row.get().map(|row| view! { <RowWords row draft=draft.get() is_muted=is_muted.get() /> })}
        </a>
    }
}

#[component]
fn RowWords(row: Row, draft: Option<String>, is_muted: bool) -> AnyView {
    let preview = match draft {
        Some(text) => view! { <span class="baton-space__draft">"Draft: "</span> {text} },
        None if row.author.is_empty() => row.preview.into_any(),
        None => view! { <span class="baton-space__author">{row.author} ": "</span> {row.preview} },
    };
    let outside = (!row.outside.is_empty() && row.kind != SpaceKind::Direct)
        .then(|| view! { <span class="baton-space__outside">"With " {row.outside.join(", ")}</span> });
    view! {
        <Picture initials=row.initials tint=row.tint many=row.kind != SpaceKind::Direct />
        <span class="baton-space__words">
            <span class="baton-space__top">
                <span class="baton-space__title">{row.title}</span>
                <span class="baton-space__time">{row.time}</span>
            </span>
            <span class="baton-space__role">{row.role} {outside}</span>
            <span class="baton-space__bottom">
                <span class="baton-space__preview">{preview}</span>
                {(!row.is_open).then(|| view! { <span class="baton-space__closed">"You left"</span> })}
                {is_muted.then(|| view! { <span class="baton-space__closed">"Muted"</span> })}
                {(row.urgent > 0)
                    .then(|| view! { <span class="baton-space__urgent">{Icon::Warning.draw()} "Urgent"</span> })}
                {(row.unread > 0)
                    .then(|| {
                        view! {
                            <span class="baton-count">
                                {unread(row.unread, row.is_more_unread)} <span class="nhsuk-u-visually-hidden">" unread"</span>
                            </span>
                        }
                    })}
            </span>
        </span>
    }
}

fn loading(count: usize) -> String {
    if count == 1 {
        "Loading 1 conversation…".to_owned()
    } else {
        format!("Loading {count} conversations…")
    }
}

#[component]
fn Empty() -> impl IntoView {
    let baton = baton();
    let inbox = &baton.store.inbox;
    move || match inbox.filter() {
        Filter::All if baton.store.connection.with(|line| line.mood != Mood::Live) => {
            told("baton-list__empty", "status", "Loading your conversations…")
        }
        Filter::All => view! {
            <div class="baton-list__empty">
                {words("", "You have no conversations yet.")}
                <a
                    class="baton-link"
                    href=Route::New.path()
                    on:click=move |event| go(&event, Route::New)
                >
                    "Start one"
                </a>
            </div>
        },
        Filter::Unread => words("baton-list__empty", "Everything is read."),
        Filter::Urgent => words("baton-list__empty", "Nothing urgent waits for you."),
    }
}

/// Another app shared photos.
const SHARED: &str = "Choose the conversation for the photo that you shared.";
