//! Resources that no table keeps, made anew each time: their version is a keyed hash of what they say.

use baton_core::time::At;
use serde_json::{Value, json};

use super::clock::instant;
use super::patient::view::hex;
use crate::keys::KeyEncryption;

/// A resource.
pub struct Shown {
    /// What it says, with its `meta`.
    pub resource: Value,
    /// A keyed hash of what it says without that.
    pub version: String,
    /// When it last changed.
    pub at: At,
}

impl Shown {
    /// Adds `meta` to what a resource says.
    pub fn new(mut resource: Value, at: At, profile: &str, keys: &KeyEncryption) -> Self {
        let digest = keys.derive_patient("fhir version", &[&resource.to_string(), &at.millis().to_string()]);
        let version = hex(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
        if let Some(members) = resource.as_object_mut() {
            members.insert(
                "meta".to_owned(),
                json!({ "versionId": version, "lastUpdated": instant(at), "profile": [profile] }),
            );
        }
        Self {
            resource,
            version,
            at,
        }
    }
}
