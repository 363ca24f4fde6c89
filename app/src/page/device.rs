//! This device: what it keeps and until when, how it locks, what is taken on a visit, and one's other devices.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::page::new::PaneHead;
use crate::page::shell::loss;
use crate::part::plain::{SECONDARY, WARNING, button, words};
use crate::store::device::{UNREADABLE_WORDS, trouble_words};
use crate::{clock, moment, web};

mod keep;
mod others;
mod pin;
mod take;

use keep::KeepSection;
use others::OthersSection;
use pin::PinSection;
use take::TakeSection;

/// The page.
#[component]
pub fn DevicePage() -> impl IntoView {
    let baton = baton();
    let device = &baton.store.device;
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="This device" />
            <div class="baton-pane__inside baton-device">
                {move || {
                    device
                        .trouble
                        .get()
                        .map(|error| view! { <p class="baton-error" role="alert">{trouble_words(&error)}</p> })
                }}
                {move || {
                    (device.unreadable.get() > 0)
                        .then(|| {
                            view! {
                                <p class="baton-error" role="alert">{UNREADABLE_WORDS}</p>
                            }
                        })
                }}
                <section class="baton-device__section" aria-labelledby="held">
                    <h3 id="held">"What is held here"</h3>
                    <p>{move || held(device.kept.get())}</p>
                    {move || {
                        device
                            .lease_until
                            .get()
                            .map(|until| {
                                let until = moment::full(until, clock::now(), clock::zone);
                                view! {
                                    <p>
                                        "Held until " <strong>{until}</strong>
                                        ". Each contact with the record moves that on. After it everything here is erased, but for what you wrote and was not sent."
                                    </p>
                                }
                            })
                    }}
                    <Size />
                </section>
                <TakeSection />
                <KeepSection />
                <PinSection />
                <section class="baton-device__section" aria-labelledby="leave">
                    <h3 id="leave">"Leave this device"</h3>
                    {words("", "Lock when you step away. Sign out when you are done: that erases everything of yours from this device.")}
                    {loss()}
                    <div class="baton-buttons">
                        {button(SECONDARY, "Lock now", "", move || baton.lock())}
                        {button(WARNING, "Sign out and erase", "", move || baton.sign_out())}
                    </div>
                </section>
                <OthersSection />
            </div>
        </section>
    }
}

fn held(kept: bool) -> &'static str {
    if kept {
        "Your conversations stay on this device, sealed, when you close Baton. Your passphrase or passkey opens them, with or without a network."
    } else {
        "Your conversations are on this device, sealed, for as long as Baton is open in this tab. When it is closed they are erased."
    }
}

#[component]
fn Size() -> impl IntoView {
    let size = RwSignal::new(None);
    spawn_local(async move {
        let used = web::storage_used().await;
        size.try_set(used);
    });
    move || {
        size.get().map(|(used, quota)| {
            view! { <p class="baton-hint">{format!("Uses {} of {} that this browser allows.", bytes(used), bytes(quota))}</p> }
        })
    }
}

/// A number of bytes in words. The browser writes the digits: Rust's own way would be in the download for this alone.
fn bytes(count: f64) -> String {
    let (number, digits, unit) = match count / 1_000_000.0 {
        mega if mega >= 1_000.0 => (mega / 1_000.0, 1, " GB"),
        mega if mega >= 10.0 => (mega, 0, " MB"),
        mega => (mega, 1, " MB"),
    };
    let number = js_sys::Number::from(number).to_fixed(digits);
    number.map(String::from).unwrap_or_default() + unit
}
