//! Verifying an ID token (OpenID Connect Core 1.0 §3.1.3.7): RS256 or ES256 by a key of the provider's, and no other
//! algorithm, whatever the token says of itself.

use baton_core::time::At;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::IdentityError;

/// What the token has to say.
pub struct Expected<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `aud`.
    pub client_id: &'a str,
    /// `nonce`.
    pub nonce: &'a str,
    /// `acr`: one of these, separated by spaces.
    pub acr: Option<&'a str>,
    /// The moment.
    pub now: At,
}

/// Finds the key that a token names; `None` when none of these is it.
pub fn key_of<'a>(token: &str, keys: &'a [Jwk]) -> Result<Option<(Algorithm, &'a Jwk)>, IdentityError> {
    if token.len() > TOKEN {
        return Err(IdentityError::Malformed);
    }
    // A header with an algorithm that the library does not know, such as `none`, does not parse.
    let header = jsonwebtoken::decode_header(token).map_err(|_| IdentityError::Signature)?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
        return Err(IdentityError::Signature);
    }
    let key = keys.iter().find(|key| {
        let is_named = header.kid.is_none() || key.common.key_id == header.kid;
        is_named && is_for(key, header.alg)
    });
    Ok(key.map(|key| (header.alg, key)))
}

/// Verifies a token and gives its subject.
pub fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<String, IdentityError> {
    let (algorithm, key) = key_of(token, keys)?.ok_or(IdentityError::Signature)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| IdentityError::Signature)?;
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &crate::token::lax(algorithm))
        .map_err(|error| {
            if crate::token::is_forged(error.kind()) {
                IdentityError::Signature
            } else {
                IdentityError::Malformed
            }
        })?
        .claims;
    claims.accept(expected)
}

fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    if key
        .common
        .public_key_use
        .as_ref()
        .is_some_and(|usage| *usage != PublicKeyUse::Signature)
    {
        return false;
    }
    if matches!(key.algorithm, AlgorithmParameters::RSA(_)) {
        return algorithm == Algorithm::RS256;
    }
    let is_p256 = matches!(&key.algorithm, AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256);
    is_p256 && algorithm == Algorithm::ES256
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: u64,
    iat: u64,
    nonce: Option<String>,
    acr: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Claims {
    fn accept(self, expected: &Expected<'_>) -> Result<String, IdentityError> {
        if self.iss != expected.issuer {
            return Err(IdentityError::Issuer);
        }
        let is_ours = match &self.aud {
            Audience::One(one) => one == expected.client_id,
            Audience::Several(several) => {
                several.iter().any(|one| one == expected.client_id)
                    && (several.len() == 1 || self.azp.is_some())
            }
        };
        if !is_ours || self.azp.is_some_and(|party| party != expected.client_id) {
            return Err(IdentityError::Audience);
        }
        let now = expected.now.millis() / 1000;
        if self.exp.saturating_add(LEEWAY) < now || self.iat > now.saturating_add(LEEWAY) {
            return Err(IdentityError::Expired);
        }
        let nonce = self.nonce.unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err(IdentityError::Nonce);
        }
        if let Some(levels) = expected.acr {
            let given = self.acr.as_deref().unwrap_or_default();
            if given.is_empty() || !levels.split_whitespace().any(|level| level == given) {
                return Err(IdentityError::Level);
            }
        }
        if self.sub.is_empty() {
            return Err(IdentityError::Malformed);
        }
        Ok(self.sub)
    }
}

/// Clocks may differ by so many seconds.
const LEEWAY: u64 = 60;

const TOKEN: usize = 16 * 1024;
