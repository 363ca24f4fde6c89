//! What the screen is like, as a signal: a media query of CSS.

use crate::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::web;

/// Whether a media query holds, for as long as the current owner lives. One that the browser does not know never holds.
pub fn matches(query: &str) -> ReadSignal<bool> {
    let list = web::window().match_media(query).ok().flatten();
    let (holds, set) = signal(list.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(list) = list {
        let watched = list.clone();
        let changed = Closure::<dyn Fn()>::new(move || {
            set.try_set(watched.matches());
        });
        _ = list.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        let held = StoredValue::new_local((list, changed));
        on_cleanup(move || {
            held.try_with_value(|(list, changed)| {
                _ = list.remove_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
            });
        });
    }
    holds
}
