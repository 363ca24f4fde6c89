//! NHS.UK text input, with its label, hint and error.

use crate::part::derived::RwSignal;
use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;

use crate::web;

/// A field for something secret: nobody beside one reads it, and the browser does not keep it.
#[component]
pub fn SecretInput(
    /// What it is called in the page.
    id: &'static str,
    /// What is to be typed.
    label: &'static str,
    /// More about it; empty for nothing.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with it; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether it is digits alone.
    #[prop(optional)]
    digits: bool,
    /// What is typed.
    value: RwSignal<String>,
    /// Whether it has the focus at first.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let is_shown = RwSignal::new(false);
    if focus {
        web::focus(id);
    }
    let has = |words: Signal<String>| words.with(|words| !words.is_empty());
    let described = move || {
        let parts = [(has(hint), "hint"), (has(error), "error")];
        let ids: Vec<String> = parts
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, part)| format!("{id}-{part}"))
            .collect();
        ids.join(" ")
    };
    view! {
        <div class="nhsuk-form-group" class:nhsuk-form-group--error=move || has(error)>
            <label class="nhsuk-label" for=id>{label}</label>
            {move || has(hint).then(|| view! { <div class="nhsuk-hint" id=format!("{id}-hint")>{hint.get()}</div> })}
            {move || {
                has(error)
                    .then(|| {
                        view! {
                            <span class="nhsuk-error-message" id=format!("{id}-error") role="alert">
                                <span class="nhsuk-u-visually-hidden">"Error: "</span>
                                {error.get()}
                            </span>
                        }
                    })
            }}
            <div class="baton-secret">
                <input
                    class="nhsuk-input baton-secret__field"
                    class:nhsuk-input--error=move || has(error)
                    id=id
                    type=move || if is_shown.get() { "text" } else { "password" }
                    inputmode=if digits { "numeric" } else { "text" }
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described
                    aria-invalid=move || has(error).to_string()
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="baton-secret__show"
                    aria-pressed=move || is_shown.get().to_string()
                    on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                >
                    {move || if is_shown.get() { "Hide" } else { "Show" }}
                    <span class="nhsuk-u-visually-hidden">" "{label}</span>
                </button>
            </div>
        </div>
    }
}
