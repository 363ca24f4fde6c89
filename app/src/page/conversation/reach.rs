//! Who has read a message, who has it unread, and whose devices do not have it yet.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::OpId;

use super::here;
use crate::app::baton;
use crate::part::derived::memo;
use crate::part::dialog::Dialog;
use crate::part::person::PersonLine;
use crate::store::people::Card;

/// The dialog.
#[component]
pub(super) fn ReachDialog(
    /// Which message.
    message: OpId,
) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let reach = memo(move || baton.command.reach(here.space, message));
    let close = move |()| here.details.set(None);
    view! {
        <Dialog title="Who has read it" close>
            {move || {
                let reach = reach.get();
                let read = reach.read.into_iter().map(|(card, time)| (card, Some(format!("Last read here {time}"))));
                view! {
                    <Group title="Read" people=read.collect() />
                    <Group title="Delivered, not read yet" people=plain(reach.delivered) />
                    <Group title="Not on their devices yet" people=plain(reach.pending) />
                }
            }}
        </Dialog>
    }
}

fn plain(people: Vec<Card>) -> Vec<(Card, Option<String>)> {
    people.into_iter().map(|card| (card, None)).collect()
}

#[component]
fn Group(title: &'static str, people: Vec<(Card, Option<String>)>) -> impl IntoView {
    (!people.is_empty()).then(|| {
        let rows = people
            .into_iter()
            .map(|(card, note)| {
                view! {
                    <li class="baton-reach__person">
                        <PersonLine card />
                        {note.map(|note| view! { <span class="baton-hint">{note}</span> })}
                    </li>
                }
            })
            .collect_view();
        view! {
            <h3 class="baton-reach__title">{title}</h3>
            <ul class="baton-reach__list">{rows}</ul>
        }
    })
}
