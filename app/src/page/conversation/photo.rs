//! Photos: taking one for a message, those that a message will show, and those that messages show.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::SpaceId;
use baton_core::op::message::PHOTOS;
use baton_core::photo::Photo;
use leptos::html;
use wasm_bindgen_futures::spawn_local;

use super::about::opens;
use super::{Here, here};
use crate::app::baton;
use crate::command::photos::Unseen;
use crate::part::consent::{consent, consent_words};
use crate::part::derived::{Memo, RwSignal, Signal, StoredValue, effect, memo};
use crate::part::icon::Icon;
use crate::part::plain::{PRIMARY, QUIET, button, chosen, dialog, follows, list, maybe, none, told, words};
use crate::store::connection::Mood;
use crate::store::drafts::Draft;
use crate::web::camera::{self, CameraError, Picture};

/// Opens the camera.
#[component]
pub(super) fn PhotoButton(draft: Memo<Draft>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let opened = RwSignal::new(false);
    let is_off = move || draft.with(|draft| draft.corrects.is_some() || draft.photos.len() >= PHOTOS);
    effect(move || {
        let is_shared = baton.shared.with(|shared| !shared.is_empty());
        if is_shared && !is_off() && !opened.get_untracked() {
            opened.set(true);
        }
    });
    let open = Callback::new(move |()| opened.set(true));
    vec![
        opens(Icon::Photo, "Photo", Signal::derive(is_off), open),
        follows(move || maybe(opened.get().then(|| take_photo(here, opened)))),
    ]
}
/// How far one has come.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    Failed(CameraError),
    Live,
    Starting,
    Taken(Picture),
}

fn take_photo(here: Here, opened: RwSignal<bool>) -> AnyView {
    let baton = baton();
    let video: NodeRef<html::Video> = NodeRef::new();
    let step = RwSignal::new(Step::Starting);
    let start = move || {
        step.set(Step::Starting);
        if let Some(video) = video.get() {
            spawn_local(async move {
                let opened = camera::open(&video).await;
                _ = step.try_set(opened.map_or_else(Step::Failed, |()| Step::Live));
            });
        }
    };
    // What another app shared comes first, one after the other.
    let first = |shared: &mut Vec<Picture>| (!shared.is_empty()).then(|| shared.remove(0));
    let shared = move || baton.shared.try_update(first).flatten();
    effect(move || match untrack(shared) {
        Some(picture) => step.set(Step::Taken(picture)),
        None => start(),
    });
    let let_go = move || {
        if let Some(video) = video.try_get_untracked().flatten() {
            camera::close(&video);
        }
    };
    on_cleanup(let_go);
    let take = move || {
        let taken = video.get_untracked().and_then(|video| camera::take(&video));
        if let Some(picture) = taken {
            let_go();
            step.set(Step::Taken(picture));
        }
    };
    let close = move || {
        baton.shared.set(Vec::new());
        opened.set(false);
        here.focus_composer();
    };
    let next = move || match shared() {
        Some(picture) => step.set(Step::Taken(picture)),
        None => close(),
    };
    let again = move |class, says| button(class, says, "", move || untrack(start));
    let inside = move || match step.get() {
        Step::Starting => vec![told("", "status", "Starting the camera…")],
        Step::Failed(error) => vec![
            told("baton-error", "alert", error.to_string()),
            again(PRIMARY, "Try again"),
        ],
        Step::Live => vec![
            words(
                "baton-hint",
                "It goes into this conversation alone, not to this device’s photos.",
            ),
            button(PRIMARY, "Take the photo", "", take),
        ],
        Step::Taken(picture) => {
            let url = picture.url.clone();
            vec![
                view! { <img class="baton-camera" src=url alt="The photo for this message" /> },
                consent(picture, here.space, Callback::new(move |()| next())),
                again(QUIET, "Take another one"),
            ]
        }
    };
    let seen = view! {
        <video
            class="baton-camera"
            class:baton-camera--off=move || step.with(|step| *step != Step::Live)
            aria-label="What the camera sees"
            node_ref=video
            prop:muted=true
            playsinline=""
        ></video>
    };
    let inside = follows(move || inside().into_any());
    dialog(
        "Take a photo",
        Callback::new(move |()| close()),
        vec![seen, inside],
    )
}

/// Above the text: what the message will show.
#[component]
pub(super) fn Attached(draft: Memo<Draft>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    // A correction shows none: they wait for the message after it.
    let photos = memo(move || {
        draft.with(|draft| match draft.corrects {
            None => draft.photos.clone(),
            Some(_) => Vec::new(),
        })
    });
    let leave_out = move |photo: &Photo| {
        baton.command.leave_photo_out(here.space, photo.id);
        here.focus_composer();
    };
    follows(move || {
        let photos = photos.get();
        let many = photos.len();
        let mut items = Vec::new();
        for (index, photo) in photos.into_iter().enumerate() {
            let place = place(index, many);
            let remove = format!("Leave out {}", place.to_ascii_lowercase());
            let shown = shown(here.space, photo.clone(), format!("{place} to be sent"));
            items.push(view! {
                {shown}
                <button type="button" class="baton-icon-button" aria-label=remove on:click=move |_| leave_out(&photo)>
                    {Icon::Close.draw()}
                </button>
            });
        }
        row_of(items, "Photos of this message")
    })
}

/// The photos of a message.
pub(super) fn photos(space: SpaceId, photos: Vec<Photo>, text: &str) -> AnyView {
    let many = photos.len();
    let one = |(index, photo)| shown(space, photo, format!("{}: {text}", place(index, many)));
    row_of(photos.into_iter().enumerate().map(one).collect(), "Photos")
}

fn row_of(items: Vec<AnyView>, label: &'static str) -> AnyView {
    if items.is_empty() {
        return none();
    }
    list("baton-photos", label, items)
}

fn place(index: usize, many: usize) -> String {
    if many == 1 {
        "Photo".to_owned()
    } else {
        format!("Photo {} of {many}", index + 1)
    }
}

/// One photo: small, and large when it is pressed.
fn shown(space: SpaceId, photo: Photo, alt: String) -> AnyView {
    let baton = baton();
    let seen: RwSignal<Option<Result<String, Unseen>>> = RwSignal::new(None);
    let opened = RwSignal::new(false);
    let said = consent_words(photo.consent);
    let alt = StoredValue::new(alt);
    let is_live = memo(move || baton.store.connection.with(|line| line.mood == Mood::Live));
    // Again when there is a network, where it was not here.
    effect(move || {
        _ = is_live.get();
        if seen.with_untracked(|seen| !matches!(seen, Some(Ok(_) | Err(Unseen::Gone)))) {
            let photo = photo.clone();
            spawn_local(async move {
                let found = baton.command.photo(space, &photo).await;
                _ = seen.try_set(Some(found));
            });
        }
    });
    let image =
        move |class: &'static str, url: String| view! { <img class=class src=url alt=alt.get_value() /> };
    let close = Callback::new(move |()| opened.set(false));
    let small = follows(move || match seen.get() {
        None => words("baton-photo baton-photo--absent", "Photo on its way"),
        Some(Err(why)) => words("baton-photo baton-photo--absent", why.to_string()),
        Some(Ok(url)) => chosen("baton-photo", image("baton-photo__small", url), move || {
            opened.set(true);
        }),
    });
    let large = follows(move || match seen.get() {
        Some(Ok(url)) if opened.get() => {
            let large = image("baton-photo__large", url);
            dialog("Photo", close, vec![large, words("", said)])
        }
        Some(Err(_) | Ok(_)) | None => none(),
    });
    vec![small, large].into_any()
}
