//! A page of Leptos' with one button and nothing else: what a tap costs before there is an app (`cargo xtask bench
//! browser` measures the app against it).

use leptos::prelude::*;

fn main() {
    mount_to_body(|| {
        let (taps, set_taps) = signal(0);
        view! { <button on:click=move |_| set_taps.update(|taps| *taps += 1)>{taps}</button> }
    });
}
