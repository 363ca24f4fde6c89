//! Any bytes as an envelope under a key that the attacker does not have, and as what an envelope holds when a colleague
//! (who has the key) made it: never a panic.
#![no_main]

use baton_core::cbor;
use baton_core::id::{DeviceId, OpId, SpaceId};
use baton_core::op::Op;
use baton_core::seal::pad::unpad;
use baton_core::seal::sign::Signed;
use baton_core::seal::{Content, Epoch, Keyring, space_of};
use baton_core::secret::Secret;
use baton_core::state::SpaceState;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut keys = Keyring::new(SpaceId::from_bytes([0x51; 16]));
    keys.insert(Epoch::FIRST, Secret::new([0x11; 32]));
    keys.insert(Epoch::new(2), Secret::new([0x22; 32]));
    let (id, device) = (OpId::from_bytes([0x01; 16]), DeviceId::from_bytes([0xd1; 16]));
    let _refused_or_the_stored_one = keys.open_op(id, device, bytes);
    let _refused_or_not = keys.open(Content::Snapshot, None, None, bytes);
    let _refused_or_named = space_of(bytes);
    let _refused_or_unpadded = unpad(bytes.to_vec());
    if let Ok(signed) = Signed::parse(Content::Op, bytes) {
        let _refused_or_an_op = Op::from_bytes(signed.payload());
    }
    let _refused_or_a_state = cbor::from_bytes::<SpaceState>(bytes);
});
