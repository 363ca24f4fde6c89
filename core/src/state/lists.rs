//! Lists of patients: what is on them, in which order, and what was written.
//!
//! Nothing of a list is in the timeline, so a list is held whole, but for what only the log keeps: of each text the
//! [`super::EARLIER`] versions before the one that holds, of the rows that were taken off the newest [`REMOVED`]. The record gives
//! the entries about a list ([`crate::device_api::HistoryOf`]), and with them everything.

use std::sync::Arc;

use crate::ordered::{SortedMap, SortedSet};
use serde::{Deserialize, Serialize};

use super::Mark;
use crate::chain::Seq;
use crate::id::{OpId, PatientId};
use crate::op::list::{Created, ListOp, Source};
use crate::secret::Personal;
use crate::text::{Basis, TextField};

mod row;

pub use row::{Removed, Row};

/// Rows that were taken off a list, with what is in them: put back, they come back with it.
pub const REMOVED: usize = 100;

/// The lists of a space, by the operation that created each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lists(SortedMap<OpId, List>);

impl Lists {
    /// A list, if there is such.
    pub fn find(&self, id: OpId) -> Option<&List> {
        self.0.get(&id)
    }

    /// All lists, those in the archive too, in the order of their ids, which is about that in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = (OpId, &List)> {
        self.0.iter().map(|(id, list)| (*id, list))
    }

    /// How many there are, those in the archive too.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a patient is on one of the lists that are not in the archive.
    pub fn include(&self, patient: PatientId) -> bool {
        let mut shown = self.0.values().filter(|list| list.archived.is_none());
        shown.any(|list| list.row(patient).is_some())
    }

    /// Everybody who is on a list or is remembered as having been.
    pub(super) fn patients(&self) -> SortedSet<PatientId> {
        let of_list = |list: &List| {
            let removed = list.removed.iter().map(|removed| removed.row.patient);
            let rows = list.rows.iter().map(|row| row.patient);
            rows.chain(removed).collect::<Vec<_>>()
        };
        self.0.values().flat_map(of_list).collect()
    }

    /// Applies an operation; gives the list when something of it changed.
    pub(super) fn apply(&mut self, mark: Mark, op: &ListOp) -> Option<OpId> {
        if let ListOp::Created(created) = op {
            let id = mark.stamp.op;
            let is_new = !self.0.contains_key(&id);
            self.0.or_insert_with(id, || List::new(mark, created));
            return is_new.then_some(id);
        }
        let id = op.target()?;
        let list = self.0.get_mut(&id)?;
        let has_changed = list.apply(mark, op);
        if has_changed {
            list.changed = mark.seq;
        }
        has_changed.then_some(id)
    }
}

/// A list of patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Who made it.
    #[serde(rename = "s")]
    pub created: Mark,
    /// Its title.
    #[serde(rename = "t")]
    pub title: TextField,
    /// Where its patients come from by themselves; `None` for one that people keep by hand.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Its own columns, in the order in which they were added; those that were removed too.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<Column>,
    /// In order; each patient once.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Arc<Row>>,
    /// In the order in which they were taken off. Invariant: none of them is in `rows`.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<Arc<Removed>>,
    /// Set while it is in the archive.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<Mark>,
    /// The place of what was last done to it or to a row of it.
    #[serde(rename = "q")]
    pub changed: Seq,
}

/// A column of a list's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What it is named by: the operation that added it.
    #[serde(rename = "i")]
    pub id: OpId,
    /// Its heading.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// Set when it was removed: it is no longer shown, and nothing more is written in it.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Mark>,
}

impl List {
    fn new(mark: Mark, created: &Created) -> Self {
        let mut title = TextField::default();
        title.edit(mark.version(&created.title), &Basis::default());
        Self {
            created: mark,
            title,
            source: created.source.clone(),
            columns: Vec::new(),
            rows: Vec::new(),
            removed: Vec::new(),
            archived: None,
            changed: mark.seq,
        }
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> + DoubleEndedIterator {
        self.rows.iter().map(AsRef::as_ref)
    }

    /// A patient's row, while they are on it, also when they left.
    pub fn row(&self, patient: PatientId) -> Option<&Row> {
        self.rows().find(|row| row.patient == patient)
    }

    /// Those who were taken off last, in the order in which they were; at most [`REMOVED`].
    pub fn removed(&self) -> impl DoubleEndedIterator<Item = &Removed> {
        self.removed.iter().map(AsRef::as_ref)
    }

    /// The columns of its own that are shown, in order.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.removed.is_none())
    }

    /// A column of its own, also one that was removed.
    pub fn column(&self, id: OpId) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// How many columns of its own it ever had.
    pub fn columns_ever(&self) -> usize {
        self.columns.len()
    }

    /// Whether a patient is on it or is remembered as having been.
    pub fn knows(&self, patient: PatientId) -> bool {
        self.row(patient).is_some() || self.removed().any(|removed| removed.row.patient == patient)
    }

    /// Applies an operation about this list; true when something changed.
    fn apply(&mut self, mark: Mark, op: &ListOp) -> bool {
        match op {
            ListOp::Archived(_) => {
                let is_news = self.archived.is_none();
                self.archived.get_or_insert(mark);
                is_news
            }
            ListOp::ColumnAdded(added) => {
                let id = mark.stamp.op;
                let is_news = self.column(id).is_none();
                if is_news {
                    self.columns.push(Column {
                        id,
                        title: added.title.clone(),
                        removed: None,
                    });
                }
                is_news
            }
            ListOp::ColumnRemoved(removed) => {
                let mut shown = self.columns.iter_mut().filter(|column| column.removed.is_none());
                let column = shown.find(|column| column.id == removed.column);
                column.is_some_and(|column| column.removed.replace(mark).is_none())
            }
            ListOp::Created(_) => false,
            ListOp::FieldSet(set) => self.row_mut(set.patient).is_some_and(|row| {
                row.write(mark, set);
                true
            }),
            ListOp::Moved(moved) => self.move_row(moved.patient, moved.after),
            ListOp::PatientAdded(added) => self.add(mark, added.patient),
            ListOp::PatientLeft(left) => self.change_row(left.patient, |row| row.leave(mark)),
            ListOp::PatientRemoved(removed) => self.remove(mark, removed.patient),
            ListOp::Renamed(renamed) => {
                mark.rewrite(&mut self.title, &renamed.title, renamed.base, &renamed.after);
                true
            }
            ListOp::Restored(_) => self.archived.take().is_some(),
        }
    }

    /// Where a patient's row is.
    fn place(&self, patient: PatientId) -> Option<usize> {
        self.rows.iter().position(|row| row.patient == patient)
    }

    fn change_row(&mut self, patient: PatientId, change: impl FnOnce(&mut Row) -> bool) -> bool {
        let row = self.rows.iter_mut().find(|row| row.patient == patient);
        row.is_some_and(|row| change(Arc::make_mut(row)))
    }

    /// A patient's row, wherever it is: nothing that is written is lost because somebody took the patient off meanwhile.
    fn row_mut(&mut self, patient: PatientId) -> Option<&mut Row> {
        if let Some(row) = self.rows.iter_mut().find(|row| row.patient == patient) {
            return Some(Arc::make_mut(row));
        }
        let mut removed = self.removed.iter_mut();
        let removed = removed.find(|removed| removed.row.patient == patient)?;
        Some(&mut Arc::make_mut(removed).row)
    }

    /// Puts a patient at the end, with what was in their row before. One who left and is here again is no longer marked.
    fn add(&mut self, mark: Mark, patient: PatientId) -> bool {
        if self.place(patient).is_some() {
            return self.change_row(patient, |row| row.come_back(mark));
        }
        let before = self
            .removed
            .iter()
            .position(|removed| removed.row.patient == patient);
        let row = match before {
            Some(at) => Arc::unwrap_or_clone(self.removed.remove(at)).row.put_back(mark),
            None => Row::new(mark, patient),
        };
        self.rows.push(Arc::new(row));
        true
    }

    fn remove(&mut self, mark: Mark, patient: PatientId) -> bool {
        let Some(at) = self.place(patient) else {
            return false;
        };
        let row = Arc::unwrap_or_clone(self.rows.remove(at));
        self.removed.push(Arc::new(Removed { row, by: mark }));
        let excess = self.removed.len().saturating_sub(REMOVED);
        self.removed.drain(..excess);
        true
    }

    /// Moves a row behind another, to the top, or to the end when that other is gone. Behind itself it stays.
    fn move_row(&mut self, patient: PatientId, after: Option<PatientId>) -> bool {
        let Some(from) = self.place(patient).filter(|_| after != Some(patient)) else {
            return false;
        };
        let row = self.rows.remove(from);
        let to = match after {
            None => 0,
            Some(after) => self.place(after).map_or(self.rows.len(), |at| at + 1),
        };
        self.rows.insert(to, row);
        from != to
    }
}

#[cfg(test)]
mod tests;
