//! What changed of a patient since the reader last handed over or took over in a team: texts, priority, who is responsible, tasks,
//! messages, and what the hospital's feed told.

use baton_core::chain::Seq;
use baton_core::id::PatientId;
use baton_core::letter;
use baton_core::state::handover::view::changed_on;
use baton_core::state::{Item, SpaceState, What};

use super::team::priority_word;
use crate::store::patients::news;
use crate::store::{Viewer, event};

/// What changed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// How many things.
    pub many: usize,
    /// Which, in sentences.
    pub words: Vec<String>,
}

impl Changes {
    fn say(&mut self, many: usize, words: String) {
        if many > 0 {
            self.many += many;
            self.words.push(words);
        }
    }
}

/// What changed of a patient after a place in the log.
pub fn changes(state: &SpaceState, patient: PatientId, since: Seq, viewer: &Viewer) -> Changes {
    let mut changes = Changes::default();
    on_sheet(&mut changes, state, patient, since, viewer);
    let stands = state.patients.resolve(patient);
    let is_theirs =
        |about: Option<PatientId>| about.is_some_and(|about| state.patients.resolve(about) == stands);
    let (mut new, mut ended) = (0, 0);
    for task in state.tasks.iter().filter(|task| is_theirs(task.about)) {
        new += usize::from(task.created.seq > since);
        let closed = task.closed.as_ref();
        ended += usize::from(closed.is_some_and(|closed| closed.said.by.seq > since));
    }
    changes.say(new, count(new, "new task", "new tasks"));
    changes.say(ended, count(ended, "task ended", "tasks ended"));
    let mut messages = 0;
    for item in state.timeline.after(since) {
        match item {
            Item::Message(message) => messages += usize::from(is_theirs(message.about)),
            Item::Event(told) => {
                if let What::Patient { patient, news } = &told.what
                    && is_theirs(Some(*patient))
                {
                    changes.say(news.len(), news::words(news, viewer.patients));
                }
            }
        }
    }
    changes.say(messages, count(messages, "message", "messages"));
    changes
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
