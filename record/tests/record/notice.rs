//! What the edge did not cause reaches it, in time, once it can be reached.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use baton_core::cbor;
use baton_core::device::Revocation;
use baton_core::device_api::SIGN_OUT_PATH;
use baton_core::service::{PUBLISH_PATH, Publish, REVOKE_PATH, Revoke};
use baton_record::notice;

use crate::place::Place;

type Heard = Arc<Mutex<(StatusCode, Vec<(String, Vec<u8>)>)>>;

async fn hear(State(heard): State<Heard>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert!(
        headers["authorization"]
            .to_str()
            .unwrap()
            .starts_with("Bearer ey")
    );
    let mut heard = heard.lock().unwrap();
    heard.1.push((uri.path().to_owned(), body.to_vec()));
    heard.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_sent_until_it_is_taken() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard: Heard = Arc::new(Mutex::new((StatusCode::SERVICE_UNAVAILABLE, Vec::new())));
    let app = Router::new().fallback(hear).with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let Some(place) = Place::open_with("notice", &[("BATON_EDGE_URL", &url)]).await else {
        return;
    };

    let space = place.team("Ward", &["amina"], &["tom"]).await;
    assert_eq!(notice::send_due(&place.cx).await.unwrap(), 1);
    assert_eq!(place.count("edge_notice").await, 1, "not taken: kept");
    assert_eq!(notice::send_due(&place.cx).await.unwrap(), 0, "not at once again");
    heard.lock().unwrap().0 = StatusCode::NO_CONTENT;
    place.clock.pass(Duration::from_secs(1));
    // Two replicas at once send it once.
    let other = place.replica(2);
    let (one, two) = tokio::join!(notice::send_due(&place.cx), notice::send_due(&other));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(place.count("edge_notice").await, 0);
    let (path, body) = heard.lock().unwrap().1.last().cloned().unwrap();
    let publish: Publish = cbor::from_bytes(&body).unwrap();
    assert_eq!((path.as_str(), publish.space), (PUBLISH_PATH, space));
    assert_eq!(publish.entries.len(), 3);
    assert_eq!(publish.changed.spaces_of.len(), 2);

    let amina = place.device("amina").await;
    assert_eq!(amina.ask(&place, SIGN_OUT_PATH, &()).await.0, 204);
    assert_eq!(notice::send_due(&place.cx).await.unwrap(), 1);
    let (path, body) = heard.lock().unwrap().1.last().cloned().unwrap();
    let revoke: Revoke = cbor::from_bytes(&body).unwrap();
    assert_eq!(
        (path.as_str(), revoke.user, revoke.device),
        (REVOKE_PATH, amina.user, amina.id)
    );
    assert!(Revocation::open(amina.id, &revoke.signed, &place.cx.verifying_key()).is_ok());
}
