//! The rows of a list: a table, whose rows are cards on a phone. It is one stop of the Tab key; the arrow keys go from cell to
//! cell ([`super::keys`]).

use crate::part::drawn::view;
use crate::part::plain;
use crate::prelude::*;
use baton_core::id::PatientId;
use wasm_bindgen_futures::spawn_local;

use super::order::drawn_order;
use super::row::RowView;
use super::{FIRST, here, keys};
use crate::app::baton;
use crate::part::derived::{Memo, effect, memo};
use crate::part::rows::{RowKey, rows};
use crate::store::lists::arrange::Entry;
use crate::store::lists::look::Sort;
use crate::store::lists::row::ColumnHead;
use crate::store::lists::sheet::Slot;
use crate::web;

/// The rows.
#[component]
pub(super) fn Grid() -> impl IntoView {
    let here = here();
    let sheet = &baton().store.lists.sheet;
    let columns = memo(move || {
        let view = here.view();
        let mut columns = sheet.with_header(|header| header.columns.clone());
        columns.retain(|column| !view.hidden.contains(&column.field));
        columns
    });
    // Asked once, not by each row: all of them would ask again at each letter of a filter.
    let in_own_order = memo(move || here.view().sort == Sort::Own);
    let total = memo(move || sheet.slots().with(Vec::len));
    let order = drawn_order();
    let slots = move || {
        let drawn = here.drawn.get();
        order.with(|order| {
            let key = |slot: &Slot| match slot {
                Slot::Group(title) => RowKey::Heading(order.opening, title.as_str().into()),
                Slot::Row(patient) => RowKey::Opened(order.opening, *patient.as_bytes()),
            };
            order.slots.iter().take(drawn).map(key).collect()
        })
    };
    draw_the_rest(total);
    effect(move || {
        order.track();
        here.drawn.track();
        keys::keep_one_stop();
    });
    let is_empty = move || total.get() == 0;
    view! {
        <div class="baton-sheet__scroll">
            <table
                class="baton-grid"
                role="grid"
                aria-labelledby="pane-title"
                aria-rowcount=move || total.get() + 1
                data-columns=move || columns.with(Vec::len).to_string()
                id=keys::TABLE
                on:keydown=move |event| keys::on_key(&event, here)
                on:focusin=move |event| keys::on_focus(&event)
            >
                <thead role="rowgroup" class="baton-grid__head">
                    <tr role="row" class="baton-grid__row">
                        <th role="columnheader" scope="col" class="baton-grid__place">"Place"</th>
                        <th role="columnheader" scope="col" class="baton-grid__who">"Patient"</th>
                        {move || {
                            columns
                                .get()
                                .into_iter()
                                .map(|column| view! { <th role="columnheader" scope="col" class="baton-grid__cell">{column.title}</th> })
                                .collect_view()
                        }}
                        <th role="columnheader" scope="col" class="baton-grid__more">
                            <span class="nhsuk-u-visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup" class="baton-grid__body">
                    {rows(
                        slots,
                        move |key| match key {
                            RowKey::Heading(_, title) => view! { <GroupHead title=title.to_string() columns /> },
                            RowKey::Id(id) | RowKey::Opened(_, id) => {
                                view! { <RowView patient=PatientId::from_bytes(id) columns in_own_order /> }
                            }
                        },
                    )}
                </tbody>
            </table>
            {move || is_empty().then(|| plain::words("baton-sheet__empty", "Nobody is on this list yet."))}
        </div>
    }
}

/// Goes to the first row: whoever chose an order wants to see what comes first in it.
pub(super) fn show_the_first() {
    if let Ok(Some(region)) = web::document().query_selector(".baton-sheet__scroll") {
        region.set_scroll_top(0);
    }
}

/// Draws what is not drawn yet, some rows at a time, so that a tap in between is answered at once.
fn draw_the_rest(total: Memo<usize>) {
    let here = here();
    effect(move || {
        let (total, drawn) = (total.get(), here.drawn.get());
        if drawn < total {
            spawn_local(async move {
                web::wait(PAUSE).await;
                here.drawn.try_update(|now| {
                    if *now == drawn {
                        *now += FIRST;
                    }
                });
            });
        }
    });
}

/// Between two parts that are drawn, in milliseconds.
const PAUSE: i32 = 40;

/// The heading of a group, as long as one of its rows is shown.
#[component]
fn GroupHead(title: String, columns: Memo<Vec<ColumnHead>>) -> impl IntoView {
    let sheet = &baton().store.lists.sheet;
    let own = title.clone();
    let count = memo(move || {
        sheet.arranged().with(|arranged| {
            let mut counts = arranged.entries.iter().filter_map(|entry| match entry {
                Entry::Group(title, count) => (*title == own).then_some(*count),
                Entry::Row(_) => None,
            });
            counts.next().unwrap_or_default()
        })
    });
    let words = move || match count.get() {
        1 => "1 patient".to_owned(),
        many => format!("{many} patients"),
    };
    view! {
        <tr role="row" class="baton-grid__row baton-grid__group" hidden=move || count.get() == 0>
            <th role="rowheader" scope="rowgroup" colspan=move || columns.with(Vec::len) + 3>
                <span class="baton-grid__title">{title}</span>
                " "
                <span class="baton-hint">{words}</span>
            </th>
        </tr>
    }
}
