//! The keys of a space.
//!
//! A space key is 32 random bytes that the record makes, one for each epoch. Nothing is sealed under it directly: for
//! each device a key is derived from it, `HKDF-SHA-256(space key, info = "baton-seal-1" ‖ device id)` (RFC 5869), so
//! that no key ever sees enough random 96-bit IVs for two to meet.

use std::fmt;

use crate::ordered::SortedMap;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::OpenError;
use crate::id::{DeviceId, SpaceId};
use crate::secret::Secret;

/// Which key of a space: 1, 2, 3, ... A new one starts when a member leaves, a device is revoked, or 30 days have
/// passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(u32);

impl Epoch {
    /// A space's first epoch.
    pub const FIRST: Self = Self(1);

    /// Takes a number.
    pub const fn new(epoch: u32) -> Self {
        Self(epoch)
    }

    /// Gives the number.
    pub const fn value(self) -> u32 {
        self.0
    }

    /// The epoch after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The key of a space in one epoch.
pub type SpaceKey = Secret<32>;

/// Makes a space key.
pub fn make_space_key(rng: &mut impl CryptoRng) -> SpaceKey {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(bytes.as_mut());
    Secret::new(*bytes)
}

/// The keys of one space that are held here. Members hold all epochs: history matters in care.
pub struct Keyring {
    space: SpaceId,
    keys: SortedMap<Epoch, SpaceKey>,
    /// Derived ciphers; a cache, at most [`CIPHERS`].
    ciphers: SortedMap<(Epoch, DeviceId), Cipher>,
}

impl Keyring {
    /// Makes an empty key ring.
    pub fn new(space: SpaceId) -> Self {
        Self {
            space,
            keys: SortedMap::new(),
            ciphers: SortedMap::new(),
        }
    }

    /// Which space's keys these are.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// Adds the key of an epoch; false when it was held already.
    pub fn insert(&mut self, epoch: Epoch, key: SpaceKey) -> bool {
        let is_new = self.keys.get(&epoch) != Some(&key);
        self.keys.insert(epoch, key);
        is_new
    }

    /// The newest epoch, under which everything is sealed; `None` when no key is held.
    pub fn newest(&self) -> Option<Epoch> {
        self.keys.last().map(|(epoch, _)| *epoch)
    }

    /// The keys by epoch.
    pub fn iter(&self) -> impl Iterator<Item = (Epoch, &SpaceKey)> {
        self.keys.iter().map(|(epoch, key)| (*epoch, key))
    }

    pub(super) fn cipher(&mut self, epoch: Epoch, device: DeviceId) -> Option<&Cipher> {
        if !self.ciphers.contains_key(&(epoch, device)) {
            let cipher = Cipher::derive(self.keys.get(&epoch)?, device);
            if self.ciphers.len() >= CIPHERS {
                self.ciphers.pop_first();
            }
            self.ciphers.insert((epoch, device), cipher);
        }
        self.ciphers.get(&(epoch, device))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({}, {} epochs)", self.space, self.keys.len())
    }
}

/// AES-256-GCM under one key.
pub(crate) struct Cipher(Box<Aes256Gcm>);

impl Cipher {
    fn derive(key: &SpaceKey, device: DeviceId) -> Self {
        let mut derived = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, key.expose())
            .expand_multi_info(&[b"baton-seal-1", device.as_bytes()], derived.as_mut())
            .expect("32 bytes are within what HKDF-SHA-256 gives");
        Self::new(&derived)
    }

    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Box::new(Aes256Gcm::new(&(*key).into())))
    }

    pub(crate) fn seal(&self, iv: [u8; 12], plain: &[u8], aad: &[u8]) -> Vec<u8> {
        self.0
            .encrypt(&Nonce::from(iv), Payload { msg: plain, aad })
            .expect("AES-GCM seals anything under 64 GiB")
    }

    pub(crate) fn open(&self, iv: [u8; 12], sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, OpenError> {
        self.0
            .decrypt(&Nonce::from(iv), Payload { msg: sealed, aad })
            .map_err(|_| OpenError::Forged)
    }
}

/// A space of 100 devices over 5 epochs keeps all its ciphers (about 1 KiB each).
const CIPHERS: usize = 512;
