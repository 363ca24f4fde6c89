//! Who may, and who may not.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::stage::{BASE, Stage, patient, sign, token};

async fn with(stage: &Stage, authorization: Option<&str>) -> (u16, String) {
    let mut request = Request::get("/fhir/r4/Patient?identifier=https://fhir.rx1.example/mrn%7C1");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let answer = stage.send(request.body(Body::empty()).unwrap()).await;
    let told = answer.header("www-authenticate").to_owned();
    assert_eq!(answer.status == 401, !told.is_empty(), "{answer:?}");
    let code = answer.body["issue"][0]["code"]
        .as_str()
        .unwrap_or("taken")
        .to_owned();
    (answer.status, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_token_that_is_good_now_for_here_and_for_once_lets_a_system_in() {
    let Some(stage) = Stage::open("auth").await else {
        return;
    };
    let now = stage.now();
    let good = || format!("Bearer {}", token(now, "reader", |_| {}));
    let bad = |change: fn(&mut Value, u64)| {
        format!("Bearer {}", token(now, "reader", |claims| change(claims, now)))
    };
    assert_eq!(with(&stage, Some(&good())).await, (200, "taken".into()));
    assert_eq!(
        with(&stage, Some(&good().replace("Bearer", "bearer"))).await.0,
        200
    );
    let refused = |code: &str| (401, code.to_owned());
    assert_eq!(with(&stage, None).await, refused("login"));
    assert_eq!(with(&stage, Some("Basic cGFzOnBhcw==")).await, refused("login"));
    assert_eq!(with(&stage, Some("Bearer x.y.z")).await, refused("security"));
    let cases: [(&str, fn(&mut Value, u64), &str); 10] = [
        ("run out", |claims, now| claims["exp"] = json!(now - 6), "expired"),
        (
            "good for too long",
            |claims, now| claims["exp"] = json!(now + 306),
            "security",
        ),
        (
            "not yet good",
            |claims, now| claims["nbf"] = json!(now + 60),
            "security",
        ),
        (
            "another server's",
            |claims, _| claims["aud"] = json!("https://other.test/fhir/r4"),
            "security",
        ),
        (
            "several servers', none ours",
            |claims, _| claims["aud"] = json!(["https://other.test"]),
            "security",
        ),
        (
            "another system's key",
            |claims, _| claims["iss"] = json!("pas"),
            "security",
        ),
        (
            "an unknown system's",
            |claims, _| claims["iss"] = json!("nobody"),
            "security",
        ),
        (
            "about another system",
            |claims, _| claims["sub"] = json!("pas"),
            "security",
        ),
        ("without an id", |claims, _| claims["jti"] = json!(""), "security"),
        (
            "without an end",
            |claims, _| claims["exp"] = Value::Null,
            "security",
        ),
    ];
    for (why, change, code) in cases {
        assert_eq!(with(&stage, Some(&bad(change))).await, refused(code), "{why}");
    }
    let claims = json!({ "iss": "reader", "sub": "reader", "aud": BASE, "exp": now + 60, "jti": "a" });
    for (why, seed, header) in [
        ("a wrong key", 99, json!({ "alg": "EdDSA", "kid": "k22" })),
        ("no algorithm", 22, json!({ "alg": "none" })),
        ("a symmetric algorithm", 22, json!({ "alg": "HS256" })),
        (
            "another algorithm than the key's",
            22,
            json!({ "alg": "ES256", "kid": "k22" }),
        ),
        (
            "a key that is not there",
            22,
            json!({ "alg": "EdDSA", "kid": "k1" }),
        ),
    ] {
        let forged = format!("Bearer {}", sign(seed, &header, &claims));
        assert_eq!(with(&stage, Some(&forged)).await, refused("security"), "{why}");
    }
    let once = good();
    assert_eq!(with(&stage, Some(&once)).await.0, 200);
    assert_eq!(with(&stage, Some(&once)).await, refused("security"));
    assert!(stage.place.count("fhir_token").await >= 3);
    stage.place.clock.pass(std::time::Duration::from_mins(10));
    assert_eq!(with(&stage, Some(&once)).await, refused("expired"));
    baton_record::fhir::auth::forget_tokens(&stage.place.cx)
        .await
        .unwrap();
    assert_eq!(stage.place.count("fhir_token").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_used_at_one_replica_is_used_at_all() {
    let Some(stage) = Stage::open("auth_replica").await else {
        return;
    };
    let token = format!("Bearer {}", token(stage.now(), "reader", |_| {}));
    assert_eq!(with(&stage, Some(&token)).await.0, 200);
    let request = Request::get("/fhir/r4/Patient/x").header("authorization", token);
    let router = baton_record::fhir::router(stage.place.replica(2));
    let answer = tower::ServiceExt::oneshot(router, request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_may_what_its_scopes_and_its_token_say_and_each_refusal_is_remembered() {
    let Some(stage) = Stage::open("scopes").await else {
        return;
    };
    let id = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let known = format!("Patient/{id}");
    let condition = "Patient?identifier=https://fhir.rx1.example/mrn%7C1";
    // May it read, search, create, update, update on condition?
    for (client, expected) in [
        ("pas", [200, 200, 409, 200, 200]),
        ("reader", [200, 200, 403, 403, 403]),
        ("feed", [403, 403, 409, 200, 200]),
        ("visits", [403, 403, 403, 403, 403]),
    ] {
        let mut body = patient("1", "KHAN", "Ada");
        let created = stage.ask(client, "POST", "Patient", &[], body.clone()).await;
        let where_ = stage.ask(client, "PUT", condition, &[], body.clone()).await;
        body["id"] = json!(id);
        let updated = stage.ask(client, "PUT", &known, &[], body).await;
        let read = stage.ask(client, "GET", &known, &[], None).await;
        let found = stage.ask(client, "GET", condition, &[], None).await;
        let got = [
            read.status,
            found.status,
            created.status,
            updated.status,
            where_.status,
        ];
        assert_eq!(got, expected, "{client}");
        // Who may not read gets nothing back of what it wrote.
        let gets_it = client == "pas";
        assert!(
            updated.status != 200 || (updated.body != Value::Null) == gets_it,
            "{updated:?}"
        );
    }
    let narrow = token(stage.now(), "pas", |claims| {
        claims["scope"] = json!("system/Encounter.rs launch");
    });
    let request =
        Request::get(format!("/fhir/r4/{known}")).header("authorization", format!("Bearer {narrow}"));
    let answer = stage.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.refusal(), answer.header("www-authenticate")),
        ((403, "forbidden", ""), "Bearer error=\"insufficient_scope\"")
    );
    let refused: Vec<(String,)> =
        sqlx::query_as("SELECT client FROM fhir_access WHERE event = 'refused' ORDER BY id")
            .fetch_all(&stage.place.cx.pool)
            .await
            .unwrap();
    assert_eq!(refused.len(), 3 + 2 + 5 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_each_system_did_and_looked_for_is_remembered_sealed_and_stays() {
    let Some(stage) = Stage::open("access").await else {
        return;
    };
    let id = stage.made("Patient", patient("77", "THISTLEWOOD", "Ada")).await;
    stage
        .ask("reader", "GET", &format!("Patient/{id}"), &[], None)
        .await;
    stage
        .ask(
            "reader",
            "GET",
            "Patient?family=thistle&birthdate=1945-07-14",
            &[],
            None,
        )
        .await;
    type Row = (uuid::Uuid, String, String, Option<uuid::Uuid>, Vec<u8>);
    let rows: Vec<Row> =
        sqlx::query_as("SELECT id, client, event, patient, sealed FROM fhir_access ORDER BY id")
            .fetch_all(&stage.place.cx.pool)
            .await
            .unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.1.as_str(), row.2.as_str(), row.3.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("pas", "patient.created", true),
            ("reader", "patient.read", true),
            ("reader", "patient.searched", false)
        ]
    );
    let search = &rows[2];
    let access = baton_record::fhir::access::open(&stage.place.cx, search.0, &search.4).unwrap();
    assert_eq!(
        access.text.unwrap().as_str(),
        "family=thistle&birthdate=1945-07-14"
    );
    assert_eq!(access.shown[0].to_string(), id);
    assert!(!String::from_utf8_lossy(&search.4).contains("thistle"));
    let changed = sqlx::query("DELETE FROM fhir_access")
        .execute(&stage.place.cx.pool)
        .await;
    assert!(changed.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_door_can_is_told_to_everybody_and_nothing_else() {
    let Some(stage) = Stage::open("capability").await else {
        return;
    };
    let ask = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let told = stage.send(ask("/fhir/r4/metadata")).await;
    assert_eq!(
        (told.status, &told.body["resourceType"]),
        (200, &json!("CapabilityStatement"))
    );
    assert_eq!(told.body["fhirVersion"], "4.0.1");
    assert_eq!(
        told.header("content-type"),
        "application/fhir+json; charset=utf-8"
    );
    for path in ["/fhir/r4", "/fhir/r4/Patient", "/fhir/r4/Observation"] {
        assert_eq!(stage.send(ask(path)).await.status, 401, "{path}");
    }
    for path in ["/", "/metadata", "/fhir/r5/metadata", "/fhir/r4x"] {
        assert_eq!(stage.send(ask(path)).await.status, 404, "{path}");
    }
}
