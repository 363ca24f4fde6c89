//! What the edge is told when it is started: text bindings, all optional but three.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::{SigningKey, VerifyingKey};

/// The settings of this deployment.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `RECORD_URL`: where the record listens, without a slash at the end.
    pub(crate) record_url: String,
    /// `RECORD_VERIFY_KEY`: what the record's tokens are verified with (base64url, 32 bytes).
    pub(crate) record_key: VerifyingKey,
    /// `EDGE_SIGNING_KEY`: the seed of what the edge's service tokens are signed with (base64url, 32 bytes).
    pub(crate) signing_key: SigningKey,
    /// `GATEWAY_SHARDS`: over how many gateway objects the users are spread, 1 to 256; 4 if not set. All objects of one
    /// `workerd` share a thread, so there 1 is best.
    pub(crate) shards: u16,
    /// `CONNECT_SRC`: further origins that pages may connect to, as in the policy; empty if not set.
    pub(crate) connect_src: String,
    /// `ADDRESS_HEADER`: the header in which a trusted proxy says the client's address (`cf-connecting-ip`). Not set: the
    /// address of the connection counts, and no header is believed.
    pub(crate) address_header: Option<String>,
}

impl Settings {
    /// Parses what `of` gives for each name; empty counts as not set.
    pub(crate) fn parse(of: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let of = |name: &'static str| {
            of(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let need = |name| of(name).ok_or(SettingsError::Missing(name));
        let record_url = need("RECORD_URL")?;
        let record_url = record_url.trim_end_matches('/').to_owned();
        if !record_url.starts_with("https://") && !record_url.starts_with("http://") {
            return Err(SettingsError::Wrong("RECORD_URL"));
        }
        let record_key =
            VerifyingKey::from_bytes(&parse_key("RECORD_VERIFY_KEY", &need("RECORD_VERIFY_KEY")?)?)
                .map_err(|_| SettingsError::Wrong("RECORD_VERIFY_KEY"))?;
        let signing_key = SigningKey::from_bytes(&parse_key("EDGE_SIGNING_KEY", &need("EDGE_SIGNING_KEY")?)?);
        let shards = match of("GATEWAY_SHARDS") {
            None => SHARDS,
            Some(text) => text
                .parse()
                .ok()
                .filter(|shards| (1..=256).contains(shards))
                .ok_or(SettingsError::Wrong("GATEWAY_SHARDS"))?,
        };
        let connect_src = of("CONNECT_SRC").unwrap_or_default();
        if !connect_src
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b';' && byte != b',' || byte == b' ')
        {
            return Err(SettingsError::Wrong("CONNECT_SRC"));
        }
        let address_header = of("ADDRESS_HEADER");
        Ok(Self {
            record_url,
            record_key,
            signing_key,
            shards,
            connect_src,
            address_header,
        })
    }

    /// Which gateway object serves the users of a gateway number.
    pub(crate) fn shard(&self, gateway: u8) -> u16 {
        u16::from(gateway) % self.shards.max(1)
    }
}

fn parse_key(name: &'static str, text: &str) -> Result<[u8; 32], SettingsError> {
    let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| SettingsError::Wrong(name))?;
    bytes.try_into().map_err(|_| SettingsError::Wrong(name))
}

/// Gateway objects if nothing else is said.
const SHARDS: u16 = 4;

/// Why the edge cannot start. Holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsError {
    /// It is needed.
    #[error("the setting {0} is missing")]
    Missing(&'static str),
    /// It is not of the form that it should be.
    #[error("the setting {0} is not of its form")]
    Wrong(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(change: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let public =
            Base64UrlUnpadded::encode_string(SigningKey::from_bytes(&[1; 32]).verifying_key().as_bytes());
        let secret = Base64UrlUnpadded::encode_string(&[2; 32]);
        let change = change.to_vec();
        Settings::parse(move |name| {
            if let Some((_, value)) = change.iter().find(|(changed, _)| *changed == name) {
                return Some((*value).to_owned());
            }
            match name {
                "RECORD_URL" => Some("http://127.0.0.1:9000/".to_owned()),
                "RECORD_VERIFY_KEY" => Some(public.clone()),
                "EDGE_SIGNING_KEY" => Some(secret.clone()),
                _ => None,
            }
        })
    }

    #[test]
    fn three_settings_suffice() {
        let settings = parse(&[]).unwrap();
        assert_eq!(settings.record_url, "http://127.0.0.1:9000");
        assert_eq!((settings.shards, settings.shard(255)), (4, 3));
        assert_eq!(settings.address_header, None);
    }

    #[test]
    fn a_wrong_setting_is_named_and_its_value_is_not() {
        assert_eq!(
            parse(&[("RECORD_URL", " ")]).unwrap_err(),
            SettingsError::Missing("RECORD_URL")
        );
        for (name, value) in [
            ("RECORD_URL", "ftp://record"),
            ("RECORD_VERIFY_KEY", "short"),
            ("EDGE_SIGNING_KEY", "AAAA"),
            ("GATEWAY_SHARDS", "0"),
            ("GATEWAY_SHARDS", "257"),
            ("CONNECT_SRC", "https://a; script-src *"),
        ] {
            assert_eq!(
                parse(&[(name, value)]).unwrap_err(),
                SettingsError::Wrong(name),
                "{value}"
            );
        }
    }
}
