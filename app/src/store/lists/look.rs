//! How one person looks at a list: order, grouping, filter, columns, and what they have seen of it. The vault keeps it,
//! sealed; nobody else is told.

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::list::Field;
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::text::Basis;
use baton_core::time::At;
use serde::{Deserialize, Serialize};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ListKey {
    /// The space that has it.
    pub space: SpaceId,
    /// The operation that made it.
    pub list: OpId,
}

/// Which cell of which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CellKey {
    /// The list.
    pub list: ListKey,
    /// Whose row.
    pub patient: PatientId,
    /// Which field.
    pub field: Field,
}

/// What somebody is writing in a cell and has not saved.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellDraft {
    /// The text.
    pub text: String,
    /// What they had before them when they began ([`Basis::base`]): what somebody else writes meanwhile stays beside it.
    pub base: Seq,
    /// [`Basis::after`].
    #[serde(default)]
    pub after: Vec<OpId>,
}

impl CellDraft {
    /// What an edit of it names.
    pub fn basis(&self) -> Basis {
        Basis {
            base: self.base,
            after: self.after.clone(),
        }
    }
}

/// In which order rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// By place: ward, room, bed.
    #[default]
    Bed,
    /// By name.
    Name,
    /// As people moved them.
    Own,
}

impl Sort {
    /// All, as they are offered.
    pub const ALL: [Self; 3] = [Self::Bed, Self::Name, Self::Own];

    /// What it is called on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bed => "Bed",
            Self::Name => "Name",
            Self::Own => "Own order",
        }
    }

    /// In a sentence: `Sorted by bed`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Bed => "Sorted by bed",
            Self::Name => "Sorted by name",
            Self::Own => "In the list’s own order",
        }
    }

    /// As a choice of a form has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bed => "bed",
            Self::Name => "name",
            Self::Own => "own",
        }
    }
}

/// Whether those who left are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Left {
    /// They are, with the others.
    #[default]
    Shown,
    /// Only those who did not leave.
    Hidden,
    /// Only those who left.
    Only,
}

impl Left {
    /// All, as they are offered.
    pub const ALL: [Self; 3] = [Self::Shown, Self::Hidden, Self::Only];

    /// What it is called on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Shown => "Here and left",
            Self::Hidden => "Not left",
            Self::Only => "Left",
        }
    }

    /// As a choice of a form has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shown => "",
            Self::Hidden => "here",
            Self::Only => "left",
        }
    }
}

/// Order, grouping, filter and columns.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// The order.
    pub sort: Sort,
    /// Whether rows are grouped by location.
    pub is_grouped: bool,
    /// Text that a row must have; empty for any.
    pub text: String,
    /// A flag that a row must have, in lower case; empty for any.
    pub flag: String,
    /// The consultant that a patient must have; empty for any.
    pub consultant: String,
    /// Whether those who left are shown.
    pub left: Left,
    /// Columns that this person does not want to see.
    pub hidden: SortedSet<Field>,
    /// On paper upright; otherwise across.
    pub is_upright: bool,
}

impl View {
    /// Whether it may hide somebody.
    pub fn is_filtered(&self) -> bool {
        !self.text.trim().is_empty()
            || !self.flag.is_empty()
            || !self.consultant.is_empty()
            || self.left != Left::Shown
    }

    /// Shows everybody.
    pub fn widen(&mut self) {
        self.text.clear();
        self.flag.clear();
        self.consultant.clear();
        self.left = Left::Shown;
    }
}

/// What a person has seen of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRow {
    /// Up to this place of the log.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// Where the patient was.
    #[serde(rename = "p")]
    pub place: String,
}

/// What a person has seen of a list on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Of what is not in a row: up to this place of the log.
    pub seq: Seq,
    /// When they last said so.
    pub at: At,
    /// By row. A row that is not here was never on the screen when they said so.
    pub rows: SortedMap<PatientId, SeenRow>,
}

/// All that is kept of how a person looks at a list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Order, grouping, filter and columns.
    #[serde(default)]
    pub view: View,
    /// What they have seen; `None` before they ever looked here.
    #[serde(default)]
    pub seen: Option<Seen>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::cbor;

    #[test]
    fn a_look_is_read_as_it_was_kept_and_one_of_an_older_app_too() {
        #[derive(Serialize)]
        struct Nothing {}
        let patient = PatientId::from_bytes([4; 16]);
        let row = SeenRow {
            seq: Seq::new(7),
            place: "Bed 4".to_owned(),
        };
        let look = Look {
            view: View {
                sort: Sort::Own,
                hidden: SortedSet::from([Field::Jobs, Field::Column(OpId::from_bytes([3; 16]))]),
                ..View::default()
            },
            seen: Some(Seen {
                seq: Seq::new(9),
                at: At::from_millis(1),
                rows: SortedMap::from([(patient, row)]),
            }),
        };
        let read: Look = cbor::from_bytes(&cbor::to_bytes(&look)).unwrap();
        assert!(read == look);
        let read: Look = cbor::from_bytes(&cbor::to_bytes(&Nothing {})).unwrap();
        assert!(read == Look::default());
    }

    #[test]
    fn a_filter_that_is_widened_hides_nobody() {
        let mut view = View {
            text: "smith".to_owned(),
            flag: "falls".to_owned(),
            consultant: "Dr A Khan".to_owned(),
            left: Left::Only,
            ..View::default()
        };
        assert!(view.is_filtered());
        view.widen();
        assert!(view == View::default());
    }
}
