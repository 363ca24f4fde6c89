//! The deployed configuration of the app, `/config.json`: whose record this is, and where one signs in. It is pinned:
//! the record's keys in it are what everything that the relay brings is checked against.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::VerifyingKey;
use serde::Deserialize;

use crate::web;

/// Where the configuration is.
const PATH: &str = "/config.json";

/// What the record's operator deployed with the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The record's key: signs operations of its own, checkpoints, certificates, revocations.
    pub verify_key: VerifyingKey,
    /// The record's Oblivious HTTP key configuration (RFC 9458 §3.1).
    pub ohttp_keys: Vec<u8>,
    /// Where the browser goes to sign in.
    pub authorization_endpoint: String,
    /// The record's client id at the identity provider.
    pub client_id: String,
    /// The scopes to ask for.
    pub scopes: String,
    /// The authentication level to ask for, if any.
    pub acr_values: Option<String>,
    /// Where the identity provider sends the browser back to.
    pub redirect_uri: String,
    /// The name of the organisation or care community.
    pub organisation: String,
}

#[derive(Deserialize)]
struct Deployed {
    verify_key: String,
    ohttp_keys: String,
    authorization_endpoint: String,
    client_id: String,
    scopes: String,
    acr_values: Option<String>,
    redirect_uri: String,
    organisation: String,
}

impl Config {
    /// Fetches and reads the configuration.
    pub async fn load() -> Result<Self, ConfigError> {
        let answer = web::fetch("GET", PATH, None, None)
            .await
            .map_err(|_| ConfigError::Unreachable)?;
        if answer.status == 200 {
            Self::parse(&answer.body).ok_or(ConfigError::Malformed)
        } else {
            Err(ConfigError::Unreachable)
        }
    }

    fn parse(json: &[u8]) -> Option<Self> {
        let deployed: Deployed = serde_json::from_slice(json).ok()?;
        let key: [u8; 32] = Base64UrlUnpadded::decode_vec(&deployed.verify_key)
            .ok()?
            .try_into()
            .ok()?;
        Some(Self {
            verify_key: VerifyingKey::from_bytes(&key).ok()?,
            ohttp_keys: Base64UrlUnpadded::decode_vec(&deployed.ohttp_keys).ok()?,
            authorization_endpoint: deployed.authorization_endpoint,
            client_id: deployed.client_id,
            scopes: deployed.scopes,
            acr_values: deployed.acr_values.filter(|values| !values.is_empty()),
            redirect_uri: deployed.redirect_uri,
            organisation: deployed.organisation,
        })
    }
}

/// Why there is no configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The server did not give it: no network, or the server is down.
    #[error("the app's configuration could not be fetched")]
    Unreachable,
    /// It is not what this app expects: the deployment is at fault.
    #[error("the app's configuration is malformed")]
    Malformed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_read_and_a_wrong_key_is_not() {
        let good = r#"{"verify_key":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","ohttp_keys":"AQID",
            "authorization_endpoint":"http://localhost:9000/auth","client_id":"baton","scopes":"openid","acr_values":null,
            "redirect_uri":"http://localhost:8787/signed-in","organisation":"Northbridge"}"#;
        let config = Config::parse(good.as_bytes()).unwrap();
        assert_eq!(config.ohttp_keys, [1, 2, 3]);
        assert_eq!(config.acr_values, None);
        assert_eq!(Config::parse(good.replace("11qYAYKx", "short").as_bytes()), None);
    }
}
