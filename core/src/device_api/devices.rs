//! Devices as their person, or an administrator of that person's organisation, sees and ends them.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, UserId};
use crate::time::At;

/// Asks for devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// Whose; `None`: one's own. Another's only as administrator of their organisation.
    pub user: Option<UserId>,
}

/// Devices that may still be used, or that hold something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesAnswer {
    /// The one that was used last comes first.
    pub devices: Vec<DeviceLine>,
}

/// A device in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceLine {
    /// Which.
    pub device: DeviceId,
    /// When somebody signed in on it.
    pub made_at: At,
    /// When it was last heard of.
    pub seen_at: At,
    /// When its session ends or ended.
    pub session_until: At,
    /// Until when it may hold something past the tab; `None`: it holds nothing past it.
    pub kept_until: Option<At>,
}

/// Ends a device, which erases itself at its next contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeDevice {
    /// Which.
    pub device: DeviceId,
}

/// Asks whether one of these was ended. Not signed, since a locked device cannot sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// At most 16.
    pub devices: Vec<DeviceId>,
}

/// The orders for devices that were ended, each signed by the record ([`crate::device::Revocation::open`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersAnswer {
    /// With the device that each is for.
    pub orders: Vec<(DeviceId, serde_bytes::ByteBuf)>,
}
