//! Settings, from the environment and from a TOML file of the same names (`--config`); the environment wins. All are read
//! before anything starts, and every wrong one is named at once, without its value: some are secrets.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use baton_core::device_api::Policy;
use baton_core::secret::Secret;
use ed25519_dalek::{SigningKey, VerifyingKey};
use url::Url;

mod fhir;
mod hl7;
mod read;

pub use fhir::{Client, FHIR_SETTINGS, FhirConfig, Letters, Scope};
pub use hl7::{HL7_SETTINGS, Hl7Config, Hl7Tls, Processing};

use read::Reader;

/// What the record needs to know.
pub struct Config {
    /// `BATON_DATABASE_URL`.
    pub database_url: String,
    /// `BATON_DATABASE_CONNECTIONS`: at most so many, 20 when not given.
    pub database_connections: u32,
    /// Keys.
    pub keys: KeyConfig,
    /// `BATON_EDGE_URL`: where the edge is reached.
    pub edge_url: Url,
    /// `BATON_EDGE_VERIFY_KEY`: verifies the edge's service tokens.
    pub edge_verify_key: VerifyingKey,
    /// `BATON_APP_ORIGIN`: where the app is opened.
    pub app_origin: Url,
    /// `BATON_ORGANISATION`: what the deployment is called on the sign-in page; `Baton` when not given.
    pub organisation: String,
    /// Who vouches for people.
    pub identity: IdentityConfig,
    /// Where the record listens.
    pub listen: ListenConfig,
    /// How devices behave ([`POLICY_SETTINGS`]).
    pub policy: Policy,
    /// Where hospital systems send HL7 v2 ([`HL7_SETTINGS`]).
    pub hl7: Hl7Config,
    /// Where systems send and ask FHIR ([`FHIR_SETTINGS`]); `None` when they do not.
    pub fhir: Option<FhirConfig>,
}

/// The record's own keys. Each is 32 bytes.
pub struct KeyConfig {
    /// `BATON_KEK`: wraps everything else that is kept.
    pub kek: Secret<32>,
    /// `BATON_SIGNING_KEY`: signs what the record says.
    pub signing: SigningKey,
    /// `BATON_OHTTP_KEY`: what the Oblivious HTTP key is derived from.
    pub ohttp: Secret<32>,
}

/// The OpenID provider.
pub struct IdentityConfig {
    /// `BATON_OIDC_ISSUER`, exactly as the provider writes it.
    pub issuer: String,
    /// `BATON_OIDC_CLIENT_ID`.
    pub client_id: String,
    /// `BATON_OIDC_CLIENT_KEY`: Ed25519 or P-256, PKCS#8 PEM.
    pub client_key: ClientKey,
    /// `BATON_OIDC_SCOPES`.
    pub scopes: String,
    /// `BATON_OIDC_ACR`: levels of authentication that are good enough, separated by spaces; any when not given.
    pub acr: Option<String>,
}

/// The record's private key at the OpenID provider.
#[derive(Clone)]
pub struct ClientKey {
    /// The algorithm.
    pub algorithm: jsonwebtoken::Algorithm,
    /// The key.
    pub key: jsonwebtoken::EncodingKey,
}

/// Addresses and certificates.
pub struct ListenConfig {
    /// `BATON_LISTEN`: for the edge.
    pub edge: SocketAddr,
    /// `BATON_OPS_LISTEN`: health and metrics; not for the world.
    pub ops: SocketAddr,
    /// `BATON_TLS_CERTIFICATE` and `BATON_TLS_KEY`: PEM files; plain HTTP when neither is given.
    pub tls: Option<TlsConfig>,
}

/// PEM files of a TLS server.
#[derive(Clone, Debug)]
pub struct TlsConfig {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Config {
    /// Reads all settings.
    pub fn read(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(values(file, environment)?);
        let config = Self::from_reader(&mut reader);
        let problems = reader.into_problems();
        config
            .filter(|_| problems.is_empty())
            .ok_or(ConfigError { problems })
    }

    fn from_reader(reader: &mut Reader) -> Option<Self> {
        let database_url = reader.database("BATON_DATABASE_URL");
        let database_connections = reader.number("BATON_DATABASE_CONNECTIONS", 20);
        let kek = reader.bytes("BATON_KEK");
        let signing = reader.bytes("BATON_SIGNING_KEY");
        let ohttp = reader.bytes("BATON_OHTTP_KEY");
        let edge_url = reader.url("BATON_EDGE_URL");
        let edge_verify_key = reader.verifying_key("BATON_EDGE_VERIFY_KEY");
        let app_origin = reader.url("BATON_APP_ORIGIN");
        let organisation = reader.optional("BATON_ORGANISATION");
        let issuer = reader.url_text("BATON_OIDC_ISSUER");
        let client_id = reader.text("BATON_OIDC_CLIENT_ID");
        let client_key = reader.client_key("BATON_OIDC_CLIENT_KEY");
        let scopes = reader.optional("BATON_OIDC_SCOPES");
        let acr = reader.optional("BATON_OIDC_ACR");
        let edge = reader.address("BATON_LISTEN");
        let ops = reader.address("BATON_OPS_LISTEN");
        let certificate = reader.optional("BATON_TLS_CERTIFICATE");
        let key = reader.optional("BATON_TLS_KEY");
        let policy = policy(reader);
        let hl7 = Hl7Config::read(reader);
        let fhir = FhirConfig::read(reader);
        reader.together(
            certificate.is_some(),
            key.is_some(),
            "BATON_TLS_CERTIFICATE and BATON_TLS_KEY",
        );
        Some(Self {
            database_url: database_url?,
            database_connections: database_connections?,
            keys: KeyConfig {
                kek: kek?,
                signing: SigningKey::from_bytes(signing?.expose()),
                ohttp: ohttp?,
            },
            edge_url: edge_url?,
            edge_verify_key: edge_verify_key?,
            app_origin: app_origin?,
            organisation: organisation.unwrap_or_else(|| "Baton".to_owned()),
            identity: IdentityConfig {
                issuer: issuer?,
                client_id: client_id?,
                client_key: client_key?,
                scopes: scopes.unwrap_or_else(|| "openid profile".to_owned()),
                acr,
            },
            listen: ListenConfig {
                edge: edge?,
                ops: ops?,
                tls: certificate.zip(key).map(|(certificate, key)| TlsConfig {
                    certificate: certificate.into(),
                    key: key.into(),
                }),
            },
            policy: policy?,
            hl7: hl7?,
            fhir,
        })
    }

    /// Where the OpenID provider sends the browser back to.
    pub fn redirect_uri(&self) -> String {
        format!("{}/signed-in", self.app_origin.as_str().trim_end_matches('/'))
    }
}

/// The settings of [`Config::policy`], as the command line explains them.
pub const POLICY_SETTINGS: &str = "\
How devices behave:
  BATON_OFFLINE_LEASE_HOURS  a device that has not reached the record for so long erases what it
                             keeps: 1 to 720, 72 when not given
  BATON_IDLE_LOCK_SECONDS    a device that nobody touches for so long locks: 1 to 3600, 120 when
                             not given
  BATON_LOCK_ON_HIDE         whether a device locks as soon as the app is out of sight: yes or no,
                             no when not given
  BATON_KEEP_ALLOWED         whether people may keep something on a device past the tab: yes or no,
                             yes when not given";

fn policy(reader: &mut Reader) -> Option<Policy> {
    let offline_lease = reader.number_within("BATON_OFFLINE_LEASE_HOURS", 72, 1..=720);
    let idle_lock = reader.number_within("BATON_IDLE_LOCK_SECONDS", 120, 1..=3600);
    let lock_on_hide = reader.flag("BATON_LOCK_ON_HIDE", false);
    let keep_allowed = reader.flag("BATON_KEEP_ALLOWED", true);
    Some(Policy {
        offline_lease: u64::from(offline_lease?) * 60 * 60 * 1000,
        idle_lock: u64::from(idle_lock?) * 1000,
        lock_on_hide: lock_on_hide?,
        keep_allowed: keep_allowed?,
    })
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").finish_non_exhaustive()
    }
}

/// What is wrong with the settings: all of it.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be used:\n  - {}", problems.join("\n  - "))]
pub struct ConfigError {
    /// One sentence each, naming the setting.
    pub problems: Vec<String>,
}

fn values(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut values = file.map_or_else(|| Ok(BTreeMap::new()), from_file)?;
    values.extend(environment.filter(|(name, _)| name.starts_with(PREFIX)));
    Ok(values)
}

fn from_file(file: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let problem = |what: &str| ConfigError {
        problems: vec![format!("{} {what}", file.display())],
    };
    let text = std::fs::read_to_string(file).map_err(|error| problem(&format!("cannot be read: {error}")))?;
    // The parser's own words could quote a secret; only the place is told.
    let table: toml::Table = toml::from_str(&text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        problem(&format!("is not TOML (line {line})"))
    })?;
    table
        .into_iter()
        .map(|(name, value)| match value {
            toml::Value::String(text) => Ok((name, text)),
            toml::Value::Integer(number) => Ok((name, number.to_string())),
            toml::Value::Boolean(flag) => Ok((name, flag.to_string())),
            toml::Value::Array(_)
            | toml::Value::Datetime(_)
            | toml::Value::Float(_)
            | toml::Value::Table(_) => Err(problem(&format!(
                "has {name}, which is neither text, a number, true nor false"
            ))),
        })
        .collect()
}

const PREFIX: &str = "BATON_";

#[cfg(test)]
mod tests;
