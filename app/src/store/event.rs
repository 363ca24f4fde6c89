//! What happened to a conversation, in words: nobody joins or leaves unseen.

use baton_core::id::UserId;
use baton_core::op::patient::News;
use baton_core::patient::Place;
use baton_core::state::{Event, What};

use super::Viewer;

/// Tells an event in one sentence.
pub fn words(event: &Event, viewer: &Viewer) -> String {
    let by = event.stamp.by;
    let who = name(by, viewer, true);
    let itself = by == UserId::RECORD;
    match &event.what {
        What::Added(user) if itself => format!("{} joined", name(*user, viewer, true)),
        What::Added(user) if *user == by => format!("{who} joined"),
        What::Added(user) => format!("{who} added {}", described(*user, viewer)),
        What::Created => "Conversation started".to_owned(),
        What::MadeAdmin(user) => format!("{who} made {} an administrator", name(*user, viewer, false)),
        What::Newer => "Something that only a newer version of Baton can show. Reload to see it.".to_owned(),
        What::Patient { news, .. } => {
            let told: Vec<String> = news.iter().map(news_words).collect();
            format!("About a patient: {}", told.join("; "))
        }
        What::Removed(user) if *user == by => format!("{who} left"),
        What::Removed(user) => format!("{who} removed {}", described(*user, viewer)),
        What::Renamed(title) => format!("{who} changed the name to “{}”", title.as_str()),
    }
}

/// What happened to a patient.
fn news_words(news: &News) -> String {
    let at = |place: &Place| match (place.ward.as_str(), place.bed.as_str()) {
        ("", _) => place.facility.clone(),
        (ward, "") => ward.to_owned(),
        (ward, bed) => format!("{ward}, bed {bed}"),
    };
    match news {
        News::Admitted(place) => format!("admitted to {}", at(place)),
        News::Cancelled => "what was told last did not happen".to_owned(),
        News::DeathWithdrawn => "the recorded death was withdrawn".to_owned(),
        News::Died => "died".to_owned(),
        News::Discharged => "discharged".to_owned(),
        News::IdentityChanged => "name, date of birth, gender or NHS number changed".to_owned(),
        News::Leave { out: true } => "went on leave".to_owned(),
        News::Leave { out: false } => "came back from leave".to_owned(),
        News::MergedInto(_) => "found to be the same person as another patient".to_owned(),
        News::Moved(place) => format!("moved to {}", at(place)),
        News::TookIn(_) => "another patient was found to be the same person".to_owned(),
        News::Unmerged(_) => "is a patient of their own again".to_owned(),
    }
}

fn name(user: UserId, viewer: &Viewer, starts: bool) -> String {
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
