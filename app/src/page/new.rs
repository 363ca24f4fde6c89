//! Starting a conversation: with one person, with several under a name, or as a team.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, UserId};
use baton_core::op::space::{SpaceKind, TITLE_CHARS};
use wasm_bindgen_futures::spawn_local;

use crate::app::{Baton, baton};
use crate::clock;
use crate::page::shell::go;
use crate::page::tasks::rows;
use crate::part::derived::{RwSignal, effect, memo};
use crate::part::find_people::FindPeople;
use crate::part::icon::Icon;
use crate::part::person::outside_tag;
use crate::part::plain::{self, PRIMARY, block, check, field, folded, follows, none, words};
use crate::part::rows::rows_of_ids;
use crate::route::Route;
use crate::session::AskError;
use crate::store::people::Card;
use crate::web;

mod join;

use join::join;

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
    web::focus("pane-title");
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
            <h2 class="baton-head__title" id="pane-title" tabindex="-1">{move || title.get()}</h2>
        </header>
    }
}

/// The page.
#[component]
pub fn NewPage() -> impl IntoView {
    let baton = baton();
    let chosen = RwSignal::new(Vec::<Card>::new());
    let title = RwSignal::new(String::new());
    let purpose = RwSignal::new(String::new());
    let is_team = RwSignal::new(false);
    let error = RwSignal::new(None::<&'static str>);
    let is_starting = RwSignal::new(false);
    // One id for this page: pressing twice, or again after a failure, starts one conversation.
    let request = OpId::make(clock::now(), clock::random());
    let kind = memo(move || match chosen.with(Vec::len) {
        _ if is_team.get() => Some(SpaceKind::Team),
        0 => None,
        1 => Some(SpaceKind::Direct),
        _ => Some(SpaceKind::Group),
    });
    let outside = move || outside(baton, chosen);
    let is_busy = move || is_starting.get();
    let start = move || {
        let others: Vec<UserId> = chosen.with_untracked(|chosen| chosen.iter().map(|card| card.id).collect());
        let name = title.get_untracked().trim().to_owned();
        let Some(kind) = untrack(|| kind.get()) else {
            return;
        };
        if kind != SpaceKind::Direct && name.is_empty() {
            return error.set(Some("Give it a name that tells everyone what it is about."));
        }
        if name.chars().count() > TITLE_CHARS {
            return error.set(Some("The name is too long. Use at most 120 characters."));
        }
        let name = if kind == SpaceKind::Direct {
            String::new()
        } else {
            name
        };
        let says = purpose.get_untracked().trim().to_owned();
        is_starting.set(true);
        error.set(None);
        spawn_local(async move {
            let started = if kind == SpaceKind::Team {
                baton.command.start_team(name, says, others, request).await
            } else {
                baton.command.start(kind, name, others, request).await
            };
            is_starting.try_set(false);
            match started {
                Ok(space) => baton.router.replace(Route::Thread(space)),
                Err(why) => {
                    error.try_set(Some(why_not_started(&why)));
                }
            }
        });
    };
    effect(move || {
        // What was wrong with a name is over once another is typed.
        title.with(|_| ());
        error.set(None);
    });
    let has_chosen = memo(move || !chosen.with(Vec::is_empty));
    let offers = move |user: UserId| chosen.with(|chosen| chosen.iter().all(|card| card.id != user));
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="New conversation" />
            <div class="baton-pane__inside">
                {move || has_chosen.get().then(|| view! { <Chosen chosen /> })}
                {check(
                    "A team: a ward, a service or a home, with lists, tasks, roles and handover. You look after it.".into_any(),
                    Signal::from(is_team),
                    move || is_team.update(|is| *is = !*is),
                )}
                {follows(move || named(kind.get(), title, purpose))}
                {move || {
                    let outside = outside();
                    (!outside.is_empty()).then(|| view! { <OutsideWarning people=outside /> })
                }}
                {move || error.get().map(|words| plain::told("baton-error", "alert", words))}
                {move || {
                    kind.get()
                        .map(|kind| {
                            let says = match kind {
                                SpaceKind::Group => "Start group",
                                SpaceKind::Team => "Start team",
                                SpaceKind::Direct | SpaceKind::Own | SpaceKind::Patient => "Start conversation",
                            };
                            view! {
                                <button type="button" class=PRIMARY disabled=is_busy on:click=move |_| start()>{says}</button>
                            }
                        })
                }}
                <FindPeople
                    label="Who is it with?"
                    verb="Add"
                    offers
                    choose=move |card: Card| chosen.update(|chosen| chosen.push(card))
                />
                {folded("", "Join a team by invitation", join())}
            </div>
        </section>
    }
}

/// Those of them who work for another organisation.
fn outside(baton: Baton, chosen: RwSignal<Vec<Card>>) -> Vec<Card> {
    let home = baton.store.me.with(|me| me.as_ref().map(|me| me.ods.clone()));
    let is_outside = |card: &&Card| home.as_ref().is_some_and(|home| *home != card.ods);
    chosen.with(|chosen| chosen.iter().filter(is_outside).cloned().collect())
}

fn why_not_started(error: &AskError) -> &'static str {
    match error {
        AskError::Refused { status: 403, .. } => {
            "The record does not allow this conversation. Ask your administrator."
        }
        AskError::Refused { status: 409, .. } => {
            "There is a team of this name. Ask its administrators to add you, or choose another name."
        }
        AskError::Malformed | AskError::Refused { .. } | AskError::Unreachable => {
            "It could not be started. Check the connection, then try again."
        }
    }
}

/// What a group or a team is called, and what a team is for.
fn named(kind: Option<SpaceKind>, title: RwSignal<String>, purpose: RwSignal<String>) -> AnyView {
    const HINT: &str = "No patient’s name or number: everyone who is added sees it.";
    match kind {
        Some(SpaceKind::Group) => block(
            "baton-find",
            vec![field("group-name", "Name of the group", HINT, title)],
        ),
        Some(SpaceKind::Team) => block(
            "baton-find",
            vec![
                field("group-name", "Name of the team", HINT, title),
                field("team-purpose", "What it is for", "", purpose),
            ],
        ),
        Some(SpaceKind::Direct | SpaceKind::Own | SpaceKind::Patient) | None => none(),
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
            {words("", "They will read everything that is written there. Make sure that they are involved in the care that you write about.")}
        </div>
    }
}
