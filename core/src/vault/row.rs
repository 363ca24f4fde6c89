//! Rows of a vault: sealed so that none can be read, changed, or put in the place of another, and named so that a name
//! tells nothing.
//!
//! A row is a `COSE_Encrypt0` (RFC 9052 §5.2), A256GCM with a random 96-bit IV, under a key of its table's own
//! (HKDF-SHA-256, RFC 5869); vault, table and row key are its external data. A table's key seals fewer than 2³² rows
//! (NIST SP 800-38D §8.3): at ten a second for 72 hours it seals 2.6 million.

use std::fmt;

use hkdf::Hkdf;
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::VaultKey;
use crate::cbor;
use crate::cose::{Encrypt0, Header};
use crate::id::VaultId;
use crate::seal::OpenError;
use crate::seal::key::Cipher;
use crate::seal::label::{CONTENT, Content};

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident = $name:literal,)*) => {
        /// A table of a vault. Its name is seen by whoever reads the disk.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $($(#[$doc])* $table,)*
        }

        impl Table {
            /// All tables.
            pub const ALL: [Self; Self::NAMES.len()] = [$(Self::$table,)*];

            /// Their names in the database.
            pub const NAMES: [&'static str; [$($name,)*].len()] = [$($name,)*];

            /// Its name in the database.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$table => $name,)*
                }
            }
        }
    };
}

tables! {
    /// What is being written and not sent.
    Draft = "draft",
    /// Entries of logs, as they came.
    Log = "log",
    /// How this person looks at lists, and what they have seen of them.
    Look = "look",
    /// Whose vault this is, and the device's keys.
    Me = "me",
    /// Operations that the record is not proven to have.
    Outbox = "outbox",
    /// Patients whom this person looked up.
    Patient = "patient",
    /// Names of people.
    People = "people",
    /// Photos of messages, sealed as they came.
    Photo = "photo",
    /// Segments of the search index.
    Search = "search",
    /// Spaces: their keys and folded states.
    Space = "space",
    /// Photos that were taken here and that the record may not have, sealed for it.
    Taken = "taken",
}

/// Seals and opens the rows of one vault.
pub struct Rows {
    vault: VaultId,
    ciphers: [Cipher; Table::ALL.len()],
    tag_key: Hkdf<Sha256>,
}

impl Rows {
    /// Derives what seals the rows of a vault from its key.
    pub fn derive(vault: VaultId, key: &VaultKey) -> Self {
        let keys = Hkdf::<Sha256>::new(Some(vault.as_bytes()), key.expose());
        let derive = |info: &[&[u8]]| {
            let mut derived = Zeroizing::new([0; 32]);
            keys.expand_multi_info(info, derived.as_mut())
                .expect("32 bytes are within what HKDF-SHA-256 gives");
            derived
        };
        let tag_key = derive(&[b"baton-vault-tag-1"]);
        Self {
            vault,
            ciphers: Table::ALL
                .map(|table| Cipher::new(&derive(&[b"baton-vault-row-1", table.name().as_bytes()]))),
            tag_key: Hkdf::new(None, tag_key.as_ref()),
        }
    }

    /// Which vault.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// Derives the name under which something is kept in a table: the same name each time, from which nobody without the
    /// key learns what it names.
    pub fn derive_tag(&self, table: Table, name: &[u8]) -> [u8; 16] {
        let mut tag = [0; 16];
        self.tag_key
            .expand_multi_info(&[table.name().as_bytes(), b"\0", name], &mut tag)
            .expect("16 bytes are within what HKDF-SHA-256 gives");
        tag
    }

    /// Seals a row for its place.
    pub fn seal(&self, table: Table, key: &[u8], plain: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let mut iv = [0; 12];
        rng.fill_bytes(&mut iv);
        let header = Header::default().integer(CONTENT, Content::VaultRow.number());
        Encrypt0::seal(&header, self.cipher(table), iv, plain, &self.external(table, key))
    }

    /// Opens a row, which must have been sealed for this very place.
    pub fn open(&self, table: Table, key: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let envelope = Encrypt0::parse(sealed)?;
        if Content::read(&envelope.header)? != Content::VaultRow {
            return Err(OpenError::Relabelled);
        }
        envelope
            .open(self.cipher(table), &self.external(table, key))
            .map(Zeroizing::new)
    }

    fn cipher(&self, table: Table) -> &Cipher {
        let place = table as usize;
        self.ciphers
            .get(place)
            .expect("there is one for each table, in their order")
    }

    fn external(&self, table: Table, key: &[u8]) -> Vec<u8> {
        cbor::to_bytes(&(self.vault, table.name(), serde_bytes::Bytes::new(key)))
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("vault", &self.vault)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::secret::Secret;

    fn rows(vault: u8, key: u8) -> Rows {
        Rows::derive(VaultId::from_bytes([vault; 16]), &Secret::new([key; 32]))
    }

    #[test]
    fn a_row_opens_in_its_own_place_and_nowhere_else() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mine = rows(1, 2);
        let sealed = mine.seal(Table::Draft, b"place", b"Bed 4", &mut rng);
        assert_eq!(
            mine.open(Table::Draft, b"place", &sealed).unwrap().as_slice(),
            b"Bed 4"
        );
        assert_eq!(mine.open(Table::Draft, b"other", &sealed), Err(OpenError::Forged));
        assert_eq!(
            mine.open(Table::Outbox, b"place", &sealed),
            Err(OpenError::Forged)
        );
        assert_eq!(
            rows(9, 2).open(Table::Draft, b"place", &sealed),
            Err(OpenError::Forged)
        );
        assert_eq!(
            rows(1, 9).open(Table::Draft, b"place", &sealed),
            Err(OpenError::Forged)
        );
    }

    #[test]
    fn a_row_with_any_byte_changed_or_cut_off_does_not_open() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mine = rows(1, 2);
        let sealed = mine.seal(Table::Me, b"me", b"who I am", &mut rng);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(mine.open(Table::Me, b"me", &changed).is_err(), "byte {index}");
            assert!(
                mine.open(Table::Me, b"me", &sealed[..index]).is_err(),
                "cut at {index}"
            );
        }
    }

    #[test]
    fn a_tag_is_the_same_each_time_and_differs_by_table_name_and_vault() {
        let mine = rows(1, 2);
        let tag = mine.derive_tag(Table::Space, b"ward 7");
        assert_eq!(tag, mine.derive_tag(Table::Space, b"ward 7"));
        assert_ne!(tag, mine.derive_tag(Table::Draft, b"ward 7"));
        assert_ne!(tag, mine.derive_tag(Table::Space, b"ward 8"));
        assert_ne!(tag, rows(2, 2).derive_tag(Table::Space, b"ward 7"));
        assert_ne!(tag, rows(1, 3).derive_tag(Table::Space, b"ward 7"));
    }
}
