//! Signing in, with tokens as no real provider would give them. (The real provider signs people in in the browser tests.)

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::cbor;
use baton_core::device::{Certificate, DeviceSecret, SignInKey};
use baton_core::device_api::{SESSION_PATH, SIGN_IN_PATH, Session, SignIn};
use baton_core::secret::{Personal, Secret};
use ring::rand::SystemRandom;
use serde_json::{Value, json};

use crate::issuer::{Issuer, make_key, sign_with, signed_part};
use crate::place::{Place, TestDevice, reason};

const SALT: [u8; 32] = [4; 32];

struct Door {
    place: Place,
    issuer: Issuer,
    secret: DeviceSecret,
    key: SignInKey,
}

impl Door {
    async fn open(name: &str, more: &[(&str, &str)]) -> Option<Self> {
        let issuer = Issuer::start().await;
        let url = issuer.url.clone();
        let settings = [more, &[("BATON_OIDC_ISSUER", &url)]].concat();
        let place = Place::open_with(name, &settings).await?;
        let secret = DeviceSecret::make(&mut place.cx.rng());
        let key = SignInKey::make(&mut place.cx.rng());
        Some(Self {
            place,
            issuer,
            secret,
            key,
        })
    }

    fn claims(&self) -> Value {
        let now = self.place.cx.now().millis() / 1000;
        json!({
            "iss": self.issuer.url, "aud": "baton", "sub": "amina", "iat": now, "exp": now + 300,
            "nonce": URL_SAFE_NO_PAD.encode(self.key.public().commitment(&SALT)), "acr": "AAL3_ANY",
        })
    }

    fn asked(&self) -> SignIn {
        SignIn {
            code: Personal::from("the-code"),
            verifier: Personal::from("the-verifier"),
            key: self.key.public(),
            device: self.key.bind(&self.secret.public(), &SALT),
            salt: Secret::new(SALT),
        }
    }

    async fn sign_in(&self) -> (u16, Vec<u8>) {
        self.send(&self.asked()).await
    }

    async fn send(&self, asked: &SignIn) -> (u16, Vec<u8>) {
        self.place
            .oblivious(SIGN_IN_PATH, &[], &cbor::to_bytes(asked))
            .await
    }

    async fn with_token(&self, token: &str) -> (u16, String) {
        self.issuer.answers(
            200,
            json!({ "id_token": token, "access_token": "a", "token_type": "Bearer" }),
        );
        let (status, body) = self.sign_in().await;
        (
            status,
            if status == 200 {
                String::new()
            } else {
                reason(&body)
            },
        )
    }

    async fn with_claims(&self, change: impl FnOnce(&mut Value)) -> (u16, String) {
        let mut claims = self.claims();
        change(&mut claims);
        self.with_token(&self.issuer.sign(&header(), &claims)).await
    }
}

fn header() -> Value {
    json!({ "alg": "ES256", "kid": "one", "typ": "JWT" })
}

fn refused(status: u16, reason: &str) -> (u16, String) {
    (status, reason.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_the_directory_signs_in_and_their_device_is_known() {
    let Some(door) = Door::open("sign_in", &[]).await else {
        return;
    };
    let space = door.place.team("Ward", &["amina"], &["tom"]).await;
    let token = door.issuer.sign(&header(), &door.claims());
    door.issuer.answers(200, json!({ "id_token": token }));
    let (status, body) = door.sign_in().await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let session: Session = cbor::from_bytes(&body).unwrap();
    assert_eq!(session.me.id, door.place.user("amina").await);
    assert_eq!(session.spaces[0].space, space);
    let certificate = Certificate::open(&session.certificate, &door.place.cx.verifying_key()).unwrap();
    assert_eq!(certificate.keys, door.secret.public());
    // It asks as itself from now on.
    let device = TestDevice {
        id: session.device,
        user: session.me.id,
        secret: door.secret.clone(),
    };
    let again: Session = device.get(&door.place, SESSION_PATH, &()).await;
    assert_eq!(again.device, session.device);
    // The code went there with its verifier and an assertion, in no other way.
    let asked = door.issuer.asked();
    let form: std::collections::BTreeMap<String, String> = url::form_urlencoded::parse(asked[0].as_bytes())
        .into_owned()
        .collect();
    assert_eq!(form["code"], "the-code");
    assert_eq!(form["code_verifier"], "the-verifier");
    assert_eq!(form["redirect_uri"], "http://localhost:8787/signed-in");
    assert_eq!(form["client_assertion"].split('.').count(), 3);
    assert!(!form.contains_key("client_secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_tokens_are_refused_by_name() {
    let Some(door) = Door::open("sign_in_hostile", &[]).await else {
        return;
    };
    let now = door.place.cx.now().millis() / 1000;
    let good = door.claims();

    // Algorithms: none, HS256 keyed with the public key, one that was not asked for, a key of one's own.
    let none = format!("{}.", signed_part(&json!({ "alg": "none" }), &good));
    assert_eq!(door.with_token(&none).await, refused(400, "signature"));
    let hs256 = {
        let signed = signed_part(&json!({ "alg": "HS256", "kid": "one" }), &good);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &door.issuer.public_key());
        let tag = ring::hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    assert_eq!(door.with_token(&hs256).await, refused(400, "signature"));
    for algorithm in ["EdDSA", "RS256", "PS256", "ES384"] {
        let token = door
            .issuer
            .sign(&json!({ "alg": algorithm, "kid": "one" }), &good);
        assert_eq!(
            door.with_token(&token).await,
            refused(400, "signature"),
            "{algorithm}"
        );
    }
    let own = sign_with(&make_key(&SystemRandom::new()), &header(), &good);
    assert_eq!(door.with_token(&own).await, refused(400, "signature"));
    let unknown = door.issuer.sign(&json!({ "alg": "ES256", "kid": "two" }), &good);
    assert_eq!(door.with_token(&unknown).await, refused(400, "signature"));
    for garbage in ["", "a.b", "a.b.c", "....", &"x".repeat(20_000)] {
        assert_eq!(door.with_token(garbage).await.0, 400);
    }

    // Claims.
    assert_eq!(
        door.with_claims(|c| c["iss"] = "https://evil.example".into())
            .await,
        refused(400, "issuer")
    );
    assert_eq!(
        door.with_claims(|c| c["aud"] = "another".into()).await,
        refused(400, "audience")
    );
    assert_eq!(
        door.with_claims(|c| c["aud"] = json!(["baton", "another"])).await,
        refused(400, "audience")
    );
    assert_eq!(
        door.with_claims(|c| c["azp"] = "another".into()).await,
        refused(400, "audience")
    );
    assert_eq!(
        door.with_claims(|c| c["exp"] = (now - 61).into()).await,
        refused(400, "expired")
    );
    assert_eq!(
        door.with_claims(|c| c["iat"] = (now + 61).into()).await,
        refused(400, "expired")
    );
    assert_eq!(
        door.with_claims(|c| c["nonce"] = "other".into()).await,
        refused(400, "nonce")
    );
    assert_eq!(
        door.with_claims(|c| c["nonce"] = Value::Null).await,
        refused(400, "nonce")
    );
    assert_eq!(
        door.with_claims(|c| c["sub"] = Value::Null).await,
        refused(400, "id-token")
    );
    assert_eq!(
        door.with_claims(|c| c["sub"] = "stranger".into()).await,
        refused(403, "not-in-directory")
    );

    // The provider's own refusals and faults.
    door.issuer.answers(400, json!({ "error": "invalid_grant" }));
    let (status, body) = door.sign_in().await;
    assert_eq!((status, reason(&body)), refused(400, "code"));
    for (status, answer) in [
        (401, json!({ "error": "invalid_client" })),
        (500, json!({})),
        (302, json!({})),
    ] {
        door.issuer.answers(status, answer);
        let (status, body) = door.sign_in().await;
        assert_eq!((status, reason(&body)), refused(503, "provider-unavailable"));
    }
    door.issuer.answers(200, json!({}));
    let (status, body) = door.sign_in().await;
    assert_eq!((status, reason(&body)), refused(400, "id-token"));
    assert_eq!(door.place.oblivious(SIGN_IN_PATH, &[], b"\xa0").await.0, 400);
    assert_eq!(door.place.count("device").await, 0);
    let metrics = String::from_utf8(door.place.cx.metrics.text()).unwrap();
    assert!(
        metrics.contains("baton_sign_ins_refused_total{reason=\"nonce\"} 2"),
        "{metrics}"
    );

    assert_eq!(door.with_claims(|_| ()).await, (200, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_sign_in_does_not_name_are_refused_before_the_code_is_spent() {
    let Some(door) = Door::open("sign_in_swapped", &[]).await else {
        return;
    };
    let token = door.issuer.sign(&header(), &door.claims());
    door.issuer.answers(200, json!({ "id_token": token }));
    let mut rng = door.place.cx.rng();
    let (thief, theirs) = (SignInKey::make(&mut rng), DeviceSecret::make(&mut rng));
    let mut changed = door.asked().device;
    *changed.last_mut().unwrap() ^= 1;
    let revocation = baton_core::device::Revocation {
        device: door.place.cx.make_device_id(),
        at: door.place.cx.now(),
    };
    // Signed by another key, for another sign-in, changed, of another kind, nothing at all.
    let unbound = [
        thief.bind(&theirs.public(), &SALT),
        door.key.bind(&door.secret.public(), &[5; 32]),
        changed,
        revocation.sign(door.place.cx.signing_key()),
        Vec::new(),
    ];
    let other_salt = SignIn {
        salt: Secret::new([5; 32]),
        ..door.asked()
    };
    let other_key = SignIn {
        key: thief.public(),
        ..door.asked()
    };
    let asked = unbound.into_iter().map(|device| SignIn {
        device,
        ..door.asked()
    });
    for asked in asked.chain([other_salt, other_key]) {
        let (status, body) = door.send(&asked).await;
        assert_eq!((status, reason(&body)), refused(400, "unbound"));
    }
    assert!(door.issuer.asked().is_empty(), "a code was spent");
    // Whoever is in between binds their own device by a key of their own: that is not the one that the ID token names.
    let swapped = SignIn {
        key: thief.public(),
        device: thief.bind(&theirs.public(), &SALT),
        ..door.asked()
    };
    let (status, body) = door.send(&swapped).await;
    assert_eq!((status, reason(&body)), refused(400, "nonce"));
    assert_eq!(door.place.count("device").await, 0);
    assert_eq!(door.with_token(&token).await, (200, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_binds_no_device_is_malformed() {
    let Some(door) = Door::open("sign_in_unbound", &[]).await else {
        return;
    };
    // As it was asked before there were sign-in keys.
    let asked = std::collections::BTreeMap::from([("code", "the-code"), ("verifier", "the-verifier")]);
    let body = cbor::to_bytes(&asked);
    let (status, answer) = door.place.oblivious(SIGN_IN_PATH, &[], &body).await;
    assert_eq!((status, reason(&answer)), refused(400, "malformed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weaker_way_of_signing_in_is_refused_where_a_level_is_asked_for() {
    let Some(door) = Door::open(
        "sign_in_level",
        &[("BATON_OIDC_ACR", "AAL2_OR_AAL3_ANY AAL3_ANY")],
    )
    .await
    else {
        return;
    };
    assert_eq!(
        door.with_claims(|c| c["acr"] = "AAL1_USERPASS".into()).await,
        refused(403, "level")
    );
    assert_eq!(
        door.with_claims(|c| c["acr"] = Value::Null).await,
        refused(403, "level")
    );
    assert_eq!(door.with_claims(|_| ()).await, (200, String::new()));
}
