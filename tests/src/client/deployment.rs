//! A deployment as a device finds it: the app's configuration, by which its record is known.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::device::{DeviceSecret, SignInKey};
use baton_core::device_api::{Session, SignIn};
use baton_core::secret::{Personal, Secret};
use ed25519_dalek::VerifyingKey;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use xtask::stack::oidc::visit::Visitor;

use super::Device;
use super::http::{Http, encode};
use super::record;
use crate::clock;

/// A deployment.
#[derive(Debug)]
pub struct Deployment {
    /// Where its edge is, such as `http://localhost:8787`.
    pub origin: String,
    /// The record's key, pinned.
    pub verify_key: VerifyingKey,
    /// The record's Oblivious HTTP keys, pinned.
    pub ohttp_keys: Vec<u8>,
    /// Connections.
    pub http: Http,
    config: Config,
}

#[derive(Debug, Deserialize)]
struct Config {
    verify_key: String,
    ohttp_keys: String,
    authorization_endpoint: String,
    client_id: String,
    scopes: String,
    acr_values: Option<String>,
    redirect_uri: String,
}

impl Deployment {
    /// Reads the configuration that the edge serves.
    pub async fn read(origin: &str) -> Result<Arc<Self>> {
        let http = Http::new();
        let answer = http.get(&format!("{origin}/config.json")).await?;
        ensure!(
            answer.status.is_success(),
            "the edge answers {} for its configuration",
            answer.status
        );
        let config: Config = serde_json::from_slice(&answer.body)?;
        let key: [u8; 32] = URL_SAFE_NO_PAD
            .decode(&config.verify_key)?
            .try_into()
            .ok()
            .context("the record's key must be 32 bytes")?;
        Ok(Arc::new(Self {
            origin: origin.to_owned(),
            verify_key: VerifyingKey::from_bytes(&key)?,
            ohttp_keys: URL_SAFE_NO_PAD.decode(&config.ohttp_keys)?,
            http,
            config,
        }))
    }

    /// Signs somebody in on a new device, at the loopback provider.
    pub async fn sign_in(self: &Arc<Self>, subject: &str) -> Result<(Device, Session)> {
        let secret = DeviceSecret::make(&mut clock::rng());
        let salt: [u8; 32] = clock::random();
        let verifier = URL_SAFE_NO_PAD.encode(clock::random::<32>());
        let key = SignInKey::make(&mut clock::rng());
        let nonce = key.public().commitment(&salt);
        let code = self.authorize(subject, &nonce, &verifier).await?;
        let request = SignIn {
            code: Personal::new(code),
            verifier: Personal::new(verifier),
            key: key.public(),
            device: key.bind(&secret.public(), &salt),
            salt: Secret::new(salt),
        };
        let session = record::sign_in(self, &request).await?;
        let device = Device {
            id: session.device,
            user: session.me.id,
            secret,
        };
        Ok((device, session))
    }

    /// Gets an authorization code that is committed to a nonce and a verifier.
    pub async fn authorize(&self, subject: &str, nonce: &[u8], verifier: &str) -> Result<String> {
        let state = URL_SAFE_NO_PAD.encode(clock::random::<16>());
        let address = self.authorization_address(&state, nonce, verifier);
        let subject = subject.to_owned();
        let back = tokio::task::spawn_blocking(move || Visitor::new().sign_in(&address, &subject)).await??;
        let query = back.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let value = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find_map(|(found, value)| (found == name).then(|| value.to_owned()))
        };
        ensure!(
            value("state").as_deref() == Some(state.as_str()),
            "the provider lost the state"
        );
        value("code").context("the provider gave no code")
    }

    fn authorization_address(&self, state: &str, nonce: &[u8], verifier: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", &self.config.redirect_uri),
            ("scope", &self.config.scopes),
            ("state", state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("prompt", "login"),
        ];
        if let Some(acr) = &self.config.acr_values {
            pairs.push(("acr_values", acr));
        }
        let query: Vec<String> = pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        format!("{}?{}", self.config.authorization_endpoint, query.join("&"))
    }

    /// The edge's host and port.
    pub fn authority(&self) -> &str {
        self.origin
            .split_once("://")
            .map_or(self.origin.as_str(), |(_, authority)| authority)
    }
}
