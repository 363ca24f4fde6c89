//! One's other devices, and ending one that is lost.

use crate::part::drawn::view;
use baton_core::device_api::DeviceLine;
use baton_core::id::DeviceId;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::nhs::button::{Button, Kind};
use crate::part::derived::{RwSignal, effect};
use crate::session::AskError;
use crate::{clock, moment};

#[component]
pub(super) fn OthersSection() -> impl IntoView {
    let baton = baton();
    let asked = RwSignal::new(0_u32);
    let ended = RwSignal::new(None::<Result<(), AskError>>);
    let devices = RwSignal::new(None);
    effect(move || {
        asked.track();
        spawn_local(async move {
            let told = baton.command.devices().await;
            devices.try_set(Some(told));
        });
    });
    let end = Callback::new(move |device: DeviceId| {
        spawn_local(async move {
            ended.set(Some(baton.command.end_another(device).await));
            asked.update(|asked| *asked += 1);
        });
    });
    view! {
        <section class="baton-device__section" aria-labelledby="others">
            <h3 id="others">"Your other devices"</h3>
            {move || match ended.get() {
                Some(Ok(())) => {
                    view! {
                        <p role="status">
                            "It is signed out. What it keeps is erased when it is next in contact, or when its time is over."
                        </p>
                    }
                }
                Some(Err(_)) => {
                    view! { <p class="baton-error" role="alert">"It could not be ended. Try again when you have a network."</p> }
                }
                None => ().into_any(),
            }}
            {move || match devices.get() {
                None => view! { <p role="status">"Looking…"</p> },
                Some(Err(_)) => view! { <p>"They can be shown when there is a network."</p> },
                Some(Ok(list)) if list.is_empty() => view! { <p>"None."</p> },
                Some(Ok(list)) => {
                    view! {
                        <ul class="baton-list">
                            {list.into_iter().map(|line| view! { <Line line end /> }).collect_view()}
                        </ul>
                    }
                }
            }}
        </section>
    }
}

#[component]
fn Line(line: DeviceLine, end: Callback<DeviceId>) -> impl IntoView {
    let at = |at| moment::full(at, clock::now(), clock::zone);
    let seen = at(line.seen_at);
    let made = at(line.made_at);
    let kept = line
        .kept_until
        .map(|until| format!(". Keeps work until {}", at(until)));
    view! {
        <li class="baton-list__item">
            <p>{format!("Signed in {made}, last used {seen}")}{kept}"."</p>
            <Button kind=Kind::Secondary press=move |()| end.run(line.device)>
                "Sign it out and erase it"
                <span class="nhsuk-u-visually-hidden">{format!(": signed in {made}")}</span>
            </Button>
        </li>
    }
}
