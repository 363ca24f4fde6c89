//! The devices of a person: which there are, ending one, and the order to a locked one that it was ended.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use baton_core::device_api::{Devices, DevicesAnswer, Orders, OrdersAnswer, RevokeDevice};
use baton_core::id::UserId;

use super::Refused;
use super::signed_request::{Asked, read_body};
use crate::context::Context;
use crate::http::cbor::{self, Cbor, no_content};
use crate::http::problem::Problem;
use crate::people::device::{self, By};
use crate::people::{audit, directory, person};

pub(super) async fn devices(
    State(cx): State<Context>,
    asked: Asked<Devices>,
) -> Result<Cbor<DevicesAnswer>, Problem> {
    let list = async || -> Result<DevicesAnswer, Refused> {
        let (device, now) = (&asked.device, cx.now());
        let user = asked.body.user.unwrap_or(device.user);
        may_manage(&cx, device.user, user).await?;
        let mut conn = cx.pool.acquire().await?;
        if user != device.user {
            let event = audit::Event {
                event: "devices.seen",
                user: Some(device.user),
                device: Some(device.id),
                subject: Some(user.uuid()),
                ..audit::Event::default()
            };
            audit::add(&mut conn, now, event).await?;
        }
        let devices = device::list(&mut conn, user, now).await?;
        Ok(DevicesAnswer { devices })
    };
    list().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn revoke(
    State(cx): State<Context>,
    asked: Asked<RevokeDevice>,
) -> Result<Response<Body>, Problem> {
    let ended = async || -> Result<(), Refused> {
        let id = asked.body.device;
        let mut conn = cx.pool.acquire().await?;
        let found = device::load(&mut conn, &[id])
            .await?
            .remove(&id)
            .ok_or(NOT_YOURS)?;
        drop(conn);
        may_manage(&cx, asked.device.user, found.user).await?;
        device::revoke(&cx, id, By::Another(asked.device.user)).await?;
        Ok(())
    };
    ended().await.map_err(|refused| refused.answer(&cx))?;
    Ok(no_content())
}

/// One's own devices, or those of a colleague whose organisation one administrates.
async fn may_manage(cx: &Context, asking: UserId, owner: UserId) -> Result<(), Refused> {
    if asking == owner {
        return Ok(());
    }
    let mut conn = cx.pool.acquire().await?;
    let directory = directory::current(cx, &mut conn).await?;
    let ods = |user| directory.find(user).map(|person| person.organisation.ods.clone());
    let is_colleague = ods(asking).is_some() && ods(asking) == ods(owner);
    if is_colleague && person::is_administrator(&mut conn, asking).await? {
        return Ok(());
    }
    Err(NOT_YOURS.into())
}

pub(super) async fn orders(
    State(cx): State<Context>,
    request: Request,
) -> Result<Cbor<OrdersAnswer>, Problem> {
    let body = read_body(request, &cx).await?;
    let orders = async || -> Result<OrdersAnswer, Refused> {
        let asked: Orders = cbor::read(&body)?;
        if asked.devices.len() > DEVICES {
            return Err(Problem::MALFORMED.into());
        }
        Ok(OrdersAnswer {
            orders: device::orders(&cx, &asked.devices).await?,
        })
    };
    orders().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

/// No device of this person or of their organisation: which of the two is not told.
const NOT_YOURS: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not-your-device",
    "That is not a device that you may see or end.",
);

/// Devices in one question.
const DEVICES: usize = 16;
