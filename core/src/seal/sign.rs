//! `COSE_Sign1` (RFC 9052 §4.2) with `EdDSA` (Ed25519): operations by their device, statements by the record.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Serialize, de::DeserializeOwned};

use super::{Content, OpenError, label};
use crate::cbor;
use crate::cose::{Header, Sign1};

/// Signs a payload of some content, together with external data.
pub fn sign(content: Content, payload: &[u8], external: &[u8], signer: &SigningKey) -> Vec<u8> {
    let header = Header::default().integer(label::CONTENT, content.number());
    Sign1::sign(&header, payload, external, signer)
}

/// A signed payload whose signature is not verified yet.
#[derive(Debug)]
pub struct Signed(Sign1);

impl Signed {
    /// Takes signed bytes that must be of this content.
    pub fn parse(content: Content, bytes: &[u8]) -> Result<Self, OpenError> {
        let signed = Sign1::parse(bytes)?;
        if Content::read(&signed.header)? == content {
            Ok(Self(signed))
        } else {
            Err(OpenError::Relabelled)
        }
    }

    /// The payload.
    pub fn payload(&self) -> &[u8] {
        &self.0.payload
    }

    /// Verifies the signature over payload and external data (RFC 8032, strict).
    pub fn verify(&self, external: &[u8], key: &VerifyingKey) -> Result<(), OpenError> {
        self.0.verify(external, key)
    }
}

/// Signs a statement of the record: a CBOR value of some content.
pub fn sign_statement<T: Serialize>(content: Content, statement: &T, signer: &SigningKey) -> Vec<u8> {
    sign(content, &cbor::to_bytes(statement), &[], signer)
}

/// Verifies and reads a statement of the record.
pub fn open_statement<T: DeserializeOwned>(
    content: Content,
    bytes: &[u8],
    key: &VerifyingKey,
) -> Result<T, OpenError> {
    let signed = Signed::parse(content, bytes)?;
    signed.verify(&[], key)?;
    Ok(cbor::from_bytes(signed.payload())?)
}
