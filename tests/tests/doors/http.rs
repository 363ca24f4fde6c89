//! Plain HTTP: the edge's routes, and the record's own listener.

use baton_core::service::{
    APPEND_PATH, AUTHORISE_PATH, ENTRIES_PATH, OHTTP_PATH, PUBLISH_PATH, REVOKE_PATH, SEEN_PATH,
};
use baton_tests::client::http::Http;
use baton_tests::door::Token;
use ed25519_dalek::SigningKey;
use hyper::Method;

use crate::Street;

/// Tokens that must open nothing: what they are, and the header's value.
fn bad_tokens(issuer: &str, audience: &str, key: &SigningKey) -> Vec<(&'static str, String)> {
    let now = baton_tests::clock::now().millis() / 1000;
    let good = || Token::service(issuer, audience);
    let stranger = SigningKey::from_bytes(&[7; 32]);
    let bearer = |token: String| format!("Bearer {token}");
    let mut cut = good().sign(key);
    cut.truncate(cut.len() - 4);
    vec![
        ("no scheme", good().sign(key)),
        ("another scheme", format!("Basic {}", good().sign(key))),
        ("garbage", bearer("x.y.z".to_owned())),
        ("cut short", bearer(cut)),
        ("a stranger's", bearer(good().sign(&stranger))),
        ("unsigned", bearer(good().algorithm("none").unsigned())),
        ("none by name, signed", bearer(good().algorithm("none").sign(key))),
        (
            "another algorithm by name",
            bearer(good().algorithm("HS256").sign(key)),
        ),
        (
            "expired",
            bearer(good().claim("iat", now - 600).claim("exp", now - 540).sign(key)),
        ),
        (
            "without an end",
            bearer(good().claim("exp", serde_json::Value::Null).sign(key)),
        ),
        (
            "from the future",
            bearer(good().claim("iat", now + 900).claim("exp", now + 960).sign(key)),
        ),
        (
            "for another audience",
            bearer(Token::service(issuer, "baton-relay").sign(key)),
        ),
        (
            "by another issuer",
            bearer(Token::service("baton", audience).sign(key)),
        ),
    ]
}

/// What is sent: its name, method, path, headers and body; and the status and the name of the refusal.
type Case = (
    &'static str,
    Method,
    &'static str,
    Vec<(&'static str, &'static str)>,
    Vec<u8>,
    u16,
    &'static str,
);

pub(crate) async fn edge_doors(street: &Street) {
    let http = &Http::one_shot();
    let origin = &street.deployment.origin;
    let upgrade = [("upgrade", "websocket"), ("connection", "Upgrade")];
    let sealed = [("content-type", "message/ohttp-req")];
    let cases: Vec<Case> = vec![
        ("post to a page", Method::POST, "/", vec![], vec![], 405, "method"),
        (
            "delete",
            Method::DELETE,
            "/healthz",
            vec![],
            vec![],
            405,
            "method",
        ),
        (
            "post to the socket",
            Method::POST,
            "/socket?g=1",
            vec![],
            vec![],
            405,
            "method",
        ),
        (
            "no upgrade",
            Method::GET,
            "/socket?g=1",
            vec![],
            vec![],
            426,
            "upgrade-expected",
        ),
        (
            "no gateway",
            Method::GET,
            "/socket",
            upgrade.to_vec(),
            vec![],
            400,
            "gateway-number",
        ),
        (
            "a wrong gateway",
            Method::GET,
            "/socket?g=256",
            upgrade.to_vec(),
            vec![],
            400,
            "gateway-number",
        ),
        (
            "another origin",
            Method::GET,
            "/socket?g=1",
            [upgrade.to_vec(), vec![("origin", "https://evil.example")]].concat(),
            vec![],
            403,
            "origin",
        ),
        (
            "a file that is not there",
            Method::GET,
            "/nothing.js",
            vec![],
            vec![],
            404,
            "unknown",
        ),
        (
            "a way out of the folder",
            Method::GET,
            "/..%2f..%2fkeys.json",
            vec![],
            vec![],
            404,
            "unknown",
        ),
        (
            "a hidden file",
            Method::GET,
            "/.env",
            vec![],
            vec![],
            404,
            "unknown",
        ),
        (
            "get of ohttp",
            Method::GET,
            "/ohttp",
            vec![],
            vec![],
            405,
            "method",
        ),
        (
            "json to ohttp",
            Method::POST,
            "/ohttp",
            vec![("content-type", "application/json")],
            b"{}".to_vec(),
            415,
            "content-type",
        ),
        (
            "nothing to ohttp",
            Method::POST,
            "/ohttp",
            sealed.to_vec(),
            vec![],
            400,
            "body-malformed",
        ),
        (
            "too much to ohttp",
            Method::POST,
            "/ohttp",
            sealed.to_vec(),
            vec![0; 512 * 1024 + 1],
            413,
            "body-too-large",
        ),
        (
            "publish without a token",
            Method::POST,
            PUBLISH_PATH,
            vec![],
            vec![1],
            401,
            "service-token",
        ),
        (
            "revoke without a token",
            Method::POST,
            REVOKE_PATH,
            vec![],
            vec![1],
            401,
            "service-token",
        ),
        (
            "metrics without a token",
            Method::GET,
            "/edge-metrics",
            vec![],
            vec![],
            401,
            "service-token",
        ),
    ];
    for (what, method, path, headers, body, status, name) in cases {
        let answer = http
            .send(method, &format!("{origin}{path}"), &headers, body)
            .await
            .unwrap();
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
        assert!(
            answer.text().contains(&format!("\"{name}\"")),
            "{what}: {}",
            answer.text()
        );
    }
    let mut bad = bad_tokens("baton-record", "baton-edge", &street.record_key);
    let own = Token::service("baton-edge", "baton-record").sign(&street.edge_key);
    bad.push(("the edge's own", format!("Bearer {own}")));
    for (what, token) in &bad {
        for path in [PUBLISH_PATH, REVOKE_PATH] {
            let headers = [("authorization", token.as_str())];
            let answer = http
                .send(Method::POST, &format!("{origin}{path}"), &headers, vec![0xa0])
                .await
                .unwrap();
            assert_eq!(answer.status, 401, "{what} at {path}: {}", answer.text());
        }
    }
    let good = format!(
        "Bearer {}",
        Token::service("baton-record", "baton-edge").sign(&street.record_key)
    );
    for path in [PUBLISH_PATH, REVOKE_PATH] {
        for body in garbage() {
            let headers = [("authorization", good.as_str())];
            let answer = http
                .send(Method::POST, &format!("{origin}{path}"), &headers, body)
                .await
                .unwrap();
            assert_eq!(answer.status, 400, "garbage at {path}: {}", answer.text());
        }
    }
    let counted = street.edge_metrics().await;
    for name in [
        "method",
        "upgrade-expected",
        "gateway-number",
        "origin",
        "content-type",
        "service-token",
        "body-malformed",
        "body-too-large",
        "unknown",
    ] {
        let count = counted.get(&format!("baton_edge_events_total{{name=\"{name}\"}}"));
        assert!(
            count.is_some_and(|count| *count >= 1.0),
            "{name} is not counted: {counted:?}"
        );
    }
}

pub(crate) async fn record_doors(street: &Street) {
    let http = &Http::one_shot();
    let url = |path: &str| format!("{}{path}", street.stage.record_url);
    let paths = [APPEND_PATH, AUTHORISE_PATH, ENTRIES_PATH, SEEN_PATH, OHTTP_PATH];
    let before = street.stage.metrics().await.unwrap();
    let mut bad = bad_tokens("baton-edge", "baton-record", &street.edge_key);
    let now = baton_tests::clock::now().millis() / 1000;
    let own = Token::service("baton-record", "baton-edge").sign(&street.record_key);
    bad.push(("the record's own", format!("Bearer {own}")));
    let lasting = Token::service("baton-edge", "baton-record")
        .claim("exp", now + 86_400)
        .sign(&street.edge_key);
    bad.push(("good for a day", format!("Bearer {lasting}")));
    for path in paths {
        let bare = http
            .send(Method::POST, &url(path), &[], vec![0xa0])
            .await
            .unwrap();
        assert_eq!(bare.status, 401, "{path} without a token");
        for (what, token) in &bad {
            let headers = [("authorization", token.as_str())];
            let answer = http
                .send(Method::POST, &url(path), &headers, vec![0xa0])
                .await
                .unwrap();
            assert_eq!(answer.status, 401, "{what} at {path}");
            assert!(
                answer.text().contains("urn:baton:service-token"),
                "{}",
                answer.text()
            );
        }
    }
    let good = format!(
        "Bearer {}",
        Token::service("baton-edge", "baton-record").sign(&street.edge_key)
    );
    let headers = [("authorization", good.as_str())];
    for path in [APPEND_PATH, AUTHORISE_PATH, ENTRIES_PATH, SEEN_PATH] {
        for body in garbage() {
            let answer = http.send(Method::POST, &url(path), &headers, body).await.unwrap();
            assert_eq!(answer.status, 400, "garbage at {path}: {}", answer.text());
        }
        let get = http.send(Method::GET, &url(path), &headers, "").await.unwrap();
        assert_eq!(get.status, 405, "get of {path}");
        let large = http
            .send(Method::POST, &url(path), &headers, vec![0; 9 * 1024 * 1024])
            .await;
        // It may be refused before it was all sent.
        assert!(
            large.is_err() || large.is_ok_and(|answer| answer.status == 413),
            "9 MiB at {path}"
        );
    }
    let nowhere = http
        .send(Method::POST, &url("/edge/nowhere"), &headers, "")
        .await
        .unwrap();
    assert_eq!(nowhere.status, 404);
    let after = street.stage.metrics().await.unwrap();
    for reason in [
        "missing",
        "signature",
        "expired",
        "purpose",
        "lifetime",
        "malformed",
    ] {
        let name = format!("baton_requests_rejected_total{{door=\"service-token\",reason=\"{reason}\"}}");
        assert!(
            after.get(&name) > before.get(&name),
            "{reason} is not counted: {after:?}"
        );
    }
    let malformed = "baton_requests_rejected_total{door=\"edge\",reason=\"malformed\"}";
    assert!(after.get(malformed) > before.get(malformed));
}

/// What is not a request: of another language, broken, and made to cost memory.
pub(crate) fn garbage() -> Vec<Vec<u8>> {
    vec![
        vec![],
        b"{\"space\": 1}".to_vec(),
        vec![0xff; 64],
        // An array of 2^63 items, a text of 2^63 bytes, maps in maps, a map that never ends.
        vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0xa1; 10_000],
        vec![0xbf; 10_000],
        vec![0x81; 15_000],
    ]
}
