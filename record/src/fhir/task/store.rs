//! Which tasks there are: by id, by patient, by who has them. A task is found in the folded log of its space.

use std::collections::BTreeSet;

use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use baton_core::state::{SpaceState, Task};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::Context;
use crate::log::{LogError, made};

/// What a task is named by: its space and the operation that made it, 64 letters in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskId {
    /// The space.
    pub space: SpaceId,
    /// The task.
    pub task: OpId,
}

impl TaskId {
    /// Reads one; `None` of what never was one.
    pub fn parse(text: &str) -> Option<Self> {
        let (space, task) = text.split_at_checked(32)?;
        let id = |half: &str| Uuid::try_parse(half).ok().filter(|_| half.len() == 32);
        Some(Self {
            space: SpaceId::from_uuid(id(space)?),
            task: OpId::from_uuid(id(task)?),
        })
    }
}

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (space, task) = (self.space.uuid(), self.task.uuid());
        write!(f, "{}{}", space.simple(), task.simple())
    }
}

/// A space whose tasks are told, as it stands; `None` of one that is somebody's own, or not there.
pub async fn space(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
) -> Result<Option<SpaceState>, LogError> {
    let state = made::standing(cx, conn, space).await?;
    Ok(state.filter(|state| match state.kind {
        Some(SpaceKind::Direct | SpaceKind::Group | SpaceKind::Patient | SpaceKind::Team) => true,
        Some(SpaceKind::Own) | None => false,
    }))
}

/// A patient with all who are one with them, and the spaces that speak about any of those.
pub async fn of_patient(
    conn: &mut PgConnection,
    patient: PatientId,
) -> Result<(BTreeSet<PatientId>, BTreeSet<SpaceId>), sqlx::Error> {
    let rows: Vec<(Uuid, Option<Uuid>)> = sqlx::query_as(
        "WITH RECURSIVE one (id) AS (
             SELECT $1::uuid
             UNION SELECT patient.id FROM patient JOIN one ON patient.merged_into = one.id)
         SELECT one.id, space FROM one LEFT JOIN patient_space ON patient = one.id",
    )
    .bind(patient.uuid())
    .fetch_all(conn)
    .await?;
    let patients = rows.iter().map(|(patient, _)| PatientId::from_uuid(*patient));
    let spaces = rows.iter().filter_map(|(_, space)| space.map(SpaceId::from_uuid));
    Ok((patients.collect(), spaces.collect()))
}

/// The spaces of somebody.
pub async fn of_person(conn: &mut PgConnection, user: UserId) -> Result<BTreeSet<SpaceId>, sqlx::Error> {
    let rows: Vec<(Uuid,)> = sqlx::query_as("SELECT space FROM member WHERE user_id = $1 AND until IS NULL")
        .bind(user.uuid())
        .fetch_all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(space,)| SpaceId::from_uuid(space))
        .collect())
}

/// Whether somebody has a task now: a role's while they hold it or answer for it.
pub fn is_with(state: &SpaceState, task: &Task, user: UserId) -> bool {
    task.who(&state.roles) == Some(user)
}
