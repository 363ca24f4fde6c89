//! The deployed configuration of the app, `/config.json`: whose record this is, and where one signs in. What a vault was lent
//! by is kept beside it (`session/record.rs`): the keys in here count for who signs in.

use ed25519_dalek::VerifyingKey;

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

impl Config {
    /// Fetches and reads the configuration.
    pub async fn load() -> Result<Self, ConfigError> {
        let answer = web::fetch("GET", PATH, None, None)
            .await
            .map_err(|_| ConfigError::Unreachable)?;
        if answer.status == 200 {
            let json = web::Json::parse(&answer.body).ok_or(ConfigError::Malformed)?;
            Self::read(|field| json.text(field), web::from_base64url).ok_or(ConfigError::Malformed)
        } else {
            Err(ConfigError::Unreachable)
        }
    }

    /// Reads it from texts by name. `decode` reads base64 for addresses.
    fn read(text: impl Fn(&str) -> Option<String>, decode: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Self> {
        let bytes = |field| decode(&text(field)?);
        let verify_key: [u8; 32] = bytes("verify_key")?.try_into().ok()?;
        Some(Self {
            verify_key: VerifyingKey::from_bytes(&verify_key).ok()?,
            ohttp_keys: bytes("ohttp_keys")?,
            authorization_endpoint: text("authorization_endpoint")?,
            client_id: text("client_id")?,
            scopes: text("scopes")?,
            acr_values: text("acr_values").filter(|values| !values.is_empty()),
            redirect_uri: text("redirect_uri")?,
            organisation: text("organisation")?,
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
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;

    fn decode(text: &str) -> Option<Vec<u8>> {
        Base64UrlUnpadded::decode_vec(text).ok()
    }

    #[test]
    fn a_configuration_is_read_and_a_wrong_key_is_not() {
        let deployed = [
            ("verify_key", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
            ("ohttp_keys", "AQID"),
            ("authorization_endpoint", "http://localhost:9000/auth"),
            ("client_id", "baton"),
            ("scopes", "openid"),
            ("redirect_uri", "http://localhost:8787/signed-in"),
            ("organisation", "Northbridge"),
        ];
        let without = |left_out: &'static str| {
            move |field: &str| {
                let found = deployed
                    .iter()
                    .find(|(name, _)| *name == field && *name != left_out);
                found.map(|(_, text)| (*text).to_owned())
            }
        };
        let config = Config::read(without("nothing"), decode).unwrap();
        assert_eq!(config.ohttp_keys, [1, 2, 3]);
        assert_eq!(config.acr_values, None);
        for (name, _) in deployed {
            assert_eq!(Config::read(without(name), decode), None, "without {name}");
        }
        let whole = without("nothing");
        let short = |field: &str| whole(field).map(|text| text.replace("11qYAYKx", "short"));
        assert_eq!(Config::read(short, decode), None);
    }
}
