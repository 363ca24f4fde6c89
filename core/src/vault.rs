//! What a device keeps at rest, so that a home visit needs no signal and a stolen tablet tells nothing.
//!
//! A **vault** is what one person keeps on one device. Its rows are sealed under keys derived from the **vault key**, and
//! named by tags that say nothing ([`row`]). The vault key is random and is never kept in the clear: it is sealed under a
//! **lock key** together with the end of its lease, and the lock key is wrapped once for each way to open the vault.
//!
//! Entries of a log are kept as they came, sealed with their space's key, which is itself in a sealed row.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::secret::Secret;

pub mod pin;
pub mod row;
pub mod slot;

pub use row::{Rows, Table};

/// The key of a vault: 32 random bytes, in memory only while the vault is open.
pub type VaultKey = Secret<32>;

/// Makes a vault's key.
pub fn make_vault_key(rng: &mut impl CryptoRng) -> VaultKey {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(bytes.as_mut());
    Secret::new(*bytes)
}
