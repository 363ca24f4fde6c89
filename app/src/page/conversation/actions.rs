//! What one can do with a message: a button that opens a menu, by keyboard, mouse or finger.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId};
use leptos::html;
use wasm_bindgen::JsCast;

use super::here;
use super::scroll::row_id;
use crate::app::baton;
use crate::part::derived::{effect, memo};
use crate::part::icon::Icon;
use crate::store::thread::MessageRow;
use crate::web;

/// One thing to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Copy,
    Correct,
    Details,
    Reply,
    Task,
    Withdraw,
}

impl Action {
    fn face(self) -> (Icon, &'static str) {
        match self {
            Self::Copy => (Icon::Copy, "Copy text"),
            Self::Correct => (Icon::Pencil, "Correct"),
            Self::Details => (Icon::Info, "Who has read it"),
            Self::Reply => (Icon::Reply, "Reply"),
            Self::Task => (Icon::Tick, "Make a task"),
            Self::Withdraw => (Icon::Withdraw, "Withdraw"),
        }
    }
}

/// What one can do with a message.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Choices {
    actions: Vec<Action>,
    /// What the button is called.
    label: String,
    /// The patient whom an answer is about.
    about: Option<PatientId>,
}

impl Choices {
    pub(super) fn of(said: &MessageRow) -> Self {
        let mut actions = Vec::new();
        if said.withdrawn.is_none() {
            actions.extend([Action::Reply, Action::Task, Action::Copy]);
        }
        if said.may_change {
            actions.extend([Action::Correct, Action::Withdraw]);
        }
        actions.push(Action::Details);
        let label = if said.mine {
            format!("Actions for your message of {}", said.time)
        } else {
            format!("Actions for the message by {} of {}", said.author.name, said.time)
        };
        Self {
            actions,
            label,
            about: said.about.as_ref().map(|chip| chip.id),
        }
    }
}

/// The button and its menu.
#[component]
pub(super) fn Actions(
    /// The message.
    id: OpId,
    /// What can be done with it.
    choices: Choices,
) -> impl IntoView {
    let here = here();
    let is_open = memo(move || here.menu.get() == Some(id));
    let Choices {
        actions,
        label,
        about,
    } = choices;
    let give_back = move || {
        here.menu.set(None);
        web::focus(button_id(id));
    };
    view! {
        <div class="baton-actions" class:baton-actions--open=move || is_open.get()>
            <button
                type="button"
                class="baton-icon-button baton-actions__button"
                id=button_id(id)
                aria-label=label
                aria-haspopup="menu"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| here.menu.update(|menu| *menu = if *menu == Some(id) { None } else { Some(id) })
            >
                {Icon::Dots.draw()}
            </button>
            {move || {
                let actions = actions.clone();
                is_open.get().then(|| view! { <Menu id actions about give_back /> })
            }}
        </div>
    }
}

fn button_id(id: OpId) -> String {
    format!("{}-actions", row_id(id))
}

#[component]
fn Menu(
    id: OpId,
    actions: Vec<Action>,
    about: Option<PatientId>,
    give_back: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let menu = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(menu) = menu.get() {
            let menu: &web_sys::Element = &menu;
            menu.scroll_into_view_with_scroll_into_view_options(&nearest());
            focus_item(menu, |_, _| 0);
        }
    });
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let hit = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let inside = hit.is_some_and(|hit| hit.closest(".baton-actions--open").ok().flatten().is_some());
        if !inside {
            here.menu.try_set(None);
        }
    });
    on_cleanup(move || outside.remove());
    let choose = move |action: Action| {
        give_back();
        let text = || baton.command.text_of(here.space, id).unwrap_or_default();
        match action {
            Action::Copy => web::copy(&text()),
            Action::Correct => {
                let text = text();
                baton.store.drafts.edit(here.space, |draft| {
                    draft.text = text;
                    draft.corrects = Some(id);
                    draft.reply_to = None;
                    draft.urgent = false;
                    draft.about = None;
                });
                here.focus_composer();
            }
            Action::Details => here.details.set(Some(id)),
            Action::Reply => {
                baton.store.drafts.edit(here.space, |draft| {
                    draft.reply_to = Some(id);
                    draft.corrects = None;
                    // An answer is about the same patient unless its author says otherwise: the chip above the text shows it.
                    draft.about = draft.about.or(about);
                });
                here.focus_composer();
            }
            Action::Task => here.tasking.set(Some(id)),
            Action::Withdraw => here.withdrawing.set(Some(id)),
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(menu) = menu.get_untracked() else { return };
        match event.key().as_str() {
            "Escape" | "Tab" => give_back(),
            "ArrowDown" => focus_item(&menu, |now, count| (now + 1) % count),
            "ArrowUp" => focus_item(&menu, |now, count| (now + count - 1) % count),
            "Home" => focus_item(&menu, |_, _| 0),
            "End" => focus_item(&menu, |_, count| count - 1),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div class="baton-menu" role="menu" node_ref=menu on:keydown=on_key>
            {actions
                .into_iter()
                .map(|action| {
                    let (icon, label) = action.face();
                    view! {
                        <button
                            type="button"
                            class="baton-menu__item"
                            role="menuitem"
                            tabindex="-1"
                            on:click=move |_| choose(action)
                        >
                            {icon.draw()}
                            {label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// Moves the focus to an item, from the number of the one that has it and how many there are.
fn focus_item(menu: &web_sys::Element, next: impl Fn(u32, u32) -> u32) {
    let items = menu.children();
    let count = items.length();
    if count == 0 {
        return;
    }
    let active = web::document().active_element();
    let now = (0..count).find(|index| items.item(*index) == active).unwrap_or(0);
    let item = items
        .item(next(now, count))
        .and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(item) = item {
        _ = item.focus();
    }
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options
}
