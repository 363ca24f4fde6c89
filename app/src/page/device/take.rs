//! Taking conversations on a visit: everything of them that the record has comes here first, and what is missing is said.

use crate::part::derived::RwSignal;
use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::SpaceId;

use crate::app::baton;
use crate::part::plain::{PRIMARY, SECONDARY, button, words};
use crate::part::rows::rows_of_ids;
use crate::store::lists::head::MINE;
use crate::visit::take::{Check, Progress};

#[component]
pub(super) fn TakeSection() -> impl IntoView {
    let baton = baton();
    let chosen = RwSignal::new(None::<Vec<SpaceId>>);
    let all = move || {
        let own = baton.command.own_space_now();
        let conversations = baton.store.inbox.all().into_iter().map(|row| row.id);
        own.into_iter().chain(conversations).collect::<Vec<_>>()
    };
    let chosen_now = move || chosen.get().unwrap_or_else(all);
    let progress = baton.store.device.taking;
    view! {
        <section class="baton-device__section" aria-labelledby="take">
            <h3 id="take">"Take on a visit"</h3>
            {words("", "Brings everything of the conversations and lists that you choose to this device, so that all of it can be read and searched without a network.")}
            <fieldset class="baton-take">
                <legend class="baton-choice__legend">"Conversations and lists"</legend>
                {rows_of_ids(
                    move || all().iter().map(|space| *space.as_bytes()).collect(),
                    move |id| {
                        let space = SpaceId::from_bytes(id);
                        let row = untrack(|| baton.store.inbox.row(space));
                        // One's own lists are in no inbox.
                        let title = row.map_or_else(|| MINE.to_owned(), |row| row.title);
                        let toggle = move |space| {
                            toggle(chosen, chosen_now(), space);
                            // What was said is of what was chosen before.
                            if matches!(progress.get_untracked(), Progress::Taken(_)) {
                                progress.set(Progress::Idle);
                            }
                        };
                        view! { <Choice space title chosen=Signal::derive(chosen_now) toggle /> }
                    },
                )}
            </fieldset>
            {move || match progress.get() {
                Progress::Idle => ().into_any(),
                Progress::Taking { done, of } => {
                    view! {
                        <p role="status">{format!("Bringing conversation {} of {of}…", (done + 1).min(of))}</p>
                        <progress class="baton-take__bar" max=of.to_string() value=done.to_string()>
                            {format!("{done} of {of}")}
                        </progress>
                    }
                }
                Progress::Taken(check) => view! { <Ready check /> },
            }}
            <div class="baton-buttons">
                <button
                    type="button"
                    class=PRIMARY
                    disabled=move || matches!(progress.get(), Progress::Taking { .. })
                    on:click=move |_| baton.take(chosen_now())
                >
                    "Take with me"
                </button>
                {button(SECONDARY, "Am I ready to go offline?", "", move || baton.check_ready(chosen_now()))}
            </div>
        </section>
    }
}

fn toggle(chosen: RwSignal<Option<Vec<SpaceId>>>, mut now: Vec<SpaceId>, space: SpaceId) {
    if now.contains(&space) {
        now.retain(|other| *other != space);
    } else {
        now.push(space);
    }
    chosen.set(Some(now));
}

#[component]
fn Choice(
    space: SpaceId,
    title: String,
    chosen: Signal<Vec<SpaceId>>,
    toggle: impl Fn(SpaceId) + 'static,
) -> impl IntoView {
    let size = baton().command.size_of(space);
    let size = format!("{size} messages and changes");
    view! {
        <label class="baton-take__choice">
            <input
                autocomplete="off"
                type="checkbox"
                prop:checked=move || chosen.with(|chosen| chosen.contains(&space))
                on:change=move |_| toggle(space)
            />
            <span>{title} " " <span class="baton-hint">{size}</span></span>
        </label>
    }
}

/// Whether one can go, and what is missing.
#[component]
fn Ready(check: Check) -> impl IntoView {
    let missing = check.missing();
    if missing.is_empty() {
        view! {
            <p role="status" class="baton-take__ready">
                <strong>"Ready to go offline. "</strong>
                {check.until.map(|until| format!("Everything you chose is here until {until}."))}
            </p>
        }
    } else {
        view! {
            <div role="status">
                <p><strong>"Not ready yet:"</strong></p>
                <ul class="baton-take__missing">
                    {missing.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                </ul>
            </div>
        }
    }
}
