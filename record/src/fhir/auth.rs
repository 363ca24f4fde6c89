//! Who asks: a system that is known by its key. Each request carries a token of its own that the system signed (JWT, RFC 7523
//! §3; SMART App Launch 2.0, asymmetric client authentication): `iss` and `sub` are the system, `aud` is this server's base, `exp` at
//! most five minutes ahead, `jti` never used before, `scope` what it wants of what it may (all of it when not given).

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::time::At;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use sqlx::PgConnection;

use super::outcome::{Failure, Refusal};
use super::request::Kind;
use crate::config::{Client, FhirConfig, Letters, Scope};
use crate::context::{Context, millis};

/// A system whose token is good, and what it may now.
pub struct Caller<'a> {
    /// Which.
    pub client: &'a Client,
    /// What its token asked for; all that it may when `None`.
    narrowed: Option<Vec<Scope>>,
}

impl Caller<'_> {
    /// Whether it may do something to resources of a kind.
    pub fn may(&self, kind: Kind, letter: impl Fn(&Letters) -> bool) -> bool {
        let allows = |scopes: &[Scope]| {
            let of_kind = scopes
                .iter()
                .filter(|scope| scope.kind.map_or(kind.is_of_index(), |known| known == kind));
            of_kind.into_iter().any(|scope| letter(&scope.letters))
        };
        allows(&self.client.scopes) && self.narrowed.as_deref().is_none_or(allows)
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: u64,
    nbf: Option<u64>,
    jti: String,
    scope: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Why a token is not good. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthError {
    /// For another server.
    Audience,
    /// It was good once.
    Expired,
    /// Good for too long, or not yet.
    Lifetime,
    /// Not a token with what is needed.
    Malformed,
    /// There is none.
    Missing,
    /// It was used.
    Replayed,
    /// Not by a key of a system that is known.
    Signature,
}

impl AuthError {
    /// As in counters.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::Lifetime => "lifetime",
            Self::Malformed => "token",
            Self::Missing => "no-token",
            Self::Replayed => "replayed",
            Self::Signature => "signature",
        }
    }

    /// As an answer.
    pub fn refusal(self) -> Refusal {
        let (code, text) = match self {
            Self::Audience => (
                "security",
                "The token is for another server: its aud has to be the base address of this one.",
            ),
            Self::Expired => ("expired", "The token has run out."),
            Self::Lifetime => (
                "security",
                "A token may be good for five minutes at most, and has to be good now.",
            ),
            Self::Malformed => (
                "security",
                "The token is not a JWT with iss, sub, aud, exp and jti.",
            ),
            Self::Missing => ("login", "A token is needed: Authorization: Bearer."),
            Self::Replayed => (
                "security",
                "The token was used before: each request needs its own (jti).",
            ),
            Self::Signature => (
                "security",
                "The token is not signed by a system that is known here.",
            ),
        };
        Refusal::new(StatusCode::UNAUTHORIZED, code, text)
    }
}

/// Checks the `Authorization` header; whether the token was used before is for [`use_once`] to say.
pub fn open<'a>(
    config: &'a FhirConfig,
    header: Option<&str>,
    now: At,
) -> Result<(Caller<'a>, Token), AuthError> {
    let (scheme, token) = header
        .and_then(|header| header.split_once(' '))
        .ok_or(AuthError::Missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AuthError::Missing);
    }
    let token = token.trim();
    // Who it says it is only chooses the keys.
    let named = unverified(token).ok_or(AuthError::Malformed)?;
    let client = config.clients.iter().find(|client| client.id == named.iss);
    let client = client.ok_or(AuthError::Signature)?;
    let claims = verify(token, client)?;
    if claims.iss != client.id || claims.sub != client.id {
        return Err(AuthError::Signature);
    }
    let is_ours = |audience: &str| audience.trim_end_matches('/') == config.base;
    let is_for_us = match &claims.aud {
        Audience::One(one) => is_ours(one),
        Audience::Several(several) => several.iter().any(|one| is_ours(one)),
    };
    if !is_for_us {
        return Err(AuthError::Audience);
    }
    let seconds = now.millis() / 1000;
    if claims.exp.saturating_add(LEEWAY) < seconds {
        return Err(AuthError::Expired);
    }
    let is_early = claims
        .nbf
        .is_some_and(|from| from > seconds.saturating_add(LEEWAY));
    if is_early || claims.exp > seconds.saturating_add(LONGEST + LEEWAY) {
        return Err(AuthError::Lifetime);
    }
    if claims.jti.is_empty() || claims.jti.len() > JTI {
        return Err(AuthError::Malformed);
    }
    let narrowed = claims
        .scope
        .map(|scope| scope.split_whitespace().filter_map(Scope::parse).collect());
    let token = Token {
        jti: claims.jti,
        until: At::from_millis(claims.exp.saturating_add(LEEWAY * 2).saturating_mul(1000)),
    };
    Ok((Caller { client, narrowed }, token))
}

/// A token that has to be used once only.
pub struct Token {
    jti: String,
    until: At,
}

/// Takes the token; refused when it was taken before, by whichever replica.
pub async fn use_once(
    cx: &Context,
    conn: &mut PgConnection,
    caller: &Caller<'_>,
    token: &Token,
) -> Result<Result<(), AuthError>, Failure> {
    let jti = cx
        .keys
        .derive_lookup("fhir token", &[&caller.client.id, &token.jti]);
    let taken =
        sqlx::query("INSERT INTO fhir_token (client, jti, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(&caller.client.id)
            .bind(jti.as_slice())
            .bind(millis(token.until))
            .execute(conn)
            .await?;
    Ok(if taken.rows_affected() == 0 {
        Err(AuthError::Replayed)
    } else {
        Ok(())
    })
}

/// Forgets tokens that would not be good any more.
pub async fn forget_tokens(cx: &Context) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM fhir_token WHERE until < $1")
        .bind(millis(cx.now()))
        .execute(&cx.pool)
        .await?;
    Ok(())
}

fn unverified(token: &str) -> Option<Claims> {
    if token.len() > TOKEN {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}

fn verify(token: &str, client: &Client) -> Result<Claims, AuthError> {
    // A header with an algorithm that the library does not know, such as `none`, does not parse.
    let header = jsonwebtoken::decode_header(token).map_err(|_| AuthError::Signature)?;
    let named = client.keys.iter().filter(|(key, algorithms)| {
        let is_named = header.kid.is_none() || key.common.key_id.is_none() || key.common.key_id == header.kid;
        is_named && algorithms.contains(&header.alg)
    });
    for (key, _) in named {
        let Ok(key) = DecodingKey::from_jwk(key) else {
            continue;
        };
        if let Ok(read) = jsonwebtoken::decode::<Claims>(token, &key, &crate::token::lax(header.alg)) {
            return Ok(read.claims);
        }
    }
    Err(AuthError::Signature)
}

/// Clocks of two servers may differ by so many seconds.
const LEEWAY: u64 = 5;

/// No token is good for longer, in seconds (SMART App Launch 2.0: five minutes).
const LONGEST: u64 = 300;

const JTI: usize = 200;
const TOKEN: usize = 8 * 1024;
