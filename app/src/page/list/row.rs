//! One patient's row: where they are, who they are (never by one identifier alone), what is written, what may be done.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::PatientId;

use super::cell::CellView;
use super::{Asked, Here, here};
use crate::app::baton;
use crate::nhs::tag::Tag;
use crate::page::shell::go;
use crate::part::derived::{Memo, memo};
use crate::part::icon::Icon;
use crate::part::patient::PatientLine;
use crate::route::Route;
use crate::store::lists::look::CellKey;
use crate::store::lists::row::{ColumnHead, PlaceCell};
use crate::store::patients::Face;
use crate::store::patients::face::ON_THEIR_WAY;

/// The row.
#[component]
pub(super) fn RowView(
    patient: PatientId,
    columns: Memo<Vec<ColumnHead>>,
    in_own_order: Memo<bool>,
) -> impl IntoView {
    let here = here();
    let Some(signals) = baton().store.lists.sheet.row(patient) else {
        return ().into_any();
    };
    let row = signals.row.clone();
    let place = {
        let row = row.clone();
        memo(move || row.with(|row| row.place.clone()))
    };
    let who = {
        let row = row.clone();
        memo(move || {
            row.with(|row| Who {
                stands: row.stands,
                face: row.face.clone(),
                written_about: row.written_about.clone(),
                likeness: row.likeness,
                left: row.left.clone(),
                added: row.added.clone(),
                news: row.news,
                status: row.status,
            })
        })
    };
    let name = memo(move || row.with(crate::store::lists::row::SheetRow::name));
    let has_left = memo(move || who.with(|who| who.left.is_some()));
    let is_deceased = memo(move || who.with(|who| who.face.as_ref().is_some_and(|face| face.died.is_some())));
    let is_changed = memo(move || place.with(|place| place.before.is_some()));
    let is_shown = signals.is_shown.clone();
    let cells = move || {
        let columns = columns.get();
        let cell = |column: ColumnHead| {
            let key = CellKey {
                list: here.key,
                patient,
                field: column.field,
            };
            view! { <CellView key title=column.title signals=signals.clone() name /> }
        };
        columns.into_iter().map(cell).collect_view()
    };
    view! {
        <tr
            role="row"
            class="baton-grid__row baton-row"
            class:baton-row--left=move || has_left.get()
            class:baton-row--deceased=move || is_deceased.get()
            hidden=move || !is_shown.get()
            data-patient=patient.to_string()
            on:dragover=move |event| {
                if here.dragged.get_untracked().is_some() {
                    event.prevent_default();
                }
            }
            on:drop=move |event| {
                event.prevent_default();
                drop_on(here, patient);
            }
        >
            <td role="gridcell" class="baton-grid__place baton-row__place" class:baton-cell--changed=move || is_changed.get() data-stop="" tabindex="-1">
                {move || place.with(place_words)}
            </td>
            <th role="rowheader" scope="row" class="baton-grid__who baton-row__who" data-stop="" tabindex="-1">
                {move || view! { <WhoWords who=who.get() /> }}
            </th>
            {cells}
            <td role="gridcell" class="baton-grid__more baton-row__more" data-stop="" tabindex="-1">
                <Grip here patient in_own_order />
                <button
                    type="button"
                    class="baton-icon-button"
                    tabindex="-1"
                    data-act=""
                    aria-haspopup="dialog"
                    aria-label=move || format!("Actions for {}", name.get())
                    on:click=move |_| here.ask(Asked::Row(patient))
                >
                    {Icon::Dots.draw()}
                </button>
            </td>
        </tr>
    }
}

/// What drags a row by mouse, in the list's own order; by keyboard and finger the menu moves it.
#[component]
fn Grip(here: Here, patient: PatientId, in_own_order: Memo<bool>) -> impl IntoView {
    move || {
        in_own_order.get().then(|| {
            view! {
                <span
                    class="baton-row__grip"
                    draggable="true"
                    aria-hidden="true"
                    title="Drag to move"
                    on:dragstart=move |_| here.dragged.set(Some(patient))
                    on:dragend=move |_| here.dragged.set(None)
                >
                    {Icon::List.draw()}
                </span>
            }
        })
    }
}

/// A row that is dropped on another comes behind it; from below, before it.
fn drop_on(here: Here, onto: PatientId) {
    let Some(dragged) = here
        .dragged
        .try_update(Option::take)
        .flatten()
        .filter(|dragged| *dragged != onto)
    else {
        return;
    };
    let order = baton().store.lists.sheet.own_order();
    let place = |patient| order.iter().position(|other| *other == patient);
    let (Some(from), Some(to)) = (place(dragged), place(onto)) else {
        return;
    };
    let after = if from < to {
        Some(onto)
    } else {
        to.checked_sub(1).and_then(|before| order.get(before).copied())
    };
    here.note(baton().command.move_on_list(here.key, dragged, after));
}

fn place_words(place: &PlaceCell) -> impl IntoView + use<> {
    let is_known = !place.bed.is_empty() || !place.rest.is_empty();
    let (bed, rest, before) = (place.bed.clone(), place.rest.clone(), place.before.clone());
    view! {
        {(!is_known).then(|| view! { <span class="baton-row__rest">"Place not known"</span> })}
        {(!bed.is_empty()).then(|| view! { <span class="baton-row__bed">{bed}</span> })}
        {(!rest.is_empty()).then(|| view! { <span class="baton-row__rest">{rest}</span> })}
        {place.status.map(|status| view! { <Tag colour="grey">{status}</Tag> })}
        {before
            .map(|before| view! { <span class="baton-cell__changed">"Changed, was " {before}</span> })}
    }
}

/// Who a row is about.
#[derive(Clone, PartialEq, Eq)]
struct Who {
    stands: PatientId,
    face: Option<Face>,
    written_about: Option<String>,
    likeness: Option<&'static str>,
    left: Option<String>,
    added: String,
    news: Option<&'static str>,
    status: Option<&'static str>,
}

#[component]
fn WhoWords(who: Who) -> impl IntoView {
    let to = Route::Patient(who.stands);
    let notes: Vec<String> = who
        .written_about
        .map(|merged| format!("Put on the list as {merged}, since merged into this patient"))
        .into_iter()
        .collect();
    let line = match who.face {
        Some(face) => view! { <PatientLine face notes mark=who.likeness /> },
        None => view! { <span class="baton-patient-line__name">{ON_THEIR_WAY}</span> },
    };
    view! {
        <a class="baton-row__link" href=to.path() tabindex="-1" data-act="" title=who.added on:click=move |event| go(&event, to)>
            {line}
        </a>
        {who.left.map(|left| view! { <Tag colour="orange">{left}</Tag> })}
        {who.news.map(|news| view! { <span class="baton-cell__changed">{news} " since you last looked"</span> })}
        {who.status.map(|status| view! { <span class="baton-cell__status">{status}</span> })}
    }
}
