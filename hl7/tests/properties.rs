//! What holds for any bytes, any separators, and however a stream is cut.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use baton_hl7::ack::{Envelope, NoAnswer, Outcome, Own, Stage};
use baton_hl7::adt::Adt;
use baton_hl7::escape::encode;
use baton_hl7::mllp::{self, Decoder, MllpError};
use baton_hl7::oru::Oru;
use baton_hl7::{Kind, Limits, Message, Separators, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    bytes: 4_096,
    segments: 40,
};

/// Reads all that can be read of a message.
fn read_all(bytes: &[u8]) {
    let own = Own {
        control_id: "1",
        at: Timestamp::parse("2026").unwrap(),
    };
    let message = Message::parse(bytes, LIMITS);
    let outcome = match &message {
        Ok(message) => match (Adt::read(message), Oru::read(message)) {
            (Ok(_), Ok(_)) => unreachable!("a message is of one type"),
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => Outcome::Accepted(&[]),
            (Err(_), Err(error)) if Kind::of(message) == Kind::Oru => error.into(),
            (Err(error), Err(_)) => error.into(),
        },
        Err(error) => (*error).into(),
    };
    if let Ok(envelope) = Envelope::read(bytes)
        && let Some(answer) = envelope.answer(Stage::Application, outcome, own)
    {
        mllp::encode(&answer).unwrap();
        assert_eq!(Envelope::read(&answer), Err(NoAnswer::IsAnswer));
        Message::parse(&answer, Limits::ADT).unwrap();
    }
    let Ok(message) = message else { return };
    assert!(message.segments().count() <= LIMITS.segments);
    for segment in message.segments() {
        assert_eq!(segment.name().len(), 3);
        for field in (0..60).filter_map(|number| segment.field(number)) {
            for repetition in field.repetitions() {
                for component in repetition.components() {
                    let parts = component
                        .subcomponents()
                        .map(|part| part.text().len())
                        .sum::<usize>();
                    assert!(parts <= component.text().len() + 1 || component.subcomponents().count() > 1);
                }
            }
        }
    }
}

/// Bytes that look more like a message than random ones do.
fn nearly_a_message() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "|", "^", "~", "\\", "&", "\"\"", "\r", "\n", "\r\n", "PID|", "PV1|", "MRG|", "PD1|", "PV2|", "EVN|", "A1",
            "20260115", "1945", "\\X41\\", "\\.br\\", "Y", "MSH|^~\\&|", "BHS|", "ZZZ|", "||||", "NHS", "^^^", "a@b",
            "OBR|", "OBX|", "HH", "F",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..6),
    ];
    let head = prop::sample::select(vec![
        "MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.4\rEVN|A01\rPID|1||A1\rPV1|1|I",
        "MSH|^~\\&|A|B|C|D|2026||ADT^A40|1|P|2.5\rPID|1||A1||T\rMRG|B1",
        "MSH|^~\\&|A|B|C|D|2026||ADT^A17|1|P|2.3|||AL|AL||8859/1\r",
        "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5\rPID|1||A1||T\rOBR|1|||FBC|||2026||||||||||||||||||F\r\
         OBX|1|NM|HB||1|||H|||F",
        "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.3\r",
        "MSH|^~\\&|",
        "MSH",
        "",
    ]);
    (head, vec(piece, 0..60)).prop_map(|(head, pieces)| [head.as_bytes(), &pieces.concat()].concat())
}

/// Five characters that differ and are no letters, digits, full stops or quotes.
fn separators() -> impl Strategy<Value = Vec<u8>> {
    let marks = br"!#$%&'()*+,-/:;<=>?@[\]^_`{|}~".to_vec();
    prop::sample::subsequence(marks, 5..=6).prop_shuffle()
}

/// Text as people write it, and characters that divide.
fn text() -> impl Strategy<Value = String> {
    "[ -~éŁΩ日\u{1f600}\n]{0,12}"
}

/// A stream of blocks and what stands between them.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec!["\x0b", "\x1c", "\r", "\x1c\r", "\x0bMSH|1\x1c\r", "\n", "MSH"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..40),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What a decoder gives, fed with these chunks.
fn decode(limit: usize, chunks: &[&[u8]]) -> (Vec<Result<Vec<u8>, MllpError>>, mllp::Counts, bool) {
    let mut decoder = Decoder::new(limit);
    let mut given = Vec::new();
    for chunk in chunks {
        let mut input = *chunk;
        while let Some(next) = decoder.take(&mut input) {
            assert!(next.as_ref().is_ok_and(|message| message.len() <= limit) || next.is_err());
            given.push(next);
        }
        assert!(input.is_empty());
    }
    (given, decoder.counts(), decoder.is_inside())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn what_is_nearly_a_message_is_read_or_refused(bytes in nearly_a_message()) {
        read_all(&bytes);
    }

    #[test]
    fn text_comes_back_whatever_the_separators(
        marks in separators(),
        fields in vec(vec(vec(vec(text(), 1..3), 1..4), 1..3), 1..5),
    ) {
        let head = [b"MSH".as_slice(), &marks, &marks[..1], b"A\rZZZ"].concat();
        let marks = Separators::read(&head).unwrap();
        let (field, repetition, component) = (marks.field(), marks.repetition(), marks.component());
        let subcomponent = marks.subcomponent().unwrap();
        let joined = |parts: Vec<String>, separator: char| parts.join(&separator.to_string());
        let line = joined(fields.iter().map(|field| joined(field.iter().map(|repetition| {
            joined(repetition.iter().map(|component| {
                joined(component.iter().map(|text| encode(text, &marks)).collect(), subcomponent)
            }).collect(), component)
        }).collect(), repetition)).collect(), field);
        let bytes = [&head, field.to_string().as_bytes(), line.as_bytes()].concat();
        let message = Message::parse(&bytes, Limits::ADT).unwrap();
        let segment = message.segment("ZZZ").unwrap();
        for (f, field) in fields.iter().enumerate() {
            let read: Vec<Vec<Vec<String>>> = segment.field(f + 1).unwrap().repetitions().map(|repetition| {
                repetition.components().map(|component| {
                    component.subcomponents().map(|part| part.text().into_owned()).collect()
                }).collect()
            }).collect();
            prop_assert_eq!(&read, field);
        }
    }

    #[test]
    fn a_stream_gives_the_same_however_it_is_cut(
        stream in stream(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
        limit in 1_usize..60,
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        let mut chunks = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([stream.len()]) {
            chunks.push(&stream[from..cut]);
            from = cut;
        }
        let whole = decode(limit, &[&stream]);
        let cut = decode(limit, &chunks);
        prop_assert_eq!(&whole.0, &cut.0);
        prop_assert_eq!((whole.1, whole.2), (cut.1, cut.2));
    }

    #[test]
    fn what_is_encoded_is_decoded(messages in vec(vec(any::<u8>(), 1..50), 0..6)) {
        let sent: Vec<Vec<u8>> = messages
            .into_iter()
            .map(|message| message.into_iter().filter(|byte| !matches!(byte, 0x0b | 0x1c)).collect())
            .filter(|message: &Vec<u8>| !message.is_empty())
            .collect();
        let stream: Vec<u8> = sent.iter().flat_map(|message| mllp::encode(message).unwrap()).collect();
        let given: Vec<Vec<u8>> = decode(50, &[&stream]).0.into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(given, sent);
    }

    #[test]
    fn a_time_is_written_as_it_was_read(text in "[0-9]{4,14}(\\.[0-9]{4})?([+-][0-9]{4})?") {
        if let Ok(time) = Timestamp::parse(&text) {
            prop_assert_eq!(time.to_string(), text.replace("-0000", "+0000"));
        }
    }
}

#[test]
fn a_decoder_holds_no_more_than_its_limit_whatever_arrives() {
    let mut decoder = Decoder::new(1_000);
    let mut given = 0;
    for round in 0..10_000_usize {
        let chunk = match round % 7 {
            0 => vec![mllp::START],
            3 => vec![b'x'; 700],
            _ => vec![b'y'; round % 500],
        };
        let mut input = chunk.as_slice();
        while let Some(next) = decoder.take(&mut input) {
            given += usize::from(next.is_ok());
        }
        let held = format!("{decoder:?}")
            .split("held: ")
            .nth(1)
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .parse::<usize>();
        assert!(held.unwrap() <= 1_000);
    }
    assert_eq!(given, 0, "no block ended");
    assert!(decoder.counts().too_long > 0 && decoder.counts().restarted > 0);
}
