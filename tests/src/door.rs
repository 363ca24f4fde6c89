//! What a stranger can do at a door: a raw socket that sends anything, and tokens of every kind.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::frame::{FromEdge, ToEdge, decode_from_edge, encode};
use ed25519_dalek::{Signer, SigningKey};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::Deployment;
use crate::clock;

/// A socket without a machine behind it.
#[derive(Debug)]
pub struct Raw(crate::client::Socket);

/// What comes from the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The socket was closed, by this code and reason.
    Closed(u16, String),
    /// A frame.
    Frame(FromEdge),
    /// A text frame.
    Text(String),
}

impl Raw {
    /// Opens a socket at a gateway.
    pub async fn dial(deployment: &Arc<Deployment>, gateway: u8) -> Result<Self> {
        Ok(Self(crate::client::dial(deployment, gateway).await?))
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &ToEdge) -> Result<()> {
        self.send_bytes(encode(frame)).await
    }

    /// Sends any bytes as a binary frame.
    pub async fn send_bytes(&mut self, bytes: Vec<u8>) -> Result<()> {
        Ok(self.0.send(Message::binary(bytes)).await?)
    }

    /// Sends a text frame.
    pub async fn send_text(&mut self, text: &str) -> Result<()> {
        Ok(self.0.send(Message::text(text)).await?)
    }

    /// What comes next.
    pub async fn hear(&mut self) -> Result<Heard> {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await;
            match next.context("the edge says nothing")? {
                Some(Ok(Message::Binary(bytes))) => return Ok(Heard::Frame(decode_from_edge(&bytes)?)),
                Some(Ok(Message::Text(text))) => return Ok(Heard::Text(text.as_str().to_owned())),
                Some(Ok(Message::Close(Some(why)))) => {
                    return Ok(Heard::Closed(why.code.into(), why.reason.as_str().to_owned()));
                }
                Some(Ok(Message::Close(None))) => return Ok(Heard::Closed(1005, String::new())),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => bail!("the socket broke: {error}"),
                None => return Ok(Heard::Closed(1006, String::new())),
            }
        }
    }

    /// Hears until the socket is closed.
    pub async fn hear_end(&mut self) -> Result<(u16, String)> {
        loop {
            if let Heard::Closed(code, reason) = self.hear().await? {
                return Ok((code, reason));
            }
        }
    }
}

/// A token of any making.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its header.
    pub header: Value,
    /// Its claims.
    pub claims: Value,
}

impl Token {
    /// A service token as the real one would be, good for a minute.
    pub fn service(issuer: &str, audience: &str) -> Self {
        let now = clock::now().millis() / 1000;
        Self {
            header: json!({ "alg": "EdDSA", "typ": "JWT" }),
            claims: json!({ "iss": issuer, "aud": audience, "iat": now, "exp": now + 60 }),
        }
    }

    /// With another claim.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Some(claims) = self.claims.as_object_mut() {
            claims.insert(name.to_owned(), value.into());
        }
        self
    }

    /// With another algorithm named in its header.
    #[must_use]
    pub fn algorithm(mut self, name: &str) -> Self {
        if let Some(header) = self.header.as_object_mut() {
            header.insert("alg".to_owned(), name.into());
        }
        self
    }

    /// Signed by a key.
    pub fn sign(&self, key: &SigningKey) -> String {
        let signed = self.signed_part();
        let signature = key.sign(signed.as_bytes()).to_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Not signed at all.
    pub fn unsigned(&self) -> String {
        format!("{}.", self.signed_part())
    }

    fn signed_part(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }
}

/// The secret half of a key as a stack keeps it.
pub fn signing_key(kept: &str) -> Result<SigningKey> {
    let seed: [u8; 32] = URL_SAFE_NO_PAD
        .decode(kept)?
        .try_into()
        .ok()
        .context("a key must be 32 bytes")?;
    Ok(SigningKey::from_bytes(&seed))
}
