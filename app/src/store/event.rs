//! What happened to a conversation, in words: nobody joins or leaves unseen.

use baton_core::id::UserId;
use baton_core::state::{Event, SpaceState, What};

use super::patients::news;
use super::{Viewer, handover};

pub(super) mod role;
pub(super) mod task;

/// Tells an event of a space in one sentence. The patient around whom the space is need not be named in it.
pub fn words(event: &Event, state: &SpaceState, viewer: &Viewer) -> String {
    let by = event.stamp.by;
    let who = name(by, viewer, true);
    let itself = by == UserId::RECORD;
    match &event.what {
        What::Added(user) if itself => format!("{} joined", name(*user, viewer, true)),
        What::Added(user) if *user == by => format!("{who} joined"),
        What::Added(user) => format!("{who} added {}", described(*user, viewer)),
        What::AnnouncementsOnly(true) => format!("{who} set that only administrators write here"),
        What::AnnouncementsOnly(false) => format!("{who} set that everybody writes here again"),
        What::Handover(event) => handover::words(event, by, state, viewer),
        What::Created => "Conversation started".to_owned(),
        What::MadeAdmin(user) => format!("{who} made {} an administrator", name(*user, viewer, false)),
        What::Patient { patient, news } if state.about == Some(*patient) => {
            news::words(news, viewer.patients)
        }
        What::Patient { patient, news } => news::words_of(*patient, news, viewer.patients),
        What::Newer => "Something that only a newer version of Baton can show. Reload to see it.".to_owned(),
        What::Pinned(text) => format!("{who} pinned a note: “{}”", text.as_str()),
        What::Purpose(text) if text.as_str().is_empty() => format!("{who} cleared what this team is for"),
        What::Purpose(text) => format!("{who} wrote what this team is for: “{}”", text.as_str()),
        What::Unpinned => format!("{who} took a pinned note down"),
        What::Removed(user) if *user == by => format!("{who} left"),
        What::Removed(user) => format!("{who} removed {}", described(*user, viewer)),
        What::Renamed(title) => format!("{who} changed the name to “{}”", title.as_str()),
        What::Role { role, news } => role::words(*role, news, by, state, viewer),
        What::Task { task, news } => task::words((event.stamp.op, by), *task, news, state, viewer),
    }
}

pub(super) fn name(user: UserId, viewer: &Viewer, starts: bool) -> String {
    if user == viewer.me {
        return if starts { "You" } else { "you" }.to_owned();
    }
    if user == UserId::RECORD {
        return if starts { "The record" } else { "the record" }.to_owned();
    }
    viewer.people.card_now(user).name
}

/// A name with job title and organisation, since who joins matters.
fn described(user: UserId, viewer: &Viewer) -> String {
    let name = name(user, viewer, false);
    let role = viewer.people.card_now(user).role(Some(&viewer.ods));
    if user == viewer.me || role.is_empty() {
        name
    } else {
        format!("{name} ({role})")
    }
}
