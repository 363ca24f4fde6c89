//! Append, entries, authorise, seen: a CBOR body in, a CBOR body out.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use baton_core::service::{Authorise, AuthoriseAnswer, Entries, Seen};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::http::cbor::{self, Cbor};
use crate::http::problem::Problem;
use crate::log::{self, LogError};

type Answer = Result<Response<Body>, Problem>;

pub(super) async fn append(State(cx): State<Context>, body: Result<Bytes, BytesRejection>) -> Answer {
    let batch: baton_core::service::Append = read(&cx, body)?;
    cx.metrics
        .batch
        .observe(f64::from(u32::try_from(batch.ops.len()).unwrap_or(u32::MAX)));
    let started = cx.now();
    let answered = log::append::append(&cx, batch).await;
    cx.metrics
        .append_seconds
        .observe(cx.now().since(started).as_secs_f64());
    answer(&cx, answered)
}

pub(super) async fn authorise(State(cx): State<Context>, body: Result<Bytes, BytesRejection>) -> Answer {
    let Authorise { space, device } = read(&cx, body)?;
    let allowed = log::entries::may(&cx, space, device).await;
    answer(&cx, allowed.map(|allowed| AuthoriseAnswer { allowed }))
}

pub(super) async fn entries(State(cx): State<Context>, body: Result<Bytes, BytesRejection>) -> Answer {
    let asked: Entries = read(&cx, body)?;
    match log::entries::after(&cx, &asked).await {
        Ok(None) => Err(Problem::NOT_FOUND),
        Ok(Some(entries)) => answer(&cx, Ok(entries)),
        Err(error) => Err(error.answer(&cx.metrics)),
    }
}

pub(super) async fn seen(State(cx): State<Context>, body: Result<Bytes, BytesRejection>) -> Answer {
    let seen: Seen = read(&cx, body)?;
    if seen.cursors.len() > CURSORS {
        return Err(Problem::MALFORMED);
    }
    answer(&cx, log::seen::seen(&cx, seen).await)
}

fn read<T: DeserializeOwned>(cx: &Context, body: Result<Bytes, BytesRejection>) -> Result<T, Problem> {
    let problem = match body {
        Ok(body) => match cbor::read(&body) {
            Ok(read) => return Ok(read),
            Err(problem) => problem,
        },
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::TOO_LARGE,
        Err(_) => Problem::MALFORMED,
    };
    cx.metrics.reject("edge", problem.reason);
    Err(problem)
}

fn answer<T: Serialize>(cx: &Context, answered: Result<T, LogError>) -> Answer {
    match answered {
        Ok(answered) => Ok(Cbor(answered).into_response()),
        Err(error) => Err(error.answer(&cx.metrics)),
    }
}

/// Cursors in one request.
const CURSORS: usize = 1024;
