//! Messages of other makers' test suites (`../shared/data/hl7`, see its `INDEX.md`), each with what the standard says it
//! is: an event, or a reason to refuse it. They are read from there and not kept here; without them the tests say so and
//! pass.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says when it was skipped"
)]

use std::path::PathBuf;

use baton_hl7::ack::{Envelope, NoAnswer, Outcome, Own, Stage};
use baton_hl7::adt::{Adt, AdtError, Event};
use baton_hl7::{Limits, Location, Message, ParseError, Timestamp};

mod reports;

/// What a message is.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// No single message.
    Unreadable(ParseError),
    /// A message that is not acted on.
    Refused(AdtError),
    /// An ADT message with this event; the places that could not be read or are missed.
    Taken(Event, &'static [&'static str]),
}

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../shared/data/hl7")
}

/// A file of the folder; `None` where there is no folder.
fn read(file: &str) -> Option<Vec<u8>> {
    let path = folder().join(file);
    if !folder().exists() {
        println!("SKIPPED: {} is not here", path.display());
        return None;
    }
    Some(std::fs::read(path).unwrap())
}

/// The files of the folder, by name; none where there is no folder.
fn files() -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder()) else {
        println!("SKIPPED: {} is not here", folder().display());
        return Vec::new();
    };
    files
        .filter_map(|file| file.unwrap().file_name().into_string().ok())
        .collect()
}

fn check(file: &str, verdict: &Verdict) {
    let Some(bytes) = read(file) else { return };
    let message = Message::parse(&bytes, Limits::ADT);
    let adt = message.as_ref().map(Adt::read);
    match (&adt, verdict) {
        (Ok(Ok(adt)), Verdict::Taken(event, notes)) => {
            assert_eq!(adt.event, *event);
            let places: Vec<String> = adt
                .notes
                .iter()
                .filter_map(|note| note.location)
                .map(|place| place.to_string())
                .collect();
            assert_eq!(places, *notes);
            assert_eq!(adt.persons.len(), 1);
            let merges = matches!(event, Event::Merged(_));
            assert_eq!(adt.persons[0].priors.len(), usize::from(merges));
        }
        (Ok(Err(error)), Verdict::Refused(expected)) => assert_eq!(error, expected),
        (Err(error), Verdict::Unreadable(expected)) => assert_eq!(*error, expected),
        _ => panic!("{adt:?} is not {verdict:?}"),
    }
    can_be_answered(&bytes, verdict);
}

/// Each has an answer that can be parsed again, but for acknowledgements and what has no header.
fn can_be_answered(bytes: &[u8], verdict: &Verdict) {
    let outcome = match verdict {
        Verdict::Unreadable(error) => Outcome::from(*error),
        Verdict::Refused(error) => Outcome::from(*error),
        Verdict::Taken(..) => Outcome::Accepted(&[]),
    };
    let envelope = match Envelope::read(bytes) {
        Ok(envelope) => envelope,
        Err(NoAnswer::NoHeader) => return assert_eq!(*verdict, Verdict::Unreadable(ParseError::Separators)),
        Err(NoAnswer::IsAnswer) => return assert_eq!(*verdict, Verdict::Refused(AdtError::UnsupportedType)),
    };
    let own = Own {
        control_id: "1",
        at: Timestamp::parse("2026").unwrap(),
    };
    for stage in [Stage::Commit, Stage::Application] {
        if let Some(answer) = envelope.answer(stage, outcome, own) {
            let parsed = Message::parse(&answer, Limits::ADT).unwrap();
            assert_eq!(
                parsed
                    .segment("MSA")
                    .unwrap()
                    .field(2)
                    .map_or(0, |id| id.raw().len()),
                control_id(bytes)
            );
            assert_eq!(Envelope::read(&answer), Err(NoAnswer::IsAnswer));
        }
    }
}

fn control_id(bytes: &[u8]) -> usize {
    let header = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap();
    header
        .split(|byte| *byte == bytes[3])
        .nth(9)
        .map_or(0, <[u8]>::len)
}

const PID: Location = Location::segment("PID", 1);
const SECOND_PID: Location = Location::segment("PID", 2);
const PID_3: Location = Location::field("PID", 3);
const PV1: Location = Location::segment("PV1", 1);
const MRG: Location = Location::segment("MRG", 1);

macro_rules! files {
    ($($name:ident: $file:literal => $verdict:expr;)*) => {
        mod file {
            use super::{AdtError::*, Event::*, ParseError::*, Verdict::*, *};
            use baton_hl7::adt::Level;

            $(
                #[test]
                fn $name() {
                    check($file, &$verdict);
                }
            )*
        }

        #[test]
        fn each_file_of_the_folder_has_a_row() {
            let rows = [$($file),*];
            let messages = files().into_iter().filter(|name| name.ends_with(".hl7"));
            let without: Vec<String> = messages.filter(|name| !rows.contains(&name.as_str())).collect();
            assert!(without.is_empty(), "{without:?}");
        }
    };
}

include!("rows.rs");
