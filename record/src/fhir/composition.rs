//! `Composition` (UK Core), to read: what was handed over of one patient, as it was, under the headings of the team.
//!
//! Of each handover there is one for each of its patients. Those whose texts are no longer held with the team's state
//! ([`baton_core::state::handover`]) are read from the log where one is asked for by its id, and not found by patient.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::state::handover::document::{Document, PatientPart};
use baton_core::state::{Handover, SpaceState};
use sqlx::PgConnection;
use uuid::Uuid;

use super::task::store;
use crate::context::Context;
use crate::log::{LogError, past};

pub mod view;

/// What a composition is named by: 64 letters of base64url, with a full stop for its underscore, which FHIR does not have in ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CompositionId {
    /// The team.
    pub space: SpaceId,
    /// The handover.
    pub handover: OpId,
    /// The patient, as the handover names them.
    pub patient: PatientId,
}

impl CompositionId {
    /// Reads one; `None` of what never was one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = Some(text).filter(|text| !text.contains('_'))?;
        let bytes = URL_SAFE_NO_PAD.decode(text.replace('.', "_")).ok()?;
        let (space, rest) = bytes.split_first_chunk::<16>()?;
        let (handover, rest) = rest.split_first_chunk::<16>()?;
        let patient: [u8; 16] = rest.try_into().ok()?;
        Some(Self {
            space: SpaceId::from_uuid(Uuid::from_bytes(*space)),
            handover: OpId::from_uuid(Uuid::from_bytes(*handover)),
            patient: PatientId::from_uuid(Uuid::from_bytes(patient)),
        })
    }
}

impl std::fmt::Display for CompositionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids = [self.space.uuid(), self.handover.uuid(), self.patient.uuid()];
        let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes).replace('_', "."))
    }
}

/// A patient's part of a handover.
pub struct Known {
    /// What it is named by.
    pub id: CompositionId,
    /// The handover.
    pub document: Document,
    /// Their part.
    pub part: PatientPart,
}

/// What was handed over of a patient, with the state that it is in; `None` where it is not held.
pub async fn find(
    cx: &Context,
    conn: &mut PgConnection,
    id: CompositionId,
) -> Result<Option<(SpaceState, Known)>, LogError> {
    let Some(state) = store::space(cx, conn, id.space).await? else {
        return Ok(None);
    };
    let held = state
        .handovers
        .find(id.handover)
        .filter(|held| held.has_document());
    let found = if let Some(held) = held {
        known(&state, held, id.patient)
    } else {
        let past = past::handover(cx, conn, id.space, id.handover).await?;
        past.and_then(|past| known(&state, &past, id.patient))
    };
    Ok(found.map(|known| (state, known)))
}

/// What was handed over in a team of a patient, by any of these ids.
pub fn of_patient(state: &SpaceState, patients: &BTreeSet<PatientId>) -> Vec<Known> {
    let parts = state.handovers.iter().flat_map(|handover| {
        let theirs = handover.parts.iter().map(|part| part.patient);
        let theirs = theirs.filter(|patient| patients.contains(patient));
        theirs.map(move |patient| (handover, patient))
    });
    parts
        .filter_map(|(handover, patient)| known(state, handover, patient))
        .collect()
}

fn known(state: &SpaceState, handover: &Handover, patient: PatientId) -> Option<Known> {
    let mut document = Document::of(state, handover);
    let parts = std::mem::take(&mut document.patients);
    let part = parts.into_iter().find(|part| part.patient == patient)?;
    let id = CompositionId {
        space: state.space,
        handover: handover.id(),
        patient,
    };
    document.has_texts.then_some(Known { id, document, part })
}
