//! What a team says of itself, on its details: pinned notes first, then what it is for and who may write. Its administrators
//! change it, and everybody in it reads it.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::SpaceId;

use crate::app::baton;
use crate::page::handover::note::purpose;
use crate::page::handover::show::versions;
use crate::page::tasks::Desk;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::kept::{self, kept};
use crate::part::plain::{
    QUIET, SECONDARY, area, block, button, confirm, dialog, error, follows, form, heading, list, maybe, words,
};
use crate::store::handover::texts::TextKey;
use crate::store::team::{About, Pin};

/// What is asked before it is done.
#[derive(Clone, PartialEq, Eq)]
enum Asked {
    AnnouncementsOnly(bool),
    Pin,
    TakeDown(Pin),
}

/// What a team says of itself; nothing where people are together in another way.
pub(super) fn team(space: SpaceId, name: Memo<String>) -> AnyView {
    let baton = baton();
    let about = memo(move || baton.command.about_team(space));
    let is_admin = memo(move || about.with(|about| about.as_ref().map(|about| about.is_admin)));
    follows(move || maybe(is_admin.get().map(|is_admin| parts(space, name, about, is_admin))))
}

fn parts(space: SpaceId, name: Memo<String>, about: Memo<Option<About>>, is_admin: bool) -> AnyView {
    let (desk, asked) = (Desk::start(), RwSignal::new(None::<Asked>));
    let pinned = follows(move || maybe(about.get().map(|about| pinned(about, asked))));
    let purpose = if is_admin {
        purpose(space, PURPOSE, name, desk)
    } else {
        let written = memo(move || baton().command.purpose(space));
        let now = follows(move || written.with(|written| versions(&written.versions)));
        block(
            "baton-note",
            vec![view! { <h4 class="baton-role__title">{PURPOSE}</h4> }, now],
        )
    };
    let writers =
        follows(move || maybe(about.with(|about| about.as_ref().map(|about| writers(about, asked)))));
    let asks = follows(move || maybe(asked.get().map(|what| asks(space, what, desk, asked))));
    let inside = vec![desk.notes(), pinned, heading("About this team"), purpose, writers];
    (block("baton-work__part", inside), asks).into_any()
}

/// What everybody should know.
fn pinned(about: About, asked: RwSignal<Option<Asked>>) -> AnyView {
    let is_admin = about.is_admin;
    let one = |pin: Pin| {
        let take_down = is_admin.then(|| {
            let (says, pin) = (pin.text.clone(), pin.clone());
            button(QUIET, "Take down", says, move || {
                asked.set(Some(Asked::TakeDown(pin.clone())));
            })
        });
        let by = words("baton-hint", format!("Pinned by {}", pin.by));
        block(
            "",
            vec![words("baton-task__text", pin.text), by, maybe(take_down)],
        )
    };
    let all = if about.pinned.is_empty() {
        words("baton-hint", "Nothing is pinned.")
    } else {
        let all = about.pinned.into_iter().map(one).collect();
        list("baton-pinned", "Pinned notes", all)
    };
    let pin = is_admin.then(|| button(SECONDARY, "Pin a note", "", move || asked.set(Some(Asked::Pin))));
    block("baton-work__part", vec![heading("Pinned notes"), all, maybe(pin)])
}

/// Who may write.
fn writers(about: &About, asked: RwSignal<Option<Asked>>) -> AnyView {
    let (says, verb, to) = match &about.announcements_only {
        None => (
            "Everybody writes in the conversation.".to_owned(),
            "Only administrators write",
            true,
        ),
        Some(by) => (
            format!("Only administrators write in the conversation. {by}."),
            "Everybody writes",
            false,
        ),
    };
    let change = about.is_admin.then(|| {
        button(QUIET, verb, "", move || {
            asked.set(Some(Asked::AnnouncementsOnly(to)));
        })
    });
    block(
        "baton-note",
        vec![
            view! { <h4 class="baton-role__title">"Who writes"</h4> },
            words("", says),
            maybe(change),
        ],
    )
}

fn asks(space: SpaceId, what: Asked, desk: Desk, asked: RwSignal<Option<Asked>>) -> AnyView {
    let command = baton().command;
    let close = Callback::new(move |()| asked.set(None));
    match what {
        Asked::AnnouncementsOnly(on) => {
            let (title, says, verb) = if on {
                (
                    "Only administrators write here?",
                    "Everybody else reads, and can answer a message urgently. What they have begun to write stays with them.",
                    "Only administrators write",
                )
            } else {
                (
                    "Everybody writes here?",
                    "All members can write in the conversation again.",
                    "Everybody writes",
                )
            };
            confirm(title, says, verb, close, move || {
                desk.took(command.announcements_only(space, on));
                asked.set(None);
            })
        }
        Asked::Pin => pin(space, close),
        Asked::TakeDown(pin) => confirm(
            "Take this note down?",
            format!(
                "“{}” stays in the conversation, and is no longer pinned.",
                pin.text
            ),
            "Take down",
            close,
            move || {
                desk.took(command.take_down(space, pin.id));
                asked.set(None);
            },
        ),
    }
}

/// Pinning a note. What was begun stays.
fn pin(space: SpaceId, close: Callback<()>) -> AnyView {
    let key = TextKey::of_team(space, "pin");
    let text = kept(key.clone());
    let wrong = RwSignal::new(None::<String>);
    let send = move || match baton().command.pin(space, text.get_untracked().trim()) {
        Ok(_) => {
            kept::no_longer(key.clone());
            close.run(());
        }
        Err(refusal) => wrong.set(Some(refusal.to_string())),
    };
    let inside = vec![
        words(
            "baton-hint",
            "Everybody in the team reads it here, now and later. Nothing about a patient: that belongs on their own page.",
        ),
        error(wrong),
        area("pin-text", "What everybody should know", text),
    ];
    dialog("Pin a note", close, vec![form("baton-make", inside, "Pin", send)])
}

/// What the purpose is called.
const PURPOSE: &str = "What this team is for";
