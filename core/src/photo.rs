//! Photos: sealed apart from the message that shows them, under a key of their own that is in the message alone.
//!
//! A photo is a JPEG of at most [`PHOTO_BYTES`], drawn anew by the device that took it, so that nothing that a camera writes
//! beside a picture (place, time, make) is in it. It is a `COSE_Encrypt0` (RFC 9052 §5.2), A256GCM, with its space as external
//! data, and is named by the SHA-256 of that: neither the edge nor a disk can put another in its place. The record keeps it
//! before it takes the message, and gives it to members of the space.

use std::fmt;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::cbor;
use crate::cose::{Encrypt0, Header};
use crate::id::SpaceId;
use crate::seal::OpenError;
use crate::seal::key::Cipher;
use crate::seal::label::{CONTENT, Content};
use crate::secret::Secret;

/// A photo that has more bytes (before it is sealed) is refused.
pub const PHOTO_BYTES: usize = 480 * 1024;

/// Its longest side has at most so many pixels.
pub const PHOTO_PIXELS: u16 = 2048;

/// Names a photo: the SHA-256 of it as it is sealed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhotoId(#[serde(with = "serde_bytes")] [u8; 32]);

impl PhotoId {
    /// Names what is sealed.
    pub fn of(sealed: &[u8]) -> Self {
        Self(Sha256::digest(sealed).into())
    }

    /// Takes a name as its 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Shows its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhotoId({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// A photo as a message has it: what names it, opens it, and was said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Which.
    #[serde(rename = "i")]
    pub id: PhotoId,
    /// What opens it.
    #[serde(rename = "k")]
    pub key: Secret<32>,
    /// Width in pixels.
    #[serde(rename = "w")]
    pub width: u16,
    /// Height in pixels.
    #[serde(rename = "h")]
    pub height: u16,
    /// On whose word it was taken.
    #[serde(rename = "c")]
    pub consent: Consent,
}

/// On whose word a photo was taken (GMC, *Making and using visual and audio recordings of patients*, 2013, §§10-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Consent {
    /// The patient agreed.
    #[serde(rename = "a")]
    Agreed,
    /// The patient cannot agree, and it is in their best interests.
    #[serde(rename = "b")]
    BestInterests,
    /// No patient is in it.
    #[serde(rename = "n")]
    NoPatient,
    /// What only a newer version knows.
    #[serde(other, rename = "u")]
    Unknown,
}

/// Seals a photo for a space; gives what is kept, and what opens it.
pub fn seal(space: SpaceId, jpeg: &[u8], rng: &mut impl CryptoRng) -> (Vec<u8>, Secret<32>) {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut());
    let mut iv = [0; 12];
    rng.fill_bytes(&mut iv);
    let header = Header::default().integer(CONTENT, Content::Photo.number());
    let sealed = Encrypt0::seal(&header, &Cipher::new(&key), iv, jpeg, &external(space));
    (sealed, Secret::new(*key))
}

impl Photo {
    /// Whether it has the size of a photo.
    pub(crate) fn has_a_size(&self) -> bool {
        let sides = 1..=PHOTO_PIXELS;
        sides.contains(&self.width) && sides.contains(&self.height)
    }

    /// Opens what is kept of it, which must be this very photo of this space.
    pub fn open(&self, space: SpaceId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        if PhotoId::of(sealed) != self.id {
            return Err(OpenError::Forged);
        }
        let envelope = Encrypt0::parse(sealed)?;
        if Content::read(&envelope.header)? != Content::Photo {
            return Err(OpenError::Relabelled);
        }
        envelope
            .open(&Cipher::new(self.key.expose()), &external(space))
            .map(Zeroizing::new)
    }
}

fn external(space: SpaceId) -> Vec<u8> {
    cbor::to_bytes(&("photo", space))
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    const SPACE: SpaceId = SpaceId::from_bytes([1; 16]);

    fn photo(sealed: &[u8], key: Secret<32>) -> Photo {
        Photo {
            id: PhotoId::of(sealed),
            key,
            width: 4,
            height: 3,
            consent: Consent::Agreed,
        }
    }

    #[test]
    fn a_photo_opens_in_its_space_with_its_key_and_as_it_was() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let (sealed, key) = seal(SPACE, b"a picture", &mut rng);
        let whole = photo(&sealed, key.clone());
        assert_eq!(whole.open(SPACE, &sealed).unwrap().as_slice(), b"a picture");
        let elsewhere = SpaceId::from_bytes([2; 16]);
        assert_eq!(whole.open(elsewhere, &sealed), Err(OpenError::Forged));
        let other = photo(&sealed, Secret::new([9; 32]));
        assert_eq!(other.open(SPACE, &sealed), Err(OpenError::Forged));
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(
                whole.open(SPACE, &changed),
                Err(OpenError::Forged),
                "byte {index}"
            );
            let named = photo(&changed, key.clone());
            assert!(named.open(SPACE, &changed).is_err(), "named anew, byte {index}");
        }
    }

    #[test]
    fn neither_the_picture_nor_its_key_is_shown() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let (sealed, key) = seal(SPACE, b"a picture", &mut rng);
        assert!(!sealed.windows(9).any(|part| part == b"a picture"));
        let shown = format!("{:?}", photo(&sealed, key));
        assert!(shown.contains("Secret<32>"), "{shown}");
    }

    #[test]
    fn consent_that_a_newer_version_knows_is_read() {
        let newer = cbor::to_bytes(&"z");
        assert_eq!(cbor::from_bytes::<Consent>(&newer), Ok(Consent::Unknown));
    }
}
