//! What ADT messages say, by made-up messages: one rule of the standard each.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use baton_hl7::adt::{
    Adt, AdtError, Class, Event, Level, Medium, NameKind, NhsNumberStatus, Patient, Processing, Sex, Subject,
};
use baton_hl7::{Limits, Location, Message, Personal, Precision, Said, Version};

mod header;
mod identifiers;
mod merges;
mod persons;
mod structure;
mod visits;

/// A message of v2.4 with this event and these segments.
fn read(trigger: &str, segments: &[&str]) -> Result<Adt, AdtError> {
    read_text(&format!(
        "MSH|^~\\&|PAS|RX1|BATON|RX1|202601150930||ADT^{trigger}|42|P|2.4\rEVN|{trigger}|202601150929\r{}",
        segments.join("\r")
    ))
}

fn read_text(text: &str) -> Result<Adt, AdtError> {
    Adt::read(&Message::parse(text.as_bytes(), Limits::ADT).unwrap())
}

fn patient(pid: &str) -> Patient {
    only(read("A31", &[pid]).unwrap()).patient
}

fn only(adt: Adt) -> Subject {
    assert_eq!(adt.persons.len(), 1);
    adt.persons.into_iter().next().unwrap()
}

fn shown(text: Option<&Personal<String>>) -> &str {
    text.map_or("-", Personal::as_str)
}

const PID: &str = "PID|1||A1^^^RX1^MR||Test^Ada";
const OTHER_PID: &str = "PID|2||B2^^^RX1^MR||Test^Bob";
const PV1: &str = "PV1|1|I|WARD1^BAY2^BED3^RX1";
