//! Who belongs to a conversation, and what may be changed about it.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use baton_core::refusal::Refusal;
use baton_core::text::Basis;

use crate::app::baton;
use crate::page::new::{OutsideWarning, PaneHead};
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::dialog::Dialog;
use crate::part::find_people::FindPeople;
use crate::part::person::PersonLine;
use crate::part::plain::{self, PRIMARY, SECONDARY, WARNING, block, button, follows, maybe, toggle, words};
use crate::route::Route;
use crate::store::members::{Details, Member};
use crate::store::people::Card;

mod invite;
mod team;

/// What somebody is about to do, and is asked about first.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Add(Card),
    Leave,
    MakeAdmin(Card),
    Remove(Card),
}

/// The details page.
#[component]
pub fn MembersPage(
    /// Of which conversation.
    space: SpaceId,
) -> impl IntoView {
    let baton = baton();
    let details = memo(move || {
        // Names may come later than members.
        baton.store.inbox.row(space);
        baton.command.details(space)
    });
    let invites = memo(move || {
        let invites = |details: &Details| details.kind == SpaceKind::Team && details.is_admin;
        details.with(|details| details.as_ref().is_some_and(invites))
    });
    let may_rename = memo(move || {
        let may = |details: &Details| details.may_rename;
        details.with(|details| details.as_ref().is_some_and(may))
    });
    let asked = RwSignal::new(None::<Asked>);
    let is_adding = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let title = memo(move || {
        details.with(|details| {
            details
                .as_ref()
                .map_or_else(String::new, |details| match details.kind {
                    SpaceKind::Direct => "Conversation".to_owned(),
                    SpaceKind::Group | SpaceKind::Own | SpaceKind::Patient | SpaceKind::Team => {
                        details.title.clone()
                    }
                })
        })
    });
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title=Signal::derive(move || title.get()) back=Route::Thread(space) />
            <div class="baton-pane__inside">
                {plain::error(error)}
                {team::team(space, title)}
                {follows(move || maybe(invites.get().then(|| invite::invite(space, details, asked))))}
                {move || may_rename.get().then(|| view! { <Rename space details error /> })}
                {move || details.get().map(|details| view! { <Body details asked is_adding /> })}
                {move || {
                    is_adding
                        .get()
                        .then(|| {
                            let is_member = move |user: UserId| {
                                details
                                    .with(|details| {
                                        details
                                            .as_ref()
                                            .is_some_and(|details| {
                                                details.members.iter().any(|member| member.card.id == user)
                                            })
                                    })
                            };
                            view! {
                                <FindPeople
                                    label="Add a person"
                                    verb="Add"
                                    offers=move |user| !is_member(user)
                                    choose=move |card: Card| asked.set(Some(Asked::Add(card)))
                                />
                            }
                        })
                }}
            </div>
        </section>
        {move || asked.get().map(|what| view! { <Confirm space what asked error /> })}
    }
}

#[component]
fn Body(details: Details, asked: RwSignal<Option<Asked>>, is_adding: RwSignal<bool>) -> impl IntoView {
    let is_admin = details.is_admin;
    let space = details.id;
    let count = details.members.len();
    view! {
        <div class="baton-members__head">
            <h3 class="baton-members__title">{count} " members"</h3>
            {details
                .may_add
                .then(|| {
                    follows(move || {
                        let says = if is_adding.get() { "Done adding" } else { "Add a person" };
                        button(SECONDARY, says, "", move || is_adding.update(|is| *is = !*is))
                    })
                })}
        </div>
        <ul class="baton-members">
            {details
                .members
                .into_iter()
                .map(|member| view! { <MemberLine member is_admin asked /> })
                .collect_view()}
        </ul>
        {mute(space)}
        {details
            .may_leave
            .then(|| {
                button(SECONDARY, "Leave this conversation", "", move || asked.set(Some(Asked::Leave)))
            })}
        {(!details.may_leave && is_admin)
            .then(|| {
                words("baton-hint", "You are the only administrator. To leave, make somebody else administrator first.")
            })}
    }
}

/// Whether the reader is told all of a conversation, or only what is urgent: theirs to choose, and nobody else's business.
fn mute(space: SpaceId) -> AnyView {
    let (command, inbox) = (baton().command, &baton().store.inbox);
    let is_on = Signal::derive(move || inbox.is_muted(space));
    let says = follows(move || {
        let says = if is_on.get() {
            "You are told only what is urgent. The rest is not in your counts. Nobody else sees that."
        } else {
            "You are told all that is new here."
        };
        words("baton-hint", says)
    });
    let press = move || command.mute(space, !untrack(|| is_on.get()));
    block(
        "baton-note",
        vec![toggle("baton-filters__button", "Mute", is_on, press), says],
    )
}

#[component]
fn MemberLine(member: Member, is_admin: bool, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let (remove, promote) = (member.card.clone(), member.card.clone());
    let (name, promoted) = (member.card.name.clone(), member.card.name.clone());
    let may = is_admin && !member.is_me;
    view! {
        <li class="baton-members__member">
            <PersonLine card=member.card is_outside=member.is_outside />
            <span class="baton-members__facts">
                {member.is_me.then(|| view! { <span class="baton-members__fact">"You"</span> })}
                {member.is_admin.then(|| view! { <span class="baton-members__fact">"Administrator"</span> })}
            </span>
            {may
                .then(|| {
                    view! {
                        <span class="baton-members__choices">
                            {(!member.is_admin)
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="baton-link"
                                            on:click=move |_| asked.set(Some(Asked::MakeAdmin(promote.clone())))
                                        >
                                            "Make administrator"
                                            <span class="nhsuk-u-visually-hidden">" " {promoted}</span>
                                        </button>
                                    }
                                })}
                            <button
                                type="button"
                                class="baton-link"
                                on:click=move |_| asked.set(Some(Asked::Remove(remove.clone())))
                            >
                                "Remove"
                                <span class="nhsuk-u-visually-hidden">" " {name}</span>
                            </button>
                        </span>
                    }
                })}
        </li>
    }
}

/// What the conversation is called. Who comes and goes, and another who renames it, takes nothing from what is being written.
#[component]
fn Rename(space: SpaceId, details: Memo<Option<Details>>, error: RwSignal<Option<String>>) -> impl IntoView {
    let command = baton().command;
    let read = move |read: fn(&Details) -> String| {
        details
            .with(|details| details.as_ref().map(read))
            .unwrap_or_default()
    };
    let now = move || read(|details| details.title.clone());
    let others = move || read(|details| details.titles.join(" / "));
    // What is written, with what its author had before them when they began.
    let written = RwSignal::new(None::<(String, Basis)>);
    let text = move || written.get().map_or_else(now, |(text, _)| text);
    let basis = move || {
        let begun = written.with_untracked(|written| written.as_ref().map(|(_, basis)| basis.clone()));
        begun.unwrap_or_else(|| command.name_basis(space))
    };
    // In a conflict somebody has to say which name holds, even if it is the one that is shown.
    let is_nothing = move || {
        let text = text();
        text.trim().is_empty() || (now() == text.trim() && others().is_empty())
    };
    let save = move || {
        // Who saves while two names wait has both before them.
        let basis = if untrack(others).is_empty() {
            basis()
        } else {
            command.name_basis(space)
        };
        let renamed = command.rename(space, untrack(text).trim(), basis);
        if renamed.is_ok() {
            written.set(None);
        }
        error.set(renamed.err().map(|refusal: Refusal| refusal.to_string()));
    };
    let write = move |text: String| {
        let is_as_it_was = untrack(now) == text;
        written.set((!is_as_it_was).then(|| (text, basis())));
    };
    let conflict = follows(move || {
        let others = others();
        let says = || {
            format!("Two people changed the name at the same time: {others}. Save the name that is to hold.")
        };
        maybe((!others.is_empty()).then(|| words("baton-hint", says())))
    });
    view! {
        <form
            class="baton-rename"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <label class="baton-find__label" for="space-name">"Name of the conversation"</label>
            {conflict}
            <div class="baton-rename__line">
                <input
                    id="space-name"
                    class="baton-field"
                    type="text"
                    autocomplete="off"
                    prop:value=text
                    on:input:target=move |event| write(event.target().value())
                />
                <button type="submit" class=SECONDARY disabled=is_nothing>
                    "Save the name"
                </button>
            </div>
        </form>
    }
}

#[component]
fn Confirm(
    space: SpaceId,
    what: Asked,
    asked: RwSignal<Option<Asked>>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let baton = baton();
    let home = baton
        .store
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.id, me.ods.clone())));
    let (title, advice, verb, class) = match &what {
        Asked::Add(card) => (
            format!("Add {}?", card.name),
            "They will be able to read everything that was ever written here.",
            "Add",
            PRIMARY,
        ),
        Asked::Leave => (
            "Leave this conversation?".to_owned(),
            "You will get no new messages from it, and cannot write in it. Somebody has to add you if you want to come back.",
            "Leave",
            WARNING,
        ),
        Asked::MakeAdmin(card) => (
            format!("Make {} an administrator?", card.name),
            "They will be able to add and remove people and to change the name.",
            "Make administrator",
            PRIMARY,
        ),
        Asked::Remove(card) => (
            format!("Remove {}?", card.name),
            "They get no new messages from now on, and the conversation goes from their devices. Everyone here will see that you removed them.",
            "Remove",
            WARNING,
        ),
    };
    let outsider = match &what {
        Asked::Add(card) if home.as_ref().is_some_and(|(_, ods)| *ods != card.ods) => Some(card.clone()),
        Asked::Add(_) | Asked::Leave | Asked::MakeAdmin(_) | Asked::Remove(_) => None,
    };
    let me = home.map(|(me, _)| me);
    let close = move |()| asked.set(None);
    let act = move || {
        let done = match (&what, me) {
            (Asked::Add(card), _) => baton.command.add_member(space, card.id),
            (Asked::Leave, Some(me)) => baton.command.remove_member(space, me),
            (Asked::Leave, None) => return,
            (Asked::MakeAdmin(card), _) => baton.command.make_admin(space, card.id),
            (Asked::Remove(card), _) => baton.command.remove_member(space, card.id),
        };
        if what == Asked::Leave && done.is_ok() {
            baton.router.go(Route::Inbox);
        }
        error.set(done.err().map(|refusal| refusal.to_string()));
        asked.set(None);
    };
    view! {
        <Dialog title close>
            {outsider.map(|card| view! { <OutsideWarning people=vec![card] /> })}
            {words("", advice)}
            <div class="baton-buttons">
                {button(class, verb, "", act)}
                {button(SECONDARY, "Cancel", "", move || close(()))}
            </div>
        </Dialog>
    }
}
