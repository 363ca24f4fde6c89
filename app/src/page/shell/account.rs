//! Who I am, how I like the app, and signing out.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::app::baton;
use crate::part::dialog::Dialog;
use crate::part::person::PersonLine;
use crate::part::plain::{SECONDARY, button, follows, told, words};
use crate::store::preference::Theme;

/// The account dialog.
#[component]
pub(super) fn Account(
    /// What happens when it is closed.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let baton = baton();
    let preference = baton.preference;
    view! {
        <Dialog title="Your account" close>
            {move || baton.store.me.get().map(|card| view! { <PersonLine card /> })}
            <fieldset class="baton-choice">
                <legend class="baton-choice__legend">"Colours"</legend>
                {Theme::ALL
                    .map(|theme| {
                        view! {
                            <label class="baton-choice__option">
                                <input
                                    type="radio"
                                    name="theme"
                                    checked=move || preference.theme() == theme
                                    on:change=move |_| preference.set_theme(theme)
                                />
                                <span>{theme.label()}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <fieldset class="baton-choice">
                <legend class="baton-choice__legend">"The Enter key"</legend>
                {[(true, "Sends the message"), (false, "Starts a new line")]
                    .map(|(sends, label)| {
                        view! {
                            <label class="baton-choice__option">
                                <input
                                    type="radio"
                                    name="enter"
                                    checked=move || preference.enter_sends() == sends
                                    on:change=move |_| preference.set_enter_sends(sends)
                                />
                                <span>{label}</span>
                            </label>
                        }
                    })
                    .collect_view()}
                {words("baton-hint", "Shift and Enter always starts a new line. Ctrl or Cmd and Enter always sends.")}
            </fieldset>
            {loss()}
            {button(SECONDARY, "Sign out", "", move || baton.sign_out())}
            {words("baton-hint", "Signing out erases everything of yours from this device.")}
        </Dialog>
    }
}

/// What would be lost by signing out, while there is something.
pub fn loss() -> AnyView {
    let store = baton().store;
    follows(move || {
        let waits = store.connection.with(|line| line.waiting);
        let says = match waits + store.begun() {
            0 => "",
            1 => "1 item has not been sent and would be lost by signing out. Lock instead.",
            _ => "Some items have not been sent and would be lost by signing out. Lock instead.",
        };
        told("baton-error", "alert", says)
    })
}
