//! The client's half of Oblivious HTTP (RFC 9458 §4) over HPKE (RFC 9180), for the one suite that the record offers:
//! DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
//!
//! The `ohttp` crate serves the record and native clients. It chooses among suites at run time, so that a browser would
//! download P-256, ML-KEM and `ChaCha20` to use none of them (ADR 6); the tests hold this half against that crate.

use hkdf::Hkdf;
use hpke::aead::AesGcm128;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable, setup_sender_with_rng};
use rand_core::CryptoRng;
use sha2::Sha256;

pub mod message;

/// A key configuration (RFC 9458 §3.1) of the suite above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyConfig {
    id: u8,
    public: [u8; 32],
}

impl KeyConfig {
    /// Takes the first usable configuration of one, or of a list (`application/ohttp-keys`, RFC 9458 §3.2).
    pub fn parse(bytes: &[u8]) -> Result<Self, ObliviousError> {
        Self::parse_one(bytes).or_else(|refused| {
            let mut rest = bytes;
            while let Some((length, after)) = rest.split_first_chunk::<2>() {
                let length = usize::from(u16::from_be_bytes(*length));
                let (one, after) = after
                    .split_at_checked(length)
                    .ok_or(ObliviousError::Configuration)?;
                if let Ok(config) = Self::parse_one(one) {
                    return Ok(config);
                }
                rest = after;
            }
            Err(refused)
        })
    }

    fn parse_one(bytes: &[u8]) -> Result<Self, ObliviousError> {
        let refused = ObliviousError::Configuration;
        let (id, rest) = bytes.split_first().ok_or(refused)?;
        let (kem, rest) = rest.split_first_chunk::<2>().ok_or(refused)?;
        let (public, rest) = rest.split_first_chunk::<32>().ok_or(refused)?;
        let (length, suites) = rest.split_first_chunk::<2>().ok_or(refused)?;
        let is_whole = usize::from(u16::from_be_bytes(*length)) == suites.len();
        let is_offered = suites.chunks(4).any(|suite| suite == [KDF, AEAD].concat());
        if is_whole && *kem == KEM && is_offered {
            Ok(Self {
                id: *id,
                public: *public,
            })
        } else {
            Err(refused)
        }
    }

    /// Seals a binary HTTP request (RFC 9292); gives what is sent, and what opens the answer.
    pub fn encapsulate(
        &self,
        request: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<(Vec<u8>, Opener), ObliviousError> {
        let header = [&[self.id][..], &KEM, &KDF, &AEAD].concat();
        let info = [b"message/bhttp request\0", header.as_slice()].concat();
        let key = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.public)
            .map_err(|_| ObliviousError::Configuration)?;
        let (encapped, mut context) = setup_sender_with_rng::<AesGcm128, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            &info,
            rng,
        )
        .map_err(|_| ObliviousError::Configuration)?;
        let sealed = context
            .seal(request, &[])
            .map_err(|_| ObliviousError::Configuration)?;
        let mut secret = [0; KEY];
        context
            .export(b"message/bhttp response", &mut secret)
            .map_err(|_| ObliviousError::Configuration)?;
        let encapped: [u8; 32] = encapped.to_bytes().into();
        let sent = [header.as_slice(), &encapped, &sealed].concat();
        Ok((sent, Opener { encapped, secret }))
    }
}

/// Tells how the one answer to a request opens.
pub struct Opener {
    encapped: [u8; 32],
    secret: [u8; KEY],
}

impl Opener {
    /// Derives what opens the answer (RFC 9458 §4.4).
    pub fn answer(self, answer: &[u8]) -> Result<SealedAnswer<'_>, ObliviousError> {
        let (nonce, sealed) = answer.split_first_chunk::<KEY>().ok_or(ObliviousError::Answer)?;
        let salt = [&self.encapped[..], nonce].concat();
        let derived = Hkdf::<Sha256>::new(Some(&salt), &self.secret);
        let (mut key, mut iv) = ([0; KEY], [0; 12]);
        derived
            .expand(b"key", &mut key)
            .map_err(|_| ObliviousError::Answer)?;
        derived
            .expand(b"nonce", &mut iv)
            .map_err(|_| ObliviousError::Answer)?;
        Ok(SealedAnswer { key, iv, sealed })
    }
}

/// An answer, and what opens it with AES-128-GCM and no additional data: a binary HTTP response (RFC 9292). The browser's own
/// cipher does that, which has the processor's instructions; an answer may have megabytes.
pub struct SealedAnswer<'a> {
    /// The key.
    pub key: [u8; KEY],
    /// The initialisation vector.
    pub iv: [u8; 12],
    /// The ciphertext, with its tag at the end.
    pub sealed: &'a [u8],
}

/// Why a request cannot be sealed or an answer not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObliviousError {
    /// Truncated, or made with other keys than the pinned ones, or tampered with.
    #[error("the answer does not open")]
    Answer,
    /// The pinned key configuration is malformed or of another suite: a fault of the deployment.
    #[error("the pinned key configuration is not usable")]
    Configuration,
}

/// DHKEM(X25519, HKDF-SHA256), RFC 9180 §7.1.
const KEM: [u8; 2] = [0x00, 0x20];
/// HKDF-SHA256, RFC 9180 §7.2.
const KDF: [u8; 2] = [0x00, 0x01];
/// AES-128-GCM, RFC 9180 §7.3.
const AEAD: [u8; 2] = [0x00, 0x01];
/// Nk of AES-128-GCM, which is larger than its Nn.
const KEY: usize = 16;

#[cfg(test)]
mod tests {
    use aes_gcm::Aes128Gcm;
    use aes_gcm::aead::{Aead, KeyInit};
    use ohttp::hpke::{Aead as AeadId, Kdf as KdfId, Kem as KemId};
    use ohttp::{Server, SymmetricSuite};
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn server() -> Server {
        let suites = vec![SymmetricSuite::new(KdfId::HkdfSha256, AeadId::Aes128Gcm)];
        Server::new(ohttp::KeyConfig::new(7, KemId::X25519Sha256, suites).unwrap()).unwrap()
    }

    fn open(opener: Opener, answer: &[u8]) -> Result<Vec<u8>, ObliviousError> {
        let SealedAnswer { key, iv, sealed } = opener.answer(answer)?;
        let opened = Aes128Gcm::new(&key.into()).decrypt(&iv.into(), sealed);
        opened.map_err(|_| ObliviousError::Answer)
    }

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([3; 32])
    }

    #[test]
    fn another_implementation_opens_the_request_and_seals_the_answer() {
        let server = server();
        let one = server.config().encode().unwrap();
        let list = ohttp::KeyConfig::encode_list(&[server.config()]).unwrap();
        for config in [one, list] {
            let config = KeyConfig::parse(&config).unwrap();
            let (sent, opener) = config.encapsulate(b"a request", &mut rng()).unwrap();
            let (request, answer) = server.decapsulate(&sent).unwrap();
            assert_eq!(request, b"a request");
            let sealed = answer.encapsulate(b"an answer").unwrap();
            assert_eq!(open(opener, &sealed).unwrap(), b"an answer");
        }
    }

    #[test]
    fn an_answer_that_was_changed_cut_or_made_for_another_does_not_open() {
        let server = server();
        let config = KeyConfig::parse(&server.config().encode().unwrap()).unwrap();
        let answer = |change: fn(&mut Vec<u8>)| {
            let (sent, opener) = config.encapsulate(b"a request", &mut rng()).unwrap();
            let mut sealed = server
                .decapsulate(&sent)
                .unwrap()
                .1
                .encapsulate(b"an answer")
                .unwrap();
            change(&mut sealed);
            open(opener, &sealed)
        };
        assert!(answer(|_| ()).is_ok());
        assert_eq!(answer(|sealed| sealed[20] ^= 1), Err(ObliviousError::Answer));
        assert_eq!(answer(|sealed| sealed.truncate(15)), Err(ObliviousError::Answer));
        let mut other = ChaCha20Rng::from_seed([4; 32]);
        let (_, opener) = config.encapsulate(b"another", &mut other).unwrap();
        let (sent, _) = config.encapsulate(b"a request", &mut rng()).unwrap();
        let sealed = server
            .decapsulate(&sent)
            .unwrap()
            .1
            .encapsulate(b"an answer")
            .unwrap();
        assert_eq!(open(opener, &sealed), Err(ObliviousError::Answer));
    }

    #[test]
    fn a_configuration_that_is_cut_or_of_another_suite_is_refused() {
        let whole = server().config().encode().unwrap();
        for cut in 0..whole.len() {
            assert_eq!(
                KeyConfig::parse(&whole[..cut]),
                Err(ObliviousError::Configuration)
            );
        }
        let mut other = whole;
        other[2] = 0x10;
        assert_eq!(KeyConfig::parse(&other), Err(ObliviousError::Configuration));
    }
}
