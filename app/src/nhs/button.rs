//! NHS.UK button.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use leptos::prelude::*;

/// What a button is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The main thing to do here.
    #[default]
    Primary,
    /// Something else that one can do.
    Secondary,
    /// Something that takes away.
    Warning,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "nhsuk-button baton-button",
            Self::Secondary => "nhsuk-button nhsuk-button--secondary baton-button",
            Self::Warning => "nhsuk-button nhsuk-button--warning baton-button",
        }
    }
}

/// A button.
#[component]
pub fn Button(
    /// What it is for.
    #[prop(optional)]
    kind: Kind,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does.
    #[prop(into)]
    press: Callback<()>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=kind.class() disabled=move || disabled.get() on:click=move |_| press.run(())>
            {children()}
        </button>
    }
}
