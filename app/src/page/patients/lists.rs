//! My lists and my teams' lists, and making one.

use crate::part::drawn::view;
use crate::part::plain::words;
use crate::prelude::*;

use crate::app::baton;
use crate::page::list::AddPatient;
use crate::page::shell::go;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::icon::Icon;
use crate::route::Route;
use crate::store::lists::head::Line;
use crate::store::lists::look::ListKey;

mod make;

use make::MakeDialog;

/// What is asked beside the lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Add(ListKey),
    Make,
}

/// The lists.
#[component]
pub(super) fn Lists() -> impl IntoView {
    let baton = baton();
    let lines = memo(move || baton.command.lists());
    let asked = RwSignal::new(None::<Asked>);
    let close = move |()| asked.set(None);
    let of = move |is: fn(&Line) -> bool| {
        memo(move || lines.with(|lines| lines.iter().filter(|line| is(line)).cloned().collect::<Vec<_>>()))
    };
    let mine = of(|line| line.is_own && !line.is_archived);
    let teams = of(|line| !line.is_own && !line.is_archived);
    let archived = of(|line| line.is_archived);
    let has_archived = memo(move || !archived.with(Vec::is_empty));
    view! {
        <section class="baton-lists" aria-labelledby="lists-title">
            <header class="baton-lists__head">
                <h3 class="baton-lists__title" id="lists-title">"Lists"</h3>
                <button type="button" class="baton-list__new baton-lists__new" on:click=move |_| asked.set(Some(Asked::Make))>
                    {Icon::Plus.draw()} "Make a list"
                </button>
            </header>
            <Group title="My lists" lines=mine none="You have no lists of your own yet." asked />
            <Group title="Team lists" lines=teams none="Your teams have no lists yet." asked />
            {move || {
                has_archived
                    .get()
                    .then(|| {
                        view! {
                            <details class="baton-lists__archive">
                                <summary>"In the archive: " {move || archived.with(Vec::len)}</summary>
                                <Group title="Archive" lines=archived none="" asked />
                            </details>
                        }
                    })
            }}
        </section>
        {move || {
            asked
                .get()
                .map(|what| match what {
                    Asked::Add(key) => view! { <AddPatient key close /> },
                    Asked::Make => view! { <MakeDialog close /> },
                })
        }}
    }
}

#[component]
fn Group(
    title: &'static str,
    lines: Memo<Vec<Line>>,
    none: &'static str,
    asked: RwSignal<Option<Asked>>,
) -> impl IntoView {
    view! {
        <h4 class="baton-lists__group">{title}</h4>
        {move || {
            if lines.with(Vec::is_empty) {
                words("baton-hint", none)
            } else {
                let lines = lines.get();
                view! {
                    <ul class="baton-lists__lines" aria-label=title>
                        {lines.into_iter().map(|line| view! { <LineView line asked /> }).collect_view()}
                    </ul>
                }
            }
        }}
    }
}

#[component]
fn LineView(line: Line, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let key = line.key;
    let to = Route::List(key.space, key.list);
    let name = line.title.clone();
    view! {
        <li class="baton-lists__line">
            <a class="baton-lists__link" href=to.path() on:click=move |event| go(&event, to)>
                <span class="baton-lists__name">{line.title}</span>
                <span class="baton-hint">
                    {(!line.owner.is_empty()).then(|| format!("{}. ", line.owner))} {line.includes} ". " {line.count}
                </span>
                {(!line.changed.is_empty()).then(|| view! { <span class="baton-cell__changed">{line.changed}</span> })}
            </a>
            {(line.may_write && !line.is_archived)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="baton-icon-button"
                            aria-label=format!("Add a patient to {name}")
                            on:click=move |_| asked.set(Some(Asked::Add(key)))
                        >
                            {Icon::Plus.draw()}
                        </button>
                    }
                })}
        </li>
    }
}
