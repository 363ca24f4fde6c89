//! The secrets of a local stack: made once from the machine's randomness, kept in one file that only its owner reads.
//!
//! What is secret and what is published is told by the names: [`Keys`] holds the secrets, its methods derive the public
//! halves.

use std::fmt;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The secrets, each 32 bytes in base64url.
#[derive(Deserialize, Serialize)]
pub struct Keys {
    /// Wraps the keys of spaces.
    pub kek: String,
    /// Seed of the record's Ed25519 key.
    pub record_signing: String,
    /// The record's X25519 secret for Oblivious HTTP.
    pub record_ohttp: String,
    /// Seed of the edge's Ed25519 key.
    pub edge_signing: String,
    /// Seed of the Ed25519 key by which the record proves itself to the OpenID provider.
    pub oidc_client: String,
}

impl Keys {
    /// Reads the keys in a file, or makes them and the file.
    pub fn kept_in(file: &Path) -> Result<Self> {
        if let Ok(text) = fs::read_to_string(file) {
            return serde_json::from_str(&text)
                .with_context(|| format!("{} is not readable; delete it", file.display()));
        }
        let keys = Self {
            kek: random_word()?,
            record_signing: random_word()?,
            record_ohttp: random_word()?,
            edge_signing: random_word()?,
            oidc_client: random_word()?,
        };
        let mut options = fs::File::options();
        let mut opened = options.write(true).create_new(true).mode(0o600).open(file)?;
        opened.write_all(serde_json::to_string_pretty(&keys)?.as_bytes())?;
        Ok(keys)
    }

    /// What verifies the record's signatures.
    pub fn record_verify(&self) -> Result<String> {
        public(&self.record_signing)
    }

    /// What verifies the edge's service tokens.
    pub fn edge_verify(&self) -> Result<String> {
        public(&self.edge_signing)
    }

    /// The key of `private_key_jwt` as PKCS#8 PEM, for the record.
    pub fn oidc_client_pem(&self) -> Result<String> {
        Ok(signing(&self.oidc_client)?
            .to_pkcs8_pem(LineEnding::LF)?
            .to_string())
    }

    /// Its public half as a JSON Web Key, for the OpenID provider.
    pub fn oidc_client_jwk(&self) -> Result<serde_json::Value> {
        let x = public(&self.oidc_client)?;
        Ok(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "use": "sig", "alg": "EdDSA" }))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// 32 random bytes in base64url: a key, or a password.
pub fn random_word() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the machine gives no randomness")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn signing(seed: &str) -> Result<SigningKey> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD
        .decode(seed)?
        .try_into()
        .ok()
        .context("a key must be 32 bytes")?;
    Ok(SigningKey::from_bytes(&bytes))
}

fn public(seed: &str) -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(signing(seed)?.verifying_key().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_only_their_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let file = std::env::temp_dir().join(format!("baton-keys-{}", std::process::id()));
        let made = Keys::kept_in(&file).unwrap();
        let read = Keys::kept_in(&file).unwrap();
        let permissions = fs::metadata(&file).unwrap().permissions().mode();
        fs::remove_file(&file).unwrap();
        assert_eq!(made.record_verify().unwrap(), read.record_verify().unwrap());
        assert_ne!(made.record_verify().unwrap(), made.edge_verify().unwrap());
        assert_eq!(permissions & 0o777, 0o600);
    }

    #[test]
    fn the_providers_key_is_public_only() {
        let file = std::env::temp_dir().join(format!("baton-jwk-{}", std::process::id()));
        let keys = Keys::kept_in(&file).unwrap();
        fs::remove_file(&file).unwrap();
        let jwk = keys.oidc_client_jwk().unwrap();
        assert!(jwk.get("d").is_none());
        assert!(
            keys.oidc_client_pem()
                .unwrap()
                .starts_with("-----BEGIN PRIVATE KEY-----")
        );
    }
}
