//! What narrows a search down: who wrote it, in which conversation, on which days.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::part::plain::{QUIET, button};
use crate::prelude::*;
use baton_core::id::{SpaceId, UserId};
use baton_core::ordered::sort;

use crate::app::baton;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::store::search::STEP;

/// The choices, folded away until somebody wants them.
#[component]
pub(super) fn Filters() -> impl IntoView {
    let baton = baton();
    let search = &baton.store.search;
    let is_open = RwSignal::new(search.is_narrowed());
    let people = memo(move || {
        let members = baton.command.members_of(search.space.get());
        let card = |user: UserId| (baton.store.people.card_now(user).name, user.to_string());
        let mut people: Vec<_> = members.into_iter().map(card).collect();
        sort(&mut people);
        people
    });
    let spaces = memo(move || {
        let inbox = &baton.store.inbox;
        let rows = inbox.all().into_iter();
        let mut spaces: Vec<_> = rows.map(|row| (row.title, row.id.to_string())).collect();
        sort(&mut spaces);
        spaces
    });
    let chosen = move |choose: &dyn Fn()| {
        search.limit.set(STEP);
        choose();
    };
    view! {
        <details
            class="baton-narrow"
            prop:open=move || is_open.get()
            on:toggle:target=move |event| is_open.set(event.target().open())
        >
            <summary class="baton-narrow__summary">"Narrow it down"</summary>
            <div class="baton-narrow__fields">
                <Choice
                    id="search-by"
                    label="Who wrote it"
                    any="Anybody"
                    options=people
                    value=Signal::derive(move || search.by.get().map(|user| user.to_string()).unwrap_or_default())
                    choose=move |value: String| chosen(&|| search.by.set(value.parse::<UserId>().ok()))
                />
                <Choice
                    id="search-in"
                    label="Conversation"
                    any="All conversations"
                    options=spaces
                    value=Signal::derive(move || search.space.get().map(|space| space.to_string()).unwrap_or_default())
                    choose=move |value: String| chosen(&|| search.space.set(value.parse::<SpaceId>().ok()))
                />
                <Day id="search-from" label="From" value=search.from />
                <Day id="search-to" label="To" value=search.upto />
                {move || {
                    search
                        .is_narrowed()
                        .then(|| {
                            button(QUIET, "Clear these", "", move || chosen(&|| search.widen()))
                        })
                }}
            </div>
        </details>
    }
}

/// One of a list, or any.
#[component]
fn Choice(
    id: &'static str,
    label: &'static str,
    /// What stands for no choice.
    any: &'static str,
    /// What may be chosen: words, and the value.
    options: Memo<Vec<(String, String)>>,
    /// What is chosen; empty for any.
    value: Signal<String>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let option = move |(words, own): (String, String)| {
        let is_chosen = value.with(|value| *value == own);
        view! { <option value=own selected=is_chosen>{words}</option> }
    };
    view! {
        <div class="baton-narrow__field">
            <label class="nhsuk-label" for=id>{label}</label>
            <select
                class="nhsuk-select"
                autocomplete="off"
                id=id
                prop:value=move || value.get()
                on:change:target=move |event| choose.run(event.target().value())
            >
                <option value="">{any}</option>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// A day, or any.
#[component]
fn Day(id: &'static str, label: &'static str, value: RwSignal<String>) -> impl IntoView {
    let limit = baton().store.search.limit;
    view! {
        <div class="baton-narrow__field">
            <label class="nhsuk-label" for=id>{label}</label>
            <input
                class="nhsuk-input"
                autocomplete="off"
                id=id
                type="date"
                prop:value=move || value.get()
                on:input:target=move |event| {
                    limit.set(STEP);
                    value.set(event.target().value());
                }
            />
        </div>
    }
}
