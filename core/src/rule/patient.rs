//! Rules for what is told of patients: only the record, which has the index, tells it.

use super::Author;
use crate::op::patient::PatientOp;
use crate::refusal::Refusal;

pub(super) fn may(author: Author, op: &PatientOp) -> Result<(), Refusal> {
    match (author, op) {
        (Author::Person(_), PatientOp::Refreshed(_)) => Err(Refusal::RecordOnly),
        (Author::Record, PatientOp::Refreshed(_)) => Ok(()),
    }
}
