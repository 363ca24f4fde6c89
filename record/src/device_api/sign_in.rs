//! Signing in: an authorization code and a device's public keys in, a session out. The OpenID `nonce` commits the sign-in
//! to a key of its own, which signs the device's keys, so that nobody in between can put their own device in its place.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use baton_core::device::Certificate;
use baton_core::device_api::{Session, SignIn};
use sqlx::Connection;

use super::signed_request::read_body;
use super::{Refused, session};
use crate::context::Context;
use crate::http::cbor::{self, Cbor};
use crate::http::problem::Problem;
use crate::identity::{self, IdentityError, Vouched};
use crate::log::LogError;
use crate::people::device::{Device, SESSION};
use crate::people::{audit, device, person};

pub(super) async fn sign_in(State(cx): State<Context>, request: Request) -> Result<Cbor<Session>, Problem> {
    let body = read_body(request, &cx).await?;
    let signed_in = async || {
        let asked: SignIn = cbor::read(&body)?;
        bind(&cx, &asked).await
    };
    match signed_in().await {
        Ok(session) => {
            cx.metrics.signed_in.inc();
            Ok(Cbor(session))
        }
        Err(refused) => {
            let problem = refused.answer(&cx);
            cx.metrics
                .sign_in_refused
                .with_label_values(&[problem.reason])
                .inc();
            Err(problem)
        }
    }
}

async fn bind(cx: &Context, asked: &SignIn) -> Result<Session, Refused> {
    if asked.code.as_str().len() > CODE || asked.verifier.as_str().len() > VERIFIER {
        return Err(Problem::MALFORMED.into());
    }
    let keys = asked
        .key
        .open(&asked.device, asked.salt.expose())
        .map_err(|_| UNBOUND)?;
    let verifying_key = keys.verifying_key().ok_or(WEAK_KEY)?;
    let nonce = asked.key.commitment(asked.salt.expose());
    let vouched = identity::exchange(cx, asked.code.as_str(), asked.verifier.as_str(), &nonce)
        .await
        .map_err(problem)?;
    let Vouched { issuer, subject } = vouched;
    let mut conn = cx.pool.acquire().await?;
    let user = person::find_by_subject(cx, &mut conn, &issuer, &subject)
        .await?
        .ok_or(NOT_IN_DIRECTORY)?;
    let now = cx.now();
    let device = Device {
        id: cx.make_device_id(),
        user,
        keys,
        verifying_key,
        session_until: now.plus(SESSION),
        revoked_at: None,
    };
    let certificate = Certificate {
        device: device.id,
        user,
        keys,
        at: now,
    }
    .sign(cx.signing_key());
    let mut transaction = conn.begin().await?;
    device::register(&mut transaction, &device, &certificate, now).await?;
    let event = audit::Event {
        event: "signed_in",
        user: Some(user),
        device: Some(device.id),
        ..audit::Event::default()
    };
    audit::add(&mut transaction, now, event).await?;
    transaction.commit().await.map_err(LogError::from)?;
    session::make(cx, &mut conn, &device, certificate).await
}

fn problem(error: IdentityError) -> Refused {
    let refused = |status, title| Refused::Problem(Problem::new(status, error.reason(), title));
    match error {
        IdentityError::Level => refused(StatusCode::FORBIDDEN, "A stronger way of signing in is needed."),
        IdentityError::Provider => {
            tracing::warn!("The identity provider does not answer as it should.");
            Refused::Problem(Problem {
                reason: error.reason(),
                title: "The sign-in service cannot be reached now.",
                ..Problem::UNAVAILABLE
            })
        }
        IdentityError::Audience
        | IdentityError::Code
        | IdentityError::Expired
        | IdentityError::Issuer
        | IdentityError::Malformed
        | IdentityError::Nonce
        | IdentityError::Signature => refused(
            StatusCode::BAD_REQUEST,
            "The sign-in service's answer was not accepted.",
        ),
    }
}

/// Vouched for, but not somebody whom this record knows.
pub(super) const NOT_IN_DIRECTORY: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not-in-directory",
    "You are not in this organisation's directory.",
);

const UNBOUND: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "unbound",
    "The sign-in is not for this device.",
);

const WEAK_KEY: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "weak-key",
    "The device's signing key cannot be used.",
);

const CODE: usize = 4096;

/// RFC 7636 §4.1 allows 128.
const VERIFIER: usize = 128;
