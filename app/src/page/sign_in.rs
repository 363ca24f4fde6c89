//! The pages before somebody is signed in. Nothing is loaded for them that signing in does not need.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::app::baton;
use crate::part::derived::RwSignal;
use crate::part::icon::Mark;
use crate::part::plain::{self, PRIMARY, button};
use crate::store::device::{LOST_WORDS, UNKEPT_WORDS};

/// What stands around every page outside the shell.
#[component]
pub fn Outside(
    /// What it says.
    children: Children,
) -> impl IntoView {
    let device = &baton().store.device;
    let told = |is: RwSignal<bool>, words: &'static str| {
        plain::follows(move || plain::told("baton-error", "alert", if is.get() { words } else { "" }))
    };
    view! {
        <div class="baton-outside-page">
            <main class="baton-outside-page__card" id="main">
                <p class="baton-outside-page__brand"><Mark />"Baton"</p>
                {told(device.unkept, UNKEPT_WORDS)}
                {told(device.lost, LOST_WORDS)}
                {children()}
            </main>
        </div>
    }
}

/// Invites to sign in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let baton = baton();
    let organisation = move || baton.organisation();
    view! {
        <Outside>
            <h1 class="baton-outside-page__title">"Sign in"</h1>
            <p>
                "Secure messages between health and care staff"
                {move || (!organisation().is_empty()).then(|| format!(" of {}", organisation()))} "."
            </p>
            {button(PRIMARY, "Sign in with your work account", "", move || baton.sign_in())}
            {plain::words("baton-hint", "On a shared computer, lock it when you step away and sign out when you are done. Nothing stays on this device after you sign out or close this tab, unless you choose to keep it.")}
        </Outside>
    }
}

/// Says what is being done.
#[component]
pub fn WaitPage(
    /// What.
    doing: &'static str,
) -> impl IntoView {
    view! {
        <Outside>
            <h1 class="baton-outside-page__title" role="status">{doing}"…"</h1>
            <p class="baton-progress" aria-hidden="true"></p>
        </Outside>
    }
}
