//! COSE (RFC 9052): the two structures that we use, `COSE_Encrypt0` with A256GCM and `COSE_Sign1` with `EdDSA`, untagged.
//!
//! What is protected is kept as the bytes that came, since ciphers and signatures are over exactly these. Headers hold what
//! ours hold, integers and byte strings under integer labels, each label once; anything else is refused.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::{ByteArray, ByteBuf, Bytes};

use crate::cbor;
use crate::seal::OpenError;
use crate::seal::key::Cipher;

/// A header (RFC 9052 §3): values under labels, in the order in which they were put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header(Vec<(i64, Value)>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Integer(i64),
    Bytes(Vec<u8>),
}

/// The algorithm's label (RFC 9052 §3.1).
const ALG: i64 = 1;
/// The IV's label (RFC 9052 §3.1).
const IV: i64 = 5;
/// AES-GCM with a key of 256 bits (RFC 9053 §4.1).
const A256GCM: i64 = 3;
/// `EdDSA` (RFC 9053 §2.2).
const EDDSA: i64 = -8;

impl Header {
    /// With an integer more.
    #[must_use]
    pub(crate) fn integer(mut self, label: i64, value: impl Into<i64>) -> Self {
        self.0.push((label, Value::Integer(value.into())));
        self
    }

    /// With a byte string more.
    #[must_use]
    pub(crate) fn bytes(mut self, label: i64, value: &[u8]) -> Self {
        self.0.push((label, Value::Bytes(value.to_vec())));
        self
    }

    /// The integer under a label.
    pub(crate) fn find_integer(&self, label: i64) -> Option<i64> {
        match self.find(label)? {
            Value::Integer(value) => Some(*value),
            Value::Bytes(_) => None,
        }
    }

    /// The byte string under a label.
    pub(crate) fn find_bytes(&self, label: i64) -> Option<&[u8]> {
        match self.find(label)? {
            Value::Bytes(value) => Some(value),
            Value::Integer(_) => None,
        }
    }

    fn find(&self, label: i64) -> Option<&Value> {
        let found = self.0.iter().find(|(known, _)| *known == label);
        found.map(|(_, value)| value)
    }

    fn with_algorithm(algorithm: i64, rest: &Self) -> Vec<u8> {
        let mut header = Self::default().integer(ALG, algorithm);
        header.0.extend(rest.0.iter().cloned());
        cbor::to_bytes(&header)
    }

    /// Reads what is protected, which must be for this algorithm.
    fn protected(bytes: &[u8], algorithm: i64) -> Result<Self, OpenError> {
        let header: Self = cbor::from_bytes(bytes)?;
        match header.find_integer(ALG) {
            Some(named) if named == algorithm => Ok(header),
            Some(_) | None => Err(OpenError::Malformed),
        }
    }
}

/// A `COSE_Encrypt0` (RFC 9052 §5.2) that is not opened yet.
pub(crate) struct Encrypt0 {
    protected: ByteBuf,
    /// What is protected, as it reads.
    pub(crate) header: Header,
    iv: [u8; 12],
    ciphertext: ByteBuf,
}

impl Encrypt0 {
    /// Seals a plain text with external data, under an IV that is used once with this cipher.
    pub(crate) fn seal(
        header: &Header,
        cipher: &Cipher,
        iv: [u8; 12],
        plain: &[u8],
        external: &[u8],
    ) -> Vec<u8> {
        let protected = Header::with_algorithm(A256GCM, header);
        let sealed = cipher.seal(iv, plain, &encrypt0_structure(&protected, external));
        let unprotected = Header::default().bytes(IV, &iv);
        cbor::to_bytes(&(Bytes::new(&protected), unprotected, Bytes::new(&sealed)))
    }

    /// Reads an envelope.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, OpenError> {
        let (protected, unprotected, ciphertext): (ByteBuf, Header, ByteBuf) = cbor::from_bytes(bytes)?;
        let iv = unprotected.find_bytes(IV).ok_or(OpenError::Malformed)?;
        Ok(Self {
            header: Header::protected(&protected, A256GCM)?,
            iv: iv.try_into().map_err(|_| OpenError::Malformed)?,
            protected,
            ciphertext,
        })
    }

    /// Opens it with the external data that it was sealed with.
    pub(crate) fn open(&self, cipher: &Cipher, external: &[u8]) -> Result<Vec<u8>, OpenError> {
        let aad = encrypt0_structure(&self.protected, external);
        cipher.open(self.iv, &self.ciphertext, &aad)
    }
}

/// What a cipher covers besides the plain text (`Enc_structure`, RFC 9052 §5.3).
fn encrypt0_structure(protected: &[u8], external: &[u8]) -> Vec<u8> {
    cbor::to_bytes(&("Encrypt0", Bytes::new(protected), Bytes::new(external)))
}

/// A `COSE_Sign1` (RFC 9052 §4.2) that is not verified yet.
#[derive(Debug)]
pub(crate) struct Sign1 {
    protected: ByteBuf,
    /// What is protected, as it reads.
    pub(crate) header: Header,
    /// What is signed.
    pub(crate) payload: ByteBuf,
    signature: ByteArray<64>,
}

impl Sign1 {
    /// Signs a payload with external data.
    pub(crate) fn sign(header: &Header, payload: &[u8], external: &[u8], signer: &SigningKey) -> Vec<u8> {
        let protected = Header::with_algorithm(EDDSA, header);
        let signature = signer.sign(&sign1_structure(&protected, external, payload));
        cbor::to_bytes(&(
            Bytes::new(&protected),
            Header::default(),
            Bytes::new(payload),
            Bytes::new(&signature.to_bytes()),
        ))
    }

    /// Reads signed bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, OpenError> {
        let (protected, _, payload, signature): (ByteBuf, Header, ByteBuf, ByteArray<64>) =
            cbor::from_bytes(bytes)?;
        Ok(Self {
            header: Header::protected(&protected, EDDSA)?,
            protected,
            payload,
            signature,
        })
    }

    /// Verifies the signature over payload and external data (RFC 8032, strict).
    pub(crate) fn verify(&self, external: &[u8], key: &VerifyingKey) -> Result<(), OpenError> {
        let signed = sign1_structure(&self.protected, external, &self.payload);
        key.verify_strict(&signed, &Signature::from_bytes(&self.signature))
            .map_err(|_| OpenError::BadSignature)
    }
}

/// What a signature covers (`Sig_structure`, RFC 9052 §4.4).
fn sign1_structure(protected: &[u8], external: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::to_bytes(&(
        "Signature1",
        Bytes::new(protected),
        Bytes::new(external),
        Bytes::new(payload),
    ))
}

impl Serialize for Header {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (label, value) in &self.0 {
            match value {
                Value::Integer(value) => map.serialize_entry(label, value)?,
                Value::Bytes(value) => map.serialize_entry(label, Bytes::new(value))?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Labels;
        impl<'de> Visitor<'de> for Labels {
            type Value = Header;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a header")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let mut header = Header::default();
                while let Some((label, value)) = map.next_entry()? {
                    if header.find(label).is_some() {
                        return Err(serde::de::Error::custom("a label twice"));
                    }
                    header.0.push((label, value));
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(Labels)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an integer or a byte string")
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Integer(value))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
                i64::try_from(value).map(Value::Integer).map_err(E::custom)
            }

            fn visit_bytes<E: serde::de::Error>(self, value: &[u8]) -> Result<Value, E> {
                Ok(Value::Bytes(value.to_vec()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests;
