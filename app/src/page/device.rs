//! This device: what it keeps and until when, how it locks, what is taken on a visit, and one's other devices.

use leptos::prelude::*;

use crate::app::baton;
use crate::nhs::button::{Button, Kind};
use crate::page::new::PaneHead;
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
    let device = baton.store.device;
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
                    <p>"Lock when you step away. Sign out when you are done: that erases everything of yours from this device."</p>
                    <div class="baton-buttons">
                        <Button kind=Kind::Secondary press=move |()| baton.lock()>"Lock now"</Button>
                        <Button kind=Kind::Warning press=move |()| baton.sign_out()>"Sign out and erase"</Button>
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
    let size = LocalResource::new(web::storage_used);
    view! {
        {move || {
            size.get()
                .flatten()
                .map(|(used, quota)| {
                    view! { <p class="baton-hint">{format!("Uses {} of {} that this browser allows.", bytes(used), bytes(quota))}</p> }
                })
        }}
    }
}

/// A size in words.
pub(super) fn bytes(count: f64) -> String {
    let mega = count / 1_000_000.0;
    if mega >= 1_000.0 {
        format!("{:.1} GB", mega / 1_000.0)
    } else if mega >= 10.0 {
        format!("{mega:.0} MB")
    } else {
        format!("{mega:.1} MB")
    }
}
