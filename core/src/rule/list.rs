//! Rules for lists of patients. Whoever belongs to a space keeps its lists; the record puts patients on those that fill
//! themselves, and marks who left.

use super::Author;
use crate::id::{OpId, PatientId, UserId};
use crate::op::list::{
    COLUMNS, COLUMNS_EVER, Created, FIELD_BYTES, Field, FieldSet, LISTS, ListOp, PATIENTS, SOURCE_BYTES,
    Source,
};
use crate::op::space::SpaceKind;
use crate::refusal::Refusal;
use crate::state::{List, SpaceState};

pub(super) fn may(author: Author, op: &ListOp, state: &SpaceState) -> Result<(), Refusal> {
    match state.kind {
        Some(SpaceKind::Group | SpaceKind::Own | SpaceKind::Team) => {}
        Some(SpaceKind::Direct | SpaceKind::Patient) | None => return Err(Refusal::NoListsHere),
    }
    match author {
        Author::Person(user) => person_may(user, op, state),
        Author::Record => record_may(op, state),
    }
}

fn person_may(user: UserId, op: &ListOp, state: &SpaceState) -> Result<(), Refusal> {
    match op {
        ListOp::Archived(op) => list(op.list, state).map(drop),
        ListOp::ColumnAdded(op) => {
            let list = open(op.list, state)?;
            super::title_fits(op.title.as_str())?;
            if list.columns().count() >= COLUMNS || list.columns_ever() >= COLUMNS_EVER {
                Err(Refusal::TooManyColumns)
            } else {
                Ok(())
            }
        }
        ListOp::ColumnRemoved(op) => {
            let column = open(op.list, state)?.column(op.column);
            column.map(drop).ok_or(Refusal::NoColumn)
        }
        ListOp::Created(op) => create(user, op, state),
        ListOp::FieldSet(op) => write(op, state),
        ListOp::Moved(op) => known(op.list, op.patient, state),
        ListOp::PatientAdded(op) => add(op.list, op.patient, state),
        ListOp::PatientLeft(_) => Err(Refusal::RecordOnly),
        ListOp::PatientRemoved(op) => known(op.list, op.patient, state),
        ListOp::Renamed(op) => {
            let list = open(op.list, state)?;
            super::title_fits(op.title.as_str())?;
            super::edit_fits(op.base, &op.after, Some(&list.title), state)
        }
        ListOp::Restored(op) => list(op.list, state).map(drop),
    }
}

/// The record keeps the lists that fill themselves, and does nothing else with lists.
fn record_may(op: &ListOp, state: &SpaceState) -> Result<(), Refusal> {
    let automatic = |id| {
        open(id, state)?
            .source
            .as_ref()
            .map(drop)
            .ok_or(Refusal::Malformed)
    };
    match op {
        ListOp::PatientAdded(op) => {
            automatic(op.list)?;
            add(op.list, op.patient, state)
        }
        ListOp::PatientLeft(op) => {
            automatic(op.list)?;
            let row = open(op.list, state)?.row(op.patient);
            row.map(drop).ok_or(Refusal::NotOnList)
        }
        ListOp::Archived(_)
        | ListOp::ColumnAdded(_)
        | ListOp::ColumnRemoved(_)
        | ListOp::Created(_)
        | ListOp::FieldSet(_)
        | ListOp::Moved(_)
        | ListOp::PatientRemoved(_)
        | ListOp::Renamed(_)
        | ListOp::Restored(_) => Err(Refusal::Malformed),
    }
}

/// A list that fills itself brings everybody of a ward or caseload into the space: in a team its administrators decide that.
fn create(user: UserId, op: &Created, state: &SpaceState) -> Result<(), Refusal> {
    super::title_fits(op.title.as_str())?;
    if let Some(source) = &op.source {
        source_fits(source)?;
        match state.kind {
            Some(SpaceKind::Team) if !state.members.is_admin(user) => return Err(Refusal::NotAdmin),
            Some(SpaceKind::Own | SpaceKind::Team) => {}
            Some(SpaceKind::Direct | SpaceKind::Group | SpaceKind::Patient) | None => {
                return Err(Refusal::NoAutomatic);
            }
        }
    }
    if state.lists.len() >= LISTS {
        Err(Refusal::TooManyLists)
    } else {
        Ok(())
    }
}

fn source_fits(source: &Source) -> Result<(), Refusal> {
    match source {
        Source::Consultant(name) | Source::Practice(name) => super::text_fits(name, SOURCE_BYTES),
        Source::Ward { facility, ward } => {
            super::text_fits(ward, SOURCE_BYTES)?;
            if facility.len() > SOURCE_BYTES {
                Err(Refusal::TooLong)
            } else {
                Ok(())
            }
        }
    }
}

/// An empty text clears the field.
fn write(op: &FieldSet, state: &SpaceState) -> Result<(), Refusal> {
    let list = open(op.list, state)?;
    let row = list.row(op.patient).ok_or(Refusal::NotOnList)?;
    if let Field::Column(column) = op.field
        && list.columns().all(|known| known.id != column)
    {
        return Err(Refusal::NoColumn);
    }
    if op.text.as_str().len() > FIELD_BYTES {
        return Err(Refusal::TooLong);
    }
    super::edit_fits(op.base, &op.after, row.field(op.field), state)
}

/// Adding twice is one row.
fn add(id: OpId, patient: PatientId, state: &SpaceState) -> Result<(), Refusal> {
    let list = open(id, state)?;
    if list.row(patient).is_none() && list.rows().len() >= PATIENTS {
        Err(Refusal::ListFull)
    } else {
        Ok(())
    }
}

/// Whoever is on the list, or was until a moment ago: two who take the same patient off agree.
fn known(id: OpId, patient: PatientId, state: &SpaceState) -> Result<(), Refusal> {
    if open(id, state)?.knows(patient) {
        Ok(())
    } else {
        Err(Refusal::NotOnList)
    }
}

fn list(id: OpId, state: &SpaceState) -> Result<&List, Refusal> {
    state.lists.find(id).ok_or(Refusal::NoList)
}

/// A list that is not in the archive.
fn open(id: OpId, state: &SpaceState) -> Result<&List, Refusal> {
    let list = list(id, state)?;
    if list.archived.is_some() {
        Err(Refusal::ListArchived)
    } else {
        Ok(list)
    }
}
