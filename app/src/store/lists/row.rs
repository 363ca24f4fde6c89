//! A row of a list, ready to be shown: everything in words, nothing to be looked up.

use std::sync::Arc;

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId};
use baton_core::op::list::Field;
use baton_core::text::Basis;

use super::arrange::Facts;
use crate::store::patients::Face;

/// A column: a field and its heading.
#[derive(Clone, PartialEq, Eq)]
pub struct ColumnHead {
    /// Which field.
    pub field: Field,
    /// What it is called.
    pub title: String,
}

/// The fields that every list has, in their order.
pub const FIELDS: [Field; 5] = [
    Field::Summary,
    Field::Jobs,
    Field::Flags,
    Field::ExpectedDischarge,
    Field::Resuscitation,
];

/// What a field that every list has is called; a column of a list's own has its own title.
pub fn title(field: Field) -> &'static str {
    match field {
        Field::Column(_) => "Column",
        Field::ExpectedDischarge => "Expected discharge",
        Field::Flags => "Flags",
        Field::Jobs => "Jobs",
        Field::Resuscitation => "Resuscitation status",
        Field::Summary => "Summary",
    }
}

/// A patient's row.
#[derive(Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The id by which they were put on the list.
    pub patient: PatientId,
    /// Who that is now.
    pub stands: PatientId,
    /// How they are shown; `None` while nothing is known of them here.
    pub face: Option<Face>,
    /// The merged record by which they were put on the list, in one line.
    pub written_about: Option<String>,
    /// That another on this list has a like name.
    pub likeness: Option<&'static str>,
    /// Where they are.
    pub place: PlaceCell,
    /// That they left, and when.
    pub left: Option<String>,
    /// Who put them on the list, when.
    pub added: String,
    /// Put on it, or marked as left, since the reader last looked.
    pub news: Option<&'static str>,
    /// Where it is on its way that they were put on the list.
    pub status: Option<&'static str>,
    /// What is written, in the order of the columns.
    pub cells: Vec<Cell>,
    /// What it is ordered by.
    pub facts: Arc<Facts>,
}

impl SheetRow {
    /// What the row is called where it is spoken of.
    pub fn name(&self) -> String {
        let unknown = || "This patient".to_owned();
        self.face.as_ref().map_or_else(unknown, |face| face.name.clone())
    }

    /// Whether anything of it changed since the reader last looked.
    pub fn is_changed(&self) -> bool {
        self.news.is_some() || self.place.before.is_some() || self.cells.iter().any(|cell| cell.is_changed)
    }

    /// A cell of it.
    pub fn cell(&self, field: Field) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.field == field)
    }
}

/// Where a patient is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PlaceCell {
    /// The bed; empty when that is not known.
    pub bed: String,
    /// Ward and room.
    pub rest: String,
    /// What else is to be known: on leave, expected, discharged.
    pub status: Option<&'static str>,
    /// Where they were when the reader last looked, if that is another place.
    pub before: Option<String>,
}

impl PlaceCell {
    /// In one line; empty when nothing is known.
    pub fn line(&self) -> String {
        let status = self.status.unwrap_or_default();
        let parts = [self.bed.as_str(), self.rest.as_str(), status];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }
}

/// What is written in one field of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Cell {
    /// Which field.
    pub field: Field,
    /// What holds: nothing, one version, or several that wait for somebody to settle them.
    pub versions: Vec<Version>,
    /// What the hospital's feed says, where nobody wrote anything.
    pub feed: Option<String>,
    /// What stands of the same thing elsewhere, and where.
    pub elsewhere: Option<String>,
    /// Somebody else wrote it since the reader last looked.
    pub is_changed: bool,
    /// Where what the reader wrote is on its way.
    pub status: Option<&'static str>,
}

impl Cell {
    /// Whether several versions wait for somebody to settle them.
    pub fn is_in_conflict(&self) -> bool {
        self.versions.len() > 1
    }

    /// What holds, if one version does; all of them below each other, if several do.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .versions
            .iter()
            .map(|version| version.text.as_str())
            .collect();
        texts.join("\n")
    }

    /// Whether there is nothing to see in it.
    pub fn is_empty(&self) -> bool {
        self.versions.iter().all(|version| version.text.trim().is_empty()) && !self.is_in_conflict()
    }
}

/// A text, who wrote it and when.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// The operation that wrote it.
    pub op: OpId,
    /// Its place.
    pub seq: Seq,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: String,
}

impl Version {
    /// Whether another wrote it, and who began an edit on `basis` has not seen it.
    pub fn is_unseen(&self, basis: &Basis) -> bool {
        self.seq > basis.base && !basis.after.contains(&self.op) && self.by != "you"
    }
}

/// An operation about a list that the record refused.
#[derive(Clone, PartialEq, Eq)]
pub struct Refused {
    /// The operation.
    pub op: OpId,
    /// What it was: `Summary of SMITH, John`.
    pub what: String,
    /// The cell, when it was written in one.
    pub cell: Option<(PatientId, Field)>,
    /// The text that somebody wrote, which stays until they correct or discard it.
    pub text: String,
    /// Why, and what one can do.
    pub reason: String,
}

/// What stands around the rows.
#[expect(clippy::struct_excessive_bools, reason = "each is shown on its own")]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Nothing of it is here, or it is not a list.
    pub is_missing: bool,
    /// Its title.
    pub title: String,
    /// Other titles that wait for somebody to settle them.
    pub other_titles: Vec<String>,
    /// Whose it is: a team, or the reader.
    pub owner: String,
    /// Whether it is one of the reader's own.
    pub is_own: bool,
    /// What it includes, in a sentence.
    pub includes: String,
    /// That it is in the archive, since when.
    pub archived: Option<String>,
    /// Whether the reader may write in it.
    pub may_write: bool,
    /// All its columns.
    pub columns: Vec<ColumnHead>,
    /// Flags that stand in some row.
    pub flags: Vec<String>,
    /// Consultants of some patient.
    pub consultants: Vec<String>,
    /// When the reader last said that they had seen it; `None` before the first time.
    pub since: Option<String>,
    /// Rows that changed since, of all.
    pub changed: usize,
    /// Who was taken off since, by whom, when.
    pub taken_off: Vec<String>,
    /// Cells in which several versions wait.
    pub conflicts: usize,
    /// Operations that the record refused.
    pub refused: Vec<Refused>,
    /// As of when it is.
    pub as_of: String,
    /// Whether that is now.
    pub is_live: bool,
}
