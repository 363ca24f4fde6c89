use baton_core::id::{DeviceId, UserId};

use super::*;

const NOW: At = At::from_millis(1_800_000_000_000);

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn claims() -> serde_json::Value {
    serde_json::json!({
        "iss": RECORD,
        "aud": RELAY,
        "iat": NOW.millis() / 1000,
        "exp": NOW.millis() / 1000 + 600,
        "sub": DeviceId::from_bytes([1; 16]),
        "user": UserId::from_bytes([2; 16]),
    })
}

/// Makes a token as anyone could, without the library under test.
fn forge(header: &serde_json::Value, claims: &serde_json::Value, key: &SigningKey) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let part = |value: &serde_json::Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = key.sign(signed.as_bytes()).to_bytes();
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn relay(change: impl FnOnce(&mut serde_json::Value)) -> Result<Relay, TokenError> {
    let mut claims = claims();
    change(&mut claims);
    let token = forge(
        &serde_json::json!({"alg": "EdDSA", "typ": "JWT"}),
        &claims,
        &key(),
    );
    open_relay(&token, &key().verifying_key(), NOW)
}

#[test]
fn a_good_relay_token_names_its_device_and_user() {
    let expected = Relay {
        device: DeviceId::from_bytes([1; 16]),
        user: UserId::from_bytes([2; 16]),
    };
    assert_eq!(relay(|_| ()), Ok(expected));
}

#[test]
fn a_relay_token_for_anything_else_is_refused_by_name() {
    let seconds = NOW.millis() / 1000;
    assert_eq!(
        relay(|claims| claims["exp"] = (seconds - 6).into()),
        Err(TokenError::Expired)
    );
    assert!(relay(|claims| claims["exp"] = (seconds - 4).into()).is_ok());
    assert_eq!(
        relay(|claims| claims["iat"] = (seconds + 61).into()),
        Err(TokenError::TooEarly)
    );
    assert_eq!(
        relay(|claims| claims["iss"] = EDGE.into()),
        Err(TokenError::Purpose)
    );
    assert_eq!(
        relay(|claims| claims["aud"] = EDGE.into()),
        Err(TokenError::Purpose)
    );
    assert!(relay(|claims| claims["sub"] = "patient".into()).is_err());
    for name in ["iss", "aud", "iat", "exp", "sub", "user"] {
        let cut = relay(|claims| {
            claims.as_object_mut().unwrap().remove(name);
        });
        assert!(cut.is_err(), "{name}");
    }
}

#[test]
fn no_other_algorithm_and_no_other_key_is_taken() {
    let verify = key().verifying_key();
    for algorithm in ["none", "HS256", "ES256", "RS256"] {
        let token = forge(&serde_json::json!({"alg": algorithm}), &claims(), &key());
        assert_eq!(
            open_relay(&token, &verify, NOW),
            Err(TokenError::Signature),
            "{algorithm}"
        );
    }
    let token = forge(
        &serde_json::json!({"alg": "EdDSA"}),
        &claims(),
        &SigningKey::from_bytes(&[8; 32]),
    );
    assert_eq!(open_relay(&token, &verify, NOW), Err(TokenError::Signature));
    for token in ["", ".", "..", "a.b.c", "e30.e30.", "\u{e9}.\u{e9}.\u{e9}"] {
        assert!(open_relay(token, &verify, NOW).is_err(), "{token}");
    }
}

#[test]
fn the_edges_own_token_is_for_the_record_and_for_a_minute() {
    let token = make_service(&key(), NOW).unwrap();
    let verify = key().verifying_key();
    assert!(open::<Nothing>(&token, &verify, EDGE, RECORD, NOW).is_ok());
    let late = NOW.plus(SERVICE_LIFE).plus(LEEWAY).plus(Duration::from_secs(1));
    assert!(matches!(
        open::<Nothing>(&token, &verify, EDGE, RECORD, late),
        Err(TokenError::Expired)
    ));
    assert_eq!(
        open_service(Some(&format!("Bearer {token}")), &verify, NOW),
        Err(TokenError::Purpose)
    );
}

#[test]
fn the_records_service_token_comes_as_a_bearer_token() {
    let claims = serde_json::json!({
        "iss": RECORD, "aud": EDGE, "iat": NOW.millis() / 1000, "exp": NOW.millis() / 1000 + 60,
    });
    let token = forge(&serde_json::json!({"alg": "EdDSA"}), &claims, &key());
    let verify = key().verifying_key();
    assert_eq!(
        open_service(Some(&format!("Bearer {token}")), &verify, NOW),
        Ok(())
    );
    assert_eq!(
        open_service(Some(&token), &verify, NOW),
        Err(TokenError::Malformed)
    );
    assert_eq!(open_service(None, &verify, NOW), Err(TokenError::Malformed));
}
