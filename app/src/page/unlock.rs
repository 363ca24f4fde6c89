//! Something is locked here: every way to open it that this device has, the quickest first, and signing in, which always
//! works and loses nothing.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::secret::Personal;

use crate::app::baton;
use crate::nhs::input::SecretInput;
use crate::page::sign_in::Outside;
use crate::part::plain::{self, PRIMARY, SECONDARY, button, told};
use crate::visit::{Locked, Wrong};

/// Unlocks, or signs somebody else in.
#[component]
pub fn UnlockPage(
    /// How it may be opened.
    locked: Locked,
) -> impl IntoView {
    let baton = baton();
    heed_orders();
    let Locked {
        vaults,
        pin_tries,
        by_passphrase,
        by_passkey,
        wrong,
        is_busy,
    } = locked;
    let has_quick_way = pin_tries.is_some() || by_passphrase || by_passkey;
    let at_passphrase = wrong == Some(Wrong::Passphrase);
    let is_said_at_its_field = move |wrong: Wrong| match wrong {
        Wrong::Passphrase => by_passphrase,
        Wrong::Pin => pin_tries.is_some(),
        Wrong::Cancelled | Wrong::Database | Wrong::LeaseEnded | Wrong::Passkey | Wrong::Unsupported => false,
    };
    view! {
        <Outside>
            <h1 class="baton-outside-page__title">"Baton is locked"</h1>
            {(vaults > 0).then(|| plain::words("", holds(vaults)))}
            {is_busy.then(|| view! { {told("", "status", "Checking…")}<p class="baton-progress" aria-hidden="true"></p> })}
            {wrong
                .filter(|wrong| !is_said_at_its_field(*wrong))
                .map(|wrong| told("baton-error", "alert", words(wrong)))}
            {pin_tries.map(|tries| view! { <ByPin tries is_wrong=wrong == Some(Wrong::Pin) is_first=!at_passphrase /> })}
            {by_passkey
                .then(|| {
                    let class = if pin_tries.is_some() { SECONDARY } else { PRIMARY };
                    button(class, "Unlock with your passkey", "", move || baton.unlock_by_passkey())
                })}
            {by_passphrase
                .then(|| {
                    view! {
                        <ByPassphrase
                            is_first=at_passphrase || pin_tries.is_none()
                            is_main=pin_tries.is_none()
                            is_wrong=wrong == Some(Wrong::Passphrase)
                        />
                    }
                })}
            <hr class="baton-outside-page__line" />
            <p>
                {if has_quick_way {
                    "Someone else, or cannot unlock it? Sign in with your work account. Nothing that was written here is lost."
                } else {
                    "Sign in with your work account to carry on. Nothing that was written here is lost, and nobody but its author sees it."
                }}
            </p>
            {button(
                if has_quick_way { SECONDARY } else { PRIMARY },
                "Sign in with your work account",
                "",
                move || baton.sign_in(),
            )}
        </Outside>
    }
}

#[component]
fn ByPin(tries: u8, is_wrong: bool, is_first: bool) -> impl IntoView {
    let baton = baton();
    let value = RwSignal::new(String::new());
    let hint = match tries {
        1 => "This is the last try. After that, sign in.".to_owned(),
        tries => format!("{tries} tries left"),
    };
    let error = if is_wrong { "That is not the PIN" } else { "" };
    view! {
        <form
            class="baton-form"
            on:submit=move |event| {
                event.prevent_default();
                baton.unlock_by_pin(&value.get_untracked());
            }
        >
            <SecretInput id="pin" label="PIN" hint=hint error=error.to_owned() digits=true value focus=is_first />
            <button type="submit" class="nhsuk-button baton-button">"Unlock"</button>
        </form>
    }
}

#[component]
fn ByPassphrase(is_first: bool, is_main: bool, is_wrong: bool) -> impl IntoView {
    let baton = baton();
    let value = RwSignal::new(String::new());
    let error = if is_wrong {
        "That passphrase opens nothing that is kept on this device"
    } else {
        ""
    };
    let second = if is_main { "" } else { " nhsuk-button--secondary" };
    view! {
        <form
            class="baton-form"
            on:submit=move |event| {
                event.prevent_default();
                baton.unlock_by_passphrase(Personal::new(value.get_untracked()));
            }
        >
            <SecretInput id="passphrase" label="Passphrase" error=error.to_owned() value focus=is_first />
            <button type="submit" class=format!("nhsuk-button baton-button{second}")>"Unlock with your passphrase"</button>
        </form>
    }
}

fn holds(vaults: usize) -> String {
    match vaults {
        1 => "One person has work on this device.".to_owned(),
        count => format!("{count} people have work on this device. None of them can see another’s."),
    }
}

fn words(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Cancelled => "The passkey was not used. Try again, or choose another way.",
        Wrong::Database => {
            "This browser could not read what it keeps. Close other tabs of Baton and reload the page, or sign in to fetch it again."
        }
        Wrong::LeaseEnded => {
            "This device was offline for too long to be opened without the record. Sign in when you have a network. What you wrote is still here."
        }
        Wrong::Passkey => "That passkey opens nothing that is kept on this device.",
        Wrong::Passphrase => "That passphrase opens nothing that is kept on this device.",
        Wrong::Pin => "There are no more tries with the PIN.",
        Wrong::Unsupported => "This browser cannot unlock it that way. Sign in with your work account.",
    }
}

/// While it is locked it is looked now and then whether what is here is to be erased.
fn heed_orders() {
    let baton = baton();
    baton.obey_orders();
    let handle = set_interval_with_handle(move || baton.obey_orders(), std::time::Duration::from_secs(30));
    on_cleanup(move || {
        if let Ok(handle) = handle {
            handle.clear();
        }
    });
}
