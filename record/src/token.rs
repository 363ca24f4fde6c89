//! Tokens: JWT (RFC 7519) with `EdDSA`, and no other algorithm. The record signs relay tokens for devices and service
//! tokens for the edge, and checks the edge's.

use std::time::Duration;

use baton_core::service::{EDGE, RECORD, RELAY, RelayClaims};
use baton_core::time::At;
use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::context::Context;

/// Signs what lets a device in at the edge until `until`.
pub fn make_relay(cx: &Context, claims: RelayClaims, until: At) -> String {
    sign(cx, RELAY, until, claims)
}

/// Signs what shows the edge that a request is the record's.
pub fn make_service(cx: &Context) -> String {
    sign(cx, EDGE, cx.now().plus(SERVICE_LIFE), Nothing {})
}

/// Checks the `Authorization` header of the edge's requests.
pub fn open_service(header: Option<&str>, key: &VerifyingKey, now: At) -> Result<(), TokenError> {
    let token = header
        .and_then(|header| header.strip_prefix("Bearer "))
        .ok_or(TokenError::Missing)?;
    if token.len() > TOKEN_BYTES {
        return Err(TokenError::Malformed);
    }
    let key = DecodingKey::from_ed_der(key.as_bytes());
    let claims = jsonwebtoken::decode::<Claims<Nothing>>(token, &key, &lax(Algorithm::EdDSA))
        .map_err(|error| {
            if is_forged(error.kind()) {
                TokenError::Signature
            } else {
                TokenError::Malformed
            }
        })?
        .claims;
    if claims.iss != EDGE || claims.aud != RECORD {
        return Err(TokenError::Purpose);
    }
    let seconds = now.millis() / 1000;
    if claims.exp.saturating_add(LEEWAY) < seconds {
        return Err(TokenError::Expired);
    }
    let life = claims.exp.saturating_sub(claims.iat);
    if claims.iat > seconds.saturating_add(EARLY) || life > LONGEST {
        return Err(TokenError::Lifetime);
    }
    Ok(())
}

/// The signature does not verify, or is of another algorithm than the one that was asked for.
pub(crate) fn is_forged(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::InvalidAlgorithm | ErrorKind::InvalidSignature)
}

/// Verifies signature and algorithm only: times and names are compared by whoever asks, against the given clock.
pub(crate) fn lax(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

fn sign<T: Serialize>(cx: &Context, audience: &str, until: At, rest: T) -> String {
    let claims = Claims {
        iss: RECORD.to_owned(),
        aud: audience.to_owned(),
        iat: cx.now().millis() / 1000,
        exp: until.millis() / 1000,
        rest,
    };
    let key = cx
        .signing_key()
        .to_pkcs8_der()
        .expect("a 32-byte seed always encodes");
    jsonwebtoken::encode(
        &Header::new(Algorithm::EdDSA),
        &claims,
        &EncodingKey::from_ed_der(key.as_bytes()),
    )
    .expect("our own claims and key always sign")
}

#[derive(Serialize, Deserialize)]
struct Claims<T> {
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    #[serde(flatten)]
    rest: T,
}

#[derive(Serialize, Deserialize)]
struct Nothing {}

/// Why a token is not good. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("expired")]
    Expired,
    /// Good for longer than a service token may be, or only in the future.
    #[error("lifetime")]
    Lifetime,
    /// Not a JWT with the claims that its purpose needs.
    #[error("malformed")]
    Malformed,
    /// None was shown.
    #[error("missing")]
    Missing,
    /// By another issuer or for another audience.
    #[error("purpose")]
    Purpose,
    /// Not signed by the key that was expected, or by another algorithm.
    #[error("signature")]
    Signature,
}

const SERVICE_LIFE: Duration = Duration::from_mins(1);

/// Clocks of two servers may differ by so many seconds.
const LEEWAY: u64 = 5;
const EARLY: u64 = 60;

/// No service token is good for longer, in seconds.
const LONGEST: u64 = 120;

const TOKEN_BYTES: usize = 2048;
