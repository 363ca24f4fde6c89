//! A dialog on the browser's own `dialog` element. A modal one keeps the focus inside and gives it back. One of choices alone is a
//! popover: a tap elsewhere ends it, and the rest of the page need not be made inert, which takes long on a long list.

use crate::part::drawn::view;
use crate::prelude::*;
use leptos::html;

use crate::part::derived::effect;
use crate::part::icon::Icon;
use crate::web;

/// A dialog that is open for as long as it is rendered.
#[component]
pub fn Dialog(
    /// What it is about.
    #[prop(into)]
    title: String,
    /// What happens when it is closed.
    #[prop(into)]
    close: Callback<()>,
    /// Whether it only offers choices, and holds nothing that could be lost.
    #[prop(optional)]
    is_menu: bool,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    // The browser gives the focus back only from what it closes itself.
    let before = StoredValue::new_local(web::document().active_element());
    on_cleanup(move || web::keep_focus(before.try_get_value().flatten()));
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            _ = if is_menu {
                dialog.show_popover()
            } else {
                dialog.show_modal()
            };
        }
    });
    // Told a moment later, when another may be in its place.
    let on_toggle = move |_| {
        let dialog = node.try_get_untracked().flatten();
        if is_menu
            && dialog.is_some_and(|dialog| {
                dialog.is_connected() && !dialog.matches(":popover-open").unwrap_or_default()
            })
        {
            close.run(());
        }
    };
    // A click on the backdrop has the dialog itself as its target.
    let on_click = move |event: leptos::ev::MouseEvent| {
        let hit: Option<web_sys::EventTarget> = event.target();
        let dialog: Option<web_sys::EventTarget> = node.get_untracked().map(|dialog| {
            let target: &web_sys::EventTarget = dialog.as_ref();
            target.clone()
        });
        if hit.is_some() && hit == dialog {
            close.run(());
        }
    };
    view! {
        <dialog
            class="baton-dialog"
            node_ref=node
            popover=is_menu.then_some("auto")
            aria-labelledby="dialog-title"
            on:toggle=on_toggle
            on:close=move |_| close.run(())
            on:click=on_click
        >
            <div class="baton-dialog__inside">
                <header class="baton-dialog__head">
                    <h2 id="dialog-title" class="baton-dialog__title">{title}</h2>
                    <button
                        type="button"
                        class="baton-icon-button"
                        aria-label="Close"
                        on:click=move |_| close.run(())
                    >
                        {Icon::Close.draw()}
                    </button>
                </header>
                {children()}
            </div>
        </dialog>
    }
}
