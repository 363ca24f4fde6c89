//! A list of patients, and the same on paper.

use baton_core::id::{OpId, SpaceId};
use leptos::prelude::*;

use crate::page::new::PaneHead;
use crate::route::Route;

/// The page of a list.
#[component]
pub fn ListPage(
    /// The space that has it.
    space: SpaceId,
    /// Which.
    list: OpId,
) -> impl IntoView {
    _ = (space, list);
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="List" back=Route::Patients />
        </section>
    }
}

/// A list as it goes to paper.
#[component]
pub fn PrintListPage(
    /// The space that has it.
    space: SpaceId,
    /// Which.
    list: OpId,
) -> impl IntoView {
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Print a list" back=Route::List(space, list) />
        </section>
    }
}
