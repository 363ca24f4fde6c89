//! Starting a conversation: with one person, or with several under a name.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use baton_core::id::{OpId, UserId};
use baton_core::op::space::{SpaceKind, TITLE_CHARS};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::clock;
use crate::nhs::button::Button;
use crate::page::shell::go;
use crate::page::tasks::rows;
use crate::part::derived::{RwSignal, effect};
use crate::part::find_people::FindPeople;
use crate::part::icon::Icon;
use crate::part::person::outside_tag;
use crate::part::rows::rows_of_ids;
use crate::route::Route;
use crate::session::AskError;
use crate::store::people::Card;

/// The heading of a page in the detail pane, with the way back on a phone.
#[component]
pub fn PaneHead(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// Where Back leads.
    #[prop(optional)]
    back: Option<Route>,
) -> impl IntoView {
    head(title, back)
}

/// A page of parts below each other, which scroll; `most` rows are built of a long list, and more as one comes to its end.
pub fn pane(
    title: &'static str,
    back: Option<Route>,
    class: &'static str,
    most: Option<RwSignal<usize>>,
    inside: Vec<AnyView>,
) -> AnyView {
    let go_on = move |event: web_sys::Event| {
        if let Some(most) = most {
            rows::go_on(&event, most);
        }
    };
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            {head(Signal::stored(title.to_owned()), back)}
            <div class=format!("baton-pane__inside baton-work {class}") on:scroll=go_on>{inside}</div>
        </section>
    }
}

fn head(title: Signal<String>, back: Option<Route>) -> AnyView {
    let node = NodeRef::<html::H2>::new();
    effect(move || {
        if let Some(node) = node.get() {
            _ = node.focus();
        }
    });
    let back_to = back.unwrap_or(Route::Inbox);
    let class = if back.is_some() {
        "baton-icon-button"
    } else {
        "baton-icon-button baton-head__back"
    };
    view! {
        <header class="baton-head">
            <a class=class href=back_to.path() aria-label="Back" on:click=move |event| go(&event, back_to)>
                {Icon::Back.draw()}
            </a>
            <h2 class="baton-head__title" id="pane-title" tabindex="-1" node_ref=node>{move || title.get()}</h2>
        </header>
    }
}

/// The page.
#[component]
pub fn NewPage() -> impl IntoView {
    let baton = baton();
    let chosen = RwSignal::new(Vec::<Card>::new());
    let title = RwSignal::new(String::new());
    let error = RwSignal::new(None::<&'static str>);
    let is_starting = RwSignal::new(false);
    // One id for this page: pressing twice, or again after a failure, starts one conversation.
    let request = OpId::make(clock::now(), clock::random());
    let is_group = move || chosen.with(|chosen| chosen.len() > 1);
    let outside = move || {
        let home = baton.store.me.with(|me| me.as_ref().map(|me| me.ods.clone()));
        chosen.with(|chosen| {
            chosen
                .iter()
                .filter(|card| home.as_ref().is_some_and(|home| *home != card.ods))
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let start = move |()| {
        let others: Vec<UserId> = chosen.with_untracked(|chosen| chosen.iter().map(|card| card.id).collect());
        let name = title.get_untracked().trim().to_owned();
        let kind = if others.len() > 1 {
            SpaceKind::Group
        } else {
            SpaceKind::Direct
        };
        if kind == SpaceKind::Group && name.is_empty() {
            return error.set(Some(
                "Give the group a name that tells everyone what it is about.",
            ));
        }
        if name.chars().count() > TITLE_CHARS {
            return error.set(Some("The name is too long. Use at most 120 characters."));
        }
        let name = if kind == SpaceKind::Direct {
            String::new()
        } else {
            name
        };
        is_starting.set(true);
        error.set(None);
        spawn_local(async move {
            let started = baton.command.start(kind, name, others, request).await;
            is_starting.try_set(false);
            match started {
                Ok(space) => baton.router.replace(Route::Thread(space)),
                Err(why) => {
                    error.try_set(Some(why_not_started(&why)));
                }
            }
        });
    };
    let offers = move |user: UserId| chosen.with(|chosen| chosen.iter().all(|card| card.id != user));
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="New conversation" />
            <div class="baton-pane__inside">
                {move || (!chosen.with(Vec::is_empty)).then(|| view! { <Chosen chosen /> })}
                {move || {
                    is_group()
                        .then(|| view! { <GroupName title /> })
                }}
                {move || {
                    let outside = outside();
                    (!outside.is_empty()).then(|| view! { <OutsideWarning people=outside /> })
                }}
                {move || error.get().map(|words| view! { <p class="baton-error" role="alert">{words}</p> })}
                {move || {
                    (!chosen.with(Vec::is_empty))
                        .then(|| {
                            view! {
                                <Button disabled=is_starting press=start>
                                    {move || if is_group() { "Start group" } else { "Start conversation" }}
                                </Button>
                            }
                        })
                }}
                <FindPeople
                    label="Who is it with?"
                    verb="Add"
                    offers
                    choose=move |card: Card| chosen.update(|chosen| chosen.push(card))
                />
            </div>
        </section>
    }
}

fn why_not_started(error: &AskError) -> &'static str {
    if matches!(error, AskError::Refused { status: 403, .. }) {
        "The record does not allow this conversation. Ask your administrator."
    } else {
        "It could not be started. Check the connection, then try again."
    }
}

/// What a group is called.
#[component]
fn GroupName(title: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="baton-find">
            <label class="baton-find__label" for="group-name">"Name of the group"</label>
            <input
                id="group-name"
                class="baton-field"
                type="text"
                autocomplete="off"
                prop:value=move || title.get()
                on:input:target=move |event| title.set(event.target().value())
            />
            <p class="baton-hint">"No patient’s name or number: everyone who is added sees it."</p>
        </div>
    }
}

/// Who was chosen so far.
#[component]
fn Chosen(chosen: RwSignal<Vec<Card>>) -> impl IntoView {
    view! {
        <ul class="baton-chosen" aria-label="Chosen">
            {rows_of_ids(
                move || chosen.with(|chosen| chosen.iter().map(|card| *card.id.as_bytes()).collect()),
                move |id| view! { <ChosenOne id=UserId::from_bytes(id) chosen /> },
            )}
        </ul>
    }
}

#[component]
fn ChosenOne(id: UserId, chosen: RwSignal<Vec<Card>>) -> impl IntoView {
    let card = chosen.with_untracked(|chosen| chosen.iter().find(|card| card.id == id).cloned())?;
    Some(view! {
        <li class="baton-chosen__person">
            <span>{card.name.clone()}</span>
            <button
                type="button"
                class="baton-icon-button"
                aria-label=format!("Leave out {}", card.name)
                on:click=move |_| chosen.update(|chosen| chosen.retain(|other| other.id != id))
            >
                {Icon::Close.draw()}
            </button>
        </li>
    })
}

/// Says, before it happens, that people of another organisation will read along.
#[component]
pub fn OutsideWarning(
    /// Who.
    people: Vec<Card>,
) -> impl IntoView {
    view! {
        <div class="baton-warning" role="status">
            <h3 class="baton-warning__title">"People of another organisation"</h3>
            <ul class="baton-warning__people">
                {people
                    .into_iter()
                    .map(|card| {
                        view! { <li><strong>{card.name}</strong> ", " {card.job_title} ", " {card.organisation} " " {outside_tag()}</li> }
                    })
                    .collect_view()}
            </ul>
            <p>"They will read everything that is written there. Make sure that they are involved in the care that you write about."</p>
        </div>
    }
}
