//! One's other devices, and ending one that is lost; of a colleague too for who administrates the devices of their organisation.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::device_api::DeviceLine;
use baton_core::id::DeviceId;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::part::derived::{RwSignal, effect};
use crate::part::find_people::FindPeople;
use crate::part::plain::{QUIET, SECONDARY, button, folded, follows, none, told, words};
use crate::session::AskError;
use crate::store::people::Card;
use crate::{clock, moment, web};

#[component]
pub(super) fn OthersSection() -> impl IntoView {
    let baton = baton();
    let asked = RwSignal::new(0_u32);
    let ended = RwSignal::new(None::<Result<(), AskError>>);
    let devices = RwSignal::new(None);
    // Whose they are: the reader's own, unless an administrator has chosen a colleague.
    let whose = RwSignal::new(None::<Card>);
    effect(move || {
        asked.track();
        let chosen = whose.get();
        spawn_local(async move {
            let user = chosen.as_ref().map(|card| card.id);
            let told = baton.command.devices(user).await;
            // Nobody's devices are shown under another's name.
            if whose.try_get_untracked() == Some(chosen) {
                devices.try_set(Some(told));
            }
        });
    });
    let look_at = move |card: Option<Card>| {
        devices.set(None);
        ended.set(None);
        whose.set(card);
        web::focus("others");
    };
    let end = Callback::new(move |device: DeviceId| {
        spawn_local(async move {
            ended.set(Some(baton.command.end_another(device).await));
            asked.update(|asked| *asked += 1);
        });
    });
    view! {
        <section class="baton-device__section" aria-labelledby="others">
            <h3 id="others" tabindex="-1">
                {move || whose.get().map_or_else(|| "Your other devices".to_owned(), |card| format!("Devices of {}", card.name))}
            </h3>
            {move || match ended.get() {
                Some(Ok(())) => {
                    told("", "status", "It is signed out. What it keeps is erased when it is next in contact, or when its time is over.")
                }
                Some(Err(_)) => {
                    told("baton-error", "alert", "It could not be ended. Try again when you have a network.")
                }
                None => ().into_any(),
            }}
            {move || match devices.get() {
                None => told("", "status", "Looking…"),
                Some(Err(AskError::Refused { status: 403, .. })) => words("", NOT_OURS),
                Some(Err(_)) => words("", "They can be shown when there is a network."),
                Some(Ok(list)) if list.is_empty() => words("", "None."),
                Some(Ok(list)) => {
                    view! {
                        <ul class="baton-list">
                            {list.into_iter().map(|line| view! { <Line line end /> }).collect_view()}
                        </ul>
                    }
                }
            }}
            {follows(move || {
                if whose.with(Option::is_some) {
                    return button(QUIET, "Your own devices", "", move || look_at(None));
                }
                none()
            })}
            {colleagues(move |card| look_at(Some(card)))}
        </section>
    }
}

/// For who administrates the devices of their organisation: whose devices are shown.
fn colleagues(choose: impl Fn(Card) + Send + Sync + 'static) -> AnyView {
    let baton = baton();
    let own = baton.store.me.with_untracked(Option::clone);
    let Some(own) = own.filter(|_| baton.command.administrates()) else {
        return none();
    };
    let find = view! {
        {words("baton-hint", "If a device is lost: find whose it is, and sign it out. That you looked is recorded.")}
        <FindPeople label="Find a colleague" verb="Devices of" offers=move |user| user != own.id choose />
    };
    folded("", "Devices of a colleague", find.into_any())
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
            {button(SECONDARY, "Sign it out and erase it", format!("that signed in {made}"), move || end.run(line.device))}
        </li>
    }
}

const NOT_OURS: &str = "Only the devices of people of your own organisation are shown.";
