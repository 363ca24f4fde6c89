//! The messages: ADT as hospitals of this country send it (HSCIC ITK on HL7 v2.4; homes and community services write
//! v2.5.1). What each says about a patient and a stay is in [`person`] and [`visit`].

use baton_core::time::At;

use super::census::Stay;
use super::patient::Patient;
use super::place::Facility;
use super::segment::{Segment, exact_moment, moment};

mod person;
mod visit;

/// An event that a message tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// Admitted.
    A01,
    /// Moved.
    A02,
    /// Left.
    A03,
    /// Registered with a clinic, an emergency department or a caseload.
    A04,
    /// Expected.
    A05,
    /// What is known of patient or stay has changed.
    A08,
    /// Was not admitted.
    A11,
    /// Was not moved.
    A12,
    /// Did not leave.
    A13,
    /// Two changed beds.
    A17,
    /// Went on leave.
    A21,
    /// Came back from leave.
    A22,
    /// A person is known now.
    A28,
    /// What is known of a person has changed.
    A31,
    /// Two are not the same person after all.
    A37,
    /// Is not expected.
    A38,
    /// Two are the same person.
    A40,
    /// Did not go on leave.
    A52,
    /// Did not come back from leave.
    A53,
}

impl Trigger {
    const fn code(self) -> &'static str {
        match self {
            Self::A01 => "A01",
            Self::A02 => "A02",
            Self::A03 => "A03",
            Self::A04 => "A04",
            Self::A05 => "A05",
            Self::A08 => "A08",
            Self::A11 => "A11",
            Self::A12 => "A12",
            Self::A13 => "A13",
            Self::A17 => "A17",
            Self::A21 => "A21",
            Self::A22 => "A22",
            Self::A28 => "A28",
            Self::A31 => "A31",
            Self::A37 => "A37",
            Self::A38 => "A38",
            Self::A40 => "A40",
            Self::A52 => "A52",
            Self::A53 => "A53",
        }
    }

    /// The structure of its message (HL7 table 0354).
    const fn structure(self) -> &'static str {
        match self {
            Self::A01 | Self::A04 | Self::A08 | Self::A13 => "ADT_A01",
            Self::A02 => "ADT_A02",
            Self::A03 => "ADT_A03",
            Self::A05 | Self::A28 | Self::A31 => "ADT_A05",
            Self::A11 => "ADT_A09",
            Self::A12 => "ADT_A12",
            Self::A17 => "ADT_A17",
            Self::A21 | Self::A22 => "ADT_A21",
            Self::A37 => "ADT_A37",
            Self::A38 => "ADT_A38",
            Self::A40 => "ADT_A39",
            Self::A52 | Self::A53 => "ADT_A52",
        }
    }
}

/// Writes messages, each with a control id of its own.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    written: u64,
}

/// What a message begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Whose system sends it.
    pub(super) sender: Facility,
    /// What it tells.
    pub(super) trigger: Trigger,
    /// When it is sent.
    pub(super) at: At,
    /// When what it tells happened.
    pub(super) happened: At,
}

impl Writer {
    pub(super) const fn new() -> Self {
        Self { written: 0 }
    }

    /// A message about a person: A28, A31.
    pub(super) fn demographics(&mut self, head: Head, patient: &Patient) -> Vec<u8> {
        let mut message = self.begin(head);
        person::write(patient, head, &mut message);
        person::next_of_kin(patient, &mut message);
        Segment::new("PV1").text(1, "1").text(2, "N").write(&mut message);
        Segment::new("ZUK")
            .text(1, COMMISSIONER)
            .text(2, patient.practice.map_or("", |practice| practice.ods))
            .text(3, patient.nhs_status.code())
            .write(&mut message);
        message
    }

    /// A message about a stay.
    pub(super) fn stay(&mut self, head: Head, patient: &Patient, stay: &Stay) -> Vec<u8> {
        let mut message = self.begin(head);
        person::write(patient, head, &mut message);
        if matches!(
            head.trigger,
            Trigger::A01 | Trigger::A04 | Trigger::A05 | Trigger::A08
        ) {
            person::next_of_kin(patient, &mut message);
        }
        visit::write(patient, stay, head, &mut message);
        message
    }

    /// A message about two who changed beds: A17.
    pub(super) fn swap(&mut self, head: Head, both: [(&Patient, &Stay); 2]) -> Vec<u8> {
        let mut message = self.begin(head);
        for (patient, stay) in both {
            person::write(patient, head, &mut message);
            visit::write(patient, stay, head, &mut message);
        }
        message
    }

    /// A message that says that `retired` is the same person as `patient`, who stands for both: A40.
    pub(super) fn merge(&mut self, head: Head, patient: &Patient, retired: &Patient) -> Vec<u8> {
        let mut message = self.begin(head);
        person::write(patient, head, &mut message);
        Segment::new("MRG")
            .all(1, &person::identifiers(retired, head.sender))
            .all(7, &person::names(retired))
            .write(&mut message);
        message
    }

    /// A message that says that two are not the same person: A37.
    pub(super) fn unlink(&mut self, head: Head, both: [&Patient; 2]) -> Vec<u8> {
        let mut message = self.begin(head);
        for patient in both {
            person::write(patient, head, &mut message);
        }
        message
    }

    fn begin(&mut self, head: Head) -> Vec<u8> {
        self.written += 1;
        let (application, version) = match head.sender {
            Facility::Hospital => ("PAS", "2.4"),
            Facility::CareHome => ("CAREPLAN", "2.5.1"),
            Facility::Community => ("COMMUNITY", "2.5.1"),
            Facility::SocialCare => ("ADULTS", "2.5.1"),
        };
        let code = head.trigger.code();
        let mut message = Vec::with_capacity(1024);
        // The first field of MSH is the separator itself, so places are one less here.
        let mut header = Segment::new("MSH")
            .raw(1, "^~\\&".to_owned())
            .text(2, application)
            .text(3, head.sender.ods())
            .text(4, "BATON")
            .text(5, "RX1")
            .text(6, &exact_moment(head.at))
            .parts(8, &["ADT", code, head.trigger.structure()])
            .text(9, &format!("{}{:09}", head.sender.ods(), self.written))
            .text(10, TRAINING)
            .text(11, version)
            .text(16, "GBR")
            .text(17, "UNICODE UTF-8")
            .text(18, "en");
        if head.sender != Facility::Hospital {
            // Enhanced mode: acknowledge when it is kept (HL7 v2.5.1 §2.9.3).
            header = header.text(14, "AL").text(15, "NE");
        }
        header.write(&mut message);
        Segment::new("EVN")
            .text(1, code)
            .text(2, &exact_moment(head.at))
            .text(
                6,
                if head.happened == head.at {
                    String::new()
                } else {
                    moment(head.happened)
                }
                .as_str(),
            )
            .write(&mut message);
        message
    }
}

/// For what a message is (HL7 table 0103): training. A record in use takes no such message, should it ever meet one.
const TRAINING: &str = "T";

/// Of the integrated care board that pays, in the segment of this country's own.
const COMMISSIONER: &str = "QZZ";
