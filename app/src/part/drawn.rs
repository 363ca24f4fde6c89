//! What leptos makes of a `view!`, as one type whatever is in it, so that what stands around it is compiled once (ADR 14).

use crate::prelude::*;

/// Leptos' `view!`, as one type.
macro_rules! view {
    ($($part:tt)*) => { $crate::part::drawn::drawn(leptos::view! { $($part)* }) };
}

pub(crate) use view;

/// A view as one type.
pub fn drawn<T: RenderHtml + Send>(view: View<T>) -> AnyView {
    view.into_inner().into_any()
}
