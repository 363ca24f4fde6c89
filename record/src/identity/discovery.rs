//! What the provider says of itself (OpenID Connect Discovery 1.0) and its keys (RFC 7517), kept for an hour.

use std::sync::Arc;
use std::time::Duration;

use baton_core::time::At;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::IdentityError;
use crate::context::Context;

/// The provider as it was read.
#[derive(Clone)]
pub struct Known {
    /// Where it is asked.
    pub metadata: Arc<Metadata>,
    /// Its keys.
    pub keys: Arc<Vec<Jwk>>,
    read_at: At,
}

/// What is needed of the provider's metadata.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    /// Has to be the one that is configured, letter by letter.
    pub issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
}

/// Gives what is known, reading it when it is not or no longer.
pub async fn known(cx: &Context) -> Result<Known, IdentityError> {
    let mut held = cx.identity.known.lock().await;
    if let Some(known) = held.as_ref().filter(|known| cx.now().since(known.read_at) < KEPT) {
        return Ok(known.clone());
    }
    let read = read(cx).await?;
    *held = Some(read.clone());
    Ok(read)
}

/// Reads it again for a key that is not known, but not more often than every half minute: anybody can make up key names.
pub async fn again(cx: &Context) -> Result<Known, IdentityError> {
    let mut held = cx.identity.known.lock().await;
    if let Some(known) = held
        .as_ref()
        .filter(|known| cx.now().since(known.read_at) < AT_MOST_EVERY)
    {
        return Ok(known.clone());
    }
    let read = read(cx).await?;
    *held = Some(read.clone());
    Ok(read)
}

/// Reads the provider's metadata.
pub async fn metadata(cx: &Context) -> Result<Metadata, IdentityError> {
    let issuer = &cx.config.identity.issuer;
    let url = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let metadata: Metadata = fetch(cx, &url).await?;
    if metadata.issuer == *issuer {
        Ok(metadata)
    } else {
        tracing::error!("The identity provider calls itself something else than BATON_OIDC_ISSUER.");
        Err(IdentityError::Provider)
    }
}

async fn read(cx: &Context) -> Result<Known, IdentityError> {
    let metadata = metadata(cx).await?;
    let set: JwkSet = fetch(cx, &metadata.jwks_uri).await?;
    Ok(Known {
        metadata: Arc::new(metadata),
        keys: Arc::new(set.keys),
        read_at: cx.now(),
    })
}

async fn fetch<T: DeserializeOwned>(cx: &Context, url: &str) -> Result<T, IdentityError> {
    let answer = cx
        .http
        .get(url)
        .header("accept", "application/json")
        .send()
        .await
        .map_err(|_| IdentityError::Provider)?;
    if !answer.status().is_success() {
        return Err(IdentityError::Provider);
    }
    let bytes = limited(answer).await?;
    serde_json::from_slice(&bytes).map_err(|_| IdentityError::Provider)
}

/// Reads a body, but not without end.
pub(super) async fn limited(mut answer: reqwest::Response) -> Result<Vec<u8>, IdentityError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| IdentityError::Provider)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER {
            return Err(IdentityError::Provider);
        }
    }
    Ok(bytes)
}

const KEPT: Duration = Duration::from_hours(1);
const AT_MOST_EVERY: Duration = Duration::from_secs(30);
const ANSWER: usize = 512 * 1024;
