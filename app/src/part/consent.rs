//! On whose word a photo was taken: asked before it is added to a message, shown with it.

use baton_core::id::SpaceId;
use baton_core::photo::Consent;
use wasm_bindgen_futures::spawn_local;

use crate::app::baton;
use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::part::plain::{PRIMARY, button, error};
use crate::prelude::*;
use crate::web::camera::Picture;

/// What is said of a photo.
pub fn consent_words(consent: Consent) -> &'static str {
    match consent {
        Consent::Agreed => "The patient agreed to this photo",
        Consent::BestInterests => "The patient cannot agree: taken in their best interests",
        Consent::NoPatient => "No patient is in it",
        Consent::Unknown => "See on whose word it was taken in a newer version of Baton",
    }
}

/// Asks on whose word a picture was taken, with nothing chosen beforehand, and adds it to what is being written. `then` is told
/// once this device keeps it.
pub fn consent(picture: Picture, space: SpaceId, then: Callback<()>) -> AnyView {
    let baton = baton();
    let word: RwSignal<Option<Consent>> = RwSignal::new(None);
    let is_busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let choices = [Consent::Agreed, Consent::BestInterests, Consent::NoPatient];
    let choices = choices.map(|consent| {
        view! {
            <label class="baton-choice__option">
                <input type="radio" name="consent"
                    prop:checked=move || word.get() == Some(consent) on:change=move |_| { word.set(Some(consent)); trouble.set(None); } />
                <span>{consent_words(consent)}</span>
            </label>
        }
    });
    let add = move || {
        let Some(consent) = word.get_untracked() else {
            return trouble.set(Some("Choose on whose word the photo was taken.".to_owned()));
        };
        // Pressed twice, it is added once.
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        let picture = picture.clone();
        spawn_local(async move {
            if baton.command.add_photo(space, &picture, consent).await.is_ok() {
                // The dialog may be closed by now.
                _ = then.try_run(());
            } else {
                _ = trouble.try_set(Some(NO_ROOM.to_owned()));
                _ = is_busy.try_set(false);
            }
        });
    };
    view! {
        <fieldset class="baton-choice">
            <legend class="baton-why__title">"On whose word was it taken?"</legend>
            {error(trouble)}
            {Vec::from(choices)}
        </fieldset>
        {button(PRIMARY, "Add to the message", "", add)}
    }
}

const NO_ROOM: &str =
    "This device could not keep the photo. Free some space, or close other tabs of Baton, then add it again.";
