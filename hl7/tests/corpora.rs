//! Replays the fuzzers' corpora on the stable toolchain: what a fuzzer once found stays found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use baton_hl7::ack::{Envelope, NoAnswer, Own, Stage};
use baton_hl7::adt::Adt;
use baton_hl7::mllp::{Decoder, encode};
use baton_hl7::oru::Oru;
use baton_hl7::{Limits, Message, Timestamp};

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
fn messages_are_refused_or_read_and_answered() {
    let (mut read, mut reports) = (0, 0);
    for bytes in corpus("message") {
        let message = Message::parse(&bytes, Limits::ADT);
        let adt = message.as_ref().map(Adt::read);
        read += usize::from(matches!(adt, Ok(Ok(_))));
        reports += usize::from(matches!(message.as_ref().map(Oru::read), Ok(Ok(_))));
        let outcome = match adt {
            Ok(Ok(_)) => continue,
            Ok(Err(error)) => error.into(),
            Err(error) => (*error).into(),
        };
        let Ok(envelope) = Envelope::read(&bytes) else {
            continue;
        };
        let own = Own {
            control_id: "1",
            at: Timestamp::parse("2026").unwrap(),
        };
        let answer = envelope.answer(Stage::Application, outcome, own).unwrap();
        assert_eq!(Envelope::read(&answer), Err(NoAnswer::IsAnswer));
    }
    assert_eq!(
        read, 6,
        "all but the batch, the doubled escape, the two messages and the reports"
    );
    assert_eq!(reports, 1);
}

#[test]
fn streams_give_the_same_byte_by_byte() {
    let mut messages = 0;
    for bytes in corpus("mllp") {
        let decode = |chunks: &mut dyn Iterator<Item = &[u8]>| {
            let mut decoder = Decoder::new(64);
            let mut given = Vec::new();
            for mut chunk in chunks {
                while let Some(next) = decoder.take(&mut chunk) {
                    given.push(next);
                }
            }
            (given, decoder.counts())
        };
        let whole = decode(&mut [bytes.as_slice()].into_iter());
        assert_eq!(whole, decode(&mut bytes.chunks(1)));
        for message in whole.0.into_iter().flatten() {
            messages += 1;
            assert!(encode(&message).is_ok());
        }
    }
    assert_eq!(messages, 6);
}
