//! What people do with lists and patients in a schedule.

use std::collections::BTreeSet;

use baton_core::id::{OpId, PatientId};
use baton_core::op::list::{
    Archived, ColumnAdded, ColumnRemoved, Created, Field, FieldSet, ListOp, Moved, PatientAdded,
    PatientRemoved, Renamed, Restored,
};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::patient::{News, PatientOp, Refreshed};
use baton_core::op::{Body, Op};
use baton_core::patient::{Gender, Patient};
use baton_core::person::Name;
use baton_core::secret::Personal;
use baton_core::state::{List, SpaceState};
use baton_core::text::Basis;
use rand_chacha::ChaCha8Rng;

use super::net::{chance, pick};

/// Those whom the record's index has.
pub const PATIENTS: [PatientId; 5] = [
    PatientId::from_bytes([201; 16]),
    PatientId::from_bytes([202; 16]),
    PatientId::from_bytes([203; 16]),
    PatientId::from_bytes([204; 16]),
    PatientId::from_bytes([205; 16]),
];

/// Not in the index.
const NOBODY: PatientId = PatientId::from_bytes([206; 16]);

/// What the record tells of a patient.
pub fn refreshed(id: PatientId, version: u64) -> Body {
    let patient = Patient {
        version,
        name: Personal::new(Name {
            family: "OKONKWO".into(),
            given: "Ada".into(),
            title: String::new(),
        }),
        gender: Gender::Female,
        ..Patient::new(id)
    };
    let news = if version > 1 {
        vec![News::Discharged]
    } else {
        vec![]
    };
    Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
        patient,
        news,
        reports: Vec::new(),
    })))
}

/// Whether the record alone knows that there is no such patient as this names.
pub fn is_about_nobody(op: &Op) -> bool {
    let row = if let Body::List(ListOp::FieldSet(op)) = &op.body {
        Some(op.patient)
    } else if let Body::List(ListOp::Moved(op)) = &op.body {
        Some(op.patient)
    } else if let Body::List(ListOp::PatientRemoved(op)) = &op.body {
        Some(op.patient)
    } else {
        None
    };
    op.patients_named().chain(row).any(|patient| patient == NOBODY)
}

/// Something that somebody does on what is shown; of a text also what was there before.
pub fn body(shown: &SpaceState, rng: &mut ChaCha8Rng) -> (Body, BTreeSet<OpId>) {
    let patient = if chance(rng, 50) {
        NOBODY
    } else {
        PATIENTS[pick(rng, PATIENTS.len())]
    };
    let lists: Vec<(OpId, &List)> = shown.lists.iter().collect();
    let nothing = BTreeSet::new();
    let Some((list, held)) = lists
        .get(pick(rng, lists.len()))
        .copied()
        .filter(|_| !chance(rng, 60))
    else {
        let created = Created {
            title: "Outliers".into(),
            source: None,
        };
        return (Body::List(ListOp::Created(created)), nothing);
    };
    let on_it: Vec<PatientId> = held.rows().map(|row| row.patient).collect();
    let row = on_it.get(pick(rng, on_it.len())).copied().unwrap_or(patient);
    let columns: Vec<OpId> = held.columns().map(|column| column.id).collect();
    let column = columns.get(pick(rng, columns.len())).copied();
    let op = match (pick(rng, 20), column) {
        (0..=4, _) => ListOp::PatientAdded(PatientAdded { list, patient }),
        (5, _) => ListOp::PatientRemoved(PatientRemoved { list, patient: row }),
        (6 | 7, _) => ListOp::Moved(Moved {
            list,
            patient: row,
            after: chance(rng, 700).then_some(patient),
        }),
        (8, _) => {
            let Basis { base, after } = held.title.basis();
            let title = "Outliers, nights".into();
            ListOp::Renamed(Renamed {
                list,
                title,
                base,
                after,
            })
        }
        (9, None) => ListOp::ColumnAdded(ColumnAdded {
            list,
            title: "Diet".into(),
        }),
        (9, Some(column)) if chance(rng, 300) => ListOp::ColumnRemoved(ColumnRemoved { list, column }),
        (10, _) if held.archived.is_some() => ListOp::Restored(Restored { list }),
        (10, _) if chance(rng, 300) => ListOp::Archived(Archived { list }),
        (11, _) => {
            let posted = Posted {
                text: "seen on the round".into(),
                priority: Priority::Routine,
                reply_to: None,
                mentions: vec![],
                roles: vec![],
                about: Some(patient),
                photos: vec![],
            };
            return (Body::Message(MessageOp::Posted(posted)), nothing);
        }
        (n, _) => {
            let field = match column {
                Some(column) if n % 3 == 0 => Field::Column(column),
                Some(_) | None if n % 3 == 1 => Field::Jobs,
                Some(_) | None => Field::Summary,
            };
            let text = held.row(row).and_then(|row| row.field(field));
            let Basis { base, after } = text.map(baton_core::text::TextField::basis).unwrap_or_default();
            let had = text.map(|text| text.versions().map(|version| version.stamp.op).collect());
            let set = FieldSet {
                list,
                patient: row,
                field,
                text: "bloods at 18:00".into(),
                base,
                after,
            };
            return (Body::List(ListOp::FieldSet(set)), had.unwrap_or_default());
        }
    };
    (Body::List(op), nothing)
}

/// Something that may well be refused when somebody else was first, and allowed again when they go on.
pub fn contended(shown: &SpaceState, rng: &mut ChaCha8Rng) -> Option<Body> {
    let (list, held) = shown.lists.iter().next()?;
    let patient = PATIENTS[pick(rng, 2)];
    let op = match pick(rng, 10) {
        0 | 1 => ListOp::PatientAdded(PatientAdded { list, patient }),
        2 | 3 => ListOp::PatientRemoved(PatientRemoved { list, patient }),
        4 if held.archived.is_some() => ListOp::Restored(Restored { list }),
        4 | 5 => ListOp::Archived(Archived { list }),
        _ => return None,
    };
    Some(Body::List(op))
}
