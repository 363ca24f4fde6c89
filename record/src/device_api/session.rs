//! Sessions: who is signed in, where they belong, and what lets the device in at the edge.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use baton_core::chain::Head;
use baton_core::device_api::{Session, SpaceGrant};
use baton_core::id::{SpaceId, UserId};
use baton_core::secret::Personal;
use baton_core::service::RelayClaims;
use sqlx::PgConnection;
use uuid::Uuid;

use super::signed_request::Asked;
use super::{NOT_MEMBER, Refused};
use crate::context::{Context, millis};
use crate::http::cbor::{Cbor, no_content};
use crate::http::problem::Problem;
use crate::keys::{epoch, release};
use crate::log::made::kind_of;
use crate::log::row::{self, SpaceRow};
use crate::people::device::{self, Device};
use crate::people::{directory, person};
use crate::token;

pub(super) async fn session(State(cx): State<Context>, asked: Asked<()>) -> Result<Cbor<Session>, Problem> {
    renewed(&cx, &asked.device)
        .await
        .map(Cbor)
        .map_err(|refused| refused.answer(&cx))
}

pub(super) async fn sign_out(State(cx): State<Context>, asked: Asked<()>) -> Result<Response<Body>, Problem> {
    device::revoke(&cx, asked.device.id, Some(asked.device.user))
        .await
        .map_err(|error| error.answer(&cx.metrics))?;
    Ok(no_content())
}

async fn renewed(cx: &Context, device: &Device) -> Result<Session, Refused> {
    let mut conn = cx.pool.acquire().await?;
    let (certificate,): (Vec<u8>,) =
        sqlx::query_as("UPDATE device SET seen_at = $2 WHERE id = $1 RETURNING certificate")
            .bind(device.id.uuid())
            .bind(millis(cx.now()))
            .fetch_one(&mut *conn)
            .await?;
    make(cx, &mut conn, device, certificate).await
}

/// Makes a session for a device that was just proved.
pub(super) async fn make(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    certificate: Vec<u8>,
) -> Result<Session, Refused> {
    let now = cx.now();
    let directory = directory::current(cx, conn).await?;
    let me = directory
        .find(device.user)
        .ok_or(super::sign_in::NOT_IN_DIRECTORY)?
        .clone();
    let ids = person::spaces(conn, device.user).await?;
    let mut spaces = Vec::with_capacity(ids.len());
    for space in &ids {
        if let Some(grant) = grant(cx, conn, *space, device).await? {
            spaces.push(grant);
        }
    }
    let mut people = person::of_spaces(conn, &ids).await?;
    people.insert(device.user);
    people.remove(&UserId::RECORD);
    let relay_until = now.plus(RELAY).min(device.session_until);
    let claims = RelayClaims {
        sub: device.id,
        user: device.user,
    };
    Ok(Session {
        device: device.id,
        me,
        now,
        relay_token: Personal::new(token::make_relay(cx, claims, relay_until)),
        relay_until,
        session_until: device.session_until,
        certificate,
        spaces,
        people: directory.people(&people),
    })
}

/// What a device of a member gets of a space.
async fn grant(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    device: &Device,
) -> Result<Option<SpaceGrant>, Refused> {
    let kind: Option<(String,)> = sqlx::query_as("SELECT kind FROM space WHERE id = $1")
        .bind(space.uuid())
        .fetch_optional(&mut *conn)
        .await?;
    let Some((kind,)) = kind else {
        return Ok(None);
    };
    let keys = epoch::load(conn, &cx.keys, space).await?;
    let Some(SpaceRow { head, .. }) = row::space(conn, space).await? else {
        return Ok(None);
    };
    granted(cx, space, kind_of(&kind), head, &keys, device).map(Some)
}

fn granted(
    cx: &Context,
    space: SpaceId,
    kind: baton_core::op::space::SpaceKind,
    head: Head,
    keys: &epoch::SpaceKeys,
    device: &Device,
) -> Result<SpaceGrant, Refused> {
    Ok(SpaceGrant {
        space,
        kind,
        head,
        keys: release::seal(space, keys, &device.keys, &mut cx.rng())?,
    })
}

/// What a member's device gets of a space that was just made.
pub(super) async fn grant_to_member(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    device: &Device,
) -> Result<SpaceGrant, Refused> {
    let is_member: Option<(Uuid,)> =
        sqlx::query_as("SELECT space FROM member WHERE space = $1 AND user_id = $2 AND until IS NULL")
            .bind(space.uuid())
            .bind(device.user.uuid())
            .fetch_optional(&mut *conn)
            .await?;
    if is_member.is_none() {
        return Err(NOT_MEMBER.into());
    }
    grant(cx, conn, space, device)
        .await?
        .ok_or(Refused::Problem(NOT_MEMBER))
}

/// A relay token is good for so long; the session renews it.
const RELAY: Duration = Duration::from_mins(10);
