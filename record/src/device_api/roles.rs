//! Who is on call now.

use axum::extract::State;
use baton_core::device_api::{OnCall, OnCallAnswer};

use super::Refused;
use super::directory::TYPED;
use super::signed_request::Asked;
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::roles::on_call as roles;

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
