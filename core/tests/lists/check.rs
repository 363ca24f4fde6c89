//! What must hold when everything has reached the record and everybody has heard of it.

use std::collections::BTreeSet;

use baton_core::cbor;
use baton_core::chain::{Head, Seq};
use baton_core::id::{OpId, PatientId};
use baton_core::op::list::ListOp;
use baton_core::op::space::SpaceOp;
use baton_core::op::{Body, Op};
use baton_core::state::EARLIER;
use baton_core::state::SpaceState;
use baton_core::text::{Basis, TextField, TextVersion};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::world::{LIST, World};

impl World {
    /// The edits of one field in the log.
    fn edits(&self, of: impl Fn(&Op) -> Option<Basis>) -> Vec<Edit> {
        let edit = |(head, op): &(Head, Op)| {
            let basis = of(op)?;
            let (seq, op) = (head.seq, op.id);
            Some(Edit { seq, op, basis })
        };
        self.log.iter().filter_map(edit).collect()
    }

    /// What holds in a field is every text that no later edit was made on; and no edit was made on a text that its author's
    /// device did not have.
    fn check_field(&self, field: &TextField, edits: &[Edit], keep: usize) -> Result<(), TestCaseError> {
        let mut holding = BTreeSet::new();
        for (index, edit) in edits.iter().enumerate() {
            let mut over = edits[index + 1..]
                .iter()
                .filter(|later| later.is_over(edit))
                .peekable();
            if over.peek().is_none() {
                holding.insert(edit.op);
            }
            for later in over {
                let had = self.had.get(&later.op);
                prop_assert!(
                    had.is_none_or(|had| had.contains(&edit.op)),
                    "a text took the place of one that its author had not seen"
                );
            }
        }
        prop_assert_eq!(&ids(field.current().iter()), &holding);
        let before = edits.len() - holding.len();
        prop_assert_eq!(field.earlier().len(), before.min(keep));
        if self.refused == 0 {
            let held = field.current().iter();
            let authors: Vec<usize> = held
                .filter_map(|version| self.author.get(&version.stamp.op).copied())
                .collect();
            let distinct: BTreeSet<usize> = authors.iter().copied().collect();
            prop_assert_eq!(
                distinct.len(),
                authors.len(),
                "what one device wrote in a row is in conflict with itself"
            );
        }
        Ok(())
    }

    pub(super) fn check_texts(&self) -> Result<(), TestCaseError> {
        let list = self.state.lists.find(LIST).unwrap();
        let removed = list.removed().map(|removed| &removed.row);
        for row in list.rows().chain(removed) {
            for (field, text) in row.fields() {
                let edits = self.edits(|op| match &op.body {
                    Body::List(ListOp::FieldSet(set)) if set.patient == row.patient && set.field == field => {
                        Some(Basis {
                            base: set.base,
                            after: set.after.clone(),
                        })
                    }
                    _ => None,
                });
                self.check_field(text, &edits, EARLIER)?;
            }
        }
        let titles = self.edits(|op| match &op.body {
            Body::List(ListOp::Created(_)) => Some(Basis::default()),
            Body::List(ListOp::Renamed(renamed)) => Some(Basis {
                base: renamed.base,
                after: renamed.after.clone(),
            }),
            _ => None,
        });
        self.check_field(&list.title, &titles, EARLIER)?;
        let titles = self.edits(|op| match &op.body {
            Body::Space(SpaceOp::Created(_)) => Some(Basis::default()),
            Body::Space(SpaceOp::Renamed(renamed)) => Some(Basis {
                base: renamed.base,
                after: renamed.after.clone(),
            }),
            _ => None,
        });
        self.check_field(&self.state.title, &titles, usize::MAX)
    }

    /// The rows, by the plainest reading of what was done.
    fn rows(&self) -> Vec<PatientId> {
        let mut rows: Vec<PatientId> = Vec::new();
        for (_, op) in &self.log {
            match &op.body {
                Body::List(ListOp::PatientAdded(added)) if !rows.contains(&added.patient) => {
                    rows.push(added.patient);
                }
                Body::List(ListOp::PatientRemoved(removed)) => rows.retain(|row| *row != removed.patient),
                Body::List(ListOp::Moved(moved))
                    if rows.contains(&moved.patient) && moved.after != Some(moved.patient) =>
                {
                    rows.retain(|row| *row != moved.patient);
                    let to = match moved.after {
                        None => 0,
                        Some(after) => rows
                            .iter()
                            .position(|row| *row == after)
                            .map_or(rows.len(), |at| at + 1),
                    };
                    rows.insert(to, moved.patient);
                }
                _ => {}
            }
        }
        rows
    }

    pub(super) fn check_rows(&self) -> Result<(), TestCaseError> {
        let list = self.state.lists.find(LIST).unwrap();
        let rows: Vec<PatientId> = list.rows().map(|row| row.patient).collect();
        prop_assert_eq!(&rows, &self.rows());
        let everybody = rows
            .into_iter()
            .chain(list.removed().map(|removed| removed.row.patient));
        let everybody: Vec<PatientId> = everybody.collect();
        let distinct: BTreeSet<PatientId> = everybody.iter().copied().collect();
        prop_assert_eq!(distinct.len(), everybody.len(), "nobody has two rows");
        Ok(())
    }

    pub(super) fn check_agreement(&self) -> Result<(), TestCaseError> {
        for device in &self.devices {
            prop_assert!(device.waiting.is_empty());
            prop_assert_eq!(&device.confirmed, &self.state);
        }
        let read: SpaceState = cbor::from_bytes(&cbor::to_bytes(&self.state)).unwrap();
        prop_assert_eq!(&read, &self.state);
        Ok(())
    }
}

/// An edit in the log.
struct Edit {
    seq: Seq,
    op: OpId,
    basis: Basis,
}

impl Edit {
    /// Whether it was made on an earlier one.
    fn is_over(&self, earlier: &Self) -> bool {
        earlier.seq <= self.basis.base || self.basis.after.contains(&earlier.op)
    }
}

fn ids<'a>(versions: impl Iterator<Item = &'a TextVersion>) -> BTreeSet<OpId> {
    versions.map(|version| version.stamp.op).collect()
}
