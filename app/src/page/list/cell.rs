//! One cell: what is written in it, and writing in it. What somebody writes is a draft until they save it; what they had before
//! them when they began is remembered, so that nothing that another writes meanwhile is lost to it.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::op::list::Field;
use baton_core::ordered::SortedSet;
use leptos::ev::KeyboardEvent;
use leptos::html;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{Asked, here, keys};
use crate::app::baton;
use crate::part::derived::{Memo, StoredValue, effect, memo};
use crate::store::lists::look::{CellDraft, CellKey};
use crate::store::lists::row::{Cell, Version};
use crate::store::lists::sheet::RowSignals;
use crate::web;

/// The cell.
#[component]
pub(super) fn CellView(
    key: CellKey,
    title: String,
    signals: RowSignals,
    /// Whose row it is.
    name: Memo<String>,
) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let lists = &baton.store.lists;
    let field = key.field;
    let RowSignals {
        row, editing, drafts, ..
    } = signals;
    let cell = memo(move || row.with(|row| row.cell(field).cloned()));
    let is_editing = {
        let editing = editing.clone();
        memo(move || editing.with(|editing| editing.contains(&field)))
    };
    let unsaved = memo(move || {
        drafts.track();
        lists.draft_now(key).map(|draft| draft.text)
    });
    let is_changed = memo(move || cell.with(|cell| cell.as_ref().is_some_and(|cell| cell.is_changed)));
    let is_in_conflict = memo(move || cell.with(|cell| cell.as_ref().is_some_and(Cell::is_in_conflict)));
    let begin = {
        let editing = editing.clone();
        move || {
            if is_editing.get_untracked() || !lists.sheet.with_header_now(|header| header.may_write) {
                return;
            }
            if is_in_conflict.get_untracked() && lists.draft_now(key).is_none() {
                return here.ask(Asked::Settle(key));
            }
            editing.update(|editing| _ = editing.insert(field));
        }
    };
    let label = title.clone();
    view! {
        <td
            role="gridcell"
            class="baton-grid__cell baton-cell"
            class:baton-cell--changed=move || is_changed.get()
            class:baton-cell--conflict=move || is_in_conflict.get()
            class:baton-cell--missing=move || field == Field::Resuscitation && cell.with(|cell| cell.as_ref().is_none_or(Cell::is_empty))
            data-stop=""
            tabindex="-1"
            on:click=move |_| begin()
        >
            <span class="baton-cell__label" aria-hidden="true">{label}</span>
            {move || {
                if is_editing.get() {
                    view! { <Editor key title=title.clone() editing=editing.clone() cell name /> }
                } else {
                    view! { <Words cell=cell.get() unsaved=unsaved.get() field /> }
                }
            }}
        </td>
    }
}

/// What a cell says.
#[component]
fn Words(cell: Option<Cell>, unsaved: Option<String>, field: Field) -> impl IntoView {
    let Some(cell) = cell else { return ().into_any() };
    let is_missing = field == Field::Resuscitation && cell.is_empty();
    let written = if cell.is_in_conflict() {
        view! { <Versions versions=cell.versions /> }
    } else {
        let texts = cell
            .versions
            .into_iter()
            .map(|version| version.text)
            .filter(|text| !text.is_empty());
        texts
            .map(|text| view! { <span class="baton-cell__text">{text}</span> })
            .collect_view()
            .into_any()
    };
    view! {
        {written}
        {cell.feed.map(|feed| view! { <span class="baton-cell__feed">{feed} <span class="baton-hint">" (hospital)"</span></span> })}
        {cell.elsewhere.map(|elsewhere| view! { <span class="baton-cell__status">{elsewhere}</span> })}
        {is_missing.then(|| view! { <span class="baton-hint">"Not recorded"</span> })}
        {cell.is_changed.then(|| view! { <span class="baton-cell__changed">"Changed"</span> })}
        {cell.status.map(|status| view! { <span class="baton-cell__status">{status}</span> })}
        {unsaved
            .map(|text| {
                view! {
                    <span class="baton-cell__unsaved">
                        <strong>"Not saved: "</strong>
                        {if text.trim().is_empty() { "(cleared)".to_owned() } else { text }}
                    </span>
                }
            })}
    }
}

/// Versions that wait, side by side.
#[component]
fn Versions(versions: Vec<Version>) -> impl IntoView {
    let count = versions.len();
    view! {
        <span class="baton-cell__conflict">{count} " versions wait to be settled"</span>
        <span class="baton-sides">
            {versions
                .into_iter()
                .map(|version| {
                    let text = if version.text.is_empty() { "(cleared)".to_owned() } else { version.text };
                    view! {
                        <span class="baton-sides__one">
                            <span class="baton-cell__text">{text}</span>
                            <span class="baton-hint">{version.by} ", " {version.at}</span>
                        </span>
                    }
                })
                .collect_view()}
        </span>
    }
}

/// Where one writes.
#[component]
fn Editor(
    key: CellKey,
    title: String,
    editing: ArcRwSignal<SortedSet<Field>>,
    cell: Memo<Option<Cell>>,
    name: Memo<String>,
) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let lists = &baton.store.lists;
    let shown = cell
        .with_untracked(|cell| cell.as_ref().map(Cell::text))
        .unwrap_or_default();
    // Whoever goes on with a draft goes on with what they had before them when they began it.
    let draft = lists.draft_now(key).unwrap_or_else(|| {
        let basis = baton.command.cell_basis(key);
        CellDraft {
            text: shown.clone(),
            base: basis.base,
            after: basis.after,
        }
    });
    let (first, began) = (draft.text.clone(), StoredValue::new((draft, shown)));
    let field = NodeRef::<html::Textarea>::new();
    effect(move || {
        if let Some(field) = field.get() {
            _ = field.focus();
            let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
            _ = field.set_selection_range(end, end);
        }
    });
    let text = move || {
        field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default()
    };
    let is_unchanged = move || {
        began.with_value(|(_, shown)| *shown == text())
            && !cell.with_untracked(|cell| cell.as_ref().is_some_and(Cell::is_in_conflict))
    };
    let close = {
        let editing = editing.clone();
        move || editing.update(|editing| _ = editing.remove(&key.field))
    };
    let leave = {
        let close = close.clone();
        move || {
            if is_unchanged() {
                lists.set_draft(key, None);
            }
            close();
        }
    };
    let save = {
        let close = close.clone();
        move || {
            if is_unchanged() {
                lists.set_draft(key, None);
                close();
                return true;
            }
            let basis = began.with_value(|(draft, _)| draft.basis());
            let is_saved = here.note(baton.command.write_cell(key, &text(), basis)).is_some();
            if is_saved {
                close();
            }
            is_saved
        }
    };
    let discard = move || {
        lists.set_draft(key, None);
        close();
    };
    let on_key = {
        let (save, leave) = (save.clone(), leave.clone());
        move |event: KeyboardEvent| {
            let inside = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let Some(stop) = inside.as_ref().and_then(keys::stop_of) else {
                return;
            };
            let is_enter = event.key() == "Enter" && !event.is_composing();
            let saves = is_enter
                && (event.ctrl_key()
                    || event.meta_key()
                    || (baton.preference.enter_sends() && !event.shift_key()));
            match event.key().as_str() {
                "Escape" => {
                    event.prevent_default();
                    leave();
                    _ = stop.focus();
                }
                "Tab" => {
                    let next = keys::next_cell(&stop, event.shift_key());
                    event.prevent_default();
                    if save() {
                        go_on(&stop, next);
                    }
                }
                _ if saves => {
                    event.prevent_default();
                    if save() {
                        _ = stop.focus();
                    }
                }
                _ => {}
            }
            event.stop_propagation();
        }
    };
    let meanwhile = move || {
        let base = began.with_value(|(draft, _)| draft.basis());
        cell.with(|cell| {
            let versions = cell
                .as_ref()
                .map(|cell| cell.versions.clone())
                .unwrap_or_default();
            let unseen = |version: &Version| version.is_unseen(&base);
            versions.into_iter().filter(unseen).collect::<Vec<_>>()
        })
    };
    let label = move || format!("{title} of {}", name.get());
    view! {
        <span class="baton-editor" on:click=|event| event.stop_propagation()>
            <textarea
                class="baton-editor__field"
                rows="2"
                maxlength="8000"
                autocomplete="off"
                node_ref=field
                aria-label=label
                prop:value=move || first.clone()
                on:keydown=on_key
                on:input=move |_| {
                    let draft = began.with_value(|(draft, _)| CellDraft { text: text(), ..draft.clone() });
                    lists.set_draft(key, Some(draft));
                }
            ></textarea>
            {move || {
                meanwhile()
                    .into_iter()
                    .map(|version| {
                        view! {
                            <span class="baton-editor__meanwhile" role="status">
                                {version.by} " wrote at " {version.at} ": “" {version.text}
                                "”. If you save, both stay until somebody settles them."
                            </span>
                        }
                    })
                    .collect_view()
            }}
            <span class="baton-editor__acts">
                <button type="button" class="baton-link" on:click=move |event| back(&event, &|| _ = save())>"Save"</button>
                <button type="button" class="baton-link" on:click=move |event| back(&event, &leave)>"Leave"</button>
                <button type="button" class="baton-link" on:click=move |event| back(&event, &discard)>"Discard"</button>
            </span>
        </span>
    }
}

/// After what a button did the focus is on its cell again. The press is not one of the cell's too, which would begin anew.
fn back(event: &leptos::ev::MouseEvent, does: &dyn Fn()) {
    event.stop_propagation();
    let button = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let stop = button.as_ref().and_then(keys::stop_of);
    does();
    if let Some(stop) = stop {
        _ = stop.focus();
    }
}

/// From a cell that was saved to the next, to write there too.
fn go_on(stop: &web_sys::HtmlElement, next: Option<Element>) {
    let next = next.filter(|next| next.class_list().contains("baton-cell"));
    match next {
        Some(next) => web::next_frame(move || keys::act(&next)),
        None => _ = stop.focus(),
    }
}
