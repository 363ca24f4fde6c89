//! Any bytes as a message: refused, or read to the last subcomponent; and answered with what can be read again.
#![no_main]

use baton_hl7::ack::{Envelope, NoAnswer, Outcome, Own, Stage};
use baton_hl7::adt::Adt;
use baton_hl7::oru::Oru;
use baton_hl7::{Limits, Message, Timestamp, mllp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let message = Message::parse(bytes, Limits::ADT);
    let outcome = match &message {
        Ok(message) => match Adt::read(message) {
            Ok(_) => Outcome::Accepted(&[]),
            Err(error) => error.into(),
        },
        Err(error) => (*error).into(),
    };
    if let Ok(message) = &message {
        drop(Oru::read(message));
        for segment in message.segments() {
            for field in (1..40).filter_map(|number| segment.field(number)) {
                for component in field.repetitions().flat_map(|repetition| repetition.components()) {
                    component.subcomponents().for_each(|part| drop(part.text()));
                }
            }
        }
    }
    if let Ok(envelope) = Envelope::read(bytes) {
        let own = Own {
            control_id: "1",
            at: Timestamp::parse("2026").unwrap(),
        };
        if let Some(answer) = envelope.answer(Stage::Application, outcome, own) {
            assert!(mllp::encode(&answer).is_ok());
            assert_eq!(Envelope::read(&answer), Err(NoAnswer::IsAnswer));
        }
    }
});
