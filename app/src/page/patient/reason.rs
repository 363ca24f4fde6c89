//! Why somebody opens a patient whom none of their conversations is about.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::device_api::LookUp;
use baton_core::secret::Personal;

use crate::part::plain::{PRIMARY, button};

/// Reasons that are offered.
const REASONS: [&str; 2] = [
    "Caring for this patient now",
    "Asked for advice about this patient",
];

/// A reason in one's own words has at least so many letters: more than a slip of the finger.
const LEAST: usize = 5;

/// A reason in one's own words has at most so many letters.
const MOST: usize = 200;

/// What was chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chosen {
    /// Nothing yet.
    Nothing,
    /// One of the reasons that are offered.
    Offered(&'static str),
    /// Another one, to be written.
    Other,
}

/// The form.
#[component]
pub(super) fn WhyForm(
    /// What happens with the reason.
    #[prop(into)]
    give: Callback<LookUp>,
) -> impl IntoView {
    let chosen = RwSignal::new(Chosen::Nothing);
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(None::<&'static str>);
    let submit = move || {
        let reason = match chosen.get_untracked() {
            Chosen::Nothing => return error.set(Some("Choose why you need this record.")),
            Chosen::Offered(reason) => reason.to_owned(),
            Chosen::Other => text.get_untracked().trim().to_owned(),
        };
        match reason.chars().count() {
            0..LEAST => error.set(Some("Say in a few words why you need this record.")),
            LEAST..=MOST => give.run(LookUp::Other(Personal::new(reason))),
            _ => error.set(Some("Say it in at most 200 letters.")),
        }
    };
    let choice = move |own: Chosen, words: &'static str| {
        view! {
            <label class="baton-choice__option">
                <input
                    type="radio"
                    name="why"
                    prop:checked=move || chosen.get() == own
                    on:change=move |_| {
                        chosen.set(own);
                        error.set(None);
                    }
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <form
            class="baton-why"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <fieldset class="baton-choice" aria-describedby="why-hint">
                <legend class="baton-why__title">"Why do you need this record?"</legend>
                <p class="baton-hint" id="why-hint">
                    "None of your conversations or lists is about this patient. Your reason goes into the record’s audit, with your name and the time."
                </p>
                {move || error.get().map(|words| view! { <p class="baton-error" id="why-error" role="alert">{words}</p> })}
                {REASONS.map(|reason| choice(Chosen::Offered(reason), reason)).collect_view()}
                {choice(Chosen::Other, "Another reason")}
                {move || {
                    (chosen.get() == Chosen::Other)
                        .then(|| {
                            view! {
                                <div class="baton-why__other">
                                    <label class="baton-find__label" for="why-other">"Say why"</label>
                                    <input
                                        id="why-other"
                                        class="baton-field"
                                        type="text"
                                        autocomplete="off"
                                        prop:value=move || text.get()
                                        on:input:target=move |event| {
                                            text.set(event.target().value());
                                            error.set(None);
                                        }
                                    />
                                </div>
                            }
                        })
                }}
            </fieldset>
            {button(PRIMARY, "Open the record", "", submit)}
        </form>
    }
}
