//! For operators: healthy, ready, measured.

use axum::body::Body;
use axum::http::Request;
use baton_record::context::Context;
use baton_record::ops;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::place::Place;

async fn ask(cx: &Context, path: &str) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = ops::router(cx.clone()).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_is_who_reaches_a_migrated_database() {
    let Some(place) = Place::open("ops").await else {
        return;
    };
    assert_eq!(ask(&place.cx, "/healthz").await.0, 200);
    assert_eq!(ask(&place.cx, "/readyz").await.0, 200);
    let (status, metrics) = ask(&place.cx, "/metrics").await;
    assert_eq!(status, 200);
    assert!(metrics.contains("baton_ops_appended_total 0"));
    assert_eq!(ask(&place.cx, "/elsewhere").await.0, 404);

    sqlx::query("UPDATE _sqlx_migrations SET success = false")
        .execute(&place.cx.pool)
        .await
        .unwrap();
    let (status, told) = ask(&place.cx, "/readyz").await;
    assert!(status == 503 && told.contains("urn:baton:not-migrated"), "{told}");
    place.cx.pool.close().await;
    let (status, told) = ask(&place.cx, "/readyz").await;
    assert!(status == 503 && told.contains("urn:baton:unavailable"), "{told}");
    assert_eq!(ask(&place.cx, "/healthz").await.0, 200);
}
