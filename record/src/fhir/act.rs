//! One interaction, within a transaction of the caller's: alone, or as an entry of a bundle.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use baton_core::secret::Personal;
use baton_core::time::At;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::access::{self, Access};
use super::auth::Caller;
use super::composition::{self, CompositionId};
use super::conditional::reading;
use super::datatype::Reading;
use super::encounter::store as visits;
use super::outcome::{Failure, Refusal};
use super::patient::{store as patients, view};
use super::request::{Criteria, Kind};
use super::search;
use super::shown::Shown;
use super::task::store::{self as tasks, TaskId};
use super::task::view as task_view;
use crate::config::{FhirConfig, Letters};
use crate::context::Context;
use crate::patients::space::stands_for;
use crate::people::directory;

mod write;

pub use write::{Where, Write, no_such_id};

/// Who asks, and where.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// Everything.
    pub cx: &'a Context,
    /// The door's settings.
    pub config: &'a FhirConfig,
    /// Who asks.
    pub caller: &'a Caller<'a>,
}

impl Door<'_> {
    /// The part of an address below the base; of a relative one all of it. `None` of one that is elsewhere.
    pub fn local<'t>(&self, address: &'t str) -> Option<&'t str> {
        if let Some(rest) = address.strip_prefix(&self.config.base) {
            return rest.strip_prefix('/');
        }
        let path = address.split('?').next().unwrap_or_default();
        (!path.contains(':')).then(|| address.trim_start_matches('/'))
    }

    /// How what is sent is read.
    pub fn reading(&self) -> Reading<'_> {
        reading(self.cx, &self.config.systems)
    }

    /// That who asks may do this.
    pub fn allow(&self, kind: Kind, letter: fn(&Letters) -> bool) -> Result<(), Refusal> {
        if self.caller.may(kind, letter) {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "This system may not do that: its scopes do not reach so far.",
        ))
    }

    async fn remember(
        &self,
        conn: &mut PgConnection,
        event: &'static str,
        patient: Option<PatientId>,
        access: &Access,
    ) -> Result<(), Failure> {
        Ok(access::remember(self.cx, conn, self.caller, (event, patient), access).await?)
    }
}

/// What became of what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written<T> {
    /// It is said of something that was known.
    Changed(T),
    /// It is there already, and stays as it is.
    Found(T),
    /// It is new.
    Made(T),
}

impl<T: Copy> Written<T> {
    /// What was written.
    pub const fn id(&self) -> T {
        match self {
            Self::Changed(id) | Self::Found(id) | Self::Made(id) => *id,
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Changed(_) | Self::Found(_) => StatusCode::OK,
            Self::Made(_) => StatusCode::CREATED,
        }
    }
}

/// An answer.
pub struct Done {
    /// The HTTP status.
    pub status: StatusCode,
    /// Which resource, in which version.
    pub resource: Option<(Kind, String, String)>,
    /// When it was last changed.
    pub modified: Option<At>,
    /// The resource, or what was found.
    pub body: Value,
    /// Whether something was sent, so that `Prefer` says what comes back.
    pub is_write: bool,
}

/// The answer to what was written of a patient.
pub async fn patient_written(
    door: &Door<'_>,
    conn: &mut PgConnection,
    written: Written<PatientId>,
) -> Result<Done, Failure> {
    let event = match written {
        Written::Changed(_) => "patient.updated",
        Written::Found(_) => "patient.found",
        Written::Made(_) => "patient.created",
    };
    let id = written.id();
    door.remember(conn, event, Some(id), &Access::default()).await?;
    let done = patient_done(door, conn, id, written.status(), true).await?;
    done.ok_or_else(|| Refusal::not_found().into())
}

/// The answer to what was written of a visit.
pub async fn encounter_written(
    door: &Door<'_>,
    conn: &mut PgConnection,
    written: Written<Uuid>,
) -> Result<Done, Failure> {
    let event = match written {
        Written::Changed(_) => "encounter.updated",
        Written::Found(_) => "encounter.found",
        Written::Made(_) => "encounter.created",
    };
    let row = visits::by_id(door.cx, conn, written.id())
        .await?
        .ok_or(Failure::Again)?;
    door.remember(conn, event, Some(row.patient), &Access::default())
        .await?;
    let done = encounter_done(door, conn, row, written.status(), true).await?;
    done.ok_or_else(|| gone().into())
}

/// Reads one resource.
pub async fn read(
    door: &Door<'_>,
    conn: &mut PgConnection,
    (kind, id, version): (Kind, &str, Option<&str>),
) -> Result<Done, Failure> {
    door.allow(kind, |letters| letters.read)?;
    let (done, patient) = match kind {
        Kind::Patient => {
            let id: PatientId = id.parse().map_err(|_| Refusal::not_found())?;
            let done = patient_done(door, conn, id, StatusCode::OK, false).await?;
            (done.ok_or_else(Refusal::not_found)?, Some(id))
        }
        Kind::Encounter => {
            let id = Uuid::try_parse(id).map_err(|_| Refusal::not_found())?;
            let row = visits::by_id(door.cx, conn, id)
                .await?
                .ok_or_else(Refusal::not_found)?;
            let patient = row.patient;
            let done = encounter_done(door, conn, row, StatusCode::OK, false).await?;
            (done.ok_or_else(gone)?, Some(patient))
        }
        Kind::Composition => composition_done(door, conn, id).await?,
        Kind::Task => task_done(door, conn, id).await?,
    };
    let is_other = |known: &(Kind, String, String)| version.is_some_and(|version| version != known.2);
    if done.resource.as_ref().is_some_and(is_other) {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Only the current version is kept.",
        )
        .into());
    }
    let event = match kind {
        Kind::Composition => "composition.read",
        Kind::Encounter => "encounter.read",
        Kind::Patient => "patient.read",
        Kind::Task => "task.read",
    };
    let access = Access {
        text: None,
        shown: patient.into_iter().collect(),
    };
    door.remember(conn, event, patient, &access).await?;
    Ok(done)
}

/// Looks for resources.
pub async fn search(
    door: &Door<'_>,
    conn: &mut PgConnection,
    (kind, criteria, is_strict): (Kind, &Criteria, bool),
) -> Result<Done, Failure> {
    door.allow(kind, |letters| letters.search)?;
    let found = match kind {
        Kind::Composition => search::composition::find(door, conn, criteria, is_strict).await?,
        Kind::Encounter => search::encounter::find(door, conn, criteria, is_strict).await?,
        Kind::Patient => search::patient::find(door, conn, criteria, is_strict).await?,
        Kind::Task => search::task::find(door, conn, criteria, is_strict).await?,
    };
    let event = match kind {
        Kind::Composition => "composition.searched",
        Kind::Encounter => "encounter.searched",
        Kind::Patient => "patient.searched",
        Kind::Task => "task.searched",
    };
    let access = Access {
        text: Some(Personal::new(criteria.written())),
        shown: found.patients.clone(),
    };
    door.remember(conn, event, None, &access).await?;
    Ok(Done {
        status: StatusCode::OK,
        resource: None,
        modified: None,
        body: found.bundle(door, kind),
        is_write: false,
    })
}

async fn patient_done(
    door: &Door<'_>,
    conn: &mut PgConnection,
    id: PatientId,
    status: StatusCode,
    is_write: bool,
) -> Result<Option<Done>, Failure> {
    let whole = patients::read(door, conn, id).await?;
    Ok(whole.map(|whole| Done {
        status,
        resource: Some((
            Kind::Patient,
            id.to_string(),
            view::version(&door.cx.keys, &whole.held),
        )),
        modified: Some(whole.updated_at),
        body: patients::resource(door, &whole),
        is_write,
    }))
}

async fn encounter_done(
    door: &Door<'_>,
    conn: &mut PgConnection,
    row: visits::Row,
    status: StatusCode,
    is_write: bool,
) -> Result<Option<Done>, Failure> {
    let known = visits::stands(door.cx, conn, row).await?;
    Ok(known.map(|known| {
        let (body, version) = known.view(&door.config.systems, &door.cx.keys);
        Done {
            status,
            resource: Some((Kind::Encounter, known.id.to_string(), version)),
            modified: Some(known.at),
            body,
            is_write,
        }
    }))
}

async fn composition_done(
    door: &Door<'_>,
    conn: &mut PgConnection,
    id: &str,
) -> Result<(Done, Option<PatientId>), Failure> {
    let id = CompositionId::parse(id).ok_or_else(Refusal::not_found)?;
    let found = composition::find(door.cx, conn, id).await?;
    let (state, known) = found.ok_or_else(Refusal::not_found)?;
    let patient = stands_for(conn, id.patient).await?.unwrap_or(id.patient);
    let directory = directory::current(door.cx, conn).await?;
    let shown = composition::view::resource(&state, &known, patient, &directory, &door.cx.keys);
    Ok((
        shown_done(Kind::Composition, id.to_string(), shown),
        Some(patient),
    ))
}

fn shown_done(kind: Kind, id: String, shown: Shown) -> Done {
    Done {
        status: StatusCode::OK,
        resource: Some((kind, id, shown.version)),
        modified: Some(shown.at),
        body: shown.resource,
        is_write: false,
    }
}

async fn task_done(
    door: &Door<'_>,
    conn: &mut PgConnection,
    id: &str,
) -> Result<(Done, Option<PatientId>), Failure> {
    let id = TaskId::parse(id).ok_or_else(Refusal::not_found)?;
    let state = tasks::space(door.cx, conn, id.space).await?;
    let task = state
        .as_ref()
        .and_then(|state| Some((state, state.tasks.find(id.task)?)));
    let (state, task) = task.ok_or_else(Refusal::not_found)?;
    let patient = match task.about {
        Some(about) => Some(stands_for(conn, about).await?.unwrap_or(about)),
        None => None,
    };
    let directory = directory::current(door.cx, conn).await?;
    let shown = task_view::resource(state, task, patient, &directory, &door.cx.keys);
    Ok((shown_done(Kind::Task, id.to_string(), shown), patient))
}

fn gone() -> Refusal {
    Refusal::new(
        StatusCode::GONE,
        "deleted",
        "This encounter is over so long that it is not kept here any more, or it became another patient's.",
    )
}
