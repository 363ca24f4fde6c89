//! The plainest parts of a screen: words, a block, a list, a button, a field, a choice. Each is compiled once for all places
//! that have one, whatever is in it (ADR 14): what takes closures or words of any type hands them on boxed, as whatever is
//! written in a generic function, closures too, is compiled for each type that it is used with.

use crate::part::derived::RwSignal;
use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;

use crate::page::shell::go;
use crate::part::dialog::Dialog;
use crate::route::Route;

/// Nothing.
pub fn none() -> AnyView {
    ().into_any()
}

/// What there is, or nothing.
pub fn maybe(view: Option<AnyView>) -> AnyView {
    view.unwrap_or_else(none)
}

/// What follows signals.
pub fn follows(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    following(Box::new(view))
}

fn following(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}

/// Several things below or beside each other.
pub fn block(class: &'static str, inside: Vec<AnyView>) -> AnyView {
    view! { <div class=class>{inside}</div> }
}

/// A paragraph.
pub fn words(class: &'static str, words: impl Into<String>) -> AnyView {
    paragraph(class, words.into())
}

fn paragraph(class: &'static str, words: String) -> AnyView {
    view! { <p class=class>{words}</p> }
}

/// What a screen reader tells as it changes; nothing when it is empty.
pub fn told(class: &'static str, role: &'static str, words: impl Into<String>) -> AnyView {
    telling(class, role, words.into())
}

fn telling(class: &'static str, role: &'static str, words: String) -> AnyView {
    if words.is_empty() {
        return none();
    }
    view! { <p class=class role=role>{words}</p> }
}

/// What went wrong, while there is something.
pub fn error(words: RwSignal<Option<String>>) -> AnyView {
    follows(move || told("baton-error", "alert", words.get().unwrap_or_default()))
}

/// A heading below the page's.
pub fn heading(words: impl Into<String>) -> AnyView {
    title(words.into())
}

fn title(words: String) -> AnyView {
    view! { <h3 class="baton-found__title">{words}</h3> }
}

/// A list. `label` is what a screen reader calls it.
pub fn list(class: &'static str, label: impl Into<String>, items: Vec<AnyView>) -> AnyView {
    labelled(class, label.into(), items)
}

fn labelled(class: &'static str, label: String, items: Vec<AnyView>) -> AnyView {
    let items: Vec<AnyView> = items.into_iter().map(|item| view! { <li>{item}</li> }).collect();
    view! { <ul class=class aria-label=label>{items}</ul> }
}

/// A button: what it says, and what of it only a screen reader needs.
pub fn button(
    class: &'static str,
    says: impl Into<String>,
    about: impl Into<String>,
    press: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    pressed(class, says.into(), about.into(), Callback::new(move |()| press()))
}

fn pressed(class: &'static str, says: String, about: String, press: Callback<()>) -> AnyView {
    let about = hidden(about);
    view! { <button type="button" class=class on:click=move |_| press.run(())>{says} {about}</button> }
}

/// Words that only a screen reader needs, after what is seen.
pub fn hidden(about: String) -> AnyView {
    if about.is_empty() {
        return none();
    }
    view! { <span class="nhsuk-u-visually-hidden">" " {about}</span> }
}

/// A button around something.
pub fn chosen(class: &'static str, inside: AnyView, press: impl Fn() + Send + Sync + 'static) -> AnyView {
    around(class, inside, Callback::new(move |()| press()))
}

fn around(class: &'static str, inside: AnyView, press: Callback<()>) -> AnyView {
    view! { <button type="button" class=class on:click=move |_| press.run(())>{inside}</button> }
}

/// A button that is on or off.
pub fn toggle(
    class: &'static str,
    says: impl Into<String>,
    is_on: Signal<bool>,
    press: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    switched(class, says.into(), is_on, Callback::new(move |()| press()))
}

fn switched(class: &'static str, says: String, is_on: Signal<bool>, press: Callback<()>) -> AnyView {
    view! {
        <button type="button" class=class aria-pressed=move || is_on.get().to_string() on:click=move |_| press.run(())>{says}</button>
    }
}

/// A way to another place.
pub fn link(class: &'static str, to: Route, says: impl Into<String>) -> AnyView {
    let says: String = says.into();
    leads(class, to, says.into_any())
}

/// Something that leads to another place.
pub fn leads(class: &'static str, to: Route, inside: AnyView) -> AnyView {
    view! { <a class=class href=to.path() on:click=move |event| go(&event, to)>{inside}</a> }
}

/// What is folded away until somebody opens it.
pub fn folded(class: &'static str, summary: &'static str, inside: AnyView) -> AnyView {
    view! { <details class=class><summary>{summary}</summary>{inside}</details> }
}

/// Buttons that belong together. `label` is what a screen reader calls them.
pub fn group(class: &'static str, label: &'static str, inside: Vec<AnyView>) -> AnyView {
    view! { <div class=class role="group" aria-label=label>{inside}</div> }
}

/// What things are called, and what they are.
pub fn terms(class: &'static str, all: Vec<(String, AnyView)>) -> AnyView {
    let one = |(term, inside): (String, AnyView)| {
        view! { <div class="baton-terms__one"><dt>{term}</dt><dd>{inside}</dd></div> }
    };
    let all: Vec<AnyView> = all.into_iter().map(one).collect();
    view! { <dl class=class>{all}</dl> }
}

/// Something that is ticked or not.
pub fn check(inside: AnyView, is_on: Signal<bool>, flip: impl Fn() + Send + Sync + 'static) -> AnyView {
    let flip = Callback::new(move |()| flip());
    view! {
        <label class="baton-check">
            <input autocomplete="off" type="checkbox" prop:checked=move || is_on.get() on:change=move |_| flip.run(()) />
            <span class="baton-check__words">{inside}</span>
        </label>
    }
}

/// What is asked before something is done.
pub fn confirm(
    title: impl Into<String>,
    says: impl Into<String>,
    verb: &'static str,
    close: Callback<()>,
    act: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    let buttons = vec![
        button(PRIMARY, verb, "", act),
        button(SECONDARY, "Cancel", "", move || close.run(())),
    ];
    dialog(
        title,
        close,
        vec![words("", says), block("baton-buttons", buttons)],
    )
}

/// A dialog that is open for as long as it is drawn.
pub fn dialog(title: impl Into<String>, close: Callback<()>, inside: Vec<AnyView>) -> AnyView {
    opened(title.into(), close, inside)
}

fn opened(title: String, close: Callback<()>, inside: Vec<AnyView>) -> AnyView {
    view! { <Dialog title close>{inside}</Dialog> }
}

/// A line of text, sent by Enter. `hint` may be empty.
pub fn field(id: &'static str, label: &'static str, hint: &'static str, value: RwSignal<String>) -> AnyView {
    let hint_id = format!("{id}-hint");
    let described = if hint.is_empty() {
        String::new()
    } else {
        hint_id.clone()
    };
    view! {
        <label class="baton-find__label" for=id>{label}</label>
        {(!hint.is_empty()).then(|| view! { <p class="baton-hint" id=hint_id>{hint}</p> })}
        <input
            id=id
            class="baton-field"
            type="text"
            autocomplete="off"
            spellcheck="false"
            placeholder=" "
            aria-describedby=move || described.clone()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
}

/// Several lines of text.
pub fn area(id: &'static str, label: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <label class="baton-find__label" for=id>{label}</label>
        <textarea
            id=id
            class="baton-field"
            rows="3"
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        ></textarea>
    }
}

/// A form with a button that sends it.
pub fn form(
    class: &'static str,
    inside: Vec<AnyView>,
    verb: impl Into<String>,
    send: impl Fn() + 'static,
) -> AnyView {
    sent(class, inside, verb.into(), Box::new(send))
}

fn sent(class: &'static str, inside: Vec<AnyView>, verb: String, send: Box<dyn Fn()>) -> AnyView {
    view! {
        <form
            class=class
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            {inside}
            <button type="submit" class=PRIMARY>{verb}</button>
        </form>
    }
}

/// The main thing to do.
pub const PRIMARY: &str = "nhsuk-button baton-button";

/// Something else that one can do.
pub const SECONDARY: &str = "nhsuk-button nhsuk-button--secondary baton-button";

/// Something that takes away.
pub const WARNING: &str = "nhsuk-button nhsuk-button--warning baton-button";

/// What is at hand in a line of text.
pub const QUIET: &str = "baton-link";
