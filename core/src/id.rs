//! Names of things: newtypes over `UUIDv7` (RFC 9562 §5.7), so that no two kinds of id can be swapped.
//!
//! An id is opaque: it tells nobody who or what it names, only roughly when it was made. In CBOR it is a byte string
//! of 16; as text it is the usual hyphenated form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::At;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a version-7 id from a moment and ten random bytes.
            pub fn make(at: At, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(at.millis(), &random).into_uuid())
            }

            /// Takes an id as its 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Shows the id's 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Takes a `Uuid` read elsewhere (a database row).
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Gives the `Uuid` (for a database row).
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError)
            }
        }
    };
}

id! {
    /// Names a space: a set of people with one log and one key.
    SpaceId
}
id! {
    /// Names an operation; unique within its space, so that appending it twice is harmless.
    OpId
}
id! {
    /// Names a device that was bound to a person at sign-in, or the record itself ([`DeviceId::RECORD`]).
    DeviceId
}
id! {
    /// Names a person in the record's directory.
    UserId
}
id! {
    /// Names a patient of the record's index. Opaque: it is neither derived from an NHS number nor told to anybody who did
    /// not look the patient up.
    PatientId
}
id! {
    /// Names an invitation to a team: who knows it may ask to join, and nothing more.
    InvitationId
}
id! {
    /// Names what one person keeps on one device. Random throughout, so that it tells nothing, not even when it was made.
    VaultId
}

impl DeviceId {
    /// The record, as author of the operations that it makes itself.
    pub const RECORD: Self = Self::from_bytes([0; 16]);
}

impl UserId {
    /// The record, as author of the operations that it makes itself.
    pub const RECORD: Self = Self::from_bytes([0; 16]);
}

/// The text is not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct ParseIdError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_carries_its_moment_and_survives_text_and_cbor() {
        let id = OpId::make(At::from_millis(1_700_000_000_000), [7; 10]);
        assert_eq!(id.uuid().get_version_num(), 7);
        assert_eq!(id.to_string().parse(), Ok(id));
        let bytes = crate::cbor::to_bytes(&id);
        assert_eq!(bytes.len(), 17);
        assert_eq!(crate::cbor::from_bytes::<OpId>(&bytes).unwrap(), id);
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = OpId::make(At::from_millis(1), [255; 10]);
        let late = OpId::make(At::from_millis(2), [0; 10]);
        assert!(early < late);
    }

    #[test]
    fn what_is_not_a_uuid_is_refused() {
        assert_eq!("patient-1".parse::<SpaceId>(), Err(ParseIdError));
    }
}
