//! Any bytes as a frame, in both directions: refused, or encoded again to an equal one within the limits.
#![no_main]

use baton_core::frame::{decode_from_edge, decode_to_edge, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = decode_to_edge(bytes) {
        assert_eq!(decode_to_edge(&encode(&frame)), Ok(frame));
    }
    if let Ok(frame) = decode_from_edge(bytes) {
        assert_eq!(decode_from_edge(&encode(&frame)), Ok(frame));
    }
});
