//! A PIN that opens the screen again for a few minutes after it was locked.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::part::plain::told;
use crate::prelude::*;
use baton_core::vault::pin::WeakPin;

use crate::app::baton;
use crate::nhs::input::SecretInput;

#[component]
pub(super) fn PinSection() -> impl IntoView {
    let baton = baton();
    let has_pin = baton.store.device.has_pin;
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let is_set = RwSignal::new(false);
    let submit = move || match baton.set_pin(&value.get_untracked()) {
        Ok(()) => {
            error.set(String::new());
            value.set(String::new());
            is_set.set(true);
        }
        Err(WeakPin::Length) => error.set("Use 4 to 12 digits".to_owned()),
        Err(WeakPin::Obvious) => {
            error.set("That is easy to guess. Do not use one digit only, or digits in a row".to_owned());
        }
    };
    view! {
        <section class="baton-device__section" aria-labelledby="pin-head">
            <h3 id="pin-head">"Quick PIN"</h3>
            <p>
                {move || {
                    if has_pin.get() {
                        "On. It opens this screen again for 10 minutes after it was locked, with 5 tries."
                    } else {
                        "With a PIN this screen opens again quickly for 10 minutes after it was locked. It is forgotten when this tab is closed."
                    }
                }}
            </p>
            {move || is_set.get().then(|| told("", "status", "Your PIN is set."))}
            <form
                class="baton-form"
                on:submit=move |event| {
                    event.prevent_default();
                    submit();
                }
            >
                <SecretInput id="new-pin" label="New PIN" error digits=true value />
                <button type="submit" class="nhsuk-button nhsuk-button--secondary baton-button">
                    {move || if has_pin.get() { "Change PIN" } else { "Set PIN" }}
                </button>
            </form>
        </section>
    }
}
