//! How a vault is locked and opened.
//!
//! ```text
//! passkey (WebAuthn PRF) ─┐
//! passphrase (Argon2id) ──┼─ each wraps ─► lock key ─ seals, with the end of the lease ─► vault key ─► rows
//! the record's share ─────┘
//! ```
//!
//! Each way to open is a **slot**: 32 secret bytes, from which a wrapping key is derived (HKDF-SHA-256). The vault key is
//! sealed under the lock key with the lease's end as external data, so that nobody prolongs a lease by editing it: that
//! takes the lock key, which is in memory while the vault is open.

use std::fmt;

use hkdf::Hkdf;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::VaultKey;
use crate::cbor;
use crate::cose::{Encrypt0, Header};
use crate::id::VaultId;
use crate::seal::key::Cipher;
use crate::seal::label::{CONTENT, Content};
use crate::secret::Secret;
use crate::time::At;

/// What the slots wrap: opens the vault key.
pub type LockKey = Secret<32>;

/// A way to open a vault, with what is needed for it besides the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// The pseudo-random function of a passkey (WebAuthn Level 3 §10.1.4), asked with [`PRF_INPUT`].
    #[serde(rename = "k")]
    Passkey {
        /// The credential's id.
        #[serde(with = "serde_bytes")]
        credential: Vec<u8>,
    },
    /// Argon2id (RFC 9106) of a passphrase.
    #[serde(rename = "p")]
    Passphrase {
        /// 16 random bytes.
        #[serde(with = "serde_bytes")]
        salt: [u8; 16],
        /// Memory in KiB.
        memory: u32,
        /// Passes.
        passes: u32,
    },
    /// What the record keeps for this person, and gives after a full sign-in.
    #[serde(rename = "s")]
    Share,
}

impl Way {
    /// A passphrase with a salt of its own and today's cost (OWASP asks for 19 MiB and 2 passes at least).
    pub fn make_passphrase(rng: &mut impl CryptoRng) -> Self {
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        Self::Passphrase {
            salt,
            memory: 64 * 1024,
            passes: 3,
        }
    }

    /// Whether a device is willing to spend what opening it this way costs: a file that was tampered with must not ask for
    /// all memory.
    fn is_bearable(&self) -> bool {
        match self {
            Self::Passkey { credential } => credential.len() <= CREDENTIAL,
            Self::Passphrase { memory, passes, .. } => {
                (8..=256 * 1024).contains(memory) && (1..=10).contains(passes)
            }
            Self::Share => true,
        }
    }

    fn is_same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Slot {
    #[serde(rename = "w")]
    way: Way,
    #[serde(rename = "l", with = "serde_bytes")]
    wrapped: Vec<u8>,
}

/// A vault's lock, as it is kept beside the vault. It tells nothing but which ways there are and until when it is lent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    #[serde(rename = "v")]
    version: u16,
    #[serde(rename = "i")]
    vault: VaultId,
    #[serde(rename = "u")]
    lease_until: At,
    #[serde(rename = "k", with = "serde_bytes")]
    sealed_key: Vec<u8>,
    #[serde(rename = "s")]
    slots: Vec<Slot>,
}

/// What of a lock every version can read.
#[derive(Deserialize)]
struct Versioned {
    #[serde(rename = "v")]
    version: u16,
}

/// An open vault's keys.
#[derive(Clone, Serialize, Deserialize)]
pub struct Keys {
    /// Which vault.
    pub vault: VaultId,
    /// Seals its rows.
    pub vault_key: VaultKey,
    /// Prolongs its lease and changes its ways to open.
    pub lock_key: LockKey,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.vault)
    }
}

impl Keys {
    /// Makes the keys of a new vault.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        Self {
            vault: VaultId::from_bytes(id),
            vault_key: super::make_vault_key(rng),
            lock_key: super::make_vault_key(rng),
        }
    }

    /// Locks the vault until a lease ends. Nothing opens it before a way is added.
    pub fn lock(&self, lease_until: At, rng: &mut impl CryptoRng) -> Lock {
        let mut lock = Lock {
            version: VERSION,
            vault: self.vault,
            lease_until,
            sealed_key: Vec::new(),
            slots: Vec::new(),
        };
        lock.renew(self, lease_until, rng);
        lock
    }
}

impl Lock {
    /// Reads a kept lock.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LockError> {
        if bytes.len() > BYTES {
            return Err(LockError::Malformed);
        }
        let lock: Self = cbor::from_bytes(bytes).map_err(|_| {
            // Its version is read without the rest, which a newer one may have in another shape.
            match cbor::from_bytes::<Versioned>(bytes) {
                Ok(newer) if newer.version > VERSION => LockError::Newer,
                Ok(_) | Err(_) => LockError::Malformed,
            }
        })?;
        let is_bearable = lock.slots.len() <= SLOTS && lock.slots.iter().all(|slot| slot.way.is_bearable());
        match lock.version {
            VERSION if is_bearable => Ok(lock),
            VERSION => Err(LockError::Malformed),
            _ => Err(LockError::Newer),
        }
    }

    /// The lock as it is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_bytes(self)
    }

    /// Which vault.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// Until when it may be opened without the record's saying so anew.
    pub fn lease_until(&self) -> At {
        self.lease_until
    }

    /// The ways to open it.
    pub fn ways(&self) -> impl Iterator<Item = &Way> {
        self.slots.iter().map(|slot| &slot.way)
    }

    /// Prolongs, or shortens, the lease.
    pub fn renew(&mut self, keys: &Keys, lease_until: At, rng: &mut impl CryptoRng) {
        self.lease_until = lease_until;
        let wrapping = Cipher::new(keys.lock_key.expose());
        self.sealed_key = seal(&wrapping, keys.vault_key.expose(), &self.external_of_key(), rng);
    }

    /// Adds a way to open the vault, in place of one of the same kind.
    pub fn add(&mut self, way: Way, secret: &Secret<32>, keys: &Keys, rng: &mut impl CryptoRng) {
        let external = self.external_of(&way);
        let wrapped = seal(&self.wrapping(secret), keys.lock_key.expose(), &external, rng);
        self.slots.retain(|slot| !slot.way.is_same_kind(&way));
        self.slots.push(Slot { way, wrapped });
    }

    /// Takes away all ways to open it but those that `stays` names.
    pub fn keep_ways(&mut self, stays: impl Fn(&Way) -> bool) {
        self.slots.retain(|slot| stays(&slot.way));
    }

    /// Opens the vault in one of its ways. What was tampered with opens no more than what has the wrong secret.
    pub fn open(&self, way: &Way, secret: &Secret<32>) -> Result<Keys, LockError> {
        let slot = self
            .slots
            .iter()
            .find(|slot| slot.way == *way)
            .ok_or(LockError::Wrong)?;
        let lock_key = open(&self.wrapping(secret), &slot.wrapped, &self.external_of(way))?;
        let wrapping = Cipher::new(lock_key.expose());
        let vault_key = open(&wrapping, &self.sealed_key, &self.external_of_key())?;
        Ok(Keys {
            vault: self.vault,
            vault_key,
            lock_key,
        })
    }

    fn wrapping(&self, secret: &Secret<32>) -> Cipher {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(self.vault.as_bytes()), secret.expose())
            .expand(b"baton-vault-slot-1", key.as_mut())
            .expect("32 bytes are within what HKDF-SHA-256 gives");
        Cipher::new(&key)
    }

    fn external_of(&self, way: &Way) -> Vec<u8> {
        cbor::to_bytes(&("baton-vault-slot", self.vault, way))
    }

    fn external_of_key(&self) -> Vec<u8> {
        cbor::to_bytes(&("baton-vault-key", self.vault, self.lease_until))
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lock({}, {} ways)", self.vault, self.slots.len())
    }
}

fn seal(cipher: &Cipher, key: &[u8; 32], external: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut iv = [0; 12];
    rng.fill_bytes(&mut iv);
    let header = Header::default().integer(CONTENT, Content::VaultKey.number());
    Encrypt0::seal(&header, cipher, iv, key, external)
}

fn open(cipher: &Cipher, sealed: &[u8], external: &[u8]) -> Result<Secret<32>, LockError> {
    let envelope = Encrypt0::parse(sealed).map_err(|_| LockError::Wrong)?;
    if Content::read(&envelope.header) != Ok(Content::VaultKey) {
        return Err(LockError::Wrong);
    }
    let opened = envelope.open(cipher, external).map(Zeroizing::new);
    let opened = opened.map_err(|_| LockError::Wrong)?;
    let key: [u8; 32] = opened.as_slice().try_into().map_err(|_| LockError::Wrong)?;
    Ok(Secret::new(key))
}

/// Why a vault does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// These bytes are no lock.
    #[error("not a vault's lock")]
    Malformed,
    /// A newer version of the app made it: the app has to be updated.
    #[error("made by a newer version")]
    Newer,
    /// It is not the secret of this vault, or somebody changed the lock.
    #[error("not the secret of this vault")]
    Wrong,
}

/// What every passkey is asked with, so that one prompt opens whichever vault it belongs to.
pub const PRF_INPUT: &[u8] = b"baton-vault-prf-1";

const VERSION: u16 = 1;

/// A lock with all its slots is below this.
const BYTES: usize = 16 * 1024;

/// Ways to open one vault.
const SLOTS: usize = 8;

/// A credential's id has 1,023 bytes at most (WebAuthn Level 3 §6.5.1).
const CREDENTIAL: usize = 1023;

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::ordered::SortedMap;

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([7; 32])
    }

    fn secret(byte: u8) -> Secret<32> {
        Secret::new([byte; 32])
    }

    fn locked() -> (Keys, Lock, Way) {
        let mut rng = rng();
        let keys = Keys::make(&mut rng);
        let mut lock = keys.lock(At::from_millis(1_000), &mut rng);
        let passphrase = Way::make_passphrase(&mut rng);
        lock.add(passphrase.clone(), &secret(1), &keys, &mut rng);
        lock.add(Way::Share, &secret(2), &keys, &mut rng);
        (keys, Lock::from_bytes(&lock.to_bytes()).unwrap(), passphrase)
    }

    #[test]
    fn each_way_opens_it_with_its_own_secret_alone() {
        let (keys, lock, passphrase) = locked();
        let opened = lock.open(&passphrase, &secret(1)).unwrap();
        assert_eq!(opened.vault_key, keys.vault_key);
        assert_eq!(
            lock.open(&Way::Share, &secret(2)).unwrap().vault_key,
            keys.vault_key
        );
        for (way, secret) in [
            (&passphrase, secret(2)),
            (&Way::Share, secret(1)),
            (&passphrase, secret(9)),
        ] {
            assert_eq!(lock.open(way, &secret).unwrap_err(), LockError::Wrong);
        }
    }

    #[test]
    fn a_lease_that_was_edited_opens_nothing_and_one_that_was_renewed_does() {
        let (keys, mut lock, passphrase) = locked();
        lock.lease_until = At::from_millis(2_000);
        assert_eq!(lock.open(&passphrase, &secret(1)).unwrap_err(), LockError::Wrong);
        lock.renew(&keys, At::from_millis(2_000), &mut rng());
        assert!(lock.open(&passphrase, &secret(1)).is_ok());
    }

    #[test]
    fn a_slot_of_another_vault_or_with_another_cost_does_not_open() {
        let (_, lock, passphrase) = locked();
        let mut moved = lock.clone();
        moved.vault = VaultId::from_bytes([3; 16]);
        assert_eq!(moved.open(&passphrase, &secret(1)).unwrap_err(), LockError::Wrong);
        let mut cheaper = lock.clone();
        for slot in &mut cheaper.slots {
            if let Way::Passphrase { passes, .. } = &mut slot.way {
                *passes = 1;
            }
        }
        let way = cheaper.ways().next().unwrap().clone();
        assert_eq!(cheaper.open(&way, &secret(1)).unwrap_err(), LockError::Wrong);
    }

    #[test]
    fn what_no_lock_is_and_what_asks_for_all_memory_is_refused() {
        let (keys, lock, _) = locked();
        let bytes = lock.to_bytes();
        for cut in 0..bytes.len() {
            assert!(Lock::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        assert_eq!(
            Lock::from_bytes(&vec![0; BYTES + 1]).unwrap_err(),
            LockError::Malformed
        );
        let mut greedy = lock.clone();
        let way = Way::Passphrase {
            salt: [0; 16],
            memory: 4 * 1024 * 1024,
            passes: 3,
        };
        greedy.add(way, &secret(1), &keys, &mut rng());
        assert_eq!(
            Lock::from_bytes(&greedy.to_bytes()).unwrap_err(),
            LockError::Malformed
        );
        let mut newer = lock;
        newer.version = VERSION + 1;
        assert_eq!(Lock::from_bytes(&newer.to_bytes()).unwrap_err(), LockError::Newer);
        let other_shape = cbor::to_bytes(&SortedMap::from([("v", VERSION + 1), ("w", 3)]));
        assert_eq!(Lock::from_bytes(&other_shape).unwrap_err(), LockError::Newer);
    }

    #[test]
    fn a_way_that_was_taken_away_or_replaced_opens_nothing() {
        let (keys, mut lock, passphrase) = locked();
        lock.add(Way::make_passphrase(&mut rng()), &secret(5), &keys, &mut rng());
        lock.keep_ways(|way| *way != Way::Share);
        assert_eq!(lock.ways().count(), 1);
        assert_eq!(lock.open(&Way::Share, &secret(2)).unwrap_err(), LockError::Wrong);
        let new = lock.ways().next().unwrap().clone();
        assert!(lock.open(&new, &secret(5)).is_ok() && lock.open(&passphrase, &secret(1)).is_err());
    }
}
