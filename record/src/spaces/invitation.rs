//! Invitations to teams. One of a team is open at a time, for three days; what is kept of it is a keyed hash, so that nobody who
//! reads the database can ask by it. Who asks is kept until an administrator lets them in, by adding them, or does not.

use std::time::Duration;

use baton_core::device_api::{InviteAnswer, InviteDeed};
use baton_core::id::{InvitationId, SpaceId, UserId};
use baton_core::person::Person;
use baton_core::time::At;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::context::{Context, millis, moment};
use crate::log::LogError;
use crate::people::device::Device;
use crate::people::{audit, directory};

/// What somebody is to a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Looks after it.
    Administrator,
    /// Belongs to it.
    Member,
    /// Neither, or it is no team.
    Outside,
}

/// What somebody is to a team.
pub async fn standing(conn: &mut PgConnection, space: SpaceId, user: UserId) -> Result<Standing, LogError> {
    let row: Option<(bool,)> = sqlx::query_as(
        "SELECT m.admin FROM member m JOIN space s ON s.id = m.space
         WHERE m.space = $1 AND m.user_id = $2 AND m.until IS NULL AND s.kind = 'team'",
    )
    .bind(space.uuid())
    .bind(user.uuid())
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        Some((true,)) => Standing::Administrator,
        Some((false,)) => Standing::Member,
        None => Standing::Outside,
    })
}

/// Does what an administrator wants with the invitation of their team, and says how it stands.
pub async fn change(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    space: SpaceId,
    deed: InviteDeed,
) -> Result<InviteAnswer, LogError> {
    let mut transaction = conn.begin().await?;
    let mut made = None;
    let (event, subject) = match deed {
        InviteDeed::Decline(user) => {
            sqlx::query("DELETE FROM join_request WHERE space = $1 AND user_id = $2")
                .bind(space.uuid())
                .bind(user.uuid())
                .execute(&mut *transaction)
                .await?;
            ("join.declined", Some(user.uuid()))
        }
        InviteDeed::End => {
            sqlx::query("DELETE FROM invitation WHERE space = $1")
                .bind(space.uuid())
                .execute(&mut *transaction)
                .await?;
            ("invitation.ended", None)
        }
        InviteDeed::Make => {
            let id = cx.make_invitation_id();
            sqlx::query(
                "INSERT INTO invitation (space, name, user_id, until) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (space) DO UPDATE SET name = $2, user_id = $3, until = $4",
            )
            .bind(space.uuid())
            .bind(name(cx, id).as_slice())
            .bind(device.user.uuid())
            .bind(millis(cx.now().plus(OPEN)))
            .execute(&mut *transaction)
            .await?;
            made = Some(id);
            ("invitation.made", None)
        }
        InviteDeed::See => {
            let (until, asking) = stands(cx, &mut transaction, space).await?;
            return Ok(InviteAnswer { made, until, asking });
        }
    };
    tell(cx, &mut transaction, device, event, space, subject).await?;
    let (until, asking) = stands(cx, &mut transaction, space).await?;
    transaction.commit().await?;
    Ok(InviteAnswer { made, until, asking })
}

/// Asks to join by an invitation; gives who made it, or `None` when it is not open. Asking twice is asking once.
pub async fn ask(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    invitation: InvitationId,
) -> Result<Option<Person>, LogError> {
    let mut transaction = conn.begin().await?;
    let open: Option<(Uuid, Uuid)> =
        sqlx::query_as("SELECT space, user_id FROM invitation WHERE name = $1 AND until > $2")
            .bind(name(cx, invitation).as_slice())
            .bind(millis(cx.now()))
            .fetch_optional(&mut *transaction)
            .await?;
    let Some((space, by)) = open else {
        return Ok(None);
    };
    let space = SpaceId::from_uuid(space);
    let asked = sqlx::query(
        "INSERT INTO join_request (space, user_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(space.uuid())
    .bind(device.user.uuid())
    .bind(millis(cx.now()))
    .execute(&mut *transaction)
    .await?;
    if asked.rows_affected() == 1 {
        tell(cx, &mut transaction, device, "join.asked", space, None).await?;
    }
    transaction.commit().await?;
    let directory = directory::current(cx, conn).await?;
    Ok(directory.find(UserId::from_uuid(by)).cloned())
}

async fn tell(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    event: &'static str,
    space: SpaceId,
    subject: Option<Uuid>,
) -> Result<(), LogError> {
    let event = audit::Event {
        event,
        user: Some(device.user),
        device: Some(device.id),
        space: Some(space),
        subject,
        ..audit::Event::default()
    };
    audit::add(conn, cx.now(), event).await?;
    Ok(())
}

/// Until when one is open, and who asked and is no member.
async fn stands(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
) -> Result<(Option<At>, Vec<Person>), LogError> {
    let open: Option<(i64,)> = sqlx::query_as("SELECT until FROM invitation WHERE space = $1 AND until > $2")
        .bind(space.uuid())
        .bind(millis(cx.now()))
        .fetch_optional(&mut *conn)
        .await?;
    let asking: Vec<(Uuid,)> = sqlx::query_as(
        "SELECT j.user_id FROM join_request j
         WHERE j.space = $1 AND NOT EXISTS
           (SELECT 1 FROM member m WHERE m.space = j.space AND m.user_id = j.user_id AND m.until IS NULL)
         ORDER BY j.at, j.user_id",
    )
    .bind(space.uuid())
    .fetch_all(&mut *conn)
    .await?;
    let directory = directory::current(cx, conn).await?;
    let person = |(user,): (Uuid,)| directory.find(UserId::from_uuid(user)).cloned();
    let asking = asking.into_iter().filter_map(person).collect();
    Ok((open.map(|(until,)| moment(until)), asking))
}

fn name(cx: &Context, invitation: InvitationId) -> [u8; 32] {
    cx.keys.derive_lookup("invitation", &[&invitation.to_string()])
}

/// How long an invitation is open.
const OPEN: Duration = Duration::from_hours(72);
