//! Replays the fuzzers' corpora on the stable toolchain: what a fuzzer once found stays found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use baton_core::cbor;
use baton_core::frame::{decode_from_edge, decode_to_edge, encode};
use baton_core::id::{DeviceId, OpId, SpaceId};
use baton_core::op::Op;
use baton_core::seal::pad::unpad;
use baton_core::seal::sign::Signed;
use baton_core::seal::{Content, Epoch, Keyring, space_of};
use baton_core::search::{Index, Query, Segment};
use baton_core::secret::Secret;
use baton_core::state::SpaceState;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("fuzz/corpus")
        .join(name);
    let files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    assert!(!files.is_empty());
    files
}

#[test]
fn operations_are_refused_or_survive() {
    for bytes in corpus("op") {
        if let Ok(op) = Op::from_bytes(&bytes) {
            assert_eq!(Op::from_bytes(&op.to_bytes()), Ok(op));
        }
    }
}

#[test]
fn frames_are_refused_or_survive() {
    for bytes in corpus("frame") {
        if let Ok(frame) = decode_to_edge(&bytes) {
            assert_eq!(decode_to_edge(&encode(&frame)), Ok(frame));
        }
        if let Ok(frame) = decode_from_edge(&bytes) {
            assert_eq!(decode_from_edge(&encode(&frame)), Ok(frame));
        }
    }
}

#[test]
fn envelopes_are_refused_or_open() {
    let mut keys = Keyring::new(SpaceId::from_bytes([0x51; 16]));
    keys.insert(Epoch::FIRST, Secret::new([0x11; 32]));
    keys.insert(Epoch::new(2), Secret::new([0x22; 32]));
    let (id, device) = (OpId::from_bytes([0x01; 16]), DeviceId::from_bytes([0xd1; 16]));
    let mut opened = 0;
    for bytes in corpus("envelope") {
        opened += usize::from(keys.open_op(id, device, &bytes).is_ok());
        let _refused_or_not = keys.open(Content::Snapshot, None, None, &bytes);
        let _refused_or_named = space_of(&bytes);
        let _refused_or_unpadded = unpad(bytes.clone());
        if let Ok(signed) = Signed::parse(Content::Op, &bytes) {
            let _refused_or_an_op = Op::from_bytes(signed.payload());
        }
        let _refused_or_a_state = cbor::from_bytes::<SpaceState>(&bytes);
    }
    assert_eq!(opened, 1, "the stored operation opens, nothing else does");
}

#[test]
fn segments_are_refused_or_searched() {
    let mut read = 0;
    for bytes in corpus("segment") {
        let Ok(segment) = Segment::parse(&bytes) else {
            continue;
        };
        read += 1;
        let (mut index, _) = Index::load(vec![segment]);
        index.find(&Query::new("potasium 4"));
        for space in index.spaces() {
            index.forget(space);
        }
        let sealed = index.seal_off();
        assert!(sealed.is_none_or(|sealed| Segment::parse(&sealed.bytes).is_ok()));
    }
    assert_eq!(read, 2, "the stored one and one with nothing in it");
}
