//! Finding people in the directory as one types. Two with like names are told apart by job title, organisation and
//! registration, which every result shows, with how they are called.

use crate::part::derived::{RwSignal, StoredValue, memo};
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::UserId;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::part::icon::Icon;
use crate::part::person::PersonLine;
use crate::part::plain::{QUIET, button, follows, none, told};
use crate::part::rows::steady;
use crate::store::people::Card;
use crate::web;

/// Typing rests this long before the directory is asked, in milliseconds.
const REST: i32 = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Failed,
    People(Vec<Card>),
    Searching,
}

/// A search field with its results.
#[component]
pub fn FindPeople(
    /// What the field is called.
    label: &'static str,
    /// What the button of a result says.
    verb: &'static str,
    /// Whether a person is offered: not oneself, not somebody who is already there.
    #[prop(into)]
    offers: Callback<UserId, bool>,
    /// What happens with the person who is chosen.
    #[prop(into)]
    choose: Callback<Card>,
) -> impl IntoView {
    let baton = baton();
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Found::Searching);
    let asked = StoredValue::new(0_u32);
    let search = move |rest: i32| {
        let turn = asked
            .try_update_value(|asked| {
                *asked = asked.wrapping_add(1);
                *asked
            })
            .unwrap_or_default();
        let typed = text.get_untracked().trim().to_owned();
        spawn_local(async move {
            web::wait(rest).await;
            // Only the last thing that was typed is asked for, and only its answer is shown.
            let is_last = move || asked.try_get_value() == Some(turn);
            if !is_last() {
                return;
            }
            let answer = baton.command.find_people(typed).await;
            if is_last() {
                found.try_set(answer.map_or(Found::Failed, Found::People));
            }
        });
    };
    search(0);
    view! {
        <div class="baton-find">
            <label class="baton-find__label" for="find-people">{label}</label>
            <div class="baton-find__field">
                {Icon::Search.draw()}
                <input
                    id="find-people"
                    class="baton-find__input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Name, job title or organisation"
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        text.set(event.target().value());
                        search(REST);
                    }
                />
            </div>
            {move || match found.get() {
                Found::Failed => {
                    view! {
                        <p class="baton-error" role="alert">
                            "The directory cannot be reached now. Check the connection, then "
                            {button(QUIET, "search again", "", move || search(0))}
                            "."
                        </p>
                    }
                }
                Found::Searching => told("baton-hint", "status", "Searching…"),
                Found::People(_) => none(),
            }}
            <Results found verb offers choose />
        </div>
    }
}

/// Who was found, without oneself.
#[component]
fn Results(
    /// Who.
    found: RwSignal<Found>,
    /// What the button of a result says.
    verb: &'static str,
    /// Whether a person is offered.
    offers: Callback<UserId, bool>,
    /// What happens with the person who is chosen.
    choose: Callback<Card>,
) -> impl IntoView {
    let me = baton().store.me;
    let home = me.with_untracked(|me| me.as_ref().map(|me| (me.id, me.ods.clone())));
    let myself = home.as_ref().map(|(me, _)| *me);
    let cards = memo(move || {
        found.with(|found| match found {
            Found::People(cards) => {
                let others = cards.iter().filter(|card| myself != Some(card.id));
                others.cloned().collect()
            }
            Found::Failed | Found::Searching => Vec::new(),
        })
    });
    let nobody = follows(move || {
        let is_nobody = cards.with(Vec::is_empty) && found.with(|found| matches!(found, Found::People(_)));
        let says = "Nobody found. Try another part of the name.";
        told("baton-hint", "status", if is_nobody { says } else { "" })
    });
    let result = move |card: Card| {
        let is_outside = home.as_ref().is_some_and(|(_, ods)| *ods != card.ods);
        let (id, chosen) = (card.id, card.clone());
        view! {
            <button
                type="button"
                class="baton-find__person"
                disabled=move || !offers.run(id)
                on:click=move |_| choose.run(chosen.clone())
            >
                <span class="nhsuk-u-visually-hidden">{verb} " "</span>
                <PersonLine card is_outside />
                <span class="baton-find__verb" aria-hidden="true">
                    {move || if offers.run(id) { verb } else { "Added" }}
                </span>
            </button>
        }
    };
    // Nobody becomes another under a finger, however the results come.
    let id = |card: &Card| *card.id.as_bytes();
    let all = steady("baton-find__results", "People found", cards, id, result);
    view! { {nobody} {all} }
}
