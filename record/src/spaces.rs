//! New conversations and teams, as people ask for them; [`team`] makes those of the organisation.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use baton_core::device_api::Create;
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::space::{SpaceKind, TITLE_CHARS};
use baton_core::service::Changed;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::context::Context;
use crate::http::problem::Problem;
use crate::log::LogError;
use crate::log::made::{self, Joined, NewSpace};
use crate::notice;
use crate::patients;
use crate::patients::space::Named;
use crate::people::device::Device;
use crate::people::{audit, person};

pub mod invitation;
mod only;
mod team;

use only::Only;
pub use team::{TeamCount, TeamError, TeamFile, teams};

/// Why a conversation is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateRefusal {
    /// A patient is named where there is none, or not where there is one.
    About,
    /// A direct conversation is with exactly one other; a group with somebody.
    Members,
    /// The patient is not in the index.
    NoSuchPatient,
    /// Somebody is not in the directory.
    NoSuchPerson,
    /// Nobody else belongs to somebody's own space.
    Own,
    /// The organisation has a team of this name.
    Team,
    /// The title is too long, or missing, or given where there is none.
    Title,
}

impl CreateRefusal {
    /// As an answer.
    pub fn problem(self) -> Problem {
        let refused = |reason, title| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, reason, title);
        match self {
            Self::About => refused(
                "about",
                "Choose the patient around whom people are to come together.",
            ),
            Self::Members => refused(
                "members",
                "Choose who to talk to: one person, or up to 200 for a group.",
            ),
            Self::NoSuchPatient => refused(
                "no-such-patient",
                "This patient was not found in the record. Look them up again.",
            ),
            Self::NoSuchPerson => refused("no-such-person", "Somebody you chose is not in the directory."),
            Self::Own => refused(
                "own-fixed",
                "Your own lists are for you alone. Copy a list to a team or a group to share it.",
            ),
            Self::Team => Problem::new(
                StatusCode::CONFLICT,
                "team",
                "There is a team of this name. Ask its administrators to add you, or choose another name.",
            ),
            Self::Title => refused(
                "title",
                "A group or a team needs a title of at most 120 characters.",
            ),
        }
    }
}

/// Makes a conversation, or gives the one that the same request or the same pair made before, the asking person's own, or the
/// one around the patient, which the asking person then joins.
pub async fn create(
    cx: &Context,
    device: &Device,
    asked: &Create,
) -> Result<Result<SpaceId, CreateRefusal>, LogError> {
    let others: BTreeSet<UserId> = asked
        .members
        .iter()
        .copied()
        .filter(|user| *user != device.user)
        .collect();
    if let Err(refusal) = is_sound(asked, &others) {
        return Ok(Err(refusal));
    }
    let mut conn = cx.pool.acquire().await?;
    if let Some(space) = asked_before(&mut conn, device.user, asked.request).await? {
        return Ok(Ok(space));
    }
    let all: Vec<UserId> = others.iter().copied().collect();
    if person::known(&mut conn, &all).await?.len() != all.len() {
        return Ok(Err(CreateRefusal::NoSuchPerson));
    }
    if asked.kind == SpaceKind::Team && team::is_known(cx, &mut conn, asked.title.as_str().trim()).await? {
        return Ok(Err(CreateRefusal::Team));
    }
    // People come together around the person, under whichever record they were found.
    let mut asked = asked.clone();
    if let Some(patient) = asked.about {
        asked.about = patients::space::stands_for(&mut conn, patient).await?;
        if asked.about.is_none() {
            return Ok(Err(CreateRefusal::NoSuchPatient));
        }
    }
    // Somebody else may make the same in this moment; then theirs is found at the second try.
    for _ in 0..3 {
        if let Some(space) = try_create(cx, &mut conn, device, &asked, &others).await? {
            cx.notices.notify_one();
            return Ok(Ok(space));
        }
    }
    Err(LogError::Unfinished)
}

fn is_sound(asked: &Create, others: &BTreeSet<UserId>) -> Result<(), CreateRefusal> {
    let title = asked.title.as_str();
    match asked.kind {
        SpaceKind::Direct | SpaceKind::Group | SpaceKind::Own | SpaceKind::Team if asked.about.is_some() => {
            Err(CreateRefusal::About)
        }
        SpaceKind::Patient if asked.about.is_none() => Err(CreateRefusal::About),
        SpaceKind::Own if !others.is_empty() => Err(CreateRefusal::Own),
        SpaceKind::Patient | SpaceKind::Team if others.len() > MEMBERS => Err(CreateRefusal::Members),
        SpaceKind::Direct if others.len() != 1 || asked.members.len() != 1 => Err(CreateRefusal::Members),
        SpaceKind::Direct | SpaceKind::Own | SpaceKind::Patient if !title.is_empty() => {
            Err(CreateRefusal::Title)
        }
        SpaceKind::Group if others.is_empty() || others.len() > MEMBERS => Err(CreateRefusal::Members),
        SpaceKind::Group | SpaceKind::Team
            if title.trim().is_empty() || title.chars().count() > TITLE_CHARS =>
        {
            Err(CreateRefusal::Title)
        }
        SpaceKind::Direct | SpaceKind::Group | SpaceKind::Own | SpaceKind::Patient | SpaceKind::Team => {
            Ok(())
        }
    }
}

async fn asked_before(
    conn: &mut PgConnection,
    user: UserId,
    request: OpId,
) -> Result<Option<SpaceId>, LogError> {
    let row: Option<(Uuid,)> =
        sqlx::query_as("SELECT space FROM create_request WHERE user_id = $1 AND request = $2")
            .bind(user.uuid())
            .bind(request.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(space,)| SpaceId::from_uuid(space)))
}

/// `None` when somebody else was first.
async fn try_create(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    asked: &Create,
    others: &BTreeSet<UserId>,
) -> Result<Option<SpaceId>, LogError> {
    let only = Only::of(asked, device.user, others);
    let mut transaction = conn.begin().await?;
    if let Some(only) = only
        && let Some(space) = only.find(&mut transaction).await?
    {
        if let Only::Patient(patient) = only {
            join(cx, &mut transaction, device, space, patient, others).await?;
        }
        remember(&mut transaction, device.user, asked.request, space).await?;
        transaction.commit().await?;
        return Ok(Some(space));
    }
    let members = std::iter::once((device.user, true))
        .chain(others.iter().map(|user| (*user, false)))
        .collect();
    let new = NewSpace {
        kind: asked.kind,
        title: asked.title.clone(),
        about: asked.about,
        members,
        team: None,
    };
    let (space, entries) = made::create(cx, &mut transaction, new).await?;
    let is_first = remember(&mut transaction, device.user, asked.request, space).await?
        && match only {
            Some(only) => only.claim(&mut transaction, space).await?,
            None => true,
        };
    if !is_first {
        transaction.rollback().await?;
        return asked_before(conn, device.user, asked.request).await;
    }
    if let Some(patient) = asked.about {
        let is_held = false;
        patients::space::remember(&mut transaction, space, &[Named { patient, is_held }]).await?;
    }
    let event = audit::Event {
        event: "space.created",
        user: Some(device.user),
        device: Some(device.id),
        space: Some(space),
        subject: asked.about.map(PatientId::uuid),
        ..audit::Event::default()
    };
    audit::add(&mut transaction, cx.now(), event).await?;
    let changed = Changed {
        spaces_of: std::iter::once(device.user)
            .chain(others.iter().copied())
            .collect(),
        ..Changed::default()
    };
    notice::entries(&mut transaction, cx.now(), space, entries, changed).await?;
    transaction.commit().await?;
    if asked.about.is_some() {
        cx.patients_due.notify_one();
    }
    Ok(Some(space))
}

/// Adds the asking person, and those whom they chose, to the space around a patient.
async fn join(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    space: SpaceId,
    patient: PatientId,
    others: &BTreeSet<UserId>,
) -> Result<(), LogError> {
    let members: Vec<(UserId, bool)> = std::iter::once(device.user)
        .chain(others.iter().copied())
        .map(|user| (user, false))
        .collect();
    let Joined { users, entries } = made::add_members(cx, conn, space, &members).await?;
    for user in &users {
        let is_asking = *user == device.user;
        let event = audit::Event {
            event: if is_asking {
                "patient_space.joined"
            } else {
                "member.added"
            },
            user: Some(device.user),
            device: Some(device.id),
            space: Some(space),
            subject: Some(if is_asking { patient.uuid() } else { user.uuid() }),
            ..audit::Event::default()
        };
        audit::add(conn, cx.now(), event).await?;
    }
    if !entries.is_empty() {
        let changed = Changed {
            spaces_of: users,
            ..Changed::default()
        };
        notice::entries(conn, cx.now(), space, entries, changed).await?;
    }
    Ok(())
}

async fn remember(
    conn: &mut PgConnection,
    user: UserId,
    request: OpId,
    space: SpaceId,
) -> Result<bool, LogError> {
    let done = sqlx::query(
        "INSERT INTO create_request (user_id, request, space) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(user.uuid())
    .bind(request.uuid())
    .bind(space.uuid())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Others in a group or a team.
const MEMBERS: usize = 200;
