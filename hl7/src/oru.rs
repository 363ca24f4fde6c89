//! An ORU^R01 message, typed: unsolicited reports of results, of whom, how final and how grave (HL7 v2.5.1 §7.3.1).
//!
//! Demanded are a patient with an identifier and a report of each. All else may be absent, and a field that cannot be
//! read becomes a note ([`Oru::notes`]), not a refusal. Which segments belong together:
//! `{ PID [PD1] { OBR [{ OBX }] } }`. All others (`ORC`, `NTE`, `SPM`, `PV1`, a site's own) are ignored (§2.6.3). An `OBX`
//! before the first `OBR` of a patient is about the patient (v2.8 §7.3.1) and of no report; one that follows an `SPM` is
//! of the report it stands in.

use crate::adt::group::patient;
use crate::adt::read::{Placed, placed};
use crate::adt::{AdtError, Header, Patient};
use crate::fault::{Fault, Location};
use crate::message::Message;

pub mod report;

pub use report::{Flag, Report, Status};

/// An ORU message: reports of results, each of one patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oru {
    /// Who sent it, and when: [`Header::made`] is its moment, as it has no event segment.
    pub header: Header,
    /// Whose reports, in the order of the message; never empty. The same patient may come again.
    pub patients: Vec<PatientReports>,
    /// What could not be read, or is missed, and was of no consequence. Warnings in an acknowledgement.
    pub notes: Vec<Fault>,
}

/// A patient of a message, with what is reported of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientReports {
    /// Who.
    pub patient: Patient,
    /// The reports, one for each `OBR`, in the order of the message; never empty.
    pub reports: Vec<Report>,
}

impl Oru {
    /// Reads a message as an ORU^R01 message.
    pub fn read(message: &Message<'_>) -> Result<Self, AdtError> {
        let mut notes = Vec::new();
        let header = Header::read_oru(message, &mut notes)?;
        let groups = groups(message)?;
        let patients: Result<Vec<_>, _> = groups.into_iter().map(|group| group.read(&mut notes)).collect();
        Ok(Self {
            header,
            patients: patients?,
            notes,
        })
    }
}

/// The segments of a patient.
struct Group<'m> {
    pid: Placed<'m>,
    pd1: Option<Placed<'m>>,
    /// Each `OBR`, with each `OBX` of it.
    reports: Vec<(Placed<'m>, Vec<Placed<'m>>)>,
}

/// The patients of a message, each with a report at least.
fn groups<'m>(message: &'m Message<'_>) -> Result<Vec<Group<'m>>, AdtError> {
    let missing = |name, occurrence| AdtError::MissingSegment(Location::segment(name, occurrence));
    let mut groups: Vec<Group<'m>> = Vec::new();
    let mut reports = 0_u16;
    let without_report = |groups: &[Group<'m>]| groups.last().is_some_and(|group| group.reports.is_empty());
    for placed in placed(message, NAMES) {
        let place = placed.place;
        if place.segment == "PID" {
            if without_report(&groups) {
                return Err(missing("OBR", reports.saturating_add(1)));
            }
            groups.push(Group {
                pid: placed,
                pd1: None,
                reports: Vec::new(),
            });
            continue;
        }
        let group = groups.last_mut().ok_or(missing("PID", 1))?;
        match (place.segment, group.reports.last_mut()) {
            ("OBR", _) => {
                reports = place.occurrence;
                group.reports.push((placed, Vec::new()));
            }
            ("OBX", Some((_, observations))) => observations.push(placed),
            ("OBX", None) => {}
            (_, None) if group.pd1.is_none() => group.pd1 = Some(placed),
            // A second PD1, or one among the reports: whose it is cannot be known.
            _ => return Err(AdtError::OutOfOrder(place)),
        }
    }
    if groups.is_empty() {
        return Err(missing("PID", 1));
    }
    if without_report(&groups) {
        return Err(missing("OBR", reports.saturating_add(1)));
    }
    Ok(groups)
}

impl Group<'_> {
    fn read(self, notes: &mut Vec<Fault>) -> Result<PatientReports, AdtError> {
        let patient = patient(self.pid, self.pd1, notes)?;
        let reports = self.reports.iter();
        let reports = reports.map(|(obr, observations)| Report::read(*obr, observations, notes));
        Ok(PatientReports {
            patient,
            reports: reports.collect(),
        })
    }
}

/// The segments that are read.
const NAMES: [&str; 4] = ["PID", "PD1", "OBR", "OBX"];
