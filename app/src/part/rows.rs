//! Rows that come, go and move one by one, each drawn once. Compiled once for all that is shown so.

use std::sync::Arc;

use crate::part::drawn::view;
use leptos::prelude::*;

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
    view! { <For each=move || keys() key=RowKey::clone children=move |key| draw(key) /> }
}
