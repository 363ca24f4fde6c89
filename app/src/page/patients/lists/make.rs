//! Making a list: its title, whose it is, and whether people keep it or the hospital's feed does.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::part::plain::{self, words};
use crate::prelude::*;
use baton_core::op::list::Source;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::page::list::{Choice, NO_OWN};
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::dialog::Dialog;
use crate::route::Route;
use crate::store::lists::head::Owner;

/// Where its patients come from, as it is offered.
const KINDS: [(&str, &str); 4] = [
    ("Added by hand", ""),
    ("A ward, unit or home", "ward"),
    ("A consultant", "consultant"),
    ("A GP practice", "practice"),
];

/// What is chosen so far.
#[derive(Clone, Copy)]
struct Choices {
    title: RwSignal<String>,
    /// Whose list ([`Owner::word`]).
    place: RwSignal<String>,
    kind: RwSignal<String>,
    /// Of whom.
    name: RwSignal<String>,
    facility: RwSignal<String>,
    owners: Memo<Vec<Owner>>,
}

impl Choices {
    fn new() -> Self {
        let command = baton().command;
        Self {
            title: RwSignal::new(String::new()),
            place: RwSignal::new(String::new()),
            kind: RwSignal::new(String::new()),
            name: RwSignal::new(String::new()),
            facility: RwSignal::new(String::new()),
            owners: memo(move || command.list_owners()),
        }
    }

    fn owner(self) -> Option<Owner> {
        let place = self.place.get();
        let is_it = |owner: &&Owner| owner.word() == place;
        self.owners.with(|owners| owners.iter().find(is_it).cloned())
    }

    fn may_be_automatic(self) -> bool {
        self.owner().is_none_or(|owner| owner.may_be_automatic)
    }

    /// What the name is called that an automatic list needs; `None` for one that people keep.
    fn of(self) -> Option<&'static str> {
        let of = match self.kind.get().as_str() {
            "ward" => Some("Ward, unit or home, as the hospital’s feed names it"),
            "consultant" => Some("Consultant, as the hospital’s feed names them"),
            "practice" => Some("ODS code of the GP practice"),
            _ => None,
        };
        of.filter(|_| self.may_be_automatic())
    }

    fn source(self) -> Option<Source> {
        let named = self.name.get().trim().to_owned();
        let source = match self.kind.get().as_str() {
            "ward" => Some(Source::Ward {
                facility: self.facility.get().trim().to_owned(),
                ward: named,
            }),
            "consultant" => Some(Source::Consultant(named)),
            "practice" => Some(Source::Practice(named)),
            _ => None,
        };
        source.filter(|_| self.may_be_automatic())
    }

    fn is_incomplete(self) -> bool {
        let is_blank = |text: RwSignal<String>| text.with(|text| text.trim().is_empty());
        is_blank(self.title) || (self.of().is_some() && is_blank(self.name))
    }
}

/// The dialog. It leads to the list.
#[component]
pub(super) fn MakeDialog(#[prop(into)] close: Callback<()>) -> impl IntoView {
    let baton = baton();
    let choices = Choices::new();
    let error = RwSignal::new(None::<String>);
    let make = move || {
        if untrack(|| choices.is_incomplete()) {
            return error.set(Some("Give the list a title, and say whom it is of.".to_owned()));
        }
        let (typed, source) = (choices.title.get_untracked(), untrack(|| choices.source()));
        let space = untrack(|| choices.owner())
            .filter(|owner| !owner.is_mine)
            .and_then(|owner| owner.space);
        spawn_local(async move {
            let space = match space {
                Some(space) => Ok(space),
                None => baton.command.own_space().await,
            };
            let Ok(space) = space else {
                error.try_set(Some(NO_OWN.to_owned()));
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
    view! {
        <Dialog title="Make a list" close>
            {plain::error(error)}
            <form
                class="baton-make"
                on:submit=move |event| {
                    event.prevent_default();
                    make();
                }
            >
                <Fields choices />
                {words("baton-hint", "No patient’s name or number in the title.")}
                <button type="submit" class="nhsuk-button baton-button">"Make the list"</button>
            </form>
        </Dialog>
    }
}

#[component]
fn Fields(choices: Choices) -> impl IntoView {
    let Choices {
        title,
        place,
        kind,
        name,
        facility,
        owners,
    } = choices;
    let places = Signal::derive(move || {
        let option = |owner: Owner| {
            let word = owner.word();
            (owner.title, word)
        };
        owners.get().into_iter().map(option).collect::<Vec<_>>()
    });
    let kinds = Signal::derive(move || {
        let offered = if choices.may_be_automatic() {
            KINDS.len()
        } else {
            1
        };
        let option = |(words, word): &(&str, &str)| ((*words).to_owned(), (*word).to_owned());
        KINDS.iter().take(offered).map(option).collect::<Vec<_>>()
    });
    let of = memo(move || choices.of());
    let is_ward = move || of.get().is_some() && kind.with(|kind| kind == "ward");
    view! {
        <Text id="make-title" label="Title" value=title />
        <Choice id="make-place" label="Whose list" options=places value=Signal::from(place) choose=move |word: String| place.set(word) />
        <Choice id="make-kind" label="Its patients" options=kinds value=Signal::from(kind) choose=move |word: String| kind.set(word) />
        {move || of.get().map(|label| view! { <Text id="make-of" label value=name /> })}
        {move || is_ward().then(|| view! { <Text id="make-facility" label="Hospital or home; leave empty for any" value=facility /> })}
        {move || {
            of.get()
                .map(|_| {
                    words("baton-hint", "Who arrives appears by themselves. Who leaves stays, marked as left, until somebody takes them off.")
                })
        }}
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
