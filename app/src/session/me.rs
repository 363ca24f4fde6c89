//! Who is signed in on this device, as the vault keeps it.

use baton_core::cbor;
use baton_core::device_api::{Policy, Session};
use baton_core::person::Person;
use baton_core::time::At;
use serde::{Deserialize, Serialize};

use super::Device;
use crate::store::work::tell::Told;

/// Who is signed in, and by which device.
#[derive(Clone, Serialize, Deserialize)]
pub struct Me {
    /// The device, with its keys.
    pub device: Device,
    /// The person.
    pub person: Person,
    /// How their organisation has devices behave.
    pub policy: Policy,
    /// Whether they administrate the devices of their organisation.
    pub administrates: bool,
    /// When something last came from the edge.
    pub last_contact: Option<At>,
    /// What of overdue tasks was told.
    #[serde(default)]
    pub told: Told,
}

impl Me {
    /// Whoever a session is of.
    pub fn new(device: Device, session: &Session) -> Self {
        let mut me = Self {
            device,
            person: session.me.clone(),
            policy: session.policy,
            administrates: session.administrates,
            last_contact: None,
            told: Told::new(),
        };
        me.learn(session);
        me
    }

    /// Learns what a newer session says.
    pub fn learn(&mut self, session: &Session) {
        self.person.clone_from(&session.me);
        self.policy = session.policy;
        self.administrates = session.administrates;
        self.device.learn_time(session.now, crate::clock::now());
    }

    /// Reads what a vault kept.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        cbor::from_bytes(bytes).ok()
    }

    /// For the vault.
    pub fn to_bytes(&self) -> zeroize::Zeroizing<Vec<u8>> {
        zeroize::Zeroizing::new(cbor::to_bytes(self))
    }
}
