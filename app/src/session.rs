//! Who is signed in, and what of it survives a reload of this tab: the device's keys, its id and the difference between
//! its clock and the record's, in the tab's session storage. Nothing else is kept on the device, and signing out or
//! closing the tab ends it.

use base64ct::{Base64UrlUnpadded, Encoding};
use baton_core::cbor;
use baton_core::device::DeviceSecret;
use baton_core::id::DeviceId;
use baton_core::time::At;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::web;

pub mod oblivious;
pub mod record;
pub mod sign_in;

pub use record::{AskError, Record};

const DEVICE: &str = "baton.device";

/// This device, once a person is bound to it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Device {
    /// Its id at the record.
    pub id: DeviceId,
    /// Its keys.
    pub secret: DeviceSecret,
    /// What to add to this device's clock to get the record's, in milliseconds.
    pub ahead: i64,
}

impl Device {
    /// The device of this tab, if a person has signed in.
    pub fn kept() -> Option<Self> {
        read(DEVICE)
    }

    /// Keeps it in this tab.
    pub fn keep(&self) {
        write(DEVICE, self);
    }

    /// The record's time, when this device's clock reads `now`.
    pub fn record_time(&self, now: At) -> At {
        At::from_millis(now.millis().saturating_add_signed(self.ahead))
    }

    /// Learns the record's time.
    pub fn learn_time(&mut self, record: At, now: At) {
        let signed = |at: At| i64::try_from(at.millis()).unwrap_or(i64::MAX);
        self.ahead = signed(record).saturating_sub(signed(now));
    }
}

/// Forgets everything that this tab keeps about anybody.
pub fn erase() {
    web::forget_all();
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let bytes = Zeroizing::new(Base64UrlUnpadded::decode_vec(&web::kept(key)?).ok()?);
    cbor::from_bytes(&bytes).ok()
}

/// A browser that refuses session storage costs the person their session at the next reload, nothing more.
fn write<T: Serialize>(key: &str, value: &T) -> bool {
    let bytes = Zeroizing::new(cbor::to_bytes(value));
    web::keep(key, &Base64UrlUnpadded::encode_string(&bytes))
}
