//! Search over what this device holds, as one types: people, and messages with the best first. It works with no network.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::search::{Found, Query};

use crate::app::{Baton, baton};
use crate::clock;
use crate::moment;
use crate::page::new::PaneHead;
use crate::page::shell::go;
use crate::part::derived::{RwSignal, memo};
use crate::part::icon::Icon;
use crate::route::Route;
use crate::store::people::Card;
use crate::store::search::STEP;
use crate::web;

mod filter;
mod message;
mod people;

use filter::Filters;
use message::Messages;
use people::PeopleFound;

/// The search page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let baton = baton();
    let search = &baton.store.search;
    baton.command.wake_search();
    let found = memo(move || find(baton));
    let people = memo(move || find_people(baton));
    web::focus("search");
    let typed = move |text: String| {
        search.limit.set(STEP);
        search.text.set(text);
    };
    let is_asked = memo(move || search.text.with(|text| !text.trim().is_empty()) || search.is_narrowed());
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Search" />
            <div class="baton-pane__inside" role="search">
                <div class="baton-find">
                    <label class="baton-find__label" for="search">"Search messages and people"</label>
                    <div class="baton-find__field">
                        {Icon::Search.draw()}
                        <input
                            id="search"
                            class="baton-find__input"
                            type="search"
                            autocomplete="off"
                            spellcheck="false"
                            enterkeyhint=|| "search"
                            prop:value=move || search.text.get()
                            on:input:target=move |event| typed(event.target().value())
                        />
                    </div>
                    <Filters />
                </div>
                <Reach />
                {move || {
                    is_asked
                        .get()
                        .then(|| view! { <PeopleFound people /> <Messages found /> })
                }}
            </div>
        </section>
    }
}

/// Finds messages for what was typed and chosen. Follows both, and what comes meanwhile.
fn find(baton: Baton) -> Found {
    let search = &baton.store.search;
    search.revision.track();
    let day = |day: RwSignal<String>, days| day.with(|day| moment::start_of_day(day, days, clock::zone));
    let query = Query {
        by: search.by.get(),
        space: search.space.get(),
        from: day(search.from, 0),
        before: day(search.upto, 1),
        limit: search.limit.get(),
        ..search.text.with(|text| Query::new(text))
    };
    baton.command.find_messages(&query)
}

/// Finds people, where nothing narrows it down to messages.
fn find_people(baton: Baton) -> Vec<Card> {
    let search = &baton.store.search;
    if search.is_narrowed() {
        return Vec::new();
    }
    search
        .text
        .with(|text| baton.store.people.find(text, people::MOST))
}

/// Says what is searched: nobody is to believe that there is nothing because it is not here.
#[component]
fn Reach() -> impl IntoView {
    let search = &baton().store.search;
    let words = move || match (search.is_reading.get(), search.incomplete.get()) {
        (true, _) => "Reading what this device holds. More may be found in a moment.".to_owned(),
        (false, 0) => "Searches everything in your conversations. All of it is on this device.".to_owned(),
        (false, 1) => "Searches what is on this device. Older messages of 1 conversation are not.".to_owned(),
        (false, many) => {
            format!("Searches what is on this device. Older messages of {many} conversations are not.")
        }
    };
    let has_more = move || !search.is_reading.get() && search.incomplete.get() > 0;
    view! {
        <p class="baton-hint" role="status">
            {words}
            {move || {
                has_more()
                    .then(|| {
                        view! {
                            " "
                            <a
                                class="baton-link"
                                href=Route::Device.path()
                                on:click=move |event| go(&event, Route::Device)
                            >
                                "Bring them here"
                            </a>
                        }
                    })
            }}
        </p>
    }
}
