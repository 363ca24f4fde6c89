//! What devices ask, out of Oblivious HTTP. Everything but signing in and asking for orders is signed by the device
//! ([`signed_request`]).

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use baton_core::device_api::{
    CERTIFICATES_PATH, CREATE_PATH, DEPOSIT_PHOTO_PATH, DEVICES_PATH, DIRECTORY_PATH, FIND_PATIENTS_PATH,
    HANDOVER_PATH, HISTORY_OF_PATH, HISTORY_PATH, INVITE_PATH, JOIN_PATH, KEYS_PATH, ON_CALL_PATH,
    OPEN_PATIENT_PATH, ORDERS_PATH, PEOPLE_PATH, PHOTO_PATH, READ_ROTA_PATH, REVOKE_PATH, SESSION_PATH,
    SIGN_IN_PATH, SIGN_OUT_PATH, SNAPSHOTS_PATH, USE_PATH, VAULT_END_PATH, VAULT_PATH,
};

use crate::context::Context;
use crate::edge_api::oblivious::REQUEST_BYTES;
use crate::http::problem::Problem;
use crate::log::LogError;

mod create;
mod devices;
mod directory;
mod invite;
mod keys;
mod patients;
mod photos;
mod roles;
mod session;
mod sign_in;
mod signed_request;
mod vault;

pub(crate) use signed_request::forget_nonces;

/// The routes.
pub fn router(cx: Context) -> Router {
    Router::new()
        .route(SIGN_IN_PATH, post(sign_in::sign_in))
        .route(SESSION_PATH, post(session::session))
        .route(SIGN_OUT_PATH, post(session::sign_out))
        .route(KEYS_PATH, post(keys::keys))
        .route(SNAPSHOTS_PATH, post(keys::snapshots))
        .route(HISTORY_PATH, post(keys::history))
        .route(HISTORY_OF_PATH, post(keys::history_of))
        .route(HANDOVER_PATH, post(keys::handover))
        .route(DEPOSIT_PHOTO_PATH, post(photos::deposit))
        .route(PHOTO_PATH, post(photos::photo))
        .route(CREATE_PATH, post(create::create))
        .route(INVITE_PATH, post(invite::invite))
        .route(JOIN_PATH, post(invite::join))
        .route(DIRECTORY_PATH, post(directory::directory))
        .route(PEOPLE_PATH, post(directory::people))
        .route(ON_CALL_PATH, post(roles::on_call))
        .route(READ_ROTA_PATH, post(roles::read_rota))
        .route(CERTIFICATES_PATH, post(directory::certificates))
        .route(VAULT_PATH, post(vault::vault))
        .route(VAULT_END_PATH, post(vault::end))
        .route(USE_PATH, post(vault::used))
        .route(DEVICES_PATH, post(devices::devices))
        .route(REVOKE_PATH, post(devices::revoke))
        .route(FIND_PATIENTS_PATH, post(patients::find))
        .route(OPEN_PATIENT_PATH, post(patients::open))
        .route(ORDERS_PATH, post(devices::orders))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES))
        .fallback(async || Problem::NOT_FOUND)
        .method_not_allowed_fallback(async || Problem::METHOD)
        .with_state(cx)
}

/// Why a device gets no answer.
#[derive(Debug)]
enum Refused {
    /// A fault.
    Fault(LogError),
    /// A refusal.
    Problem(Problem),
}

impl From<LogError> for Refused {
    fn from(error: LogError) -> Self {
        Self::Fault(error)
    }
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Refused {
    /// Counts it and makes it an answer.
    fn answer(self, cx: &Context) -> Problem {
        match self {
            Self::Fault(error) => error.answer(&cx.metrics),
            Self::Problem(problem) => {
                cx.metrics.reject("device", problem.reason);
                problem
            }
        }
    }
}

/// Not a member of this space, or there is none: which of the two is not told.
const NOT_MEMBER: Problem = Problem::new(
    axum::http::StatusCode::FORBIDDEN,
    "not-member",
    "You are not a member of this conversation.",
);
