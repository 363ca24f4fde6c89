//! Tabs, by the pattern that screen readers know: the arrow keys go from one to the next, Home and End to the first and last.

use crate::part::derived::RwSignal;
use crate::part::drawn::view;
use crate::prelude::*;
use leptos::html;
use wasm_bindgen::JsCast;

/// The row of tabs. What belongs to the chosen one is drawn by whoever uses this, in a `tabpanel` with [`panel_id`].
#[component]
pub fn Tabs(
    /// What the tabs are of.
    label: &'static str,
    /// The name of the group in the page.
    id: &'static str,
    /// What the tabs are called.
    names: &'static [&'static str],
    /// Which is chosen.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let go = move |to: usize| {
        chosen.set(to);
        let tab = list
            .get_untracked()
            .and_then(|list| list.children().item(u32::try_from(to).ok()?));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = tab.focus();
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let (now, last) = (chosen.get_untracked(), names.len().saturating_sub(1));
        let to = match event.key().as_str() {
            "ArrowRight" => Some(if now >= last { 0 } else { now + 1 }),
            "ArrowLeft" => Some(now.checked_sub(1).unwrap_or(last)),
            "Home" => Some(0),
            "End" => Some(last),
            _ => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            go(to);
        }
    };
    view! {
        <div class="baton-tabs" role="tablist" aria-label=label node_ref=list on:keydown=on_key>
            {names
                .iter()
                .enumerate()
                .map(|(place, name)| {
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class="baton-tabs__tab"
                            id=format!("{id}-tab-{place}")
                            aria-controls=panel_id(id)
                            aria-selected=move || (chosen.get() == place).to_string()
                            tabindex=move || Some(if chosen.get() == place { "0" } else { "-1" })
                            on:click=move |_| chosen.set(place)
                        >
                            {*name}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// What the panel of a group of tabs is called in the page.
pub fn panel_id(id: &str) -> String {
    format!("{id}-panel")
}
