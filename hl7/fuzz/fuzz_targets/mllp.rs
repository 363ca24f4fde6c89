//! Any bytes as a stream: whole or cut in two it gives the same, and what it gives can be sent again.
#![no_main]

use baton_hl7::mllp::{Decoder, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let decode = |chunks: &[&[u8]]| {
        let mut decoder = Decoder::new(64);
        let mut given = Vec::new();
        for mut chunk in chunks.iter().copied() {
            while let Some(next) = decoder.take(&mut chunk) {
                given.push(next);
            }
        }
        (given, decoder.counts())
    };
    let whole = decode(&[bytes]);
    let (front, back) = bytes.split_at(bytes.first().map_or(0, |at| usize::from(*at).min(bytes.len())));
    assert_eq!(whole, decode(&[front, back]));
    for message in whole.0.into_iter().flatten() {
        assert!(message.len() <= 64 && encode(&message).is_ok());
    }
});
