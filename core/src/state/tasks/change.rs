//! How a task takes what is done with it.

use super::{CheckItem, Closed, Ending, Hold, Reopening, Said, Task, Way};
use crate::id::{OpId, UserId};
use crate::op::message::Priority;
use crate::op::task::{Assignee, Completed, Edited, Field, ItemId, TaskOp};
use crate::state::Mark;
use crate::state::handover::Went;

/// Of those who declined, so many are held.
const DECLINED: usize = 20;

impl Task {
    /// Applies an operation about this task; true when something changed.
    pub(super) fn apply(&mut self, mark: Mark, op: &TaskOp) -> bool {
        let by = mark.stamp.by;
        match op {
            TaskOp::Accepted(_) => self.accept(mark),
            TaskOp::Assigned(op) => {
                let may = self.is_open() && op.seen == self.hand();
                if may {
                    self.give(op.to, mark, Way::Given);
                }
                may
            }
            TaskOp::Cancelled(op) => self.close(Ending::Cancelled, Said::new(mark, &op.reason)),
            TaskOp::Commented(op) => {
                self.comments.push(Said::new(mark, &op.text));
                true
            }
            TaskOp::Completed(op) => self.complete(mark, op),
            TaskOp::Created(_) | TaskOp::TemplateRemoved(_) | TaskOp::TemplateSet(_) => false,
            TaskOp::Declined(op) => {
                let may = self.is_open() && self.is_had_by(by);
                if may {
                    self.give(Assignee::Team, mark, Way::Declined);
                    self.declined.push(Said::new(mark, &op.reason));
                    let excess = self.declined.len().saturating_sub(DECLINED);
                    self.declined.drain(..excess);
                }
                may
            }
            TaskOp::DueSet(op) => std::mem::replace(&mut self.due, op.due) != op.due,
            TaskOp::Edited(op) => {
                self.edit(mark, op);
                true
            }
            TaskOp::ItemAdded(op) => {
                self.checklist.push(CheckItem {
                    id: ItemId(mark.stamp.op, 0),
                    text: op.text.clone(),
                    done: None,
                });
                true
            }
            TaskOp::PrioritySet(op) => {
                let is_another = std::mem::replace(&mut self.priority, op.priority) != op.priority;
                if is_another {
                    self.raised = (op.priority == Priority::Urgent).then_some(mark);
                }
                is_another
            }
            TaskOp::Removed(op) => {
                let may = self.end() == Some(op.seen) && self.signed_off.is_none();
                if may {
                    self.signed_off = Some(mark);
                }
                may
            }
            TaskOp::Reopened(op) => self.reopen(Said::new(mark, &op.reason)),
            TaskOp::Started(_) => {
                let accepted = self.accept(mark);
                let may = self.is_open() && self.accepted.is_some_and(|accepted| accepted.stamp.by == by);
                let started = may && self.started.is_none();
                if started {
                    self.started = Some(mark);
                }
                accepted || started
            }
            TaskOp::Ticked(op) => {
                let item = self.checklist.iter_mut().find(|item| item.id == op.item);
                let item = item.filter(|item| item.done.is_some() != op.done);
                item.map(|item| item.done = op.done.then_some(mark)).is_some()
            }
            TaskOp::Unwatched(_) => self.watchers.remove(&by),
            TaskOp::Watched(_) => self.watchers.insert(by),
        }
    }

    /// Whether somebody has it: as far as the task itself says. Who holds a role is for the rules.
    fn is_had_by(&self, user: UserId) -> bool {
        match self.hold.to {
            Assignee::Person(person) => person == user,
            Assignee::Role(_) => true,
            Assignee::Team => self.accepted.is_some_and(|accepted| accepted.stamp.by == user),
        }
    }

    fn give(&mut self, to: Assignee, by: Mark, way: Way) {
        let from = match self.hold.to {
            Assignee::Team => self.accepted.map(|accepted| Assignee::Person(accepted.stamp.by)),
            had @ (Assignee::Person(_) | Assignee::Role(_)) => Some(had),
        };
        self.hold = Hold { to, by, from, way };
        self.accepted = None;
        self.started = None;
    }

    /// What would become of it in a handover of this person.
    pub(super) fn would_go(&self, from: UserId) -> Went {
        if !self.is_open() {
            return Went::Ended;
        }
        let has = match self.hold.to {
            Assignee::Role(role) => return Went::WithRole(role),
            Assignee::Person(user) => Some(user),
            Assignee::Team => self.accepted.map(|accepted| accepted.stamp.by),
        };
        if has == Some(from) {
            Went::Passed
        } else {
            Went::Elsewhere(has)
        }
    }

    /// Who accepted the handover has taken it on.
    pub(super) fn hand_over(&mut self, mark: Mark, handover: OpId) {
        self.give(Assignee::Person(mark.stamp.by), mark, Way::HandedOver(handover));
        self.accepted = Some(mark);
        self.changed = mark.seq;
    }

    fn accept(&mut self, mark: Mark) -> bool {
        let by = mark.stamp.by;
        let is_free = match self.hold.to {
            Assignee::Person(person) => person == by,
            Assignee::Role(_) => true,
            Assignee::Team => self.accepted.is_none(),
        };
        let is_theirs = self.accepted.is_some_and(|accepted| accepted.stamp.by == by);
        let may = self.is_open() && is_free && !is_theirs;
        if may {
            self.accepted = Some(mark);
            self.started = None;
        }
        may
    }

    fn close(&mut self, how: Ending, said: Said) -> bool {
        let may = self.is_open();
        if may {
            self.closed = Some(Closed { how, said });
        }
        may
    }

    /// The first completion stands. Another one stays beside it, and so does one of before the task was reopened; then it
    /// is listed again until somebody signs that off too.
    fn complete(&mut self, mark: Mark, op: &Completed) -> bool {
        let said = Said::new(mark, &op.note);
        if op.round == self.round() && self.is_open() {
            return self.close(Ending::Completed, said);
        }
        if op.note.as_str().is_empty() && op.round == self.round() && self.was_done_by(mark.stamp.by) {
            return false;
        }
        self.echoes.push(said);
        self.signed_off = None;
        true
    }

    /// Whether somebody has said already that they did it, since it was last reopened.
    fn was_done_by(&self, user: UserId) -> bool {
        let done = self
            .closed
            .iter()
            .filter(|closed| closed.how == Ending::Completed);
        let since = self.reopened.last().map(|reopening| reopening.said.by.seq);
        let mut said = done.map(|closed| &closed.said).chain(&self.echoes);
        said.any(|said| said.by.stamp.by == user && Some(said.by.seq) > since)
    }

    fn reopen(&mut self, said: Said) -> bool {
        let Some(closed) = self.closed.take() else {
            return false;
        };
        // Who takes their own word back leaves it with whoever had it; told otherwise that it is to be done, one takes it on anew.
        if closed.said.by.stamp.by != said.by.stamp.by {
            self.accepted = None;
            self.started = None;
        }
        self.reopened.push(Reopening { said, closed });
        self.signed_off = None;
        true
    }

    fn edit(&mut self, mark: Mark, op: &Edited) {
        let field = match op.field {
            Field::Details => &mut self.details,
            Field::Place => &mut self.place,
            Field::Title => &mut self.title,
        };
        mark.rewrite(field, &op.text, op.base, &op.after);
    }

    /// Whether somebody has it, took it on or wants to hear of it.
    pub(super) fn concerns(&self, user: UserId) -> bool {
        let took_on = self.accepted.is_some_and(|accepted| accepted.stamp.by == user);
        took_on || self.hold.to == Assignee::Person(user) || self.watchers.contains(&user)
    }

    /// Somebody no longer belongs to the space. Closed tasks too: one may be reopened.
    pub(super) fn leave(&mut self, mark: Mark, user: UserId) {
        self.watchers.remove(&user);
        let took_on = self.accepted.is_some_and(|accepted| accepted.stamp.by == user);
        match self.hold.to {
            Assignee::Person(person) if person == user => self.give(Assignee::Team, mark, Way::Left(user)),
            Assignee::Team if took_on => self.give(Assignee::Team, mark, Way::Left(user)),
            Assignee::Role(_) if took_on => {
                self.accepted = None;
                self.started = None;
            }
            Assignee::Person(_) | Assignee::Role(_) | Assignee::Team => {}
        }
    }

    /// Whether it is for a role.
    pub(super) fn is_of_role(&self, role: OpId) -> bool {
        self.hold.to == Assignee::Role(role)
    }

    pub(super) fn lose_role(&mut self, mark: Mark, role: OpId) {
        self.give(Assignee::Team, mark, Way::RoleArchived(role));
    }
}
