//! `COSE_Sign1` (RFC 9052 §4.2) with `EdDSA` (Ed25519): operations by their device, statements by the record.

use coset::{CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, iana};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Serialize, de::DeserializeOwned};

use super::{Content, OpenError, label};
use crate::cbor;

/// Signs a payload of some content, together with external data.
pub fn sign(content: Content, payload: Vec<u8>, external: &[u8], signer: &SigningKey) -> Vec<u8> {
    let header = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .value(label::CONTENT, ciborium::Value::from(content.number()))
        .build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .create_signature(external, |bytes| signer.sign(bytes).to_bytes().to_vec())
        .build()
        .to_vec()
        .expect("a COSE_Sign1 that was just built encodes")
}

/// A signed payload whose signature is not verified yet.
#[derive(Debug)]
pub struct Signed(CoseSign1);

impl Signed {
    /// Takes signed bytes that must be of this content.
    pub fn parse(content: Content, bytes: &[u8]) -> Result<Self, OpenError> {
        let signed = CoseSign1::from_slice(bytes).map_err(|_| OpenError::Malformed)?;
        let header = &signed.protected.header;
        if header.alg
            != Some(coset::RegisteredLabelWithPrivate::Assigned(
                iana::Algorithm::EdDSA,
            ))
        {
            return Err(OpenError::Malformed);
        }
        if Content::read(header)? == content {
            Ok(Self(signed))
        } else {
            Err(OpenError::Relabelled)
        }
    }

    /// The payload.
    pub fn payload(&self) -> &[u8] {
        self.0.payload.as_deref().unwrap_or_default()
    }

    /// Verifies the signature over payload and external data (RFC 8032, strict).
    pub fn verify(&self, external: &[u8], key: &VerifyingKey) -> Result<(), OpenError> {
        self.0.verify_signature(external, |signature, bytes| {
            let signature = Signature::from_slice(signature).map_err(|_| OpenError::BadSignature)?;
            key.verify_strict(bytes, &signature)
                .map_err(|_| OpenError::BadSignature)
        })
    }
}

/// Signs a statement of the record: a CBOR value of some content.
pub fn sign_statement<T: Serialize>(content: Content, statement: &T, signer: &SigningKey) -> Vec<u8> {
    sign(content, cbor::to_bytes(statement), &[], signer)
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
