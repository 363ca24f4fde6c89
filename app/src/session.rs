//! Who is signed in, on which device, and what opens what they keep here.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`sign_in`] | to the identity provider and back |
//! | [`record`], [`oblivious`] | asking the record, through the relay |
//! | [`me`] | who is signed in, as the vault keeps it |
//! | [`hold`] | the keys of an open vault over a reload, and from tab to tab |
//! | [`lend`] | vaults on this device: finding one's own, leases, orders to erase |
//! | [`passphrase`], [`passkey`] | what a person opens a vault with |
//! | [`idle`] | noticing that nobody is there any more |

use baton_core::device::DeviceSecret;
use baton_core::id::DeviceId;
use baton_core::time::At;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use baton_core::cbor;
use zeroize::Zeroizing;

use crate::web;

pub mod hold;
pub mod idle;
pub mod lend;
pub mod me;
pub mod oblivious;
pub mod passkey;
pub mod passphrase;
pub mod record;
pub mod sign_in;

pub use me::Me;
pub use record::{AskError, Record, read_answer};

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

/// Reads what this tab keeps until it is closed. Nothing secret is kept there for longer than a sign-in.
fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let bytes = Zeroizing::new(web::from_base64url(&web::kept(key)?)?);
    cbor::from_bytes(&bytes).ok()
}

fn write<T: Serialize>(key: &str, value: &T) -> bool {
    let bytes = Zeroizing::new(cbor::to_bytes(value));
    web::keep(key, &web::to_base64url(&bytes))
}
