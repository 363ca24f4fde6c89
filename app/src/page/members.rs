//! Who belongs to a conversation, and what may be changed about it.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use baton_core::id::{SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use baton_core::refusal::Refusal;
use leptos::prelude::*;

use crate::app::baton;
use crate::nhs::button::{Button, Kind};
use crate::page::new::{OutsideWarning, PaneHead};
use crate::part::derived::{RwSignal, StoredValue, memo};
use crate::part::dialog::Dialog;
use crate::part::find_people::FindPeople;
use crate::part::person::PersonLine;
use crate::route::Route;
use crate::store::members::{Details, Member};
use crate::store::people::Card;

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
    let asked = RwSignal::new(None::<Asked>);
    let is_adding = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let title = Signal::derive(move || {
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
            <PaneHead title back=Route::Thread(space) />
            <div class="baton-pane__inside">
                {move || error.get().map(|words| view! { <p class="baton-error" role="alert">{words}</p> })}
                {move || details.get().map(|details| view! { <Body details asked is_adding error /> })}
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
fn Body(
    details: Details,
    asked: RwSignal<Option<Asked>>,
    is_adding: RwSignal<bool>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let is_admin = details.is_admin;
    let space = details.id;
    let count = details.members.len();
    view! {
        {details.may_rename.then(|| view! { <Rename space title=details.title.clone() others=details.titles.clone() error /> })}
        <div class="baton-members__head">
            <h3 class="baton-members__title">{count} " members"</h3>
            {details
                .may_add
                .then(|| {
                    view! {
                        <Button kind=Kind::Secondary press=move |()| is_adding.update(|is| *is = !*is)>
                            {move || if is_adding.get() { "Done adding" } else { "Add a person" }}
                        </Button>
                    }
                })}
        </div>
        <ul class="baton-members">
            {details
                .members
                .into_iter()
                .map(|member| view! { <MemberLine member is_admin asked /> })
                .collect_view()}
        </ul>
        {details
            .may_leave
            .then(|| {
                view! {
                    <Button kind=Kind::Secondary press=move |()| asked.set(Some(Asked::Leave))>
                        "Leave this conversation"
                    </Button>
                }
            })}
        {(!details.may_leave && is_admin)
            .then(|| {
                view! {
                    <p class="baton-hint">
                        "You are the only administrator. To leave, make somebody else administrator first."
                    </p>
                }
            })}
    }
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
                                            <span class="nhsuk-u-visually-hidden">": " {promoted}</span>
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

#[component]
fn Rename(
    space: SpaceId,
    title: String,
    others: Vec<String>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let baton = baton();
    let is_in_conflict = !others.is_empty();
    let basis = StoredValue::new(baton.command.name_basis(space));
    let old = StoredValue::new(title.clone());
    let text = RwSignal::new(title);
    // In a conflict somebody has to say which name holds, even if it is the one that is shown.
    let is_nothing = move || {
        text.with(|text| text.trim().is_empty() || (text.trim() == old.get_value() && !is_in_conflict))
    };
    let save = move || {
        let renamed = baton
            .command
            .rename(space, text.get_untracked().trim(), basis.get_value());
        basis.set_value(baton.command.name_basis(space));
        error.set(renamed.err().map(|refusal: Refusal| refusal.to_string()));
    };
    view! {
        <form
            class="baton-rename"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <label class="baton-find__label" for="space-name">"Name"</label>
            {is_in_conflict
                .then(|| {
                    view! {
                        <p class="baton-hint">
                            "Two people changed the name at the same time: " {others.join(" / ")} ". Save the name that is to hold."
                        </p>
                    }
                })}
            <div class="baton-rename__line">
                <input
                    id="space-name"
                    class="baton-field"
                    type="text"
                    autocomplete="off"
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                />
                <button type="submit" class="nhsuk-button nhsuk-button--secondary baton-button" disabled=is_nothing>
                    "Save"
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
    let (title, advice, verb, kind) = match &what {
        Asked::Add(card) => (
            format!("Add {}?", card.name),
            "They will be able to read everything that was ever written here.",
            "Add",
            Kind::Primary,
        ),
        Asked::Leave => (
            "Leave this conversation?".to_owned(),
            "You will get no new messages from it, and cannot write in it. Somebody has to add you if you want to come back.",
            "Leave",
            Kind::Warning,
        ),
        Asked::MakeAdmin(card) => (
            format!("Make {} an administrator?", card.name),
            "They will be able to add and remove people and to change the name.",
            "Make administrator",
            Kind::Primary,
        ),
        Asked::Remove(card) => (
            format!("Remove {}?", card.name),
            "They get no new messages from now on, and the conversation goes from their devices. Everyone here will see that you removed them.",
            "Remove",
            Kind::Warning,
        ),
    };
    let outsider = match &what {
        Asked::Add(card) if home.as_ref().is_some_and(|(_, ods)| *ods != card.ods) => Some(card.clone()),
        Asked::Add(_) | Asked::Leave | Asked::MakeAdmin(_) | Asked::Remove(_) => None,
    };
    let me = home.map(|(me, _)| me);
    let close = move |()| asked.set(None);
    let act = move |()| {
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
            <p>{advice}</p>
            <div class="baton-buttons">
                <Button kind press=act>{verb}</Button>
                <Button kind=Kind::Secondary press=close>"Cancel"</Button>
            </div>
        </Dialog>
    }
}
