//! A new conversation.

use axum::extract::State;
use baton_core::device_api::{Create, SpaceGrant};

use super::signed_request::Asked;
use super::{Refused, session};
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::people::device::Device;
use crate::spaces;

pub(super) async fn create(
    State(cx): State<Context>,
    asked: Asked<Create>,
) -> Result<Cbor<SpaceGrant>, Problem> {
    made(&cx, &asked.device, &asked.body)
        .await
        .map(Cbor)
        .map_err(|refused| refused.answer(&cx))
}

async fn made(cx: &Context, device: &Device, asked: &Create) -> Result<SpaceGrant, Refused> {
    let space = match spaces::create(cx, device, asked).await? {
        Ok(space) => space,
        Err(refusal) => return Err(Refused::Problem(refusal.problem())),
    };
    let mut conn = cx.pool.acquire().await?;
    session::grant(cx, &mut conn, space, device).await
}
