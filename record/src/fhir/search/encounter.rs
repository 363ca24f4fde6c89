//! Searching for visits: by number, or by patient.

use sqlx::PgConnection;

use super::{Found, MOST, count, is_about_answer, malformed, patient_of, too_wide, unknown};
use crate::fhir::act::Door;
use crate::fhir::encounter::store::{self, Row};
use crate::fhir::outcome::Failure;
use crate::fhir::request::Criteria;
use baton_core::patient::Identifier;
use baton_core::secret::Personal;

/// Finds visits.
pub async fn find(
    door: &Door<'_>,
    conn: &mut PgConnection,
    criteria: &Criteria,
    is_strict: bool,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut rows: Option<Vec<Row>> = None;
    for (name, value) in &criteria.0 {
        let of_this = match name.as_str() {
            "_id" => by_id(door, conn, value).await?,
            "identifier" => by_number(door, conn, value).await?,
            "patient" | "subject" => match patient_of(door, value) {
                Some(patient) => store::of_patient(door.cx, conn, patient).await?,
                None => Vec::new(),
            },
            "_count" => {
                found.count = Some(count(value)?);
                continue;
            }
            name if is_about_answer(name) => continue,
            _ => {
                unknown(&mut found, is_strict)?;
                continue;
            }
        };
        found.used.0.push((name.clone(), value.clone()));
        rows = Some(match rows {
            None => of_this,
            Some(rows) => {
                let is_in = |row: &Row| of_this.iter().any(|other| other.id == row.id);
                rows.into_iter().filter(is_in).collect()
            }
        });
    }
    let rows = rows.ok_or_else(too_wide)?;
    if rows.len() > MOST {
        return Err(too_wide().into());
    }
    for row in rows {
        if let Some(known) = store::stands(door.cx, conn, row).await? {
            found.patients.push(known.patient);
            let (resource, _) = known.view(&door.config.systems, &door.cx.keys);
            found.resources.push((known.id.to_string(), resource));
        }
    }
    Ok(found)
}

async fn by_id(door: &Door<'_>, conn: &mut PgConnection, value: &str) -> Result<Vec<Row>, Failure> {
    let Ok(id) = uuid::Uuid::try_parse(value) else {
        return Ok(Vec::new());
    };
    Ok(store::by_id(door.cx, conn, id).await?.into_iter().collect())
}

async fn by_number(door: &Door<'_>, conn: &mut PgConnection, value: &str) -> Result<Vec<Row>, Failure> {
    let needs_system = || malformed("An encounter is found by identifier=system|value.");
    let (system, value) = value.split_once('|').ok_or_else(needs_system)?;
    if system.is_empty() || value.is_empty() {
        return Err(needs_system().into());
    }
    let number = Identifier {
        assigner: door.config.systems.assigner(system).to_owned(),
        value: Personal::from(value),
    };
    Ok(store::by_number(door.cx, conn, &number)
        .await?
        .into_iter()
        .collect())
}
