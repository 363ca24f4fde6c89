//! Any bytes as an operation: refused, or encoded again to an equal one.
#![no_main]

use baton_core::op::Op;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(op) = Op::from_bytes(bytes) {
        assert_eq!(Op::from_bytes(&op.to_bytes()), Ok(op));
    }
});
