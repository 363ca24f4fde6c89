//! Searching what staff hold in their spaces: of whom and in which spaces there is to look.

use std::collections::BTreeSet;

use baton_core::id::{PatientId, SpaceId};
use sqlx::PgConnection;

use super::{patient_of, too_wide};
use crate::fhir::act::Door;
use crate::fhir::outcome::{Failure, Refusal};
use crate::fhir::task::store;
use crate::patients::space::stands_for;

/// What the parameters read so far leave.
#[derive(Default)]
pub(super) struct Within {
    /// Patients it may be about, also by the ids of those who were merged into them; anything where nobody was named.
    pub(super) patients: Option<BTreeSet<PatientId>>,
    spaces: Option<BTreeSet<SpaceId>>,
}

impl Within {
    /// It is about the patient who is named.
    pub(super) async fn about(
        &mut self,
        door: &Door<'_>,
        conn: &mut PgConnection,
        value: &str,
    ) -> Result<(), Failure> {
        let patient = match patient_of(door, value) {
            Some(id) => stands_for(conn, id).await?,
            None => None,
        };
        let (theirs, spaces) = match patient {
            Some(patient) => store::of_patient(conn, patient).await?,
            None => (BTreeSet::new(), BTreeSet::new()),
        };
        narrow(&mut self.patients, theirs);
        self.only_in(spaces);
        Ok(())
    }

    /// It is in one of these spaces.
    pub(super) fn only_in(&mut self, spaces: BTreeSet<SpaceId>) {
        narrow(&mut self.spaces, spaces);
    }

    /// The spaces to look into; refused where nothing, or too little, narrows them down.
    pub(super) fn spaces(&self) -> Result<&BTreeSet<SpaceId>, Refusal> {
        let spaces = self.spaces.as_ref();
        spaces
            .filter(|spaces| spaces.len() <= SPACES)
            .ok_or_else(too_wide)
    }
}

/// What is said twice holds both times.
pub(super) fn narrow<T: Ord>(known: &mut Option<BTreeSet<T>>, those: BTreeSet<T>) {
    *known = Some(match known.take() {
        None => those,
        Some(known) => known.into_iter().filter(|one| those.contains(one)).collect(),
    });
}

/// Spaces that are looked into at most.
const SPACES: usize = 200;
