//! A device's keys, how sign-in binds them to a person, and how the device proves itself afterwards.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::cbor;
use crate::id::{DeviceId, UserId};
use crate::seal::sign::{Signed, open_statement, sign, sign_statement};
use crate::seal::{Content, OpenError};
use crate::secret::Secret;
use crate::time::At;

/// What the keys of a device are made of. Whoever has it is the device.
#[derive(Clone, Serialize, Deserialize)]
pub struct DeviceSecret {
    /// Ed25519 seed.
    signing: Secret<32>,
    /// X25519 private key.
    hpke: Secret<32>,
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceSecret")
    }
}

/// A device's public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicePublic {
    /// Ed25519 public key.
    #[serde(with = "serde_bytes")]
    pub signing: [u8; 32],
    /// X25519 public key (HPKE: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; RFC 9180).
    #[serde(with = "serde_bytes")]
    pub hpke: [u8; 32],
}

impl DeviceSecret {
    /// Makes the keys of a new device.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        let (hpke, _) = X25519HkdfSha256::gen_keypair_with_rng(rng);
        Self {
            signing: Secret::new(*seed),
            hpke: Secret::new(hpke.to_bytes().into()),
        }
    }

    /// The signing key.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(self.signing.expose())
    }

    /// The public keys.
    pub fn public(&self) -> DevicePublic {
        let hpke = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(self.hpke.expose())
            .expect("any 32 bytes are an X25519 private key");
        DevicePublic {
            signing: self.signing_key().verifying_key().to_bytes(),
            hpke: X25519HkdfSha256::sk_to_pk(&hpke).to_bytes().into(),
        }
    }

    /// Opens what the record sealed to this device.
    pub fn open(&self, sealed: &SealedToDevice) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(self.hpke.expose())
            .map_err(|_| OpenError::Malformed)?;
        let encapped = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&sealed.encapped)
            .map_err(|_| OpenError::Malformed)?;
        let mut context = setup_receiver::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &key,
            &encapped,
            HPKE_INFO,
        )
        .map_err(|_| OpenError::Malformed)?;
        context
            .open(&sealed.sealed, &[])
            .map(Zeroizing::new)
            .map_err(|_| OpenError::Forged)
    }

    /// Signs a request to the record.
    pub fn sign_request(&self, request: &Request<'_>) -> [u8; 64] {
        self.signing_key().sign(&request.bytes()).to_bytes()
    }
}

impl DevicePublic {
    /// The verifying key; `None` when the bytes are no such key.
    pub fn verifying_key(&self) -> Option<VerifyingKey> {
        VerifyingKey::from_bytes(&self.signing)
            .ok()
            .filter(|key| !key.is_weak())
    }

    /// Seals something so that only this device opens it (HPKE base mode).
    pub fn seal(&self, bytes: &[u8], rng: &mut impl CryptoRng) -> Result<SealedToDevice, OpenError> {
        let key =
            <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.hpke).map_err(|_| OpenError::Malformed)?;
        let (encapped, mut context) = setup_sender_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            HPKE_INFO,
            rng,
        )
        .map_err(|_| OpenError::Malformed)?;
        let sealed = context.seal(bytes, &[]).map_err(|_| OpenError::Malformed)?;
        Ok(SealedToDevice {
            encapped: encapped.to_bytes().into(),
            sealed,
        })
    }
}

/// The key of one sign-in. The way to the identity provider and back unloads the app, and what it needs to recognise the
/// answer lies on the disk meanwhile: so that is this key, and not a device's. It says once which device the sign-in is for,
/// and is worth nothing afterwards.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignInKey(Secret<32>);

impl fmt::Debug for SignInKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInKey")
    }
}

impl SignInKey {
    /// Makes the key of a sign-in.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        Self(Secret::new(*seed))
    }

    /// Its public half.
    pub fn public(&self) -> SignInPublic {
        SignInPublic(SigningKey::from_bytes(self.0.expose()).verifying_key().to_bytes())
    }

    /// Says that the sign-in with this salt is for the device with these keys.
    pub fn bind(&self, keys: &DevicePublic, salt: &[u8; 32]) -> Vec<u8> {
        let signer = SigningKey::from_bytes(self.0.expose());
        sign(Content::NewDevice, &cbor::to_bytes(keys), salt, &signer)
    }
}

/// The public half of a [`SignInKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignInPublic(#[serde(with = "serde_bytes")] [u8; 32]);

impl SignInPublic {
    /// The OpenID `nonce` that commits a sign-in to this key, in bytes: `SHA-256("baton-sign-in-1" ‖ key ‖ salt)`. In the
    /// request it is base64url without padding.
    pub fn commitment(&self, salt: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"baton-sign-in-1");
        hash.update(self.0);
        hash.update(salt);
        hash.finalize().into()
    }

    /// Verifies and reads for which device the sign-in with this salt is.
    pub fn open(&self, signed: &[u8], salt: &[u8; 32]) -> Result<DevicePublic, OpenError> {
        let key = VerifyingKey::from_bytes(&self.0)
            .ok()
            .filter(|key| !key.is_weak())
            .ok_or(OpenError::BadSignature)?;
        let signed = Signed::parse(Content::NewDevice, signed)?;
        signed.verify(salt, &key)?;
        Ok(cbor::from_bytes(signed.payload())?)
    }
}

/// Something sealed to one device by HPKE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedToDevice {
    /// The encapsulated key.
    #[serde(with = "serde_bytes")]
    pub encapped: [u8; 32],
    /// The ciphertext.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// A request to the record as a device signs it. The record refuses a time more than five minutes from its own, and a
/// nonce that it has seen within that.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Which device.
    pub device: DeviceId,
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// When, by the device's clock corrected by what it knows of the record's.
    pub at: At,
    /// Random, never used twice.
    pub nonce: [u8; 16],
}

impl Request<'_> {
    fn bytes(&self) -> Vec<u8> {
        let body: [u8; 32] = Sha256::digest(self.body).into();
        let signed = (
            "baton-request-1",
            self.device,
            self.method,
            self.path,
            serde_bytes::ByteArray::new(body),
            self.at,
            serde_bytes::ByteArray::new(self.nonce),
        );
        cbor::to_bytes(&signed)
    }

    /// Verifies a device's signature over this request.
    pub fn verify(&self, signature: &[u8; 64], key: &VerifyingKey) -> Result<(), OpenError> {
        key.verify_strict(&self.bytes(), &Signature::from_bytes(signature))
            .map_err(|_| OpenError::BadSignature)
    }
}

/// The record says which device is whose; signed as [`Content::Certificate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The device.
    pub device: DeviceId,
    /// Its user.
    pub user: UserId,
    /// Its keys.
    pub keys: DevicePublic,
    /// Since when.
    pub at: At,
}

impl Certificate {
    /// Signs it.
    pub fn sign(&self, record: &SigningKey) -> Vec<u8> {
        sign_statement(Content::Certificate, self, record)
    }

    /// Verifies and reads one.
    pub fn open(signed: &[u8], record: &VerifyingKey) -> Result<Self, OpenError> {
        open_statement(Content::Certificate, signed, record)
    }
}

/// The record ends a device, which obeys by forgetting everything; signed as [`Content::Revocation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// The device.
    pub device: DeviceId,
    /// Since when.
    pub at: At,
}

impl Revocation {
    /// Signs it.
    pub fn sign(&self, record: &SigningKey) -> Vec<u8> {
        sign_statement(Content::Revocation, self, record)
    }

    /// Verifies and reads the order for this device.
    pub fn open(device: DeviceId, signed: &[u8], record: &VerifyingKey) -> Result<Self, OpenError> {
        let revocation: Self = open_statement(Content::Revocation, signed, record)?;
        if revocation.device == device {
            Ok(revocation)
        } else {
            Err(OpenError::Relabelled)
        }
    }
}

const HPKE_INFO: &[u8] = b"baton-to-device-1";

#[cfg(test)]
mod tests;
