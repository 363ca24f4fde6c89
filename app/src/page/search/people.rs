//! The people who were found, among those that this device knows.

use crate::part::derived::{Memo, RwSignal};
use crate::part::drawn::view;
use crate::part::plain::told;
use crate::prelude::*;

use crate::app::baton;
use crate::page::directory::message_to;
use crate::part::person::PersonLine;
use crate::store::people::Card;

/// People who are shown at most: whoever looks for more has the directory.
pub(super) const MOST: usize = 4;

/// The people found, each as a way to a conversation with them.
#[component]
pub(super) fn PeopleFound(
    /// Who.
    people: Memo<Vec<Card>>,
) -> impl IntoView {
    let baton = baton();
    let failed = RwSignal::new(false);
    let home = baton
        .store
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.id, me.ods.clone())));
    let others = move || {
        let me = home.clone();
        let is_me = move |card: &Card| me.as_ref().is_some_and(|(me, _)| *me == card.id);
        let others = people.get().into_iter().filter(move |card| !is_me(card));
        others.collect::<Vec<_>>()
    };
    let ods = baton
        .store
        .me
        .with_untracked(|me| me.as_ref().map(|me| me.ods.clone()));
    let person = move |card: Card| {
        let is_outside = ods.as_ref().is_some_and(|ods| *ods != card.ods);
        let chosen = card.clone();
        view! {
            <li>
                <button
                    type="button"
                    class="baton-find__person"
                    on:click=move |_| message_to(baton, &chosen, failed)
                >
                    <span class="nhsuk-u-visually-hidden">"Message "</span>
                    <PersonLine card is_outside />
                    <span class="baton-find__verb" aria-hidden="true">"Message"</span>
                </button>
            </li>
        }
    };
    move || {
        let others = others();
        (!others.is_empty()).then(|| {
            let people = others.into_iter().map(person.clone()).collect_view();
            view! {
                <section class="baton-found" aria-labelledby="people-found">
                    <h3 class="baton-found__title" id="people-found">"People"</h3>
                    {move || {
                        failed
                            .get()
                            .then(|| {
                                told("baton-error", "alert", "The conversation could not be opened. Check the connection, then try again.")
                            })
                    }}
                    <ul class="baton-find__results" aria-label="People found">{people}</ul>
                </section>
            }
        })
    }
}
