//! The invitation of a team, for its administrators: made, withdrawn, and who asked to join by it. The record alone knows of it,
//! so that it needs a network.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::device_api::{InviteAnswer, InviteDeed};
use baton_core::id::{SpaceId, UserId};
use baton_core::person::Person;
use wasm_bindgen_futures::spawn_local;

use super::Asked;
use crate::app::baton;
use crate::part::derived::{Memo, RwSignal};
use crate::part::person::PersonLine;
use crate::part::plain::{QUIET, SECONDARY, block, button, follows, heading, list, maybe, told, words};
use crate::store::members::Details;
use crate::store::people::Card;
use crate::web;

/// What is known of the invitation: `None` while it is asked for; `Some(None)` when that failed.
type Known = RwSignal<Option<Option<InviteAnswer>>>;

/// The invitation, and who asks to join. Whoever is let in is asked about as everybody who is added.
pub(super) fn invite(
    space: SpaceId,
    details: Memo<Option<Details>>,
    asked: RwSignal<Option<Asked>>,
) -> AnyView {
    let known: Known = RwSignal::new(None);
    ask(space, InviteDeed::See, known);
    follows(move || {
        let inside = match known.get() {
            None => told("baton-hint", "status", "Asking for the invitation…"),
            Some(None) => block(
                "",
                vec![
                    told(
                        "baton-error",
                        "alert",
                        "The invitation cannot be shown without a network.",
                    ),
                    deed(space, known, "Try again", InviteDeed::See),
                ],
            ),
            Some(Some(answer)) => shown(space, known, &answer, details, asked),
        };
        block("baton-work__part", vec![heading("Joining by invitation"), inside])
    })
}

fn ask(space: SpaceId, deed: InviteDeed, known: Known) {
    let command = baton().command;
    spawn_local(async move {
        let answer = command.invite(space, deed).await;
        known.try_set(Some(answer.ok()));
    });
}

fn deed(space: SpaceId, known: Known, says: &'static str, deed: InviteDeed) -> AnyView {
    button(SECONDARY, says, "", move || ask(space, deed, known))
}

fn shown(
    space: SpaceId,
    known: Known,
    answer: &InviteAnswer,
    details: Memo<Option<Details>>,
    asked: RwSignal<Option<Asked>>,
) -> AnyView {
    let is_member = |user: UserId| {
        let has = |details: &Details| details.members.iter().any(|member| member.card.id == user);
        details.with(|details| details.as_ref().is_some_and(has))
    };
    let one = |person: &Person| {
        let card = Card::from(person);
        let (user, name, chosen) = (card.id, card.name.clone(), card.clone());
        let let_in = move || asked.set(Some(Asked::Add(chosen.clone())));
        let decline = move || ask(space, InviteDeed::Decline(user), known);
        let acts = vec![
            button(SECONDARY, "Let in", name.clone(), let_in),
            button(QUIET, "Do not let in", name, decline),
        ];
        let line = view! { <PersonLine card /> };
        block("baton-note", vec![line, block("baton-work__line", acts)])
    };
    let asking = answer.asking.iter().filter(|person| !is_member(person.id));
    let asking: Vec<AnyView> = asking.map(one).collect();
    let asking = (!asking.is_empty()).then(|| list("baton-roles", "Asking to join", asking));
    let made = answer.made.map(|made| {
        let code = made.to_string();
        let copied = code.clone();
        let says = "Give this to whom you invite. They ask to join with it under New, and an administrator lets them in.";
        block(
            "baton-note",
            vec![
                words("baton-hint", says),
                words("baton-invitation", code),
                button(QUIET, "Copy", "the invitation", move || web::copy(&copied)),
            ],
        )
    });
    let mut inside = vec![maybe(asking), maybe(made)];
    if let Some(until) = answer.until {
        let says = format!("An invitation is open until {}.", baton().command.in_words(until));
        inside.push(words("", says));
        inside.push(block(
            "baton-work__line",
            vec![
                deed(space, known, "Withdraw the invitation", InviteDeed::End),
                deed(space, known, "Make another", InviteDeed::Make),
            ],
        ));
    } else {
        inside.push(words("baton-hint", "Nobody can ask to join now."));
        inside.push(deed(space, known, "Make an invitation", InviteDeed::Make));
    }
    block("baton-work__part", inside)
}
