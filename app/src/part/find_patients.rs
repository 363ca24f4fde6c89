//! Finding a patient as one types: at once among those that this device keeps, and in the record's whole index when there is a
//! network. Every result shows three identifiers; names that are alike are marked.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::patient::Patient;
use baton_core::patient::query::PatientQuery;
use wasm_bindgen::JsCast;

use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::icon::Icon;
use crate::part::patient::FoundLine;
use crate::part::plain::{self, QUIET, button, follows, maybe, none};
use crate::part::rows::steady;
use crate::session::AskError;
use crate::store::patients::found::{self, Hit};
use crate::web;

mod finder;

use finder::{Asked, Finder, Results};

/// Typing rests this long before the record is asked, in milliseconds.
const REST: i32 = 250;

/// A box to find a patient with, and who was found.
#[component]
pub fn FindPatients(
    /// What the box is called.
    label: &'static str,
    /// What choosing a result does, in a word.
    verb: &'static str,
    /// What was typed.
    text: RwSignal<String>,
    /// What the box is named in the page, where there may be two.
    #[prop(default = "find-patients")]
    id: &'static str,
    /// What happens with the patient who is chosen.
    #[prop(into)]
    choose: Callback<Arc<Patient>>,
) -> impl IntoView {
    let finder = Finder::of(text);
    let Finder {
        asked,
        query,
        is_asked,
        ..
    } = finder;
    let results = memo(move || finder.results());
    let here = memo(move || results.with(|results| results.here.clone()));
    let index = memo(move || results.with(|results| results.index.clone()));
    let has_more_here = memo(move || results.with(|results| results.here_has_more));
    let has_more = memo(move || asked.with(|asked| matches!(asked, Asked::Found(found) if found.has_more)));
    web::focus(id);
    finder.ask(0);
    view! {
        <div class="baton-find baton-find-patients" on:keydown=move |event| by_arrows(&event)>
            <label class="baton-find__label" for=id>{label}</label>
            <p class="baton-hint" id=format!("{id}-hint")>
                "NHS number, hospital number, name, date of birth or postcode, in any order. For example 900 000 0009, smith john, or smith 2/1/61"
            </p>
            <div class="baton-find__field">
                {Icon::Search.draw()}
                <input
                    id=id
                    class="baton-find__input"
                    type="search"
                    inputmode="text"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint=|| "search"
                    aria-describedby=format!("{id}-hint")
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        text.set(event.target().value());
                        finder.ask(REST);
                    }
                />
            </div>
            <Understood query is_asked />
            <Said asked results is_asked again=move |()| finder.ask(0) />
            <Group title="On this device" hits=here has_more=has_more_here verb choose />
            <Group title="From the whole index" hits=index has_more verb choose />
        </div>
    }
}

/// What was understood of what was typed, and what cannot be right in it.
#[component]
fn Understood(query: Memo<PatientQuery>, is_asked: Memo<bool>) -> impl IntoView {
    let words = move || query.with(found::understood);
    let doubts = move || query.with(|query| query.doubts.iter().map(ToString::to_string).collect::<Vec<_>>());
    view! {
        <div role="status">
            {move || {
                let words = words();
                (is_asked.get() && !words.is_empty()).then(|| view! { <p class="baton-hint">"Searched for: " {words}</p> })
            }}
            {move || doubts().into_iter().map(|doubt| plain::words("baton-error", doubt)).collect_view()}
        </div>
    }
}

/// How it goes, in words.
#[component]
fn Said(
    asked: RwSignal<Asked>,
    results: Memo<Results>,
    is_asked: Memo<bool>,
    /// Asks again.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let words = move || {
        let (here, index) = results.with(|results| (results.here.len(), results.index.len()));
        if !is_asked.get() {
            return "Type at least 2 letters or digits.".to_owned();
        }
        asked.with(|asked| match asked {
            Asked::Failed(error) => why_not(error).to_owned(),
            Asked::Found(_) if here + index == 0 => {
                "Nobody found. Check what was searched for, or try less of it: a part of the name, or the date of birth alone.".to_owned()
            }
            Asked::Found(_) => {
                let more = if here > 0 { "more " } else { "" };
                let device = if here > 0 { format!("{} on this device, ", count(here)) } else { String::new() };
                format!("{device}{index} {more}from the whole index.")
            }
            Asked::Looking if here == 0 => "Looking in the whole index…".to_owned(),
            Asked::Looking => format!("{} on this device. Looking in the whole index…", count(here)),
            Asked::Not => "Nothing to look for yet.".to_owned(),
            Asked::Offline if here == 0 => {
                "Nobody on this device. Without a network, only patients on this device are found.".to_owned()
            }
            Asked::Offline => format!("{} on this device. Only patients on this device are found without a network.", count(here)),
        })
    };
    let may_ask_again = move || {
        asked.with(|asked| match asked {
            Asked::Failed(error) => error.is_passing(),
            Asked::Offline => true,
            Asked::Found(_) | Asked::Looking | Asked::Not => false,
        })
    };
    let class = move || {
        let is_wrong = asked.with(|asked| matches!(asked, Asked::Failed(_)));
        if is_wrong { "baton-error" } else { "baton-hint" }
    };
    view! {
        <p class=class role="status">{words}</p>
        {move || {
            (is_asked.get() && may_ask_again())
                .then(|| {
                    button(QUIET, "Search the whole index again", "", move || again.run(()))
                })
        }}
    }
}

fn count(patients: usize) -> String {
    match patients {
        1 => "1 patient".to_owned(),
        many => format!("{many} patients"),
    }
}

fn why_not(error: &AskError) -> &'static str {
    match error {
        AskError::Refused { status: 403, .. } => {
            "You may not look patients up in the whole index. Ask your administrator."
        }
        AskError::Refused { status: 429, .. } => {
            "Too many searches in a short time. Wait a moment, then try again."
        }
        AskError::Malformed | AskError::Refused { .. } | AskError::Unreachable => {
            "The whole index cannot be searched now. Only patients on this device are shown."
        }
    }
}

/// Patients who were found in one place.
#[component]
pub(crate) fn Group(
    title: &'static str,
    hits: Memo<Vec<Hit>>,
    has_more: Memo<bool>,
    verb: &'static str,
    choose: Callback<Arc<Patient>>,
) -> impl IntoView {
    let is_empty = memo(move || hits.with(Vec::is_empty));
    let result = move |hit: Hit| {
        let patient = hit.patient.clone();
        let is_deceased = hit.face.died.is_some();
        view! {
            <button
                type="button"
                class="baton-find__person baton-find__patient"
                class:baton-find__patient--deceased=move || is_deceased
                on:click=move |_| choose.run(patient.clone())
            >
                <span class="nhsuk-u-visually-hidden">{verb} " "</span>
                <FoundLine hit />
            </button>
        }
    };
    // Nobody becomes another under a finger, however the results come.
    follows(move || {
        if is_empty.get() {
            return none();
        }
        let more = follows(move || {
            let says = "More patients fit than are shown. Type more to narrow it down.";
            maybe(has_more.get().then(|| plain::words("baton-hint", says)))
        });
        let id = |hit: &Hit| *hit.patient.id.as_bytes();
        view! {
            <h3 class="baton-found__title">{title}</h3>
            {steady("baton-find__results", title, hits, id, result)}
            {more}
        }
    })
}

/// The arrow keys go from the box through the results, and back.
fn by_arrows(event: &leptos::ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let whole = event
        .current_target()
        .and_then(|whole| whole.dyn_into::<web_sys::Element>().ok());
    let (Some(whole), Some(now)) = (whole, web::document().active_element()) else {
        return;
    };
    let Ok(stops) = whole.query_selector_all("input, .baton-find__patient") else {
        return;
    };
    let place = (0..stops.length()).find(|place| {
        stops
            .get(*place)
            .is_some_and(|stop| stop.is_same_node(Some(&now)))
    });
    let to = place
        .and_then(|place| place.checked_add_signed(step))
        .and_then(|to| stops.get(to));
    if let Some(to) = to.and_then(|to| to.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        _ = to.focus();
    }
}
