//! Searching for tasks: by patient, or by who has them; of those, by status.

use std::collections::BTreeSet;

use baton_core::id::UserId;
use baton_core::state::{SpaceState, Task};
use sqlx::PgConnection;
use uuid::Uuid;

use super::within::{Within, narrow};
use super::{Found, MOST, count, is_about_answer, malformed, too_wide, unknown};
use crate::fhir::act::Door;
use crate::fhir::outcome::{Failure, Refusal};
use crate::fhir::request::Criteria;
use crate::fhir::task::store::{self, TaskId};
use crate::fhir::task::view;
use crate::patients::space::stands_for;
use crate::people::directory;

/// What is asked; each of these holds.
#[derive(Default)]
struct Asked {
    ids: Option<BTreeSet<String>>,
    owners: Option<BTreeSet<UserId>>,
    statuses: Option<BTreeSet<String>>,
}

impl Asked {
    fn fits(&self, state: &SpaceState, task: &Task) -> bool {
        let id = TaskId {
            space: state.space,
            task: task.id(),
        };
        let is_id = |ids: &BTreeSet<String>| ids.contains(&id.to_string());
        let is_owner = |users: &BTreeSet<UserId>| users.iter().any(|user| store::is_with(state, task, *user));
        let is_status = |codes: &BTreeSet<String>| codes.contains(view::status(state, task));
        self.ids.as_ref().is_none_or(is_id)
            && self.owners.as_ref().is_none_or(is_owner)
            && self.statuses.as_ref().is_none_or(is_status)
    }
}

/// Finds tasks.
pub async fn find(
    door: &Door<'_>,
    conn: &mut PgConnection,
    criteria: &Criteria,
    is_strict: bool,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut asked = Asked::default();
    let mut within = Within::default();
    for (name, value) in &criteria.0 {
        match name.as_str() {
            "_count" => {
                found.count = Some(count(value)?);
                continue;
            }
            name if is_about_answer(name) => continue,
            "_id" => {
                let ids: Vec<TaskId> = value.split(',').filter_map(TaskId::parse).collect();
                narrow(&mut asked.ids, ids.iter().map(ToString::to_string).collect());
                within.only_in(ids.into_iter().map(|id| id.space).collect());
            }
            "owner:identifier" => {
                let user = person(value)?;
                within.only_in(store::of_person(conn, user).await?);
                narrow(&mut asked.owners, BTreeSet::from([user]));
            }
            "patient" | "subject" => within.about(door, conn, value).await?,
            "status" => {
                narrow(&mut asked.statuses, value.split(',').map(str::to_owned).collect());
            }
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
        let is_about = |task: &Task| match (&within.patients, task.about) {
            (None, _) => true,
            (Some(patients), Some(about)) => patients.contains(&about),
            (Some(_), None) => false,
        };
        for task in state
            .tasks
            .iter()
            .filter(|task| is_about(task) && asked.fits(&state, task))
        {
            if found.resources.len() == MOST {
                return Err(too_wide().into());
            }
            let patient = match task.about {
                Some(about) => Some(stands_for(conn, about).await?.unwrap_or(about)),
                None => None,
            };
            let shown = view::resource(&state, task, patient, &directory, &door.cx.keys);
            let id = TaskId {
                space: *space,
                task: task.id(),
            };
            found.patients.extend(patient);
            found.resources.push((id.to_string(), shown.resource));
        }
    }
    found.patients.sort_unstable();
    found.patients.dedup();
    Ok(found)
}

/// Somebody by `system|value`, as a task names its owner.
fn person(value: &str) -> Result<UserId, Refusal> {
    let needs_uuid = || malformed("A person is named by owner:identifier=urn:ietf:rfc:3986|urn:uuid:...");
    let (system, value) = value.split_once('|').ok_or_else(needs_uuid)?;
    let uuid = value.strip_prefix("urn:uuid:").filter(|_| system == view::SYSTEM);
    let uuid = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok());
    uuid.map(UserId::from_uuid).ok_or_else(needs_uuid)
}
