//! Who is on call now, and rotas in files.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use baton_core::device_api::{OnCall, OnCallAnswer, ReadRota, ReadRotaAnswer};
use baton_core::id::UserId;
use uuid::Uuid;

use super::directory::TYPED;
use super::signed_request::Asked;
use super::{NOT_MEMBER, Refused};
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::people::directory;
use crate::roles::{on_call as roles, rota};

pub(super) async fn on_call(
    State(cx): State<Context>,
    asked: Asked<OnCall>,
) -> Result<Cbor<OnCallAnswer>, Problem> {
    let answer = async || {
        let typed = asked.body.text.as_str();
        if typed.len() > TYPED {
            return Err(Refused::Problem(Problem::MALFORMED));
        }
        let mut conn = cx.pool.acquire().await?;
        Ok(roles::find(&cx, &mut conn, typed, asked.device.user).await?)
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn read_rota(
    State(cx): State<Context>,
    asked: Asked<ReadRota>,
) -> Result<Cbor<ReadRotaAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        let rows: Vec<(Uuid, bool)> =
            sqlx::query_as("SELECT user_id, admin FROM member WHERE space = $1 AND until IS NULL")
                .bind(asked.body.space.uuid())
                .fetch_all(&mut *conn)
                .await?;
        let user = asked.device.user.uuid();
        let is_admin = rows
            .iter()
            .find(|(member, _)| *member == user)
            .map(|(_, admin)| *admin);
        if !is_admin.ok_or(NOT_MEMBER)? {
            return Err(Refused::Problem(NOT_ADMIN));
        }
        let members: BTreeSet<UserId> = rows
            .into_iter()
            .map(|(user, _)| UserId::from_uuid(user))
            .collect();
        let members = directory::current(&cx, &mut conn).await?.people(&members);
        Ok(rota::read(asked.body.format, asked.body.file.as_str(), &members))
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

const NOT_ADMIN: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not-admin",
    "Only an administrator of the team can set a rota.",
);
