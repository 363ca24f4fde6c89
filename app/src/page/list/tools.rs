//! What is at hand above the rows: adding, finding among them, order and grouping, and what is done with the whole list.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;

use super::{Asked, grid, here};
use crate::app::baton;
use crate::page::shell::go;
use crate::part::derived::memo;
use crate::part::icon::Icon;
use crate::part::plain::{PRIMARY, QUIET, SECONDARY, button};
use crate::route::Route;
use crate::store::lists::look::{Left, Sort, View};

/// The tools.
#[component]
pub(super) fn Tools() -> impl IntoView {
    let here = here();
    let sheet = &baton().store.lists.sheet;
    let may_write = memo(move || sheet.with_header(|header| header.may_write));
    let print = Route::PrintList(here.key.space, here.key.list);
    let ask = move |what: Asked, says| button(QUIET, says, "", move || here.ask(what));
    view! {
        <div class="baton-sheet__tools">
            <div class="baton-buttons">
                {move || {
                    may_write
                        .get()
                        .then(|| button(PRIMARY, "Add a patient", "", move || here.ask(Asked::Add)))
                }}
                {button(SECONDARY, "Take on a visit", "", move || here.ask(Asked::Take))}
                <a class="nhsuk-button nhsuk-button--secondary baton-button" href=print.path() on:click=move |event| go(&event, print)>
                    "Print"
                </a>
            </div>
            <Find />
            <details class="baton-narrow baton-sheet__more">
                <summary class="baton-narrow__summary">"Order, filter and more"</summary>
                <Fields />
                <div class="baton-sheet__acts">
                    {ask(Asked::Columns, "Columns")}
                    {ask(Asked::History(None), "History of this list")}
                    {ask(Asked::Copy, "Copy this list")}
                    {move || may_write.get().then(|| ask(Asked::Rename, "Rename"))}
                    {move || {
                        let is_archived = sheet.with_header(|header| header.archived.is_some());
                        ask(Asked::Archive, if is_archived { "Take out of the archive" } else { "Archive" })
                    }}
                </div>
            </details>
        </div>
    }
}

/// A text that rows must have.
#[component]
fn Find() -> impl IntoView {
    let here = here();
    let text = memo(move || here.view().text);
    view! {
        <div class="baton-sheet__find">
            <label class="nhsuk-u-visually-hidden" for="sheet-find">"Show only rows with this text"</label>
            <div class="baton-find__field">
                {Icon::Search.draw()}
                <input
                    id="sheet-find"
                    class="baton-find__input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Only rows with…"
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        here.change_view(|view| view.text = typed);
                    }
                />
            </div>
        </div>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let here = here();
    let sheet = &baton().store.lists.sheet;
    let view_now = memo(move || here.view());
    let folded = |all: Vec<String>| {
        all.into_iter()
            .map(|word| (word.clone(), word))
            .collect::<Vec<_>>()
    };
    let flags = memo(move || folded(sheet.with_header(|header| header.flags.clone())));
    let consultants = memo(move || folded(sheet.with_header(|header| header.consultants.clone())));
    let sorts = memo(|| {
        Sort::ALL
            .map(|sort| (sort.label().to_owned(), sort.word().to_owned()))
            .to_vec()
    });
    let lefts = memo(|| {
        Left::ALL
            .map(|left| (left.label().to_owned(), left.word().to_owned()))
            .to_vec()
    });
    let groups = memo(|| {
        let options = [("Not grouped", ""), ("Location", "location")];
        options
            .map(|(words, word)| (words.to_owned(), word.to_owned()))
            .to_vec()
    });
    let of = move |look: fn(&View) -> String| Signal::derive(move || view_now.with(look));
    view! {
        <div class="baton-narrow__fields">
            <Choice
                id="sheet-sort"
                label="Order"
                options=sorts
                value=of(|view| view.sort.word().to_owned())
                choose=move |word: String| {
                    let sort = Sort::ALL.into_iter().find(|sort| sort.word() == word).unwrap_or_default();
                    here.change_view(|view| view.sort = sort);
                    grid::show_the_first();
                }
            />
            <Choice
                id="sheet-group"
                label="Group by"
                options=groups
                value=of(|view| if view.is_grouped { "location".to_owned() } else { String::new() })
                choose=move |word: String| here.change_view(|view| view.is_grouped = !word.is_empty())
            />
            <Choice
                id="sheet-flags"
                label="Flags"
                any="Any"
                options=flags
                value=of(|view| view.flag.clone())
                choose=move |word: String| here.change_view(|view| view.flag = word)
            />
            <Choice
                id="sheet-consultant"
                label="Consultant"
                any="Any"
                options=consultants
                value=of(|view| view.consultant.clone())
                choose=move |word: String| here.change_view(|view| view.consultant = word)
            />
            <Choice
                id="sheet-left"
                label="Who left"
                options=lefts
                value=of(|view| view.left.word().to_owned())
                choose=move |word: String| {
                    let left = Left::ALL.into_iter().find(|left| left.word() == word).unwrap_or_default();
                    here.change_view(|view| view.left = left);
                }
            />
        </div>
    }
}

/// One of several.
#[component]
pub(crate) fn Choice(
    id: &'static str,
    label: &'static str,
    /// What stands for no choice, where that can be chosen.
    #[prop(optional)]
    any: Option<&'static str>,
    /// What may be chosen: words, and the value.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// What is chosen.
    value: Signal<String>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let all = memo(move || {
        let mut all = options.get();
        if let Some(any) = any {
            all.insert(0, (any.to_owned(), String::new()));
            // What is chosen stays to be seen when no row has it any more.
            let value = value.get();
            if all.iter().all(|(_, own)| *own != value) {
                all.push((value.clone(), value));
            }
        }
        all
    });
    let option = move |(words, own): (String, String)| {
        let is_chosen = untrack(|| value.get()) == own;
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
                {move || all.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
