//! Redeeming an authorization code at the token endpoint (RFC 6749 §4.1.3), as a client with a private key (RFC 7523 §2.2).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Header;
use rand_core::Rng;
use serde::{Deserialize, Serialize};

use super::IdentityError;
use super::discovery::{Known, limited};
use crate::context::Context;

/// Redeems a code for an ID token, which is not verified yet.
pub(super) async fn redeem(
    cx: &Context,
    known: &Known,
    code: &str,
    verifier: &str,
) -> Result<String, IdentityError> {
    let assertion = assertion(cx)?;
    let redirect_uri = cx.config.redirect_uri();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", verifier),
        ("redirect_uri", redirect_uri.as_str()),
        ("client_id", cx.config.identity.client_id.as_str()),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion.as_str()),
    ];
    let answer = cx
        .http
        .post(&known.metadata.token_endpoint)
        .header("accept", "application/json")
        .form(&form)
        .send()
        .await
        .map_err(|_| IdentityError::Provider)?;
    let status = answer.status();
    let body = limited(answer).await?;
    if status.is_success() {
        let answer: Tokens = serde_json::from_slice(&body).map_err(|_| IdentityError::Malformed)?;
        return Ok(answer.id_token);
    }
    if !status.is_client_error() {
        return Err(IdentityError::Provider);
    }
    let failure: Failure = serde_json::from_slice(&body).map_err(|_| IdentityError::Provider)?;
    if failure.error == "invalid_grant" {
        Err(IdentityError::Code)
    } else {
        // `invalid_client` and the like: this deployment is not set up as the provider expects.
        tracing::error!("The identity provider does not take this record as its client.");
        Err(IdentityError::Provider)
    }
}

fn assertion(cx: &Context) -> Result<String, IdentityError> {
    let identity = &cx.config.identity;
    let mut id = [0; 16];
    cx.rng().fill_bytes(&mut id);
    let now = cx.now();
    let claims = Assertion {
        iss: &identity.client_id,
        sub: &identity.client_id,
        // The issuer, not the endpoint: what an assertion is good for must not be chosen by whoever answers discovery.
        aud: &identity.issuer,
        jti: URL_SAFE_NO_PAD.encode(id),
        iat: now.millis() / 1000,
        exp: now.plus(ASSERTION).millis() / 1000,
    };
    let key = &identity.client_key;
    jsonwebtoken::encode(&Header::new(key.algorithm), &claims, &key.key).map_err(|_| IdentityError::Provider)
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct Failure {
    error: String,
}

const ASSERTION: Duration = Duration::from_mins(1);
