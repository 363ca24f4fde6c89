//! Rows that come, go and move one by one, each drawn once. Compiled once for all that is shown so.

use std::sync::Arc;

use crate::part::derived::Memo;
use crate::part::drawn::view;
use crate::part::plain::{follows, maybe};
use crate::prelude::*;
use crate::web;

/// Names a row among those it stands with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// By an id of one kind ([`baton_core::id`]): its 16 bytes.
    Id([u8; 16]),
    /// By an id, in what was opened the n-th time: opened again, it is another row.
    Opened(u32, [u8; 16]),
    /// A heading in what was opened the n-th time.
    Heading(u32, Arc<str>),
}

/// Draws a row for each key, in their order.
pub fn rows(
    keys: impl Fn() -> Vec<RowKey> + Send + Sync + 'static,
    draw: impl Fn(RowKey) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    keyed(Arc::new(keys), Arc::new(draw))
}

/// Draws a row for each id, in their order.
pub fn rows_of_ids(
    ids: impl Fn() -> Vec<[u8; 16]> + Send + Sync + 'static,
    draw: impl Fn([u8; 16]) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    by_ids(Box::new(ids), Box::new(draw))
}

fn by_ids(ids: Ids, draw: DrawId) -> AnyView {
    let keys = move || ids().into_iter().map(RowKey::Id).collect();
    rows(keys, move |key| match key {
        RowKey::Id(id) | RowKey::Opened(_, id) => draw(id),
        RowKey::Heading(..) => ().into_any(),
    })
}

type Ids = Box<dyn Fn() -> Vec<[u8; 16]> + Send + Sync>;
type DrawId = Box<dyn Fn([u8; 16]) -> AnyView + Send + Sync>;
type Keys = Arc<dyn Fn() -> Vec<RowKey> + Send + Sync>;
type Draw = Arc<dyn Fn(RowKey) -> AnyView + Send + Sync>;

fn keyed(keys: Keys, draw: Draw) -> AnyView {
    let each = move || {
        // What is moved, or stands between where another was and is, loses the focus by it; and what has it may go.
        web::keep_focus(web::document().active_element());
        keys()
    };
    view! { <For each key=RowKey::clone children=move |key| draw(key) /> }
}

/// A list of what there is, in its order; `label` is what a screen reader calls it. Each stays what it is while others come and go: what has the focus, or is about to be
/// pressed, never becomes another. `id` names it: its 16 bytes.
pub fn steady<T: Clone + PartialEq + Send + Sync + 'static>(
    class: &'static str,
    label: &'static str,
    all: Memo<Vec<T>>,
    id: fn(&T) -> [u8; 16],
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let ids = move || all.with(|all| all.iter().map(id).collect());
    let now = move |one| {
        let it = all.with(|all| all.iter().find(|it| id(it) == one).cloned());
        maybe(it.map(&draw))
    };
    steadily(class, label, Box::new(ids), Arc::new(now))
}

fn steadily(
    class: &'static str,
    label: &'static str,
    ids: Ids,
    now: Arc<dyn Fn([u8; 16]) -> AnyView + Send + Sync>,
) -> AnyView {
    let row = move |one| {
        let now = now.clone();
        let shown = follows(move || now(one));
        view! { <li>{shown}</li> }
    };
    let rows = by_ids(ids, Box::new(row));
    view! { <ul class=class aria-label=label>{rows}</ul> }
}
