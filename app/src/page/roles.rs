//! Roles: who holds what now in each of my teams, what is vacant and who covers; taking, offering and handing back. Who is on
//! call in other teams.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, UserId};
use baton_core::letter;
use baton_core::op::task::Assignee;
use baton_core::person::tel_uri;

use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::page::conversation::to_message;
use crate::page::directory::{message_to, not_started};
use crate::page::new::pane;
use crate::page::tasks::{Desk, give::targets, refused, rows::as_of};
use crate::part::derived::{RwSignal, StoredValue, memo};
use crate::part::kept::{self, kept};
use crate::part::person::PersonLine;
use crate::part::plain::{
    self, PRIMARY, QUIET, SECONDARY, area, block, button, confirm, dialog, error, folded, follows, form,
    hidden, list, maybe, none, told,
};
use crate::route::Route;
use crate::store::handover::texts::TextKey;
use crate::store::work::full::Target;
use crate::store::work::role::{RoleKey, RoleLine, RoleTeam};
use crate::web;

mod arrange;
mod elsewhere;
mod file;
mod plan;

pub(crate) use arrange::{choice, of, options, word};
use arrange::{cover, make, rename};
use plan::plan;

/// What is asked beside the roles.
#[derive(Clone, PartialEq, Eq)]
enum Asked {
    Archive(RoleKey, String),
    Cover(RoleKey, String),
    File(RoleKey, String),
    Make(baton_core::id::SpaceId),
    Offer(RoleKey, String),
    Plan(RoleKey, String),
    Refuse(RoleKey, baton_core::id::OpId, String),
    Rename(RoleKey, String),
    Take(RoleKey, UserId, String, String),
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Here {
    desk: Desk,
    asked: RwSignal<Option<Asked>>,
    failed: RwSignal<bool>,
}

impl Here {
    fn act(self, key: RoleKey, deed: RoleDeed) -> bool {
        let is_done = self.desk.took(baton().command.do_role(key, deed));
        if is_done {
            self.asked.set(None);
            web::focus("pane-title");
        }
        is_done
    }
}

/// The page.
#[component]
pub fn RolesPage() -> impl IntoView {
    let baton = baton();
    let here = Here {
        desk: Desk::start(),
        asked: RwSignal::new(None),
        failed: RwSignal::new(false),
    };
    let teams = memo(move || baton.command.roles());
    let all = move || {
        let teams = teams.get();
        if teams.is_empty() {
            return plain::words("baton-hint", "You belong to no team yet. Teams have roles.");
        }
        block(
            "baton-work__teams",
            teams.into_iter().map(|each| team(each, here)).collect(),
        )
    };
    let inside = vec![
        here.desk.notes(),
        refused(),
        not_started(here.failed),
        follows(|| told("baton-hint", "status", as_of())),
        follows(all),
        elsewhere::elsewhere(here),
    ];
    let asked = follows(move || maybe(here.asked.get().map(|asked| dialogs(asked, here))));
    (pane("Roles", None, "", None, inside), asked).into_any()
}

fn team(team: RoleTeam, here: Here) -> AnyView {
    let (id, title) = (team.id, team.title.clone());
    let make = team.is_admin.then(|| {
        button(QUIET, "Make a role", format!("of {title}"), move || {
            here.asked.set(Some(Asked::Make(id)));
        })
    });
    let roles = if team.roles.is_empty() {
        plain::words(
            "baton-hint",
            "This team has no roles yet. Its administrators make them.",
        )
    } else {
        let roles = team.roles.into_iter().map(|role| card(role, here)).collect();
        list("baton-roles", format!("Roles of {title}"), roles)
    };
    view! { <section class="baton-work__part"><h3 class="baton-lists__title">{team.title}</h3>{roles}{maybe(make)}</section> }
}

fn card(role: RoleLine, here: Here) -> AnyView {
    let name = role.title.clone();
    let who = match &role.holder {
        _ if role.is_archived => plain::words("baton-hint", "In the archive: nobody holds it."),
        Some((card, since)) => block(
            "baton-work__line",
            vec![
                view! { <PersonLine card=card.clone() /> },
                plain::words("baton-hint", since.clone()),
            ],
        ),
        None => {
            let class = if role.answers.is_some() {
                "baton-role__vacant"
            } else {
                "baton-warning"
            };
            let card = role.answers.map(|who| baton().store.people.card_now(who));
            let known = card.map(|card| told("baton-hint", "note", card.known));
            block("", vec![plain::words(class, sentence(&role.cover)), maybe(known)])
        }
    };
    let mut inside = vec![
        view! { <h4 class="baton-role__title">{role.title.clone()}</h4> },
        who,
    ];
    // Each in its place, whether there is anything to say or not: the buttons after them stay the same.
    let offer = role.offer.as_ref();
    inside.push(maybe(
        offer.map(|offer| plain::words("baton-role__offer", offer.words.clone())),
    ));
    let sent = role.sent.map(ToOwned::to_owned);
    let notes = role.notes.iter().cloned().chain(sent);
    let notes: Vec<AnyView> = notes.map(|note| plain::words("baton-hint", note)).collect();
    inside.push(maybe((!notes.is_empty()).then(|| block("", notes))));
    let many = match role.tasks {
        0 => None,
        1 => Some("1 open task".to_owned()),
        many => Some(format!("{many} open tasks")),
    };
    inside.push(maybe(many.map(|many| plain::words("baton-hint", many))));
    inside.push(block("baton-buttons", acts(&role, here)));
    if role.is_admin {
        inside.push(block("baton-work__line", arranging(&role, here)));
    }
    let one = |(message, says): (OpId, String)| to_message(says, role.key.space, message);
    let messages = role.messages.into_iter().map(one).collect();
    inside.push(fold(
        "Messages to it on this device",
        format!("Messages to {name}"),
        messages,
    ));
    let past = role.past.into_iter().map(|past| plain::words("", past)).collect();
    inside.push(fold(
        "Who held it before",
        format!("Who held {name} before"),
        past,
    ));
    let class = if role.is_mine {
        "baton-role baton-role--mine"
    } else {
        "baton-role"
    };
    block(class, inside)
}

/// A list that opens where it has anything.
fn fold(says: &'static str, label: String, all: Vec<AnyView>) -> AnyView {
    if all.is_empty() {
        return none();
    }
    folded("", says, list("baton-work__titles", label, all))
}

/// What everybody may do with a role.
fn acts(role: &RoleLine, here: Here) -> Vec<AnyView> {
    let (key, name) = (role.key, role.title.clone());
    let act = |class: &'static str, says: &'static str, deed: fn() -> RoleDeed| {
        button(class, says, name.clone(), move || _ = here.act(key, deed()))
    };
    if role.is_archived {
        return Vec::new();
    }
    let mut all = Vec::new();
    if let Some(offer) = &role.offer {
        let id = offer.id;
        if offer.is_to_me {
            let about = name.clone();
            let accept = move || _ = here.act(key, RoleDeed::Accept(id));
            let refuse = move || here.asked.set(Some(Asked::Refuse(key, id, about.clone())));
            all.push(button(PRIMARY, "Accept", name.clone(), accept));
            all.push(button(SECONDARY, "Do not take", name.clone(), refuse));
        } else if role.is_mine {
            let withdraw = move || _ = here.act(key, RoleDeed::Withdraw(id));
            all.push(button(SECONDARY, "Withdraw the offer", name.clone(), withdraw));
        }
    }
    if role.is_mine {
        let about = name.clone();
        let offer = move || here.asked.set(Some(Asked::Offer(key, about.clone())));
        all.push(button(PRIMARY, "Offer to", name.clone(), offer));
        all.push(act(SECONDARY, "Hand back", || RoleDeed::Release));
    } else if let Some((holder, _)) = &role.holder {
        let (from, whose, about) = (holder.id, holder.name.clone(), name.clone());
        let take = move || {
            here.asked
                .set(Some(Asked::Take(key, from, whose.clone(), about.clone())));
        };
        all.push(button(SECONDARY, "Take over", name.clone(), take));
    } else {
        all.push(act(PRIMARY, "Take", || RoleDeed::Take(None)));
    }
    let me = baton().store.me.with_untracked(|me| me.as_ref().map(|me| me.id));
    if let Some(answers) = role.answers.filter(|who| Some(*who) != me) {
        all.extend(reach(answers, &name, here));
    }
    all
}

/// Writes to, or telephones, who answers for a role.
fn reach(answers: UserId, title: &str, here: Here) -> Vec<AnyView> {
    let card = baton().store.people.card_now(answers);
    let about = format!("{}, {title}", card.name);
    let number = &card.telephone;
    let call = (!number.is_empty()).then(|| {
        let (to, says) = (tel_uri(number), format!("Telephone {number}"));
        view! { <a class=SECONDARY href=to>{says} {hidden(about.clone())}</a> }
    });
    let write = move || message_to(baton(), &card, here.failed);
    vec![button(SECONDARY, "Message", about, write), maybe(call)]
}

/// What administrators may do with it.
fn arranging(role: &RoleLine, here: Here) -> Vec<AnyView> {
    let (key, name) = (role.key, role.title.clone());
    let ask = |says: &'static str, asked: Asked| {
        button(QUIET, says, name.clone(), move || {
            here.asked.set(Some(asked.clone()));
        })
    };
    if role.is_archived {
        let restore = move || _ = here.act(key, RoleDeed::Archive(false));
        return vec![button(QUIET, "Take out of the archive", name.clone(), restore)];
    }
    vec![
        ask("Rename", Asked::Rename(key, name.clone())),
        ask("Change the cover", Asked::Cover(key, name.clone())),
        ask("Plan a shift", Asked::Plan(key, name.clone())),
        ask("Rota from a file", Asked::File(key, name.clone())),
        ask("Archive", Asked::Archive(key, name.clone())),
    ]
}

fn dialogs(asked: Asked, here: Here) -> AnyView {
    let close = Callback::new(move |()| here.asked.set(None));
    let confirm = |title: String, says: String, verb: &'static str, key: RoleKey, deed: RoleDeed| {
        let deed = StoredValue::new(Some(deed));
        let act = move || {
            if let Some(deed) = deed.try_update_value(Option::take).flatten() {
                here.act(key, deed);
                here.asked.set(None);
            }
        };
        confirm(title, says, verb, close, act)
    };
    match asked {
        Asked::Archive(key, title) => confirm(
            format!("Archive {title}?"),
            "Nobody holds it any more. Its open tasks go to everybody in the team.".to_owned(),
            "Archive",
            key,
            RoleDeed::Archive(true),
        ),
        Asked::Take(key, from, whose, title) => confirm(
            format!("Take {title} from {whose}?"),
            format!(
                "{whose} holds it now. Take it only when they have left without handing it back, or agreed."
            ),
            "Take it over",
            key,
            RoleDeed::Take(Some(from)),
        ),
        Asked::Cover(key, title) => cover(key, &title, here, close),
        Asked::File(key, title) => file::from_file(key, &title, here, close),
        Asked::Make(space) => make(space, here, close),
        Asked::Offer(key, title) => {
            let offers = |target: &Target| match target.to {
                Assignee::Person(_) => !target.is_me,
                Assignee::Role(_) | Assignee::Team => false,
            };
            let choose = Callback::new(move |to: Assignee| {
                if let Assignee::Person(user) = to {
                    here.act(key, RoleDeed::Offer(user));
                }
            });
            let people = targets("Offer to", key.space, offers, choose);
            let says = plain::words("baton-hint", "It stays yours until they accept.");
            dialog(format!("Offer {title} to"), close, vec![says, people])
        }
        Asked::Plan(key, title) => plan(key, &title, here, close),
        Asked::Rename(key, title) => rename(key, title, here, close),
        Asked::Refuse(key, offer, title) => {
            let draft = TextKey::of_team(key.space, "role.refuse").at(offer);
            let (text, wrong) = (kept(draft.clone()), RwSignal::new(None::<String>));
            let send = move || {
                let deed = RoleDeed::Refuse(offer, text.get_untracked());
                match baton().command.do_role(key, deed) {
                    Ok(_) => {
                        kept::no_longer(draft.clone());
                        close.run(());
                    }
                    Err(refusal) => wrong.set(Some(refusal.to_string())),
                }
            };
            let inside = vec![error(wrong), area("refuse-why", "Why you do not take it", text)];
            dialog(
                format!("Do not take {title}?"),
                close,
                vec![form("baton-make", inside, "Do not take it", send)],
            )
        }
    }
}

/// A sentence begins with a capital letter.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().map(letter::upper).collect();
    format!("{first}{}", letters.as_str())
}

/// Where one takes, offers and hands back.
pub fn roles_link() -> AnyView {
    crate::part::plain::link(QUIET, Route::Roles, "Roles: who is on call")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital_letter() {
        assert_eq!(sentence("vacant, and nobody covers"), "Vacant, and nobody covers");
        assert_eq!(sentence(""), "");
    }
}
