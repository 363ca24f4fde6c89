//! My lists and my teams' lists.

use leptos::prelude::*;

/// The lists.
#[component]
pub(super) fn Lists() -> impl IntoView {}
