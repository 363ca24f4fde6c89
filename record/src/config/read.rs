//! Reading one setting after the other, and gathering what is wrong.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::secret::Secret;
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::{Algorithm, EncodingKey};
use url::Url;

use super::ClientKey;

pub(super) struct Reader {
    values: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Reader {
    pub(super) fn new(values: BTreeMap<String, String>) -> Self {
        Self {
            values,
            problems: Vec::new(),
        }
    }

    pub(super) fn into_problems(self) -> Vec<String> {
        self.problems
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.optional(name);
        if value.is_none() {
            self.problems.push(format!("{name} is missing"));
        }
        value
    }

    pub(super) fn optional(&mut self, name: &str) -> Option<String> {
        self.values
            .get(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn number(&mut self, name: &str, default: u32) -> Option<u32> {
        let Some(text) = self.optional(name) else {
            return Some(default);
        };
        let number = text.parse().ok().filter(|number| *number > 0);
        self.or_problem(name, number, "is not a number above 0")
    }

    pub(super) fn number_within(
        &mut self,
        name: &str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        let Some(text) = self.optional(name) else {
            return Some(default);
        };
        let number = text.parse().ok().filter(|number| range.contains(number));
        let problem = format!("is not a number from {} to {}", range.start(), range.end());
        self.or_problem(name, number, &problem)
    }

    pub(super) fn flag(&mut self, name: &str, default: bool) -> Option<bool> {
        let Some(text) = self.optional(name) else {
            return Some(default);
        };
        let flag = match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        };
        self.or_problem(name, flag, "is neither yes nor no")
    }

    pub(super) fn bytes(&mut self, name: &str) -> Option<Secret<32>> {
        let text = self.text(name)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        self.or_problem(
            name,
            bytes.map(Secret::new),
            "is not 32 bytes in base64url without padding",
        )
    }

    pub(super) fn verifying_key(&mut self, name: &str) -> Option<VerifyingKey> {
        let bytes = self.bytes(name)?;
        let key = VerifyingKey::from_bytes(bytes.expose()).ok();
        self.or_problem(
            name,
            key.filter(|key| !key.is_weak()),
            "is not an Ed25519 public key",
        )
    }

    pub(super) fn url(&mut self, name: &str) -> Option<Url> {
        let text = self.text(name)?;
        let url = Url::parse(&text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        self.or_problem(name, url, "is not an http or https address")
    }

    pub(super) fn url_text(&mut self, name: &str) -> Option<String> {
        self.url(name)?;
        self.optional(name)
    }

    pub(super) fn database(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let is_database =
            Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
        self.or_problem(name, is_database.then_some(text), "is not a postgres:// address")
    }

    pub(super) fn address(&mut self, name: &str) -> Option<SocketAddr> {
        let text = self.text(name)?;
        self.as_address(name, &text)
    }

    /// `None` where it is not given, and where it is wrong, which is a problem.
    pub(super) fn optional_address(&mut self, name: &str) -> Option<SocketAddr> {
        let text = self.optional(name)?;
        self.as_address(name, &text)
    }

    fn as_address(&mut self, name: &str, text: &str) -> Option<SocketAddr> {
        self.or_problem(
            name,
            text.parse().ok(),
            "is not an address and port such as 127.0.0.1:8080",
        )
    }

    /// Values between commas; none when it is not given.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.optional(name).unwrap_or_default();
        let values = text.split(',').map(str::trim);
        values
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    }

    pub(super) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    pub(super) fn client_key(&mut self, name: &str) -> Option<ClientKey> {
        // A PEM in one line, as environment files need it.
        let pem = self.text(name)?.replace("\\n", "\n");
        let ed25519 = EncodingKey::from_ed_pem(pem.as_bytes())
            .ok()
            .map(|key| (Algorithm::EdDSA, key));
        let key = ed25519.or_else(|| {
            EncodingKey::from_ec_pem(pem.as_bytes())
                .ok()
                .map(|key| (Algorithm::ES256, key))
        });
        let key = key.map(|(algorithm, key)| ClientKey { algorithm, key });
        self.or_problem(name, key, "is not an Ed25519 or P-256 key in PKCS#8 PEM")
    }

    pub(super) fn together(&mut self, one: bool, other: bool, names: &str) {
        if one != other {
            self.problems.push(format!("{names} are only used together"));
        }
    }

    fn or_problem<T>(&mut self, name: &str, value: Option<T>, problem: &str) -> Option<T> {
        if value.is_none() {
            self.problems.push(format!("{name} {problem}"));
        }
        value
    }
}
