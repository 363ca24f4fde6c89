//! NHS.UK tag.

use crate::part::drawn::view;
use crate::prelude::*;

/// A tag; `colour` is one of NHS.UK frontend's (`red`, `yellow`, `grey`, ...).
#[component]
pub fn Tag(
    /// Its colour.
    colour: &'static str,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! { <strong class=format!("nhsuk-tag nhsuk-tag--{colour} baton-tag")>{children()}</strong> }
}
