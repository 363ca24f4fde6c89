//! Lists of patients. A list is named by the id of the operation that created it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::variant;
use crate::cbor::{self, CborError};
use crate::chain::Seq;
use crate::id::{OpId, PatientId};
use crate::secret::Personal;

/// A field longer than this (in bytes of UTF-8) is refused.
pub const FIELD_BYTES: usize = 8 * 1024;

/// More columns of its own than this in one list are refused.
pub const COLUMNS: usize = 20;

/// More columns than this that one list ever had are refused: what was written in one that is gone is still kept.
pub const COLUMNS_EVER: usize = 60;

/// More patients than this on one list are refused.
pub const PATIENTS: usize = 2_000;

/// More lists than this in one space are refused, those in the archive included.
pub const LISTS: usize = 100;

/// A name in a [`Source`] longer than this (in bytes of UTF-8) is refused.
pub const SOURCE_BYTES: usize = 200;

/// What is done with lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListOp {
    /// Put away: no longer shown among the lists, still readable.
    Archived(Archived),
    /// Got a column of its own.
    ColumnAdded(ColumnAdded),
    /// Lost a column of its own; what was written in it stays in its history.
    ColumnRemoved(ColumnRemoved),
    /// Made.
    Created(Created),
    /// A field of a patient's row was written.
    FieldSet(FieldSet),
    /// A patient's row went elsewhere in the list.
    Moved(Moved),
    /// A patient was put on it.
    PatientAdded(PatientAdded),
    /// A patient left where the list is of; they stay on it, marked, until somebody takes them off. By the record only.
    PatientLeft(PatientLeft),
    /// A patient was taken off it.
    PatientRemoved(PatientRemoved),
    /// The title changed.
    Renamed(Renamed),
    /// Taken out of the archive.
    Restored(Restored),
}

/// `list.created`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Its title.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// Where its patients come from by themselves; `None` for a list that people keep by hand.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Whom an automatic list includes: all patients whose visit matches, compared without case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// Those of a consultant, as the feed names them.
    #[serde(rename = "c")]
    Consultant(String),
    /// Those of a GP practice (ODS code): a caseload.
    #[serde(rename = "g")]
    Practice(String),
    /// Those of a ward, unit, home or team; in any facility when that is empty.
    #[serde(rename = "w")]
    Ward {
        /// Hospital, home or service.
        #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
        facility: String,
        /// The point of care.
        #[serde(rename = "w")]
        ward: String,
    },
}

impl fmt::Debug for Source {
    /// Names nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Consultant(_) => "Consultant(…)",
            Self::Practice(_) => "Practice(…)",
            Self::Ward { .. } => "Ward(…)",
        })
    }
}

/// `list.archived`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
}

/// `list.restored`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
}

/// `list.renamed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// The new title.
    #[serde(rename = "t")]
    pub title: Personal<String>,
    /// The place of the version that its author had before them.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had written there before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}

/// `list.patient_added`. Adding twice is one row; adding one who was taken off, or who left, puts them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientAdded {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Who.
    #[serde(rename = "p")]
    pub patient: PatientId,
}

/// `list.patient_left`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientLeft {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Who.
    #[serde(rename = "p")]
    pub patient: PatientId,
}

/// `list.patient_removed`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientRemoved {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Who.
    #[serde(rename = "p")]
    pub patient: PatientId,
}

/// `list.moved`: by neighbour, so that two who move different rows do not undo each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Whose row.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// After whose row; `None` to the top. Where that row is gone, the end.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PatientId>,
}

/// `list.field_set`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSet {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Whose row.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// Which field.
    #[serde(rename = "f")]
    pub field: Field,
    /// The text; empty when it was cleared.
    #[serde(rename = "t")]
    pub text: Personal<String>,
    /// The place of the version that its author had before them; zero when it was empty.
    #[serde(rename = "b")]
    pub base: Seq,
    /// What the author had written there before and was then only on their device, so that it had no place yet.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<OpId>,
}

/// A field of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    /// A column of the list's own, by the id of the operation that added it.
    #[serde(rename = "c")]
    Column(OpId),
    /// Expected date of discharge.
    #[serde(rename = "e")]
    ExpectedDischarge,
    /// Things to look out for, such as *falls* or *isolate*.
    #[serde(rename = "f")]
    Flags,
    /// What is to be done.
    #[serde(rename = "j")]
    Jobs,
    /// Resuscitation status, as the team records it.
    #[serde(rename = "r")]
    Resuscitation,
    /// Why they are here and how they are.
    #[serde(rename = "s")]
    Summary,
}

/// `list.column_added`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnAdded {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Its heading.
    #[serde(rename = "t")]
    pub title: Personal<String>,
}

/// `list.column_removed`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRemoved {
    /// Which list.
    #[serde(rename = "l")]
    pub list: OpId,
    /// Which column.
    #[serde(rename = "c")]
    pub column: OpId,
}

impl ListOp {
    pub(crate) fn target(&self) -> Option<OpId> {
        match self {
            Self::Archived(op) => Some(op.list),
            Self::ColumnAdded(op) => Some(op.list),
            Self::ColumnRemoved(op) => Some(op.list),
            Self::Created(_) => None,
            Self::FieldSet(op) => Some(op.list),
            Self::Moved(op) => Some(op.list),
            Self::PatientAdded(op) => Some(op.list),
            Self::PatientLeft(op) => Some(op.list),
            Self::PatientRemoved(op) => Some(op.list),
            Self::Renamed(op) => Some(op.list),
            Self::Restored(op) => Some(op.list),
        }
    }

    pub(super) fn has_text(&self) -> bool {
        match self {
            Self::ColumnAdded(_) | Self::Created(_) | Self::Renamed(_) => true,
            Self::FieldSet(set) => !set.text.as_str().is_empty(),
            Self::Archived(_)
            | Self::ColumnRemoved(_)
            | Self::Moved(_)
            | Self::PatientAdded(_)
            | Self::PatientLeft(_)
            | Self::PatientRemoved(_)
            | Self::Restored(_) => false,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Archived(_) => "list.archived",
            Self::ColumnAdded(_) => "list.column_added",
            Self::ColumnRemoved(_) => "list.column_removed",
            Self::Created(_) => "list.created",
            Self::FieldSet(_) => "list.field_set",
            Self::Moved(_) => "list.moved",
            Self::PatientAdded(_) => "list.patient_added",
            Self::PatientLeft(_) => "list.patient_left",
            Self::PatientRemoved(_) => "list.patient_removed",
            Self::Renamed(_) => "list.renamed",
            Self::Restored(_) => "list.restored",
        }
    }

    pub(super) fn payload(&self) -> Vec<u8> {
        match self {
            Self::Archived(payload) => cbor::to_bytes(payload),
            Self::ColumnAdded(payload) => cbor::to_bytes(payload),
            Self::ColumnRemoved(payload) => cbor::to_bytes(payload),
            Self::Created(payload) => cbor::to_bytes(payload),
            Self::FieldSet(payload) => cbor::to_bytes(payload),
            Self::Moved(payload) => cbor::to_bytes(payload),
            Self::PatientAdded(payload) => cbor::to_bytes(payload),
            Self::PatientLeft(payload) => cbor::to_bytes(payload),
            Self::PatientRemoved(payload) => cbor::to_bytes(payload),
            Self::Renamed(payload) => cbor::to_bytes(payload),
            Self::Restored(payload) => cbor::to_bytes(payload),
        }
    }

    pub(super) fn decode(kind: &str, payload: &[u8]) -> Result<Option<Self>, CborError> {
        match kind {
            "list.archived" => variant(payload, Self::Archived),
            "list.column_added" => variant(payload, Self::ColumnAdded),
            "list.column_removed" => variant(payload, Self::ColumnRemoved),
            "list.created" => variant(payload, Self::Created),
            "list.field_set" => variant(payload, Self::FieldSet),
            "list.moved" => variant(payload, Self::Moved),
            "list.patient_added" => variant(payload, Self::PatientAdded),
            "list.patient_left" => variant(payload, Self::PatientLeft),
            "list.patient_removed" => variant(payload, Self::PatientRemoved),
            "list.renamed" => variant(payload, Self::Renamed),
            "list.restored" => variant(payload, Self::Restored),
            _ => Ok(None),
        }
    }
}
