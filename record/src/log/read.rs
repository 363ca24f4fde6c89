//! The first half of append: what each sealed operation is and who made it, as its signature and the record's own register
//! of devices prove. Needs neither the space's state nor its lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::frame::limit::SEALED_BYTES;
use baton_core::id::{DeviceId, UserId};
use baton_core::op::Op;
use baton_core::refusal::Refusal;
use baton_core::seal::{Epoch, Keyring, OpenError};
use baton_core::service::DeviceOp;
use baton_core::time::At;

use crate::people::device::Device;

/// What a sealed operation turned out to be.
pub(super) enum Reading {
    /// Sealed under an epoch whose key is not held here: another replica may have begun it.
    NoKey,
    /// The device is not known, or was ended.
    NotAllowed,
    /// Opened, and signed by the device that sent it.
    Ready(Box<Ready>),
    /// It will never be in the log.
    Refused {
        /// What its author is told.
        refusal: Refusal,
        /// What is counted.
        reason: &'static str,
    },
}

/// An operation and who made it.
pub(super) struct Ready {
    pub(super) op: Op,
    pub(super) user: UserId,
    pub(super) epoch: Epoch,
}

/// Reads one operation after the other.
pub(super) fn read_all(
    ring: &mut Keyring,
    devices: &BTreeMap<DeviceId, Arc<Device>>,
    ops: &[DeviceOp],
    now: At,
) -> Vec<Reading> {
    ops.iter()
        .map(|sent| read(ring, devices.get(&sent.device).map(Arc::as_ref), sent, now))
        .collect()
}

pub(super) fn read(ring: &mut Keyring, device: Option<&Device>, sent: &DeviceOp, now: At) -> Reading {
    let Some(device) = device.filter(|device| device.is_live(now)) else {
        return Reading::NotAllowed;
    };
    if sent.op.sealed.len() > SEALED_BYTES {
        return refused(Refusal::TooLong, "oversized");
    }
    let opened = match ring.open_op(sent.op.op_id, sent.device, &sent.op.sealed) {
        Ok(opened) => opened,
        Err(OpenError::NoKey { .. }) => return Reading::NoKey,
        Err(error) => return refused(Refusal::Malformed, reason(error)),
    };
    match opened.verify(&device.verifying_key) {
        Ok(()) => Reading::Ready(Box::new(Ready {
            user: device.user,
            epoch: opened.label.epoch,
            op: opened.op,
        })),
        Err(error) => refused(Refusal::Malformed, reason(error)),
    }
}

fn refused(refusal: Refusal, reason: &'static str) -> Reading {
    Reading::Refused { refusal, reason }
}

fn reason(error: OpenError) -> &'static str {
    match error {
        OpenError::BadSignature => "bad-signature",
        OpenError::Forged => "forged",
        OpenError::Malformed => "malformed",
        OpenError::NoKey { .. } => "no-key",
        OpenError::Relabelled => "relabelled",
        OpenError::TooLarge => "oversized",
    }
}
