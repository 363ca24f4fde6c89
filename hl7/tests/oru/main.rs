//! What ORU messages say, by made-up messages: one rule of the standard each.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use baton_hl7::adt::{AdtError, Processing};
use baton_hl7::oru::{Flag, Oru, Report, Status};
use baton_hl7::{Condition, Limits, Location, Message, ParseError, Version};

mod reports;
mod structure;

/// A message of v2.4 with these segments.
fn read(segments: &[&str]) -> Result<Oru, AdtError> {
    read_text(&format!(
        "MSH|^~\\&|LAB|RX1|BATON|RX1|202601150930||ORU^R01|42|P|2.4\r{}",
        segments.join("\r")
    ))
}

fn read_text(text: &str) -> Result<Oru, AdtError> {
    Oru::read(&Message::parse(text.as_bytes(), Limits::ORU).unwrap())
}

/// The one report of a message of Ada's with these segments, and the places of its notes.
fn report(segments: &[&str]) -> (Report, Vec<String>) {
    let oru = read(&[&[PID], segments].concat()).unwrap();
    let notes = places(&oru);
    let mut reports = oru.patients.into_iter().flat_map(|patient| patient.reports);
    let report = reports.next().unwrap();
    assert_eq!(reports.next(), None);
    (report, notes)
}

fn places(oru: &Oru) -> Vec<String> {
    oru.notes
        .iter()
        .map(|note| note.location.unwrap().to_string())
        .collect()
}

/// A report of full blood count whose OBR-25 is this.
fn obr(status: &str) -> String {
    format!("OBR|1|P1|F1|FBC^Full blood count^L|||202601150800|||||||||||||||202601150915|||{status}")
}

/// An observation with these flags and this status.
fn obx(flags: &str, status: &str) -> String {
    format!("OBX|1|NM|718-7^Haemoglobin^LN||131|g/L|120-160|{flags}|||{status}")
}

const PID: &str = "PID|1||A1^^^RX1^MR||Test^Ada";
const OTHER_PID: &str = "PID|2||B2^^^RX1^MR||Test^Bob";
