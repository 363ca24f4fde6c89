//! Searching for what was handed over: by patient.

use std::collections::BTreeSet;

use baton_core::id::PatientId;
use baton_core::state::SpaceState;
use sqlx::PgConnection;

use super::within::{Within, narrow};
use super::{Found, MOST, count, is_about_answer, too_wide, unknown};
use crate::fhir::act::Door;
use crate::fhir::composition::{self, CompositionId, Known, view};
use crate::fhir::outcome::Failure;
use crate::fhir::request::Criteria;
use crate::fhir::task::store;
use crate::patients::space::stands_for;
use crate::people::directory;

/// Finds compositions.
pub async fn find(
    door: &Door<'_>,
    conn: &mut PgConnection,
    criteria: &Criteria,
    is_strict: bool,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut within = Within::default();
    let mut ids: Option<BTreeSet<CompositionId>> = None;
    for (name, value) in &criteria.0 {
        match name.as_str() {
            "_count" => {
                found.count = Some(count(value)?);
                continue;
            }
            name if is_about_answer(name) => continue,
            "_id" => {
                let those: BTreeSet<CompositionId> =
                    value.split(',').filter_map(CompositionId::parse).collect();
                within.only_in(those.iter().map(|id| id.space).collect());
                narrow(&mut ids, those);
            }
            "patient" | "subject" => within.about(door, conn, value).await?,
            _ => {
                unknown(&mut found, is_strict)?;
                continue;
            }
        }
        found.used.0.push((name.clone(), value.clone()));
    }
    let spaces = within.spaces()?;
    let directory = directory::current(door.cx, conn).await?;
    for space in spaces {
        let Some(state) = store::space(door.cx, conn, *space).await? else {
            continue;
        };
        for known in these(&state, within.patients.as_ref(), ids.as_ref()) {
            if found.resources.len() == MOST {
                return Err(too_wide().into());
            }
            let about = known.id.patient;
            let patient = stands_for(conn, about).await?.unwrap_or(about);
            let shown = view::resource(&state, &known, patient, &directory, &door.cx.keys);
            found.patients.push(patient);
            found.resources.push((known.id.to_string(), shown.resource));
        }
    }
    found.patients.sort_unstable();
    found.patients.dedup();
    Ok(found)
}

fn these(
    state: &SpaceState,
    patients: Option<&BTreeSet<PatientId>>,
    ids: Option<&BTreeSet<CompositionId>>,
) -> Vec<Known> {
    let named: BTreeSet<PatientId> = ids.into_iter().flatten().map(|id| id.patient).collect();
    let mut known = composition::of_patient(state, patients.unwrap_or(&named));
    known.retain(|known| ids.is_none_or(|ids| ids.contains(&known.id)));
    known
}
