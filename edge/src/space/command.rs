//! Typed calls between gateways and spaces: CBOR bodies of `fetch` between objects, both ends in this crate.

use std::rc::Rc;

use baton_core::chain::Seq;
use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::service::Publish;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::ByteBuf;

/// To a space.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Command {
    /// A frame of a device that has said `Hello`; answered with an [`Answer`].
    Frame {
        /// The device, by its token.
        device: DeviceId,
        /// Its user, by its token.
        user: UserId,
        /// The shard of the gateway that asks.
        gateway: u16,
        /// The frame as it came.
        #[serde(with = "serde_bytes")]
        frame: Vec<u8>,
    },
    /// Entries and changes from the record; answered with 204 when they are on their way.
    Publish(Publish),
}

/// What a space answers to a device's frame.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Frames for the device that asked, in this order.
    pub(crate) frames: Vec<ByteBuf>,
    /// What became of a `Subscribe`.
    pub(crate) listening: Option<Listening>,
}

impl Answer {
    /// Adds a frame.
    pub(crate) fn with(mut self, frame: Vec<u8>) -> Self {
        self.frames.push(ByteBuf::from(frame));
        self
    }
}

/// Whether a device listens to a space after its `Subscribe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Listening {
    /// There is more; live entries would only be gaps to it. It asks again.
    CatchingUp,
    /// It has everything up to and with this place; what comes after goes to it live.
    Live(Seq),
    /// It may not, or cannot now.
    No,
}

/// To a gateway.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToGateway {
    /// What happened in a space, in order; answered with 204, or with 410 when nobody here listens to it.
    Deliver {
        /// Which space.
        space: SpaceId,
        /// What to write to whom.
        items: Vec<Item>,
    },
    /// The record ended a device; answered with 204.
    Revoke {
        /// Whose device.
        user: UserId,
        /// Which device.
        device: DeviceId,
        /// The signed order.
        #[serde(with = "serde_bytes")]
        signed: Vec<u8>,
    },
}

/// One thing to write to the sockets of a gateway. Frames are encoded once, by the space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Item {
    /// Entries, for everyone who listens live.
    Entries {
        /// The last entry's place.
        last: Seq,
        /// The frame.
        frame: Frame,
    },
    /// Entries were lost on the way to this gateway: its listeners must connect again.
    Lost,
    /// These people may no longer listen.
    Remove {
        /// Who.
        users: Vec<UserId>,
    },
    /// Something that is not in the log (cursors, typing, new keys), for everyone who listens.
    Signal {
        /// The device that it comes from, which need not hear it.
        except: Option<DeviceId>,
        /// The frame.
        frame: Frame,
    },
    /// For these people, whether they listen or not.
    Tell {
        /// Who.
        users: Vec<UserId>,
        /// The frame.
        frame: Frame,
    },
}

impl Item {
    /// Its size, roughly, for bounding what waits.
    pub(crate) fn bytes(&self) -> usize {
        64 + match self {
            Self::Entries { frame, .. } | Self::Signal { frame, .. } => frame.0.len(),
            Self::Tell { users, frame } => frame.0.len() + users.len() * 16,
            Self::Remove { users } => users.len() * 16,
            Self::Lost => 0,
        }
    }
}

/// The bytes of a frame, shared by all who are to get it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Frame(pub(crate) Rc<[u8]>);

impl From<Vec<u8>> for Frame {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} bytes)", self.0.len())
    }
}

impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Frame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ByteBuf::deserialize(deserializer).map(|bytes| Self(bytes.into_vec().into()))
    }
}

#[cfg(test)]
mod tests {
    use baton_core::cbor;

    use super::*;

    #[test]
    fn a_delivery_survives_the_call() {
        let frame = Frame::from(vec![1, 2, 3]);
        let items = vec![
            Item::Entries {
                last: Seq::new(3),
                frame: frame.clone(),
            },
            Item::Lost,
            Item::Remove {
                users: vec![UserId::from_bytes([1; 16])],
            },
            Item::Signal {
                except: None,
                frame: frame.clone(),
            },
            Item::Tell { users: vec![], frame },
        ];
        let call = ToGateway::Deliver {
            space: SpaceId::from_bytes([2; 16]),
            items: items.clone(),
        };
        let ToGateway::Deliver { items: heard, .. } = cbor::from_bytes(&cbor::to_bytes(&call)).unwrap()
        else {
            panic!("another call");
        };
        assert_eq!(heard, items);
    }

    #[test]
    fn a_frame_does_not_show_its_bytes() {
        assert_eq!(format!("{:?}", Frame::from(b"secret".to_vec())), "Frame(6 bytes)");
    }
}
