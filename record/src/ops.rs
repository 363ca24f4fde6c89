//! For operators: healthy, ready, measured. On an address of its own, which is not for the world.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::context::Context;
use crate::http::problem::Problem;

/// The routes.
pub fn router(cx: Context) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(async || Problem::NOT_FOUND)
        .with_state(cx)
}

/// Ready is: the database answers and has every migration of this version.
async fn ready(State(cx): State<Context>) -> Result<&'static str, Problem> {
    let applied: Result<(i64,), _> = sqlx::query_as("SELECT count(*) FROM _sqlx_migrations WHERE success")
        .fetch_one(&cx.pool)
        .await;
    match applied {
        Ok((applied,)) if usize::try_from(applied).is_ok_and(|count| count >= MIGRATIONS.iter().count()) => {
            Ok("ready")
        }
        Ok(_) => Err(NOT_MIGRATED),
        Err(_) => Err(Problem::UNAVAILABLE),
    }
}

async fn metrics(State(cx): State<Context>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        cx.metrics.text(),
    )
}

/// The database's shape, step by step.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

const NOT_MIGRATED: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "not-migrated",
    "The database is of an older version: run `baton-record migrate`.",
);
