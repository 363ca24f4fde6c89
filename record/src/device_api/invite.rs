//! Invitations to teams: made and withdrawn by administrators, asked by, and nobody let in.

use axum::extract::State;
use axum::http::StatusCode;
use baton_core::device_api::{Invite, InviteAnswer, Join, JoinAnswer};

use super::signed_request::Asked;
use super::{NOT_MEMBER, Refused};
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::spaces::invitation::{self, Standing};

pub(super) async fn invite(
    State(cx): State<Context>,
    asked: Asked<Invite>,
) -> Result<Cbor<InviteAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        let Invite { space, deed } = asked.body;
        match invitation::standing(&mut conn, space, asked.device.user).await? {
            Standing::Administrator => {}
            Standing::Member => return Err(Refused::Problem(NOT_ADMIN)),
            Standing::Outside => return Err(Refused::Problem(NOT_MEMBER)),
        }
        Ok(invitation::change(&cx, &mut conn, &asked.device, space, deed).await?)
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn join(State(cx): State<Context>, asked: Asked<Join>) -> Result<Cbor<JoinAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        let by = invitation::ask(&cx, &mut conn, &asked.device, asked.body.invitation).await?;
        by.map(|by| JoinAnswer { by }).ok_or(Refused::Problem(NOT_OPEN))
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

const NOT_ADMIN: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not-admin",
    "Only an administrator of the team can invite people.",
);

/// Ended, withdrawn, replaced, or never made: which of them is not told.
const NOT_OPEN: Problem = Problem::new(
    StatusCode::NOT_FOUND,
    "no-invitation",
    "This invitation is not open any more. Ask for a new one.",
);
