//! Tokens: JWT (RFC 7519) with `EdDSA` (RFC 8037), and no other algorithm.
//!
//! The record signs relay tokens (which device of which user may open a socket) and service tokens (that a request to
//! the edge is the record's); the edge signs service tokens of its own. Only who and until when is in them.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::time::Duration;

use baton_core::service::{EDGE, RECORD, RELAY, RelayClaims};
use baton_core::time::At;
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use jwt_compact::{Algorithm, AlgorithmExt as _, AlgorithmSignature, Claims, Header, UntrustedToken};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What a good relay token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relay {
    /// The device.
    pub(crate) device: baton_core::id::DeviceId,
    /// Its user.
    pub(crate) user: baton_core::id::UserId,
}

/// Opens a device's relay token.
pub(crate) fn open_relay(token: &str, key: &VerifyingKey, now: At) -> Result<Relay, TokenError> {
    let RelayClaims { sub, user } = open(token, key, RECORD, RELAY, now)?;
    Ok(Relay { device: sub, user })
}

/// Checks the `Authorization` header of the record's requests.
pub(crate) fn open_service(header: Option<&str>, key: &VerifyingKey, now: At) -> Result<(), TokenError> {
    let token = header
        .and_then(|header| header.strip_prefix("Bearer "))
        .ok_or(TokenError::Malformed)?;
    open::<Nothing>(token, key, RECORD, EDGE, now).map(|Nothing {}| ())
}

/// Makes the edge's service token, good from now for [`SERVICE_LIFE`].
pub(crate) fn make_service(key: &SigningKey, now: At) -> Result<String, TokenError> {
    let mut claims = Claims::new(Named {
        issuer: EDGE.to_owned(),
        audience: RECORD.to_owned(),
        subject: Nothing {},
    });
    claims.issued_at = Some(moment(now)?);
    claims.expiration = Some(moment(now.plus(SERVICE_LIFE))?);
    EdDsa
        .token(&Header::empty().with_token_type("JWT"), &claims, key)
        .map_err(|_| TokenError::Malformed)
}

fn open<T: DeserializeOwned>(
    token: &str,
    key: &VerifyingKey,
    issuer: &str,
    audience: &str,
    now: At,
) -> Result<T, TokenError> {
    let untrusted = UntrustedToken::new(token).map_err(|_| TokenError::Malformed)?;
    let token = EdDsa
        .validator::<Named<T>>(key)
        .validate(&untrusted)
        .map_err(|_| TokenError::Signature)?;
    let claims = token.claims();
    let expires = claims.expiration.ok_or(TokenError::Malformed)?;
    let issued = claims.issued_at.ok_or(TokenError::Malformed)?;
    if claims.custom.issuer != issuer || claims.custom.audience != audience {
        return Err(TokenError::Purpose);
    }
    if millis(expires).plus(LEEWAY) < now {
        return Err(TokenError::Expired);
    }
    if millis(issued) > now.plus(EARLY) {
        return Err(TokenError::TooEarly);
    }
    let (_, claims) = token.into_parts();
    Ok(claims.custom.subject)
}

fn moment(at: At) -> Result<DateTime<Utc>, TokenError> {
    i64::try_from(at.millis() / 1000)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .ok_or(TokenError::Malformed)
}

fn millis(moment: DateTime<Utc>) -> At {
    At::from_millis(u64::try_from(moment.timestamp_millis()).unwrap_or(0))
}

/// `iss` and `aud`, which the library leaves to its users, beside the rest.
#[derive(Serialize, Deserialize)]
struct Named<T> {
    #[serde(rename = "iss")]
    issuer: String,
    #[serde(rename = "aud")]
    audience: String,
    #[serde(flatten)]
    subject: T,
}

/// A service token says nothing besides who and for whom.
#[derive(Serialize, Deserialize)]
struct Nothing {}

/// `EdDSA` over Ed25519 by the one Ed25519 crate of the workspace (the library's own binding is to an older one).
struct EdDsa;

impl Algorithm for EdDsa {
    type SigningKey = SigningKey;
    type VerifyingKey = VerifyingKey;
    type Signature = Signature;

    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed("EdDSA")
    }

    fn sign(&self, key: &SigningKey, message: &[u8]) -> Signature {
        Signature(key.sign(message))
    }

    fn verify_signature(&self, signature: &Signature, key: &VerifyingKey, message: &[u8]) -> bool {
        key.verify_strict(message, &signature.0).is_ok()
    }
}

/// 64 bytes (RFC 8032 §5.1.6).
struct Signature(ed25519_dalek::Signature);

impl AlgorithmSignature for Signature {
    const LENGTH: Option<NonZeroUsize> = NonZeroUsize::new(64);

    fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(ed25519_dalek::Signature::from_slice(slice)?))
    }

    fn as_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Owned(self.0.to_bytes().to_vec())
    }
}

/// Why a token is not good. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// It was good once.
    #[error("the token has run out")]
    Expired,
    /// Not a JWT with the claims that its purpose needs.
    #[error("not a token")]
    Malformed,
    /// By another issuer or for another audience.
    #[error("the token is for something else")]
    Purpose,
    /// Not signed by the key that was expected, or by another algorithm.
    #[error("the signature does not verify")]
    Signature,
    /// Issued in the future: a clock is wrong.
    #[error("the token is not good yet")]
    TooEarly,
}

/// A service token lives so long.
pub(crate) const SERVICE_LIFE: Duration = Duration::from_mins(1);

/// Clocks of two servers may differ so much at the end of a token's life ...
const LEEWAY: Duration = Duration::from_secs(5);

/// ... and so much at its beginning.
const EARLY: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests;
