//! Copying a list: title, columns, rows and what is written, to one's own lists or to a team.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::here;
use super::tools::Choice;
use crate::app::baton;
use crate::part::derived::{RwSignal, memo};
use crate::part::dialog::Dialog;
use crate::part::plain::{self, PRIMARY, words};
use crate::route::Route;
use crate::store::lists::head::Owner;

/// The dialog. It leads to the copy.
#[component]
pub(super) fn CopyDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let sheet = &baton.store.lists.sheet;
    let owners = memo(move || baton.command.list_owners());
    let to = RwSignal::new(String::new());
    let title = RwSignal::new(sheet.with_header_now(|header| format!("{} (copy)", header.title)));
    let is_own = sheet.with_header_now(|header| header.is_own);
    let error = RwSignal::new(None::<String>);
    let copy = move || {
        let (typed, to) = (title.get_untracked(), to.get_untracked());
        spawn_local(async move {
            let space = match to.parse() {
                Ok(space) => Ok(space),
                Err(_) => baton.command.own_space().await,
            };
            let Ok(space) = space else {
                error.try_set(Some(NO_OWN.to_owned()));
                return;
            };
            match baton.command.copy_list(here.key, space, &typed) {
                Ok(made) => {
                    close.run(());
                    baton.router.go(Route::List(made.space, made.list));
                }
                Err(refusal) => _ = error.try_set(Some(refusal.to_string())),
            }
        });
    };
    let options = Signal::derive(move || owners.get().into_iter().map(option).collect::<Vec<_>>());
    let is_shared = move || is_own && !to.with(String::is_empty);
    view! {
        <Dialog title="Copy this list" close>
            {plain::error(error)}
            {words("", "The copy is a list of its own, kept by hand: what changes here later does not change there. Patients who have left are not copied.")}
            <div class="baton-make__field">
                <label class="baton-find__label" for="copy-title">"Title"</label>
                <input
                    id="copy-title"
                    class="baton-field"
                    type="text"
                    autocomplete="off"
                    prop:value=move || title.get()
                    on:input:target=move |event| title.set(event.target().value())
                />
            </div>
            <Choice id="copy-to" label="To" options value=Signal::derive(move || to.get()) choose=move |word: String| to.set(word) />
            {move || {
                is_shared()
                    .then(|| words("baton-warning", "Everybody who belongs there will see these patients and what you wrote about them."))
            }}
            <div class="baton-buttons">
                <button
                    type="button"
                    class=PRIMARY
                    disabled=move || title.with(|title| title.trim().is_empty())
                    on:click=move |_| copy()
                >
                    "Copy"
                </button>
            </div>
        </Dialog>
    }
}

/// Why one's own lists cannot begin.
pub(crate) const NO_OWN: &str = "Your own lists begin with a network: the record has to make a place for them once. Try again when you are connected.";

fn option(owner: Owner) -> (String, String) {
    let word = owner.word();
    (owner.title, word)
}
