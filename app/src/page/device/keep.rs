//! Keeping work on this device past the tab: by a passkey or a passphrase.

use crate::part::derived::{RwSignal, memo};
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::secret::Personal;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::nhs::input::SecretInput;
use crate::part::plain::{self, PRIMARY, SECONDARY, button, told};
use crate::session::{passkey, passphrase};
use crate::visit::keep::KeepError;

/// What is being done, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Asked,
    Busy,
    Closed,
    Failed(KeepError),
}

#[component]
pub(super) fn KeepSection() -> impl IntoView {
    let baton = baton();
    // It is looked at again and again while the device is open, and what is being typed here stays.
    let kept = memo(move || baton.store.device.kept.get());
    let state = RwSignal::new(State::Closed);
    view! {
        <section class="baton-device__section" aria-labelledby="keep">
            <h3 id="keep">"Keep on this device"</h3>
            {move || match (kept.get(), state.get()) {
                (_, State::Busy) => told("", "status", "Sealing…"),
                (true, State::Closed) => {
                    view! {
                        {plain::words("", "On. Baton opens here without a network.")}
                        {button(SECONDARY, "Change how it opens", "", move || state.set(State::Asked))}
                    }
                }
                (false, State::Closed) => {
                    view! {
                        {plain::words("", "For your own device or one that only you use today. Baton then opens without a network, as on a home visit. Do not do this on a computer that others use too.")}
                        {button(SECONDARY, "Keep on this device", "", move || state.set(State::Asked))}
                    }
                }
                (_, State::Asked | State::Failed(_)) => view! { <Choose state /> },
            }}
        </section>
    }
}

#[component]
fn Choose(state: RwSignal<State>) -> impl IntoView {
    let baton = baton();
    let (text, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(String::new());
    let again_error = RwSignal::new(String::new());
    let finish = move |done: Result<(), KeepError>| {
        state.set(done.map_or_else(State::Failed, |()| State::Closed));
    };
    let submit = move || {
        error.set(String::new());
        again_error.set(String::new());
        let typed = text.get_untracked();
        if let Err(weak) = passphrase::look(&typed) {
            error.set(weak_words(weak).to_owned());
        } else if typed.trim() != again.get_untracked().trim() {
            again_error.set("This is not the same as the first".to_owned());
        } else {
            state.set(State::Busy);
            spawn_local(async move { finish(baton.keep_by_passphrase(Personal::new(typed)).await) });
        }
    };
    view! {
        {move || match state.get() {
            State::Failed(why) => told("baton-error", "alert", words(why)),
            State::Asked | State::Busy | State::Closed => ().into_any(),
        }}
        {passkey::is_available()
            .then(|| {
                view! {
                    {plain::words("", "A passkey opens it with your finger, your face or this device’s own PIN.")}
                    {button(
                        PRIMARY,
                        "Use a passkey",
                        "",
                        move || {
                            state.set(State::Busy);
                            spawn_local(async move { finish(baton.keep_by_passkey().await) });
                        },
                    )}
                    {plain::words("", "Or choose a passphrase.")}
                }
            })}
        <form
            class="baton-form"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <SecretInput
                id="new-passphrase"
                label="New passphrase"
                hint="At least 12 characters. Three words that do not belong together are good."
                error
                value=text
            />
            <SecretInput id="new-passphrase-again" label="The same passphrase again" error=again_error value=again />
            <div class="baton-buttons">
                <button type="submit" class="nhsuk-button baton-button">"Use this passphrase"</button>
                {button(SECONDARY, "Cancel", "", move || state.set(State::Closed))}
            </div>
        </form>
        {plain::words("baton-hint", "If you forget it, sign in with your work account when you have a network. Nothing is lost.")}
    }
}

fn weak_words(weak: passphrase::Weak) -> &'static str {
    match weak {
        passphrase::Weak::Obvious => {
            "That is easy to guess. Leave out common words such as password, your workplace, and rows of letters or numbers"
        }
        passphrase::Weak::Short => "Use at least 12 characters",
    }
}

fn words(why: KeepError) -> &'static str {
    match why {
        KeepError::Cancelled => "The passkey was not made. Try again, or choose a passphrase.",
        KeepError::NotAllowed => "Your organisation does not let devices keep anything.",
        KeepError::Offline => "The record has to be reached for this. Try again when you have a network.",
        KeepError::Passkey => {
            "A passkey made here cannot open what Baton keeps, so none is used. Choose a passphrase below."
        }
        KeepError::Unsupported => "This browser cannot do that. Choose the other way.",
    }
}
