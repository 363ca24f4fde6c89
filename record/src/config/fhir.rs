//! Settings of the FHIR door, and the file of its clients.

use std::net::SocketAddr;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use serde::Deserialize;
use url::Url;

use super::read::Reader;
use crate::fhir::request::Kind;
use crate::fhir::systems::Systems;

/// The FHIR door.
pub struct FhirConfig {
    /// `BATON_FHIR_LISTEN`.
    pub listen: SocketAddr,
    /// `BATON_FHIR_URL`: its base as clients know it, without a slash at the end.
    pub base: String,
    /// Who may ask.
    pub clients: Vec<Client>,
    /// Which FHIR system is which assigner of HL7 v2.
    pub systems: Systems,
}

/// A system that may ask.
pub struct Client {
    /// What it calls itself.
    pub id: String,
    /// What it may.
    pub scopes: Vec<Scope>,
    /// Its public keys, each with the algorithms that it is for.
    pub keys: Vec<(Jwk, Vec<Algorithm>)>,
}

/// A scope such as `system/Patient.cruds` (SMART App Launch 2.0; those of 1.0 are taken too).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Of which resources; all of the index of patients when `None`.
    pub kind: Option<Kind>,
    /// Which interactions.
    pub letters: Letters,
}

/// Interactions of a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each letter of a scope is there or not"
)]
pub struct Letters {
    /// `c`.
    pub create: bool,
    /// `r`.
    pub read: bool,
    /// `u`.
    pub update: bool,
    /// `s`.
    pub search: bool,
}

impl Scope {
    /// Parses one; `None` of what is no scope of a system for what is kept here.
    pub fn parse(text: &str) -> Option<Self> {
        let (resource, letters) = text.strip_prefix("system/")?.split_once('.')?;
        let kind = match resource {
            "*" => None,
            name => Some(Kind::of(name)?),
        };
        let letters = match letters {
            "*" => "cruds",
            "read" => "rs",
            "write" => "cud",
            letters => letters,
        };
        // In this order, each once (SMART App Launch 2.0, scopes for requesting FHIR resources).
        let mut rest = letters;
        for letter in ["c", "r", "u", "d", "s"] {
            rest = rest.strip_prefix(letter).unwrap_or(rest);
        }
        (rest.is_empty() && !letters.is_empty()).then(|| Self {
            kind,
            letters: Letters {
                create: letters.contains('c'),
                read: letters.contains('r'),
                update: letters.contains('u'),
                search: letters.contains('s'),
            },
        })
    }
}

/// The settings of [`FhirConfig`], as the command line explains them.
pub const FHIR_SETTINGS: &str = "\
Where systems send and ask FHIR R4 (Patient, Encounter, Task, Composition):
  BATON_FHIR_LISTEN          the address; when not given there is no such door. TLS as for BATON_LISTEN
  BATON_FHIR_URL             its base as clients know it, such as https://record.example.nhs.uk/fhir/r4;
                             what tokens have as their audience
  BATON_FHIR_CLIENTS         a JSON file of who may ask: see docs/api.md";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clients: Vec<FileClient>,
    #[serde(default)]
    systems: Vec<FileSystem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileClient {
    id: String,
    scope: String,
    jwks: JwkSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSystem {
    system: String,
    assigner: String,
}

impl FhirConfig {
    /// Reads them. `None` when there is no such door, and when something is wrong, which `reader` knows.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let names = ["BATON_FHIR_LISTEN", "BATON_FHIR_URL", "BATON_FHIR_CLIENTS"];
        if names.iter().all(|name| reader.optional(name).is_none()) {
            return None;
        }
        let listen = reader.address("BATON_FHIR_LISTEN");
        let base = reader
            .url("BATON_FHIR_URL")
            .and_then(|base| base_of(reader, &base));
        let file = reader.text("BATON_FHIR_CLIENTS");
        let file = file.and_then(|file| {
            let read = read_file(&file);
            read.map_err(|problem| reader.problem(format!("BATON_FHIR_CLIENTS {problem}")))
                .ok()
        });
        let (clients, systems) = file?;
        Some(Self {
            listen: listen?,
            base: base?,
            clients,
            systems,
        })
    }
}

fn base_of(reader: &mut Reader, base: &Url) -> Option<String> {
    let text = base.as_str().trim_end_matches('/');
    if base.query().is_some() || base.fragment().is_some() || !text.ends_with(crate::fhir::BASE) {
        reader.problem("BATON_FHIR_URL does not end with /fhir/r4".to_owned());
        return None;
    }
    Some(text.to_owned())
}

fn read_file(file: &str) -> Result<(Vec<Client>, Systems), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("cannot be read: {error}"))?;
    // The parser's own words could quote a key; only the place is told.
    let file: File = serde_json::from_str(&text).map_err(|error| {
        format!(
            "is not what is expected: line {}, column {}",
            error.line(),
            error.column()
        )
    })?;
    let mut clients: Vec<Client> = Vec::new();
    for FileClient { id, scope, jwks } in file.clients {
        let is_id = !id.is_empty() && id.len() <= 100 && id.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_id || clients.iter().any(|client| client.id == id) {
            return Err(
                "names a client twice, or one that is not 1 to 100 visible ASCII characters".to_owned(),
            );
        }
        let scopes: Option<Vec<Scope>> = scope.split_whitespace().map(Scope::parse).collect();
        let Some(scopes) = scopes.filter(|scopes| !scopes.is_empty()) else {
            return Err(format!(
                "gives client {id} a scope that is not like system/Patient.cruds"
            ));
        };
        let keys: Option<Vec<_>> = jwks
            .keys
            .into_iter()
            .map(|key| Some((key.clone(), algorithms(&key)?)))
            .collect();
        let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
            return Err(format!(
                "gives client {id} no key, or one that is not RSA, P-256, P-384 or Ed25519"
            ));
        };
        clients.push(Client { id, scopes, keys });
    }
    let systems = file
        .systems
        .into_iter()
        .map(|pair| (pair.system, pair.assigner))
        .collect();
    Ok((clients, Systems::new(systems)))
}

/// For which algorithms a public key is.
fn algorithms(key: &Jwk) -> Option<Vec<Algorithm>> {
    if key
        .common
        .public_key_use
        .as_ref()
        .is_some_and(|usage| *usage != PublicKeyUse::Signature)
    {
        return None;
    }
    if matches!(key.algorithm, AlgorithmParameters::RSA(_)) {
        return Some(vec![Algorithm::RS256, Algorithm::RS384]);
    }
    let curve = if let AlgorithmParameters::EllipticCurve(parameters) = &key.algorithm {
        &parameters.curve
    } else if let AlgorithmParameters::OctetKeyPair(parameters) = &key.algorithm {
        &parameters.curve
    } else {
        return None;
    };
    let known = [
        (EllipticCurve::P256, Algorithm::ES256),
        (EllipticCurve::P384, Algorithm::ES384),
        (EllipticCurve::Ed25519, Algorithm::EdDSA),
    ];
    let found = known.into_iter().find(|(known, _)| known == curve);
    found.map(|(_, algorithm)| vec![algorithm])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_both_versions_of_smart() {
        let letters = |text: &str| {
            let letters = Scope::parse(text)?.letters;
            Some([letters.create, letters.read, letters.update, letters.search])
        };
        assert_eq!(letters("system/Patient.rs"), Some([false, true, false, true]));
        assert_eq!(letters("system/Encounter.cud"), Some([true, false, true, false]));
        assert_eq!(letters("system/*.read"), Some([false, true, false, true]));
        assert_eq!(letters("system/Patient.*"), Some([true; 4]));
        for text in [
            "system/Patient",
            "user/Patient.rs",
            "system/Observation.rs",
            "system/Patient.sr",
            "system/Patient.",
            "system/Patient.rr",
            "openid",
        ] {
            assert_eq!(letters(text), None, "{text}");
        }
    }

    #[test]
    fn the_file_of_clients_is_read_and_what_is_wrong_in_it_is_told_without_its_keys() {
        let file = std::env::temp_dir().join(format!("baton-fhir-config-{}.json", std::process::id()));
        let key = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let told = |clients: &str| {
            std::fs::write(&file, format!(r#"{{"clients":[{clients}]}}"#)).unwrap();
            read_file(file.to_str().unwrap()).map(|(clients, _)| clients.len())
        };
        let client = |id: &str, scope: &str, key: &str| {
            format!(r#"{{"id":"{id}","scope":"{scope}","jwks":{{"keys":[{key}]}}}}"#)
        };
        let good = |id: &str| client(id, "system/Patient.rs", key);
        assert_eq!(told(&format!("{},{}", good("a"), good("b"))), Ok(2));
        let symmetric = r#"{"kty":"oct","k":"c2VjcmV0"}"#;
        let for_encryption = key.replace("\"x\"", "\"use\":\"enc\",\"x\"");
        for (clients, expected) in [
            (format!("{},{}", good("a"), good("a")), "twice"),
            (good("a b"), "visible"),
            (client("a", "", key), "scope"),
            (client("a", "openid", key), "scope"),
            (client("a", "system/Patient.rs", ""), "no key"),
            (client("a", "system/Patient.rs", symmetric), "no key"),
            (client("a", "system/Patient.rs", &for_encryption), "no key"),
            (client("a", "system/Patient.rs", "7"), "line 1"),
            (good("a").replace("scope", "scopes"), "line 1"),
        ] {
            let problem = told(&clients).unwrap_err();
            assert!(
                problem.contains(expected) && !problem.contains("c2Vj"),
                "{problem}"
            );
        }
        std::fs::remove_file(&file).unwrap();
    }
}
