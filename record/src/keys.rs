//! The key-encryption key, and everything that is kept under it: space keys, and rows that name people.
//!
//! From the one secret of the configuration four keys are derived (HKDF-SHA-256, RFC 5869), each for one purpose. What is
//! sealed is bound to its place by the additional data, so that a row that was moved does not open.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use baton_core::id::SpaceId;
use baton_core::seal::Epoch;
use baton_core::seal::key::SpaceKey;
use baton_core::secret::Secret;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

pub mod epoch;
pub mod release;

/// Seals and opens what the database holds.
pub struct KeyEncryption {
    wrapping: Aes256Gcm,
    rows: Aes256Gcm,
    lookups: Zeroizing<[u8; 32]>,
    patients: Zeroizing<[u8; 32]>,
}

impl KeyEncryption {
    /// Derives the keys.
    pub fn new(kek: &Secret<32>) -> Self {
        let derive = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            Hkdf::<Sha256>::new(None, kek.expose())
                .expand(purpose, key.as_mut())
                .expect("32 bytes are within what HKDF-SHA-256 gives");
            key
        };
        Self {
            wrapping: Aes256Gcm::new(&(*derive(b"baton-wrap-1")).into()),
            rows: Aes256Gcm::new(&(*derive(b"baton-row-1")).into()),
            lookups: derive(b"baton-lookup-1"),
            patients: derive(b"baton-patient-1"),
        }
    }

    /// Wraps the key of a space in an epoch.
    pub fn wrap(&self, space: SpaceId, epoch: Epoch, key: &SpaceKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        seal(&self.wrapping, &wrap_place(space, epoch), key.expose(), rng)
    }

    /// Unwraps the key of a space in an epoch.
    pub fn unwrap(&self, space: SpaceId, epoch: Epoch, wrapped: &[u8]) -> Result<SpaceKey, UnwrapError> {
        let bytes = open(&self.wrapping, &wrap_place(space, epoch), wrapped)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| UnwrapError)?;
        Ok(Secret::new(key))
    }

    /// Seals the personal part of a row.
    pub fn seal_row(&self, table: &str, id: Uuid, bytes: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        seal(&self.rows, &row_place(table, id), bytes, rng)
    }

    /// Opens the personal part of a row.
    pub fn open_row(&self, table: &str, id: Uuid, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, UnwrapError> {
        open(&self.rows, &row_place(table, id), sealed)
    }

    /// Derives what something personal is found by: HMAC-SHA-256 over the purpose and the parts, each with its length.
    pub fn derive_lookup(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        derive_hash(&self.lookups, purpose, parts)
    }

    /// Derives what a patient is found by, in the same way, with a key for nothing else.
    pub fn derive_patient(&self, kind: &str, parts: &[&str]) -> [u8; 32] {
        derive_hash(&self.patients, kind, parts)
    }
}

fn derive_hash(key: &[u8; 32], purpose: &str, parts: &[&str]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in std::iter::once(&purpose).chain(parts) {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// What was kept does not open: it was changed or moved, or the key-encryption key is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed under another key-encryption key, or changed since")]
pub struct UnwrapError;

fn seal(cipher: &Aes256Gcm, place: &[u8], bytes: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut iv = [0; 12];
    rng.fill_bytes(&mut iv);
    let sealed = cipher
        .encrypt(
            &Nonce::from(iv),
            Payload {
                msg: bytes,
                aad: place,
            },
        )
        .expect("AES-GCM seals anything under 64 GiB");
    [&iv, sealed.as_slice()].concat()
}

fn open(cipher: &Aes256Gcm, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, UnwrapError> {
    let (iv, sealed) = sealed.split_first_chunk::<12>().ok_or(UnwrapError)?;
    cipher
        .decrypt(
            &Nonce::from(*iv),
            Payload {
                msg: sealed,
                aad: place,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| UnwrapError)
}

fn wrap_place(space: SpaceId, epoch: Epoch) -> Vec<u8> {
    [
        b"baton-space-key".as_slice(),
        space.as_bytes(),
        &epoch.value().to_be_bytes(),
    ]
    .concat()
}

fn row_place(table: &str, id: Uuid) -> Vec<u8> {
    [b"baton-row ", table.as_bytes(), b" ", id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    #[test]
    fn what_is_moved_to_another_place_does_not_open() {
        let keys = KeyEncryption::new(&Secret::new([1; 32]));
        let mut rng = rand_chacha::ChaCha20Rng::from_seed([2; 32]);
        let (space, other) = (SpaceId::from_bytes([3; 16]), SpaceId::from_bytes([4; 16]));
        let key = Secret::new([5; 32]);
        let wrapped = keys.wrap(space, Epoch::FIRST, &key, &mut rng);
        assert_eq!(keys.unwrap(space, Epoch::FIRST, &wrapped).unwrap(), key);
        assert!(keys.unwrap(other, Epoch::FIRST, &wrapped).is_err());
        assert!(keys.unwrap(space, Epoch::new(2), &wrapped).is_err());
        assert!(keys.unwrap(space, Epoch::FIRST, &wrapped[..11]).is_err());
        let row = keys.seal_row("person", Uuid::from_u128(1), b"Okonkwo", &mut rng);
        assert!(keys.open_row("person", Uuid::from_u128(2), &row).is_err());
        assert!(keys.open_row("device", Uuid::from_u128(1), &row).is_err());
    }

    #[test]
    fn a_lookup_tells_apart_where_one_part_ends() {
        let keys = KeyEncryption::new(&Secret::new([1; 32]));
        let first = keys.derive_lookup("person", &["a", "bc"]);
        assert_ne!(first, keys.derive_lookup("person", &["ab", "c"]));
        assert_eq!(first, keys.derive_lookup("person", &["a", "bc"]));
    }
}
