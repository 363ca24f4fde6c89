//! A list on paper: an A4 handover sheet. Each page says whose list it is, what it includes, in which order, what is left out,
//! who printed it and when; no row goes over two pages.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, SpaceId};

use crate::app::baton;
use crate::page::new::PaneHead;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::plain::{PRIMARY, block, button, check, words as paragraph};
use crate::route::Route;
use crate::store::lists::arrange::{Arrangement, Entry};
use crate::store::lists::look::ListKey;
use crate::store::lists::row::{Cell, ColumnHead, Header, SheetRow};
use crate::store::patients::face::ON_THEIR_WAY;
use crate::{clock, moment, web};

/// The page: the sheet as it will be, and what may be chosen.
#[component]
pub fn PrintListPage(
    /// The space that has it.
    space: SpaceId,
    /// Which.
    list: OpId,
) -> impl IntoView {
    let baton = baton();
    let lists = &baton.store.lists;
    let key = ListKey { space, list };
    let view = memo(move || lists.view(key));
    let is_upright = memo(move || view.with(|view| view.is_upright));
    let header = memo(move || lists.sheet.header());
    let arranged = lists.sheet.arranged();
    let printed = memo(move || {
        header.track();
        printed()
    });
    let columns = memo(move || {
        let hidden = view.with(|view| view.hidden.clone());
        let columns = header.with(|header| header.columns.clone());
        columns
            .into_iter()
            .filter(|column| !hidden.contains(&column.field))
            .collect::<Vec<_>>()
    });
    let order = move || {
        view.with(|view| {
            format!(
                "{}{}",
                view.sort.words(),
                if view.is_grouped {
                    ", grouped by location"
                } else {
                    ""
                }
            )
        })
    };
    let upright = move || lists.change_view(key, |view| view.is_upright = !view.is_upright);
    view! {
        <section class="baton-pane baton-print" class:baton-print--upright=move || is_upright.get() aria-labelledby="pane-title">
            <PaneHead title="Print a list" back=Route::List(space, list) />
            {to_paper(
                "What is filtered and which columns are shown is as you have set it for this list.",
                check("Upright (portrait) instead of across (landscape)".into_any(), is_upright.into(), upright),
            )}
            <div class="baton-paper" role="region" aria-label="The sheet as it is printed" tabindex="0">
                <table class="baton-paper__table">
                    <thead>
                        <tr>
                            <td class="baton-paper__top" colspan=move || columns.with(Vec::len) + 2>
                                <SheetHead header arranged order printed />
                            </td>
                        </tr>
                        <tr>
                            <th scope="col">"Place"</th>
                            <th scope="col">"Patient"</th>
                            {move || columns.get().into_iter().map(|column| view! { <th scope="col">{column.title}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            header.track();
                            let columns = columns.get();
                            let entries = arranged.with(|arranged| arranged.entries.clone());
                            entries.into_iter().map(|entry| line(&entry, &columns)).collect_view()
                        }}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// By whom and when it is printed.
pub(crate) fn printed() -> String {
    let now = clock::now();
    let who = baton().store.me.with(|me| me.as_ref().map(|me| me.name.clone()));
    let (date, time) = (moment::date(now, clock::zone), moment::clock(now, clock::zone));
    format!("Printed by {} on {date} at {time}", who.unwrap_or_default())
}

/// What is said and chosen before something is printed.
pub(crate) fn to_paper(says: &'static str, choice: AnyView) -> AnyView {
    let says = format!("{says} Paper goes out of date at once: look in Baton before you act.");
    let print = button(PRIMARY, "Print", "", || _ = web::window().print());
    block("baton-print__tools", vec![paragraph("", says), choice, print])
}

/// What stands at the top of each page.
#[component]
fn SheetHead(
    header: Memo<Header>,
    arranged: RwSignal<Arrangement>,
    order: impl Fn() -> String + Send + 'static,
    printed: Memo<String>,
) -> impl IntoView {
    view! {
        <span class="baton-paper__title">
            {move || header.with(|header| format!("{}: {}", header.owner, header.title))}
        </span>
        <span class="baton-paper__facts">
            {move || header.with(|header| header.includes.clone())} ". " {order} ". "
            {move || arranged.with(Arrangement::words)} " "
            {move || header.with(|header| header.as_of.clone())} ". "
            <strong>{move || printed.get()}</strong> "."
        </span>
        <span class="baton-paper__warning">"Confidential: NHS patient data. Shred after use."</span>
    }
}

fn line(entry: &Entry, columns: &[ColumnHead]) -> AnyView {
    match entry {
        Entry::Group(title, count) => {
            let (words, width) = (format!("{title} ({count})"), columns.len() + 2);
            view! { <tr class="baton-paper__group"><th scope="rowgroup" colspan=move || width>{words}</th></tr> }
        }
        Entry::Row(patient) => {
            let row = baton().store.lists.sheet.row_now(*patient);
            row.map(|row| row_line(row, columns)).into_any()
        }
    }
}

fn row_line(row: SheetRow, columns: &[ColumnHead]) -> impl IntoView + use<> {
    let place = if row.place.line().is_empty() {
        "Not known".to_owned()
    } else {
        row.place.line()
    };
    let cells = columns.iter().map(|column| {
        let cell = row.cell(column.field).cloned();
        view! { <td>{cell.map(words)}</td> }
    });
    let cells = cells.collect_view();
    let who = match row.face {
        Some(face) => view! {
            <span class="baton-paper__name">{face.name}</span>
            <span>"Born " {face.born}</span>
            <span>{face.number.label} " " {face.number.value} {face.number.status.map(|status| format!(" ({status})"))}</span>
            {face.died.map(|died| view! { <strong>"Deceased, died " {died}</strong> })}
            {face.is_restricted.then(|| view! { <strong>"Restricted"</strong> })}
        },
        None => ON_THEIR_WAY.into_any(),
    };
    view! {
        <tr class="baton-paper__row">
            <td>{place}</td>
            <th scope="row" class="baton-paper__who">
                {who}
                {row.likeness.map(|likeness| view! { <strong>{likeness}</strong> })}
                {row.left.map(|left| view! { <strong>{left}</strong> })}
            </th>
            {cells}
        </tr>
    }
}

/// What a cell says on paper: where versions wait, all of them, each with who and when.
fn words(cell: Cell) -> impl IntoView {
    let is_in_conflict = cell.is_in_conflict();
    let version = move |version: crate::store::lists::row::Version| {
        let by = is_in_conflict.then(|| format!(" ({}, {})", version.by, version.at));
        view! { <span class="baton-paper__text">{version.text} {by}</span> }
    };
    view! {
        {is_in_conflict.then(|| view! { <strong>"Not settled: "</strong> })}
        {cell.versions.into_iter().map(version).collect_view()}
        {cell.feed.map(|feed| format!("{feed} (hospital)"))}
    }
}
