//! Signed requests: which device asks, proved by its signature over method, path, body, time and a nonce. A time that is
//! more than five minutes off is refused, and a nonce that was used.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::device::Request as Signed;
use baton_core::device_api::{AT_HEADER, DEVICE_HEADER, NONCE_HEADER, REQUEST_SKEW_MILLIS, SIGNATURE_HEADER};
use baton_core::id::DeviceId;
use baton_core::time::At;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::Refused;
use crate::context::{Context, millis};
use crate::http::cbor;
use crate::http::problem::Problem;
use crate::people::device::{self, Device};

/// What a device asks, and which device that is.
pub(super) struct Asked<T> {
    pub(super) device: Arc<Device>,
    pub(super) body: T,
}

impl<T: DeserializeOwned> FromRequest<Context> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, cx: &Context) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let body = read_body(Request::from_parts(parts.clone(), body), cx).await?;
        match open(cx, &parts, &body).await {
            Ok(device) => {
                let body =
                    cbor::read(&body).inspect_err(|problem| cx.metrics.reject("device", problem.reason))?;
                Ok(Self { device, body })
            }
            Err(refused) => Err(refused.answer(cx)),
        }
    }
}

/// Reads a body within the limit.
pub(super) async fn read_body(request: Request, cx: &Context) -> Result<Bytes, Problem> {
    Bytes::from_request(request, cx)
        .await
        .map_err(|rejection: BytesRejection| {
            let problem = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::TOO_LARGE
            } else {
                Problem::MALFORMED
            };
            cx.metrics.reject("device", problem.reason);
            problem
        })
}

async fn open(cx: &Context, parts: &Parts, body: &[u8]) -> Result<Arc<Device>, Refused> {
    let shown = Shown::read(&parts.headers).ok_or(UNSIGNED)?;
    let now = cx.now();
    let mut conn = cx.pool.acquire().await?;
    let device = device::load(&mut conn, &[shown.device])
        .await?
        .remove(&shown.device)
        .ok_or(UNKNOWN)?;
    let request = Signed {
        device: shown.device,
        method: parts.method.as_str(),
        path: parts.uri.path(),
        body,
        at: shown.at,
        nonce: shown.nonce,
    };
    request
        .verify(&shown.signature, &device.verifying_key)
        .map_err(|_| SIGNATURE)?;
    // Only its own signature lets anybody learn what became of a device.
    if device.revoked_at.is_some() {
        return Err(REVOKED.into());
    }
    if now >= device.session_until {
        return Err(ENDED.into());
    }
    if now.apart(shown.at) > Duration::from_millis(REQUEST_SKEW_MILLIS) {
        return Err(CLOCK.into());
    }
    if is_replayed(&mut conn, &shown, now).await? {
        return Err(REPLAYED.into());
    }
    Ok(device)
}

/// Takes the nonce; true when it was taken before, by whichever replica.
async fn is_replayed(conn: &mut PgConnection, shown: &Shown, now: At) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "INSERT INTO request_nonce (device, nonce, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(shown.device.uuid())
    .bind(shown.nonce.as_slice())
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 0)
}

/// Forgets nonces whose time would be refused by now.
pub(crate) async fn forget_nonces(cx: &Context) -> Result<(), sqlx::Error> {
    let before = cx.now().millis().saturating_sub(REQUEST_SKEW_MILLIS * 3);
    sqlx::query("DELETE FROM request_nonce WHERE at < $1")
        .bind(millis(At::from_millis(before)))
        .execute(&cx.pool)
        .await?;
    Ok(())
}

struct Shown {
    device: DeviceId,
    at: At,
    nonce: [u8; 16],
    signature: [u8; 64],
}

impl Shown {
    fn read(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        Some(Self {
            device: text(DEVICE_HEADER)?.parse().ok()?,
            at: At::from_millis(text(AT_HEADER)?.parse().ok()?),
            nonce: bytes(NONCE_HEADER)?.try_into().ok()?,
            signature: bytes(SIGNATURE_HEADER)?.try_into().ok()?,
        })
    }
}

const fn unauthorised(reason: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, reason, title)
}

const CLOCK: Problem = unauthorised(
    "clock",
    "The device's time is more than five minutes from the record's.",
);
const ENDED: Problem = unauthorised("session-ended", "The session has ended. Sign in again.");
const REPLAYED: Problem = unauthorised("replayed", "This very request was made before.");
const REVOKED: Problem = unauthorised("revoked", "This device was ended.");
const SIGNATURE: Problem = unauthorised("signature", "The signature does not verify.");
const UNKNOWN: Problem = unauthorised("unknown-device", "This device is not known. Sign in.");
const UNSIGNED: Problem = unauthorised("unsigned", "This request has to be signed by a device.");
