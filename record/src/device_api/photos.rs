//! Photos of messages: for members of their space.

use axum::extract::State;
use axum::http::StatusCode;
use baton_core::device_api::{DepositPhoto, PhotoAnswer, PhotoOf};
use baton_core::photo::PHOTO_BYTES;
use serde_bytes::ByteBuf;

use super::signed_request::Asked;
use super::{NOT_MEMBER, Refused};
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::keys::release;
use crate::photos::{self, Deposit};

/// Keeps one.
pub(super) async fn deposit(
    State(cx): State<Context>,
    asked: Asked<DepositPhoto>,
) -> Result<StatusCode, Problem> {
    let answer = async || {
        let DepositPhoto { space, sealed } = &asked.body;
        if sealed.is_empty() {
            return Err(Refused::Problem(Problem::MALFORMED));
        }
        if sealed.len() > PHOTO_BYTES + ENVELOPE {
            return Err(Problem::TOO_LARGE.into());
        }
        let mut conn = cx.pool.acquire().await?;
        if !release::is_member(&mut conn, *space, asked.device.user).await? {
            return Err(NOT_MEMBER.into());
        }
        match photos::keep(&mut conn, *space, asked.device.id, cx.now(), sealed).await? {
            Deposit::Kept => Ok(StatusCode::NO_CONTENT),
            Deposit::TooMany => Err(TOO_MANY.into()),
        }
    };
    answer().await.map_err(|refused| refused.answer(&cx))
}

/// Gives one.
pub(super) async fn photo(
    State(cx): State<Context>,
    asked: Asked<PhotoOf>,
) -> Result<Cbor<PhotoAnswer>, Problem> {
    let answer = async || {
        let PhotoOf { space, photo } = asked.body;
        let mut conn = cx.pool.acquire().await?;
        if !release::is_member(&mut conn, space, asked.device.user).await? {
            return Err(Refused::Problem(NOT_MEMBER));
        }
        let sealed = photos::find(&mut conn, space, photo).await?.map(ByteBuf::from);
        Ok(PhotoAnswer { sealed })
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

/// What an envelope has around what is sealed, and more.
const ENVELOPE: usize = 256;

const TOO_MANY: Problem = Problem::new(
    StatusCode::TOO_MANY_REQUESTS,
    "photos",
    "Too many photos of this device wait for their messages.",
);
