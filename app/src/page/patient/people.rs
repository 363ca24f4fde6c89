//! Who and what is around a patient, as far as one may see: the people of their conversation, and what else speaks about them.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::PatientId;
use baton_core::op::space::SpaceKind;

use crate::app::baton;
use crate::page::shell::go;
use crate::part::derived::{Memo, memo};
use crate::part::person::PersonLine;
use crate::part::plain::{heading, list, words};
use crate::route::Route;
use crate::store::patients::around::Holder;

/// The tab.
#[component]
pub(super) fn PeopleAround(
    /// Around whom.
    patient: Memo<PatientId>,
) -> impl IntoView {
    let baton = baton();
    let around = memo(move || baton.command.around_patient(patient.get()));
    let home = move || baton.store.me.with(|me| me.as_ref().map(|me| me.ods.clone()));
    move || {
        let around = around.get();
        let home = home();
        let people = if around.space.is_none() {
            words(
                "baton-hint",
                "You do not belong to a conversation around this patient. Open it above: whoever cares for them finds each other there, across organisations.",
            )
        } else {
            let person = |card: crate::store::people::Card| {
                let is_outside = home
                    .as_ref()
                    .is_some_and(|ods| !card.ods.is_empty() && *ods != card.ods);
                view! { <li class="baton-around__person"><PersonLine card is_outside /></li> }
            };
            view! { <ul class="baton-around__people">{around.people.into_iter().map(person).collect_view()}</ul> }
        };
        let who_has = baton.command.who_has(patient.get());
        let who_has = if who_has.is_empty() {
            words(
                "baton-hint",
                "Nobody is named as responsible in your teams, and no task is open.",
            )
        } else {
            let who_has = who_has.into_iter().map(|said| words("", said)).collect();
            list("baton-work__titles", "Responsible, and open tasks", who_has)
        };
        view! {
            {heading("Who is responsible, and who has something to do")}
            {who_has}
            <h3 class="baton-found__title">"In the conversation around them"</h3>
            {people}
            <h3 class="baton-found__title">"Teams, conversations and lists of yours that are about them"</h3>
            {if around.holders.is_empty() {
                words("baton-hint", "None.")
            } else {
                view! { <ul class="baton-find__results">{around.holders.into_iter().map(holder).collect_view()}</ul> }
            }}
        }
    }
}

fn holder(holder: Holder) -> impl IntoView {
    let space = holder.id;
    let members = match holder.members {
        1 => "1 member".to_owned(),
        many => format!("{many} members"),
    };
    let title = match holder.kind {
        SpaceKind::Own => view! { <span class="baton-pick__title">{holder.title}</span> },
        SpaceKind::Direct | SpaceKind::Group | SpaceKind::Patient | SpaceKind::Team => {
            let to = Route::Thread(space);
            view! {
                <a class="baton-link baton-pick__title" href=to.path() on:click=move |event| go(&event, to)>{holder.title}</a>
                <span class="baton-hint">{members}</span>
            }
        }
    };
    let lists = holder.lists.into_iter().map(move |(list, title)| {
        let to = Route::List(space, list);
        view! {
            <li>"On the list " <a class="baton-link" href=to.path() on:click=move |event| go(&event, to)>{title}</a></li>
        }
    });
    view! {
        <li class="baton-around__holder">
            <span class="baton-pick__words">{title}</span>
            <ul>{lists.collect_view()}</ul>
        </li>
    }
}
