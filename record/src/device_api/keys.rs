//! Keys, snapshots and history of a space: for its members.

use axum::extract::State;
use baton_core::device_api::{
    HandoverOf, HandoverOfAnswer, History, HistoryAnswer, HistoryOf, HistoryOfAnswer, Keys, KeysAnswer,
    Snapshots, SnapshotsAnswer,
};

use super::signed_request::Asked;
use super::{NOT_MEMBER, Refused};
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::keys::release;
use crate::log::{entries, past, snapshot};
use crate::people::device::Device;

pub(super) async fn keys(State(cx): State<Context>, asked: Asked<Keys>) -> Result<Cbor<KeysAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        let (space, device) = (asked.body.space, &asked.device);
        let keys = release::to_member(&cx, &mut conn, space, device.user, &device.keys).await?;
        Ok::<_, Refused>(KeysAnswer {
            keys: keys.ok_or(NOT_MEMBER)?,
        })
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn snapshots(
    State(cx): State<Context>,
    asked: Asked<Snapshots>,
) -> Result<Cbor<SnapshotsAnswer>, Problem> {
    newest(&cx, &asked.device, &asked.body)
        .await
        .map(Cbor)
        .map_err(|refused| refused.answer(&cx))
}

/// Spaces that one is not a member of are left out, like those that have no snapshot.
async fn newest(cx: &Context, device: &Device, asked: &Snapshots) -> Result<SnapshotsAnswer, Refused> {
    if asked.spaces.len() > SNAPSHOTS {
        return Err(Problem::MALFORMED.into());
    }
    let mut snapshots = Vec::with_capacity(asked.spaces.len());
    for space in &asked.spaces {
        let is_member = release::is_member(&mut *cx.pool.acquire().await?, *space, device.user).await?;
        if is_member {
            snapshots.extend(snapshot::fresh(cx, *space, FRESH).await?);
        }
    }
    Ok(SnapshotsAnswer { snapshots })
}

pub(super) async fn history(
    State(cx): State<Context>,
    asked: Asked<History>,
) -> Result<Cbor<HistoryAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        if !release::is_member(&mut conn, asked.body.space, asked.device.user).await? {
            return Err(Refused::Problem(NOT_MEMBER));
        }
        Ok(entries::before(&mut conn, &asked.body).await?)
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn history_of(
    State(cx): State<Context>,
    asked: Asked<HistoryOf>,
) -> Result<Cbor<HistoryOfAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        if !release::is_member(&mut conn, asked.body.space, asked.device.user).await? {
            return Err(Refused::Problem(NOT_MEMBER));
        }
        Ok(entries::of_one(&mut conn, &asked.body).await?)
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

/// A handover of long ago.
pub(super) async fn handover(
    State(cx): State<Context>,
    asked: Asked<HandoverOf>,
) -> Result<Cbor<HandoverOfAnswer>, Problem> {
    let answer = async || {
        let mut conn = cx.pool.acquire().await?;
        let HandoverOf { space, handover } = asked.body;
        if !release::is_member(&mut conn, space, asked.device.user).await? {
            return Err(Refused::Problem(NOT_MEMBER));
        }
        let handover = past::handover(&cx, &mut conn, space, handover).await?;
        Ok(HandoverOfAnswer { handover })
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

/// Spaces in one request.
const SNAPSHOTS: usize = 100;

/// A snapshot that is further behind than so many entries is made anew when somebody asks.
const FRESH: u64 = 100;
