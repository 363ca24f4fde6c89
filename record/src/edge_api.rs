//! What the edge asks. Every request shows a service token; every body has a limit; nothing that is refused says more than
//! why.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Response, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::post;
use baton_core::frame::limit::BATCH_BYTES;
use baton_core::service::{APPEND_PATH, AUTHORISE_PATH, ENTRIES_PATH, OHTTP_PATH, SEEN_PATH};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::token;

pub mod oblivious;
mod space;

/// The routes, behind the service token.
pub fn router(cx: Context) -> Router {
    Router::new()
        .route(APPEND_PATH, post(space::append))
        .route(AUTHORISE_PATH, post(space::authorise))
        .route(ENTRIES_PATH, post(space::entries))
        .route(SEEN_PATH, post(space::seen))
        .layer(DefaultBodyLimit::max(BATCH_BYTES * 2))
        .route(
            OHTTP_PATH,
            post(oblivious::relay).layer(DefaultBodyLimit::max(oblivious::REQUEST_BYTES)),
        )
        .fallback(async || Problem::NOT_FOUND)
        .method_not_allowed_fallback(async || Problem::METHOD)
        .layer(middleware::from_fn_with_state(cx.clone(), service_only))
        .with_state(cx)
}

/// Lets nobody but the edge in.
async fn service_only(State(cx): State<Context>, request: Request, next: Next) -> Response<Body> {
    let shown = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    match token::open_service(shown, &cx.config.edge_verify_key, cx.now()) {
        Ok(()) => next.run(request).await,
        Err(error) => {
            cx.metrics.reject("service-token", &error.to_string());
            UNAUTHORISED.into_response()
        }
    }
}

const UNAUTHORISED: Problem = Problem::new(
    axum::http::StatusCode::UNAUTHORIZED,
    "service-token",
    "A service token of the edge is needed.",
);
