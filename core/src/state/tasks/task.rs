//! One task.

use serde::{Deserialize, Serialize};

use super::{Closed, Reopening, Said};
use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::message::Priority;
use crate::op::task::{Assignee, Created, Field, ItemId};
use crate::ordered::SortedSet;
use crate::secret::Personal;
use crate::state::{Mark, Roles};
use crate::text::{Basis, TextField};
use crate::time::At;

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Who made it; it is named by that operation.
    #[serde(rename = "s")]
    pub created: Mark,
    /// What is to be done.
    #[serde(rename = "t")]
    pub title: TextField,
    /// What else is to be known.
    #[serde(rename = "d", default, skip_serializing_if = "is_blank")]
    pub details: TextField,
    /// Where.
    #[serde(rename = "w", default, skip_serializing_if = "is_blank")]
    pub place: TextField,
    /// The patient that it is about, by the id that its author named: [`crate::state::Patients::resolve`] says who that is
    /// now.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// The message that it was made from.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<OpId>,
    /// How pressing it is.
    #[serde(rename = "p", default, skip_serializing_if = "Priority::is_routine")]
    pub priority: Priority,
    /// What made it urgent, where it was made so after it was made.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<Mark>,
    /// By when.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub due: Option<At>,
    /// Who is to do it.
    #[serde(rename = "o")]
    pub hold: Hold,
    /// Who took it on. Where it is a role's, whoever holds the role now may be another: [`Self::is_accepted`].
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Mark>,
    /// That whoever took it on has begun.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Mark>,
    /// Set when it ended: what was first.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// Also done: by whoever had not seen how it ended, or that it was reopened. In the order of the log.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub echoes: Vec<Said>,
    /// That it was reopened, each time.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub reopened: Vec<Reopening>,
    /// Who declined it and why, oldest first; the newest few.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<Said>,
    /// What was written about it.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Said>,
    /// Its steps, in order.
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<CheckItem>,
    /// Who wants to hear of it.
    #[serde(rename = "v", default, skip_serializing_if = "SortedSet::is_empty")]
    pub watchers: SortedSet<UserId>,
    /// Set when somebody signed it off: it is no longer listed.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub signed_off: Option<Mark>,
    /// The place of what was last done to it.
    #[serde(rename = "q")]
    pub changed: Seq,
}

/// Who is to do a task, and how it came to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who.
    #[serde(rename = "o")]
    pub to: Assignee,
    /// What brought it there.
    #[serde(rename = "s")]
    pub by: Mark,
    /// Who had it until then: a person, or a role.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Assignee>,
    /// How.
    #[serde(rename = "w")]
    pub way: Way,
}

/// How a task came to who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Whoever had it before declined it.
    #[serde(rename = "d")]
    Declined,
    /// Somebody gave it to them.
    #[serde(rename = "g")]
    Given,
    /// It went along with patients in this handover.
    #[serde(rename = "h")]
    HandedOver(OpId),
    /// Whoever had it before no longer belongs to the space.
    #[serde(rename = "l")]
    Left(UserId),
    /// The role that had it before was put into the archive.
    #[serde(rename = "r")]
    RoleArchived(OpId),
}

/// A step of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// What it is named by.
    #[serde(rename = "i")]
    pub id: ItemId,
    /// What is to be done.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// Who ticked it off; `None` while it is to be done.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Mark>,
}

fn is_blank(field: &TextField) -> bool {
    field.versions().next().is_none()
}

impl Task {
    pub(super) fn new(mark: Mark, created: &Created) -> Self {
        let text = |text: &Personal<String>| {
            let mut field = TextField::default();
            if !text.as_str().is_empty() {
                field.edit(mark.version(text), &Basis::default());
            }
            field
        };
        let item = |(n, text): (u16, &Personal<String>)| CheckItem {
            id: ItemId(mark.stamp.op, n),
            text: text.clone(),
            done: None,
        };
        Self {
            created: mark,
            title: text(&created.title),
            details: text(&created.details),
            place: text(&created.place),
            about: created.about,
            from: created.from,
            priority: created.priority,
            raised: None,
            due: created.due,
            hold: Hold {
                to: created.to,
                by: mark,
                from: None,
                way: Way::Given,
            },
            accepted: None,
            started: None,
            closed: None,
            echoes: Vec::new(),
            reopened: Vec::new(),
            declined: Vec::new(),
            comments: Vec::new(),
            checklist: (0..).zip(&created.checklist).map(item).collect(),
            watchers: SortedSet::new(),
            signed_off: None,
            changed: mark.seq,
        }
    }

    /// Its id.
    pub fn id(&self) -> OpId {
        self.created.stamp.op
    }

    /// Whether it is to be done.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Whether it is open and due before a moment.
    pub fn is_overdue(&self, at: At) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < at)
    }

    /// Whether it was done more than once, or done although it was not needed any more.
    pub fn is_done_again(&self) -> bool {
        !self.echoes.is_empty()
    }

    /// A text of it.
    pub fn field(&self, field: Field) -> &TextField {
        match field {
            Field::Details => &self.details,
            Field::Place => &self.place,
            Field::Title => &self.title,
        }
    }

    /// Who has it now; `None` while it is for all of the space, or for a role for which nobody answers.
    pub fn who(&self, roles: &Roles) -> Option<UserId> {
        match self.hold.to {
            Assignee::Person(user) => Some(user),
            Assignee::Role(role) => roles.answers(role),
            Assignee::Team => self.accepted.map(|accepted| accepted.stamp.by),
        }
    }

    /// Whether who has it now took it on: a role's task that an earlier holder took on waits for the one of now.
    pub fn is_accepted(&self, roles: &Roles) -> bool {
        let accepted = self.accepted.map(|accepted| accepted.stamp.by);
        accepted.is_some() && accepted == self.who(roles)
    }

    /// The operation by which it came to who has it: what to name when one gives it to others.
    pub fn hand(&self) -> OpId {
        self.accepted.unwrap_or(self.hold.by).stamp.op
    }

    /// The newest operation that closed it or did it again: what to name when one signs it off.
    pub fn end(&self) -> Option<OpId> {
        let closed = self.closed.as_ref()?.said.by;
        let echo = self.echoes.last().map(|echo| echo.by);
        let newest = echo.filter(|echo| echo.seq > closed.seq).unwrap_or(closed);
        Some(newest.stamp.op)
    }

    /// The last reopening: what to name when one completes it.
    pub fn round(&self) -> Option<OpId> {
        self.reopened.last().map(|reopening| reopening.said.by.stamp.op)
    }
}
