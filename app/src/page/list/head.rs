//! What a list says of itself: what it includes, in which order, as of when, how many of how many, what changed since the
//! reader last looked, and what waits for somebody. It is always in view above the rows.

use crate::part::drawn::view;
use crate::part::plain::{self, QUIET, button};
use crate::prelude::*;
use baton_core::ordered::SortedSet;

use super::{Here, here};
use crate::app::baton;
use crate::part::derived::memo;
use crate::part::icon::Icon;
use crate::store::lists::arrange::Arrangement;
use crate::store::lists::look::{CellDraft, CellKey, View};
use crate::store::lists::row::Refused;

/// The lines above the rows.
#[component]
pub(super) fn Head() -> impl IntoView {
    let here = here();
    let sheet = &baton().store.lists.sheet;
    let header = memo(move || sheet.header());
    let order = move || {
        let view = here.view();
        let grouped = if view.is_grouped {
            ", grouped by location"
        } else {
            ""
        };
        format!("{}{grouped}", view.sort.words())
    };
    let count = memo(move || sheet.arranged().with(Arrangement::words));
    let is_cut = memo(move || sheet.arranged().with(|arranged| arranged.shown < arranged.of));
    view! {
        <div class="baton-sheet__head">
            <p class="baton-sheet__includes">
                <strong>{move || header.with(|header| header.owner.clone())}</strong>
                ". "
                {move || header.with(|header| header.includes.clone())}
                ". "
                {order}
                ". "
                <span class="baton-sheet__as-of" class:baton-sheet__as-of--old=move || header.with(|header| !header.is_live)>
                    {move || header.with(|header| header.as_of.clone())}
                </span>
                "."
            </p>
            <p class="baton-sheet__count" class:baton-sheet__count--cut=move || is_cut.get() role="status">
                {move || is_cut.get().then(|| Icon::Warning.draw())}
                <span>{move || count.get()}</span>
                {move || {
                    is_cut
                        .get()
                        .then(|| {
                            button(QUIET, "Show everybody", "", move || here.change_view(View::widen))
                        })
                }}
            </p>
            {move || {
                header
                    .with(|header| header.archived.clone())
                    .map(|at| view! { <p class="baton-notice">"In the archive since " {at} ". It can be read, not changed."</p> })
            }}
            <Since here />
            <Waiting here />
        </div>
    }
}

/// What changed since the reader last looked.
#[component]
fn Since(here: Here) -> impl IntoView {
    let baton = baton();
    let sheet = &baton.store.lists.sheet;
    let told = memo(move || {
        sheet.with_header(|header| (header.since.clone(), header.changed, header.taken_off.clone()))
    });
    let see = move || {
        let drawn = here.drawn.get_untracked();
        let rows: SortedSet<_> = sheet
            .arranged()
            .with_untracked(|arranged| arranged.rows().take(drawn).collect());
        baton.command.see_rows(here.key, &rows);
    };
    move || {
        let (since, changed, taken_off) = told.get();
        let since = since?;
        let many = taken_off.len();
        if changed == 0 && many == 0 {
            return Some(
                view! { <p class="baton-hint">"Nothing changed by others since you last looked on this device, at " {since} "."</p> },
            );
        }
        let rows = if changed == 1 {
            "1 row".to_owned()
        } else {
            format!("{changed} rows")
        };
        Some(view! {
            <div class="baton-sheet__since">
                <p>
                    <strong>{rows} " changed"</strong>
                    " since you last looked on this device, at "
                    {since}
                    ". "
                    {button(QUIET, "Mark what is on the screen as seen", "", see)}
                </p>
                {(many > 0)
                    .then(|| {
                        view! {
                            <details>
                                <summary>{many} " taken off the list since"</summary>
                                <ul class="baton-sheet__gone">
                                    {taken_off.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                                </ul>
                            </details>
                        }
                    })}
            </div>
        })
    }
}

/// What waits for somebody: versions to be settled, text that is not saved, what the record refused.
#[component]
fn Waiting(here: Here) -> impl IntoView {
    let baton = baton();
    let sheet = &baton.store.lists.sheet;
    let conflicts = memo(move || sheet.with_header(|header| header.conflicts));
    let unsaved = memo(move || baton.store.lists.drafts_of(here.key).len());
    let refused = memo(move || sheet.with_header(|header| header.refused.clone()));
    let titles = memo(move || sheet.with_header(|header| header.other_titles.clone()));
    view! {
        {move || match conflicts.get() {
            0 => None,
            1 => Some(notice("In 1 cell several versions wait. Read them, then settle which holds.".to_owned())),
            many => Some(notice(format!("In {many} cells several versions wait. Read them, then settle which holds."))),
        }}
        {move || match unsaved.get() {
            0 => None,
            1 => Some(notice("What you wrote in 1 cell is not saved.".to_owned())),
            many => Some(notice(format!("What you wrote in {many} cells is not saved."))),
        }}
        {move || {
            let titles = titles.get();
            (!titles.is_empty())
                .then(|| notice(format!("Two people changed the title at the same time: {}. Rename the list to settle it.", titles.join(" / "))))
        }}
        {move || refused.get().into_iter().map(|refused| view! { <RefusedLine here refused /> }).collect_view()}
    }
}

fn notice(words: String) -> impl IntoView {
    view! { <p class="baton-sheet__waiting">{Icon::Warning.draw()} <span>{words}</span></p> }
}

/// Something that the record refused, with what was written.
#[component]
fn RefusedLine(here: Here, refused: Refused) -> impl IntoView {
    let baton = baton();
    let Refused {
        op,
        what,
        cell,
        text,
        reason,
    } = refused;
    let written = text.clone();
    let correct = move |(patient, field)| {
        let lists = &baton.store.lists;
        let cell = CellKey {
            list: here.key,
            patient,
            field,
        };
        let basis = baton.command.cell_basis(cell);
        let draft = CellDraft {
            text: written.clone(),
            base: basis.base,
            after: basis.after,
        };
        lists.set_draft(cell, Some(draft));
        if let Some(row) = lists.sheet.row(patient) {
            row.editing.update(|editing| _ = editing.insert(field));
            baton.command.discard(here.key.space, op);
        } else {
            lists.set_draft(cell, None);
            here.error.set(Some(
                "The patient is not on the list any more. Add them again, then correct this.".to_owned(),
            ));
        }
    };
    view! {
        <div class="baton-sheet__refused" role="alert">
            <p><strong>"Not taken by the record: " {what}</strong></p>
            {(!text.is_empty()).then(|| plain::words("baton-sheet__text", text))}
            {plain::words("", reason)}
            <p class="baton-buttons">
                {cell
                    .map(|cell| {
                        button(QUIET, "Correct", "", move || correct(cell))
                    })}
                {button(QUIET, "Discard", "", move || baton.command.discard(here.key.space, op))}
            </p>
        </div>
    }
}
