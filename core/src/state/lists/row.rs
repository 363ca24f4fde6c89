//! One patient's row of a list: since when they are on it, and what the team wrote about them there.

use crate::ordered::SortedMap;
use serde::{Deserialize, Serialize};

use crate::chain::Seq;
use crate::id::PatientId;
use crate::op::list::{Field, FieldSet};
use crate::state::Mark;
use crate::text::{Basis, TextField};

/// One patient's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Who, by the id that was named when they were put on the list: [`crate::state::Patients::resolve`] says who that is
    /// now.
    #[serde(rename = "p")]
    pub patient: PatientId,
    /// Who put them on it.
    #[serde(rename = "a")]
    pub added: Mark,
    /// Set when they left where an automatic list is of; they stay on it until somebody takes them off.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Mark>,
    #[serde(rename = "f", default, skip_serializing_if = "Fields::is_empty")]
    fields: Fields,
    /// The place of what last happened to this row, other than that it was moved.
    #[serde(rename = "q")]
    pub changed: Seq,
}

/// A row that was taken off the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// As it was.
    #[serde(rename = "r")]
    pub row: Row,
    /// Who took it off.
    #[serde(rename = "x")]
    pub by: Mark,
}

/// What was written, by field; as pairs, since keys of CBOR maps are better simple.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(Field, TextField)>", into = "Vec<(Field, TextField)>")]
struct Fields(SortedMap<Field, TextField>);

impl Fields {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<(Field, TextField)>> for Fields {
    fn from(fields: Vec<(Field, TextField)>) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl From<Fields> for Vec<(Field, TextField)> {
    fn from(fields: Fields) -> Self {
        fields.0.into_iter().collect()
    }
}

impl Row {
    pub(super) fn new(mark: Mark, patient: PatientId) -> Self {
        Self {
            patient,
            added: mark,
            left: None,
            fields: Fields::default(),
            changed: mark.seq,
        }
    }

    /// A field; `None` when nothing was ever written there.
    pub fn field(&self, field: Field) -> Option<&TextField> {
        self.fields.0.get(&field)
    }

    /// What holds in a field; empty when nothing was written or it was cleared. Where versions wait to be settled
    /// ([`TextField::is_in_conflict`]) this is the newest of them, which is never to be shown alone.
    pub fn text(&self, field: Field) -> &str {
        self.field(field).map_or("", TextField::newest)
    }

    /// What to name in an edit of a field that begins now.
    pub fn basis(&self, field: Field) -> Basis {
        self.field(field).map(TextField::basis).unwrap_or_default()
    }

    /// The fields in which something was ever written; of columns that were removed too.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &TextField)> {
        self.fields.0.iter().map(|(field, text)| (*field, text))
    }

    pub(super) fn write(&mut self, mark: Mark, set: &FieldSet) {
        mark.rewrite(
            self.fields.0.or_default(set.field),
            &set.text,
            set.base,
            &set.after,
        );
        self.changed = mark.seq;
    }

    pub(super) fn leave(&mut self, mark: Mark) -> bool {
        let is_news = self.left.is_none();
        if is_news {
            self.left = Some(mark);
            self.changed = mark.seq;
        }
        is_news
    }

    pub(super) fn come_back(&mut self, mark: Mark) -> bool {
        let is_news = self.left.take().is_some();
        if is_news {
            self.changed = mark.seq;
        }
        is_news
    }

    /// The row of a patient who is put on the list again.
    pub(super) fn put_back(self, mark: Mark) -> Self {
        Self {
            fields: self.fields,
            ..Self::new(mark, self.patient)
        }
    }
}
