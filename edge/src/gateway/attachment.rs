//! What survives hibernation with a socket: who it is and what it listens to, as versioned bytes.
//!
//! The runtime keeps at most 16,384 bytes per socket. A thousand spaces of 16 bytes and 60 bytes of identity fit, so
//! nothing about a connection is written to disk. An attachment that does not parse closes its socket.

use baton_core::frame::limit::SPACES_PER_DEVICE;
use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::time::At;

/// What is attached to a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attachment {
    /// The gateway number that the device named.
    pub(crate) gateway: u8,
    /// The client's address, as a short name.
    pub(crate) address: u64,
    /// When the socket was opened.
    pub(crate) opened: At,
    /// Who it is; `None` before `Hello`.
    pub(crate) identity: Option<Identity>,
    /// The spaces that it listens to.
    pub(crate) spaces: Vec<SpaceId>,
}

/// Whose socket it is, by a token that was good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The device.
    pub(crate) device: DeviceId,
    /// Its user.
    pub(crate) user: UserId,
    /// When the socket is to be closed.
    pub(crate) until: At,
}

impl Attachment {
    /// Writes it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.spaces.len() * 16);
        bytes.extend([VERSION, self.gateway, u8::from(self.identity.is_some())]);
        bytes.extend(self.address.to_be_bytes());
        bytes.extend(self.opened.millis().to_be_bytes());
        if let Some(Identity { device, user, until }) = self.identity {
            bytes.extend(device.as_bytes());
            bytes.extend(user.as_bytes());
            bytes.extend(until.millis().to_be_bytes());
        }
        for space in &self.spaces {
            bytes.extend(space.as_bytes());
        }
        bytes
    }

    /// Reads it; `None` when it is not one, or of another version.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<3>()?;
        let [VERSION, gateway, has_identity @ (0 | 1)] = *head else {
            return None;
        };
        let (address, rest) = rest.split_first_chunk::<8>()?;
        let (opened, rest) = rest.split_first_chunk::<8>()?;
        let (identity, rest) = if has_identity == 1 {
            let (device, rest) = rest.split_first_chunk::<16>()?;
            let (user, rest) = rest.split_first_chunk::<16>()?;
            let (until, rest) = rest.split_first_chunk::<8>()?;
            let identity = Identity {
                device: DeviceId::from_bytes(*device),
                user: UserId::from_bytes(*user),
                until: At::from_millis(u64::from_be_bytes(*until)),
            };
            (Some(identity), rest)
        } else {
            (None, rest)
        };
        let (spaces, []) = rest.as_chunks::<16>() else {
            return None;
        };
        if spaces.len() > SPACES_PER_DEVICE {
            return None;
        }
        Some(Self {
            gateway,
            address: u64::from_be_bytes(*address),
            opened: At::from_millis(u64::from_be_bytes(*opened)),
            identity,
            spaces: spaces.iter().map(|space| SpaceId::from_bytes(*space)).collect(),
        })
    }
}

/// A new layout is a new version; sockets with an old one connect again.
const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(spaces: usize) -> Attachment {
        Attachment {
            gateway: 200,
            address: 0x0102_0304_0506_0708,
            opened: At::from_millis(5),
            identity: Some(Identity {
                device: DeviceId::from_bytes([1; 16]),
                user: UserId::from_bytes([2; 16]),
                until: At::from_millis(9),
            }),
            spaces: vec![SpaceId::from_bytes([3; 16]); spaces],
        }
    }

    #[test]
    fn it_survives_with_and_without_an_identity() {
        for given in [
            attachment(0),
            attachment(2),
            Attachment {
                identity: None,
                ..attachment(0)
            },
        ] {
            assert_eq!(Attachment::parse(&given.to_bytes()), Some(given));
        }
    }

    #[test]
    fn the_largest_fits_into_what_the_runtime_keeps() {
        let largest = attachment(SPACES_PER_DEVICE);
        assert!(largest.to_bytes().len() <= 16_384 - 256);
        assert_eq!(Attachment::parse(&largest.to_bytes()), Some(largest));
        assert_eq!(
            Attachment::parse(&attachment(SPACES_PER_DEVICE + 1).to_bytes()),
            None
        );
    }

    #[test]
    fn what_is_cut_or_of_another_version_does_not_parse() {
        let bytes = attachment(1).to_bytes();
        for cut in (0..bytes.len()).filter(|cut| *cut != bytes.len() - 16) {
            assert_eq!(Attachment::parse(&bytes[..cut]), None, "{cut}");
        }
        let other = [&[VERSION + 1], &bytes[1..]].concat();
        assert_eq!(Attachment::parse(&other), None);
    }
}
