//! A person as they are shown everywhere: picture, name, job title, organisation.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::app::baton;
use crate::part::derived::memo;
use crate::part::icon::Icon;
use crate::part::plain::{follows, maybe};
use crate::store::people::Card;

/// The letters of a person or a conversation on their colour. Says nothing to a screen reader: the name stands beside it.
#[component]
pub fn Picture(
    /// Letters.
    initials: String,
    /// Colour, 0 to 7.
    tint: u8,
    /// Whether it stands for several people.
    #[prop(optional)]
    many: bool,
) -> impl IntoView {
    let shape = if many { " baton-picture--many" } else { "" };
    let inside = if initials.is_empty() {
        Icon::Group.draw().into_any()
    } else {
        view! { <span>{initials}</span> }
    };
    view! {
        <span class=format!("baton-picture baton-picture--{tint}{shape}") aria-hidden="true">
            {inside}
        </span>
    }
}

/// A person in a list: name, job title and organisation, registration, how they are called, and that they are off duty.
#[component]
pub fn PersonLine(
    /// Who.
    card: Card,
    /// Whether to say that they work for another organisation.
    #[prop(optional)]
    is_outside: bool,
) -> impl IntoView {
    let role = card.role(None);
    let id = card.id;
    let away = memo(move || baton().command.away(id));
    view! {
        <span class="baton-person">
            <Picture initials=card.initials tint=card.tint />
            <span class="baton-person__words">
                <span class="baton-person__name">{card.name}</span>
                <span class="baton-person__role">{role}</span>
                <span class="baton-person__known">{card.known}</span>
                {is_outside.then(outside_tag)}
                {follows(move || maybe(away.get().map(|away| view! { <span class="baton-away">{away}</span> })))}
            </span>
        </span>
    }
}

/// Says that somebody works for another organisation, in words and not by colour alone.
pub fn outside_tag() -> impl IntoView {
    view! { <span class="baton-outside">"Other organisation"</span> }
}
