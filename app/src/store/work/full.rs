//! A task with everything that is held of it.

use baton_core::chain::Seq;
use baton_core::id::{OpId, UserId};
use baton_core::op::task::{Assignee, Field, ItemId};
use baton_core::search::is_of_word;
use baton_core::state::tasks::{Ending, Said};
use baton_core::state::{Message, SpaceState, Task};
use baton_core::sync::Sync;
use baton_core::text::{Basis, TextField};

use super::line::{self, Line, by};
use super::{TaskKey, name};
use crate::store::people::Card;
use crate::store::{Viewer, duty};

/// A task, its texts, its steps, and what was said of it.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that may be done")]
pub struct Full {
    /// What its row shows.
    pub line: Line,
    /// What else is to be known: one version, or several that wait to be settled.
    pub details: Vec<String>,
    /// Where: likewise.
    pub places: Vec<String>,
    /// Who made it, when.
    pub made: String,
    /// The message that it was made from.
    pub from: Option<OpId>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What was said of it, oldest first: who and when, and the words, which may be empty.
    pub said: Vec<(String, String)>,
    /// Who wants to hear of it.
    pub watchers: Vec<String>,
    /// Whether the reader does.
    pub is_watched: bool,
    /// Whether the reader may take it on.
    pub may_accept: bool,
    /// Whether the reader may say that they have begun.
    pub may_start: bool,
    /// Whether the reader may decline it.
    pub may_decline: bool,
    /// The ending that is signed off, while there is one and nobody did.
    pub end: Option<OpId>,
}

/// A step.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub id: ItemId,
    /// What is to be done.
    pub text: String,
    /// Who did it, when; `None` while it is to be done.
    pub done: Option<String>,
}

/// Somebody, a role or all: to whom a task may be given.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// Who.
    pub to: Assignee,
    /// What they are called.
    pub name: String,
    /// Who answers for a role, what a person is.
    pub says: String,
    /// Whether that is to be thought of first: nobody holds the role, or who answers is off duty.
    pub warns: bool,
    /// Whether it is the reader.
    pub is_me: bool,
    /// Whom a word to them reaches: a person, or who answers for a role.
    pub reaches: Option<UserId>,
}

impl Target {
    /// What tells it from the others: the bytes of an id, none of which is all zeros.
    pub fn id(&self) -> [u8; 16] {
        match self.to {
            Assignee::Person(user) => *user.as_bytes(),
            Assignee::Role(role) => *role.as_bytes(),
            Assignee::Team => [0; 16],
        }
    }
}

/// Whom and which roles a text names after `@`, each once: of names that begin alike the longest. Of several who are called so
/// it is whom the author picked; without a pick, all of them.
pub fn named<'a>(targets: &'a [Target], text: &str, picked: &[UserId]) -> Vec<&'a Target> {
    let mut named: Vec<&Target> = Vec::new();
    for (at, sign) in text.match_indices('@') {
        let (before, after) = text.split_at(at);
        if !before.chars().next_back().is_none_or(char::is_whitespace) {
            continue;
        }
        let after = after.strip_prefix(sign).unwrap_or_default();
        let fits = targets.iter().filter(|target| begins_with(after, &target.name));
        let longest = fits.clone().map(|target| target.name.len()).max();
        let fits = fits.filter(|target| Some(target.name.len()) == longest);
        let is_picked =
            |target: &&Target| matches!(target.to, Assignee::Person(user) if picked.contains(&user));
        let all = !fits.clone().any(|target| is_picked(&target));
        for target in fits.filter(|target| all || is_picked(target)) {
            if named.iter().all(|known| known.to != target.to) {
                named.push(target);
            }
        }
    }
    named
}

/// Whether a text begins with a name, and not with a longer word.
fn begins_with(text: &str, name: &str) -> bool {
    let rest = text.strip_prefix(name);
    rest.is_some_and(|rest| !rest.chars().next().is_some_and(is_of_word))
}

/// Describes a task in full; `None` when it is not held.
pub fn full(sync: &Sync, key: TaskKey, viewer: &Viewer) -> Option<Full> {
    let state = sync.space(key.space)?.shown();
    let task = state.tasks.find(key.task)?;
    let line = line::line(sync, key, viewer)?;
    let is_accepted = task.is_accepted(&state.roles);
    let is_free = task.hold.to == Assignee::Team && task.accepted.is_none();
    let may_take = line.is_open && (line.is_mine || is_free);
    let steps = task.checklist.iter().map(|item| Step {
        id: item.id,
        text: item.text.as_str().to_owned(),
        done: item.done.map(|done| by(done.stamp.by, done.stamp.at, viewer)),
    });
    let made = task.created.stamp;
    Some(Full {
        details: texts(&task.details),
        places: texts(&task.place),
        made: by(made.by, made.at, viewer),
        from: task.from,
        steps: steps.collect(),
        said: said(task, viewer),
        watchers: task.watchers.iter().map(|user| name(*user, viewer)).collect(),
        is_watched: task.watchers.contains(&viewer.me),
        may_accept: may_take && !is_accepted,
        may_start: may_take && task.started.is_none(),
        may_decline: line.is_open && line.is_mine,
        end: task.end().filter(|_| task.signed_off.is_none()),
        line,
    })
}

fn texts(field: &TextField) -> Vec<String> {
    let texts = field
        .current()
        .iter()
        .map(|version| version.text.as_str().to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// What was said, in the order of the log.
fn said(task: &Task, viewer: &Viewer) -> Vec<(String, String)> {
    let mut all: Vec<(Seq, String, String)> = Vec::new();
    let mut put = |verb: &str, said: &Said| {
        let stamp = said.by.stamp;
        let who = format!("{verb} by {}", by(stamp.by, stamp.at, viewer));
        all.push((said.by.seq, who, said.text.as_str().to_owned()));
    };
    let how = |how: Ending| match how {
        Ending::Cancelled => "Cancelled",
        Ending::Completed => "Done",
    };
    for said in &task.declined {
        put("Declined", said);
    }
    for said in &task.comments {
        put("Comment", said);
    }
    for reopening in &task.reopened {
        put(how(reopening.closed.how), &reopening.closed.said);
        put("Reopened", &reopening.said);
    }
    if let Some(closed) = &task.closed {
        put(how(closed.how), &closed.said);
    }
    for echo in &task.echoes {
        put("Also done", echo);
    }
    baton_core::ordered::sort_by_key(&mut all, |(seq, ..)| *seq);
    all.into_iter().map(|(_, who, text)| (who, text)).collect()
}

/// What to name in an edit of a text that begins now, and what stands there.
pub fn text(sync: &Sync, key: TaskKey, field: Field) -> Option<(String, Basis)> {
    let field = sync.space(key.space)?.shown().tasks.find(key.task)?.field(field);
    Some((field.newest().to_owned(), field.basis()))
}

/// To whom a task of a space may be given: all, then roles, then people.
pub fn targets(state: &SpaceState, viewer: &Viewer) -> Vec<Target> {
    let is_away = |user: UserId| viewer.people.away_now(user).is_some();
    let mut targets = vec![Target {
        to: Assignee::Team,
        name: "Anybody here".to_owned(),
        says: "Whoever takes it on".to_owned(),
        warns: false,
        is_me: false,
        reaches: None,
    }];
    let roles = state.roles.iter().filter(|(_, role)| role.archived.is_none());
    targets.extend(roles.map(|(id, role)| Target {
        to: Assignee::Role(id),
        name: role.title.newest().to_owned(),
        says: super::role::answers(id, state, viewer),
        warns: role.holder.is_none() || state.roles.answers(id).is_some_and(is_away),
        is_me: false,
        reaches: state.roles.answers(id),
    }));
    let mut people: Vec<Card> = state
        .members
        .iter()
        .map(|(user, _)| viewer.people.card_now(user))
        .collect();
    baton_core::ordered::sort_by_key(&mut people, |card| {
        (card.id != viewer.me, card.name.clone(), card.id)
    });
    targets.extend(people.into_iter().map(|card| {
        Target {
            to: Assignee::Person(card.id),
            says: [Some(card.role(None)), duty::sentence(card.id, viewer)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(". "),
            name: person(card.id, card.name, viewer),
            warns: is_away(card.id),
            is_me: card.id == viewer.me,
            reaches: Some(card.id),
        }
    }));
    targets
}

fn person(id: UserId, name: String, viewer: &Viewer) -> String {
    if id == viewer.me {
        format!("{name} (you)")
    } else {
        name
    }
}

/// The tasks that were made from a message: which, what is to be done, how far it is.
pub fn from_message(sync: &Sync, key: TaskKey, viewer: &Viewer) -> Vec<(TaskKey, String)> {
    let Some(space) = sync.space(key.space) else {
        return Vec::new();
    };
    let tasks = space.shown().tasks.from_message(key.task);
    let said = tasks.filter_map(|task| {
        let key = TaskKey {
            task: task.id(),
            ..key
        };
        let line = line::line(sync, key, viewer)?;
        Some((key, format!("{}. {}", line.title, line.status)))
    });
    said.collect()
}

/// A message as a task of it may begin: its first line, and whom it is about.
pub fn begun(message: &Message) -> String {
    let text = message.text();
    text.lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(number: u8, name: &str) -> Target {
        let id = [number; 16];
        Target {
            to: if number < 10 {
                Assignee::Role(OpId::from_bytes(id))
            } else {
                Assignee::Person(UserId::from_bytes(id))
            },
            name: name.to_owned(),
            says: String::new(),
            warns: false,
            is_me: false,
            reaches: None,
        }
    }

    #[test]
    fn a_text_names_the_longest_that_follows_the_sign_and_all_who_are_called_so() {
        let targets = [
            target(1, "FY1"),
            target(2, "FY1 on call"),
            target(11, "Jo Lee"),
            target(12, "Dr Amina Khan"),
            target(13, "Jo Lee"),
        ];
        let by = |text: &str, picked: &[UserId]| -> Vec<u8> {
            let named = named(&targets, text, picked);
            named.iter().map(|target| target.id()[0]).collect()
        };
        let found = |text: &str| by(text, &[]);
        assert_eq!(found("@FY1 on call, bed 4"), [2]);
        assert_eq!(found("ask @FY1, then @FY1 on call; @FY1 knows"), [1, 2]);
        assert_eq!(found("@Dr Amina Khan please"), [12]);
        assert_eq!(found("@Jo Lee"), [11, 13]);
        assert_eq!(
            by("@Jo Lee", &[UserId::from_bytes([13; 16])]),
            [13],
            "whom the author picked"
        );
        assert_eq!(by("@Dr Amina Khan", &[UserId::from_bytes([13; 16])]), [12]);
        assert_eq!(found("FY1 on call, a@b.uk @"), [0_u8; 0]);
        assert_eq!(found("x@FY1 on call, @FY10, @FY1s, @Jo Leeson, @@FY1"), [0_u8; 0]);
        assert_eq!(found("@FY1\n@FY1 on call"), [1, 2]);
        assert_eq!(found("@FY1’s bleep"), [1]);
    }
}
