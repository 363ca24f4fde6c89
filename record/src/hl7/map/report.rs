//! Results that were reported (ORU): of whom, which, how final and what was flagged; never a value. What a laboratory says of a
//! patient besides is not taken: it is no authority on where they live or what they are called.

use baton_core::chain::Seq;
use baton_core::patient::{NAME_BYTES, Report, ReportFlag, ReportStatus};
use baton_core::secret::Personal;
use baton_core::time::At;
use baton_hl7::Precision;
use baton_hl7::adt;
use baton_hl7::oru::{self, Flag, Oru, Status};

use super::{Mapped, Mapping, recorded};
use crate::patients::change::{Change, Details, Event, Subject};

/// Says a message about results in the index's words. `now` is when it came.
pub fn map_reports(oru: &Oru, now: At) -> Mapped {
    let mut mapping = Mapping::of(&oru.header, now, &oru.notes);
    let at = recorded(&oru.header, mapping.clock, now);
    let mut events = Vec::new();
    for of_one in &oru.patients {
        let reports: Vec<Report> = of_one
            .reports
            .iter()
            .filter_map(|report| mapping.report(report, at))
            .collect();
        // Of an order that has no results yet nothing is told.
        if reports.is_empty() {
            continue;
        }
        let subject = mapping.whose(&of_one.patient);
        let change = Change::Report(subject, reports);
        events.push(Event { at, change });
    }
    Mapped {
        events,
        notes: mapping.notes,
        wrong_nhs: mapping.wrong_nhs,
    }
}

impl Mapping<'_> {
    /// What names a patient, and what would show that it names somebody else.
    fn whose(&mut self, patient: &adt::Patient) -> Subject {
        let Details {
            identifiers,
            nhs,
            name,
            born,
            ..
        } = self.details(patient);
        Subject {
            patient: None,
            details: Details {
                identifiers,
                nhs,
                name,
                born,
                ..Details::default()
            },
        }
    }

    fn report(&self, report: &oru::Report, at: At) -> Option<Report> {
        let status = match report.status {
            Status::Cancelled => ReportStatus::Cancelled,
            Status::Corrected => ReportStatus::Corrected,
            Status::Final => ReportStatus::Final,
            Status::Preliminary => ReportStatus::Preliminary,
            Status::Unknown => ReportStatus::Unknown,
            Status::Pending => return None,
        };
        let flag = match report.flag {
            Flag::Abnormal => ReportFlag::Abnormal,
            Flag::Critical => ReportFlag::Critical,
            Flag::None => ReportFlag::None,
        };
        // Nothing was issued after it was sent: a clock that is wrong makes no result newer than it is.
        let issued = report.at.filter(|time| time.precision >= Precision::Minute);
        let issued = issued.map_or(at, |time| self.clock.moment(&time).min(at));
        Some(Report {
            name: Personal::new(named(report.name.as_str())),
            at: issued,
            status,
            flag,
            told: Seq::ZERO,
        })
    }
}

fn named(name: &str) -> String {
    let name = name.trim();
    let end = (0..=NAME_BYTES.min(name.len()))
        .rev()
        .find(|end| name.is_char_boundary(*end))
        .unwrap_or_default();
    match name.get(..end) {
        Some("") | None => "Results".to_owned(),
        Some(name) => name.to_owned(),
    }
}
