//! What comes to the record through Oblivious HTTP.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::device::{DeviceSecret, Request, SignInKey};
use baton_core::device_api::{
    AT_HEADER, CREATE_PATH, DEVICE_HEADER, DEVICES_PATH, HISTORY_PATH, History, KEYS_PATH, Keys,
    NONCE_HEADER, ORDERS_PATH, REVOKE_PATH, SESSION_PATH, SIGN_IN_PATH, SIGNATURE_HEADER, SNAPSHOTS_PATH,
    SignIn, Snapshots, SnapshotsAnswer, USE_PATH, VAULT_END_PATH, VAULT_PATH, Vault, VaultAnswer,
};
use baton_core::id::VaultId;
use baton_core::secret::{Personal, Secret};
use baton_tests::client::record::{self, AskError};
use baton_tests::clock;
use baton_tests::stage::Cast;
use hyper::Method;

use crate::Street;
use crate::http::garbage;

/// The relay, which reads nothing: what does not open is refused, and a sealed request is good once.
pub(crate) async fn oblivious_doors(street: &Street) {
    let deployment = &street.deployment;
    let url = format!("{}/ohttp", deployment.origin);
    let headers = [("content-type", "message/ohttp-req")];
    let send = async |body: Vec<u8>| {
        deployment
            .http
            .send(Method::POST, &url, &headers, body)
            .await
            .unwrap()
    };
    let body = cbor::to_bytes(&());
    let signed = record::sign(&street.insider.0, SESSION_PATH, &body);
    let seal = || record::seal(deployment, SESSION_PATH, &signed, &body).unwrap();

    let (whole, _) = seal();
    let mut broken = garbage();
    broken.extend([7, 20, 50, whole.len() - 1].map(|length| whole[..length].to_vec()));
    broken.extend([0, 3, 8, 40, whole.len() - 1].map(|at| {
        let mut bent = whole.clone();
        bent[at] ^= 0xff;
        bent
    }));
    for body in broken {
        let length = body.len();
        let answer = send(body).await;
        assert_eq!(answer.status, 400, "{length} bytes: {}", answer.text());
        assert!(answer.text().contains("body-malformed"), "{}", answer.text());
    }

    let (first, opener) = seal();
    assert_eq!(send(first.clone()).await.status, 200);
    let again = send(first).await;
    let plain = opener.decapsulate(&again.body).unwrap();
    let inner = bhttp::Message::read_bhttp(&mut std::io::Cursor::new(plain)).unwrap();
    assert_eq!(inner.control().status().map(bhttp::StatusCode::code), Some(401));
    assert!(String::from_utf8_lossy(inner.content()).contains("urn:baton:replayed"));
    let counted = street.stage.metrics().await.unwrap();
    for (door, reason) in [
        ("ohttp", "truncated"),
        ("ohttp", "unopened"),
        ("device", "replayed"),
    ] {
        let name = format!("baton_requests_rejected_total{{door=\"{door}\",reason=\"{reason}\"}}");
        assert!(counted.contains_key(&name), "{name} is not counted: {counted:?}");
    }
}

/// Requests that a device must sign, and that only members may make.
pub(crate) async fn device_doors(street: &Street) {
    let deployment = &street.deployment;
    let refusal = async |path: &str, headers: &[(&str, String)], body: &[u8]| {
        let inner = record::post(deployment, path, headers, body).await.unwrap();
        (inner.status, inner.reason())
    };
    let nothing = cbor::to_bytes(&());
    let unsigned = (401, "unsigned".to_owned());
    let signature = (401, "signature".to_owned());
    for path in [
        SESSION_PATH,
        KEYS_PATH,
        SNAPSHOTS_PATH,
        HISTORY_PATH,
        CREATE_PATH,
        VAULT_PATH,
        VAULT_END_PATH,
        USE_PATH,
        DEVICES_PATH,
        REVOKE_PATH,
    ] {
        assert_eq!(refusal(path, &[], &nothing).await, unsigned, "{path}");
        let by_another = record::sign(&street.insider.0, "/device/elsewhere", &nothing);
        assert_eq!(
            refusal(path, &by_another, &nothing).await,
            signature,
            "{path}: signed for another"
        );
        let changed = record::sign(&street.insider.0, path, b"other");
        assert_eq!(
            refusal(path, &changed, &nothing).await,
            signature,
            "{path}: another body"
        );
        for body in garbage() {
            let signed = record::sign(&street.insider.0, path, &body);
            assert_eq!(
                refusal(path, &signed, &body).await,
                (400, "malformed".to_owned()),
                "{path}: garbage"
            );
        }
    }
    for body in garbage() {
        let malformed = (400, "malformed".to_owned());
        assert_eq!(refusal(ORDERS_PATH, &[], &body).await, malformed);
    }
    let mut taken = record::sign(&street.outsider.0, SESSION_PATH, &nothing);
    taken.retain(|(name, _)| *name != DEVICE_HEADER);
    taken.push((DEVICE_HEADER, street.insider.0.id.to_string()));
    assert_eq!(
        refusal(SESSION_PATH, &taken, &nothing).await,
        signature,
        "as somebody else"
    );
    let mut unknown = record::sign(&street.insider.0, SESSION_PATH, &nothing);
    unknown.retain(|(name, _)| *name != DEVICE_HEADER);
    unknown.push((DEVICE_HEADER, street.insider.0.user.to_string()));
    assert_eq!(
        refusal(SESSION_PATH, &unknown, &nothing).await,
        (401, "unknown-device".to_owned())
    );
    let late = signed_at(street, clock::now().millis() - 6 * 60 * 1000, &nothing);
    assert_eq!(
        refusal(SESSION_PATH, &late, &nothing).await,
        (401, "clock".to_owned())
    );
    let early = signed_at(street, clock::now().millis() + 6 * 60 * 1000, &nothing);
    assert_eq!(
        refusal(SESSION_PATH, &early, &nothing).await,
        (401, "clock".to_owned())
    );
    let nowhere = record::sign(&street.insider.0, "/device/nowhere", &nothing);
    assert_eq!(refusal("/device/nowhere", &nowhere, &nothing).await.0, 404);

    let vault = Vault {
        vault: VaultId::from_bytes(clock::random()),
        kept: true,
    };
    let lent: VaultAnswer = record::ask(deployment, &street.insider.0, VAULT_PATH, &vault)
        .await
        .unwrap();
    assert!(lent.lease_until > clock::now());
    let not_yours = AskError::Refused {
        status: 403,
        reason: "not-your-vault".to_owned(),
    };
    let asked = record::ask::<_, serde::de::IgnoredAny>(deployment, &street.colleague.0, VAULT_PATH, &vault);
    assert_eq!(asked.await.map(|_| ()), Err(not_yours));

    let foreign = street.insider.1.spaces[0].space;
    let outsider = &street.outsider.0;
    let not_member = Err(AskError::Refused {
        status: 403,
        reason: "not-member".to_owned(),
    });
    let wanted = Keys { space: foreign };
    let keys = record::ask::<_, serde::de::IgnoredAny>(deployment, outsider, KEYS_PATH, &wanted);
    assert_eq!(keys.await.map(|_| ()), not_member);
    let page = History {
        space: foreign,
        before: Seq::new(10),
        limit: 10,
    };
    let history = record::ask::<_, serde::de::IgnoredAny>(deployment, outsider, HISTORY_PATH, &page);
    assert_eq!(history.await.map(|_| ()), not_member);
    let asked = Snapshots {
        spaces: vec![foreign],
    };
    let snapshots: Result<SnapshotsAnswer, _> =
        record::ask(deployment, outsider, SNAPSHOTS_PATH, &asked).await;
    assert!(snapshots.is_err() || snapshots.is_ok_and(|answer| answer.snapshots.is_empty()));
    let counted = street.stage.metrics().await.unwrap();
    for reason in [
        "unsigned",
        "signature",
        "unknown-device",
        "clock",
        "malformed",
        "not-member",
        "not-your-vault",
    ] {
        let name = format!("baton_requests_rejected_total{{door=\"device\",reason=\"{reason}\"}}");
        assert!(
            counted.contains_key(&name),
            "{reason} is not counted: {counted:?}"
        );
    }
}

fn signed_at(street: &Street, millis: u64, body: &[u8]) -> Vec<(&'static str, String)> {
    let device = &street.insider.0;
    let at = baton_core::time::At::from_millis(millis);
    let request = Request {
        device: device.id,
        method: "POST",
        path: SESSION_PATH,
        body,
        at,
        nonce: clock::random(),
    };
    vec![
        (DEVICE_HEADER, device.id.to_string()),
        (AT_HEADER, millis.to_string()),
        (NONCE_HEADER, URL_SAFE_NO_PAD.encode(request.nonce)),
        (
            SIGNATURE_HEADER,
            URL_SAFE_NO_PAD.encode(device.secret.sign_request(&request)),
        ),
    ]
}

/// Signing in: a code that is not one, used, or committed to other keys or another verifier.
pub(crate) async fn sign_in_doors(street: &Street) {
    let deployment = &street.deployment;
    let secret = DeviceSecret::make(&mut clock::rng());
    let salt: [u8; 32] = clock::random();
    let verifier = URL_SAFE_NO_PAD.encode(clock::random::<32>());
    let key = SignInKey::make(&mut clock::rng());
    let request = |code: &str, verifier: &str, key: &SignInKey, salt: [u8; 32]| SignIn {
        code: Personal::new(code.to_owned()),
        verifier: Personal::new(verifier.to_owned()),
        key: key.public(),
        device: key.bind(&secret.public(), &salt),
        salt: Secret::new(salt),
    };
    let refused = |reason: &str| AskError::Refused {
        status: 400,
        reason: reason.to_owned(),
    };
    let code = async || {
        let nonce = key.public().commitment(&salt);
        deployment
            .authorize(&Cast::subject(0), &nonce, &verifier)
            .await
            .unwrap()
    };
    let try_it = async |request: SignIn| {
        record::sign_in(deployment, &request)
            .await
            .map(|session| session.device)
    };

    let made_up = try_it(request("made-up", &verifier, &key, salt)).await;
    assert_eq!(made_up, Err(refused("code")));
    let unproven = try_it(request(
        &code().await,
        "another-verifier-that-is-long-enough-to-be-one",
        &key,
        salt,
    ))
    .await;
    assert_eq!(unproven, Err(refused("code")));
    let stolen = SignIn {
        device: SignInKey::make(&mut clock::rng()).bind(&secret.public(), &salt),
        ..request(&code().await, &verifier, &key, salt)
    };
    assert_eq!(try_it(stolen).await, Err(refused("unbound")));
    let thief = SignInKey::make(&mut clock::rng());
    let other_keys = try_it(request(&code().await, &verifier, &thief, salt)).await;
    assert_eq!(other_keys, Err(refused("nonce")));
    let other_salt = try_it(request(&code().await, &verifier, &key, [0; 32])).await;
    assert_eq!(other_salt, Err(refused("nonce")));
    let code = code().await;
    assert!(try_it(request(&code, &verifier, &key, salt)).await.is_ok());
    assert_eq!(
        try_it(request(&code, &verifier, &key, salt)).await,
        Err(refused("code"))
    );
    for body in garbage() {
        let inner = record::post(deployment, SIGN_IN_PATH, &[], &body).await.unwrap();
        assert_eq!((inner.status, inner.reason().as_str()), (400, "malformed"));
    }
    let counted = street.stage.metrics().await.unwrap();
    for reason in ["code", "nonce", "malformed"] {
        let name = format!("baton_sign_ins_refused_total{{reason=\"{reason}\"}}");
        assert!(
            counted.contains_key(&name),
            "{reason} is not counted: {counted:?}"
        );
    }
}
