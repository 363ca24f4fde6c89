//! Making a list: its title, whose it is, and whether people keep it or the hospital's feed does.

use baton_core::op::list::Source;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::page::list::Choice;
use crate::part::dialog::Dialog;
use crate::route::Route;

/// Where its patients come from, as it is offered.
const KINDS: [(&str, &str); 4] = [
    ("Added by hand", ""),
    ("A ward, unit or home", "ward"),
    ("A consultant", "consultant"),
    ("A GP practice", "practice"),
];

/// The dialog. It leads to the list.
#[component]
pub(super) fn MakeDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let baton = baton();
    let owners = Memo::new(move |_| baton.command.list_owners());
    let title = RwSignal::new(String::new());
    // The space of one's own lists has no id before the first of them.
    let place = RwSignal::new(String::new());
    let kind = RwSignal::new(String::new());
    let (name, facility) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let owner = Memo::new(move |_| {
        let place = place.get();
        owners.with(|owners| owners.iter().find(|owner| owner.word() == place).cloned())
    });
    let may_be_automatic =
        Memo::new(move |_| owner.with(|owner| owner.as_ref().is_none_or(|owner| owner.may_be_automatic)));
    let source = move || {
        let named = name.get().trim().to_owned();
        match kind.get().as_str() {
            "ward" => Some(Source::Ward {
                facility: facility.get().trim().to_owned(),
                ward: named,
            }),
            "consultant" => Some(Source::Consultant(named)),
            "practice" => Some(Source::Practice(named)),
            _ => None,
        }
        .filter(|_| may_be_automatic.get())
    };
    let is_incomplete = move || {
        title.with(|title| title.trim().is_empty())
            || (source().is_some() && name.with(|name| name.trim().is_empty()))
    };
    let make = move || {
        if is_incomplete() {
            return error.set(Some("Give the list a title, and say whom it is of.".to_owned()));
        }
        let (typed, source) = (title.get_untracked(), source());
        let space = owner.get_untracked().and_then(|owner| owner.space);
        spawn_local(async move {
            let space = match space {
                Some(space) => Ok(space),
                None => baton.command.own_space().await,
            };
            let Ok(space) = space else {
                error.try_set(Some(crate::page::list::NO_OWN.to_owned()));
                return;
            };
            match baton.command.make_list(space, &typed, source) {
                Ok(made) => {
                    close.run(());
                    baton.router.go(Route::List(made.space, made.list));
                }
                Err(refusal) => _ = error.try_set(Some(refusal.to_string())),
            }
        });
    };
    let places = Signal::derive(move || {
        owners
            .get()
            .into_iter()
            .map(|owner| {
                let word = owner.word();
                (owner.title, word)
            })
            .collect::<Vec<_>>()
    });
    let kinds = Signal::derive(move || {
        let offered = if may_be_automatic.get() { KINDS.len() } else { 1 };
        KINDS
            .iter()
            .take(offered)
            .map(|(words, word)| ((*words).to_owned(), (*word).to_owned()))
            .collect::<Vec<_>>()
    });
    let of = move || {
        match kind.get().as_str() {
            "ward" => Some("Ward, unit or home, as the hospital’s feed names it"),
            "consultant" => Some("Consultant, as the hospital’s feed names them"),
            "practice" => Some("ODS code of the GP practice"),
            _ => None,
        }
        .filter(|_| may_be_automatic.get())
    };
    view! {
        <Dialog title="Make a list" close>
            {move || error.get().map(|words| view! { <p class="baton-error" role="alert">{words}</p> })}
            <form
                class="baton-make"
                on:submit=move |event| {
                    event.prevent_default();
                    make();
                }
            >
                <Text id="make-title" label="Title" value=title />
                <Choice id="make-place" label="Whose list" options=places value=Signal::derive(move || place.get()) choose=move |word: String| place.set(word) />
                <Choice id="make-kind" label="Its patients" options=kinds value=Signal::derive(move || kind.get()) choose=move |word: String| kind.set(word) />
                {move || of().map(|label| view! { <Text id="make-of" label value=name /> })}
                {move || {
                    (kind.get() == "ward" && may_be_automatic.get())
                        .then(|| view! { <Text id="make-facility" label="Hospital or home; leave empty for any" value=facility /> })
                }}
                {move || {
                    of()
                        .map(|_| {
                            view! {
                                <p class="baton-hint">
                                    "Who arrives appears by themselves. Who leaves stays, marked as left, until somebody takes them off."
                                </p>
                            }
                        })
                }}
                <p class="baton-hint">"No patient’s name or number in the title."</p>
                <button type="submit" class="nhsuk-button baton-button">"Make the list"</button>
            </form>
        </Dialog>
    }
}

#[component]
fn Text(id: &'static str, label: &'static str, value: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="baton-make__field">
            <label class="baton-find__label" for=id>{label}</label>
            <input
                id=id
                class="baton-field"
                type="text"
                autocomplete="off"
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
}
