//! Searching for what was handed over: by patient.

use std::collections::BTreeSet;

use baton_core::id::{PatientId, SpaceId};
use baton_core::state::SpaceState;
use sqlx::PgConnection;

use super::task::{SPACES, narrow, patient};
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
    let mut patients: Option<BTreeSet<PatientId>> = None;
    let mut ids: Option<BTreeSet<CompositionId>> = None;
    let mut spaces: Option<BTreeSet<SpaceId>> = None;
    for (name, value) in &criteria.0 {
        let of_this = match name.as_str() {
            "_count" => {
                found.count = Some(count(value)?);
                continue;
            }
            name if is_about_answer(name) => continue,
            "_id" => {
                let those: BTreeSet<CompositionId> =
                    value.split(',').filter_map(CompositionId::parse).collect();
                let of_those = those.iter().map(|id| id.space).collect();
                narrow(&mut ids, those);
                of_those
            }
            "patient" | "subject" => {
                let (theirs, of_theirs) = match patient(door, conn, value).await? {
                    Some(patient) => store::of_patient(conn, patient).await?,
                    None => (BTreeSet::new(), BTreeSet::new()),
                };
                narrow(&mut patients, theirs);
                of_theirs
            }
            _ => {
                unknown(&mut found, is_strict)?;
                continue;
            }
        };
        found.used.0.push((name.clone(), value.clone()));
        narrow(&mut spaces, of_this);
    }
    let spaces = spaces.ok_or_else(too_wide)?;
    if spaces.len() > SPACES {
        return Err(too_wide().into());
    }
    let directory = directory::current(door.cx, conn).await?;
    for space in spaces {
        let Some(state) = store::space(door.cx, conn, space).await? else {
            continue;
        };
        for known in these(&state, patients.as_ref(), ids.as_ref()) {
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
