//! What changed of a patient since the reader last handed over or took over in a team: texts, priority, who is responsible, tasks,
//! messages, and what the hospital's feed told.

use baton_core::chain::Seq;
use baton_core::id::PatientId;
use baton_core::letter;
use baton_core::patient::Report;
use baton_core::state::handover::view::changed_on;
use baton_core::state::patients::REPORTS;
use baton_core::state::{Item, Mark, SpaceState, Stamp, What};
use baton_core::sync::{Space, Sync};
use baton_core::time::At;

use super::team::priority_word;
use crate::store::patients::news;
use crate::store::work::{open_spaces, when};
use crate::store::{Viewer, event};

/// What changed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// How many things.
    pub many: usize,
    /// Which, in sentences.
    pub words: Vec<String>,
    /// When that handover was.
    pub since: String,
    /// From when on messages and moves are on this device, where that is after the handover; empty where all are.
    pub held_from: String,
}

impl Changes {
    fn say(&mut self, many: usize, words: String) {
        if many > 0 {
            self.many += many;
            self.words.push(words);
        }
    }
}

/// What is after a handover: in the log of its team by place, in another by time.
struct Since {
    mark: Mark,
    is_own: bool,
}

impl Since {
    fn is_after(&self, seq: Seq, stamp: Stamp) -> bool {
        if self.is_own {
            seq > self.mark.seq
        } else {
            stamp.kept_at() > self.mark.stamp.kept_at()
        }
    }
}

/// What changed of a patient after a handover in a team: there, and in the conversation of those around them.
pub fn changes(sync: &Sync, space: &Space, patient: PatientId, mark: Mark, viewer: &Viewer) -> Changes {
    let mut changes = Changes {
        since: when(mark.stamp.kept_at(), viewer),
        ..Changes::default()
    };
    on_sheet(&mut changes, space.shown(), patient, mark.seq, viewer);
    let stands = viewer.patients.resolve_now(patient);
    let is_theirs = |about: PatientId| viewer.patients.resolve_now(about) == stands;
    reported(&mut changes, space.shown(), &is_theirs, mark.seq);
    let around = open_spaces(sync)
        .filter(|other| other.shown().about.is_some_and(is_theirs) && other.id() != space.id());
    let mut counted = Counted::default();
    for other in std::iter::once(space).chain(around) {
        let since = Since {
            mark,
            is_own: other.id() == space.id(),
        };
        counted.add(other, &since, &is_theirs, viewer);
    }
    let Counted {
        new,
        ended,
        changed,
        messages,
        news,
        held_from,
    } = counted;
    changes.say(new, count(new, "new task", "new tasks"));
    changes.say(ended, count(ended, "task ended", "tasks ended"));
    changes.say(changed, count(changed, "task changed", "tasks changed"));
    for (many, words) in news {
        changes.say(many, words);
    }
    changes.say(messages, count(messages, "message", "messages"));
    changes.held_from = held_from.map_or_else(String::new, |at| when(at, viewer));
    changes
}

/// What is counted over the conversations.
#[derive(Default)]
struct Counted {
    new: usize,
    ended: usize,
    changed: usize,
    messages: usize,
    /// What the feed told, newest first.
    news: Vec<(usize, String)>,
    held_from: Option<At>,
}

impl Counted {
    fn add(&mut self, space: &Space, since: &Since, is_theirs: &dyn Fn(PatientId) -> bool, viewer: &Viewer) {
        let state = space.shown();
        let is_after = |mark: Mark| since.is_after(mark.seq, mark.stamp);
        let theirs = state.tasks.iter();
        for task in theirs.filter(|task| task.about.is_some_and(is_theirs)) {
            let is_new = is_after(task.created);
            let is_ended = task
                .closed
                .as_ref()
                .is_some_and(|closed| is_after(closed.said.by));
            self.new += usize::from(is_new);
            self.ended += usize::from(is_ended);
            let has_changed = since.is_own && task.changed > since.mark.seq;
            self.changed += usize::from(has_changed && !is_new && !is_ended);
        }
        let newest = state.timeline.items().rev();
        for item in newest.take_while(|item| since.is_after(item.seq(), item.stamp())) {
            match item {
                Item::Message(message) => {
                    self.messages += usize::from(message.about.is_some_and(is_theirs));
                }
                Item::Event(told) => {
                    if let What::Patient { patient, news } = &told.what
                        && is_theirs(*patient)
                    {
                        self.news.push((news.len(), news::words(news, viewer.patients)));
                    }
                }
            }
        }
        // Before this a device that was opened anew, or a while ago, has not all of it.
        let from = space.history_from();
        let first = state.timeline.after(from).next().filter(|_| from > Seq::new(1));
        let first = first.filter(|first| since.is_after(first.seq(), first.stamp()));
        self.held_from = self.held_from.max(first.map(|first| first.stamp().kept_at()));
    }
}

/// Results that were reported to the team since.
fn reported(changes: &mut Changes, state: &SpaceState, is_theirs: &dyn Fn(PatientId) -> bool, since: Seq) {
    let mut told = Vec::new();
    for held in state.patients.iter().filter(|held| is_theirs(held.patient.id)) {
        let new = held.reports.iter().filter(|report| report.told > since);
        told.extend(new.map(Report::words));
    }
    let all = if told.len() < REPORTS {
        ""
    } else {
        "the newest are "
    };
    changes.say(told.len(), format!("Results reported: {all}{}", told.join(", ")));
}

fn on_sheet(changes: &mut Changes, state: &SpaceState, patient: PatientId, since: Seq, viewer: &Viewer) {
    let sheet = state.handovers.sheet(patient);
    let Some(changed) = sheet.and_then(|sheet| changed_on(sheet, since)) else {
        return;
    };
    let headings = state.handovers.template.headings();
    let title = |section: &baton_core::op::handover::SectionId| {
        let heading = headings.iter().find(|heading| heading.id == *section);
        heading.map_or("Another heading", |heading| heading.title.as_str())
    };
    let written: Vec<&str> = changed.sections.iter().map(title).collect();
    changes.say(written.len(), format!("Written: {}", written.join(", ")));
    if let Some((before, now)) = changed.priority {
        let before = before.map(|before| format!(", was {}", letter::lowered(priority_word(before))));
        let words = format!(
            "Priority: {}{}",
            letter::lowered(priority_word(now)),
            before.unwrap_or_default()
        );
        changes.say(1, words);
    }
    match changed.responsible {
        Some(Some(user)) => {
            let who = event::name(user, viewer, false);
            changes.say(1, format!("Responsible is now {who}"));
        }
        Some(None) => changes.say(1, "Care was ended".to_owned()),
        None => {}
    }
}

fn count(many: usize, one: &str, several: &str) -> String {
    let what = if many == 1 { one } else { several };
    format!("{many} {what}")
}
