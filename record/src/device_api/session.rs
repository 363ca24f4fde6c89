//! Sessions: who is signed in, where they belong, and what lets the device in at the edge.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
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
use crate::log::{LogError, row};
use crate::people::device::{self, By, Device};
use crate::people::{directory, person};
use crate::token;

pub(super) async fn session(State(cx): State<Context>, asked: Asked<()>) -> Result<Cbor<Session>, Problem> {
    renewed(&cx, &asked.device)
        .await
        .map(Cbor)
        .map_err(|refused| refused.answer(&cx))
}

pub(super) async fn sign_out(State(cx): State<Context>, asked: Asked<()>) -> Result<Response<Body>, Problem> {
    device::revoke(&cx, asked.device.id, By::Itself(asked.device.user))
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
    let spaces = grants(cx, conn, device, None).await?;
    let ids: Vec<SpaceId> = spaces.iter().map(|grant| grant.space).collect();
    let mut people = person::of_spaces(conn, &ids).await?;
    people.insert(device.user);
    people.remove(&UserId::RECORD);
    let administrates = person::is_administrator(conn, device.user).await?;
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
        policy: cx.config.policy,
        administrates,
    })
}

/// What a member's device gets of one space.
pub(super) async fn grant(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    device: &Device,
) -> Result<SpaceGrant, Refused> {
    let mut grants = grants(cx, conn, device, Some(space)).await?;
    grants.pop().ok_or(Refused::Problem(NOT_MEMBER))
}

/// Space, kind, head's place and chain, epoch, wrapped key.
type GrantRow = (Uuid, String, i64, Vec<u8>, i32, Vec<u8>);

/// What a device gets of the spaces that its person is a member of, or of one of them, latest activity first. One query, however
/// many there are.
async fn grants(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    only: Option<SpaceId>,
) -> Result<Vec<SpaceGrant>, Refused> {
    let rows: Vec<GrantRow> = sqlx::query_as(
        "SELECT space.id, kind, head_seq, head_chain, space_key.epoch, wrapped
         FROM member JOIN space ON space.id = member.space JOIN space_key ON space_key.space = member.space
         WHERE member.user_id = $1 AND member.until IS NULL AND ($2::uuid IS NULL OR member.space = $2)
         ORDER BY head_at DESC, space.id, space_key.epoch",
    )
    .bind(device.user.uuid())
    .bind(only.map(SpaceId::uuid))
    .fetch_all(conn)
    .await?;
    let mut rng = cx.rng();
    rows.chunk_by(|one, next| one.0 == next.0)
        .filter_map(|of_space| Some((of_space.first()?, of_space)))
        .map(|((id, kind, seq, chain, _, _), of_space)| {
            let space = SpaceId::from_uuid(*id);
            let mut keys = Vec::with_capacity(of_space.len());
            for (_, _, _, _, epoch, wrapped) in of_space {
                let epoch = epoch::read(*epoch);
                let key = cx.keys.unwrap(space, epoch, wrapped);
                keys.push((epoch, key.map_err(|_| LogError::Key { space })?));
            }
            Ok(SpaceGrant {
                space,
                kind: kind_of(kind),
                head: row::head_of(space, *seq, chain)?,
                keys: release::seal(space, keys, &device.keys, &mut rng)?,
            })
        })
        .collect()
}

/// A relay token is good for so long; the session renews it.
const RELAY: Duration = Duration::from_mins(10);
