//! The cryptography of tokens: `ring`, which TLS uses too, behind the traits of `jsonwebtoken`. Signing: Ed25519 and ECDSA
//! P-256. Verifying: these, ECDSA P-384, and RSA PKCS#1 v1.5 with SHA-256 or SHA-384 (SMART asks systems for ES384 or RS384).
//! Nothing else is offered, so nothing else can be asked for.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ED25519, EcdsaKeyPair,
    Ed25519KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RsaPublicKeyComponents,
    UnparsedPublicKey,
};

/// Makes this the cryptography of tokens and of TLS in this process.
pub fn install() {
    // Both fail when it was done before, which is as well.
    let _ = PROVIDER.install_default();
    let _ = rustls::crypto::ring::default_provider().install_default();
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        if *algorithm == Algorithm::EdDSA {
            Ok(Box::new(ed_signer(key)?))
        } else if *algorithm == Algorithm::ES256 {
            Ok(Box::new(ec_signer(key)?))
        } else {
            Err(ErrorKind::InvalidAlgorithm.into())
        }
    },
    verifier_factory: |algorithm, key| {
        if matches!(
            algorithm,
            Algorithm::EdDSA | Algorithm::ES256 | Algorithm::ES384 | Algorithm::RS256 | Algorithm::RS384
        ) {
            Ok(Box::new(KeyVerifier {
                algorithm: *algorithm,
                key: key.clone(),
            }))
        } else {
            Err(ErrorKind::InvalidAlgorithm.into())
        }
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct EdSigner(Ed25519KeyPair);

fn ed_signer(key: &EncodingKey) -> Result<EdSigner> {
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.as_bytes())
        .map(EdSigner)
        .map_err(|_| bad_key())
}

impl Signer<Vec<u8>> for EdSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for EdSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct EcSigner(EcdsaKeyPair);

fn ec_signer(key: &EncodingKey) -> Result<EcSigner> {
    EcdsaKeyPair::from_pkcs8(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        key.as_bytes(),
        &SystemRandom::new(),
    )
    .map(EcSigner)
    .map_err(|_| bad_key())
}

impl Signer<Vec<u8>> for EcSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let signature = self
            .0
            .sign(&SystemRandom::new(), message)
            .map_err(|_| Error::new())?;
        Ok(signature.as_ref().to_vec())
    }
}

impl JwtSigner for EcSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct KeyVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for KeyVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let verified = match (self.algorithm, self.key.kind()) {
            (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(&ED25519, key).verify(message, signature)
            }
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(message, signature)
            }
            (Algorithm::ES384, DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, key).verify(message, signature)
            }
            (Algorithm::RS384, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA384, message, signature)
            }
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            _ => return Err(Error::new()),
        };
        verified.map_err(|_| Error::new())
    }
}

impl JwtVerifier for KeyVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn bad_key() -> jsonwebtoken::errors::Error {
    ErrorKind::InvalidKeyFormat.into()
}
