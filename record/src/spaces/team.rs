//! Teams: wards, services, neighbourhoods, as the organisation makes them from a file.

use baton_core::id::{SpaceId, UserId};
use baton_core::op::space::{SpaceKind, TITLE_CHARS};
use baton_core::secret::Personal;
use baton_core::service::Changed;
use serde::Deserialize;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::context::Context;
use crate::log::LogError;
use crate::log::made::{self, NewSpace};
use crate::notice;
use crate::people::{audit, person};

/// A team as the organisation's file has it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamFile {
    /// Its title.
    pub title: String,
    /// Its administrators, by what the configured issuer calls them.
    pub admins: Vec<String>,
    /// Its other members.
    #[serde(default)]
    pub members: Vec<String>,
}

/// Why a team is not made.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// A fault.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A team without an administrator.
    #[error("team {number} of the file has no administrator")]
    NoAdmin {
        /// Which in the file, from 1.
        number: usize,
    },
    /// Somebody whom the directory does not have.
    #[error("team {number} of the file has a member whom the directory does not have: number {member} in it")]
    NoSuchPerson {
        /// Which in the file, from 1.
        number: usize,
        /// Which member, from 1, administrators first.
        member: usize,
    },
    /// The title is empty or too long.
    #[error("team {number} of the file needs a title of at most 120 characters")]
    Title {
        /// Which in the file, from 1.
        number: usize,
    },
}

/// How many teams were made and how many members were added to known ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TeamCount {
    /// Made.
    pub made: usize,
    /// Known before.
    pub known: usize,
    /// Added to those.
    pub added: usize,
}

/// Makes teams. One whose title is known gets the members that it does not have.
pub async fn teams(cx: &Context, teams: &[TeamFile]) -> Result<TeamCount, TeamError> {
    let mut count = TeamCount::default();
    for (index, file) in teams.iter().enumerate() {
        team(cx, index + 1, file, &mut count).await?;
    }
    cx.notices.notify_one();
    Ok(count)
}

async fn team(cx: &Context, number: usize, file: &TeamFile, count: &mut TeamCount) -> Result<(), TeamError> {
    if file.title.trim().is_empty() || file.title.chars().count() > TITLE_CHARS {
        return Err(TeamError::Title { number });
    }
    if file.admins.is_empty() {
        return Err(TeamError::NoAdmin { number });
    }
    let mut conn = cx.pool.acquire().await.map_err(LogError::from)?;
    let members = people_of(cx, &mut conn, number, file).await?;
    let mut transaction = conn.begin().await.map_err(LogError::from)?;
    let lookup = name(cx, &file.title);
    let known = find(&mut transaction, lookup).await?;
    let (space, entries) = if let Some(space) = known {
        let entries = made::add_members(cx, &mut transaction, space, &members)
            .await?
            .entries;
        count.known += 1;
        count.added += entries.len();
        (space, entries)
    } else {
        count.made += 1;
        let new = NewSpace {
            kind: SpaceKind::Team,
            title: Personal::new(file.title.clone()),
            about: None,
            members: members.clone(),
            team: Some(lookup),
        };
        made::create(cx, &mut transaction, new).await?
    };
    if !entries.is_empty() {
        let event = audit::Event {
            event: if known.is_some() {
                "team.extended"
            } else {
                "team.created"
            },
            space: Some(space),
            ..audit::Event::default()
        };
        audit::add(&mut transaction, cx.now(), event)
            .await
            .map_err(LogError::from)?;
        let changed = Changed {
            spaces_of: members.iter().map(|(user, _)| *user).collect(),
            ..Changed::default()
        };
        notice::entries(&mut transaction, cx.now(), space, entries, changed)
            .await
            .map_err(LogError::from)?;
    }
    transaction.commit().await.map_err(LogError::from)?;
    Ok(())
}

/// Whether the organisation has a team of this name. What people start themselves is not found by its name, so that a file of
/// the organisation never gives a team of theirs its members.
pub(super) async fn is_known(cx: &Context, conn: &mut PgConnection, title: &str) -> Result<bool, LogError> {
    let known = find(conn, name(cx, title)).await?;
    Ok(known.is_some())
}

fn name(cx: &Context, title: &str) -> [u8; 32] {
    cx.keys.derive_lookup("team", &[title])
}

async fn find(conn: &mut PgConnection, name: [u8; 32]) -> Result<Option<SpaceId>, LogError> {
    let known: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM space WHERE team = $1")
        .bind(name.as_slice())
        .fetch_optional(conn)
        .await?;
    Ok(known.map(|(space,)| SpaceId::from_uuid(space)))
}

async fn people_of(
    cx: &Context,
    conn: &mut PgConnection,
    number: usize,
    file: &TeamFile,
) -> Result<Vec<(UserId, bool)>, TeamError> {
    let mut members: Vec<(UserId, bool)> = Vec::new();
    let named = file
        .admins
        .iter()
        .map(|subject| (subject, true))
        .chain(file.members.iter().map(|subject| (subject, false)));
    for (index, (subject, admin)) in named.enumerate() {
        let user = person::find_by_subject(cx, conn, &cx.config.identity.issuer, subject)
            .await
            .map_err(LogError::from)?
            .ok_or(TeamError::NoSuchPerson {
                number,
                member: index + 1,
            })?;
        if !members.iter().any(|(known, _)| *known == user) {
            members.push((user, admin));
        }
    }
    Ok(members)
}
