//! Signing in: OpenID Connect authorization code with PKCE (RFC 7636), whose `nonce` commits the identity provider's
//! answer to a key of this sign-in, which then signs this device's fresh keys, so that nobody in between can bind their own
//! device to the person. What waits in the tab meanwhile is worth nothing once the sign-in is over.

use baton_core::device::{DeviceSecret, SignInKey};
use baton_core::device_api::{Session, SignIn};
use baton_core::secret::{Personal, Secret};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{AskError, Device, Record};
use crate::config::Config;
use crate::{clock, web};

/// What waits in this tab for the identity provider's answer.
const WAITING: &str = "baton.sign-in";

#[derive(Serialize, Deserialize)]
struct Waiting {
    key: SignInKey,
    salt: Secret<32>,
    verifier: Personal<String>,
    state: String,
}

/// Makes the key of a sign-in and sends the browser to the identity provider.
pub fn leave(config: &Config) -> Result<(), SignInError> {
    let salt: [u8; 32] = clock::random();
    let waiting = Waiting {
        key: SignInKey::make(&mut clock::rng()),
        salt: Secret::new(salt),
        verifier: Personal::new(web::to_base64url(&clock::random::<32>())),
        state: web::to_base64url(&clock::random::<16>()),
    };
    let nonce = waiting.key.public().commitment(&salt);
    let challenge: [u8; 32] = Sha256::digest(waiting.verifier.as_str()).into();
    let address = authorization_address(config, &waiting.state, &nonce, &challenge);
    if !super::write(WAITING, &waiting) {
        return Err(SignInError::NoStorage);
    }
    web::go_to(&address);
    Ok(())
}

fn authorization_address(config: &Config, state: &str, nonce: &[u8; 32], challenge: &[u8; 32]) -> String {
    let mut pairs = vec![
        ("response_type", "code".to_owned()),
        ("client_id", config.client_id.clone()),
        ("redirect_uri", config.redirect_uri.clone()),
        ("scope", config.scopes.clone()),
        ("state", state.to_owned()),
        ("nonce", web::to_base64url(nonce)),
        ("code_challenge", web::to_base64url(challenge)),
        ("code_challenge_method", "S256".to_owned()),
        // A shared computer must not sign the next person in as the one before.
        ("prompt", "login".to_owned()),
    ];
    if let Some(acr) = &config.acr_values {
        pairs.push(("acr_values", acr.clone()));
    }
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", web::encode(value)))
        .collect();
    let joint = if config.authorization_endpoint.contains('?') {
        '&'
    } else {
        '?'
    };
    format!("{}{joint}{}", config.authorization_endpoint, query.join("&"))
}

/// What the identity provider sent the browser back with.
pub struct Returned {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

impl Returned {
    /// Reads the address bar and cleans it at once: the code must not stay in the history.
    pub fn take() -> Option<Self> {
        let (path, query) = web::location();
        if path != "/signed-in" {
            return None;
        }
        let value = |name| web::query_value(&query, name).filter(|value| !value.is_empty());
        let returned = Self {
            code: value("code"),
            state: value("state"),
            error: value("error"),
        };
        if let Ok(history) = web::window().history() {
            _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/"));
        }
        Some(returned)
    }

    /// Takes the code to the record, which binds this device to the person.
    pub async fn finish(self, record: &Record) -> Result<(Device, Session), SignInError> {
        let waiting: Option<Waiting> = super::read(WAITING);
        web::forget(WAITING);
        if let Some(error) = self.error {
            return Err(if error == "access_denied" {
                SignInError::Cancelled
            } else {
                SignInError::Provider
            });
        }
        let waiting = waiting.ok_or(SignInError::Stale)?;
        let code = self.code.ok_or(SignInError::Provider)?;
        if self.state.as_deref() != Some(waiting.state.as_str()) {
            return Err(SignInError::Stale);
        }
        // Made only now, in memory: nothing of the device's own keys was ever on the disk.
        let secret = DeviceSecret::make(&mut clock::rng());
        let request = SignIn {
            code: Personal::new(code),
            verifier: waiting.verifier,
            key: waiting.key.public(),
            device: waiting.key.bind(&secret.public(), waiting.salt.expose()),
            salt: waiting.salt,
        };
        let session = record.sign_in(&request).await?;
        let mut device = Device {
            id: session.device,
            secret,
            ahead: 0,
        };
        device.learn_time(session.now, clock::now());
        Ok((device, session))
    }
}

/// Why somebody is not signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The record did not bind the device.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The person turned back at the identity provider.
    #[error("signing in was cancelled")]
    Cancelled,
    /// The browser keeps nothing for this site, so the answer could not be recognised.
    #[error("the browser does not allow session storage")]
    NoStorage,
    /// The identity provider reported an error.
    #[error("the identity provider reported an error")]
    Provider,
    /// The answer belongs to no sign-in that this tab started.
    #[error("the answer belongs to another sign-in")]
    Stale,
}
